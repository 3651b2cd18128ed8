//! Typed access to the fields of a JSON object.

use std::path::PathBuf;

use serde_json::{Map, Value};

use super::{JsonError, path};

/// An object and what it is called in errors.
pub(super) struct Fields<'a> {
    table: &'a Map<String, Value>,
    name: &'static str,
}

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value, name: &'static str) -> Result<Self, JsonError> {
        let table = value.as_object().ok_or_else(|| error(name, "an object"))?;
        Ok(Self { table, name })
    }

    /// The value of a key; null where there is none.
    pub(super) fn get(&self, key: &str) -> &'a Value {
        self.table.get(key).unwrap_or(&Value::Null)
    }

    pub(super) fn table(&self, key: &'static str) -> Result<Fields<'a>, JsonError> {
        Fields::of(self.get(key), key)
    }

    pub(super) fn text(&self, key: &str) -> Result<String, JsonError> {
        self.optional_text(key)?.ok_or_else(|| self.error(key, "a text"))
    }

    /// A text without line breaks and other control characters.
    pub(super) fn line(&self, key: &str) -> Result<String, JsonError> {
        let text = self.text(key)?;
        if text.contains(|letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}')) {
            return Err(self.error(key, "a text in one line"));
        }
        Ok(text)
    }

    pub(super) fn optional_text(&self, key: &str) -> Result<Option<String>, JsonError> {
        match self.get(key) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            _ => Err(self.error(key, "a text")),
        }
    }

    pub(super) fn flag(&self, key: &str) -> Result<bool, JsonError> {
        self.optional_flag(key)?.ok_or_else(|| self.error(key, "true or false"))
    }

    pub(super) fn optional_flag(&self, key: &str) -> Result<Option<bool>, JsonError> {
        match self.get(key) {
            Value::Null => Ok(None),
            Value::Bool(flag) => Ok(Some(*flag)),
            _ => Err(self.error(key, "true or false")),
        }
    }

    pub(super) fn path(&self, key: &str) -> Result<PathBuf, JsonError> {
        path::from_json(self.get(key)).map_err(|_| self.error(key, "a path"))
    }

    pub(super) fn optional_path(&self, key: &str) -> Result<Option<PathBuf>, JsonError> {
        if self.get(key).is_null() { Ok(None) } else { self.path(key).map(Some) }
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, JsonError> {
        self.list(key, |value| {
            value.as_str().map(str::to_owned).ok_or_else(|| self.error(key, "a list of texts"))
        })
    }

    pub(super) fn list<T>(
        &self,
        key: &str,
        read: impl Fn(&Value) -> Result<T, JsonError>,
    ) -> Result<Vec<T>, JsonError> {
        self.get(key).as_array().ok_or_else(|| self.error(key, "a list"))?.iter().map(read).collect()
    }

    pub(super) fn one_of<T: Copy>(&self, key: &str, names: &[(&str, T)]) -> Result<T, JsonError> {
        let text = self.text(key)?;
        let found = names.iter().find(|(name, _)| *name == text);
        found.map(|(_, value)| *value).ok_or_else(|| self.error(key, "one of the known words"))
    }

    pub(super) fn error(&self, key: &str, expected: &'static str) -> JsonError {
        error(&format!("{}.{key}", self.name), expected)
    }
}

pub(super) fn error(field: &str, expected: &'static str) -> JsonError {
    JsonError::Field { field: field.to_owned(), expected }
}
