//! Lists of scalars: where their elements stand, and how others come in.

use std::ops::Range;

use serde_yaml::Value;

use crate::pre_commit::scalar::{like, list, quoted, scalar};
use crate::pre_commit::shape::{Item, Key, Shape, closed, content};

/// One replacement: a span and what stands there then.
pub(crate) type Patch = (Range<usize>, String);

/// The replacements that make the list of a key another one; none where its form does not allow them.
pub(crate) fn patches(
    shape: &Shape<'_>,
    text: &str,
    item: &Item,
    key: &str,
    old: &[String],
    new: &[String],
) -> Option<Vec<Patch>> {
    let Some(key) = item.key(key) else {
        return Some(vec![shape.new_line(text, item, &format!("{key}: {}", list(new)))?]);
    };
    let brackets = brackets(shape, text, key);
    let spans = brackets.as_ref().map_or_else(|| block(shape, key), |brackets| flow(text, brackets))?;
    let is_flow = brackets.is_some();
    let is_read = spans.len() == old.len()
        && spans.iter().zip(old).all(|(span, old)| {
            let read: Option<Value> = text.get(span.clone()).and_then(|text| serde_yaml::from_str(text).ok());
            read.is_some_and(|read| read.as_str() == Some(old))
        });
    if !is_read {
        return None;
    }
    let first = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - first;
    let same = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    let (from, to) = (first..old.len() - same, new.get(first..new.len() - same)?);
    if from.is_empty() {
        return Some(vec![inserted(shape, text, brackets.as_ref(), &spans, first, to)?]);
    }
    let joined = if is_flow {
        ", ".to_owned()
    } else {
        format!("{}{}- ", shape.newline(), shape.indentation(text, spans.first()?)?)
    };
    let last = from.len() - 1;
    let mut patches = Vec::new();
    for (index, span) in spans.get(from)?.iter().enumerate() {
        let style = text.get(span.clone())?;
        let texts = if index == last { to.get(index..)? } else { to.get(index..=index)? };
        let written: Option<Vec<String>> = texts.iter().map(|text| like(style, text)).collect();
        let written = written.filter(|written| !written.is_empty())?;
        patches.push((span.clone(), written.join(&joined)));
    }
    Some(patches)
}

/// A list in brackets, on the line of its key or below.
fn brackets(shape: &Shape<'_>, text: &str, key: &Key) -> Option<Range<usize>> {
    let start = if key.value.is_empty() {
        let line = (key.line + 1..key.end).find(|line| !shape.is_blank(*line) && !shape.is_comment(*line))?;
        let line_start = *shape.starts.get(line)?;
        line_start + shape.lines.get(line)?.find(|letter| letter != ' ')?
    } else {
        key.value.start
    };
    let rest = text.get(start..)?;
    Some(start..start + closed(rest.starts_with('[').then_some(rest)?)?)
}

fn inserted(
    shape: &Shape<'_>,
    text: &str,
    brackets: Option<&Range<usize>>,
    spans: &[Range<usize>],
    at: usize,
    new: &[String],
) -> Option<Patch> {
    let Some(brackets) = brackets else {
        let lead = shape.indentation(text, spans.first()?)?;
        let lines: String = new
            .iter()
            .flat_map(|new| [lead.clone(), "- ".to_owned(), scalar(new), shape.newline().to_owned()])
            .collect();
        let place = match spans.get(at) {
            Some(span) => text.get(..span.start)?.rfind('\n')? + 1,
            None => return shape.lines_at(text, shape.line_of(spans.last()?.start) + 1, lines),
        };
        return Some((place..place, lines));
    };
    let style = spans.first().and_then(|span| text.get(span.clone()));
    let written: Option<Vec<String>> =
        new.iter().map(|new| style.map_or_else(|| Some(quoted(new)), |style| like(style, new))).collect();
    let written = written?.join(", ");
    let (place, written) = match (spans.get(at), spans.last()) {
        (Some(span), _) => (span.start, format!("{written}, ")),
        (None, Some(last)) => (last.end, format!(", {written}")),
        (None, None) => (brackets.start + 1, written),
    };
    Some((place..place, written))
}

/// The elements of a list in brackets.
fn flow(text: &str, value: &Range<usize>) -> Option<Vec<Range<usize>>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    let mut at = value.start + 1;
    while at < value.end {
        let rest = text.get(at..value.end)?;
        let letter = rest.chars().next()?;
        let mut length = letter.len_utf8();
        match letter {
            ',' | ']' => spans.extend(open.take()),
            '[' | '{' => return None,
            '#' if text.get(..at)?.ends_with(char::is_whitespace) => {
                length = rest.find('\n')?;
            }
            '"' | '\'' if open.is_none() => {
                length = closed(rest)?;
                open = Some(at..at + length);
            }
            _ if letter.is_whitespace() => {}
            _ => open = Some(open.map_or(at, |open| open.start)..at + length),
        }
        at += length;
    }
    Some(spans)
}

/// The elements of a list with an element a line.
fn block(shape: &Shape<'_>, key: &Key) -> Option<Vec<Range<usize>>> {
    if !key.value.is_empty() {
        return None;
    }
    let mut spans = Vec::new();
    for number in (key.line + 1..key.end).filter(|line| !shape.is_blank(*line) && !shape.is_comment(*line)) {
        let line = shape.lines.get(number)?;
        let rest = line.trim_start_matches(' ').strip_prefix("- ")?.trim_start_matches(' ');
        let start = shape.starts.get(number)? + line.len() - rest.len();
        let length = if rest.starts_with(['"', '\'']) { closed(rest)? } else { content(rest).len() };
        spans.push(start..start + length);
    }
    Some(spans)
}
