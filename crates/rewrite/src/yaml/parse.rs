use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

use super::{Data, Kind, MAX_DEPTH, Problem, Style, Yaml};
use crate::plan::line_of;

/// How many lines are taken to belong to the one before, at most.
const MAX_JOINED: usize = 40;

/// Reads a file.
///
/// What stands in brackets has to be indented further than what it belongs to; most parsers let that pass, GitHub's too, and
/// so does this one: such a line is joined to the one before in a copy of the same length.
pub(super) fn parse(text: &str) -> Result<Yaml<'_>, Problem> {
    let mut copy: Option<String> = None;
    for _ in 0..MAX_JOINED {
        match parse_copy(text, copy.as_deref().unwrap_or(text)) {
            Err(problem) if problem.message == BAD_INDENTATION => {
                let joined = joined_to_line_before(copy.as_deref().unwrap_or(text), problem.at);
                copy = Some(joined.ok_or(problem)?);
            }
            read => return read,
        }
    }
    parse_copy(text, copy.as_deref().unwrap_or(text))
}

/// What the parser says of a line in brackets that is not indented far enough.
const BAD_INDENTATION: &str = "invalid indentation";

/// A text of the same length, with the line break in front of a line, and a comment there, blank.
fn joined_to_line_before(text: &str, at: usize) -> Option<String> {
    let line = text.get(..at)?.rfind('\n')?;
    let before = text.get(..line)?;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let content = before.get(start..)?;
    let from = comment(content).map_or(line, |comment| start + comment);
    let from = if text.get(..from).is_some_and(|it| it.ends_with('\r')) { from - 1 } else { from };
    let mut joined = text.get(..from)?.to_owned();
    joined.push_str(&" ".repeat(line + 1 - from));
    joined.push_str(text.get(line + 1..)?);
    Some(joined)
}

/// Where the comment of a line starts.
fn comment(line: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') if before.is_whitespace() => return Some(at),
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(letter),
            (Some(open), letter) if open == letter && before != '\\' => quote = None,
            _ => {}
        }
        before = letter;
    }
    None
}

/// Reads a file by a copy of the same length.
fn parse_copy<'t>(text: &'t str, copy: &str) -> Result<Yaml<'t>, Problem> {
    let mut builder = Builder {
        text,
        offsets: offsets(copy),
        yaml: Yaml { text, nodes: Vec::new(), roots: Vec::new() },
        open: Vec::new(),
        anchors: BTreeMap::new(),
        done: 0,
    };
    if let Some(at) = lone_carriage_return(text) {
        return Err(builder.problem(at, "a line ends with a carriage return alone".to_owned()));
    }
    for event in Parser::new_from_str(copy) {
        let (event, span) = event.map_err(|error| builder.scan_problem(&error))?;
        let span = builder.byte(span.start)..builder.byte(span.end);
        builder.take(event, span)?;
    }
    builder.duplicates()?;
    Ok(builder.yaml)
}

/// The byte of each character; nothing when each is one byte.
fn offsets(text: &str) -> Vec<usize> {
    if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() }
}

fn lone_carriage_return(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_lone = |at: &usize| bytes.get(*at) == Some(&b'\r') && bytes.get(at + 1) != Some(&b'\n');
    (0..bytes.len()).find(is_lone)
}

struct Builder<'t> {
    text: &'t str,
    offsets: Vec<usize>,
    yaml: Yaml<'t>,
    /// The collections that are not closed yet.
    open: Vec<usize>,
    anchors: BTreeMap<usize, usize>,
    /// The end of what has been read.
    done: usize,
}

impl Builder<'_> {
    fn byte(&self, marker: Marker) -> usize {
        let at = marker.index();
        let byte = if self.offsets.is_empty() {
            at
        } else {
            self.offsets.get(at).copied().unwrap_or(self.text.len())
        };
        byte.min(self.text.len())
    }

    fn scan_problem(&self, error: &ScanError) -> Problem {
        let at = self.byte(*error.marker());
        Problem { at, line: line_of(self.text, at), message: error.info().to_owned() }
    }

    fn problem(&self, at: usize, message: String) -> Problem {
        Problem { at, line: line_of(self.text, at), message }
    }

    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), Problem> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let id = self.scalar(value.into_owned(), style, span, tag.is_some());
                self.anchors.insert(anchor, id);
            }
            Event::SequenceStart(anchor, tag) => self.start(span, anchor, tag.is_some(), '[')?,
            Event::MappingStart(anchor, tag) => self.start(span, anchor, tag.is_some(), '{')?,
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied();
                let data = Data { target, ..data(Kind::Alias, span.clone()) };
                self.add(data);
                self.done = span.end;
            }
            Event::DocumentStart(_) | Event::DocumentEnd => self.done = self.done.max(span.end),
            Event::Nothing | Event::StreamStart | Event::StreamEnd => {}
        }
        Ok(())
    }

    fn add(&mut self, mut data: Data) -> usize {
        let id = self.yaml.nodes.len();
        data.parent = self.open.last().copied();
        match data.parent.and_then(|parent| self.yaml.nodes.get_mut(parent)) {
            Some(parent) => parent.children.push(id),
            None => self.yaml.roots.push(id),
        }
        self.yaml.nodes.push(data);
        id
    }

    fn start(&mut self, span: Range<usize>, anchor: usize, has_tag: bool, flow: char) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            return Err(
                self.problem(span.start, format!("more than {MAX_DEPTH} collections stand in each other"))
            );
        }
        let start = self.content(span.start);
        let is_flow = self.text.get(start..).is_some_and(|rest| rest.starts_with(flow));
        let kind =
            if flow == '[' { Kind::Sequence { flow: is_flow } } else { Kind::Mapping { flow: is_flow } };
        let is_block_sequence = flow == '[' && !is_flow;
        let start = if is_block_sequence { self.dash(start) } else { start };
        let whole = span.start.min(start);
        let id = self.add(Data { whole: whole..start, has_tag, ..data(kind, start..start) });
        self.anchors.insert(anchor, id);
        self.open.push(id);
        self.done = self.done.max(if is_flow || is_block_sequence { start + 1 } else { whole });
        Ok(())
    }

    fn end(&mut self, span: Range<usize>) {
        let Some(id) = self.open.pop() else { return };
        let last = self.yaml.nodes.get(id).and_then(|data| data.children.last().copied());
        let last = last.and_then(|last| self.yaml.nodes.get(last)).map(|data| data.whole.end);
        let Some(data) = self.yaml.nodes.get_mut(id) else { return };
        let flow = matches!(data.kind, Kind::Sequence { flow: true } | Kind::Mapping { flow: true });
        let end = if flow { span.end } else { last.unwrap_or(data.span.start) };
        data.span.end = end.max(data.span.start);
        data.whole.end = data.span.end;
        self.done = self.done.max(data.span.end);
    }

    fn scalar(&mut self, value: String, style: ScalarStyle, span: Range<usize>, has_tag: bool) -> usize {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        };
        let (whole, inner) = match style {
            Style::Literal | Style::Folded => self.block(&span),
            Style::Plain if value.is_empty() => self.nothing(&span),
            _ => {
                let start = self.content(span.start);
                let raw = self.text.get(start..span.end).unwrap_or_default();
                (span.start..start, start..start + length(raw, style))
            }
        };
        self.done = self.done.max(inner.end);
        let whole = whole.start..inner.end;
        self.add(Data { value, whole, has_tag, ..data(Kind::Scalar(style), inner) })
    }

    /// A block scalar: from its `|`, which stands behind what was read before.
    fn block(&self, span: &Range<usize>) -> (Range<usize>, Range<usize>) {
        let gap = self.indicators(self.done.min(span.start));
        let start = self.content(gap);
        let body = self.text.get(start..span.end).unwrap_or_default();
        let keeps = body
            .lines()
            .next()
            .is_some_and(|header| header.split('#').next().is_some_and(|it| it.contains('+')));
        let end = if keeps { body.len() } else { body.trim_end().len() };
        // The end of the last line, without the line break.
        let body = body.get(..end).unwrap_or_default();
        let body = body.strip_suffix('\n').unwrap_or(body);
        let body = body.strip_suffix('\r').unwrap_or(body);
        (gap..start, start..start + body.len())
    }

    /// Nothing at all stands behind the colon or the dash, and behind its anchor and tag.
    fn nothing(&self, span: &Range<usize>) -> (Range<usize>, Range<usize>) {
        if span.end > span.start {
            let raw = self.text.get(span.clone()).unwrap_or_default();
            let end = span.start + raw.trim_end().len();
            return (span.start..end, end..end);
        }
        let parent = self.open.last().and_then(|parent| self.yaml.nodes.get(*parent));
        if parent.is_some_and(|it| it.kind == Kind::Sequence { flow: false }) {
            let gap = self.text.get(self.done..span.start).unwrap_or_default();
            let at = self.done + gap.rfind('-').map_or(0, |dash| dash + 1);
            return (at..at, at..at);
        }
        let rest = self.text.get(self.done..).unwrap_or_default();
        let at = self.done + rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let after = self.text.get(at..).unwrap_or_default();
        let at = if after.starts_with([':', '?']) { at + 1 } else { span.start.max(self.done) };
        (at..at, at..at)
    }

    /// The place behind anchors, tags, comments and white space.
    fn content(&self, mut at: usize) -> usize {
        loop {
            at = self.blank(at);
            let rest = self.text.get(at..).unwrap_or_default();
            if !rest.starts_with(['&', '!']) {
                return at;
            }
            at += rest.find(|letter: char| letter.is_whitespace()).unwrap_or(rest.len());
        }
    }

    /// The place behind white space and comments.
    fn blank(&self, mut at: usize) -> usize {
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let skipped = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']).len();
            at += skipped;
            let rest = self.text.get(at..).unwrap_or_default();
            if !rest.starts_with('#') {
                return at;
            }
            at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    /// The place behind `:`, `-`, `?` and `,` and what stands between them.
    fn indicators(&self, mut at: usize) -> usize {
        loop {
            at = self.blank(at);
            let rest = self.text.get(at..).unwrap_or_default();
            let is_document = rest.starts_with("---");
            if !rest.starts_with([':', '-', '?', ',', '[', '{']) {
                return at;
            }
            at += if is_document { 3 } else { 1 };
        }
    }

    /// The first dash of a block sequence, whose event points before or behind it; that of a sequence around it can stand
    /// in front.
    fn dash(&self, event: usize) -> usize {
        let parent = self.open.last().and_then(|parent| self.yaml.nodes.get(*parent));
        let is_later_item =
            parent.is_some_and(|it| it.kind == Kind::Sequence { flow: false } && !it.children.is_empty());
        let mut at = self.content(self.done);
        if is_later_item || self.text.get(at..).is_some_and(|rest| rest.starts_with([':', '?'])) {
            at = self.content(at + 1);
        }
        if self.text.get(at..).is_some_and(|rest| rest.starts_with('-')) { at } else { event }
    }

    /// A key that stands twice in a mapping makes it unclear what it says.
    fn duplicates(&self) -> Result<(), Problem> {
        for data in self.yaml.nodes.iter().filter(|data| matches!(data.kind, Kind::Mapping { .. })) {
            let mut seen = HashSet::new();
            for key in data.children.iter().step_by(2).filter_map(|id| self.yaml.nodes.get(*id)) {
                let is_scalar = matches!(key.kind, Kind::Scalar(_)) && key.value != "<<";
                if is_scalar && !seen.insert(key.value.as_str()) {
                    return Err(self.problem(key.span.start, format!("the key `{}` stands twice", key.value)));
                }
            }
        }
        Ok(())
    }
}

/// The length of a scalar: the event of one in quotes goes on over the white space and the comment behind it.
fn length(raw: &str, style: Style) -> usize {
    let quote = match style {
        Style::DoubleQuoted => b'"',
        Style::SingleQuoted => b'\'',
        _ => return raw.trim_end().len(),
    };
    let bytes = raw.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        let is_escape = *byte == b'\\' && style == Style::DoubleQuoted;
        let is_double = *byte == quote && style == Style::SingleQuoted && bytes.get(at + 1) == Some(&quote);
        if *byte == quote && !is_double {
            return at + 1;
        }
        at += if is_escape || is_double { 2 } else { 1 };
    }
    raw.trim_end().len()
}

fn data(kind: Kind, span: Range<usize>) -> Data {
    Data {
        kind,
        value: String::new(),
        children: Vec::new(),
        whole: span.clone(),
        span,
        has_tag: false,
        target: None,
        parent: None,
    }
}
