//! `pylock.toml` and `pylock.NAME.toml` (PEP 751): pins, whoever made them.

use uvshift_diagnostics::Diagnostic;
use uvshift_lockfile::LockKind;

use super::Given;
use super::pins::{Wanted, open_lock, take_lock};
use crate::names::is_like;
use crate::{Error, Provenance, Reading, codes};

/// Files that say what a project asks for, beside requirements files.
const ASKING: [&str; 8] = [
    "Pipfile",
    "setup.py",
    "setup.cfg",
    "environment.yml",
    "environment.yaml",
    "conda.yml",
    "hatch.toml",
    "flit.ini",
];

pub(super) fn detect(given: &Given<'_>) -> bool {
    files(given).next().is_some()
}

#[expect(clippy::unnecessary_wraps, reason = "the table of sources wants it")]
pub(super) fn read(given: &Given<'_>, out: &mut Reading) -> Result<(), Error> {
    let files: Vec<String> = files(given).map(str::to_owned).collect();
    if let (false, Some(file)) = (is_asked_for(given), files.first()) {
        let message = format!("{file} says what was installed, and nothing says what was asked for");
        let found = Diagnostic::error(codes::M047, message).in_file(file, 1);
        let help = "list what the project itself needs in requirements.txt; the versions come from the lock";
        out.diagnostics.push(found.with_help(help));
        return Ok(());
    }
    let wanted: Vec<Wanted> = given
        .pyproject
        .iter()
        .flat_map(|document| document.dependencies())
        .map(|entry| Wanted { text: entry.text, from: Provenance::new("pyproject.toml", entry.line) })
        .collect();
    for file in &files {
        if let Some(lock) = open_lock(given.tree, file, out) {
            take_lock(file, "a lock by PEP 751", &lock, &wanted, out);
        }
    }
    Ok(())
}

fn files<'a>(given: &'a Given<'_>) -> impl Iterator<Item = &'a str> {
    let files = given.tree.files().iter().map(String::as_str);
    files.filter(|file| !file.contains('/') && LockKind::of_name(file) == Some(LockKind::Pylock))
}

/// Whether anything in the project says what it needs.
fn is_asked_for(given: &Given<'_>) -> bool {
    let tools = ["poetry", "pdm", "flit", "rye", "hatch"];
    let document = given
        .pyproject
        .is_some_and(|document| document.has_project() || tools.iter().any(|tool| document.has_tool(tool)));
    document || given.tree.files().iter().any(|file| ASKING.contains(&file.as_str()) || is_like(file))
}

#[cfg(test)]
mod tests {
    use super::super::testing::read_tree;

    const LOCK: &str = "lock-version = \"1.0\"\ncreated-by = \"hand\"\n\n[[packages]]\nname = \"attrs\"\nversion = \"25.1.0\"\n\
                        marker = \"'dev' in dependency_groups\"\nsdist = { name = \"a.tar.gz\", hashes = { sha256 = \"aa\" } }\n\n\
                        [[packages]]\nname = \"six\"\nversion = \"1.0\"\n";

    #[test]
    fn pins_of_every_pylock() {
        let project =
            "[project]\nname = \"demo\"\nversion = \"1\"\ndependencies = [\"attrs\", \"six>=1.16\"]\n";
        let files = [("pyproject.toml", project), ("pylock.toml", LOCK), ("pylock.dev.toml", LOCK)];
        let read = read_tree(&files);
        let pins: Vec<String> = read
            .reading
            .manifest
            .pins
            .iter()
            .map(|pin| format!("{}=={} {:?} {}", pin.name, pin.version, pin.marker, pin.from))
            .collect();
        assert_eq!(pins, ["attrs==25.1.0 None pylock.dev.toml:4"], "six 1.0 does not fit");
        assert_eq!(read.old_files, ["pylock.dev.toml: remove", "pylock.toml: remove"]);
        assert!(read.diagnostics.iter().all(|said| said.contains("warning[M043]")), "{:?}", read.diagnostics);
    }

    #[test]
    fn a_pylock_alone_does_not_say_what_was_asked_for() {
        let read = read_tree(&[("pylock.toml", LOCK)]);
        assert!(read.diagnostics[0].starts_with("pylock.toml:1: error[M047]"), "{:?}", read.diagnostics);
        assert!(read.reading.manifest.pins.is_empty());
        let broken =
            read_tree(&[("requirements.txt", "attrs\n"), ("pylock.toml", "lock-version = \"2.0\"\n")]);
        assert!(broken.diagnostics[0].starts_with("pylock.toml:1: error[M041]"), "{:?}", broken.diagnostics);
    }
}
