//! The statements of a document with their places: what an edit by span needs and `toml_edit`'s tree,
//! which is made of meanings, does not tell.

use std::ops::Range;

use toml_parser::parser::{Event, EventKind};
use toml_parser::{ParseError, Source};

/// A range of bytes.
pub(crate) type Span = Range<usize>;

/// The document as a list of statements, each with its whole lines. Together they cover the text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Syntax {
    pub(crate) statements: Vec<Statement>,
}

#[derive(Debug, Clone)]
pub(crate) struct Statement {
    /// From the start of the first line to after the newline of the last one.
    pub(crate) lines: Span,
    pub(crate) kind: StatementKind,
}

#[derive(Debug, Clone)]
pub(crate) enum StatementKind {
    Blank,
    Comment,
    Header(Header),
    KeyValue(KeyValue),
}

#[derive(Debug, Clone)]
pub(crate) struct Header {
    pub(crate) path: Vec<String>,
    /// `[[path]]`
    pub(crate) is_array: bool,
    /// The header is, or is below, an array of tables: its keys have no path of their own.
    pub(crate) in_array: bool,
    /// From `[` to after `]`.
    pub(crate) span: Span,
}

#[derive(Debug, Clone)]
pub(crate) struct KeyValue {
    /// The statement that is its header; none is the root.
    pub(crate) header: Option<usize>,
    /// Header and dotted key together.
    pub(crate) path: Vec<String>,
    /// How much of the path the header gives.
    pub(crate) header_length: usize,
    pub(crate) in_array: bool,
    pub(crate) key_start: usize,
    pub(crate) value: Node,
}

/// A value.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) kind: NodeKind,
}

#[derive(Debug, Clone)]
pub(crate) enum NodeKind {
    Scalar,
    Array(Vec<Element>),
    Inline(Vec<InlineEntry>),
}

#[derive(Debug, Clone)]
pub(crate) struct Element {
    pub(crate) node: Node,
    /// The comma after it.
    pub(crate) comma: Option<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct InlineEntry {
    pub(crate) key: Vec<String>,
    pub(crate) node: Node,
    pub(crate) start: usize,
    pub(crate) comma: Option<usize>,
}

/// Reads the statements of a text that `toml_edit` has accepted.
pub(crate) fn parse(text: &str) -> Syntax {
    let source = Source::new(text);
    let tokens = source.lex().into_vec();
    let mut events: Vec<Event> = Vec::with_capacity(tokens.len());
    let mut errors: Option<ParseError> = None;
    toml_parser::parser::parse_document(&tokens, &mut |event| events.push(event), &mut errors);
    let mut reader = Reader { source, events: &events, at: 0, line_start: 0, length: text.len() };
    let mut syntax = Syntax::default();
    let mut header: Option<usize> = None;
    while reader.at < events.len() {
        let statement = reader.statement(&syntax, header);
        if matches!(statement.kind, StatementKind::Header(_)) {
            header = Some(syntax.statements.len());
        }
        if !statement.lines.is_empty() {
            syntax.statements.push(statement);
        }
    }
    syntax
}

struct Reader<'a> {
    source: Source<'a>,
    events: &'a [Event],
    at: usize,
    line_start: usize,
    length: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Event> {
        self.events.get(self.at)
    }

    /// The next event that is not space, a comment or a newline; those that are, are passed.
    fn next_solid(&mut self) -> Option<Event> {
        while let Some(event) = self.peek().copied() {
            self.at += 1;
            if !matches!(event.kind(), EventKind::Whitespace | EventKind::Comment | EventKind::Newline) {
                return Some(event);
            }
        }
        None
    }

    fn statement(&mut self, syntax: &Syntax, header: Option<usize>) -> Statement {
        let start = self.line_start;
        let mut kind = StatementKind::Blank;
        let mut end = self.length;
        while let Some(event) = self.peek().copied() {
            match event.kind() {
                EventKind::Newline => {
                    self.at += 1;
                    end = event.span().end();
                    break;
                }
                EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                    kind = StatementKind::Header(self.header(syntax));
                }
                EventKind::SimpleKey => kind = StatementKind::KeyValue(self.key_value(syntax, header)),
                EventKind::Comment => {
                    self.at += 1;
                    if matches!(kind, StatementKind::Blank) {
                        kind = StatementKind::Comment;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.line_start = end;
        Statement { lines: start..end, kind }
    }

    fn header(&mut self, syntax: &Syntax) -> Header {
        let mut path = Vec::new();
        let mut span = 0..0;
        let mut double = false;
        while let Some(event) = self.peek().copied() {
            self.at += 1;
            match event.kind() {
                EventKind::StdTableOpen => span = event.span().start()..event.span().end(),
                EventKind::ArrayTableOpen => {
                    span = event.span().start()..event.span().end();
                    double = true;
                }
                EventKind::SimpleKey => path.push(self.decode(&event)),
                EventKind::StdTableClose | EventKind::ArrayTableClose => {
                    span.end = event.span().end();
                    break;
                }
                EventKind::Newline => break,
                _ => {}
            }
        }
        let below = |other: &Header| other.is_array && path.starts_with(&other.path);
        let in_array = double || syntax.headers().any(|(_, other)| below(other));
        Header { path, is_array: double, in_array, span }
    }

    fn key_value(&mut self, syntax: &Syntax, header: Option<usize>) -> KeyValue {
        let (mut path, in_array) = header
            .and_then(|index| syntax.header(index))
            .map_or((Vec::new(), false), |header| (header.path.clone(), header.in_array));
        let header_length = path.len();
        let key_start = self.peek().map_or(0, |event| event.span().start());
        path.extend(self.key());
        let value = self.value();
        KeyValue { header, path, header_length, in_array, key_start, value }
    }

    /// A dotted key, up to and with its `=`.
    fn key(&mut self) -> Vec<String> {
        let mut path = Vec::new();
        while let Some(event) = self.next_solid() {
            match event.kind() {
                EventKind::SimpleKey => path.push(self.decode(&event)),
                EventKind::KeySep => {}
                _ => break,
            }
        }
        path
    }

    fn value(&mut self) -> Node {
        let Some(event) = self.next_solid() else {
            return Node { span: self.length..self.length, kind: NodeKind::Scalar };
        };
        let start = event.span().start();
        match event.kind() {
            EventKind::ArrayOpen => {
                let (items, end) = self.array();
                Node { span: start..end, kind: NodeKind::Array(items) }
            }
            EventKind::InlineTableOpen => {
                let (entries, end) = self.inline_table();
                Node { span: start..end, kind: NodeKind::Inline(entries) }
            }
            _ => Node { span: start..event.span().end(), kind: NodeKind::Scalar },
        }
    }

    fn array(&mut self) -> (Vec<Element>, usize) {
        let mut items: Vec<Element> = Vec::new();
        loop {
            let before = self.at;
            let Some(event) = self.next_solid() else { return (items, self.length) };
            match event.kind() {
                EventKind::ArrayClose => return (items, event.span().end()),
                EventKind::ValueSep => {
                    if let Some(last) = items.last_mut() {
                        last.comma = Some(event.span().start());
                    }
                }
                _ => {
                    self.at = before;
                    items.push(Element { node: self.value(), comma: None });
                }
            }
        }
    }

    fn inline_table(&mut self) -> (Vec<InlineEntry>, usize) {
        let mut entries: Vec<InlineEntry> = Vec::new();
        loop {
            let before = self.at;
            let Some(event) = self.next_solid() else { return (entries, self.length) };
            match event.kind() {
                EventKind::InlineTableClose => return (entries, event.span().end()),
                EventKind::ValueSep => {
                    if let Some(last) = entries.last_mut() {
                        last.comma = Some(event.span().start());
                    }
                }
                _ => {
                    self.at = before;
                    let key = self.key();
                    entries.push(InlineEntry {
                        key,
                        node: self.value(),
                        start: event.span().start(),
                        comma: None,
                    });
                }
            }
        }
    }

    fn decode(&self, event: &Event) -> String {
        let mut out = std::borrow::Cow::Borrowed("");
        let mut errors: Option<ParseError> = None;
        if let Some(raw) = self.source.get(event) {
            raw.decode_key(&mut out, &mut errors);
        }
        out.into_owned()
    }
}

impl Syntax {
    /// Every header with its place among the statements.
    pub(crate) fn headers(&self) -> impl DoubleEndedIterator<Item = (usize, &Header)> {
        self.statements.iter().enumerate().filter_map(|(index, statement)| match &statement.kind {
            StatementKind::Header(header) => Some((index, header)),
            _ => None,
        })
    }

    /// The header at a place.
    pub(crate) fn header(&self, index: usize) -> Option<&Header> {
        match &self.statements.get(index)?.kind {
            StatementKind::Header(header) => Some(header),
            _ => None,
        }
    }

    /// Every key with its place among the statements.
    pub(crate) fn key_values(&self) -> impl DoubleEndedIterator<Item = (usize, &KeyValue)> {
        self.statements.iter().enumerate().filter_map(|(index, statement)| match &statement.kind {
            StatementKind::KeyValue(key_value) => Some((index, key_value)),
            _ => None,
        })
    }

    /// The value at a path, through inline tables too, but not through arrays of tables.
    pub(crate) fn value(&self, path: &[&str]) -> Option<&Node> {
        self.key_values()
            .filter(|(_, key_value)| !key_value.in_array)
            .find_map(|(_, key_value)| within(&key_value.path, &key_value.value, path))
    }
}

/// The node at `path`, if `key` leads to it directly or through inline tables.
fn within<'a>(key: &[String], node: &'a Node, path: &[&str]) -> Option<&'a Node> {
    if key.len() > path.len() || !key.iter().zip(path).all(|(a, b)| a == b) {
        return None;
    }
    let rest = &path[key.len()..];
    if rest.is_empty() {
        return Some(node);
    }
    match &node.kind {
        NodeKind::Inline(entries) => entries.iter().find_map(|entry| within(&entry.key, &entry.node, rest)),
        _ => None,
    }
}
