//! All fields of `METADATA` and `PKG-INFO`, read as Python's `email` and `importlib.metadata` read them and named as PEP 566 has them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use uvshift_requirements::normalize_name;

/// The fields, and whether there may be several of one.
const FIELDS: [(&str, bool); 27] = [
    ("Metadata-Version", false),
    ("Name", false),
    ("Version", false),
    ("Dynamic", true),
    ("Platform", true),
    ("Supported-Platform", true),
    ("Summary", false),
    ("Description", false),
    ("Description-Content-Type", false),
    ("Keywords", false),
    ("Home-page", false),
    ("Download-URL", false),
    ("Author", false),
    ("Author-email", false),
    ("Maintainer", false),
    ("Maintainer-email", false),
    ("License", false),
    ("License-Expression", false),
    ("License-File", true),
    ("Classifier", true),
    ("Requires-Dist", true),
    ("Requires-Python", false),
    ("Requires-External", true),
    ("Project-URL", true),
    ("Provides-Extra", true),
    ("Provides-Dist", true),
    ("Obsoletes-Dist", true),
];

/// The metadata of a text, with the requirements of `requires.txt` where it has none.
pub(super) fn metadata(text: &str, requires: Option<&str>) -> Map<String, Value> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (mut headers, body) = headers(&text);
    if let Some(requires) = requires {
        add_requires(&mut headers, requires);
    }
    let mut metadata = Map::new();
    for (field, several) in FIELDS {
        let mut values = headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(field))
            .map(|(_, value)| value.as_str());
        let Some(first) = values.next() else { continue };
        let value = match (several, field) {
            (true, _) => json!(std::iter::once(first).chain(values).collect::<Vec<_>>()),
            (false, "Keywords") => keywords(first),
            (false, _) => json!(first),
        };
        metadata.insert(field.to_lowercase().replace('-', "_"), value);
    }
    if !body.is_empty() {
        metadata.insert("description".to_owned(), json!(body));
    }
    metadata
}

fn keywords(text: &str) -> Value {
    if text.contains(',') {
        json!(text.split(',').map(|word| word.trim_matches(is_space)).collect::<Vec<_>>())
    } else {
        json!(text.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>())
    }
}

/// What is white space to Python.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

/// The headers of known fields with their values, and what follows the empty line after all headers.
fn headers(text: &str) -> (Vec<(String, String)>, &str) {
    let mut headers: Vec<(String, String)> = Vec::new();
    // Whether the last header was a known one, to which folded lines belong.
    let mut is_open = false;
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    while let Some(line) = rest.split_inclusive('\n').next() {
        let (_, after) = rest.split_at(line.len());
        let bare = line.trim_end_matches('\n');
        if bare.is_empty() {
            rest = after;
            break;
        }
        if bare.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut().filter(|_| is_open) {
                value.push_str(line);
            }
        } else if let Some((name, value)) = bare.split_once(':').filter(|(name, _)| is_header(name)) {
            is_open = FIELDS.iter().any(|(field, _)| field.eq_ignore_ascii_case(name));
            if is_open {
                let (_, end) = line.split_at(bare.len());
                headers.push((name.to_owned(), format!("{}{end}", value.trim_start_matches([' ', '\t']))));
            }
        } else {
            // What is no header is the first line of the body.
            break;
        }
        rest = after;
    }
    for (_, value) in &mut headers {
        *value = redented(value.trim_end_matches('\n'));
    }
    (headers, rest)
}

fn is_header(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b':')
}

/// A value of several lines without what all of them are indented by; the first one stands eight columns in.
fn redented(value: &str) -> String {
    if !value.contains('\n') {
        return value.to_owned();
    }
    let padded = format!("{}{value}", " ".repeat(8));
    let is_blank = |line: &str| line.chars().all(|character| matches!(character, ' ' | '\t'));
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let mut margin: Option<&str> = None;
    for line in padded.split('\n').filter(|line| !is_blank(line)) {
        let (own, _) = line.split_at(indent(line));
        margin = Some(margin.map_or(own, |margin| common(margin, own)));
    }
    let margin = margin.unwrap_or_default();
    let lines = padded
        .split('\n')
        .map(|line| if is_blank(line) { "" } else { line.strip_prefix(margin).unwrap_or(line) });
    lines.collect::<Vec<_>>().join("\n")
}

/// What two indentations, which are spaces and tabs, begin with.
fn common<'a>(left: &'a str, right: &str) -> &'a str {
    let length = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    left.split_at(length).0
}

/// `requires.txt` of an egg as headers, written as pip writes them; nothing where there are such headers.
fn add_requires(headers: &mut Vec<(String, String)>, requires: &str) {
    let has = |wanted: &str| headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
    let (has_requires, has_extras) = (has("Requires-Dist"), has("Provides-Extra"));
    let (mut extra, mut marker) = (String::new(), "");
    let (mut extras, mut seen) = (Vec::new(), BTreeSet::new());
    for line in requires.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with('[') && line.ends_with(']') {
            let section = line.trim_matches(['[', ']']);
            let (name, condition) = section.split_once(':').unwrap_or((section, ""));
            extra = if name.is_empty() { String::new() } else { normalize_name(name) };
            marker = condition;
            continue;
        }
        if !extra.is_empty() && seen.insert(extra.clone()) {
            extras.push(extra.clone());
        }
        let condition = match (extra.as_str(), marker) {
            ("", "") => String::new(),
            ("", marker) => format!(" ; {marker}"),
            (extra, "") => format!(" ; extra == \"{extra}\""),
            (extra, marker) => format!(" ; ({marker}) and extra == \"{extra}\""),
        };
        if !has_requires {
            headers.push(("Requires-Dist".to_owned(), format!("{line}{condition}")));
        }
    }
    if !has_extras {
        headers.extend(extras.into_iter().map(|extra| ("Provides-Extra".to_owned(), extra)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_read_as_python_reads_them() {
        let found = metadata(
            "Metadata-Version: 2.1\r\nName:  a\r\nKeywords: b  c\r\nLicense: MIT\n        \n          All\n        of it\nPlatform: x\nplatform: y\nDescription: old\n        |lines\n\n\nthe body\n",
            Some("six\n[x_Y]\nb\n[:os_name == 'nt']\nc\n[z:a]\nd\n"),
        );
        assert_eq!(
            Value::Object(found),
            json!({
                "metadata_version": "2.1",
                "name": "a",
                "keywords": ["b", "c"],
                "license": "MIT\n\n  All\nof it",
                "platform": ["x", "y"],
                "description": "\nthe body\n",
                "requires_dist": [
                    "six",
                    "b ; extra == \"x-y\"",
                    "c ; os_name == 'nt'",
                    "d ; (a) and extra == \"z\"",
                ],
                "provides_extra": ["x-y", "z"],
            })
        );
        assert_eq!(
            metadata("Name: a\nno header\nVersion: 1\n", None)["description"],
            "no header\nVersion: 1\n"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(?s).{0,300}", value in "[ \\ta:\\n]{0,60}", requires in "[\\[\\]:a \\n#]{0,60}") {
            metadata(&text, Some(&requires));
            let found = metadata(&format!("License: x{value}\nName: a"), None);
            prop_assert!(found.contains_key("license"));
        }
    }
}
