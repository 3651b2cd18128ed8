//! The hash of a Pipfile that its lock records, as Pipenv's `plette` computes it: SHA-256 of JSON with sorted keys.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use toml_edit::{Item, TableLike, Value};
use uvshift_pyproject::PyProject;

use super::SECTIONS;

/// The hashes that a lock of this Pipfile can hold: with categories, as now, and without, as before 2022. None where it
/// holds what has no JSON that is known, or no source, for which Pipenv puts in one of its own.
pub(super) fn of(toml: &PyProject) -> Vec<String> {
    let root = toml.root();
    let with = |categories: bool| {
        let mut all: BTreeMap<&str, String> = BTreeMap::new();
        let sources = json(root.get("source")?)?;
        let part = |key: &str| root.get(key).map_or(Some("{}".to_owned()), json);
        all.insert("_meta", format!("{{\"requires\":{},\"sources\":{sources}}}", part("requires")?));
        all.insert("default", part("packages")?);
        all.insert("develop", part("dev-packages")?);
        let own = |key: &str| {
            SECTIONS.contains(&key) || ["packages", "dev-packages", "default", "develop"].contains(&key)
        };
        for (key, item) in root.iter().filter(|(key, _)| categories && !own(key)) {
            all.insert(key, json(item)?);
        }
        let pairs: Vec<String> = all.iter().map(|(key, value)| format!("{}:{value}", string(key))).collect();
        let digest = Sha256::digest(format!("{{{}}}", pairs.join(",")).as_bytes());
        let hex = digest.iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        Some(format!("sha256:{hex}"))
    };
    [with(true), with(false)].into_iter().flatten().collect()
}

fn json(item: &Item) -> Option<String> {
    match item {
        Item::Value(found) => value(found),
        Item::Table(found) => table(found),
        Item::ArrayOfTables(tables) => {
            let items = tables.iter().map(|found| table(found)).collect::<Option<Vec<_>>>()?;
            Some(format!("[{}]", items.join(",")))
        }
        Item::None => None,
    }
}

fn value(found: &Value) -> Option<String> {
    Some(match found {
        Value::String(text) => string(text.value()),
        Value::Integer(number) => number.value().to_string(),
        Value::Boolean(flag) => flag.value().to_string(),
        Value::Array(items) => {
            let items = items.iter().map(value).collect::<Option<Vec<_>>>()?;
            format!("[{}]", items.join(","))
        }
        Value::InlineTable(found) => table(found)?,
        Value::Float(_) | Value::Datetime(_) => return None,
    })
}

fn table(found: &dyn TableLike) -> Option<String> {
    let pairs: BTreeMap<&str, String> =
        found.iter().map(|(key, item)| Some((key, json(item)?))).collect::<Option<_>>()?;
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{}:{value}", string(key))).collect();
    Some(format!("{{{}}}", pairs.join(",")))
}

/// A string as Python's `json.dumps` writes it: ASCII only.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    let escaped = |out: &mut String, code: u16| {
        // Writing to a string cannot fail.
        let _ = write!(out, "\\u{code:04x}");
    };
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(letter),
            other => {
                let mut units = [0; 2];
                other.encode_utf16(&mut units).iter().for_each(|unit| escaped(&mut out, *unit));
            }
        }
    }
    out.push('"');
    out
}
