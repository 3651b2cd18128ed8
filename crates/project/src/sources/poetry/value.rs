//! Values of TOML, and how the ledger shows them.

use uvshift_pyproject::Value;

/// No value is shown longer than this.
const LONGEST: usize = 80;

pub(super) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        _ => None,
    }
}

pub(super) fn pairs(value: &Value) -> Option<&[(String, Value)]> {
    match value {
        Value::Table(pairs) => Some(pairs),
        _ => None,
    }
}

/// The strings of an array; none if something else is in it.
pub(super) fn strings(value: &Value) -> Option<Vec<String>> {
    let Value::Array(items) = value else { return None };
    items.iter().map(|item| text(item).map(str::to_owned)).collect()
}

/// A string, or the strings of an array.
pub(super) fn one_or_more(value: &Value) -> Option<Vec<String>> {
    text(value).map(|only| vec![only.to_owned()]).or_else(|| strings(value))
}

pub(super) fn get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    pairs(value)?.iter().find(|(known, _)| known == key).map(|(_, value)| value)
}

/// A value as it is written, on one line and not too long.
pub(super) fn shown(value: &Value) -> String {
    let whole = rendered(value);
    if whole.chars().count() <= LONGEST && !whole.contains('\n') {
        return whole;
    }
    let start: String = whole.lines().next().unwrap_or_default().chars().take(LONGEST).collect();
    format!("{start}...")
}

fn rendered(value: &Value) -> String {
    match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::String(text) if text.contains('"') => format!("'{text}'"),
        Value::String(text) => format!("\"{text}\""),
        Value::Array(items) => format!("[{}]", items.iter().map(rendered).collect::<Vec<_>>().join(", ")),
        Value::Table(pairs) => {
            let pairs: Vec<String> =
                pairs.iter().map(|(key, value)| format!("{key} = {}", rendered(value))).collect();
            if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) }
        }
    }
}
