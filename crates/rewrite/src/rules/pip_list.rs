//! `pip list`

use crate::context::Context;
use crate::engine::Scope;
use crate::install::args::{items, render};
use crate::install::plain::{Flags, Work, is_foreign};
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule =
    Rule { name: "pip-list", summary: "`pip list` becomes `uv pip list`", programs: &["pip"], apply };

const FLAGS: Flags = Flags {
    same: &[
        "-e",
        "--editable",
        "--exclude-editable",
        "--outdated",
        "-q",
        "--quiet",
        "-v",
        "--verbose",
        "--no-index",
    ],
    gone: &[
        "-l",
        "--local",
        "--include-editable",
        "--no-input",
        "--disable-pip-version-check",
        "--isolated",
        "--no-color",
        "--no-cache-dir",
        "-o",
    ],
    same_values: &[
        "--format",
        "--exclude",
        "-i",
        "--index-url",
        "--extra-index-url",
        "-f",
        "--find-links",
        "--trusted-host",
    ],
    gone_values: &["--timeout", "--retries"],
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(mut work) = Work::of("list", invocation, scope, context) else { return Verdict::NotMine };
    if is_foreign(scope) {
        return Verdict::Keep;
    }
    if let Some(verdict) = work.refused(&FLAGS) {
        return verdict;
    }
    let all =
        items(invocation.script, invocation.args, &FLAGS.all(), &FLAGS.all_values()).unwrap_or_default();
    let format = all.iter().find(|item| item.name == "--format").map(|item| item.raw);
    if format.is_some_and(|format| !matches!(format, "columns" | "freeze" | "json")) {
        return Verdict::left("uv lists as `columns`, `freeze` or `json` only");
    }
    if all.iter().any(|item| item.is(&["-v", "--verbose"])) {
        work.doubts.push("`--verbose` of uv tells what uv does, not where packages are".to_owned());
    }
    let args = render(invocation.script, invocation.args, &all, |_, item| match item.name.as_str() {
        "-o" => Some("--outdated".to_owned()),
        _ => FLAGS.keep(item, "list"),
    });
    scope.has_uv = true;
    work.verdict("uv pip list", &args, "uv lists the same")
}
