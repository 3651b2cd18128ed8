//! Edits of a YAML file: values, keys and items, with the lines and comments that belong to them.

use std::ops::Range;

use super::quote::{can_be_plain, quoted};
use super::{Entry, Kind, Node, Style, Yaml};
use crate::Safety;
use crate::model::Edit;

/// A replacement in a file, without a reason yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    /// What is replaced, in bytes.
    pub span: Range<usize>,
    /// What stands there then.
    pub new: String,
}

impl Change {
    /// The edit that makes it.
    pub(crate) fn edit(
        self,
        rule: &'static str,
        reason: impl Into<String>,
        safety: Safety,
        together: u32,
    ) -> Edit {
        Edit { span: self.span, new: self.new, rule, reason: reason.into(), safety, together }
    }
}

impl Yaml<'_> {
    /// A string as a scalar of this file: without quotes where it can be, else in the quotes that the file uses more often.
    pub(crate) fn scalar(&self, value: &str) -> String {
        if can_be_plain(value, false) { value.to_owned() } else { quoted(value, self.quotes()) }
    }

    /// The quotes that the file uses more often; double ones when it has none.
    pub(crate) fn quotes(&self) -> Style {
        let count = |style| self.nodes().filter(|node| node.kind() == Kind::Scalar(style)).count();
        if count(Style::SingleQuoted) > count(Style::DoubleQuoted) {
            Style::SingleQuoted
        } else {
            Style::DoubleQuoted
        }
    }

    /// The indentation of one step, in spaces: how far the keys of a mapping stand in it.
    pub(crate) fn indentation(&self) -> usize {
        let mut mappings = self.nodes().filter(|node| node.kind() == Kind::Mapping { flow: false });
        let step = |node: Node<'_>| {
            let parent = node.parent().filter(|parent| parent.kind() == Kind::Mapping { flow: false })?;
            node.column().checked_sub(parent.column()).filter(|step| (1..=8).contains(step))
        };
        mappings.find_map(step).unwrap_or(2)
    }
}

impl Node<'_> {
    /// The scalar with another value, in the style that it has where that is possible.
    pub(crate) fn with_value(self, value: &str) -> Change {
        let in_flow = std::iter::successors(self.parent(), |node| node.parent()).any(Self::is_flow);
        let new = match self.kind() {
            Kind::Scalar(Style::Plain) if can_be_plain(value, in_flow) => value.to_owned(),
            Kind::Scalar(style @ (Style::SingleQuoted | Style::DoubleQuoted)) => quoted(value, style),
            _ => quoted(value, self.yaml().quotes()),
        };
        let span = self.span();
        // Nothing stood there: a space behind the colon.
        let new = if span.is_empty() { format!(" {new}") } else { new };
        Change { span, new }
    }

    /// The scalar in quotes, when it is not a string to YAML without them, such as `3.10`.
    pub(crate) fn with_quotes(self) -> Option<Change> {
        let value = self.as_str().filter(|_| self.is_plain() && !self.is_null())?;
        super::quote::is_other_type(value)
            .then(|| Change { span: self.span(), new: quoted(value, self.yaml().quotes()) })
    }

    /// The item of a sequence, gone, with its lines and the comments right above; none when it is the only one, or shares
    /// its line with something else.
    pub(crate) fn without_item(self) -> Option<Change> {
        let parent = self.parent().filter(|parent| parent.is_sequence())?;
        let before = self.sibling(-1).map(Self::whole);
        let next = self.sibling(1).map(Self::whole);
        if parent.is_flow() {
            return without_flow(before, &self.whole(), next);
        }
        if before.is_none() && next.is_none() {
            return None;
        }
        let text = self.yaml.text;
        let from = before.map_or(parent.span().start, |it| it.end);
        let dash =
            text.get(from..self.whole().start).and_then(|gap| gap.rfind('-')).map(|dash| from + dash)?;
        without_lines(text, dash..self.whole().end)
    }

    /// Text for new items in front of one; `items` are complete items without indentation, each starting with `- `.
    pub(crate) fn with_item_before(self, items: &str) -> Option<Change> {
        let (dash, indent) = self.dash()?;
        let at = with_comments(self.yaml.text, line_start(self.yaml.text, dash));
        let item = indented(items, &" ".repeat(indent), newline(self.yaml.text));
        Some(Change { span: at..at, new: format!("{item}{}", newline(self.yaml.text)) })
    }

    /// Text for new items behind one, as with [`Self::with_item_before`].
    pub(crate) fn with_item_after(self, items: &str) -> Option<Change> {
        let (_, indent) = self.dash()?;
        let at = end_of_lines(self.yaml.text, self.whole().end);
        let item = indented(items, &" ".repeat(indent), newline(self.yaml.text));
        Some(Change { span: at..at, new: format!("{}{item}", newline(self.yaml.text)) })
    }

    /// The dash of an item of a block sequence and its column, when it is the first of its line.
    pub(crate) fn dash(self) -> Option<(usize, usize)> {
        let parent = self.parent().filter(|it| it.kind() == Kind::Sequence { flow: false })?;
        let text = self.yaml.text;
        let from = self.sibling(-1).map_or(parent.span().start, |item| item.whole().end);
        let dash = from + text.get(from..self.whole().start)?.rfind('-')?;
        let start = line_start(text, dash);
        is_indentation(text.get(start..dash)?).then_some((dash, dash - start))
    }
}

impl Entry<'_> {
    /// Text for a new entry behind this one; `entry` is complete and without indentation, such as `key: value`.
    pub(crate) fn with_entry_after(&self, entry: &str) -> Change {
        let text = self.key.yaml.text;
        if self.key.parent().is_some_and(Node::is_flow) {
            let at = self.span().end;
            return Change { span: at..at, new: format!(", {entry}") };
        }
        let at = end_of_lines(text, self.span().end);
        let indent = " ".repeat(self.key.column());
        Change { span: at..at, new: format!("{}{}", newline(text), indented(entry, &indent, newline(text))) }
    }

    /// The entry gone, with its lines and the comments right above; none when it is the only one of its mapping.
    pub(crate) fn without(&self) -> Option<Change> {
        let parent = self.key.parent()?;
        let before = self.key.sibling(-1).map(Node::whole);
        let next = self.key.sibling(2).map(Node::whole);
        if parent.is_flow() {
            return without_flow(before, &self.span(), next);
        }
        if before.is_none() && next.is_none() {
            return None;
        }
        let text = self.key.yaml.text;
        let start = line_start(text, self.span().start);
        if is_indentation(text.get(start..self.span().start)?) {
            return without_lines(text, self.span());
        }
        // It shares its line with a dash: the next key moves up.
        Some(Change { span: self.span().start..next?.start, new: String::new() })
    }
}

/// A member of a flow collection, gone with its comma; none when it is the only one.
fn without_flow(
    before: Option<Range<usize>>,
    own: &Range<usize>,
    next: Option<Range<usize>>,
) -> Option<Change> {
    let span = match (before, next) {
        (_, Some(next)) => own.start..next.start,
        (Some(before), None) => before.end..own.end,
        (None, None) => return None,
    };
    Some(Change { span, new: String::new() })
}

/// What stands at the start of a line, gone with its lines and the comments right above.
fn without_lines(text: &str, span: Range<usize>) -> Option<Change> {
    let start = line_start(text, span.start);
    if !is_indentation(text.get(start..span.start)?) {
        return None;
    }
    let start = with_comments(text, start);
    let mut end = (line_end(text, span.end) + 1).min(text.len());
    // The empty lines behind go along when there is one in front.
    let before = text.get(..start).unwrap_or_default();
    let blank_before = before.ends_with("\n\n") || before.ends_with("\r\n\r\n");
    while let Some(line) = text.get(end..line_end(text, end)).filter(|_| blank_before && end < text.len()) {
        if !line.trim().is_empty() {
            break;
        }
        end = (line_end(text, end) + 1).min(text.len());
    }
    Some(Change { span: start..end, new: String::new() })
}

/// The start of the comments right above a line, which stand as far in as the line does.
fn with_comments(text: &str, start: usize) -> usize {
    let line = text.get(start..line_end(text, start)).unwrap_or_default();
    let indent = line.len() - line.trim_start_matches(' ').len();
    let mut at = start;
    while let Some(end) = at.checked_sub(1) {
        let above = line_start(text, end);
        let line = text.get(above..end).unwrap_or_default();
        let comment = line.trim_start_matches(' ');
        if !comment.starts_with('#') || line.len() - comment.len() != indent {
            break;
        }
        at = above;
    }
    at
}

/// Lines with an indentation in front of each that is not empty.
fn indented(lines: &str, indent: &str, newline: &str) -> String {
    let lines: Vec<String> = lines
        .split('\n')
        .map(|line| if line.is_empty() { String::new() } else { format!("{indent}{line}") })
        .collect();
    lines.join(newline)
}

fn is_indentation(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').chars().all(|letter| letter == ' ')
}

/// The start of the line of a byte.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1)
}

/// The end of the line of a byte: its line feed, or the end of the text.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    rest.iter().position(|byte| *byte == b'\n').map_or(text.len(), |newline| at + newline)
}

/// The end of the last line of something that ends at a byte, in front of its line break.
fn end_of_lines(text: &str, at: usize) -> usize {
    let end = line_end(text, at);
    if text.get(..end).is_some_and(|before| before.ends_with('\r')) && end > at { end - 1 } else { end }
}

/// The line breaks of a text.
pub(crate) fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text.get(..at).is_some_and(|line| line.ends_with('\r')) => "\r\n",
        _ => "\n",
    }
}
