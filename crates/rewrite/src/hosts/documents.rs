//! Documents: the commands in the code blocks of Markdown and reStructuredText.
//!
//! Prompts and what commands print stay. A document tells a story: what one block installs is there in the next one, and a
//! new heading starts another installation.

mod blocks;
mod clone;

use uvshift_diagnostics::Safety;

use crate::context::{Context, distribution};
use crate::embedded::{Embedded, Encoding};
use crate::engine::{Environment, Scope};
use crate::hosts::{Host, Kind};
use crate::model::{Edit, Left, RewriteOptions, Rewritten};
use crate::script;
use crate::shell;
use blocks::{Item, Language};

const FOR_USERS: &str = "users of the package install it with what they have; uv is one way";

const FOR_PROJECTS: &str = "it installs packages by name, which users may do in projects of their own";

const WINDOWS: &str = "commands for PowerShell and cmd are not rewritten in documents";

const IN_SENTENCE: &str = "; it stands in a sentence";

/// The host.
pub(crate) const HOST: Host = Host {
    name: "documents",
    title: "documents",
    kind: Kind::Document,
    is: |path, _| ending(path).is_some() && !is_history(path),
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

/// The ending of a document that is read.
fn ending(path: &str) -> Option<&str> {
    let (_, ending) = path.rsplit_once('.')?;
    ["md", "markdown", "mdx", "rst"].contains(&ending).then_some(ending)
}

/// What was so stays so.
fn is_history(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    ["changelog", "changes", "history", "news", "release"].iter().any(|start| name.starts_with(start))
}

/// A reader follows single lines of a document, in an environment that is there already: a sync of one group, which takes
/// everything else away, is nothing to advise without being looked at.
fn hold_narrow_syncs(found: &mut Rewritten) {
    let is_narrow = |edit: &Edit| edit.new.contains("--only-group");
    let Some(first) = found.edits.iter().filter(|edit| is_narrow(edit)).map(|edit| edit.span.start).min()
    else {
        return;
    };
    for edit in &mut found.edits {
        if is_narrow(edit) {
            edit.safety = Safety::NeedsReview;
            edit.reason
                .push_str("; `uv sync` takes away what it is not told of, which a reader may still need");
        } else if edit.span.start > first
            && edit.safety == Safety::Safe
            && (edit.new.contains("uv run") || edit.rule == "pip-install")
        {
            edit.safety = Safety::NeedsReview;
            edit.reason.push_str("; what is installed before is for review");
        }
    }
}

/// Programs of the project itself stand in a document as its users call them.
fn leave_own_programs(text: &str, context: &Context, found: &mut Rewritten) {
    let is_own = |edit: &Edit| {
        let program = text.get(edit.span.clone()).and_then(|old| old.split_whitespace().next());
        let mut projects = context.projects.iter().filter(|project| project.is_package);
        program.is_some_and(|program| projects.any(|project| project.scripts.contains(program)))
    };
    found.edits.retain(|edit| edit.rule != "environment" || !is_own(edit));
}

fn rewrite(path: &str, text: &str, context: &Context) -> Rewritten {
    let mut found = Rewritten::default();
    // Without a project of uv the readers are users, with their own ways.
    if context.projects.is_empty() {
        return found;
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let own = context.projects.iter().any(|project| project.folder == folder);
    let start = Scope {
        folder: Some(if own { folder.to_owned() } else { String::new() }),
        has_uv: true,
        host_brings_uv: true,
        ..Scope::default()
    };
    let mut scope = start.clone();
    let items = if ending(path) == Some("rst") { blocks::rest(text) } else { blocks::markdown(text) };
    for item in items {
        match item {
            Item::Heading => {
                scope = Scope { synced: None, has_additions: false, ..scope };
            }
            Item::Inline(span) => {
                let mut apart = start.clone();
                inline(&Embedded::verbatim(text, span), &mut apart, context, &mut found);
            }
            Item::Block { language: Language::Windows, lines, .. } => windows(text, &lines, &mut found),
            Item::Block { lines, indent, language } => {
                block(text, &lines, &indent, language, &mut scope, context, &mut found);
            }
        }
    }
    hold_narrow_syncs(&mut found);
    clone::hold_others(text, context, &mut found);
    seed(text, &mut found);
    leave_own_programs(text, context, &mut found);
    tell_of_uv(text, &mut found);
    found
}

/// Code in a sentence: a person has to read the sentence.
fn inline(script: &Embedded, scope: &mut Scope, context: &Context, found: &mut Rewritten) {
    if is_for_users(script.text(), context) {
        return;
    }
    let mut here = Rewritten::default();
    script::rewrite(script, scope, context, &mut here);
    for edit in &mut here.edits {
        edit.safety = Safety::NeedsReview;
        edit.reason.push_str(IN_SENTENCE);
    }
    if here.edits.iter().all(|edit| !edit.new.is_empty()) {
        script::add(found, here.edits);
    }
}

fn block(
    text: &str,
    lines: &[std::ops::Range<usize>],
    indent: &str,
    language: Language,
    scope: &mut Scope,
    context: &Context,
    found: &mut Rewritten,
) {
    let has_prompts = lines.iter().any(|line| prompt(text.get(line.clone()).unwrap_or_default()).is_some());
    let scripts = if has_prompts || language == Language::Console {
        session(text, lines)
    } else if language == Language::Unknown && !blocks::looks_like_commands(text, lines) {
        return;
    } else {
        parts(text, lines, indent, context)
    };
    let count = scripts.len();
    let begin = (found.edits.len(), found.left.len());
    let mut emptied = Vec::new();
    for part in scripts {
        if goes_elsewhere(part.script.text(), context) {
            continue;
        }
        if clone::is_from_above(part.script.text(), context) {
            if clone::rewrite(&part.script, scope, context, found) {
                continue;
            }
            let all = part.script.span(&(0..part.script.text().trim_end().len()));
            let reason = "it names files from above the repository, by the folder that a clone makes";
            found.left.push(script::left(all, reason));
            continue;
        }
        if is_for_users(part.script.text(), context) {
            let all = part.script.span(&(0..part.script.text().trim_end().len()));
            found.left.push(Left {
                span: all,
                reason: FOR_USERS.to_owned(),
                suggestion: for_users(part.script.text()),
            });
            continue;
        }
        if scope.synced.is_none() && names_dependencies(part.script.text(), context) {
            let all = part.script.span(&(0..part.script.text().trim_end().len()));
            found.left.push(script::left(all, FOR_PROJECTS));
            continue;
        }
        if part.is_active && scope.environment == Environment::System {
            scope.environment = Environment::Active;
        }
        let start = found.edits.len();
        let done = script::rewrite(&part.script, scope, context, found);
        if done.is_empty {
            emptied.push((part, found.edits.split_off(start)));
        }
    }
    let all = emptied.len() == count;
    // A newer pip is for the installs beside it.
    let is_install = |left: &Left| [FOR_USERS, FOR_PROJECTS].contains(&left.reason.as_str());
    let is_kept = found.left.iter().skip(begin.1).any(is_install);
    for (part, edits) in emptied {
        drop_command(&part, edits, all, found);
    }
    for edit in found.edits.iter_mut().skip(begin.0).filter(|edit| is_kept && edit.rule == "pip-bootstrap") {
        edit.safety = Safety::NeedsReview;
        edit.reason.push_str("; pip is still run beside it");
    }
}

/// A command that nothing is left of goes with its line, unless the document shows what it prints.
fn drop_command(part: &Part, edits: Vec<Edit>, is_all: bool, found: &mut Rewritten) {
    let Some(first) = edits.into_iter().next() else { return };
    match &part.line {
        Some(line) if !part.has_output && !is_all => {
            let edit = Edit { span: line.clone(), new: String::new(), together: 0, ..first };
            found.edits.push(edit);
        }
        _ => {
            let span = part.script.span(&(0..part.script.text().trim_end().len()));
            let reason = format!("nothing of this is needed with uv: {}", first.reason);
            found.left.push(script::left(span, reason));
        }
    }
}

/// Whether a command changes to a folder that is not of the repository, such as the one that a clone makes.
fn goes_elsewhere(script: &str, context: &Context) -> bool {
    let last = script.trim().rsplit(['&', ';']).next().unwrap_or_default().trim();
    let Some(folder) = last.strip_prefix("cd ").map(|folder| folder.trim().trim_end_matches('/')) else {
        return false;
    };
    let below = format!("{folder}/");
    let paths = context.became.keys().chain(&context.requirement_files);
    let known =
        context.projects.iter().any(|project| project.folder == folder || project.folder.starts_with(&below));
    let is_up = folder.starts_with("..") || folder.is_empty();
    script.contains("git clone")
        || !(known || is_up || paths.into_iter().any(|path| path.starts_with(&below)))
}

/// An environment in which the document still runs pip gets one.
fn seed(text: &str, found: &mut Rewritten) {
    let runs_pip =
        |span: &std::ops::Range<usize>| text.get(span.clone()).is_some_and(|it| it.contains("pip"));
    let is_made = |edit: &Edit| edit.safety == Safety::Safe;
    let is_elsewhere = |reason: &str| [FOR_USERS, WINDOWS].contains(&reason) || reason.ends_with(IN_SENTENCE);
    let stays = found.left.iter().any(|left| !is_elsewhere(&left.reason) && runs_pip(&left.span))
        || found
            .edits
            .iter()
            .any(|edit| !is_made(edit) && !is_elsewhere(&edit.reason) && runs_pip(&edit.span));
    if !stays {
        return;
    }
    for edit in found.edits.iter_mut().filter(|edit| edit.rule == "venv" && !edit.new.contains("--seed")) {
        edit.new = edit.new.replacen("uv venv", "uv venv --seed", 1);
        "pip is still run in the environment, which `--seed` puts into it".clone_into(&mut edit.reason);
    }
}

/// A script of a document.
struct Part {
    script: Embedded,
    /// Its prompt shows an active environment.
    is_active: bool,
    /// All its lines, prompts included, when it stands behind one.
    line: Option<std::ops::Range<usize>>,
    /// What it prints follows.
    has_output: bool,
}

/// A block without prompts: one script, up to where it goes into a folder that is not of the repository, and from there.
fn parts(text: &str, lines: &[std::ops::Range<usize>], indent: &str, context: &Context) -> Vec<Part> {
    let is_elsewhere = |line: &std::ops::Range<usize>| {
        text.get(line.clone()).is_some_and(|line| goes_elsewhere(line, context))
    };
    let groups = lines.split(is_elsewhere).filter(|group| !group.is_empty());
    let part = |group: &[std::ops::Range<usize>]| Part {
        script: whole(text, group, indent),
        is_active: false,
        line: None,
        has_output: false,
    };
    groups
        .flat_map(|group| {
            let all = part(group);
            if shell::parse(all.script.text()).problem.is_none() {
                return vec![all];
            }
            // Names in `<...>` and the like: each line for itself.
            let lines = group.chunk_by(|line, _| {
                text.get(line.clone()).is_some_and(|line| line.trim_end().ends_with('\\'))
            });
            lines.map(part).filter(|part| shell::parse(part.script.text()).problem.is_none()).collect()
        })
        .collect()
}

/// Lines without prompts as one script.
fn whole(text: &str, lines: &[std::ops::Range<usize>], indent: &str) -> Embedded {
    let mut script = Embedded::new(Encoding::Indented(indent.to_owned()));
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1);
        push_line(&mut script, text, line, next.map(|next| next.start));
    }
    script
}

/// A line, whose end goes up to where the next one begins, so that no indentation is left over when a line goes.
fn push_line(script: &mut Embedded, text: &str, line: &std::ops::Range<usize>, next: Option<usize>) {
    let written = text.get(line.clone()).unwrap_or_default();
    let end = line.start + written.trim_end_matches(['\n', '\r']).len();
    script.push(text, line.start..end);
    if end < line.end {
        script.push_decoded("\n", end..next.unwrap_or(line.end));
    }
}

/// The commands behind the prompts. What has no prompt was printed.
fn session(text: &str, lines: &[std::ops::Range<usize>]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut goes_on = false;
    for line in lines {
        let written = text.get(line.clone()).unwrap_or_default();
        let end = line.start + written.trim_end().len();
        let start = match prompt(written) {
            Some((length, is_active)) => {
                let script = Embedded::new(Encoding::Indented("> ".to_owned()));
                let before = text.get(..line.start).unwrap_or_default();
                let whole = before.trim_end_matches([' ', '\t']).len()..line.end;
                parts.push(Part { script, is_active, line: Some(whole), has_output: false });
                line.start + length
            }
            None if goes_on => line.start + if written.starts_with("> ") { 2 } else { 0 },
            None => {
                if let Some(last) = parts.last_mut() {
                    last.has_output |= !written.trim().is_empty();
                }
                continue;
            }
        };
        goes_on = written.trim_end().ends_with('\\');
        let end = if goes_on { line.end } else { end };
        if let Some(part) = parts.last_mut() {
            part.script.push(text, start.min(end)..end);
            part.line = part.line.as_ref().map(|whole| whole.start..line.end);
        }
    }
    parts
}

/// The length of a prompt, and whether it shows an active environment: `$ `, `% `, `(venv) $ `, `user@host:~/x$ `.
fn prompt(line: &str) -> Option<(usize, bool)> {
    let blank = line.len() - line.trim_start().len();
    let rest = line.get(blank..)?;
    let is_active = rest.starts_with('(');
    let from = if is_active { rest.find(") ")? + 2 } else { 0 };
    let shown = rest.get(from..)?;
    let sign = shown.find(['$', '%'])?;
    let before = shown.get(..sign)?;
    let place = before.strip_suffix(' ').unwrap_or(before);
    let is_place = place.contains('@') || place.starts_with(['~', '/']);
    let is_prompt = before.is_empty() || (is_place && !place.contains(' '));
    (is_prompt && shown.get(sign + 1..)?.starts_with(' ')).then_some((blank + from + sign + 2, is_active))
}

/// Whether a script is how users install the package, not how developers work on it.
fn is_for_users(script: &str, context: &Context) -> bool {
    script.lines().any(|line| {
        let Some(rest) = installs(line) else { return false };
        let names = rest.split_whitespace().filter(|word| !word.starts_with('-'));
        let own = |word: &str| {
            let name = distribution(word.trim_matches(['"', '\'']));
            !name.is_empty()
                && !word.contains('/')
                && context.projects.iter().any(|project| is_named(project, &name))
        };
        names.clone().count() > 0 && names.clone().all(own)
    })
}

/// Whether a script only installs packages by name, some of which the project declares: users may install them into projects
/// of their own.
fn names_dependencies(script: &str, context: &Context) -> bool {
    let mut lines = script.lines().filter_map(installs).peekable();
    let names = |rest: &str| -> Option<Vec<String>> {
        let words = rest.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        words.map(|word| (!word.starts_with(['-', '.', '/', '$'])).then(|| distribution(word))).collect()
    };
    let declared = |name: &String| context.projects.iter().any(|project| project.declared.contains_key(name));
    lines.peek().is_some() && lines.all(|rest| names(rest).is_some_and(|names| names.iter().any(declared)))
}

fn is_named(project: &crate::UvProject, name: &str) -> bool {
    distribution(&project.name) == name
}

/// What follows `pip install` in a line.
fn installs(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("pip install ").or_else(|| line.split_once("pip3 install "))?;
    let is_start = before.trim().is_empty() || before.trim_end().ends_with("-m") || before.trim() == "sudo";
    is_start.then_some(rest)
}

fn for_users(script: &str) -> Option<String> {
    let is_other = |rest: &&str| !rest.split_whitespace().all(|word| word.starts_with('-') || word == "pip");
    let line = script.lines().filter_map(installs).find(is_other)?;
    let names: Vec<&str> = line.split_whitespace().filter(|word| !word.starts_with('-')).collect();
    Some(format!("uv add {}", names.join(" ")))
}

/// Commands of PowerShell and cmd are not rewritten, but told.
fn windows(text: &str, lines: &[std::ops::Range<usize>], found: &mut Rewritten) {
    const START: &[&str] = &[
        "pip ",
        "pip3 ",
        "python -m pip ",
        "py -m pip ",
        "python -m venv ",
        "py -m venv ",
        "poetry ",
        "pipenv ",
    ];
    for line in lines {
        let written = text.get(line.clone()).unwrap_or_default();
        let command = written.trim_start().trim_start_matches("PS> ").trim_start_matches("> ");
        if START.iter().any(|start| command.starts_with(start)) {
            let start = line.start + (written.len() - written.trim_start().len());
            found.left.push(script::left(start..line.start + written.trim_end().len(), WINDOWS));
        }
    }
}

/// Who reads a document that names uv now has to have it.
fn tell_of_uv(text: &str, found: &mut Rewritten) {
    let mentions = text.match_indices("uv").any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + 2..).and_then(|text| text.chars().next());
        let is_part = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_alphanumeric() || "-_".contains(letter))
        };
        !is_part(before) && !is_part(after)
    });
    let first = found.edits.iter().filter(|edit| edit.safety == Safety::Safe && edit.new.contains("uv "));
    let Some(first) = first.min_by_key(|edit| edit.span.start) else { return };
    if !mentions {
        // It is said of the document, by its title: what changes is not left.
        let blank = text.len() - text.trim_start().len();
        let title = text.get(blank..).and_then(|text| text.lines().next()).unwrap_or_default().trim_end();
        let title = blank..blank + title.len();
        found.left.push(Left {
            span: if title.end <= first.span.start { title } else { 0..0 },
            reason: "the document does not say how its readers get uv".to_owned(),
            suggestion: Some(
                "Install uv: https://docs.astral.sh/uv/getting-started/installation/".to_owned(),
            ),
        });
    }
}
