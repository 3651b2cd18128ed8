//! Version specifiers exactly as pip 26.3 (packaging 26.3) spells them: one pass, no allocation.

use std::str::FromStr as _;

use pep440_rs::VersionSpecifier;

use crate::text::{is_space, skip_spaces};

/// How a version is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `===`: the same text.
    Identical,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `~=`.
    Compatible,
    /// `<=`.
    LessOrEqual,
    /// `>=`.
    GreaterOrEqual,
    /// `<`.
    Less,
    /// `>`.
    Greater,
}

impl Operator {
    /// The operator as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identical => "===",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Compatible => "~=",
            Self::LessOrEqual => "<=",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::Greater => ">",
        }
    }

    /// The operator at the start of some bytes.
    pub(crate) fn at(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'=', b'=', b'=', ..] => Some(Self::Identical),
            [b'=', b'=', ..] => Some(Self::Equal),
            [b'!', b'=', ..] => Some(Self::NotEqual),
            [b'~', b'=', ..] => Some(Self::Compatible),
            [b'<', b'=', ..] => Some(Self::LessOrEqual),
            [b'>', b'=', ..] => Some(Self::GreaterOrEqual),
            [b'<', ..] => Some(Self::Less),
            [b'>', ..] => Some(Self::Greater),
            _ => None,
        }
    }
}

/// One clause such as `>=1.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Specifier<'a> {
    /// How the version is compared.
    pub operator: Operator,
    /// The version as written.
    pub version: &'a str,
}

/// A clause that was found in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clause {
    pub(crate) end: usize,
    pub(crate) operator: Operator,
    /// A release of a few digits and dots, or with `.*`: every tool reads it alike.
    pub(crate) plain: bool,
}

/// packaging's `SPECIFIER` token at `at`.
pub(crate) fn specifier_at(text: &str, at: usize, end: usize) -> Option<Clause> {
    let bytes = text.as_bytes();
    let operator = Operator::at(bytes.get(at..end)?)?;
    let after = at + operator.as_str().len();
    if operator == Operator::Identical {
        let start = skip_spaces(text, after, end);
        let rest = text.get(start..end)?;
        let length = rest.find(|c: char| is_space(c) || matches!(c, ';' | ')')).unwrap_or(rest.len());
        return Some(Clause { end: start + length, operator, plain: false });
    }
    let start = match bytes.get(after) {
        Some(byte) if byte.is_ascii_digit() && after < end => after,
        _ => skip_spaces(text, after, end),
    };
    version_end(&bytes[..end], start, operator)
}

/// Whether the whole text is one clause, spaces around it allowed, as `Specifier(text)` decides.
pub(crate) fn is_specifier(text: &str) -> bool {
    let inner = text.trim_matches(is_space);
    specifier_at(inner, 0, inner.len()).is_some_and(|clause| clause.end == inner.len())
}

/// No number in a release of this length is too large for 64 bits.
const PLAIN_LENGTH: usize = 18;

/// Matches a version greedily, as the regular expressions of packaging do.
fn version_end(bytes: &[u8], start: usize, operator: Operator) -> Option<Clause> {
    let found = |end, plain| Some(Clause { end, operator, plain });
    let mut at = start;
    if matches!(bytes.get(at), Some(b'v' | b'V')) {
        at += 1;
    }
    let mut digits = digits_end(bytes, at);
    if digits == at {
        return None;
    }
    if bytes.get(digits) == Some(&b'!') {
        let release = digits_end(bytes, digits + 1);
        if release == digits + 1 {
            return None;
        }
        digits = release;
    }
    let mut parts = 1;
    at = digits;
    while bytes.get(at) == Some(&b'.') {
        let next = digits_end(bytes, at + 1);
        if next == at + 1 {
            break;
        }
        parts += 1;
        at = next;
    }
    if operator == Operator::Compatible && parts < 2 {
        return None;
    }
    let exact = matches!(operator, Operator::Equal | Operator::NotEqual);
    if at >= bytes.len() || matches!(bytes[at], b',' | b' ' | b';' | b')') {
        return found(at, at - start <= PLAIN_LENGTH && bytes[start].is_ascii_digit());
    }
    if exact && bytes[at..].starts_with(b".*") {
        return found(at + 2, at - start <= PLAIN_LENGTH && bytes[start].is_ascii_digit());
    }
    at = suffix_end(bytes, at);
    found(if exact { local_end(bytes, at) } else { at }, false)
}

/// Pre-release, post-release and development release, each optional.
fn suffix_end(bytes: &[u8], mut at: usize) -> usize {
    const PRE: [&[u8]; 8] = [b"alpha", b"beta", b"preview", b"pre", b"a", b"b", b"c", b"rc"];
    const POST: [&[u8]; 3] = [b"post", b"rev", b"r"];
    if let Some(end) = lettered_end(bytes, at, &PRE) {
        at = end;
    }
    if bytes.get(at) == Some(&b'-') && digits_end(bytes, at + 1) > at + 1 {
        at = digits_end(bytes, at + 1);
    } else if let Some(end) = lettered_end(bytes, at, &POST) {
        at = end;
    }
    lettered_end(bytes, at, &[b"dev"]).unwrap_or(at)
}

/// `[-_.]?(one of the words)[-_.]?[0-9]*`, without regard to case.
fn lettered_end(bytes: &[u8], at: usize, words: &[&[u8]]) -> Option<usize> {
    let start = at + usize::from(is_separator(bytes.get(at)));
    let rest = bytes.get(start..)?;
    let word = words
        .iter()
        .find(|word| rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)))?;
    let after = start + word.len();
    Some(digits_end(bytes, after + usize::from(is_separator(bytes.get(after)))))
}

/// `(\+[a-z0-9]+([-_.][a-z0-9]+)*)?`
fn local_end(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) != Some(&b'+') {
        return at;
    }
    let mut end = alphanumeric_end(bytes, at + 1);
    if end == at + 1 {
        return at;
    }
    while is_separator(bytes.get(end)) {
        let next = alphanumeric_end(bytes, end + 1);
        if next == end + 1 {
            break;
        }
        end = next;
    }
    end
}

fn is_separator(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'-' | b'_' | b'.'))
}

fn digits_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

fn alphanumeric_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_alphanumeric) {
        at += 1;
    }
    at
}

/// Whether `pep440_rs` can express a clause that pip accepts.
pub(crate) fn is_supported(clause: &str) -> bool {
    clauses(clause).all(|clause| to_pep440(clause).is_ok())
}

/// One clause for `pep440_rs`, which wants no space after the operator and knows `===` with versions only.
pub(crate) fn to_pep440(clause: Specifier<'_>) -> Result<VersionSpecifier, String> {
    let text = format!("{}{}", clause.operator.as_str(), clause.version);
    VersionSpecifier::from_str(&text).map_err(|error| error.to_string())
}

/// The clauses of a specifier text that is known to be valid.
pub(crate) fn clauses(text: &str) -> impl Iterator<Item = Specifier<'_>> + Clone {
    text.split(',').filter_map(|clause| {
        let clause = clause.trim_matches(is_space);
        let operator = Operator::at(clause.as_bytes())?;
        let version = clause[operator.as_str().len()..].trim_matches(is_space);
        Some(Specifier { operator, version })
    })
}
