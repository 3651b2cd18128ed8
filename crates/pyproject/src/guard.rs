//! The promise behind every edit: what was there is still there and means the same.

use toml_edit::{Item, TableLike, Value};

/// The first path of `old` that is missing or different in `new`, except at and below the `changed` paths.
/// Tables may gain keys, arrays may gain elements at their end.
pub(crate) fn first_difference(
    old: &dyn TableLike,
    new: &dyn TableLike,
    changed: &[Vec<&str>],
) -> Option<String> {
    table(old, new, &mut Vec::new(), changed).map(|path| path.join("."))
}

type Path = Vec<String>;

fn table(old: &dyn TableLike, new: &dyn TableLike, path: &mut Path, changed: &[Vec<&str>]) -> Option<Path> {
    for (key, old_item) in old.iter() {
        path.push(key.to_owned());
        if !changed.iter().any(|allowed| allowed.iter().eq(path.iter())) {
            let difference = match new.get(key) {
                Some(new_item) => item(old_item, new_item, path, changed),
                // Whole tables that only held what was taken out may go with it.
                None if only_changed(path, changed) => None,
                None => Some(path.clone()),
            };
            if difference.is_some() {
                return difference;
            }
        }
        path.pop();
    }
    None
}

fn only_changed(path: &[String], changed: &[Vec<&str>]) -> bool {
    changed.iter().any(|allowed| allowed.len() > path.len() && path.iter().zip(allowed).all(|(a, b)| a == b))
}

fn item(old: &Item, new: &Item, path: &mut Path, changed: &[Vec<&str>]) -> Option<Path> {
    if let (Some(old), Some(new)) = (old.as_table_like(), new.as_table_like()) {
        return table(old, new, path, changed);
    }
    if let (Some(old), Some(new)) = (elements(old), elements(new)) {
        let same = old.len() <= new.len() && old.iter().zip(&new).all(|(a, b)| same(a, b));
        return if same { None } else { Some(path.clone()) };
    }
    let same = matches!((old.as_value(), new.as_value()), (Some(old), Some(new)) if same_value(old, new));
    if same { None } else { Some(path.clone()) }
}

/// An element of an array or of an array of tables.
enum Part<'a> {
    Value(&'a Value),
    Table(&'a dyn TableLike),
}

fn elements(item: &Item) -> Option<Vec<Part<'_>>> {
    match item {
        Item::Value(Value::Array(array)) => Some(array.iter().map(part).collect()),
        Item::ArrayOfTables(tables) => {
            Some(tables.iter().map(|table| Part::Table(table as &dyn TableLike)).collect())
        }
        _ => None,
    }
}

fn part(value: &Value) -> Part<'_> {
    match value {
        Value::InlineTable(table) => Part::Table(table),
        other => Part::Value(other),
    }
}

fn same(old: &Part<'_>, new: &Part<'_>) -> bool {
    match (old, new) {
        (Part::Value(old), Part::Value(new)) => same_value(old, new),
        (Part::Table(old), Part::Table(new)) => same_table(*old, *new),
        _ => false,
    }
}

fn same_table(old: &dyn TableLike, new: &dyn TableLike) -> bool {
    old.len() == new.len()
        && old
            .iter()
            .all(|(key, old_item)| new.get(key).is_some_and(|new_item| same_item(old_item, new_item)))
}

fn same_item(old: &Item, new: &Item) -> bool {
    if let (Some(old), Some(new)) = (old.as_table_like(), new.as_table_like()) {
        return same_table(old, new);
    }
    if let (Some(old), Some(new)) = (elements(old), elements(new)) {
        return old.len() == new.len() && old.iter().zip(&new).all(|(a, b)| same(a, b));
    }
    matches!((old.as_value(), new.as_value()), (Some(old), Some(new)) if same_value(old, new))
}

fn same_value(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::String(old), Value::String(new)) => old.value() == new.value(),
        (Value::Integer(old), Value::Integer(new)) => old.value() == new.value(),
        (Value::Float(old), Value::Float(new)) => old.value().to_bits() == new.value().to_bits(),
        (Value::Boolean(old), Value::Boolean(new)) => old.value() == new.value(),
        (Value::Datetime(old), Value::Datetime(new)) => old.value() == new.value(),
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(a, b)| same_value(a, b))
        }
        (Value::InlineTable(old), Value::InlineTable(new)) => same_table(old, new),
        _ => false,
    }
}
