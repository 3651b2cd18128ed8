//! flake8 and its plugins.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use toml_edit::DocumentMut;
use uvshift_diagnostics::Diagnostic;

use crate::codes::NO_COUNTERPART;
use crate::model::{Table, Value};
use crate::report::Outcome;
use crate::section::{Key, Section};

use super::globs::from_fnmatch;
use super::output::Output;
use super::per_file;
use super::selection::{self, Selection};
use super::values::{array, boolean, integer, items, lines, refuse};

/// What flake8 leaves out where `exclude` is not set.
const EXCLUDE: [&str; 10] =
    [".svn", "CVS", ".bzr", ".hg", ".git", "__pycache__", ".tox", ".nox", ".eggs", "*.egg"];

/// The longest line ruff can be told of.
pub(crate) const LONGEST_LINE: i64 = 320;

/// How an option is written and where it goes, or why it goes nowhere.
enum Way {
    Goes(String, String),
    Nowhere(String),
}

static OPTIONS: LazyLock<BTreeMap<String, Way>> = LazyLock::new(|| {
    let text = include_str!("../../data/ruff/flake8.toml");
    let document: DocumentMut = text.parse().unwrap_or_default();
    let table =
        |name: &str| document.get(name).and_then(toml_edit::Item::as_table).cloned().unwrap_or_default();
    let mut ways = BTreeMap::new();
    for (name, item) in &table("options") {
        let text = |at: usize| item.get(at).and_then(toml_edit::Item::as_str).unwrap_or_default().to_owned();
        let value = |at: usize| {
            item.as_array().and_then(|array| array.get(at)?.as_str()).map_or(text(at), str::to_owned)
        };
        ways.insert(name.to_owned(), Way::Goes(value(0), value(1)));
    }
    for (name, item) in &table("dropped") {
        ways.insert(name.to_owned(), Way::Nowhere(item.as_str().unwrap_or_default().to_owned()));
    }
    ways
});

/// The name of an option: flake8 takes `max_line_length`, too.
pub(crate) fn option(key: &Key) -> String {
    key.name.replace('_', "-")
}

/// Takes over the settings of flake8, or of pycodestyle, whose options have the same names.
pub(crate) fn read(tool: &str, section: &Section, plugins: &[String], out: &mut Output) {
    let mut selection = Selection::read(tool, section, plugins, out);
    let mut exclude: Option<Value> = None;
    let mut extend: Option<Value> = None;
    out.linter_length = Some(79);
    for key in &section.keys {
        match option(key).as_str() {
            "select" | "ignore" | "extend-select" | "extend-ignore" | "per-file-ignores" => {}
            "max-line-length" => line_length(tool, section, key, out),
            "max-complexity" => complexity(tool, section, key, &mut selection, out),
            "exclude" | "extend-exclude" => {
                let list = array(&lines(section, key, out), from_fnmatch);
                let is_base = option(key) == "exclude";
                *(if is_base { &mut exclude } else { &mut extend }) = Some(list);
                let to = if is_base { "exclude" } else { "extend-exclude" };
                out.row(tool, section, key, Some(to), Outcome::Carried);
            }
            "filename" => {
                let list = array(&lines(section, key, out), from_fnmatch);
                out.set("include", list, &key.comments);
                out.row(tool, section, key, Some("include"), Outcome::Carried);
            }
            "docstring-convention" | "convention" => convention(tool, section, key, out),
            "inline-quotes" | "multiline-quotes" | "docstring-quotes" => quotes(tool, section, key, out),
            "banned-modules" => banned(tool, section, key, out),
            "ban-relative-imports" => relative(tool, section, key, out),
            name => plain(tool, section, key, name, out),
        }
    }
    excluded(tool, exclude, extend, out);
    if section.keys.iter().all(|key| option(key) != "filename") {
        out.set(
            "lint.exclude",
            Value::strings(["*.pyi", "*.ipynb"]),
            &[format!("{tool} reads `*.py` only.")],
        );
    }
    selection.apply(out);
    per_file::read(tool, section, &selection, out);
    selection::report(tool, section, out);
    selection::external(&selection, out);
}

fn excluded(tool: &str, exclude: Option<Value>, extend: Option<Value>, out: &mut Output) {
    let mut exclude = exclude.unwrap_or_else(|| {
        // pycodestyle knows the first seven only.
        Value::strings(EXCLUDE.into_iter().take(if tool == "pycodestyle" { 7 } else { EXCLUDE.len() }))
    });
    if let Value::Array(items) = &mut exclude
        && !items.iter().any(|item| item.value == Value::from(".venv"))
    {
        items.push(crate::model::Element::new(".venv"));
    }
    out.set("exclude", exclude, &[]);
    if let Some(extend) = extend {
        out.set("extend-exclude", extend, &[]);
    }
}

fn line_length(tool: &str, section: &Section, key: &Key, out: &mut Output) {
    let Some(length) = integer(section, key, out) else {
        return out.row(tool, section, key, None, Outcome::Dropped("it is no number".to_owned()));
    };
    out.linter_length = Some(length);
    let outcome = if (1..=LONGEST_LINE).contains(&length) {
        Outcome::Carried
    } else {
        let why = "ruff knows lengths from 1 to 320 only, so E501 is off";
        let message = format!("`max-line-length` is {length}, and {why}");
        out.say(&section.place(key), Diagnostic::warning(NO_COUNTERPART, message));
        Outcome::Changed(why.to_owned())
    };
    out.row(tool, section, key, Some("line-length"), outcome);
}

fn complexity(tool: &str, section: &Section, key: &Key, selection: &mut Selection, out: &mut Output) {
    let to = "lint.mccabe.max-complexity";
    match integer(section, key, out) {
        Some(most) if most >= 0 => {
            selection.has_complexity = true;
            out.set(to, most, &key.comments);
            out.row(tool, section, key, Some(to), Outcome::Carried);
        }
        _ => out.row(
            tool,
            section,
            key,
            None,
            Outcome::Dropped("the check is off, so C901 is not selected".to_owned()),
        ),
    }
}

fn convention(tool: &str, section: &Section, key: &Key, out: &mut Output) {
    let name = lines(section, key, out).iter().map(|line| line.content.as_str()).collect::<String>();
    let to = "lint.pydocstyle.convention";
    match name.as_str() {
        "all" => {
            let why = "ruff takes every docstring rule that is selected when no convention is set";
            out.row(tool, section, key, None, Outcome::Changed(why.to_owned()));
        }
        "pep257" | "numpy" | "google" => out.row(tool, section, key, Some(to), Outcome::Carried),
        _ => {
            refuse(section, key, "pep257, numpy, google or all", out);
            return out.row(
                tool,
                section,
                key,
                None,
                Outcome::Dropped("there is no such convention".to_owned()),
            );
        }
    }
    out.convention = Some(name);
}

fn quotes(tool: &str, section: &Section, key: &Key, out: &mut Output) {
    let written = match key.value.trim() {
        "'" | "'''" | "single" => "single",
        "\"" | "\"\"\"" | "double" => "double",
        _ => {
            refuse(section, key, "single or double", out);
            return out.row(tool, section, key, None, Outcome::Dropped("it is no kind of quotes".to_owned()));
        }
    };
    let to = format!("lint.flake8-quotes.{}", option(key));
    out.set(&to, written, &key.comments);
    out.row(tool, section, key, Some(&to), Outcome::Carried);
}

fn banned(tool: &str, section: &Section, key: &Key, out: &mut Output) {
    let to = "lint.flake8-tidy-imports.banned-api";
    for line in key.value.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        let (module, message) = line.split_once('=').unwrap_or((line, "it is banned"));
        let mut api = Table::default();
        api.insert("msg", message.trim());
        let module = module.trim().trim_end_matches(".*");
        out.table.at(&["lint", "flake8-tidy-imports", "banned-api"]).insert(module, Value::Inline(api));
    }
    out.row(tool, section, key, Some(to), Outcome::Carried);
}

fn relative(tool: &str, section: &Section, key: &Key, out: &mut Output) {
    let to = "lint.flake8-tidy-imports.ban-relative-imports";
    let banned = match key.value.trim().to_lowercase().as_str() {
        "parents" => "parents",
        "true" | "1" | "yes" | "on" | "all" => "all",
        _ => {
            out.rules.remove("TID252");
            return out.row(tool, section, key, None, Outcome::Dropped("it is off".to_owned()));
        }
    };
    out.set(to, banned, &key.comments);
    out.row(tool, section, key, Some(to), Outcome::Carried);
}

fn plain(tool: &str, section: &Section, key: &Key, name: &str, out: &mut Output) {
    let (kind, to) = match OPTIONS.get(name) {
        Some(Way::Goes(kind, to)) => (kind.as_str(), to.as_str()),
        Some(Way::Nowhere(why)) => {
            return out.row(tool, section, key, None, Outcome::Dropped(why.clone()));
        }
        None => {
            let why = format!("{tool} itself has no such option, and no plugin that ruff has rules of");
            return out.row(tool, section, key, None, Outcome::Dropped(why));
        }
    };
    let value = match kind {
        "list" => Some(array(&lines(section, key, out), str::to_owned)),
        "integer" => integer(section, key, out).map(Value::from),
        "boolean" => boolean(section, key, out).map(Value::from),
        "not" => boolean(section, key, out).map(|value| Value::from(!value)),
        _ => {
            let text = items(&lines(section, key, out)).join(" ");
            if is_choice(to, &text) {
                Some(Value::from(text))
            } else {
                refuse(section, key, "a kind such as tuple or list", out);
                None
            }
        }
    };
    match value {
        Some(Value::Integer(number)) if kind == "integer" && !fits(to, number) => {
            let why = format!("ruff cannot be told of {number} here");
            let message = format!("`{name}` is {number}, and {why}");
            out.say(&section.place(key), Diagnostic::warning(NO_COUNTERPART, message));
            out.row(tool, section, key, None, Outcome::Dropped(why));
        }
        Some(value) => {
            out.set(to, value, &key.comments);
            out.row(tool, section, key, Some(to), Outcome::Carried);
        }
        None => out.row(tool, section, key, None, Outcome::Dropped("its value is wrong".to_owned())),
    }
}

/// Whether a word is one of those that ruff has for a setting.
fn is_choice(to: &str, word: &str) -> bool {
    match to.rsplit('.').next() {
        Some("parametrize-names-type") => matches!(word, "csv" | "tuple" | "list"),
        Some("parametrize-values-type" | "parametrize-values-row-type") => matches!(word, "tuple" | "list"),
        _ => true,
    }
}

fn fits(to: &str, number: i64) -> bool {
    match to {
        "indent-width" => (1..=16).contains(&number),
        "lint.pycodestyle.max-doc-length" => (1..=LONGEST_LINE).contains(&number),
        _ => number >= 0,
    }
}
