//! Documents name only files that exist.

use std::path::Path;

use super::Problems;
use super::files::Tree;
use super::markdown::{self, CodeKind, anchor, code, headings};

/// Folders at the top of the repository. What begins with one of them is a path of ours; anything else could be a path in
/// somebody's project, which documents talk about all the time.
const TOP: [&str; 7] = ["crates/", "docs/", "xtask/", "fuzz/", ".ci/", ".github/", ".cargo/"];

/// Folders of a crate, as its own README names them.
const IN_CRATE: [&str; 4] = ["tests/", "benches/", "examples/", "testdata/"];

/// Paths between backticks exist.
pub(super) fn paths(tree: &Tree, problems: &mut Problems) {
    for (file, text) in tree.documents() {
        for found in code(text).into_iter().filter(|found| found.kind == CodeKind::Span) {
            let path = found.text.split(['#', ':']).next().unwrap_or_default().trim_end_matches('/');
            if path.contains([' ', '<', '{', '$', '=']) || has_placeholder(path) {
                continue;
            }
            let path = path.strip_prefix("./").unwrap_or(path);
            let ours = TOP.iter().any(|top| path.starts_with(top));
            let beside = folder(file).filter(|_| file.starts_with("crates/") || file.starts_with("fuzz/"));
            let in_crate = IN_CRATE.iter().any(|top| path.starts_with(top))
                || path.starts_with("src/") && Path::new(path).extension() == Some("rs".as_ref());
            let missing = match beside {
                Some(folder) if in_crate => !tree.has(&format!("{folder}/{path}")),
                _ => ours && !tree.has(path),
            };
            if missing {
                problems.add(file, found.line, format!("there is no `{path}`"));
            }
        }
    }
}

/// `crates/NAME/README.md` is a pattern for the reader.
fn has_placeholder(path: &str) -> bool {
    path.split('/')
        .any(|part| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
}

fn folder(file: &str) -> Option<&str> {
    file.rsplit_once('/').map(|(folder, _)| folder)
}

/// Relative links lead to a file, and their anchors to a heading.
pub(super) fn links(tree: &Tree, problems: &mut Problems) {
    for (file, text) in tree.documents() {
        for (line, link) in markdown::links(text) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (path, wanted) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() {
                file.to_owned()
            } else {
                resolve(folder(file).unwrap_or_default(), path)
            };
            if !tree.has(&target) {
                problems.add(file, line, format!("the link `{link}` leads nowhere"));
            } else if let Some(text) = tree.text(&target)
                && !wanted.is_empty()
                && !headings(text).any(|(_, heading)| anchor(heading) == wanted)
            {
                problems.add(file, line, format!("`{target}` has no heading for `#{wanted}`"));
            }
        }
    }
}

/// A path as seen from a folder of the repository.
fn resolve(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{links, paths};
    use crate::tidy::testing;

    #[test]
    fn paths_that_do_not_exist_are_named() {
        let text = "`crates/a/src/lib.rs` `crates/b` `crates/*/Cargo.toml`\n`requirements/dev.txt` `crates/NAME`\n\
            `docs/a.md:3` `docs/b.md` `crates/a/src/x.rs`\n```\n`docs/c.md`\n```\n";
        let files = [
            ("README.md", text),
            ("crates/a/src/lib.rs", ""),
            ("crates/a/Cargo.toml", ""),
            ("docs/a.md", ""),
        ];
        assert_eq!(
            testing::check(paths, &files),
            [
                "README.md:1: there is no `crates/b`",
                "README.md:3: there is no `crates/a/src/x.rs`",
                "README.md:3: there is no `docs/b.md`"
            ]
        );
    }

    #[test]
    fn a_crate_names_its_own_files() {
        let files = [
            ("crates/a/README.md", "`tests/b.rs` `tests/c.rs` `src/d.rs` `src/app`"),
            ("crates/a/tests/b.rs", ""),
        ];
        let expected = [
            "crates/a/README.md:1: there is no `src/d.rs`",
            "crates/a/README.md:1: there is no `tests/c.rs`",
        ];
        assert_eq!(testing::check(paths, &files), expected);
    }

    #[test]
    fn links_that_lead_nowhere_are_named() {
        let text = "[a](../README.md) [b](https://index.example/x) [c](#here) [d](gone.md)\n# Here\n[e](../README.md#gone)";
        let files = [("README.md", "# There"), ("docs/a.md", text)];
        let expected = [
            "docs/a.md:1: the link `gone.md` leads nowhere",
            "docs/a.md:3: `README.md` has no heading for `#gone`",
        ];
        assert_eq!(testing::check(links, &files), expected);
    }
}
