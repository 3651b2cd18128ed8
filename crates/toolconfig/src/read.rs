//! The winning file of a tool into the table that pyproject.toml gets.

use uvshift_diagnostics::Diagnostic;
use uvshift_ini::Document;

use crate::catalogue::Tool;
use crate::codes;
use crate::kinds::{Kind, typed};
use crate::model::{Setting, Table, Value};
use crate::report::{Converted, Outcome, Row};
use crate::section::{Key, Section};

/// What a tool reads: one file, already taken apart.
pub(crate) struct Source<'a> {
    pub(crate) tool: &'a Tool,
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
    /// The file in the tool's own dialect; empty for what is no ini file.
    pub(crate) document: &'a Document,
    /// The sections that are the tool's.
    pub(crate) sections: Vec<Section>,
}

/// What comes of a file.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// The table below `tool` of the tool, with what became of each setting.
    pub(crate) converted: Converted,
    /// The table as text with its headers, where that keeps more than the table does.
    pub(crate) text: Option<String>,
    /// Tables of other names below `tool` that belong to the file: mypy's plugins.
    pub(crate) others: Vec<(String, Table)>,
    /// The sections that are carried, where these are not simply all that are the tool's.
    pub(crate) sections: Option<Vec<String>>,
    /// Why nothing of it moves.
    pub(crate) stays: Option<String>,
}

/// A reader for tools with one flat table.
pub(crate) fn flat(source: &Source<'_>) -> Reading {
    let mut reading = Reading::default();
    for section in &source.sections {
        for key in &section.keys {
            let kind = source.tool.settings.get(&key.name).copied();
            carry(source.tool, section, key, kind, &[], &mut reading.converted);
        }
    }
    reading
}

/// Carries a key into the table below `path`, which is relative to the tool's own table. A kind of none is a setting that
/// the catalogue does not know: it is carried as a text, or as a boolean if it reads like one, and reported.
pub(crate) fn carry(
    tool: &Tool,
    section: &Section,
    key: &Key,
    kind: Option<Kind>,
    path: &[&str],
    converted: &mut Converted,
) {
    let to = target(tool, path, &key.name);
    let place = section.place(key);
    if kind.is_none() {
        let message = format!("{} does not know `{}`; it is carried as it is written", tool.name, key.name);
        converted.diagnostics.push(
            Diagnostic::note(codes::UNKNOWN_SETTING, message)
                .in_file(place.file.as_str(), place.line)
                .with_help("a plugin may read it; otherwise it can go"),
        );
    }
    let Some((value, inner)) = typed(kind.unwrap_or(Kind::Text), key, tool.booleans) else {
        let kind = kind.unwrap_or(Kind::Text).article();
        let message =
            format!("`{}` is {kind} for {}, and `{}` is not one", key.name, tool.name, one_line(&key.value));
        converted.diagnostics.push(
            Diagnostic::error(codes::WRONG_TYPE, message)
                .in_file(place.file.as_str(), place.line)
                .with_help(format!("correct the value; {} refuses or ignores it", tool.name)),
        );
        return;
    };
    let comments = key.comments.iter().chain(&inner).map(|comment| hashed(comment)).collect();
    let value = with_hashes(value);
    converted.table.at(path).set(Setting::new(key.name.as_str(), value).with_comments(comments));
    converted.rows.push(row(tool, section, key, Some(to), Outcome::Carried));
}

/// The report on a key.
pub(crate) fn row(tool: &Tool, section: &Section, key: &Key, to: Option<String>, outcome: Outcome) -> Row {
    let setting = format!("{} = {}", key.name, one_line(&key.value));
    Row {
        tool: tool.name.clone(),
        from: section.place(key),
        setting: setting.trim_end().to_owned(),
        to,
        outcome,
    }
}

/// The dotted name of a key in pyproject.toml.
pub(crate) fn target(tool: &Tool, path: &[&str], key: &str) -> String {
    let parts: Vec<&str> = tool.path().into_iter().chain(path.iter().copied()).chain([key]).collect();
    uvshift_pyproject::text::dotted(&parts)
}

/// A value on one line, not longer than a report can show.
pub(crate) fn one_line(text: &str) -> String {
    const LONGEST: usize = 100;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}...", &line[..at]),
        None => line,
    }
}

/// A comment of an ini file as one of TOML.
pub(crate) fn hashed(comment: &str) -> String {
    match comment.strip_prefix(';') {
        Some(rest) => format!("#{rest}"),
        None => comment.to_owned(),
    }
}

fn with_hashes(value: Value) -> Value {
    match value {
        Value::Array(mut items) => {
            for item in &mut items {
                item.comments = item.comments.iter().map(|comment| hashed(comment)).collect();
            }
            Value::Array(items)
        }
        other => other,
    }
}
