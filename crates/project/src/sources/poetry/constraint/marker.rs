//! `python` and `platform` of a dependency as markers of PEP 508, as poetry-core writes them.

use pep440_rs::Version;

use super::clause::{Clause, Comparison};
use super::{Problem, split};

/// A clause about Python as comparisons that all have to hold.
///
/// `python_version` has two numbers; a version with more is compared with `python_full_version`.
pub(super) fn python_clause(clause: &Clause) -> Result<Vec<String>, Problem> {
    Ok(match clause {
        Clause::Any => Vec::new(),
        Clause::Compare(comparison, version) => vec![comparison_marker(*comparison, version)],
        Clause::Compatible { version: from, below } | Clause::Span { from, below } => vec![
            comparison_marker(Comparison::GreaterOrEqual, from),
            comparison_marker(Comparison::Less, below),
        ],
        Clause::Prefix { version, inverted } => {
            let (equal, unequal) = ("==", "!=");
            let operator = if *inverted { unequal } else { equal };
            if version.any_prerelease() || version.is_post() {
                let why = format!("`{version}.*` is no version of Python");
                return Err(Problem::new(why, "write a release of Python, such as `3.12.*`"));
            }
            match version.release() {
                [_] => vec![format!("python_version {operator} \"{version}.*\"")],
                [_, _] => vec![format!("python_version {operator} \"{version}\"")],
                _ => vec![format!("python_full_version {operator} \"{version}.*\"")],
            }
        }
    })
}

fn comparison_marker(comparison: Comparison, version: &Version) -> String {
    // A marker compares releases; poetry-core leaves out the rest, too.
    let numbers = version.release();
    let text = numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(".");
    let patch_matters =
        matches!(comparison, Comparison::LessOrEqual | Comparison::Greater | Comparison::NotEqual);
    if numbers.len() < 3 && !patch_matters {
        return format!("python_version {} \"{text}\"", comparison.as_str());
    }
    let text = match numbers.len() {
        1 => format!("{text}.0.0"),
        2 => format!("{text}.0"),
        _ => text,
    };
    format!("python_full_version {} \"{text}\"", comparison.as_str())
}

/// `platform = "linux || darwin"` as a marker; empty for `*`.
pub(in super::super) fn platform_marker(text: &str) -> Result<String, Problem> {
    if text == "*" {
        return Ok(String::new());
    }
    let mut alternatives = Vec::new();
    for alternative in split::alternatives(text) {
        let clauses: Vec<String> =
            alternative.split(',').map(|clause| platform_clause(clause.trim())).collect::<Result<_, _>>()?;
        alternatives.push(clauses);
    }
    if let [only] = alternatives.as_slice() {
        return Ok(only.join(" and "));
    }
    let parts: Vec<String> = alternatives
        .iter()
        .map(|part| if part.len() == 1 { part.concat() } else { format!("({})", part.join(" and ")) })
        .collect();
    Ok(parts.join(" or "))
}

fn platform_clause(text: &str) -> Result<String, Problem> {
    let (operator, value) = if let Some(value) = text.strip_prefix("!=") {
        ("!=", value)
    } else {
        ("==", text.trim_start_matches('='))
    };
    let value = value.trim();
    let plain = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    if value.is_empty() || !value.chars().all(plain) {
        let why = format!("`{text}` is no name of a platform");
        return Err(Problem::new(why, "write the condition as `markers`, such as `sys_platform == 'linux'`"));
    }
    Ok(format!("sys_platform {operator} \"{value}\""))
}
