//! Scalars and lists of scalars as they are written in YAML, for readers of YAML 1.1 and of 1.2.

use serde_yaml::Value;

/// Words that YAML 1.1 takes for something else than text.
const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];

/// A text as a scalar, also within brackets.
pub(crate) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A text in quotes.
pub(crate) fn quoted(text: &str) -> String {
    if text.chars().any(char::is_control) {
        return escaped(text);
    }
    if text.contains(['"', '\\']) { single(text) } else { format!("\"{text}\"") }
}

/// A list in brackets.
pub(crate) fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| scalar(text)).collect::<Vec<_>>().join(", "))
}

/// A text in the style of the scalar that it replaces; none where that is no simple one.
pub(crate) fn like(old: &str, text: &str) -> Option<String> {
    match old.chars().next()? {
        '"' => Some(escaped(text)),
        '\'' if !text.chars().any(char::is_control) => Some(single(text)),
        '\'' | '&' | '*' | '!' | '|' | '>' | '%' | '@' => None,
        _ if is_plain(text) || is_plain_line(text) => Some(text.to_owned()),
        _ => Some(quoted(text)),
    }
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// JSON's strings are YAML's.
fn escaped(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn is_plain(text: &str) -> bool {
    let is_known =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '/' | '=' | '+' | '-');
    !text.is_empty() && text.chars().all(is_known) && is_text(text)
}

/// A command: words with spaces between them, which is plain outside of brackets.
fn is_plain_line(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && !text.contains([',', '[', ']', '{', '}'])
        && is_text(text)
}

/// Whether a plain scalar is read as this very text.
fn is_text(text: &str) -> bool {
    let is_word = WORDS.contains(&text.to_ascii_lowercase().as_str());
    // Dates, numbers with `_` and the like are no texts to YAML 1.1.
    let is_version = text.matches('.').count() >= 2
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.');
    let is_number =
        text.trim_start_matches(['+', '-', '.']).starts_with(|letter: char| letter.is_ascii_digit());
    let read: Option<Value> = serde_yaml::from_str(text).ok();
    !is_word
        && (!is_number || is_version)
        && !text.starts_with('=')
        && read.is_some_and(|read| read.as_str() == Some(text))
}
