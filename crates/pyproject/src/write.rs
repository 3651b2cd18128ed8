//! The edits that add something.

use toml_edit::TableLike;

use crate::array::{self, NewElement};
use crate::document::{Edit, PyProject};
use crate::error::Error;
use crate::locate::{Target, key_rank};
use crate::model::{ArrayAt, Item, Value, normalized};
use crate::read::plain;
use crate::render;
use crate::syntax::{InlineEntry, Node, NodeKind};

/// How a value is laid out where it is put.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Layout<'a> {
    /// After `key = ` on a line with this indentation.
    Block(&'a str),
    /// Inside an inline table on a line with this indentation.
    Inline(&'a str),
}

impl Layout<'_> {
    fn value(self, value: &Value) -> String {
        match self {
            Self::Block(indent) => render::block(value, indent),
            Self::Inline(_) => render::inline(value),
        }
    }

    fn array(self, elements: &[NewElement]) -> String {
        match self {
            Self::Block(indent) | Self::Inline(indent) => array::fresh(elements, indent),
        }
    }
}

impl PyProject {
    /// Sets a key of `[project]`. A table (`urls`, `scripts`, `entry-points.NAME`) gets a header of its own.
    pub fn set_project_field(&mut self, key: &str, value: impl Into<Value>) -> Result<(), Error> {
        match value.into() {
            Value::Table(pairs) if matches!(key, "urls" | "scripts" | "gui-scripts") => {
                let set = |document: &mut Self| {
                    pairs
                        .iter()
                        .try_for_each(|(name, value)| document.set(&["project", key], name, value.clone()))
                };
                self.all_or_nothing(set)
            }
            value => self.set(&["project"], key, value),
        }
    }

    /// Sets a key of `[tool.uv]`. A key that is there gets the new value.
    pub fn set_uv(&mut self, key: &str, value: impl Into<Value>) -> Result<(), Error> {
        self.set(&["tool", "uv"], key, value)
    }

    /// Writes `[build-system]`.
    pub fn set_build_system(&mut self, requires: &[&str], build_backend: &str) -> Result<(), Error> {
        self.all_or_nothing(|document| {
            document.set(&["build-system"], "requires", Value::strings(requires.iter().copied()))?;
            document.set(&["build-system"], "build-backend", build_backend)
        })
    }

    /// Sets a key of any table, which is made when it is missing. A key that is there gets the new value and
    /// keeps its place and the comment behind it, but not what stood inside the old value; an equal value is left
    /// as it is written.
    pub fn set(&mut self, table: &[&str], key: &str, value: impl Into<Value>) -> Result<(), Error> {
        let value = value.into();
        let path: Vec<&str> = table.iter().copied().chain([key]).collect();
        if let Some(node) = self.syntax.value(&path) {
            let old = self.get(&path).and_then(|item| item.as_value()).and_then(plain);
            if old.as_ref() == Some(&value) {
                return Ok(());
            }
            let layout = Layout::Block(array::indent_of(self.text(), node.span.start));
            let edit = Edit::replace(node.span.clone(), layout.value(&value));
            return self.apply(&path.join("."), vec![edit], std::slice::from_ref(&path));
        }
        if self.get(&path).is_some() {
            let (key, line) = (path.join("."), self.line_of(&path));
            return Err(Error::Conflict { key, line });
        }
        self.insert_key(table, key, |layout| layout.value(&value))
    }

    /// Puts the settings of a tool, as text with headers of its own such as `[tool.NAME]` and `[[tool.NAME.overrides]]`, at
    /// the end of the file. What stood at `tool.NAME` goes, with the comments that belong to it.
    pub fn replace_tool(&mut self, name: &str, text: &str) -> Result<(), Error> {
        self.all_or_nothing(|document| {
            document.remove_with_comments(&["tool", name])?;
            let old = document.text();
            let gap = match old {
                "" => "",
                _ if old.ends_with("\n\n") || old.ends_with("\n\r\n") => "",
                _ if old.ends_with('\n') => "\n",
                _ => "\n\n",
            };
            let edit = Edit::insert(old.len(), format!("{gap}{text}"));
            document.apply(&format!("tool.{name}"), vec![edit], &[vec!["tool", name]])
        })
    }

    /// Puts comment lines, each with or without its `#`, at the end of the file behind a blank line.
    pub fn append_comments(&mut self, comments: &[String]) -> Result<(), Error> {
        if comments.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = comments.iter().flat_map(|comment| render::comment_lines(comment)).collect();
        let gap = match self.text() {
            "" => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        let edit = Edit::insert(self.text().len(), format!("{gap}{}\n", lines.join("\n")));
        self.apply("", vec![edit], &[])
    }

    /// Adds a string to an array, which is made when it is missing.
    ///
    /// For many strings [`add_dependencies`](Self::add_dependencies) reads the document once and not once for
    /// each.
    pub fn add_dependency(&mut self, at: ArrayAt<'_>, item: Item) -> Result<(), Error> {
        self.add_dependencies(at, &[item])
    }

    /// Adds strings to an array, which is made, even empty, when it is missing. Extras and groups are found
    /// by their normalised names.
    pub fn add_dependencies(&mut self, at: ArrayAt<'_>, items: &[Item]) -> Result<(), Error> {
        let elements: Vec<_> = items.iter().map(NewElement::string).collect();
        let (table, key) = at.path();
        self.append_elements(&table, key, at.is_name(), &elements)
    }

    /// Adds `{ include-group = "..." }` to a dependency group.
    pub fn add_include_group(
        &mut self,
        group: &str,
        included: &str,
        comments_above: &[String],
        comment_trailing: Option<&str>,
    ) -> Result<(), Error> {
        let text = render::inline(&Value::table([("include-group", included)]));
        let element = NewElement::with_comments(text, comments_above, comment_trailing);
        self.append_elements(&["dependency-groups"], group, true, &[element])
    }

    pub(crate) fn append_elements(
        &mut self,
        table: &[&str],
        key: &str,
        is_name: bool,
        elements: &[NewElement],
    ) -> Result<(), Error> {
        let key = if is_name { self.spelling(table, key) } else { key.to_owned() };
        let path: Vec<&str> = table.iter().copied().chain([key.as_str()]).collect();
        match self.syntax.value(&path) {
            Some(Node { span, kind: NodeKind::Array(old) }) => {
                let edits = array::append(self.text(), span, old, elements);
                if edits.is_empty() { Ok(()) } else { self.apply(&path.join("."), edits, &[]) }
            }
            None if self.get(&path).is_none() => {
                self.insert_key(table, &key, |layout| layout.array(elements))
            }
            _ => Err(Error::NotAnArray { key: path.join("."), line: self.line_of(&path) }),
        }
    }

    /// The key as the file spells it, found by the normalised name.
    pub(crate) fn spelling(&self, table: &[&str], name: &str) -> String {
        let keys = self.table(table).into_iter().flat_map(TableLike::iter).map(|(key, _)| key);
        let mut same = keys.filter(|key| normalized(key) == normalized(name));
        same.next().unwrap_or(name).to_owned()
    }

    /// Makes several edits, or none of them.
    pub(crate) fn all_or_nothing(
        &mut self,
        edit: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut edited = self.clone();
        edit(&mut edited)?;
        *self = edited;
        Ok(())
    }

    /// Writes a key that is not there yet.
    pub(crate) fn insert_key(
        &mut self,
        table: &[&str],
        key: &str,
        value: impl Fn(Layout<'_>) -> String,
    ) -> Result<(), Error> {
        let edits = match self.target(table)? {
            Target::New => {
                let line = format!("{} = {}\n", render::key(key), value(Layout::Block("")));
                vec![
                    self.block_at(
                        self.place_for_table(table),
                        &format!("[{}]\n{line}", render::dotted(table)),
                    ),
                ]
            }
            Target::Body { header, prefix } => {
                let (at, apart) = self.place_in_body(table, header, &prefix, key);
                let indent = self.body_indent(header);
                let name: Vec<&str> = prefix.iter().map(String::as_str).chain([key]).collect();
                let line = format!("{indent}{} = {}\n", render::dotted(&name), value(Layout::Block(&indent)));
                let gap = if apart { "\n" } else { "" };
                vec![Edit::insert(at, format!("{}{gap}{line}", self.missing_newline(at)))]
            }
            Target::Inline { node, prefix } => {
                let name: Vec<&str> = prefix.iter().map(String::as_str).chain([key]).collect();
                let indent = array::indent_of(self.text(), node.span.start).to_owned();
                let pair = format!("{} = {}", render::dotted(&name), value(Layout::Inline(&indent)));
                vec![insert_into_inline_table(&node, table, key, &pair)]
            }
        };
        let path: Vec<&str> = table.iter().copied().chain([key]).collect();
        let edited = self.with_edits(&path.join("."), edits, &[])?;
        if edited.get(&path).is_none() {
            let reason = "the file gives the table another form".to_owned();
            return Err(Error::Unsupported { key: path.join("."), reason });
        }
        *self = edited;
        Ok(())
    }

    /// A block of lines set apart by one blank line on each side.
    pub(crate) fn block_at(&self, at: usize, block: &str) -> Edit {
        let (before, after) = self.text().split_at(at);
        let blank = |line: Option<&str>| line.is_none_or(|line| line.trim().is_empty());
        let leading = if before.is_empty() || (before.ends_with('\n') && blank(before.lines().last())) {
            ""
        } else {
            "\n"
        };
        let trailing = if blank(after.lines().next()) { "" } else { "\n" };
        Edit::insert(at, format!("{}{leading}{block}{trailing}", self.missing_newline(at)))
    }

    fn missing_newline(&self, at: usize) -> &'static str {
        let before = self.text().get(..at).unwrap_or_default();
        if before.is_empty() || before.ends_with('\n') { "" } else { "\n" }
    }

    /// The white space before the keys of a header.
    fn body_indent(&self, header: Option<usize>) -> String {
        let last = self.syntax.key_values().rfind(|(_, key)| key.header == header);
        last.map(|(_, key)| array::indent_of(self.text(), key.key_start).to_owned()).unwrap_or_default()
    }
}

/// The edit that puts `key = value` into an inline table, in the customary order of keys.
fn insert_into_inline_table(node: &Node, table: &[&str], key: &str, pair: &str) -> Edit {
    let NodeKind::Inline(entries) = &node.kind else { return Edit::insert(node.span.end, "") };
    let rank = key_rank(table, key);
    let first = |entry: &InlineEntry| entry.key.first().cloned().unwrap_or_default();
    let not_after = |entry: &&InlineEntry| rank == usize::MAX || key_rank(table, &first(entry)) <= rank;
    match (entries.iter().rfind(not_after), entries.first()) {
        (Some(entry), _) => Edit::insert(entry.node.span.end, format!(", {pair}")),
        (None, Some(first)) => Edit::insert(first.start, format!("{pair}, ")),
        (None, None) => Edit::replace(node.span.clone(), format!("{{ {pair} }}")),
    }
}
