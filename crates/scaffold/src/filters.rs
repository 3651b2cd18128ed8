//! Filters that templates have beside those of tera: each makes a value safe to stand in some kind of file.

use serde::Serialize as _;
use tera::{Kwargs, State, Tera, Value};

/// What each filter is for, for documentation.
pub const FILTERS: &[(&str, &str)] = &[
    (
        "image",
        "a name as those of images, containers and projects of Compose have to be: small letters, digits and `-`",
    ),
    ("json", "JSON on one line; also a string, list or mapping of YAML"),
    ("shell", "one word of a shell; a list becomes its words"),
    ("toml", "a string or a list of strings of TOML"),
    (
        "words",
        "the words of a command line as a list, without quotes: for what starts a program without a shell",
    ),
];

pub(crate) fn register(tera: &mut Tera) {
    tera.register_filter("image", |value: Value, _: Kwargs, _: &State| image(&value));
    tera.register_filter("json", |value: Value, _: Kwargs, _: &State| json(&value));
    tera.register_filter("shell", |value: Value, _: Kwargs, _: &State| shell(&value));
    tera.register_filter("toml", |value: Value, _: Kwargs, _: &State| toml(&value));
    tera.register_filter("words", |value: Value, _: Kwargs, _: &State| words(&text(&plain(&value))));
}

fn image(value: &Value) -> String {
    let name = text(&plain(value)).to_lowercase();
    let parts = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn shell(value: &Value) -> String {
    match plain(value) {
        serde_json::Value::Array(items) => command_line(items.iter().map(text)),
        other => word(&text(&other)),
    }
}

/// Words as a shell reads them again: what is more than a plain word is quoted.
pub fn command_line(words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    words.into_iter().map(|it| word(it.as_ref())).collect::<Vec<_>>().join(" ")
}

/// Bare where that is safe, between double quotes where every shell reads them alike, those of Windows too, else between single
/// quotes.
fn word(text: &str) -> String {
    let is_safe = |character: char| character.is_ascii_alphanumeric() || "@%+=:,./_-".contains(character);
    if !text.is_empty() && text.chars().all(is_safe) {
        return text.to_owned();
    }
    let is_plain = |character: char| !character.is_control() && !"\"$`\\!%".contains(character);
    if text.chars().all(is_plain) {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The words of a command line: the inverse of [`command_line`].
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (_, Some(open)) if character == open => quote = None,
            ('\\', None) => word.get_or_insert_default().extend(characters.next()),
            (_, None) if character.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

fn toml(value: &Value) -> String {
    let string = |item: &serde_json::Value| toml_edit::Value::from(text(item)).to_string();
    match plain(value) {
        serde_json::Value::Array(items) => {
            let items: Vec<String> = items.iter().map(string).collect();
            format!("[{}]", items.join(", "))
        }
        serde_json::Value::Bool(value) => value.to_string(),
        serde_json::Value::Number(number) => number.to_string(),
        other => string(&other),
    }
}

fn plain(value: &Value) -> serde_json::Value {
    value.serialize(serde_json::value::Serializer).unwrap_or_default()
}

fn text(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_shell_are_one_word_each() {
        for (text, expected) in [
            ("main.py", "main.py"),
            ("", "\"\""),
            ("a b", "\"a b\""),
            ("app:create_app()", "\"app:create_app()\""),
            ("it's", "\"it's\""),
            ("it's $x", r"'it'\''s $x'"),
            ("$(x)", "'$(x)'"),
            ("a\\b", r"'a\b'"),
        ] {
            assert_eq!(word(text), expected);
            assert_eq!(words(&word(text)), [text]);
        }
        assert_eq!(shell(&Value::from_serializable(&["uvicorn", "a b"])), "uvicorn \"a b\"");
        assert_eq!(words("  flask --app=\"shop app\":x\t'' "), ["flask", "--app=shop app:x", ""]);
        assert_eq!(words("\"never closed"), ["never closed"]);
        assert!(words(" ").is_empty());
    }

    #[test]
    fn values_of_json_and_toml_are_quoted() {
        assert_eq!(json(&Value::from_serializable(&["3.10", "a\"b"])), r#"["3.10","a\"b"]"#);
        assert_eq!(toml(&Value::from_serializable(&"C:\\x \"y\"")), r#"'C:\x "y"'"#);
        assert_eq!(toml(&Value::from_serializable(&["a", "b"])), r#"["a", "b"]"#);
        assert_eq!(toml(&Value::from_serializable(&3)), "3");
    }
}
