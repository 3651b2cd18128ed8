//! Scenarios from TOML, with the line of what is wrong.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use super::{PythonBounds, Requirements, ScenarioSpec};
use crate::model::Operation;

/// Why a file of scenarios cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
#[non_exhaustive]
pub struct ScenarioError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, in one line.
    pub message: String,
}

impl ScenarioError {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(
            "a scenario is a table with `description` and `requirements`, and if need be `operations`, `change` and `python`",
        )
    }
}

/// A text, for telling lines.
struct Reader<'a> {
    source: &'a str,
}

/// The scenarios of a TOML text: a table each, named by its key.
pub(super) fn read(text: &str) -> Result<Vec<ScenarioSpec>, ScenarioError> {
    let reader = Reader { source: text };
    let document = Document::parse(text).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        reader.error(error.span(), message)
    })?;
    let mut scenarios = Vec::new();
    for (name, item) in document.as_table() {
        let span = document.as_table().key(name).and_then(toml_edit::Key::span).or_else(|| item.span());
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
            let message = format!("`{name}` has other characters than letters, digits, `-` and `_`");
            return Err(reader.error(span, message));
        }
        let Some(table) = item.as_table_like() else {
            return Err(reader.error(span, format!("`{name}` is not a table")));
        };
        scenarios.push(reader.scenario(name, table, span)?);
    }
    Ok(scenarios)
}

impl Reader<'_> {
    fn error(&self, span: Option<Range<usize>>, message: impl Into<String>) -> ScenarioError {
        let before = span.and_then(|span| self.source.get(..span.start)).unwrap_or_default();
        ScenarioError { line: before.matches('\n').count() + 1, message: message.into() }
    }

    fn scenario(
        &self,
        name: &str,
        table: &dyn TableLike,
        span: Option<Range<usize>>,
    ) -> Result<ScenarioSpec, ScenarioError> {
        let mut spec = ScenarioSpec {
            name: name.to_owned(),
            description: String::new(),
            operations: Operation::ALL.to_vec(),
            requirements: Requirements::Texts(Vec::new()),
            change: None,
            python: PythonBounds::default(),
        };
        for (key, item) in table.iter() {
            match key {
                "description" => spec.description = self.text(key, item)?,
                "requirements" => spec.requirements = Requirements::Texts(self.requirements(item)?),
                "operations" => spec.operations = self.operations(item)?,
                "change" => spec.change = Some(self.text(key, item)?),
                "python" => spec.python = self.python(item)?,
                _ => {
                    let span = table.key(key).and_then(toml_edit::Key::span).or_else(|| item.span());
                    return Err(self.error(span, format!("`{name}` has the unknown key `{key}`")));
                }
            }
        }
        if spec.requirements == Requirements::Texts(Vec::new()) {
            return Err(self.error(span, format!("`{name}` has no requirements")));
        }
        Ok(spec)
    }

    fn text(&self, key: &str, item: &Item) -> Result<String, ScenarioError> {
        let text = item.as_str().map(str::trim).filter(|text| !text.is_empty() && !text.contains('\n'));
        text.map(str::to_owned)
            .ok_or_else(|| self.error(item.span(), format!("`{key}` is not a line of text")))
    }

    fn requirements(&self, item: &Item) -> Result<Vec<String>, ScenarioError> {
        let read = |text: &str, value: &Value| {
            // Each becomes a line of a requirements file, where these would be options.
            if text.is_empty() || text.contains('\n') || text.starts_with('-') {
                let message = format!("`{}` is not a requirement", uvshift_requirements::redacted(text));
                return Err(self.error(value.span(), message));
            }
            Ok(text.to_owned())
        };
        self.list("requirements", item, read)
    }

    fn operations(&self, item: &Item) -> Result<Vec<Operation>, ScenarioError> {
        self.list("operations", item, |text, value| {
            Operation::ALL.into_iter().find(|operation| operation.id() == text).ok_or_else(|| {
                let known = Operation::ALL.map(Operation::id).join(", ");
                self.error(value.span(), format!("there is no operation `{text}`, only {known}"))
            })
        })
    }

    fn list<T>(
        &self,
        key: &str,
        item: &Item,
        read: impl Fn(&str, &Value) -> Result<T, ScenarioError>,
    ) -> Result<Vec<T>, ScenarioError> {
        let wrong = |span| self.error(span, format!("`{key}` is not a list of texts"));
        let values = item.as_array().ok_or_else(|| wrong(item.span()))?;
        values
            .iter()
            .map(|value| read(value.as_str().ok_or_else(|| wrong(value.span()))?.trim(), value))
            .collect()
    }

    /// Bounds such as `>=3.10,<3.14`.
    fn python(&self, item: &Item) -> Result<PythonBounds, ScenarioError> {
        let text = self.text("python", item)?;
        let mut bounds = PythonBounds::default();
        for part in text.split(',').map(str::trim) {
            let minor =
                |prefix: &str| part.strip_prefix(prefix)?.trim().strip_prefix("3.")?.parse::<u32>().ok();
            if let Some(from) = minor(">=") {
                bounds.from = Some(from);
            } else if let Some(below) = minor("<") {
                bounds.below = Some(below);
            } else {
                let message = format!("`{part}` is not a bound such as `>=3.10` or `<3.15`");
                return Err(self.error(item.span(), message));
            }
        }
        Ok(bounds)
    }
}
