//! coverage: a table for each section; booleans are strict in TOML, and dotted names of plugins are nested tables.

use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::kinds::Kind;
use crate::model::{Element, Value};
use crate::read::{Reading, Source, carry, hashed};
use crate::section::{Key, Section};

/// coverage's own sections, besides those of plugins.
const SECTIONS: [&str; 7] = ["run", "report", "html", "xml", "json", "lcov", "paths"];

pub(crate) fn read(source: &Source<'_>) -> Reading {
    let mut reading = Reading::default();
    let own_file = source.file == ".coveragerc";
    let is_taken =
        |name: &str| source.sections.iter().any(|section| section.name == format!("coverage:{name}"));
    for section in &source.sections {
        let name = match section.name.strip_prefix("coverage:") {
            Some(name) => name,
            // In its own file a name with the prefix comes before the same name without it.
            None if own_file && !is_taken(&section.name) => section.name.as_str(),
            None => continue,
        };
        let path: Vec<&str> = if SECTIONS.contains(&name) { vec![name] } else { name.split('.').collect() };
        for key in &section.keys {
            let kind = if SECTIONS.contains(&name) { kind(source, name, key) } else { Some(Kind::Text) };
            unset_variable(source, section, key, kind, &mut reading);
            carry(source.tool, section, key, kind, &path, &mut reading.converted);
        }
        let comments: Vec<String> = section.comments.iter().map(|comment| hashed(comment)).collect();
        reading.converted.table.comment(&path, &comments);
    }
    reading
}

fn kind(source: &Source<'_>, section: &str, key: &Key) -> Option<Kind> {
    if section == "paths" {
        return Some(Kind::List);
    }
    let kind = source.tool.settings.get(&format!("{section}.{}", key.name)).copied()?;
    // Variables are filled in before the value is taken for a boolean or a number, in TOML too.
    let is_filled_in = key.value.contains('$') && matches!(kind, Kind::Bool | Kind::Integer | Kind::Float);
    Some(if is_filled_in { Kind::String } else { kind })
}

/// An item that is nothing but a variable: where the variable is not set, it is no item in an ini file and an empty one in TOML.
fn unset_variable(
    source: &Source<'_>,
    section: &Section,
    key: &Key,
    kind: Option<Kind>,
    reading: &mut Reading,
) {
    let is_list = matches!(kind, Some(Kind::List | Kind::Lines));
    let Some((Value::Array(items), _)) =
        kind.and_then(|kind| crate::kinds::typed(kind, key, source.tool.booleans))
    else {
        return;
    };
    let is_variable = |item: &Element| match &item.value {
        Value::String(text) => text.starts_with('$') && !text.contains(['/', '?', ' ']) && text.len() > 1,
        _ => false,
    };
    for item in items.iter().filter(|item| is_list && is_variable(item)) {
        let Value::String(text) = &item.value else { continue };
        let message = format!(
            "where `{text}` is not set, `{}` has no such item in an ini file and an empty one in pyproject.toml",
            key.name
        );
        let place = section.place(key);
        reading.converted.diagnostics.push(
            Diagnostic::warning(codes::UNSET_VARIABLE, message)
                .in_file(place.file, place.line)
                .with_help("set the variable wherever coverage runs, or give a default: `${NAME-default}`"),
        );
    }
}
