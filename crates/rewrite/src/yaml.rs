//! YAML with places: every node knows where it stands, scripts in it have a way back, and edits are made by span.
//!
//! Nodes are handles into one list, so nothing here recurses; an alias is a node of its own that is followed only when
//! somebody asks ([`Node::resolved`]), so that aliases of aliases cost nothing.

mod edit;
mod parse;
mod quote;
mod script;

use std::ops::Range;

use uvshift_diagnostics::{Diagnostic, Span};

use crate::codes;
pub(crate) use edit::{Change, newline};
pub(crate) use script::Script;

/// How deep collections can stand in each other.
const MAX_DEPTH: usize = 100;

/// How many aliases and merge keys are followed in a row.
const MAX_ALIASES: usize = 8;

/// A file.
#[derive(Debug, Clone)]
pub(crate) struct Yaml<'t> {
    text: &'t str,
    nodes: Vec<Data>,
    roots: Vec<usize>,
}

/// Why a file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The place, in bytes.
    pub at: usize,
    /// The line, from 1.
    pub line: usize,
    /// What is the matter: lower case, no full stop.
    pub message: String,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A string, a number, nothing at all.
    Scalar(Style),
    /// A list; in brackets when `flow`.
    Sequence {
        /// `[a, b]`
        flow: bool,
    },
    /// Keys with values; in braces when `flow`.
    Mapping {
        /// `{a: b}`
        flow: bool,
    },
    /// `*name`
    Alias,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Without quotes; nothing at all, too.
    Plain,
    /// `'...'`
    SingleQuoted,
    /// `"..."`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

#[derive(Debug, Clone)]
struct Data {
    kind: Kind,
    /// What it says; of scalars only.
    value: String,
    /// Items, or keys and values in turn.
    children: Vec<usize>,
    /// Without anchor and tag. Of a block scalar from `|` to the end of its last line; of a block collection from its
    /// first key or `-` to the end of its last value.
    span: Range<usize>,
    /// With anchor and tag.
    whole: Range<usize>,
    has_tag: bool,
    target: Option<usize>,
    parent: Option<usize>,
}

/// A node of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'y> {
    yaml: &'y Yaml<'y>,
    id: usize,
}

/// A key with its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'y> {
    /// The key.
    pub key: Node<'y>,
    /// The value.
    pub value: Node<'y>,
}

impl Problem {
    /// What is told of it.
    pub(crate) fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(codes::UNREADABLE, format!("cannot be read as YAML: {}", self.message))
            .at(Span::new(self.at, self.at))
            .on_line(self.line)
    }
}

impl<'t> Yaml<'t> {
    /// Reads a file.
    pub(crate) fn parse(text: &'t str) -> Result<Self, Problem> {
        parse::parse(text)
    }

    /// The text.
    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// The first document.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        self.documents().next()
    }

    /// Every document.
    pub(crate) fn documents(&self) -> impl Iterator<Item = Node<'_>> {
        self.roots.iter().map(|id| Node { yaml: self, id: *id })
    }

    /// Every node, each before what it holds.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.nodes.len()).map(|id| Node { yaml: self, id })
    }
}

impl<'y> Node<'y> {
    fn data(self) -> Option<&'y Data> {
        self.yaml.nodes.get(self.id)
    }

    /// The file.
    pub(crate) fn yaml(self) -> &'y Yaml<'y> {
        self.yaml
    }

    /// What it is.
    pub(crate) fn kind(self) -> Kind {
        self.data().map_or(Kind::Alias, |data| data.kind)
    }

    /// Where it stands, without anchor and tag. Of a block scalar from `|` to the end of its last line; of a block
    /// collection from its first key or `-` to the end of its last value. Of an empty value the place behind the colon.
    pub(crate) fn span(self) -> Range<usize> {
        self.data().map_or(0..0, |data| data.span.clone())
    }

    /// As [`Self::span`], with anchor and tag.
    pub(crate) fn whole(self) -> Range<usize> {
        self.data().map_or(0..0, |data| data.whole.clone())
    }

    /// As it is written.
    pub(crate) fn raw(self) -> &'y str {
        self.yaml.text.get(self.span()).unwrap_or_default()
    }

    /// What a scalar says, whatever its type and style; none of a collection or an alias.
    pub(crate) fn as_str(self) -> Option<&'y str> {
        matches!(self.kind(), Kind::Scalar(_)).then_some(self.data()?.value.as_str())
    }

    /// Whether it is a scalar without quotes, which can be a number or nothing.
    pub(crate) fn is_plain(self) -> bool {
        self.kind() == Kind::Scalar(Style::Plain)
    }

    /// Whether nothing stands there, or `null` or `~`.
    pub(crate) fn is_null(self) -> bool {
        self.is_plain() && matches!(self.as_str(), Some("" | "~" | "null" | "Null" | "NULL"))
    }

    /// Whether it says `true`, with or without quotes.
    pub(crate) fn is_true(self) -> bool {
        self.as_str().is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Whether a tag stands in front.
    pub(crate) fn has_tag(self) -> bool {
        self.data().is_some_and(|data| data.has_tag)
    }

    /// The node that an alias stands for; any other node itself.
    pub(crate) fn resolved(self) -> Self {
        let mut node = self;
        for _ in 0..MAX_ALIASES {
            match node.data().and_then(|data| data.target) {
                Some(id) => node = Self { id, ..node },
                None => break,
            }
        }
        node
    }

    /// Whether it is `*name`.
    pub(crate) fn is_alias(self) -> bool {
        self.kind() == Kind::Alias
    }

    /// Whether it is a mapping.
    pub(crate) fn is_mapping(self) -> bool {
        matches!(self.kind(), Kind::Mapping { .. })
    }

    /// Whether it is a sequence.
    pub(crate) fn is_sequence(self) -> bool {
        matches!(self.kind(), Kind::Sequence { .. })
    }

    /// Whether it is a collection in brackets or braces.
    pub(crate) fn is_flow(self) -> bool {
        matches!(self.kind(), Kind::Sequence { flow: true } | Kind::Mapping { flow: true })
    }

    /// What it stands in.
    pub(crate) fn parent(self) -> Option<Self> {
        Some(Self { id: self.data()?.parent?, ..self })
    }

    fn children(self) -> &'y [usize] {
        self.data().map_or(&[], |data| data.children.as_slice())
    }

    /// Another child of what it stands in, so many places further on. Keys and values count alike.
    fn sibling(self, distance: isize) -> Option<Self> {
        // Children stand in the order in which they were read.
        let children = self.parent()?.children();
        let at = children.binary_search(&self.id).ok()?.checked_add_signed(distance)?;
        children.get(at).map(|id| Self { id: *id, ..self })
    }

    /// The items of a sequence; nothing of anything else.
    pub(crate) fn items(self) -> impl DoubleEndedIterator<Item = Self> {
        let children = if self.is_sequence() { self.children() } else { &[] };
        children.iter().map(move |id| Self { id: *id, ..self })
    }

    /// The entries of a mapping; nothing of anything else.
    pub(crate) fn entries(self) -> impl DoubleEndedIterator<Item = Entry<'y>> {
        let children = if self.is_mapping() { self.children() } else { &[] };
        let node = move |id: &usize| Self { id: *id, ..self };
        children.chunks_exact(2).filter_map(move |pair| match pair {
            [key, value] => Some(Entry { key: node(key), value: node(value) }),
            _ => None,
        })
    }

    /// The entry of a key.
    pub(crate) fn entry(self, key: &str) -> Option<Entry<'y>> {
        self.entries().find(|entry| entry.key.as_str() == Some(key))
    }

    /// The value of a key, aliases followed; merge keys (`<<`) are not looked through.
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        Some(self.entry(key)?.value.resolved())
    }

    /// The value of a key, also one that comes by way of merge keys.
    pub(crate) fn get_merged(self, key: &str) -> Option<Self> {
        let mut waiting = vec![self.resolved()];
        for _ in 0..MAX_ALIASES {
            let node = waiting.pop()?;
            if let Some(found) = node.get(key) {
                return Some(found);
            }
            if let Some(merged) = node.get("<<") {
                waiting.extend(merged.items().rev().map(Self::resolved));
                waiting.push(merged);
            }
        }
        None
    }

    /// The value at the end of a way of keys.
    pub(crate) fn at(self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.resolved(), |node, key| node.get(key))
    }

    /// The strings of a sequence, or the one string that stands in its place.
    pub(crate) fn strings(self) -> Vec<Self> {
        match self.kind() {
            Kind::Scalar(_) if !self.is_null() => vec![self],
            _ => self.items().map(Self::resolved).filter(|node| node.as_str().is_some()).collect(),
        }
    }

    /// The column of its first byte, in bytes from 0.
    pub(crate) fn column(self) -> usize {
        let start = self.whole().start;
        start - edit::line_start(self.yaml.text, start)
    }

    /// Its script, with the way back; none of a collection, an alias or a scalar with a tag.
    pub(crate) fn script(self) -> Option<Script> {
        script::script(self)
    }
}

impl Entry<'_> {
    /// From the start of the key to the end of the value.
    pub(crate) fn span(&self) -> Range<usize> {
        self.key.whole().start..self.value.whole().end.max(self.key.whole().end)
    }
}

#[cfg(test)]
mod tests;
