//! The files of the repository, as the rules see them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::Outcome;

/// Text files by their path with `/`, and the names of all others.
#[derive(Default)]
pub(super) struct Tree {
    texts: BTreeMap<String, String>,
    paths: BTreeSet<String>,
}

/// What a build, a tool or a demonstration leaves behind, and never is part of the repository.
const SKIPPED: [&str; 7] =
    [".git", "target", ".tools", "uvshift-demo", "fuzz/corpus", "fuzz/artifacts", "fuzz/target"];

/// Files that the rules read. Trees in `testdata` and `demo` are material for tests and not ours to judge.
const READ: [&str; 4] = ["rs", "toml", "md", "yml"];

impl Tree {
    /// Reads the repository at `root`.
    pub(super) fn read(root: &Path) -> Outcome<Self> {
        let mut tree = Self::default();
        tree.walk(root, "")?;
        Ok(tree)
    }

    fn walk(&mut self, folder: &Path, prefix: &str) -> Outcome {
        let failed = |error| format!("tidy: cannot read `{}`: {error}", folder.display());
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if SKIPPED.contains(&&*path) || path.ends_with("/target") {
                continue;
            }
            let kind = entry.file_type().map_err(failed)?;
            self.paths.insert(path.clone());
            if kind.is_dir() {
                self.walk(&entry.path(), &format!("{path}/"))?;
            } else if kind.is_file() && is_read(&path) {
                // Files that are not text are material for tests.
                if let Ok(text) = std::fs::read_to_string(entry.path()) {
                    self.texts.insert(path, text);
                }
            }
        }
        Ok(())
    }

    /// The text of a file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    /// Files whose path ends so, with their text.
    pub(super) fn ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.texts
            .iter()
            .filter(move |(path, _)| path.ends_with(ending))
            .map(|(path, text)| (&**path, &**text))
    }

    /// Manifests of crates of the workspace, with the folder of each.
    pub(super) fn manifests(&self) -> impl Iterator<Item = (&str, &str)> {
        self.ending("/Cargo.toml").filter_map(|(path, text)| {
            let folder = path.strip_suffix("/Cargo.toml")?;
            let member =
                folder == "xtask" || folder.strip_prefix("crates/").is_some_and(|name| !name.contains('/'));
            member.then_some((folder, text))
        })
    }

    /// The documents that make promises to a reader. The change log is history and may name what is gone.
    pub(super) fn documents(&self) -> impl Iterator<Item = (&str, &str)> {
        self.ending(".md").filter(|(path, _)| {
            let parts: Vec<_> = path.split('/').collect();
            match parts[..] {
                [name] => name != "CHANGELOG.md",
                ["docs", ..] => true,
                ["crates", _, name] | ["fuzz", name] => name == "README.md",
                _ => false,
            }
        })
    }

    /// Whether there is such a file or folder; `*` in a part stands for anything.
    pub(super) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        if !path.contains('*') {
            return self.paths.contains(path);
        }
        let wanted: Vec<_> = path.split('/').collect();
        self.paths.iter().any(|present| {
            let parts: Vec<_> = present.split('/').collect();
            parts.len() == wanted.len()
                && parts.iter().zip(&wanted).all(|(part, pattern)| matches(part, pattern))
        })
    }

    /// How many files and folders there are.
    pub(super) fn len(&self) -> usize {
        self.paths.len()
    }
}

fn is_read(path: &str) -> bool {
    let material = path.split('/').any(|part| part == "testdata" || part == "demo");
    !material && path.rsplit_once('.').is_some_and(|(_, ending)| READ.contains(&ending))
}

fn matches(part: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => part == pattern,
        Some((start, rest)) => part.strip_prefix(start).is_some_and(|left| {
            (0..=left.len()).filter(|at| left.is_char_boundary(*at)).any(|at| matches(&left[at..], rest))
        }),
    }
}

#[cfg(test)]
mod tests {
    use crate::tidy::testing::tree;

    #[test]
    fn paths_are_looked_up_with_stars() {
        let tree = tree(&[("crates/a/README.md", ""), ("crates/a/testdata/x.md", ""), ("CHANGELOG.md", "")]);
        for (path, there) in [
            ("crates/a", true),
            ("crates/a/", true),
            ("crates/*/README.md", true),
            ("crates/*/R*D*.md", true),
            ("crates/*", true),
            ("crates/b", false),
            ("crates/*/LICENSE", false),
            ("*", true),
        ] {
            assert_eq!(tree.has(path), there, "{path}");
        }
        assert_eq!(tree.documents().map(|(path, _)| path).collect::<Vec<_>>(), ["crates/a/README.md"]);
    }
}
