//! The part of a requirement before its marker, by packaging's grammar.

use crate::text::{Part, is_word, skip_blanks};
use crate::version::{Operator, is_specifier, is_supported, specifier_at};

/// Where the parts of a requirement stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Grammar {
    pub(crate) name: Part,
    /// What stands between the brackets, or [`Part::NONE`].
    pub(crate) extras: Part,
    /// The clauses, without parentheses, edge spaces and a trailing comma.
    pub(crate) specifier: Part,
    pub(crate) url: Part,
    /// pip reads it, but PEP 508 as written does not allow it.
    pub(crate) lenient: bool,
    /// `===` occurs.
    pub(crate) identical: bool,
    /// A clause is valid for pip, and `pep440_rs` cannot express it.
    pub(crate) unsupported: bool,
}

/// Why a text is no requirement, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) at: usize,
    pub(crate) message: &'static str,
}

impl Problem {
    pub(crate) const fn new(at: usize, message: &'static str) -> Self {
        Self { at, message }
    }
}

/// Parses `name [extras] (specifier | @ url)`; the marker has been cut off before.
pub(crate) fn parse(text: &str, part: Part) -> Result<Grammar, Problem> {
    let bytes = text.as_bytes();
    let end = part.end();
    let start = skip_blanks(bytes, part.start(), end);
    let name_end = identifier_end(text, start, end)
        .ok_or(Problem::new(start, "expected a package name at the start of the requirement"))?;
    let mut grammar = Grammar {
        name: Part::new(start, name_end),
        extras: Part::NONE,
        specifier: Part::new(name_end, name_end),
        url: Part::NONE,
        lenient: bytes[name_end - 1] == b'_',
        identical: false,
        unsupported: false,
    };
    let mut at = skip_blanks(bytes, name_end, end);
    if at < end && bytes[at] == b'[' {
        let close = extras_end(text, at + 1, end)?;
        grammar.extras = Part::new(at + 1, close);
        at = skip_blanks(bytes, close + 1, end);
    }
    if at >= end {
        return Ok(grammar);
    }
    if bytes[at] == b'@' {
        let url_start = skip_blanks(bytes, at + 1, end);
        let url_end = blank_or_end(bytes, url_start, end);
        if url_end == url_start {
            return Err(Problem::new(url_start, "expected a URL after `@`"));
        }
        grammar.url = Part::new(url_start, url_end);
        at = skip_blanks(bytes, url_end, end);
        return if at >= end {
            Ok(grammar)
        } else {
            Err(Problem::new(at, "expected a semicolon (after URL and whitespace) or the end"))
        };
    }
    specifiers(text, at, end, &mut grammar)?;
    Ok(grammar)
}

fn blank_or_end(bytes: &[u8], start: usize, end: usize) -> usize {
    bytes[start..end]
        .iter()
        .position(|byte| matches!(byte, b' ' | b'\t'))
        .map_or(end, |length| start + length)
}

/// The clauses with or without parentheses, up to the end.
fn specifiers(text: &str, start: usize, end: usize, grammar: &mut Grammar) -> Result<(), Problem> {
    let bytes = text.as_bytes();
    let mut at = start;
    let parenthesis = bytes[at] == b'(';
    if parenthesis {
        at = skip_blanks(bytes, at + 1, end);
    }
    let clauses_start = at;
    let mut clauses_end = at;
    while let Some(clause) = specifier_at(text, at, end) {
        if clause.operator == Operator::Identical {
            identical_is_valid(text, at, clause.end)?;
        }
        grammar.identical |= clause.operator == Operator::Identical;
        grammar.unsupported |= !clause.plain && !is_supported(&text[at..clause.end]);
        clauses_end = clause.end;
        at = skip_blanks(bytes, clauses_end, end);
        if at >= end || bytes[at] != b',' {
            break;
        }
        at = skip_blanks(bytes, at + 1, end);
        grammar.lenient |= at >= end || bytes[at] == b')';
    }
    grammar.specifier = Part::new(clauses_start, clauses_end);
    if parenthesis {
        if at >= end || bytes[at] != b')' {
            return Err(Problem::new(at, "expected `)` or a comma within the version specifier"));
        }
        grammar.lenient |= clauses_end == clauses_start;
        at = skip_blanks(bytes, at + 1, end);
    }
    if at < end {
        let message = if clauses_end == clauses_start {
            "expected a semicolon (after name with no version specifier) or the end"
        } else {
            "expected a comma (within version specifier), a semicolon (after version specifier) or the end"
        };
        return Err(Problem::new(at, message));
    }
    Ok(())
}

/// `===` swallows commas; packaging then splits there and wants a clause in each piece.
fn identical_is_valid(text: &str, start: usize, end: usize) -> Result<(), Problem> {
    let mut offset = start;
    for (index, piece) in text[start..end].split(',').enumerate() {
        if index > 0 && !piece.is_empty() && !is_specifier(piece) {
            return Err(Problem::new(offset, "invalid specifier after `===`"));
        }
        offset += piece.len() + 1;
    }
    Ok(())
}

/// The end of packaging's `IDENTIFIER`: it begins and ends at a word boundary.
fn identifier_end(text: &str, start: usize, end: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    if start >= end || !bytes[start].is_ascii_alphanumeric() {
        return None;
    }
    let mut at = start + 1;
    while at < end && (bytes[at].is_ascii_alphanumeric() || matches!(bytes[at], b'.' | b'_' | b'-')) {
        at += 1;
    }
    if at < end && !bytes[at].is_ascii() && text.get(at..end)?.starts_with(is_word) {
        // No word boundary before a letter outside ASCII, and none of the rules goes on from there.
        return None;
    }
    while matches!(bytes[at - 1], b'.' | b'-') {
        at -= 1;
    }
    Some(at)
}

/// The offset of the `]` that closes a list of extras.
fn extras_end(text: &str, start: usize, end: usize) -> Result<usize, Problem> {
    let bytes = text.as_bytes();
    let mut at = skip_blanks(bytes, start, end);
    if let Some(first) = identifier_end(text, at, end) {
        at = skip_blanks(bytes, first, end);
        while at < end && bytes[at] == b',' {
            at = skip_blanks(bytes, at + 1, end);
            let extra = identifier_end(text, at, end)
                .ok_or(Problem::new(at, "expected an extra name after the comma"))?;
            at = skip_blanks(bytes, extra, end);
        }
    }
    if at < end && bytes[at] == b']' {
        Ok(at)
    } else if identifier_end(text, at, end).is_some() {
        Err(Problem::new(at, "expected a comma between extra names"))
    } else {
        Err(Problem::new(at, "expected `]` after the extras"))
    }
}

/// Whether a text in brackets is a list of extras, as pip checks it for paths.
pub(crate) fn extras_are_valid(text: &str, inner: Part) -> Result<(), Problem> {
    let close = extras_end(text, inner.start(), inner.end() + 1)?;
    if close == inner.end() { Ok(()) } else { Err(Problem::new(close, "expected the end of the extras")) }
}

/// The extras of a list that is known to be valid.
pub(crate) fn extras(text: &str, inner: Part) -> impl Iterator<Item = &str> {
    let inner = inner.get(text).unwrap_or_default();
    inner.split(',').map(|extra| extra.trim_matches([' ', '\t'])).filter(|extra| !extra.is_empty())
}
