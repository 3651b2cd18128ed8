//! The table of command lines that name a settings file, `data/follow.toml`.

use std::sync::LazyLock;

use toml_edit::{DocumentMut, Table};

/// How the command line of a tool names its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tool {
    /// The name that `Gone::tool` has.
    pub(crate) name: String,
    /// The names of its program.
    pub(crate) commands: Vec<String>,
    /// Options whose value is the file.
    pub(crate) options: Vec<String>,
    /// The option that takes pyproject.toml, where that is another one.
    pub(crate) to: Option<String>,
    /// Environment variables whose value is the file.
    pub(crate) variables: Vec<String>,
    /// The option takes the folder in place of the file.
    pub(crate) takes_folder: bool,
}

static TOOLS: LazyLock<Vec<Tool>> = LazyLock::new(|| read(include_str!("../../data/follow.toml")));

/// Every tool of the table.
#[cfg(test)]
pub(crate) fn tools() -> &'static [Tool] {
    &TOOLS
}

/// The tool of this name.
pub(crate) fn tool(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

/// Whether a word is the name of a program of the table, also with a folder in front.
pub(crate) fn is_command(word: &str) -> bool {
    TOOLS.iter().any(|tool| tool.commands.iter().any(|command| command == word))
}

fn read(text: &str) -> Vec<Tool> {
    let document: DocumentMut = text.parse().unwrap_or_default();
    let tables = document.get("tool").and_then(|item| item.as_array_of_tables());
    tables.into_iter().flat_map(|tables| tables.iter()).map(row).collect()
}

fn row(table: &Table) -> Tool {
    Tool {
        name: text(table, "tool").unwrap_or_default(),
        commands: texts(table, "commands"),
        options: texts(table, "options"),
        to: text(table, "to"),
        variables: texts(table, "variables"),
        takes_folder: table.get("folder").and_then(toml_edit::Item::as_bool).unwrap_or(false),
    }
}

/// A string of a table.
pub(crate) fn text(table: &Table, key: &str) -> Option<String> {
    table.get(key)?.as_str().map(str::to_owned)
}

/// An array of strings of a table; empty where it is not there.
pub(crate) fn texts(table: &Table, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(|item| item.as_array());
    array
        .into_iter()
        .flat_map(|array| array.iter())
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}
