//! What the readers of the linters write into: one table, one set of rules, one list of rows.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_diagnostics::Diagnostic;

use crate::model::{Place, Setting, Table, Value};
use crate::report::{Outcome, Row};
use crate::section::{Key, Section};

/// The settings of ruff while they are put together.
#[derive(Debug, Default)]
pub(crate) struct Output {
    pub(crate) table: Table,
    pub(crate) rows: Vec<Row>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The rules to enable, each by its code.
    pub(crate) rules: BTreeSet<String>,
    /// Codes that other tools use in `noqa` comments.
    pub(crate) external: BTreeSet<String>,
    /// The docstring convention; `all` is none.
    pub(crate) convention: Option<String>,
    /// The rules that files of a pattern are not checked by.
    pub(crate) per_file: BTreeMap<String, BTreeSet<String>>,
    /// Comments on what is selected.
    pub(crate) comments: Vec<String>,
    /// How long a line may be for E501.
    pub(crate) linter_length: Option<i64>,
    /// How long a line may be for the formatter.
    pub(crate) black_length: Option<i64>,
    /// How long a line of imports may be.
    pub(crate) isort_length: Option<i64>,
    /// The minor version of the oldest Python 3 that a tool is set to.
    pub(crate) oldest: Option<u32>,
}

impl Output {
    /// Sets a key by its dotted path, `lint.isort.known-first-party`.
    pub(crate) fn set(&mut self, path: &str, value: impl Into<Value>, comments: &[String]) {
        let keys: Vec<&str> = path.split('.').collect();
        if let [tables @ .., key] = keys.as_slice() {
            self.table.at(tables).set(Setting::new(*key, value).with_comments(comments.to_vec()));
        }
    }

    /// Takes note of the minor version of the oldest Python 3 that a tool is set to.
    pub(crate) fn target(&mut self, minor: u32) {
        self.oldest = Some(self.oldest.map_or(minor, |known| known.min(minor)));
    }

    /// Says what became of a key of an ini section.
    pub(crate) fn row(
        &mut self,
        tool: &str,
        section: &Section,
        key: &Key,
        to: Option<&str>,
        outcome: Outcome,
    ) {
        let value = key.value.split('\n').map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>();
        let setting = format!("{} = {}", key.name, value.join(" "));
        self.push(tool, section.place(key), setting.trim_end(), to, outcome);
    }

    /// Says what became of a setting.
    pub(crate) fn push(
        &mut self,
        tool: &str,
        from: Place,
        setting: &str,
        to: Option<&str>,
        outcome: Outcome,
    ) {
        let to = to.map(|path| format!("tool.ruff.{path}"));
        self.rows.push(Row { tool: tool.to_owned(), from, setting: setting.to_owned(), to, outcome });
    }

    /// Adds a diagnostic at a place.
    pub(crate) fn say(&mut self, place: &Place, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic.in_file(place.file.as_str(), place.line));
    }
}
