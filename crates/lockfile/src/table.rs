//! TOML with lines: keys that must have a type, and the line of each.

use std::ops::Range;

use toml_edit::{Array, ArrayOfTables, Document, InlineTable, Item, Table, TableLike, Value};

use crate::{Error, LockKind};

/// A parsed document with its text.
pub(crate) struct Toml<'a> {
    kind: LockKind,
    lines: Lines<'a>,
    document: Document<&'a str>,
}

/// A text that tells the line of an offset.
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    /// The line of an offset, counted from 1.
    pub(crate) fn of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset.min(self.text.len())).max(1)
    }
}

/// Any table, with the place to name when something in it is wrong.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    toml: &'a Toml<'a>,
    table: &'a dyn TableLike,
    pub(crate) line: usize,
}

impl<'a> Toml<'a> {
    pub(crate) fn parse(kind: LockKind, text: &'a str) -> Result<Self, Error> {
        let lines = Lines::new(text);
        let document = Document::parse(text).map_err(|error| {
            let line = lines.of(error.span().map_or(0, |span| span.start));
            Error::Toml { kind, line, message: error.message().trim().replace('\n', ", ") }
        })?;
        Ok(Self { kind, lines, document })
    }

    pub(crate) fn root(&self) -> Entry<'_> {
        Entry { toml: self, table: self.document.as_table(), line: 1 }
    }

    fn line(&self, span: Option<Range<usize>>, otherwise: usize) -> usize {
        span.map_or(otherwise, |span| self.lines.of(span.start))
    }

    fn wrong(&self, line: usize, key: &str, expected: &'static str) -> Error {
        Error::Type { kind: self.kind, line, key: key.to_owned(), expected }
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn wrong(&self, key: &str, expected: &'static str) -> Error {
        self.toml.wrong(self.line_of(key), key, expected)
    }

    /// The line of a key, or of the table when it has no such key.
    pub(crate) fn line_of(&self, key: &str) -> usize {
        let span = self.table.get_key_value(key).and_then(|(key, item)| key.span().or_else(|| item.span()));
        self.toml.line(span, self.line)
    }

    pub(crate) fn item(&self, key: &str) -> Option<&'a Item> {
        self.table.get(key)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.table.iter().map(|(key, _)| key)
    }

    /// A string; none if there is no such key.
    pub(crate) fn string(&self, key: &str) -> Result<Option<String>, Error> {
        match self.item(key) {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(self.wrong(key, "a string")),
            },
        }
    }

    /// A string that has to be there.
    pub(crate) fn required(&self, key: &str) -> Result<String, Error> {
        self.string(key)?.ok_or_else(|| self.wrong(key, "a string"))
    }

    /// A boolean; false if there is no such key.
    pub(crate) fn flag(&self, key: &str) -> Result<bool, Error> {
        match self.item(key) {
            None => Ok(false),
            Some(item) => item.as_bool().ok_or_else(|| self.wrong(key, "true or false")),
        }
    }

    /// `size` of the table of a file; none where it is missing or no size, as nothing depends on it.
    pub(crate) fn size(&self) -> Option<u64> {
        self.item("size")?.as_integer().and_then(|size| u64::try_from(size).ok())
    }

    /// The strings of an array; none if there is no such key.
    pub(crate) fn strings(&self, key: &str) -> Result<Vec<String>, Error> {
        let expected = "an array of strings";
        let Some(item) = self.item(key) else { return Ok(Vec::new()) };
        let array = item.as_array().ok_or_else(|| self.wrong(key, expected))?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        array.iter().map(text).collect::<Option<_>>().ok_or_else(|| self.wrong(key, expected))
    }

    /// A table, inline or not; none if there is no such key.
    pub(crate) fn table(&self, key: &str) -> Result<Option<Entry<'a>>, Error> {
        let Some(item) = self.item(key) else { return Ok(None) };
        let table = item.as_table_like().ok_or_else(|| self.wrong(key, "a table"))?;
        Ok(Some(Entry { toml: self.toml, table, line: self.line_of(key) }))
    }

    /// The tables of an array, `[[key]]` or inline; none if there is no such key.
    pub(crate) fn tables(&self, key: &str) -> Result<Vec<Entry<'a>>, Error> {
        match self.item(key) {
            None => Ok(Vec::new()),
            Some(Item::ArrayOfTables(tables)) => Ok(self.of_tables(tables)),
            Some(Item::Value(Value::Array(array))) => self.of_array(key, array),
            Some(_) => Err(self.wrong(key, "an array of tables")),
        }
    }

    fn of_tables(&self, tables: &'a ArrayOfTables) -> Vec<Entry<'a>> {
        let entry = |table: &'a Table| Entry {
            toml: self.toml,
            table,
            line: self.toml.line(table.span(), self.line),
        };
        tables.iter().map(entry).collect()
    }

    fn of_array(&self, key: &str, array: &'a Array) -> Result<Vec<Entry<'a>>, Error> {
        let entry = |table: &'a InlineTable| Entry {
            toml: self.toml,
            table,
            line: self.toml.line(table.span(), self.line),
        };
        let tables = array.iter().map(|value| value.as_inline_table().map(entry)).collect::<Option<_>>();
        tables.ok_or_else(|| self.wrong(key, "an array of tables"))
    }

    /// Refuses a major version above `known`.
    pub(crate) fn known_version(&self, key: &str, found: &str, known: u64) -> Result<(), Error> {
        newest(self.toml.kind, self.line_of(key), found, known)
    }
}

/// Refuses a version of a format whose major number is above `known`, or is no number.
pub(crate) fn newest(kind: LockKind, line: usize, found: &str, known: u64) -> Result<(), Error> {
    let major = found.split('.').next().unwrap_or_default().trim().parse::<u64>();
    if major.is_ok_and(|major| major <= known) {
        Ok(())
    } else {
        Err(Error::Version { kind, line, found: found.to_owned(), known })
    }
}

/// A text without a byte order mark.
pub(crate) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Several markers, any of which may hold.
pub(crate) fn any_of(markers: &[String]) -> Option<String> {
    match markers {
        [] => None,
        [only] => Some(only.clone()),
        several => Some(several.iter().map(|marker| format!("({marker})")).collect::<Vec<_>>().join(" or ")),
    }
}

/// `{ file = "...", hash = "..." }` and its kin.
pub(crate) fn file_hashes<'a>(files: impl IntoIterator<Item = Entry<'a>>) -> Result<Vec<String>, Error> {
    files.into_iter().filter_map(|file| file.string("hash").transpose()).collect()
}
