//! JSON with comments and trailing commas into a tree with places.

use std::ops::Range;

use serde_json::{Map, Value};

/// Nobody nests settings deeper, and the reader calls itself.
const DEEPEST: usize = 64;

/// A value with its place.
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
    /// The value without places.
    pub(super) value: Value,
}

pub(super) enum Kind {
    Object(Vec<Element>),
    Array(Vec<Element>),
    Scalar,
}

/// A member of an object or an element of an array.
pub(super) struct Element {
    pub(super) key: Option<String>,
    /// Where the comments over it start, if it has some; else as `start`.
    pub(super) comments: usize,
    /// Where the key, or the value of an array, starts.
    pub(super) start: usize,
    pub(super) value: Node,
    /// Whether a comma follows.
    pub(super) comma: bool,
    /// Behind that comma, or the value.
    pub(super) end: usize,
}

/// Reads a whole text. The error names a line.
pub(super) fn parse(text: &str) -> Result<Node, String> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    if text.starts_with('\u{feff}') {
        reader.at = '\u{feff}'.len_utf8();
    }
    reader.skip()?;
    let node = reader.value()?;
    reader.skip()?;
    if reader.at < text.len() { Err(reader.problem("something follows the end")) } else { Ok(node) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn problem(&self, what: &str) -> String {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        format!("line {}: {what}", before.matches('\n').count() + 1)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_here = self.byte() == Some(byte);
        self.at += usize::from(is_here);
        is_here
    }

    /// Passes white space and comments.
    fn skip(&mut self) -> Result<(), String> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            if blank > 0 {
                self.at += blank;
            } else if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                let end = rest.find("*/").ok_or_else(|| self.problem("a comment has no end"))?;
                self.at += end + 2;
            } else {
                return Ok(());
            }
        }
    }

    fn value(&mut self) -> Result<Node, String> {
        match self.byte() {
            Some(b'{') => self.nested(b'}'),
            Some(b'[') => self.nested(b']'),
            Some(b'"') => {
                let start = self.at;
                let text = self.string()?;
                Ok(Node { span: start..self.at, kind: Kind::Scalar, value: Value::String(text) })
            }
            Some(_) => self.word(),
            None => Err(self.problem("a value is missing at the end")),
        }
    }

    /// A number, `true`, `false` or `null`.
    fn word(&mut self) -> Result<Node, String> {
        let rest = self.rest();
        let is_end = |character: char| !(character.is_ascii_alphanumeric() || "+-.".contains(character));
        let word = rest.find(is_end).and_then(|end| rest.get(..end)).unwrap_or(rest);
        let value = serde_json::from_str(word).map_err(|_| self.problem("no value of JSON"))?;
        let start = self.at;
        self.at += word.len();
        Ok(Node { span: start..self.at, kind: Kind::Scalar, value })
    }

    fn string(&mut self) -> Result<String, String> {
        let start = self.at;
        let mut end = self.at + 1;
        loop {
            match self.text.as_bytes().get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(b'\n') | None => return Err(self.problem("a string has no end")),
                Some(_) => end += 1,
            }
        }
        let quoted = self.text.get(start..=end).unwrap_or_default();
        let text = serde_json::from_str(quoted).map_err(|_| self.problem("no string of JSON"))?;
        self.at = end + 1;
        Ok(text)
    }

    fn nested(&mut self, close: u8) -> Result<Node, String> {
        let start = self.at;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.problem("too many brackets within each other"));
        }
        self.at += 1;
        let mut elements: Vec<Element> = Vec::new();
        loop {
            let gap = self.at;
            self.skip()?;
            if self.take(close) {
                break;
            }
            if elements.last().is_some_and(|last| !last.comma) {
                return Err(self.problem("a comma is missing"));
            }
            elements.push(self.element(gap, close)?);
        }
        self.depth -= 1;
        let span = start..self.at;
        Ok(if close == b'}' {
            let members = elements.iter().filter_map(|it| Some((it.key.clone()?, it.value.value.clone())));
            let value = Value::Object(members.collect::<Map<_, _>>());
            Node { span, kind: Kind::Object(elements), value }
        } else {
            let value = Value::Array(elements.iter().map(|element| element.value.value.clone()).collect());
            Node { span, kind: Kind::Array(elements), value }
        })
    }

    /// `gap` is where the white space and the comments before it start.
    fn element(&mut self, gap: usize, close: u8) -> Result<Element, String> {
        let start = self.at;
        let key = if close == b'}' {
            if self.byte() != Some(b'"') {
                return Err(self.problem("a name between quotes is missing"));
            }
            let key = self.string()?;
            self.skip()?;
            if !self.take(b':') {
                return Err(self.problem("a colon is missing"));
            }
            self.skip()?;
            Some(key)
        } else {
            None
        };
        let value = self.value()?;
        let after = self.at;
        self.skip()?;
        let comma = self.take(b',');
        if !comma {
            self.at = after;
        }
        // A comment on the line of the element before belongs to that one.
        let between = self.text.get(gap..start).unwrap_or_default();
        let comments = between.find('\n').map_or(start, |newline| gap + newline);
        Ok(Element { key, comments, start, value, comma, end: self.at })
    }
}
