//! The values of flake8's options, as flake8 splits them, and without the comments that old files have behind them.

use uvshift_diagnostics::Diagnostic;

use crate::codes::{BAD_LINTER_VALUE, INLINE_COMMENT};
use crate::model::{Element, Place, Value};
use crate::section::{Key, Section};

use super::output::Output;

/// A line of a value and the comment that was behind it.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) content: String,
    pub(crate) comment: Option<String>,
    pub(crate) above: Vec<String>,
}

/// The lines of a value without the comments behind them, which are said once for each key.
pub(crate) fn lines(section: &Section, key: &Key, out: &mut Output) -> Vec<Text> {
    let mut lines: Vec<Text> = Vec::new();
    let mut first = None;
    for part in &key.parts {
        let (text, comment) = without_comment(&part.text);
        if comment.is_some() {
            first = first.or(Some(part.line));
        }
        lines.push(Text { content: text.to_owned(), comment, above: part.comments.clone() });
    }
    if let Some(line) = first {
        let message = format!(
            "the comment behind a value of `{}` is taken for a part of it by flake8 6 and newer",
            key.name
        );
        let diagnostic = Diagnostic::note(INLINE_COMMENT, message)
            .with_help("nothing is to be done: the comment is left out of the value");
        out.say(&Place::new(section.file.as_str(), line), diagnostic);
    }
    lines
}

fn without_comment(text: &str) -> (&str, Option<String>) {
    let starts = |(at, _): &(usize, &str)| {
        text.get(..*at).is_none_or(|before| before.is_empty() || before.ends_with([' ', '\t', ',']))
    };
    match text.match_indices('#').find(starts) {
        Some((at, _)) => {
            let comment = text.get(at + 1..).unwrap_or_default().trim().to_owned();
            (text.get(..at).unwrap_or_default().trim_end(), Some(comment))
        }
        None => (text, None),
    }
}

/// A list as flake8 splits it: at commas and white space.
pub(crate) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| character == ',' || character.is_whitespace())
        .filter(|item| !item.is_empty())
}

/// The items of a list.
pub(crate) fn items(lines: &[Text]) -> Vec<String> {
    lines.iter().flat_map(|line| split(&line.content)).map(str::to_owned).collect()
}

/// A list with its comments: those above a line above its first item, that behind it behind its last.
pub(crate) fn array(lines: &[Text], written: impl Fn(&str) -> String) -> Value {
    let mut elements: Vec<Element> = Vec::new();
    for line in lines {
        let mut above = line.above.clone();
        let before = elements.len();
        for item in split(&line.content) {
            let comments = std::mem::take(&mut above);
            elements.push(Element { comments, ..Element::new(written(item)) });
        }
        if elements.len() > before
            && let Some(last) = elements.last_mut()
        {
            last.trailing.clone_from(&line.comment);
        }
    }
    Value::Array(elements)
}

/// A whole number as Python's `int` reads it. One that is none is said to be wrong.
pub(crate) fn integer(section: &Section, key: &Key, out: &mut Output) -> Option<i64> {
    let lines = lines(section, key, out);
    let text = lines.iter().map(|line| line.content.as_str()).collect::<String>();
    let number = text.trim().replace('_', "").parse().ok();
    if number.is_none() {
        refuse(section, key, "a whole number", out);
    }
    number
}

/// A truth value as Python's `getboolean` reads it. One that is none is said to be wrong.
pub(crate) fn boolean(section: &Section, key: &Key, out: &mut Output) -> Option<bool> {
    let lines = lines(section, key, out);
    let text = lines.iter().map(|line| line.content.as_str()).collect::<String>().to_lowercase();
    let value = match text.trim() {
        "1" | "yes" | "true" | "on" => Some(true),
        "0" | "no" | "false" | "off" => Some(false),
        _ => None,
    };
    if value.is_none() {
        refuse(section, key, "a truth value such as `true`", out);
    }
    value
}

/// Says that flake8 stops at a value.
pub(crate) fn refuse(section: &Section, key: &Key, wanted: &str, out: &mut Output) {
    let message = format!("`{}` is `{}`, and flake8 wants {wanted}", key.name, key.value.trim());
    let diagnostic =
        Diagnostic::error(BAD_LINTER_VALUE, message).with_help("correct the value, or take the line out");
    out.say(&section.place(key), diagnostic);
}
