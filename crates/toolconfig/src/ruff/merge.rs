//! Settings of ruff that are there already.

use std::collections::BTreeSet;

use uvshift_diagnostics::Diagnostic;

use crate::codes::RUFF_CONTRADICTION;
use crate::model::{Setting, Table, Value};

use super::tables::strings;

/// Lists that hold what both sides say.
const JOINED: [&str; 7] =
    ["select", "external", "exclude", "extend-exclude", "builtins", "src", "extend-select"];

/// The settings that are there with the new ones. Where they say different things, the old ones stay and an error stands in the way.
pub(crate) fn merge(existing: &Table, new: Table, diagnostics: &mut Vec<Diagnostic>) -> Table {
    let mut merged = existing.clone();
    into(&mut merged, new, "tool.ruff", diagnostics);
    merged
}

/// Says which rules of the old linters the settings that are there ignore.
pub(crate) fn turned_off(existing: &Table, rules: &BTreeSet<String>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(Value::Table(lint) | Value::Inline(lint)) = existing.get("lint") else { return };
    for key in ["ignore", "extend-ignore"] {
        for selector in lint.get(key).map(strings).unwrap_or_default() {
            let off: Vec<&str> =
                rules.iter().filter(|code| code.starts_with(&selector)).map(String::as_str).collect();
            if selector == "ALL" || !off.is_empty() {
                let message = format!(
                    "`tool.ruff.lint.{key}` has {selector}, and the old linters check {}",
                    off.join(", ")
                );
                let help = "take it out there, or ignore it in the old settings, too";
                diagnostics.push(Diagnostic::error(RUFF_CONTRADICTION, message).with_help(help));
            }
        }
    }
}

fn into(merged: &mut Table, new: Table, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    for setting in new.settings {
        let path = format!("{path}.{}", setting.key);
        let Some(known) = merged.settings.iter_mut().find(|known| known.key == setting.key) else {
            ignored(&path, &setting, diagnostics);
            merged.settings.push(setting);
            continue;
        };
        match (&mut known.value, setting.value) {
            (known, new) if *known == new => {}
            (Value::Table(known) | Value::Inline(known), Value::Table(new) | Value::Inline(new)) => {
                into(known, new, &path, diagnostics);
            }
            (Value::Array(known), Value::Array(new)) if is_joined(&path, &setting.key) => {
                for item in new {
                    if known.iter().all(|there| there.value != item.value) {
                        known.push(item);
                    }
                }
            }
            _ => {
                let message = format!("`{path}` is set already, and the old linters say something else");
                let help = "make the two agree, or take one of them out";
                diagnostics.push(Diagnostic::error(RUFF_CONTRADICTION, message).with_help(help));
            }
        }
    }
}

fn is_joined(path: &str, key: &str) -> bool {
    JOINED.contains(&key)
        || path.contains(".per-file-ignores.")
        || path.starts_with("tool.ruff.lint.isort.known-")
}

/// A new list of rules to ignore could turn off what `select` of today has on.
fn ignored(path: &str, setting: &Setting, diagnostics: &mut Vec<Diagnostic>) {
    if path == "tool.ruff.lint.ignore" {
        let message = "the rules that the old linters do not check are ignored from now on, also for `lint.select` as it was";
        diagnostics.push(
            Diagnostic::note(RUFF_CONTRADICTION, message)
                .with_help(format!("look through `lint.{}`", setting.key)),
        );
    }
}
