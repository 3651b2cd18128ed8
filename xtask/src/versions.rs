//! The version of all crates, which is one, and every place that has it.

use std::path::Path;

use toml_edit::DocumentMut;

use crate::Outcome;

/// A file and what stands in it, with `{}` for the version. `cargo xtask release` changes these, and a test holds that they are
/// up to date and complete.
const PLACES: [(&str, &str); 10] = [
    ("Cargo.toml", "version = \"{}\"\nedition"),
    ("Cargo.toml", "= { version = \"{}\", path = \"crates/"),
    ("pyproject.toml", "version = \"{}\"\n"),
    ("pyproject.toml", "\"uvshift=={}\""),
    ("action.yml", "    default: \"{}\"\n"),
    ("docs/install.md", "uvshift@{}"),
    ("docs/install.md", "uvshift=={}"),
    ("docs/install.md", "uvshift-{}"),
    ("docs/install.md", "v{}"),
    ("examples/embed/Cargo.toml", " = \"{}\"\n"),
];

/// The version that the workspace has.
pub(crate) fn workspace(root: &Path) -> Outcome<String> {
    field(root, "version")
}

/// Where the sources are.
pub(crate) fn repository(root: &Path) -> Outcome<String> {
    field(root, "repository")
}

fn field(root: &Path, field: &str) -> Outcome<String> {
    let manifest: DocumentMut =
        read(root, "Cargo.toml")?.parse().map_err(|error| format!("cannot read `Cargo.toml`: {error}"))?;
    let package = manifest.get("workspace").and_then(|it| it.get("package"));
    let value = package.and_then(|it| it.get(field)).and_then(|value| value.as_str());
    value.map(str::to_owned).ok_or_else(|| format!("Cargo.toml has no `workspace.package.{field}`"))
}

/// Puts a new version into every place, and tells how often it stood in which file. A place that has no version any more is an
/// error: somebody has to say where it went.
pub(crate) fn set(root: &Path, old: &str, new: &str) -> Outcome<Vec<(&'static str, usize)>> {
    let mut changed: Vec<(&str, usize)> = Vec::new();
    for (file, pattern) in PLACES {
        let text = read(root, file)?;
        let (was, becomes) = (pattern.replace("{}", old), pattern.replace("{}", new));
        let count = text.matches(&was).count();
        if count == 0 {
            return Err(format!("`{file}` has no `{}`", was.trim()));
        }
        std::fs::write(root.join(file), text.replace(&was, &becomes))
            .map_err(|error| format!("cannot write `{file}`: {error}"))?;
        match changed.iter_mut().find(|(known, _)| *known == file) {
            Some((_, known)) => *known += count,
            None => changed.push((file, count)),
        }
    }
    Ok(changed)
}

fn read(root: &Path, file: &str) -> Outcome<String> {
    std::fs::read_to_string(root.join(file)).map_err(|error| format!("cannot read `{file}`: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_the_version_and_no_other_has_it() {
        let root = crate::root();
        let copy = tempfile::tempdir().unwrap();
        let mut files: Vec<&str> = PLACES.iter().map(|(file, _)| *file).collect();
        files.dedup();
        for file in &files {
            std::fs::create_dir_all(copy.path().join(file).parent().unwrap()).unwrap();
            std::fs::copy(root.join(file), copy.path().join(file)).unwrap();
        }
        let old = workspace(&root).unwrap();
        let changed = set(copy.path(), &old, "77.66.55").unwrap();
        assert_eq!(changed.iter().map(|(file, _)| *file).collect::<Vec<_>>(), files);
        assert_eq!(workspace(copy.path()).unwrap(), "77.66.55");
        for file in files.iter().filter(|file| **file != "Cargo.toml") {
            assert!(!read(copy.path(), file).unwrap().contains(&old), "{file} still has {old}");
        }
        let manifest = read(copy.path(), "Cargo.toml").unwrap();
        assert!(!manifest.lines().any(|line| line.contains("crates/") && line.contains(&old)), "{manifest}");
        let again = set(copy.path(), &old, "88.0.0").unwrap_err();
        assert!(again.starts_with("`Cargo.toml` has no "), "{again}");
    }
}
