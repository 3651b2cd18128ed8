//! The settings of tools that have a table of their own, by the rows of a data file.

use std::sync::LazyLock;

use toml_edit::{DocumentMut, Item};
use uvshift_diagnostics::Diagnostic;

use crate::codes::NO_COUNTERPART;
use crate::model::{Element, Place, Setting, Value};
use crate::report::Outcome;

use super::output::Output;

static TOOLS: LazyLock<DocumentMut> =
    LazyLock::new(|| include_str!("../../data/ruff/tools.toml").parse().unwrap_or_default());

/// A table of the data file.
pub(crate) fn data(path: &[&str]) -> Option<&'static toml_edit::Table> {
    path.iter().try_fold(TOOLS.as_table(), |table, key| table.get(key)?.as_table())
}

/// The keys and texts of a table of the data file.
pub(crate) fn texts(table: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    data(&[table]).into_iter().flatten().filter_map(|(key, item)| Some((key, item.as_str()?)))
}

/// A setting of a tool, on its way.
pub(crate) struct Given<'a> {
    pub(crate) tool: &'a str,
    pub(crate) setting: &'a Setting,
}

impl Given<'_> {
    /// Says what became of it.
    pub(crate) fn row(&self, to: Option<&str>, outcome: Outcome, out: &mut Output) {
        let place = Place::new(format!("tool.{}", self.tool), 0);
        let setting = format!("{} = {}", self.setting.key, shown(&self.setting.value));
        out.push(self.tool, place, &setting, to, outcome);
    }

    /// Takes it over by its row of the data, or says why not.
    pub(crate) fn by_data(&self, name: &str, out: &mut Output) {
        let dropped = format!("{}-dropped", self.tool);
        if let Some(why) = data(&[&dropped]).and_then(|table| table.get(name)?.as_str()) {
            return self.row(None, Outcome::Dropped(why.to_owned()), out);
        }
        let row = data(&[self.tool]).and_then(|table| table.get(name)).and_then(Item::as_array);
        let text = |at: usize| row.and_then(|row| row.get(at)?.as_str());
        let (Some(kind), Some(to)) = (text(0), text(1)) else {
            return self.row(None, Outcome::Dropped("ruff has no such setting".to_owned()), out);
        };
        let value = match kind {
            "list" => list(&self.setting.value, str::to_owned),
            _ => self.setting.value.clone(),
        };
        out.set(to, value, &self.setting.comments);
        self.row(Some(to), Outcome::Carried, out);
    }

    /// Says that something is lost that decides what is found.
    pub(crate) fn lost(&self, why: &str, out: &mut Output) {
        let message = format!("{}'s `{}`: {why}", self.tool, self.setting.key);
        out.diagnostics.push(Diagnostic::warning(NO_COUNTERPART, message));
        self.row(None, Outcome::Dropped(why.to_owned()), out);
    }
}

/// The items of a list, or of a text with commas or line ends between them.
pub(crate) fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(|item| strings(&item.value)).collect(),
        Value::String(text) => {
            let items = text.split([',', '\n']).map(str::trim).filter(|item| !item.is_empty());
            items.map(str::to_owned).collect()
        }
        Value::Integer(number) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

/// A list whose items are written in another way, with its comments.
pub(crate) fn list(value: &Value, written: impl Fn(&str) -> String) -> Value {
    let Value::Array(items) = value else {
        return Value::strings(strings(value).iter().map(|item| written(item)));
    };
    let one = |item: &Element| match &item.value {
        Value::String(text) => Element { value: Value::String(written(text)), ..item.clone() },
        _ => item.clone(),
    };
    Value::Array(items.iter().map(one).collect())
}

/// Whether a value says yes.
pub(crate) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        Value::Integer(number) => *number != 0,
        Value::String(text) => {
            matches!(text.to_lowercase().as_str(), "1" | "yes" | "true" | "on" | "y" | "t")
        }
        _ => false,
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Float(text) => text.clone(),
        Value::Table(_) | Value::Inline(_) | Value::Tables(_) => "{ .. }".to_owned(),
        list => strings(list).join(", "),
    }
}
