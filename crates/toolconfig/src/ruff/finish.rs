//! The parts that concern several linters, and the order of the whole.

use std::collections::BTreeSet;

use uvshift_diagnostics::Diagnostic;

use crate::codes::TWO_LINE_LENGTHS;
use crate::model::{Setting, Table, Value};
use crate::report::Converted;

use super::Linters;
use super::compress::{prefixes, selectors};
use super::flake8::LONGEST_LINE;
use super::merge::{merge, turned_off};
use super::output::Output;
use super::rules::catalogue;

/// The keys of `[tool.ruff]` in the order of a file that a person writes.
const ORDER: [&str; 12] = [
    "required-version",
    "target-version",
    "line-length",
    "indent-width",
    "include",
    "exclude",
    "extend-exclude",
    "builtins",
    "src",
    "preview",
    "lint",
    "format",
];

/// The finished table.
pub(crate) fn finish(linters: &Linters<'_>, mut out: Output) -> Converted {
    lengths(&mut out);
    target(linters.requires_python, &mut out);
    select(&mut out);
    let mut table = std::mem::take(&mut out.table);
    if let Some(existing) = linters.existing {
        turned_off(existing, &out.rules, &mut out.diagnostics);
        table = merge(existing, table, &mut out.diagnostics);
    }
    sort(&mut table, &ORDER);
    sort(
        table.table("lint"),
        &["preview", "explicit-preview-rules", "select", "ignore", "external", "exclude"],
    );
    Converted { table, rows: out.rows, diagnostics: out.diagnostics }
}

/// ruff takes the oldest Python from `requires-python` where it is there; it is written only where a tool was set to another.
fn target(requires_python: Option<&str>, out: &mut Output) {
    let Some(oldest) = out.oldest.filter(|minor| (7..=15).contains(minor)) else { return };
    let required = requires_python.and_then(|text| {
        let (_, bound) = text.split_once(">=")?;
        let minor = bound.trim().strip_prefix("3.")?;
        minor.split(|character: char| !character.is_ascii_digit()).next()?.parse::<u32>().ok()
    });
    if required != Some(oldest) {
        out.set("target-version", format!("py3{oldest}"), &[]);
    }
}

fn sort(table: &mut Table, order: &[&str]) {
    let place = |setting: &Setting| order.iter().position(|key| *key == setting.key).unwrap_or(order.len());
    table.settings.sort_by_key(place);
}

fn lengths(out: &mut Output) {
    let is_known = |length: &i64| (1..=LONGEST_LINE).contains(length);
    if out.linter_length.is_some_and(|length| !is_known(&length)) {
        out.rules.remove("E501");
    }
    let linter = out.linter_length.map(|length| length.clamp(1, LONGEST_LINE));
    // The formatter and the sorting of imports have one length; E501 can have its own.
    let format = out.black_length.or(out.isort_length.filter(|_| linter.is_none()));
    let Some(length) = format.or(linter) else { return };
    out.set("line-length", length.clamp(1, LONGEST_LINE), &[]);
    if let Some(linter) = linter.filter(|linter| *linter != length) {
        out.set("lint.pycodestyle.max-line-length", linter, &[]);
    }
    if let Some(isort) = out.isort_length.filter(|isort| *isort != length) {
        let message = format!(
            "isort is set to lines of {isort}, and ruff's `line-length` is {length} for imports, too"
        );
        let help = "have `ruff check --select I --fix` rewrite the imports once";
        out.diagnostics.push(Diagnostic::warning(TWO_LINE_LENGTHS, message).with_help(help));
    }
}

fn select(out: &mut Output) {
    let convention = out.convention.take().filter(|name| name != "all");
    let left_out = convention.as_ref().and_then(|name| catalogue().ruff_conventions.get(name));
    let is_exact = |code: &str| left_out.is_some_and(|left_out| left_out.contains(code));
    let written = selectors(&out.rules, &is_exact);
    if written.has_preview {
        out.set(
            "lint.preview",
            true,
            &["For the codes below that are in preview. A few other rules find more with it, too (F401, C419).".to_owned()],
        );
        out.set("lint.explicit-preview-rules", true, &[]);
    }
    let comments = std::mem::take(&mut out.comments);
    out.set("lint.select", Value::strings(written.select), &comments);
    if !written.ignore.is_empty() {
        out.set("lint.ignore", Value::strings(written.ignore), &[]);
    }
    if !out.external.is_empty() {
        let external: BTreeSet<String> = std::mem::take(&mut out.external);
        out.set(
            "lint.external",
            Value::strings(external),
            &["Codes of other linters in `noqa` comments.".to_owned()],
        );
    }
    if let Some(convention) = convention {
        out.set("lint.pydocstyle.convention", convention, &[]);
    }
    for (pattern, codes) in std::mem::take(&mut out.per_file) {
        let codes = prefixes(&codes, &out.rules);
        if codes.is_empty() {
            continue;
        }
        let codes = Value::strings(codes);
        out.table.at(&["lint", "per-file-ignores"]).insert(pattern, codes);
    }
}
