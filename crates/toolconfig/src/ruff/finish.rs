//! The parts that concern several linters, and the order of the whole.

use std::collections::BTreeSet;

use crate::model::{Setting, Table, Value};
use crate::report::Converted;

use super::Linters;
use super::compress::{prefixes, selectors};
use super::flake8::LONGEST_LINE;
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
pub(crate) fn finish(_linters: &Linters<'_>, mut out: Output) -> Converted {
    lengths(&mut out);
    select(&mut out);
    let mut table = std::mem::take(&mut out.table);
    sort(&mut table, &ORDER);
    sort(
        table.table("lint"),
        &["preview", "explicit-preview-rules", "select", "ignore", "external", "exclude"],
    );
    Converted { table, rows: out.rows, diagnostics: out.diagnostics }
}

fn sort(table: &mut Table, order: &[&str]) {
    let place = |setting: &Setting| order.iter().position(|key| *key == setting.key).unwrap_or(order.len());
    table.settings.sort_by_key(place);
}

fn lengths(out: &mut Output) {
    let Some(length) = out.linter_length else { return };
    if !(1..=LONGEST_LINE).contains(&length) {
        out.rules.remove("E501");
    }
    out.set("line-length", length.clamp(1, LONGEST_LINE), &[]);
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
            &["So that the codes below that are in preview are checked, and no other ones.".to_owned()],
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
        let codes = Value::strings(prefixes(&codes, &out.rules));
        out.table.at(&["lint", "per-file-ignores"]).insert(pattern, codes);
    }
}
