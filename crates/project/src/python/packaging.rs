//! What packaging metadata says: pyproject.toml, setup.cfg, setup.py, Pipfile.

use configparser::ini::Ini;
use uvshift_pyproject::PyProject;

use super::token::{self, assigned, python_strings, words};
use super::{EvidenceKind, Found, ci, line_at};

pub(super) fn pyproject(text: &str, found: &mut Found<'_>) {
    if let Ok(document) = PyProject::parse(text) {
        if let Some(range) = document.requires_python() {
            let line = line_of(text, |line| line.contains("requires-python"));
            found.range(line, EvidenceKind::PyprojectRequiresPython, range);
        }
        ci::tox_in_pyproject(&document, text, found);
    }
    classifiers(text, found);
}

pub(super) fn pipfile(text: &str, found: &mut Found<'_>) {
    let Ok(document) = PyProject::parse(text) else { return };
    for key in ["python_version", "python_full_version"] {
        if let Some(version) = document.get(&["requires", key]).and_then(|item| item.as_str()) {
            let line = line_of(text, |line| line.trim_start().starts_with(key));
            found.versions(line, EvidenceKind::Pipfile, [version]);
        }
    }
}

pub(super) fn setup_cfg(text: &str, found: &mut Found<'_>) {
    let options = ["options", "metadata"];
    let keys = ["python_requires", "python-requires", "requires_python", "requires-python"];
    let mut values = options.iter().flat_map(|section| keys.iter().map(move |key| (section, key)));
    if let Some(value) = values.find_map(|(section, key)| ini_value(text, section, key)) {
        let is_key = |line: &str| keys.iter().any(|key| line.starts_with(key));
        // The reader of setuptools interpolates, so a literal `%` is written twice.
        let joined = value.replace("%%", "%").split_whitespace().collect::<Vec<_>>().join(" ");
        found.range(line_of(text, is_key), EvidenceKind::SetupPythonRequires, &joined);
    }
    classifiers(text, found);
    ci::tox_ini(text, "tox:tox", 0, found);
}

/// `python_requires=">=3.8"` as an argument, as a key of a dictionary, or through a name.
pub(super) fn setup_py(text: &str, found: &mut Found<'_>) {
    for after in words(text, "python_requires") {
        let Some(at) = assigned(text, after) else { continue };
        let value = text.get(at..).unwrap_or_default();
        // An f-string is only known when it runs.
        if value.starts_with("f\"") || value.starts_with("f'") {
            continue;
        }
        let name: String =
            value.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
        let is_literal =
            name.is_empty() || value.get(name.len()..).is_some_and(|rest| rest.starts_with(['"', '\'']));
        let (at, range) = if is_literal {
            (after, python_strings(text, at).into_iter().next())
        } else {
            named_string(text, &name).map_or((after, None), |(at, value)| (at, Some(value)))
        };
        if let Some(range) = range {
            found.range(line_at(text, at), EvidenceKind::SetupPythonRequires, &range);
            break;
        }
    }
    classifiers(text, found);
}

/// The string that a name is set to: its place and its text.
fn named_string(text: &str, name: &str) -> Option<(usize, String)> {
    words(text, name).find_map(|after| {
        let at = assigned(text, after)?;
        let value = text.get(at..)?;
        let is_string = value.trim_start_matches(['(', 'r', 'u', ' ', '\n']).starts_with(['"', '\'']);
        is_string.then(|| Some((after, python_strings(text, at).into_iter().next()?)))?
    })
}

/// `Programming Language :: Python :: 3.9`, all of a file together.
fn classifiers(text: &str, found: &mut Found<'_>) {
    const PREFIX: &str = "Programming Language :: Python :: ";
    let mut first = None;
    let mut versions = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with('#') {
            continue;
        }
        for (at, _) in line.match_indices(PREFIX) {
            let rest = line.get(at + PREFIX.len()..).unwrap_or_default();
            let end = rest.find(|character: char| !character.is_ascii_digit() && character != '.');
            let version = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            if token::version(version).is_some() {
                first.get_or_insert(number + 1);
                versions.push(version.to_owned());
            }
        }
    }
    if let Some(line) = first {
        found.versions(line, EvidenceKind::Classifier, versions);
    }
}

/// A value of an ini file, its lines joined by newlines.
pub(super) fn ini_value(text: &str, section: &str, key: &str) -> Option<String> {
    let mut ini = Ini::new_cs();
    ini.set_multiline(true);
    ini.set_comment_symbols(&['#', ';']);
    ini.set_inline_comment_symbols(Some(&[]));
    ini.read(text.replace("\r\n", "\n")).ok()?;
    ini.get(section, key)
}

/// The first line that fits, from 1.
pub(super) fn line_of(text: &str, fits: impl Fn(&str) -> bool) -> usize {
    text.lines().position(fits).map_or(1, |index| index + 1)
}
