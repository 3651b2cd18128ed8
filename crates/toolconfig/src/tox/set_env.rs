//! `set_env`: a table, or an array of tables where factors and references come in.

use super::Inexact;
use super::factor::{Groups, condition};
use super::lines::Line;
use super::value;
use crate::model::{Element, Setting, Table, Value};

/// What a line of it becomes.
pub(super) enum Entry {
    /// A variable, or `file` with a path.
    Pair(Setting),
    /// The variables of another section, as a `ref`.
    Reference(Value),
}

/// A variable out of its line.
pub(super) fn pair(line: &Line, text: &str) -> Result<Entry, Inexact> {
    if let Some(path) = text.strip_prefix("file|") {
        return Ok(Entry::Pair(setting(line, "file", Value::String(path.to_owned()))));
    }
    let wrong = || Inexact::new(line.number, "it is no `name = value`");
    let (key, rest) = text.split_once('=').ok_or_else(wrong)?;
    let (key, rest) = (key.trim(), rest.trim());
    if key.is_empty() || key == "file" || key.contains(['{', '}']) {
        return Err(Inexact::new(line.number, "the name of the variable cannot be written in TOML"));
    }
    let (text, marker) = marker(rest);
    let value = match marker {
        None => Value::String(text),
        Some(marker) => {
            let mut table = Table::default();
            table.insert("value", text);
            table.insert("marker", marker);
            Value::Inline(table)
        }
    };
    Ok(Entry::Pair(setting(line, key, value)))
}

fn setting(line: &Line, key: &str, value: Value) -> Setting {
    let mut setting = Setting::new(key, value).with_comments(line.comments.clone());
    setting.trailing.clone_from(&line.trailing);
    setting
}

/// A value and the marker behind its first `;` that is neither escaped nor quoted; quotes count only if they are closed.
fn marker(text: &str) -> (String, Option<String>) {
    let (at, open) = marker_at(text, true);
    let at = if at.is_none() && open { marker_at(text, false).0 } else { at };
    match at {
        Some(at) => {
            let marker = text[at + 1..].trim();
            (text[..at].trim().replace("\\;", ";"), (!marker.is_empty()).then(|| marker.to_owned()))
        }
        None => (text.replace("\\;", ";"), None),
    }
}

fn marker_at(text: &str, quotes: bool) -> (Option<usize>, bool) {
    let mut quote: Option<char> = None;
    for (at, character) in text.char_indices() {
        let before = &text[..at];
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        match character {
            '"' | '\'' if quotes && backslashes.is_multiple_of(2) => match quote {
                None => quote = Some(character),
                Some(open) if open == character => quote = None,
                Some(_) => {}
            },
            ';' if quote.is_none() && backslashes == 0 => return (Some(at), false),
            _ => {}
        }
    }
    (None, quote.is_some())
}

/// Whether a value has to be an array.
pub(super) fn is_array(entries: &[(Option<Groups>, Entry)]) -> bool {
    let file = |(_, entry): &&(Option<Groups>, Entry)| matches!(entry, Entry::Pair(setting) if setting.key == "file");
    let other = |(condition, entry): &(Option<Groups>, Entry)| {
        condition.is_some() || matches!(entry, Entry::Reference(_))
    };
    entries.iter().any(other) || entries.iter().filter(file).count() > 1
}

/// The whole value, with the comments of lines that TOML has no place for.
pub(super) fn value(entries: Vec<(Option<Groups>, Entry)>) -> (Value, Vec<String>) {
    if !is_array(&entries) {
        let mut table = Table::default();
        for (_, entry) in entries {
            if let Entry::Pair(setting) = entry {
                table.set(setting);
            }
        }
        return (if table.is_empty() { Value::Inline(table) } else { Value::Table(table) }, Vec::new());
    }
    let mut comments = Vec::new();
    let mut elements: Vec<Element> = Vec::new();
    // What is said in the value itself wins over what it refers to, wherever that stands.
    let (references, pairs): (Vec<_>, Vec<_>) =
        entries.into_iter().partition(|(_, entry)| matches!(entry, Entry::Reference(_)));
    for (_, entry) in references {
        if let Entry::Reference(value) = entry {
            elements.push(Element::new(value));
        }
    }
    let mut last: Option<Option<Groups>> = None;
    for (groups, entry) in pairs {
        let Entry::Pair(mut setting) = entry else { continue };
        comments.append(&mut setting.comments);
        comments.extend(setting.trailing.take());
        let again = setting.key == "file";
        match elements.last_mut() {
            Some(Element { value: Value::Inline(table), .. })
                if last == Some(groups.clone()) && groups.is_none() && !again =>
            {
                table.set(setting);
            }
            _ => {
                let table = Value::Inline(Table { settings: vec![setting], ..Table::default() });
                let value = match &groups {
                    None => table,
                    Some(groups) => value::condition(
                        &condition(groups),
                        table,
                        Some(Value::Inline(Table::default())),
                        false,
                    ),
                };
                elements.push(Element::new(value));
            }
        }
        last = Some(groups);
    }
    (Value::Array(elements), comments)
}
