//! TOML text for strings, keys, comments and values.

use std::fmt::Write as _;

use crate::model::{GitReference, Index, Source, SourceKind, Value};

/// Lines longer than this are broken up where the array form allows it.
pub(crate) const WIDTH: usize = 100;

/// A string in the form that reads best: basic, or literal where a basic one would need escapes and a
/// literal one can hold it. Never a multi-line string.
pub fn string(text: &str) -> String {
    let needs_escape = |character: char| character == '"' || character == '\\' || character.is_control();
    if !text.contains(needs_escape) {
        return format!("\"{text}\"");
    }
    // A literal string holds everything but its own quote and control characters other than a tab.
    if !text.contains(|character: char| character == '\'' || (character.is_control() && character != '\t')) {
        return format!("'{text}'");
    }
    let mut out = String::with_capacity(text.len() + 8);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // C1 controls are legal in TOML, but no reader wants them raw.
            other if other.is_control() => push_escape(&mut out, other),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

fn push_escape(out: &mut String, character: char) {
    // Writing into a string cannot fail.
    let _ = write!(out, "\\u{:04X}", u32::from(character));
}

/// A key, quoted where it has to be.
pub fn key(name: &str) -> String {
    let bare = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { string(name) }
}

/// A dotted key.
pub fn dotted(path: &[&str]) -> String {
    path.iter().map(|part| key(part)).collect::<Vec<_>>().join(".")
}

/// A comment as one or more TOML comment lines. TOML forbids control characters other than a tab, so they
/// are written as `\u0007`.
pub fn comment_lines(text: &str) -> Vec<String> {
    text.split(['\n', '\r', '\u{b}', '\u{c}']).map(comment_line).collect()
}

/// A comment as one line.
pub(crate) fn comment(text: &str) -> String {
    comment_line(&text.split(['\n', '\r', '\u{b}', '\u{c}']).collect::<Vec<_>>().join(" "))
}

fn comment_line(text: &str) -> String {
    let text = text.trim_end();
    let mut out = String::with_capacity(text.len() + 2);
    if !text.trim_start().starts_with('#') {
        out.push('#');
        if !text.is_empty() {
            out.push(' ');
        }
    }
    for character in text.trim_start().chars() {
        if character.is_ascii_control() && character != '\t' {
            push_escape(&mut out, character);
        } else {
            out.push(character);
        }
    }
    out
}

/// A value on one line.
pub(crate) fn inline(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::String(text) => string(text),
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Table(pairs) if pairs.is_empty() => "{}".to_owned(),
        Value::Table(pairs) => {
            let pairs: Vec<_> =
                pairs.iter().map(|(name, value)| format!("{} = {}", key(name), inline(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

/// A value as it stands after `key = ` in a table: an array of several items takes one line an item.
pub(crate) fn block(value: &Value, indent: &str) -> String {
    match value {
        Value::Array(items) if items.len() > 1 || (items.len() == 1 && inline(value).len() > WIDTH - 20) => {
            let lines: Vec<_> = items.iter().map(|item| format!("{indent}    {},\n", inline(item))).collect();
            format!("[\n{}{indent}]", lines.concat())
        }
        other => inline(other),
    }
}

/// A source as an inline table.
pub(crate) fn source(source: &Source) -> String {
    match &source.kind {
        SourceKind::Other(text) => text.clone(),
        _ => inline(&Value::Table(source_pairs(source))),
    }
}

/// The key-value pairs of a source, in uv's own order.
pub(crate) fn source_pairs(source: &Source) -> Vec<(String, Value)> {
    let mut pairs = Pairs::default();
    match &source.kind {
        SourceKind::Git { url, reference, subdirectory, lfs } => {
            pairs.text("git", Some(url));
            match reference {
                Some(GitReference::Rev(rev)) => pairs.text("rev", Some(rev)),
                Some(GitReference::Tag(tag)) => pairs.text("tag", Some(tag)),
                Some(GitReference::Branch(branch)) => pairs.text("branch", Some(branch)),
                None => {}
            }
            pairs.text("subdirectory", subdirectory.as_ref());
            pairs.flag("lfs", *lfs);
        }
        SourceKind::Url { url, subdirectory } => {
            pairs.text("url", Some(url));
            pairs.text("subdirectory", subdirectory.as_ref());
        }
        SourceKind::Path { path, editable, package } => {
            pairs.text("path", Some(path));
            pairs.flag("editable", *editable);
            pairs.flag("package", *package);
        }
        SourceKind::Index(name) => pairs.text("index", Some(name)),
        SourceKind::Workspace => pairs.flag("workspace", Some(true)),
        SourceKind::Other(_) => {}
    }
    pairs.text("marker", source.marker.as_ref());
    pairs.text("extra", source.extra.as_ref());
    pairs.text("group", source.group.as_ref());
    pairs.0
}

/// The key-value pairs of an index, in uv's own order.
pub(crate) fn index(index: &Index) -> Vec<(String, Value)> {
    let mut pairs = Pairs::default();
    pairs.text("name", index.name.as_ref());
    pairs.text("url", Some(&index.url));
    pairs.text("format", index.format.as_ref());
    pairs.flag("default", index.default.then_some(true));
    pairs.flag("explicit", index.explicit.then_some(true));
    pairs.0
}

/// The pairs of a table, where what is not set is not written.
#[derive(Default)]
struct Pairs(Vec<(String, Value)>);

impl Pairs {
    fn text(&mut self, key: &str, value: Option<&String>) {
        self.0.extend(value.map(|value| (key.to_owned(), Value::String(value.clone()))));
    }

    fn flag(&mut self, key: &str, value: Option<bool>) {
        self.0.extend(value.map(|value| (key.to_owned(), Value::Bool(value))));
    }
}
