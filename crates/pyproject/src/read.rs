//! What a document says.

use toml_edit::{Array, InlineTable, Item as TomlItem, TableLike, Value as TomlValue};

use crate::document::PyProject;
use crate::model::{
    Entry, GitReference, GroupEntry, Index, Malformed, Source, SourceEntry, SourceKind, UvView, Value,
};

impl PyProject {
    fn string(&self, path: &[&str]) -> Option<&str> {
        self.get(path)?.as_str()
    }

    /// `project.name`
    pub fn project_name(&self) -> Option<&str> {
        self.string(&["project", "name"])
    }

    /// `project.version`
    pub fn project_version(&self) -> Option<&str> {
        self.string(&["project", "version"])
    }

    /// `project.requires-python`
    pub fn requires_python(&self) -> Option<&str> {
        self.string(&["project", "requires-python"])
    }

    /// Whether there is a `[project]` table, even an empty one.
    pub fn has_project(&self) -> bool {
        self.table(&["project"]).is_some()
    }

    /// Whether there is a `[build-system]` table.
    pub fn has_build_system(&self) -> bool {
        self.table(&["build-system"]).is_some()
    }

    /// `build-system.build-backend`
    pub fn build_backend(&self) -> Option<&str> {
        self.string(&["build-system", "build-backend"])
    }

    /// `build-system.requires`
    pub fn build_requires(&self) -> Vec<Entry> {
        self.strings(&["build-system", "requires"])
    }

    /// Whether `project.dynamic` names this field.
    pub fn is_dynamic(&self, field: &str) -> bool {
        self.strings(&["project", "dynamic"]).iter().any(|entry| entry.text == field)
    }

    /// Whether `project` has this key.
    pub fn has_project_field(&self, field: &str) -> bool {
        self.get(&["project", field]).is_some()
    }

    /// `project.dependencies`
    pub fn dependencies(&self) -> Vec<Entry> {
        self.strings(&["project", "dependencies"])
    }

    /// `project.optional-dependencies`, in the order of the file.
    pub fn optional_dependencies(&self) -> Vec<(String, Vec<Entry>)> {
        let table = self.table(&["project", "optional-dependencies"]);
        let extras = table.into_iter().flat_map(TableLike::iter);
        extras.map(|(name, item)| (name.to_owned(), self.entries(item))).collect()
    }

    /// `dependency-groups` (PEP 735), in the order of the file.
    pub fn dependency_groups(&self) -> Vec<(String, Vec<GroupEntry>)> {
        let table = self.table(&["dependency-groups"]);
        let groups = table.into_iter().flat_map(TableLike::iter);
        groups.map(|(name, item)| (name.to_owned(), self.group_entries(item))).collect()
    }

    /// What stands at a path of keys, as a plain value; none for dates and floats and where nothing stands.
    pub fn value(&self, path: &[&str]) -> Option<Value> {
        value_of(self.get(path)?)
    }

    /// Whether there is a `[tool.NAME]` table in any form.
    pub fn has_tool(&self, name: &str) -> bool {
        self.table(&["tool", name]).is_some()
    }

    /// The names of all tools with settings in the file, in its order.
    pub fn tools(&self) -> Vec<&str> {
        self.table(&["tool"]).into_iter().flat_map(TableLike::iter).map(|(name, _)| name).collect()
    }

    /// The table of a tool.
    pub fn tool(&self, name: &str) -> Option<&TomlItem> {
        self.get(&["tool", name])
    }

    /// The settings of uvshift itself, `[tool.uvshift]`.
    pub fn settings(&self) -> Option<&TomlItem> {
        self.tool("uvshift")
    }

    /// The files that setuptools reads a dynamic field from: `[tool.setuptools.dynamic]`, where a field is
    /// `dependencies`, `version` and so on.
    pub fn setuptools_dynamic_files(&self, field: &str) -> Vec<String> {
        self.get(&["tool", "setuptools", "dynamic", field]).map(file_list).unwrap_or_default()
    }

    /// The files that setuptools reads each extra from.
    pub fn setuptools_dynamic_extras(&self) -> Vec<(String, Vec<String>)> {
        let table = self.table(&["tool", "setuptools", "dynamic", "optional-dependencies"]);
        let extras = table.into_iter().flat_map(TableLike::iter);
        extras.map(|(name, item)| (name.to_owned(), file_list(item))).collect()
    }

    /// What the file says to uv.
    pub fn uv(&self) -> UvView {
        let Some(table) = self.table(&["tool", "uv"]) else { return UvView::default() };
        let sources = self.table(&["tool", "uv", "sources"]).into_iter().flat_map(TableLike::iter);
        UvView {
            present: true,
            sources: sources.map(|(name, item)| (name.to_owned(), self.source_entries(item))).collect(),
            indexes: table.get("index").map(indexes).unwrap_or_default(),
            constraint_dependencies: self.strings(&["tool", "uv", "constraint-dependencies"]),
            override_dependencies: self.strings(&["tool", "uv", "override-dependencies"]),
            dev_dependencies: self.strings(&["tool", "uv", "dev-dependencies"]),
            package: table.get("package").and_then(TomlItem::as_bool),
            keys: table.iter().map(|(key, _)| key.to_owned()).collect(),
        }
    }

    /// Everything that the readers above leave out because its type is wrong. A caller that must not lose
    /// anything reports these.
    pub fn malformed(&self) -> Vec<Malformed> {
        let mut found = Vec::new();
        for path in [["project"].as_slice(), &["dependency-groups"], &["build-system"], &["tool", "uv"]] {
            self.expect_table(path, &mut found);
        }
        for path in [["project", "name"], ["project", "version"], ["project", "requires-python"]] {
            if let Some(item) = self.get(&path)
                && item.as_str().is_none()
            {
                found.push(self.malformed_at(path.join("."), item, "a string"));
            }
        }
        for path in [
            ["project", "dependencies"].as_slice(),
            &["project", "dynamic"],
            &["build-system", "requires"],
            &["tool", "uv", "constraint-dependencies"],
            &["tool", "uv", "override-dependencies"],
            &["tool", "uv", "dev-dependencies"],
        ] {
            if let Some(item) = self.get(path) {
                self.expect_strings(&path.join("."), item, false, &mut found);
            }
        }
        self.expect_table(&["project", "optional-dependencies"], &mut found);
        for (path, groups) in
            [(["project", "optional-dependencies"].as_slice(), false), (&["dependency-groups"], true)]
        {
            for (name, item) in self.table(path).into_iter().flat_map(TableLike::iter) {
                self.expect_strings(&format!("{}.{name}", path.join(".")), item, groups, &mut found);
            }
        }
        found
    }

    fn malformed_at(&self, key: String, item: &TomlItem, expected: &'static str) -> Malformed {
        Malformed { key, line: self.line(item.span().map_or(0, |span| span.start)), expected }
    }

    fn expect_table(&self, path: &[&str], found: &mut Vec<Malformed>) {
        if let Some(item) = self.get(path)
            && item.as_table_like().is_none()
        {
            found.push(self.malformed_at(path.join("."), item, "a table"));
        }
    }

    fn expect_strings(&self, key: &str, item: &TomlItem, includes: bool, found: &mut Vec<Malformed>) {
        let Some(array) = item.as_array() else {
            found.push(self.malformed_at(key.to_owned(), item, "an array of strings"));
            return;
        };
        for value in array {
            let is_include = includes && value.as_inline_table().and_then(include_of).is_some();
            if value.as_str().is_none() && !is_include {
                let expected =
                    if includes { "a string or `{ include-group = \"...\" }`" } else { "a string" };
                found.push(Malformed { key: key.to_owned(), line: self.value_line(value), expected });
            }
        }
    }

    fn value_line(&self, value: &TomlValue) -> usize {
        self.line(value.span().map_or(0, |span| span.start))
    }

    /// The strings of the array at a path.
    pub(crate) fn strings(&self, path: &[&str]) -> Vec<Entry> {
        self.get(path).map(|item| self.entries(item)).unwrap_or_default()
    }

    fn entries(&self, item: &TomlItem) -> Vec<Entry> {
        let values = item.as_array().into_iter().flat_map(Array::iter);
        values
            .filter_map(|value| {
                Some(Entry { text: value.as_str()?.to_owned(), line: self.value_line(value) })
            })
            .collect()
    }

    fn group_entries(&self, item: &TomlItem) -> Vec<GroupEntry> {
        let values = item.as_array().into_iter().flat_map(Array::iter);
        let entry = |value: &TomlValue| {
            let line = self.value_line(value);
            if let Some(text) = value.as_str() {
                return Some(GroupEntry::Requirement(Entry { text: text.to_owned(), line }));
            }
            let group = include_of(value.as_inline_table()?)?.to_owned();
            Some(GroupEntry::Include { group, line })
        };
        values.filter_map(entry).collect()
    }

    fn source_entries(&self, item: &TomlItem) -> Vec<SourceEntry> {
        let entry = |table: &dyn TableLike, span: Option<std::ops::Range<usize>>| SourceEntry {
            source: source(table, self.text().get(span.clone().unwrap_or_default()).unwrap_or_default()),
            line: self.line(span.map_or(0, |span| span.start)),
        };
        match item {
            TomlItem::Table(table) => {
                // A dotted table has no span of its own; its first key has.
                let first = table.iter().find_map(|(_, item)| item.span());
                vec![entry(table, table.span().or(first))]
            }
            TomlItem::ArrayOfTables(tables) => {
                tables.iter().map(|table| entry(table, table.span())).collect()
            }
            TomlItem::Value(TomlValue::InlineTable(table)) => vec![entry(table, table.span())],
            TomlItem::Value(TomlValue::Array(array)) => {
                let tables = array.iter().filter_map(TomlValue::as_inline_table);
                tables.map(|table| entry(table, table.span())).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// An item in the form that is written.
pub(crate) fn value_of(item: &TomlItem) -> Option<Value> {
    let table = |table: &dyn TableLike| {
        let pairs = table.iter().map(|(key, item)| Some((key.to_owned(), value_of(item)?)));
        pairs.collect::<Option<Vec<_>>>().map(Value::Table)
    };
    match item {
        TomlItem::Value(value) => plain(value),
        TomlItem::Table(found) => table(found),
        TomlItem::ArrayOfTables(tables) => {
            tables.iter().map(|found| table(found)).collect::<Option<_>>().map(Value::Array)
        }
        TomlItem::None => None,
    }
}

/// A parsed value in the form that is written; none for what cannot be written.
pub(crate) fn plain(value: &TomlValue) -> Option<Value> {
    Some(match value {
        TomlValue::String(text) => Value::String(text.value().clone()),
        TomlValue::Boolean(value) => Value::Bool(*value.value()),
        TomlValue::Integer(value) => Value::Integer(*value.value()),
        TomlValue::Array(items) => Value::Array(items.iter().map(plain).collect::<Option<_>>()?),
        TomlValue::InlineTable(table) => Value::Table(
            table.iter().map(|(key, value)| Some((key.to_owned(), plain(value)?))).collect::<Option<_>>()?,
        ),
        _ => return None,
    })
}

fn include_of(table: &InlineTable) -> Option<&str> {
    table.get("include-group")?.as_str()
}

fn text_of(table: &dyn TableLike, key: &str) -> Option<String> {
    table.get(key)?.as_str().map(str::to_owned)
}

fn bool_of(table: &dyn TableLike, key: &str) -> Option<bool> {
    table.get(key)?.as_bool()
}

/// `{ file = "a" }` or `{ file = ["a", "b"] }`.
fn file_list(item: &TomlItem) -> Vec<String> {
    let Some(file) = item.as_table_like().and_then(|table| table.get("file")) else { return Vec::new() };
    match file.as_value() {
        Some(TomlValue::String(path)) => vec![path.value().clone()],
        Some(TomlValue::Array(paths)) => {
            paths.iter().filter_map(|path| path.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

fn source(table: &dyn TableLike, written: &str) -> Source {
    let reference = text_of(table, "rev")
        .map(GitReference::Rev)
        .or_else(|| text_of(table, "tag").map(GitReference::Tag))
        .or_else(|| text_of(table, "branch").map(GitReference::Branch));
    let subdirectory = text_of(table, "subdirectory");
    let kind = if let Some(url) = text_of(table, "git") {
        SourceKind::Git { url, reference, subdirectory, lfs: bool_of(table, "lfs") }
    } else if let Some(url) = text_of(table, "url") {
        SourceKind::Url { url, subdirectory }
    } else if let Some(path) = text_of(table, "path") {
        let (editable, package) = (bool_of(table, "editable"), bool_of(table, "package"));
        SourceKind::Path { path, editable, package }
    } else if let Some(name) = text_of(table, "index") {
        SourceKind::Index(name)
    } else if bool_of(table, "workspace") == Some(true) {
        SourceKind::Workspace
    } else {
        SourceKind::Other(written.to_owned())
    };
    Source {
        kind,
        marker: text_of(table, "marker"),
        extra: text_of(table, "extra"),
        group: text_of(table, "group"),
    }
}

fn indexes(item: &TomlItem) -> Vec<Index> {
    let index = |table: &dyn TableLike| Index {
        name: text_of(table, "name"),
        url: text_of(table, "url").unwrap_or_default(),
        default: bool_of(table, "default").unwrap_or(false),
        explicit: bool_of(table, "explicit").unwrap_or(false),
        format: text_of(table, "format"),
    };
    match item {
        TomlItem::ArrayOfTables(tables) => tables.iter().map(|table| index(table)).collect(),
        TomlItem::Value(TomlValue::Array(array)) => {
            array.iter().filter_map(TomlValue::as_inline_table).map(|table| index(table)).collect()
        }
        _ => Vec::new(),
    }
}
