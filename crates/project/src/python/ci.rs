//! tox and nox: the environments that tests run in.

use toml_edit::{Item, Value};
use uvshift_pyproject::PyProject;

use super::packaging::{ini_value, line_of};
use super::token::{assigned, python_strings, tox_factor, words};
use super::{EvidenceKind, Found, line_at};

/// More environments than this come from a mistake in braces.
const MAX_ENVIRONMENTS: usize = 10_000;

/// `envlist` of a section of an ini file; `offset` lines stand before the text in its file.
pub(super) fn tox_ini(text: &str, section: &str, offset: usize, found: &mut Found<'_>) {
    for key in ["envlist", "env_list"] {
        if let Some(list) = ini_value(text, section, key) {
            let is_key = |line: &str| {
                line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(['=', ':']))
            };
            let without_comments = list.lines().map(|line| line.split(" #").next().unwrap_or_default());
            let list = without_comments.collect::<Vec<_>>().join("\n");
            let factors = environments(&list);
            found.versions(offset + line_of(text, is_key), EvidenceKind::Tox, factors);
        }
    }
}

/// `env_list` of tox.toml.
pub(super) fn tox_toml(text: &str, found: &mut Found<'_>) {
    if let Ok(document) = PyProject::parse(text) {
        env_list(document.get(&["env_list"]), text, found);
    }
}

/// `[tool.tox]` of pyproject.toml, in its own form or with the ini file in a string.
pub(super) fn tox_in_pyproject(document: &PyProject, text: &str, found: &mut Found<'_>) {
    env_list(document.get(&["tool", "tox", "env_list"]), text, found);
    let legacy = document.get(&["tool", "tox", "legacy_tox_ini"]);
    if let Some(legacy) = legacy.and_then(Item::as_str) {
        // A multi-line string leaves out the newline behind its opening quotes.
        let offset = line_of(text, |line| line.trim_start().starts_with("legacy_tox_ini"));
        tox_ini(legacy, "tox", offset, found);
    }
}

fn env_list(list: Option<&Item>, text: &str, found: &mut Found<'_>) {
    let Some(list) = list.and_then(Item::as_array) else { return };
    let mut names = String::new();
    for value in list {
        strings(value, &mut names);
    }
    let line = line_of(text, |line| line.trim_start().starts_with("env_list"));
    found.versions(line, EvidenceKind::Tox, environments(&names));
}

/// Every string in a value; `{ product = [["3.9", "3.10"], ["a"]] }` has some too.
fn strings(value: &Value, names: &mut String) {
    match value {
        Value::String(text) => {
            names.push_str(text.value());
            names.push('\n');
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, names)),
        Value::InlineTable(table) => table.iter().for_each(|(_, item)| strings(item, names)),
        _ => {}
    }
}

/// The Pythons of `py{38,39}-django{3,4}, pypy3`, as words for [`super::token::read`].
pub(super) fn environments(list: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for environment in split_outside_braces(list).into_iter().flat_map(|name| expanded(&name)) {
        for factor in environment.split('-') {
            let word = if factor.contains("pypy") { Some(factor.to_owned()) } else { tox_factor(factor) };
            found.extend(word.filter(|word| !found.contains(word)));
        }
    }
    found
}

fn split_outside_braces(list: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut depth = 0_usize;
    for character in list.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && (character == ',' || character.is_whitespace()) {
            names.push(String::new());
        } else if let Some(name) = names.last_mut().filter(|_| !character.is_whitespace()) {
            name.push(character);
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// `py{38,39}` is `py38` and `py39`, `py3{9-11}` is `py39`, `py310` and `py311`.
fn expanded(name: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((alternatives, remaining)) = after.split_once('}') else { break };
        let alternatives: Vec<String> = alternatives.split(',').flat_map(range).collect();
        if names.len() * alternatives.len() > MAX_ENVIRONMENTS {
            return Vec::new();
        }
        names = names
            .iter()
            .flat_map(|name| alternatives.iter().map(move |part| format!("{name}{before}{part}")))
            .collect();
        rest = remaining;
    }
    names.into_iter().map(|name| format!("{name}{rest}")).collect()
}

fn range(part: &str) -> Vec<String> {
    let part = part.trim();
    let bounds =
        part.split_once('-').and_then(|(from, to)| Some((from.parse::<u16>().ok()?, to.parse().ok()?)));
    match bounds {
        Some((from, to)) if from <= to && to - from < 100 => {
            (from..=to).map(|number| number.to_string()).collect()
        }
        _ => vec![part.to_owned()],
    }
}

/// `@nox.session(python=["3.9", "3.10"])`, `python=PYTHONS`, `nox.options.pythons`, read as text.
pub(super) fn nox(text: &str, found: &mut Found<'_>) {
    for after in words(text, "python") {
        let Some(at) = assigned(text, after) else { continue };
        let value = text.get(at..).unwrap_or_default();
        let name: String = value.chars().take_while(|next| next.is_alphanumeric() || *next == '_').collect();
        if name.is_empty() {
            found.versions(line_at(text, after), EvidenceKind::Nox, python_strings(text, at));
            continue;
        }
        // The list has a name of its own, further up.
        let list = words(text, &name).find_map(|after| assigned(text, after).map(|at| (after, at)));
        if let Some((after, at)) = list {
            found.versions(line_at(text, after), EvidenceKind::Nox, python_strings(text, at));
        }
    }
}
