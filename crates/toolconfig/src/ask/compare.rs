//! Two answers of a tool, or of flake8 and ruff, compared by what they mean.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::TO_RUFF;

/// What is not the same in two answers, each with its place. Nothing if the tool is missing or refused its old settings.
///
/// A text that named a file of `gone` is the same if it names pyproject.toml now.
pub fn compared(tool: &str, before: &Value, after: &Value, gone: &[String]) -> Vec<String> {
    if before["missing"] == true || after["missing"] == true || before.get("error").is_some() {
        return Vec::new();
    }
    if let Some(error) = after.get("error") {
        return vec![format!("it refuses the new settings: {}", error.as_str().unwrap_or_default())];
    }
    let (before, after) = (&before["settings"], &after["settings"]);
    let mut found = Vec::new();
    if tool == TO_RUFF {
        to_ruff(before, after, &mut found);
    } else {
        Trees { gone, found: &mut found }.compare("", before, after);
    }
    found
}

/// A text of a value, short enough for a report.
fn short(value: Option<&Value>) -> String {
    const LONGEST: usize = 120;
    let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text,
    }
}

struct Trees<'a> {
    gone: &'a [String],
    found: &'a mut Vec<String>,
}

impl Trees<'_> {
    fn compare(&mut self, place: &str, before: &Value, after: &Value) {
        match (before, after) {
            _ if before == after => {}
            (Value::Object(old), Value::Object(new)) => {
                let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                for key in keys {
                    let place = if place.is_empty() { key.clone() } else { format!("{place}.{key}") };
                    match (old.get(key), new.get(key)) {
                        (Some(old), Some(new)) => self.compare(&place, old, new),
                        (old, new) => self.found.push(format!("{place}: {} -> {}", short(old), short(new))),
                    }
                }
            }
            (Value::Array(old), Value::Array(new)) if place == "per_module" => self.modules(old, new),
            (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
                for (index, (old, new)) in old.iter().zip(new).enumerate() {
                    self.compare(&format!("{place}[{index}]"), old, new);
                }
            }
            (Value::String(old), Value::String(new)) if self.follows(old, new) => {}
            _ => self.found.push(format!("{place}: {} -> {}", short(Some(before)), short(Some(after)))),
        }
    }

    /// Whether a text names pyproject.toml where it named a file that is gone.
    fn follows(&self, before: &str, after: &str) -> bool {
        self.gone
            .iter()
            .any(|path| before.contains(path.as_str()) && before.replace(path.as_str(), PYPROJECT) == after)
    }

    /// mypy's settings for modules: pairs of a pattern and values, whose order counts.
    fn modules(&mut self, before: &[Value], after: &[Value]) {
        let named = |pairs: &[Value]| -> Map<String, Value> {
            let pair = |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].clone()));
            pairs.iter().filter_map(pair).collect()
        };
        let (old, new) = (named(before), named(after));
        if old == new {
            let order = |pairs: &[Value]| pairs.iter().map(|pair| pair[0].clone()).collect();
            let (old, new) = (Value::Array(order(before)), Value::Array(order(after)));
            self.found.push(format!("the order of modules: {} -> {}", short(Some(&old)), short(Some(&new))));
            return;
        }
        self.compare("modules", &Value::Object(old), &Value::Object(new));
    }
}

const PYPROJECT: &str = "pyproject.toml";

/// The families of codes that plugins bring, each with how a setting names it.
const PLUGINS: &[(&str, &[&str])] =
    &[("B", &["B"]), ("C4", &["C4"]), ("SIM", &["SIM"]), ("N8", &["N"]), ("D", &["D", "docstring"])];

/// The family of a code that flake8 and ruff share under one name, with the plugins that are looked at.
pub(super) fn family(code: &str) -> Option<&'static str> {
    let letters = code.trim_end_matches(|character: char| character.is_ascii_digit());
    let digits = &code[letters.len()..];
    Some(match letters {
        "E" | "W" | "F" => "",
        "C" if digits.starts_with('9') => "",
        "C" if digits.starts_with('4') => "C4",
        "B" if digits.starts_with(['0', '9']) => "B",
        "D" if digits.starts_with(['1', '2', '3', '4']) => "D",
        "N" if digits.starts_with('8') => "N8",
        "SIM" => "SIM",
        _ => return None,
    })
}

/// Which rules flake8 reported and which ruff reports, with the lengths and the complexity that both have.
///
/// What a plugin brings is looked at where the settings name it: otherwise nothing says that it is installed.
fn to_ruff(before: &Value, after: &Value, found: &mut Vec<String>) {
    let written = before["written"].to_string();
    let words: Vec<&str> = written.split(|character: char| !character.is_ascii_alphanumeric()).collect();
    let is_named = |family: &str| {
        let spellings = PLUGINS.iter().find(|(name, _)| *name == family).map(|(_, words)| *words);
        let names = |spelling: &&str| {
            let fits = |word: &&str| {
                word.strip_prefix(*spelling)
                    .is_some_and(|rest| rest.chars().all(|digit| digit.is_ascii_digit()))
            };
            words.iter().any(fits) || (spelling.len() > 3 && written.contains(*spelling))
        };
        family.is_empty() || spellings.is_some_and(|spellings| spellings.iter().any(names))
    };
    let codes = |answer: &Value| -> BTreeSet<String> {
        let codes = answer["enabled"].as_array().into_iter().flatten().filter_map(Value::as_str);
        codes.filter(|code| family(code).is_some_and(is_named)).map(str::to_owned).collect()
    };
    let (old, new) = (codes(before), codes(after));
    let joined = |codes: Vec<&String>| codes.into_iter().cloned().collect::<Vec<_>>().join(" ");
    let (lost, gained) = (old.difference(&new).collect::<Vec<_>>(), new.difference(&old).collect::<Vec<_>>());
    if !lost.is_empty() {
        found.push(format!("no longer reported: {}", joined(lost)));
    }
    if !gained.is_empty() {
        found.push(format!("reported in addition: {}", joined(gained)));
    }
    let mut number = |name: &str, flake8: &str, ruff: &str| {
        let (old, new) = (before["options"][flake8].as_i64(), after["values"][ruff].as_str());
        if old.is_some_and(|old| old >= 0 && Some(old.to_string().as_str()) != new) {
            let (old, new) = (old.unwrap_or_default(), new.unwrap_or("nothing"));
            found.push(format!("{name}: {old} -> {new}"));
        }
    };
    number("line length", "max_line_length", "linter.pycodestyle.max_line_length");
    number("length of lines of documentation", "max_doc_length", "linter.pycodestyle.max_doc_length");
    number("complexity", "max_complexity", "linter.mccabe.max_complexity");
}
