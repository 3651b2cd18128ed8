//! isort.

use uvshift_diagnostics::Diagnostic;

use crate::codes::NO_COUNTERPART;
use crate::model::{Setting, Table, Value};
use crate::report::Outcome;

use super::others::is_module;
use super::output::Output;
use super::tables::{Given, data, is_true, list, strings};

/// The options of layout that ruff has one way for: that of `profile = "black"`.
const LAYOUT: [&str; 4] = ["multi_line_output", "include_trailing_comma", "force_grid_wrap", "line_length"];

/// Takes over isort's settings: the rule I001 and how it sorts.
pub(crate) fn read(table: &Table, out: &mut Output) {
    out.rules.insert("I001".to_owned());
    let all = with_profile(table);
    // ruff splits at a trailing comma by default, and isort does not.
    if all.get("split_on_trailing_comma").is_none() {
        out.set("lint.isort.split-on-trailing-comma", false, &[]);
    }
    for setting in &all.settings {
        let given = Given { tool: "isort", setting };
        let is_own = table.get(&setting.key).is_some();
        let before = out.rows.len();
        one(&given, out);
        if !is_own {
            out.rows.truncate(before);
        }
    }
    custom_sections(out);
    let is_black = |key: &str, wanted: &Value| {
        all.get(key).is_some_and(|value| value == wanted || strings(value) == ["VERTICAL_HANGING_INDENT"])
    };
    if !is_black("multi_line_output", &Value::Integer(3))
        || !all.get("include_trailing_comma").is_some_and(is_true)
    {
        let message = "isort is set to wrap long imports in another way than ruff, which wraps as `profile = \"black\"` does";
        let help = "have `ruff check --select I --fix` rewrite the imports once";
        out.diagnostics.push(Diagnostic::warning(NO_COUNTERPART, message).with_help(help));
    }
}

/// ruff wants the sections of its own making to be in both lists; isort passes over a section that is in one only.
fn custom_sections(out: &mut Output) {
    const OWN: [&str; 5] = ["future", "standard-library", "third-party", "first-party", "local-folder"];
    let isort = out.table.at(&["lint", "isort"]);
    let order = isort.get("section-order").map(strings).unwrap_or_default();
    let custom: Vec<&String> = order.iter().filter(|name| !OWN.contains(&name.as_str())).collect();
    if isort.get("sections").is_some() {
        isort.table("sections").settings.retain(|setting| custom.contains(&&setting.key));
    }
    for name in custom {
        let sections = isort.table("sections");
        if sections.get(name).is_none() {
            sections.insert(name.as_str(), Value::Array(Vec::new()));
        }
    }
}

/// The settings with what their profile sets, which own settings win over.
fn with_profile(table: &Table) -> Table {
    let mut all = table.clone();
    let name =
        table.get("profile").map(strings).and_then(|names| names.into_iter().next()).unwrap_or_default();
    for (key, item) in data(&["isort-profiles", &name]).into_iter().flatten() {
        let value = match item.as_value() {
            Some(toml_edit::Value::Integer(number)) => Value::Integer(*number.value()),
            Some(toml_edit::Value::Boolean(value)) => Value::Bool(*value.value()),
            Some(toml_edit::Value::Array(items)) => {
                Value::strings(items.iter().filter_map(|item| item.as_str()))
            }
            Some(other) => Value::from(other.as_str().unwrap_or_default()),
            None => continue,
        };
        if all.get(key).is_none() {
            all.settings.push(Setting::new(key, value));
        }
    }
    all
}

fn one(given: &Given<'_>, out: &mut Output) {
    let Setting { key, value, .. } = given.setting;
    match key.as_str() {
        "line_length" => {
            out.isort_length = match value {
                Value::Integer(length) => Some(*length),
                other => strings(other).first().and_then(|text| text.parse().ok()),
            };
            given.row(
                Some("line-length"),
                Outcome::Changed("ruff has one length for formatting and imports".to_owned()),
                out,
            );
        }
        "sections" | "no_lines_before" | "default_section" => sections(given, out),
        "reverse_relative" => {
            let order = if is_true(value) { "closest-to-furthest" } else { "furthest-to-closest" };
            out.set("lint.isort.relative-imports-order", order, &[]);
            given.row(Some("lint.isort.relative-imports-order"), Outcome::Carried, out);
        }
        "add_imports" => {
            out.rules.insert("I002".to_owned());
            let lines = strings(value)
                .into_iter()
                .map(|text| if text.contains("import ") { text } else { format!("import {text}") });
            out.set("lint.isort.required-imports", Value::strings(lines), &[]);
            given.row(Some("lint.isort.required-imports"), Outcome::Carried, out);
        }
        "skip" | "extend_skip" | "skip_glob" | "extend_skip_glob" => skip(given, out),
        name if LAYOUT.contains(&name) => {
            given.row(None, Outcome::Dropped("ruff wraps as `profile = \"black\"` does".to_owned()), out);
        }
        name => match (name.strip_prefix("import_heading_"), name.strip_prefix("known_")) {
            (Some(section), _) => {
                let heading = strings(value).join(", ");
                out.table.at(&["lint", "isort", "import-heading"]).insert(section_name(section), heading);
                given.row(Some("lint.isort.import-heading"), Outcome::Carried, out);
            }
            (_, Some(section)) if data(&["isort"]).is_none_or(|rows| !rows.contains_key(name)) => {
                if section == "future_library" {
                    return given.row(None, Outcome::Dropped("it is `__future__` in ruff".to_owned()), out);
                }
                out.table
                    .at(&["lint", "isort", "sections"])
                    .insert(section_name(section), list(value, str::to_owned));
                given.row(Some("lint.isort.sections"), Outcome::Carried, out);
            }
            _ => given.by_data(name, out),
        },
    }
}

fn sections(given: &Given<'_>, out: &mut Output) {
    let to = match given.setting.key.as_str() {
        "sections" => "lint.isort.section-order",
        "no_lines_before" => "lint.isort.no-lines-before",
        _ => {
            let name = section_name(&strings(&given.setting.value).join(""));
            out.set("lint.isort.default-section", name, &[]);
            return given.row(Some("lint.isort.default-section"), Outcome::Carried, out);
        }
    };
    out.set(to, list(&given.setting.value, section_name), &given.setting.comments);
    given.row(Some(to), Outcome::Carried, out);
}

/// What ruff calls a section.
fn section_name(name: &str) -> String {
    match name.to_lowercase().as_str() {
        "stdlib" => "standard-library".to_owned(),
        "thirdparty" => "third-party".to_owned(),
        "firstparty" => "first-party".to_owned(),
        "localfolder" => "local-folder".to_owned(),
        other => other.to_owned(),
    }
}

/// Files that isort leaves alone and other linters may not.
fn skip(given: &Given<'_>, out: &mut Output) {
    for item in strings(&given.setting.value) {
        let item = item.trim_start_matches("./").trim_end_matches('/').to_owned();
        let is_glob = given.setting.key.ends_with("glob");
        // A name is that of a file or of a folder anywhere.
        let patterns = if is_glob || is_module(&item) { vec![item] } else { vec![format!("**/{item}/**")] };
        for pattern in patterns {
            out.per_file.entry(pattern).or_default().insert("I001".to_owned());
        }
    }
    given.row(
        Some("lint.per-file-ignores"),
        Outcome::Changed("the files are not checked by I001".to_owned()),
        out,
    );
}
