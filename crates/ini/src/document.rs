//! A parsed file: its text, its lines, its sections, and what there is to say about them.

use std::fmt;

use uvshift_diagnostics::{Diagnostic, Span};

use crate::{Dialect, Interpolation, interpolate, scan};

/// An ini file as one dialect reads it. [`Display`](fmt::Display) gives the input back byte for byte.
#[derive(Debug, Clone)]
pub struct Document {
    pub(crate) text: String,
    pub(crate) dialect: Dialect,
    pub(crate) lines: Vec<Line>,
    pub(crate) sections: Vec<Section>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Document {
    /// Reads a text. Nothing is an error; what Python would refuse is in [`Document::diagnostics`], and what can
    /// be told about the file all the same is in the rest.
    pub fn parse(text: &str, dialect: &Dialect) -> Self {
        let mut document = scan::scan(text, dialect);
        interpolate::interpolate(&mut document);
        document.diagnostics.sort_by_key(|diagnostic| diagnostic.line);
        document
    }

    /// The text as it was given.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The physical lines; their spans follow each other without a gap and cover the whole text, but for a byte
    /// order mark in front.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What is wrong, by line. An error is what Python's reader stops at.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The sections in their order, the one with the defaults included where it is there.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// A section by its name, case and all.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// The value of a key as Python's `get` gives it: a default is resolved with the keys of the section that asks.
    pub fn value(&self, section: &str, key: &str) -> Option<String> {
        let section = self.section(section)?;
        match (section.key(key), self.dialect.interpolation) {
            (Some(key), _) => key.value.clone(),
            (None, Interpolation::None) => self.defaults()?.key(key)?.value.clone(),
            (None, Interpolation::Basic) => interpolate::inherited(self, section, self.defaults()?.key(key)?),
        }
    }

    /// A key of a section, or of the section with the defaults where the section has none such.
    pub fn get(&self, section: &str, key: &str) -> Option<&Key> {
        let section = self.section(section)?;
        section.key(key).or_else(|| self.defaults()?.key(key))
    }

    /// The section whose keys every other section has, too.
    pub fn defaults(&self) -> Option<&Section> {
        self.section(self.dialect.default_section)
    }

    /// The comment of a line from its first character on: `# like this`.
    pub fn comment(&self, line: &Line) -> Option<&str> {
        line.comment?.text(&self.text)
    }

    /// Whether nothing is left but blank lines and comments.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| matches!(line.kind, LineKind::Blank | LineKind::Comment))
    }
}

impl fmt::Display for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// A physical line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its bytes, the line end included.
    pub span: Span,
    /// Its number, counted from 1.
    pub number: usize,
    /// The comment from its prefix to the end of the content, on a line of its own or behind something.
    pub comment: Option<Span>,
    /// What stands on it.
    pub kind: LineKind,
}

/// What stands on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// Nothing.
    Blank,
    /// A comment and nothing else.
    Comment,
    /// `[name]`; the index of the section in [`Document::sections`].
    Header(usize),
    /// The first line of a key; the indices of its section and of the key in it.
    Key(usize, usize),
    /// A further line of a value.
    Continuation(usize, usize),
    /// What Python refuses.
    Broken,
}

/// A section. One that is opened twice is one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its name as written between the brackets.
    pub name: String,
    /// The line of its first header, counted from 1.
    pub line: usize,
    /// Its keys in their order. One that is said twice is here twice; the last one counts.
    pub keys: Vec<Key>,
}

impl Section {
    /// The key that counts for a name, which is compared as the dialect has it: in lower case for most.
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().rev().find(|key| key.name == name)
    }

    /// The value of a key.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.key(name)?.value.as_deref()
    }
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key as the dialect compares it.
    pub name: String,
    /// The key as written.
    pub written: String,
    /// The value as Python gives it: lines joined, comments out, `%` resolved. Nothing for a key without a
    /// delimiter, and for a value whose `%` cannot be resolved.
    pub value: Option<String>,
    /// The value before `%` was resolved.
    pub raw: Option<String>,
    /// The lines of the value, in their order, stripped as Python strips them and with `%` resolved.
    pub parts: Vec<Part>,
    /// The line of the key, counted from 1.
    pub line: usize,
    /// The last line of its value; blank lines and comments behind that are none of it.
    pub end_line: usize,
}

/// A line of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What stands on it, without spaces around it and without a comment.
    pub text: String,
    /// The line, counted from 1.
    pub line: usize,
    /// Comment lines inside the value directly above this line.
    pub comments: Vec<String>,
}
