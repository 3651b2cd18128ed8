//! Tools whose ini files are nearly flat tables.

use crate::kinds::Kind;
use crate::model::Value;
use crate::read::{Reading, Source, carry, hashed, row};
use crate::report::Outcome;
use crate::section::{Key, Section};

/// A flat table whose keys may be written with `-` or with `_`.
pub(crate) fn any_spelling(source: &Source<'_>) -> Reading {
    let mut reading = Reading::default();
    for section in &source.sections {
        keys(source, section, &[], &mut reading);
    }
    reading
}

/// Only the first of the sections that may be the tool's counts.
pub(crate) fn one_section(source: &Source<'_>) -> Reading {
    let mut reading = Reading::default();
    let mut sections = source.sections.iter();
    let Some(first) = sections.next() else { return reading };
    keys(source, first, &[], &mut reading);
    for dead in sections {
        let why = format!("{} reads [{}] and never saw this", source.tool.name, first.name);
        let rows = dead.keys.iter().map(|key| row(source.tool, dead, key, None, Outcome::Dead(why.clone())));
        reading.converted.rows.extend(rows);
    }
    reading
}

/// Each section of pylint becomes a table; its names say nothing.
pub(crate) fn pylint(source: &Source<'_>) -> Reading {
    if source.sections.is_empty() && source.document.text().is_empty() && !source.text.is_empty() {
        return super::whole::read(source);
    }
    let mut reading = Reading::default();
    for section in &source.sections {
        let name = match section.name.strip_prefix("pylint.") {
            Some(name) => name,
            // A table of its own keeps the order, in which later options come over earlier ones.
            None if section.name == "pylint" => "main",
            None => section.name.as_str(),
        };
        if section.keys.is_empty() {
            continue;
        }
        for key in &section.keys {
            let known = kind(source, key);
            // pylint itself leaves commas within braces alone, and joins lists of TOML with commas.
            let known = known
                .map(|kind| if kind == Kind::Commas && key.value.contains('{') { Kind::Text } else { kind });
            carry(source.tool, section, key, known, &[name], &mut reading.converted);
        }
        let comments: Vec<String> = section.comments.iter().map(|comment| hashed(comment)).collect();
        reading.converted.table.comment(&[name], &comments);
    }
    reading
}

/// interrogate takes lists written like those of Python.
pub(crate) fn interrogate(source: &Source<'_>) -> Reading {
    let mut reading = Reading::default();
    for section in &source.sections {
        for key in &section.keys {
            let kind = kind(source, key);
            let mut key = key.clone();
            if kind == Some(Kind::Commas) {
                let inner = key.value.strip_prefix('[').unwrap_or(&key.value);
                key.value = inner.strip_suffix(']').unwrap_or(inner).to_owned();
            }
            let at = reading.converted.table.settings.len();
            carry(source.tool, section, &key, kind, &[], &mut reading.converted);
            if let Some(Value::Array(items)) =
                reading.converted.table.settings.get_mut(at).map(|s| &mut s.value)
            {
                for item in items {
                    if let Value::String(text) = &mut item.value {
                        *text = text.trim_matches('"').to_owned();
                    }
                }
            }
        }
    }
    reading
}

/// yapf resolves `%` in TOML, too.
pub(crate) fn yapf(source: &Source<'_>) -> Reading {
    let mut reading = any_spelling(source);
    for setting in &mut reading.converted.table.settings {
        if let Value::String(text) = &mut setting.value {
            *text = text.replace('%', "%%");
        }
    }
    reading
}

fn keys(source: &Source<'_>, section: &Section, path: &[&str], reading: &mut Reading) {
    for key in &section.keys {
        carry(source.tool, section, key, kind(source, key), path, &mut reading.converted);
    }
}

/// What a setting is, however its words are joined.
fn kind(source: &Source<'_>, key: &Key) -> Option<Kind> {
    let name = key.name.trim_start_matches("--");
    let settings = &source.tool.settings;
    let found = settings.get(name).or_else(|| settings.get(&name.replace('_', "-")));
    found.or_else(|| settings.get(&name.replace('-', "_"))).copied()
}
