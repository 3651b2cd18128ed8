//! The document itself: its text, its meaning, and the one way to change it.

use std::fmt;

use toml_edit::{Document, Item as TomlItem, Table, TableLike};

use crate::error::Error;
use crate::guard;
use crate::syntax::{self, Span, Syntax};

const BOM: char = '\u{feff}';

/// A `pyproject.toml`. It is changed by inserting text at places found by its syntax; whatever an edit does
/// not touch keeps its bytes, with comments, order, quotes, line ends and byte order mark.
#[derive(Debug, Clone)]
pub struct PyProject {
    bom: bool,
    text: String,
    root: Table,
    pub(crate) syntax: Syntax,
    line_starts: Vec<usize>,
}

/// Text that takes the place of a span; an empty span makes it an insertion.
#[derive(Debug, Clone)]
pub(crate) struct Edit {
    pub(crate) span: Span,
    pub(crate) text: String,
}

impl Edit {
    pub(crate) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self { span: at..at, text: text.into() }
    }

    pub(crate) fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    pub(crate) fn remove(span: Span) -> Self {
        Self { span, text: String::new() }
    }
}

impl Default for PyProject {
    fn default() -> Self {
        Self::new()
    }
}

impl PyProject {
    /// An empty document.
    pub fn new() -> Self {
        let (text, root) = (String::new(), Table::new());
        Self { bom: false, text, root, syntax: Syntax::default(), line_starts: vec![0] }
    }

    /// Reads a document. A byte order mark and CRLF line ends are kept.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let (bom, text) = text.strip_prefix(BOM).map_or((false, text), |rest| (true, rest));
        Self::from_parts(bom, text.to_owned())
    }

    fn from_parts(bom: bool, text: String) -> Result<Self, Error> {
        let syntax_error = |error: &toml_edit::TomlError| {
            let at = error.span().map_or(0, |span| span.start);
            let (line, column) = line_and_column(&text, at);
            Error::Syntax { line, column, message: error.message().trim().replace('\n', ", ") }
        };
        let root = Document::parse(text.as_str()).map_err(|error| syntax_error(&error))?.into_table();
        let syntax = syntax::parse(&text);
        let line_starts = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1))
            .collect();
        Ok(Self { bom, text, root, syntax, line_starts })
    }

    /// The text without the byte order mark.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The root table.
    pub fn root(&self) -> &Table {
        &self.root
    }

    /// What stands at a path of keys, such as `["tool", "uvshift"]`.
    pub fn get(&self, path: &[&str]) -> Option<&TomlItem> {
        let (last, tables) = path.split_last()?;
        self.table(tables)?.get(last)
    }

    /// The table at a path, in any of its forms: with a header, dotted, inline.
    pub(crate) fn table(&self, path: &[&str]) -> Option<&dyn TableLike> {
        let mut table: &dyn TableLike = self.root();
        for key in path {
            table = table.get(key)?.as_table_like()?;
        }
        Some(table)
    }

    /// The line of a byte, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= at)
    }

    /// The line a path is first written on, from 1; the first line for what is not there.
    pub fn line_of(&self, path: &[&str]) -> usize {
        let starts_with =
            |full: &[String]| full.len() >= path.len() && full.iter().zip(path).all(|(a, b)| a == b);
        let header = self.syntax.headers().find(|(_, header)| starts_with(&header.path));
        let key = self.syntax.key_values().find(|(_, key)| starts_with(&key.path));
        let first = header.map(|(_, header)| header.span.start).into_iter();
        let at = first.chain(key.map(|(_, key)| key.key_start)).min();
        at.or_else(|| self.syntax.value(path).map(|node| node.span.start)).map_or(1, |at| self.line(at))
    }

    /// Whether new lines end in CRLF: when most of the old ones do.
    fn uses_crlf(&self) -> bool {
        let crlf = self.text().matches("\r\n").count();
        crlf * 2 > self.line_starts.len() - 1
    }

    /// Makes the edits, or leaves the document as it was; see [`Self::with_edits`].
    pub(crate) fn apply(&mut self, key: &str, edits: Vec<Edit>, changed: &[Vec<&str>]) -> Result<(), Error> {
        *self = self.with_edits(key, edits, changed)?;
        Ok(())
    }

    /// The document with the edits, unless that would not be TOML or would change a value that is not below
    /// one of the `changed` paths.
    pub(crate) fn with_edits(
        &self,
        key: &str,
        mut edits: Vec<Edit>,
        changed: &[Vec<&str>],
    ) -> Result<Self, Error> {
        edits.sort_by_key(|edit| edit.span.start);
        let crlf = self.uses_crlf();
        let text = self.text();
        let mut out =
            String::with_capacity(text.len() + edits.iter().map(|edit| edit.text.len()).sum::<usize>());
        let mut at = 0;
        for edit in &edits {
            out.push_str(text.get(at..edit.span.start).unwrap_or_default());
            if crlf {
                out.push_str(&edit.text.replace('\n', "\r\n"));
            } else {
                out.push_str(&edit.text);
            }
            at = edit.span.end;
        }
        out.push_str(text.get(at..).unwrap_or_default());
        let unsupported = |reason: String| Error::Unsupported { key: key.to_owned(), reason };
        let edited = Self::from_parts(self.bom, out)
            .map_err(|error| unsupported(format!("the result would not be valid ({error})")))?;
        if let Some(path) = guard::first_difference(self.root(), edited.root(), changed) {
            return Err(unsupported(format!("it would change `{path}`")));
        }
        Ok(edited)
    }
}

impl fmt::Display for PyProject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bom {
            write!(formatter, "{BOM}")?;
        }
        formatter.write_str(self.text())
    }
}

/// Line and column of a byte, both from 1; the column counts characters.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}
