//! The version of all crates, which is one, and every place that has it.

use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item};

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

/// The locks that name our own crates.
const LOCKS: [&str; 2] = ["Cargo.lock", "fuzz/Cargo.lock"];

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
        write(root, file, &text.replace(&was, &becomes))?;
        match changed.iter_mut().find(|(known, _)| *known == file) {
            Some((_, known)) => *known += count,
            None => changed.push((file, count)),
        }
    }
    for file in LOCKS {
        let (text, count) = locked(&read(root, file)?, old, new)
            .map_err(|error| format!("cannot change `{file}`: {error}"))?;
        write(root, file, &text)?;
        changed.push((file, count));
    }
    Ok(changed)
}

/// A lock with the new version for our own crates, which are those without a source, and how many these are.
fn locked(text: &str, old: &str, new: &str) -> Outcome<(String, usize)> {
    let mut lock: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let packages = lock.get_mut("package").and_then(Item::as_array_of_tables_mut);
    let mut count = 0;
    for package in packages.into_iter().flat_map(ArrayOfTables::iter_mut) {
        let is_old = package.get("version").and_then(Item::as_str) == Some(old);
        if is_old && !package.contains_key("source") {
            package.insert("version", toml_edit::value(new));
            count += 1;
        }
    }
    if count == 0 { Err(format!("no crate of ours has {old} there")) } else { Ok((lock.to_string(), count)) }
}

fn read(root: &Path, file: &str) -> Outcome<String> {
    std::fs::read_to_string(root.join(file)).map_err(|error| format!("cannot read `{file}`: {error}"))
}

fn write(root: &Path, file: &str, text: &str) -> Outcome {
    std::fs::write(root.join(file), text).map_err(|error| format!("cannot write `{file}`: {error}"))
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
        files.extend(LOCKS);
        for file in &files {
            std::fs::create_dir_all(copy.path().join(file).parent().unwrap()).unwrap();
            std::fs::copy(root.join(file), copy.path().join(file)).unwrap();
        }
        let old = workspace(&root).unwrap();
        let changed = set(copy.path(), &old, "77.66.55").unwrap();
        assert_eq!(changed.iter().map(|(file, _)| *file).collect::<Vec<_>>(), files);
        assert_eq!(workspace(copy.path()).unwrap(), "77.66.55");
        for file in files.iter().filter(|file| !file.starts_with("Cargo.") && !LOCKS.contains(file)) {
            assert!(!read(copy.path(), file).unwrap().contains(&old), "{file} still has {old}");
        }
        let manifest = read(copy.path(), "Cargo.toml").unwrap();
        assert!(!manifest.lines().any(|line| line.contains("crates/") && line.contains(&old)), "{manifest}");
        for (file, (_, count)) in LOCKS.iter().zip(changed.iter().rev().take(LOCKS.len()).rev()) {
            let lock = read(copy.path(), file).unwrap();
            assert_eq!(lock.matches("\nversion = \"77.66.55\"\n").count(), *count, "{file}");
            assert_eq!(
                lock.len() - read(&root, file).unwrap().len(),
                count * ("77.66.55".len() - old.len()),
                "{file}"
            );
        }
        let again = set(copy.path(), &old, "88.0.0").unwrap_err();
        assert!(again.starts_with("`Cargo.toml` has no "), "{again}");
    }
}
