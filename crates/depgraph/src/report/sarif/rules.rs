//! The rules and notifications that a run of SARIF describes.

use serde_json::{Value, json};
use uvshift_diagnostics::{Code, Diagnostic};

use super::{REPOSITORY, level};
use crate::Rule;
use crate::report::{sentence, words};

/// The description of a rule.
pub(super) fn rule(rule: Rule) -> Value {
    let (code, name, uri) = (rule.code(), rule.name(), uri(rule.code()));
    let ignore = format!("To accept it in one place, put `# uvshift: ignore[{name}]` on the line.");
    json!({
        "id": code.id(),
        "name": pascal(name),
        "shortDescription": { "text": words::short(rule) },
        "fullDescription": { "text": format!("{} {}", words::short(rule), words::why(rule)) },
        "help": {
            "text": format!("{} {ignore}", words::help(rule)).replace('`', ""),
            "markdown": format!("{}\n\n{ignore}\n\n[All about {}]({uri})", words::help(rule), code.id()),
        },
        "helpUri": uri,
        "defaultConfiguration": { "level": level(words::severity(rule)) },
        "properties": { "tags": ["dependencies", "python"], "problem.severity": problem(rule) },
    })
}

/// The place of a rule among the rules of the run.
pub(super) fn rule_index(rule: Rule) -> usize {
    Rule::ALL.iter().position(|known| *known == rule).unwrap_or_default()
}

/// The codes of diagnostics, each once, sorted.
pub(super) fn diagnostic_codes(diagnostics: &[Diagnostic]) -> Vec<Code> {
    let mut codes: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The description of a code that is no rule.
pub(super) fn notification(code: Code) -> Value {
    let words = sentence(&code.name().replace('-', " "), "");
    let uri = uri(code);
    json!({
        "id": code.id(),
        "name": pascal(code.name()),
        "shortDescription": { "text": words },
        "fullDescription": { "text": format!("{words} What is there could not be read as a whole.") },
        "help": { "text": format!("See {uri}"), "markdown": format!("[All about {}]({uri})", code.id()) },
        "helpUri": uri,
    })
}

/// The word that GitHub has for a level.
fn problem(rule: Rule) -> &'static str {
    match words::severity(rule) {
        uvshift_diagnostics::Severity::Error => "error",
        uvshift_diagnostics::Severity::Warning => "warning",
        uvshift_diagnostics::Severity::Note => "recommendation",
    }
}

fn uri(code: Code) -> String {
    format!("{REPOSITORY}/blob/main/docs/diagnostics.md#{}", code.id().to_ascii_lowercase())
}

/// `declared-twice` as `DeclaredTwice`, the form that SARIF asks for.
fn pascal(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        first + letters.as_str()
    };
    name.split('-').map(capital).collect()
}
