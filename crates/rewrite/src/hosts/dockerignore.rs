//! .dockerignore: what a build needs must not be kept out, and an environment of the host must not get in.

use uvshift_diagnostics::Safety;

use crate::context::{Context, UvProject, joined};
use crate::hosts::{Host, Kind};
use crate::model::{Edit, RewriteOptions, Rewritten};

/// The host.
pub(crate) const HOST: Host =
    Host { name: "dockerignore", title: ".dockerignore", kind: Kind::Edited, is, rewrite };

/// A line that says something.
struct Pattern<'a> {
    start: usize,
    end: usize,
    parts: Vec<&'a str>,
    text: &'a str,
    is_exception: bool,
}

fn is(path: &str, _text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name == ".dockerignore" || name == ".containerignore" || name.ends_with(".dockerignore")
}

fn rewrite(path: &str, text: &str, context: &Context, _options: &RewriteOptions) -> Rewritten {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let Some((project, inside)) = project(context, folder) else { return Rewritten::default() };
    let patterns = patterns(text);
    let mut rewritten = Rewritten::default();
    let wanted = if project.locked { &["pyproject.toml", "uv.lock"][..] } else { &["pyproject.toml"] };
    let missing: Vec<String> = wanted
        .iter()
        .filter_map(|file| joined(&inside, file))
        .filter(|file| is_out(&patterns, file))
        .map(|file| format!("!{file}"))
        .collect();
    let mut added: Vec<String> = Vec::new();
    if !missing.is_empty() {
        let old = patterns.iter().find(|pattern| {
            pattern.is_exception
                && joined(folder, pattern.text).is_some_and(|path| context.became.contains_key(&path))
        });
        let reason = "an image is built from pyproject.toml and uv.lock, which would be kept out";
        match old {
            Some(old) => rewritten.edits.push(edit(old.start, old.end, missing.join("\n"), reason)),
            None => added.extend(missing),
        }
    }
    let environment = joined(&inside, ".venv").unwrap_or_default();
    if !is_out(&patterns, &environment) {
        added.push(if inside.is_empty() { ".venv".to_owned() } else { environment });
    }
    if !added.is_empty() {
        let space = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let reason = match added.first() {
            Some(first) if first.starts_with('!') => {
                "an image is built from pyproject.toml and uv.lock, which would be kept out"
            }
            _ => "`uv sync` makes an environment in `.venv`, which is of no use in an image",
        };
        rewritten.edits.push(edit(text.len(), text.len(), format!("{space}{}\n", added.join("\n")), reason));
    }
    if text.contains("\r\n") {
        for edit in &mut rewritten.edits {
            edit.new = edit.new.replace('\n', "\r\n");
        }
    }
    rewritten
}

fn edit(start: usize, end: usize, new: String, reason: &str) -> Edit {
    Edit {
        span: start..end,
        new,
        rule: "dockerignore",
        reason: reason.to_owned(),
        safety: Safety::Safe,
        together: 0,
    }
}

/// The project that is built from a folder, and where it lies below that.
fn project<'a>(context: &'a Context, folder: &str) -> Option<(&'a UvProject, String)> {
    let below = |project: &'a UvProject| {
        if folder.is_empty() {
            return Some((project, project.folder.clone()));
        }
        let rest = project.folder.strip_prefix(folder)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| (project, rest.trim_start_matches('/').to_owned()))
    };
    context.projects.iter().filter_map(below).min_by_key(|(_, inside)| inside.len())
}

fn patterns(text: &str) -> Vec<Pattern<'_>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let written = line.trim_end_matches(['\n', '\r']);
        let end = start + written.len();
        let content = written.trim();
        let (is_exception, content) = match content.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, content),
        };
        let content = content.trim_start_matches("./").trim_matches('/');
        if !content.is_empty() && !content.starts_with('#') {
            let parts = content.split('/').collect();
            found.push(Pattern { start, end, parts, text: content, is_exception });
        }
        start += line.len();
    }
    found
}

/// Whether a path is kept out: the last pattern that takes it, or a folder that it lies in, decides.
fn is_out(patterns: &[Pattern<'_>], path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let last = patterns.iter().rev().find(|pattern| {
        (1..=parts.len()).any(|length| parts.get(..length).is_some_and(|part| takes(&pattern.parts, part)))
    });
    last.is_some_and(|pattern| !pattern.is_exception)
}

/// Whether the parts of a pattern take those of a path; `**` stands for any number of them.
fn takes(pattern: &[&str], path: &[&str]) -> bool {
    let mut reached = vec![false; path.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for part in pattern {
        let mut next = vec![false; path.len() + 1];
        let mut any = false;
        for (at, slot) in next.iter_mut().enumerate() {
            let here = reached.get(at).copied().unwrap_or_default();
            any |= here;
            let before = at.checked_sub(1).and_then(|at| reached.get(at)).copied().unwrap_or_default();
            *slot = if *part == "**" {
                any
            } else {
                before
                    && at
                        .checked_sub(1)
                        .and_then(|at| path.get(at))
                        .is_some_and(|name| name_takes(part, name))
            };
        }
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

/// Whether a pattern with `*` and `?` takes a name.
fn name_takes(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut of, mut star, mut retry) = (0, 0, None, 0);
    while let Some(letter) = name.get(at) {
        match pattern.get(of) {
            Some('*') => {
                star = Some(of);
                retry = at;
                of += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some(star) = star else { return false };
                retry += 1;
                at = retry;
                of = star + 1;
            }
        }
    }
    pattern.get(of..).unwrap_or_default().iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_pattern_decides_as_docker_has_it() {
        for (text, path, out) in [
            ("*.lock\n", "uv.lock", true),
            ("*\n!uv.lock\n", "uv.lock", false),
            ("!uv.lock\n*\n", "uv.lock", true),
            ("*.lock\n", "api/uv.lock", false),
            ("**/*.lock\n", "api/uv.lock", true),
            ("**/*.lock\n", "uv.lock", true),
            ("api\n", "api/uv.lock", true),
            ("/api/\n", "api/uv.lock", true),
            ("# uv.lock\n", "uv.lock", false),
            (".venv/\n", ".venv", true),
            (".venv*\n", ".venv", true),
            ("**/.?env\n", "a/b/.venv", true),
            ("", ".venv", false),
        ] {
            assert_eq!(is_out(&patterns(text), path), out, "{text:?} {path}");
        }
    }
}
