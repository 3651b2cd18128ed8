//! How a string has to be written so that it says the same.

use std::fmt::Write as _;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::Style;

/// A string as a scalar in quotes.
pub(crate) fn quoted(value: &str, style: Style) -> String {
    let fits_single = !value.contains(|letter: char| letter.is_control() || letter == '\u{feff}');
    if style == Style::SingleQuoted && fits_single {
        return format!("'{}'", value.replace('\'', "''"));
    }
    let mut out = String::from("\"");
    for letter in value.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            letter if letter.is_control() || matches!(letter, '\u{feff}' | '\u{2028}' | '\u{2029}') => {
                let _ = write!(out, "\\U{:08X}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Whether a string can stand without quotes and still be just this string, to YAML 1.1 and 1.2.
pub(crate) fn can_be_plain(value: &str, in_flow: bool) -> bool {
    if value.is_empty() || value.contains('\n') || is_other_type(value) {
        return false;
    }
    let around = if in_flow { format!("k: [{value}]\n") } else { format!("k: {value}\n") };
    let mut read = Vec::new();
    for event in Parser::new_from_str(&around) {
        // The parser says the same for ever once it cannot go on.
        let Ok((event, _)) = event else { return false };
        match event {
            Event::Scalar(said, style, ..) => read.push((said.into_owned(), style)),
            Event::MappingStart(..) if read.is_empty() => {}
            Event::SequenceStart(..) if in_flow => {}
            Event::MappingStart(..) | Event::SequenceStart(..) | Event::Alias(_) => return false,
            _ => {}
        }
    }
    matches!(read.as_slice(), [_, (said, ScalarStyle::Plain)] if said == value)
}

/// Whether a word without quotes is a number, a truth, a date or nothing.
pub(crate) fn is_other_type(value: &str) -> bool {
    let words = ["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", ".nan", ".inf", "=", "<<"];
    if words.iter().any(|word| value.eq_ignore_ascii_case(word)) {
        return true;
    }
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    let is_coded = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0o"));
    if let Some(digits) = is_coded {
        return !digits.is_empty()
            && digits.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '_');
    }
    // Numbers, times in base 60, and dates with a time.
    let is_number = |letter: char| letter.is_ascii_digit() || "._:+-eETtZz ".contains(letter);
    unsigned.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.')
        && unsigned.chars().all(is_number)
}
