//! black.

use crate::model::{Setting, Table, Value};
use crate::report::Outcome;

use super::output::Output;
use super::tables::{Given, is_true, strings};

/// What black leaves out by default.
const EXCLUDE: [&str; 18] = [
    ".direnv",
    ".eggs",
    ".git",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".tox",
    ".svn",
    ".venv",
    ".vscode",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
];

/// Takes over black's settings as those of `ruff format`.
pub(crate) fn read(table: &Table, out: &mut Output) {
    let mut exclude: Vec<String> = EXCLUDE.map(str::to_owned).to_vec();
    exclude.push("venv".to_owned());
    out.black_length = Some(88);
    for setting in &table.settings {
        let name = setting.key.replace('_', "-");
        let given = Given { tool: "black", setting };
        match name.as_str() {
            "line-length" => {
                out.black_length = number(&setting.value).or(Some(88));
                given.row(Some("line-length"), Outcome::Carried, out);
            }
            "target-version" => target(&given, out),
            "skip-string-normalization" if is_true(&setting.value) => {
                out.set("format.quote-style", "preserve", &setting.comments);
                given.row(Some("format.quote-style"), Outcome::Carried, out);
            }
            "skip-string-normalization" => {
                given.row(None, Outcome::Dropped("ruff's default is the same".to_owned()), out);
            }
            "exclude" => match folders(&setting.value) {
                Some(names) => {
                    exclude = names;
                    given.row(Some("format.exclude"), Outcome::Carried, out);
                }
                None => unreadable(&given, out),
            },
            "extend-exclude" | "force-exclude" => match folders(&setting.value) {
                Some(names) => {
                    exclude.extend(names);
                    given.row(Some("format.exclude"), Outcome::Carried, out);
                }
                None => unreadable(&given, out),
            },
            _ => given.by_data(&name, out),
        }
    }
    out.set("format.exclude", Value::strings(exclude), &[]);
}

fn unreadable(given: &Given<'_>, out: &mut Output) {
    given.lost(
        "it is a regular expression that is no plain list of names; write the files into `format.exclude`",
        out,
    );
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        other => strings(other).first()?.parse().ok(),
    }
}

fn target(given: &Given<'_>, out: &mut Output) {
    let Setting { value, .. } = given.setting;
    let minor = |name: &String| name.strip_prefix("py3")?.parse::<u32>().ok();
    let Some(least) = strings(value).iter().filter_map(minor).min() else {
        return given.row(None, Outcome::Dropped("it names no Python 3".to_owned()), out);
    };
    out.target(least);
    given.row(Some("target-version"), Outcome::Changed("the oldest of the versions".to_owned()), out);
}

/// The names of files and folders that a regular expression is a plain list of.
fn folders(value: &Value) -> Option<Vec<String>> {
    let text: String = strings(value).join(",");
    let text: String = text
        .strip_prefix("(?x)")
        .unwrap_or(&text)
        .lines()
        .map(|line| line.split(" #").next().unwrap_or_default())
        .flat_map(str::split_whitespace)
        .collect();
    let mut text = text.as_str();
    let is_rooted = text.starts_with('^');
    text = text.trim_start_matches('^').trim_end_matches('$');
    let one = |name: &str| {
        let is_here = is_rooted || name.starts_with('^');
        let name = name
            .trim_start_matches('^')
            .trim_matches('/')
            .trim_end_matches('$')
            .replace("\\.", ".")
            .replace("\\/", "/")
            .replace(".*", "*");
        let is_plain =
            !name.is_empty() && !name.contains(['(', ')', '[', ']', '?', '+', '\\', '|', '{', '^', '$']);
        is_plain.then(|| if is_here && !name.contains('/') { format!("./{name}") } else { name })
    };
    let slashed = text.strip_prefix("/(").and_then(|text| text.strip_suffix(")/").or(text.strip_suffix(')')));
    let inner = slashed.or_else(|| text.strip_prefix('(')?.strip_suffix(')')).unwrap_or(text);
    inner.split('|').filter(|name| !name.is_empty()).map(one).collect()
}
