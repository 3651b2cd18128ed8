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
    ("shell", "one word of a POSIX shell; a list becomes its words"),
    ("toml", "a string or a list of strings of TOML"),
];

pub(crate) fn register(tera: &mut Tera) {
    tera.register_filter("image", |value: Value, _: Kwargs, _: &State| image(&value));
    tera.register_filter("json", |value: Value, _: Kwargs, _: &State| json(&value));
    tera.register_filter("shell", |value: Value, _: Kwargs, _: &State| words(&value));
    tera.register_filter("toml", |value: Value, _: Kwargs, _: &State| toml(&value));
}

fn image(value: &Value) -> String {
    let name = text(&plain(value)).to_lowercase();
    let parts = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn words(value: &Value) -> String {
    match plain(value) {
        serde_json::Value::Array(items) => {
            let words: Vec<String> = items.iter().map(|item| word(&text(item))).collect();
            words.join(" ")
        }
        other => word(&text(&other)),
    }
}

/// Bare where that is safe, else between single quotes.
fn word(text: &str) -> String {
    let is_safe = |character: char| character.is_ascii_alphanumeric() || "@%+=:,./_-".contains(character);
    if !text.is_empty() && text.chars().all(is_safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
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
        for (text, expected) in
            [("main.py", "main.py"), ("", "''"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("$(x)", "'$(x)'")]
        {
            assert_eq!(word(text), expected);
        }
        assert_eq!(words(&Value::from_serializable(&["uvicorn", "a b"])), "uvicorn 'a b'");
    }

    #[test]
    fn values_of_json_and_toml_are_quoted() {
        assert_eq!(json(&Value::from_serializable(&["3.10", "a\"b"])), r#"["3.10","a\"b"]"#);
        assert_eq!(toml(&Value::from_serializable(&"C:\\x \"y\"")), r#"'C:\x "y"'"#);
        assert_eq!(toml(&Value::from_serializable(&["a", "b"])), r#"["a", "b"]"#);
        assert_eq!(toml(&Value::from_serializable(&3)), "3");
    }
}
