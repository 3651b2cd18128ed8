//! The text of an ini file into a typed value, as the tool itself would take it.

use crate::model::{Element, Value};
use crate::section::Key;

/// What a setting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text on one line.
    String,
    /// A text that may have several lines.
    Text,
    Bool,
    Integer,
    Float,
    /// Items between commas; a comma at the end adds none.
    Commas,
    /// Items between commas or line ends; empty ones are none.
    List,
    /// Items on lines.
    Lines,
    /// Items between commas or colons.
    Paths,
    /// Items between spaces, split as a shell does.
    Words,
    /// True if nothing is said; anything else is a text.
    Flag,
    /// `true` or `false`; anything else is a text.
    Truth,
}

impl Kind {
    pub(crate) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "string" => Self::String,
            "text" => Self::Text,
            "bool" => Self::Bool,
            "integer" => Self::Integer,
            "float" => Self::Float,
            "commas" => Self::Commas,
            "list" => Self::List,
            "lines" => Self::Lines,
            "paths" => Self::Paths,
            "words" => Self::Words,
            "flag" => Self::Flag,
            "truth" => Self::Truth,
            _ => return None,
        })
    }

    /// What the tool asks for, for a message.
    pub(crate) const fn article(self) -> &'static str {
        match self {
            Self::Bool => "a boolean",
            Self::Integer => "a whole number",
            Self::Float => "a number",
            _ => "a text or a list",
        }
    }
}

/// Which words a tool takes for true and false.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Booleans {
    /// Python's `configparser`: 1, yes, true, on.
    ConfigParser,
    /// Python's `strtobool`: 1, y, yes, t, true, on.
    StrToBool,
    /// pylint: y, yes, true.
    Pylint,
}

impl Booleans {
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "strtobool" => Self::StrToBool,
            "pylint" => Self::Pylint,
            _ => Self::ConfigParser,
        }
    }

    /// The boolean that a word is, if it is one.
    pub(crate) fn read(self, word: &str) -> Option<bool> {
        let (yes, no): (&[&str], &[&str]) = match self {
            Self::ConfigParser => (&["1", "yes", "true", "on"], &["0", "no", "false", "off"]),
            Self::StrToBool => {
                (&["1", "y", "yes", "t", "true", "on"], &["0", "n", "no", "f", "false", "off"])
            }
            Self::Pylint => (&["y", "yes", "true"], &["n", "no", "false"]),
        };
        let word = word.trim().to_lowercase();
        if yes.contains(&word.as_str()) { Some(true) } else { no.contains(&word.as_str()).then_some(false) }
    }
}

/// The typed value of a key, with the comments inside it that have no place in it; none if the text is no such value.
pub(crate) fn typed(kind: Kind, key: &Key, booleans: Booleans) -> Option<(Value, Vec<String>)> {
    let text = key.value.as_str();
    let single = |value: Value| Some((value, inner_comments(key)));
    match kind {
        Kind::String => single(Value::from(text.trim())),
        Kind::Flag if text.trim().is_empty() => single(Value::Bool(true)),
        Kind::Truth if text.eq_ignore_ascii_case("true") => single(Value::Bool(true)),
        Kind::Truth if text.eq_ignore_ascii_case("false") => single(Value::Bool(false)),
        Kind::Text | Kind::Flag | Kind::Truth => single(Value::from(text)),
        Kind::Bool => single(booleans.read(text)?.into()),
        Kind::Integer => single(text.trim().parse::<i64>().ok()?.into()),
        Kind::Float => single(number(text.trim())?),
        Kind::Commas => {
            let mut items = items(key, &[',']);
            // A comma at the very end adds nothing; a text without any comma is one item, even an empty one.
            if text.split(',').next_back() == Some("") {
                items.pop();
            }
            Some((Value::Array(items), Vec::new()))
        }
        Kind::Paths => Some((Value::Array(items(key, &[',', ':'])), Vec::new())),
        Kind::List => Some((Value::Array(filled(items(key, &[',', '\n']))), Vec::new())),
        Kind::Lines => Some((Value::Array(filled(items(key, &['\n']))), Vec::new())),
        // What a shell would take apart in another way stays a text, which the tool splits itself.
        Kind::Words if text.contains(['"', '\'', '\\', '#']) => single(Value::from(text.trim())),
        Kind::Words => Some((Value::Array(filled(items(key, &[' ', '\t', '\n']))), Vec::new())),
    }
}

/// A number as TOML writes it.
fn number(text: &str) -> Option<Value> {
    let value: f64 = text.replace('_', "").parse().ok()?;
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::Integer(whole));
    }
    value.is_finite().then(|| {
        let text = format!("{value:?}");
        Value::Float(if text.contains(['.', 'e']) { text } else { format!("{text}.0") })
    })
}

fn filled(items: Vec<Element>) -> Vec<Element> {
    let is_filled = |item: &Element| !matches!(&item.value, Value::String(text) if text.is_empty());
    let mut waiting = Vec::new();
    let mut out = Vec::new();
    for mut item in items {
        if !is_filled(&item) {
            waiting.append(&mut item.comments);
            continue;
        }
        let mut comments = std::mem::take(&mut waiting);
        comments.append(&mut item.comments);
        item.comments = comments;
        out.push(item);
    }
    if let Some(last) = out.last_mut() {
        last.comments.append(&mut waiting);
    }
    out
}

/// The items of a value, trimmed, each with the comments above the line that it starts on.
fn items(key: &Key, separators: &[char]) -> Vec<Element> {
    let mut line = 0;
    let mut told = 0;
    let mut out = Vec::new();
    for piece in key.value.split_inclusive(separators) {
        let text = piece.strip_suffix(separators).unwrap_or(piece);
        let start = line + text[..text.len() - text.trim_start().len()].matches('\n').count();
        let mut element = Element::new(text.trim());
        while told <= start {
            let comments = key.parts.get(told).map(|part| part.comments.clone()).unwrap_or_default();
            element.comments.extend(comments);
            told += 1;
        }
        out.push(element);
        line += piece.matches('\n').count();
    }
    if key.value.is_empty() || key.value.ends_with(separators) {
        out.push(Element::new(""));
    }
    out
}

fn inner_comments(key: &Key) -> Vec<String> {
    key.parts.iter().flat_map(|part| part.comments.clone()).collect()
}
