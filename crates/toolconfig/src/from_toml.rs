//! Tables that are TOML already, as the model has them.

use toml_edit::{Item, TableLike, Value as Toml};

use crate::model::{Element, Setting, Table, Value};

/// A table of a document; what is no table is an empty one.
pub(crate) fn table_of(item: &Item) -> Table {
    item.as_table_like().map(table).unwrap_or_default()
}

fn table(table: &dyn TableLike) -> Table {
    let settings = table.iter().filter_map(|(key, item)| Some(Setting::new(key, value_of(item)?)));
    Table { settings: settings.collect(), ..Table::default() }
}

fn value_of(item: &Item) -> Option<Value> {
    match item {
        Item::None => None,
        Item::Value(toml) => Some(value(toml)),
        Item::Table(inner) => Some(Value::Table(table(inner))),
        Item::ArrayOfTables(tables) => Some(Value::Tables(tables.iter().map(|inner| table(inner)).collect())),
    }
}

fn value(toml: &Toml) -> Value {
    match toml {
        Toml::String(text) => Value::String(text.value().clone()),
        Toml::Integer(number) => Value::Integer(*number.value()),
        Toml::Float(number) => Value::Float(number.value().to_string()),
        Toml::Boolean(truth) => Value::Bool(*truth.value()),
        // No tool that is read here has a setting that is a date.
        Toml::Datetime(date) => Value::String(date.value().to_string()),
        Toml::Array(items) => Value::Array(items.iter().map(|item| Element::new(value(item))).collect()),
        Toml::InlineTable(inner) => Value::Inline(table(inner)),
    }
}
