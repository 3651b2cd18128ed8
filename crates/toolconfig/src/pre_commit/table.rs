//! The table of hooks, `data/pre-commit.toml`.

use std::sync::LazyLock;

use toml_edit::{DocumentMut, Table};

use crate::follow::{text_of, texts_of};

/// The hooks of one tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hooks {
    pub(crate) tool: String,
    pub(crate) ids: Vec<String>,
    /// Without `https://`, in lower case.
    pub(crate) repositories: Vec<String>,
    pub(crate) package: String,
    /// `v{}` or `{}`
    pub(crate) tag: String,
    /// What the hook needs to read pyproject.toml, below a version.
    pub(crate) dependency: Option<String>,
    pub(crate) below: Option<String>,
    /// Arguments without which pyproject.toml is not read.
    pub(crate) args: Vec<String>,
    /// Arguments that say nothing ruff does not do anyway.
    pub(crate) ignored: Vec<String>,
    /// Arguments that ruff has as well.
    pub(crate) same: Vec<String>,
    /// It changes files, as `ruff check --fix` does.
    pub(crate) fixes: bool,
}

static HOOKS: LazyLock<Vec<Hooks>> = LazyLock::new(|| read(include_str!("../../data/pre-commit.toml")));

/// The tools of the table.
pub(crate) fn tools() -> impl Iterator<Item = &'static str> {
    HOOKS.iter().map(|hooks| hooks.tool.as_str())
}

/// The hooks of a tool.
pub(crate) fn of_tool(tool: &str) -> Option<&'static Hooks> {
    HOOKS.iter().find(|hooks| hooks.tool == tool)
}

/// The tool that a hook runs.
pub(crate) fn of_id(id: &str) -> Option<&'static Hooks> {
    HOOKS.iter().find(|hooks| hooks.ids.iter().any(|known| known == id))
}

/// The tool whose hooks a repository has.
pub(crate) fn of_repository(url: &str) -> Option<&'static Hooks> {
    let url = url.to_ascii_lowercase();
    let plain = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let plain =
        plain.strip_prefix("git@").map_or_else(|| plain.to_owned(), |rest| rest.replacen(':', "/", 1));
    let plain = plain.trim_end_matches('/').trim_end_matches(".git");
    HOOKS.iter().find(|hooks| hooks.repositories.iter().any(|known| known == plain))
}

impl Hooks {
    /// The revision of a version.
    pub(crate) fn revision(&self, version: &str) -> String {
        self.tag.replace("{}", version)
    }

    /// What the hook of this revision needs to read pyproject.toml.
    pub(crate) fn needs(&self, revision: &str) -> Option<&str> {
        let numbers = |text: &str| -> Vec<u64> {
            let digits = text.trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
            digits.collect()
        };
        let is_new = self.below.as_deref().is_some_and(|below| numbers(revision) >= numbers(below));
        self.dependency.as_deref().filter(|_| !is_new)
    }
}

fn read(text: &str) -> Vec<Hooks> {
    let document: DocumentMut = text.parse().unwrap_or_default();
    let tables = document.get("hook").and_then(|item| item.as_array_of_tables());
    tables.into_iter().flat_map(|tables| tables.iter()).map(row).collect()
}

fn row(table: &Table) -> Hooks {
    Hooks {
        tool: text_of(table, "tool").unwrap_or_default(),
        ids: texts_of(table, "ids"),
        repositories: texts_of(table, "repositories"),
        package: text_of(table, "package").unwrap_or_default(),
        tag: text_of(table, "tag").unwrap_or_default(),
        dependency: text_of(table, "dependency"),
        below: text_of(table, "below"),
        args: texts_of(table, "args"),
        ignored: texts_of(table, "ignored"),
        same: texts_of(table, "same"),
        fixes: table.get("fixes").and_then(toml_edit::Item::as_bool).unwrap_or(false),
    }
}
