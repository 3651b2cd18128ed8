//! A section of an ini file as its tool reads it, before anything is known of types.

use uvshift_ini::{Document, Line, LineKind};

use crate::model::Place;

/// The keys of one tool, as they stand in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The file, relative to the project.
    pub file: String,
    /// The section's name as written between the brackets.
    pub name: String,
    /// The line of its header, counted from 1.
    pub line: usize,
    /// Comments directly above its header, each with its `#` or `;`.
    pub comments: Vec<String>,
    /// The keys in their order, each once: the one that counts.
    pub keys: Vec<Key>,
}

/// A key with its value, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key as the tool compares it.
    pub name: String,
    /// The value as the tool gets it: lines joined with `\n`, comments out, `%` resolved where the tool does that. Empty
    /// for a key without a value.
    pub value: String,
    /// The lines of the value; the first is what stands behind the `=` and may be empty.
    pub parts: Vec<Part>,
    /// Comment lines directly above the key, each with its `#` or `;`.
    pub comments: Vec<String>,
    /// The line of the key, counted from 1.
    pub line: usize,
}

/// A line of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The text without spaces around it.
    pub text: String,
    /// Comment lines directly above it, each with its `#` or `;`.
    pub comments: Vec<String>,
    /// Its line, counted from 1.
    pub line: usize,
}

impl Section {
    /// A section of a document; none where it is not there.
    pub fn of(document: &Document, file: &str, name: &str) -> Option<Self> {
        let found = document.section(name)?;
        let mut keys: Vec<Key> = Vec::new();
        for key in &found.keys {
            let value = key.value.clone().unwrap_or_default();
            let part = |part: &uvshift_ini::Part| Part {
                text: part.text.clone(),
                comments: part.comments.iter().cloned().chain(comment_behind(document, part.line)).collect(),
                line: part.line,
            };
            let key = Key {
                name: key.name.clone(),
                value,
                parts: key.parts.iter().map(part).collect(),
                comments: comments_before(document, key.line),
                line: key.line,
            };
            match keys.iter_mut().find(|known| known.name == key.name) {
                Some(known) => *known = key,
                None => keys.push(key),
            }
        }
        let comments = comments_above(document, found.line);
        Some(Self { file: file.to_owned(), name: name.to_owned(), line: found.line, comments, keys })
    }

    /// A key by its name.
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// The value of a key.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.key(name).map(|key| key.value.as_str())
    }

    /// Where a key stands.
    pub fn place(&self, key: &Key) -> Place {
        Place::new(self.file.as_str(), key.line)
    }
}

/// The comment lines directly above a line, without a blank line between, each with its `#` or `;`.
pub fn comments_above(document: &Document, line: usize) -> Vec<String> {
    let above = document.lines().iter().take(line.saturating_sub(1)).rev();
    let is_comment = |line: &&Line| line.kind == LineKind::Comment;
    let text = |line: &Line| document.comment(line).unwrap_or_default().to_owned();
    let mut comments: Vec<String> = above.take_while(is_comment).map(text).collect();
    comments.reverse();
    comments
}

/// The comment behind a value, where the dialect has such.
fn comment_behind(document: &Document, line: usize) -> Option<String> {
    let line = document.lines().get(line.checked_sub(1)?)?;
    let is_value = matches!(line.kind, LineKind::Key(..) | LineKind::Continuation(..));
    document.comment(line).filter(|_| is_value).map(str::to_owned)
}

/// All comment lines between a key and what stands before it in its section, each with its `#` or `;`.
fn comments_before(document: &Document, line: usize) -> Vec<String> {
    let above = document.lines().iter().take(line.saturating_sub(1)).rev();
    let is_gap = |line: &&Line| matches!(line.kind, LineKind::Comment | LineKind::Blank);
    let gap = above.take_while(is_gap).filter_map(|line| document.comment(line));
    let mut comments: Vec<String> = gap.map(str::to_owned).collect();
    comments.reverse();
    comments
}
