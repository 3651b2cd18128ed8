//! What the name of a requirements file says.

/// Folders whose text files are requirements files.
const FOLDERS: [&str; 6] = ["requirements", "reqs", "deps", "dependencies", "requirements.d", "requirement"];
/// Words that make a file name one of a requirements file.
const WORDS: [&str; 7] = ["requirements", "requirement", "reqs", "req", "constraints", "constraint", "pip"];
/// Folders whose requirements file is a group of the project.
const OWN_GROUP: [&str; 6] = ["docs", "doc", "tests", "test", "testing", "ci"];
/// Stems of the main file within such a folder, or after `requirements-`, best first.
const MAIN: [&str; 12] = [
    "",
    "base",
    "common",
    "main",
    "core",
    "default",
    "app",
    "install",
    "runtime",
    "prod",
    "production",
    "requirements",
];

/// Whether a path is named like a requirements file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Candidate {
    /// It is; if not certain, its text decides.
    Yes {
        /// The name leaves no doubt.
        certain: bool,
    },
    /// It is one of another project below this one.
    Elsewhere,
    /// It is not.
    No,
}

/// Tells from the path whether a file is a requirements file.
pub(crate) fn candidate(path: &str) -> Candidate {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, extension)) = file.rsplit_once('.') else { return Candidate::No };
    if !matches!(extension, "txt" | "in" | "pip") {
        return Candidate::No;
    }
    let named = words(stem).any(|word| WORDS.contains(&word.as_str()) && word != "pip") || extension == "pip";
    let first = folder.split('/').next().unwrap_or_default();
    let depth = if folder.is_empty() { 0 } else { folder.split('/').count() };
    match depth {
        0 if named => Candidate::Yes { certain: true },
        1 | 2 if FOLDERS.contains(&first) => Candidate::Yes { certain: named },
        1 if named && OWN_GROUP.contains(&first) => Candidate::Yes { certain: true },
        _ if named && depth > 0 => Candidate::Elsewhere,
        _ => Candidate::No,
    }
}

/// Whether a path is named like a requirements file or a folder of them.
pub(crate) fn is_like(path: &str) -> bool {
    FOLDERS.contains(&path) || matches!(candidate(path), Candidate::Yes { .. })
}

/// How well a path is named for the main file; smaller is better.
pub(crate) fn main_rank(path: &str) -> Option<usize> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    if !folder.is_empty() && !FOLDERS.contains(&folder) {
        return None;
    }
    if is_constraints(path) {
        return None;
    }
    let (stem, extension) = file.rsplit_once('.')?;
    let rest = remainder(stem);
    let place = MAIN.iter().position(|name| *name == rest)?;
    let source_first = usize::from(extension != "in");
    let root_first = usize::from(!folder.is_empty()) * 4;
    Some(place * 8 + root_first + source_first)
}

/// Whether a file is named like one of constraints.
pub(crate) fn is_constraints(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    words(stem).any(|word| matches!(word.as_str(), "constraints" | "constraint"))
}

/// The name of the dependency group that a file becomes: `requirements-dev.txt` and `dev.in` are `dev`.
pub(crate) fn group_name(path: &str) -> String {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let rest = remainder(stem);
    let inner: Vec<&str> =
        folder.split('/').filter(|part| !part.is_empty() && !FOLDERS.contains(part)).collect();
    let name = match (inner.is_empty(), rest.is_empty()) {
        (true, true) => "requirements".to_owned(),
        (true, false) => rest,
        (false, true) => normalized(&inner.join("-")),
        (false, false) if inner.last().is_some_and(|last| *last == rest) => normalized(&inner.join("-")),
        (false, false) => format!("{}-{rest}", normalized(&inner.join("-"))),
    };
    match name.as_str() {
        "develop" | "development" | "devel" => "dev".to_owned(),
        _ => name,
    }
}

/// The name with its folder, for a second file that would have the same.
pub(crate) fn long_group_name(path: &str) -> String {
    let whole = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    normalized(whole)
}

/// The stem without `requirements` and the like.
fn remainder(stem: &str) -> String {
    let rest: Vec<String> = words(stem).filter(|word| !WORDS.contains(&word.as_str())).collect();
    rest.join("-")
}

fn words(stem: &str) -> impl Iterator<Item = String> + '_ {
    stem.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
}

/// Whether two names of extras or groups are one (PEP 685).
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    normalized(one) == normalized(other)
}

/// A name that packages and groups may have (PEP 508): ASCII letters, digits and single `-` between them.
pub(crate) fn normalized(name: &str) -> String {
    let words: Vec<String> = name
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_groups() {
        for (path, group) in [
            ("requirements-dev.txt", "dev"),
            ("dev-requirements.txt", "dev"),
            ("requirements_test.txt", "test"),
            ("requirements/dev.in", "dev"),
            ("requirements/development.txt", "dev"),
            ("requirements/ci/lint.txt", "ci-lint"),
            ("docs/requirements.txt", "docs"),
            ("tests/requirements-extra.txt", "tests-extra"),
            ("reqs/Prod.txt", "prod"),
        ] {
            assert_eq!(group_name(path), group, "{path}");
        }
    }

    #[test]
    fn names_tell_requirements_files() {
        for path in [
            "requirements.txt",
            "requirements/base.txt",
            "reqs/x.in",
            "constraints.txt",
            "docs/requirements.txt",
        ] {
            assert!(matches!(candidate(path), Candidate::Yes { .. }), "{path}");
        }
        for path in ["README.txt", "notes.txt", "LICENSE", "requirements.md", "src/data.txt"] {
            assert_eq!(candidate(path), Candidate::No, "{path}");
        }
        assert_eq!(candidate("examples/app/requirements.txt"), Candidate::Elsewhere);
    }

    #[test]
    fn the_root_file_is_main_before_others() {
        let mut paths =
            ["requirements/base.txt", "requirements.txt", "requirements-base.txt", "requirements.in"];
        paths.sort_by_key(|path| main_rank(path));
        assert_eq!(paths[..2], ["requirements.in", "requirements.txt"]);
        assert_eq!(main_rank("requirements-dev.txt"), None);
        assert_eq!(main_rank("constraints.txt"), None);
    }
}
