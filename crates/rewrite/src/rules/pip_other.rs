//! What pip does and uv does not.

use crate::context::Context;
use crate::engine::Scope;
use crate::install::plain::is_foreign;
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pip-other",
    summary: "`pip download`, `config`, `hash`, `index` and their kin stay, and why is told",
    programs: &["pip"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, _: &Context) -> Verdict {
    if is_foreign(scope) {
        return Verdict::Keep;
    }
    let subcommand = invocation.subcommand();
    let (reason, suggestion) = match subcommand.as_deref() {
        Some("download") => (
            "uv downloads nothing without installing it",
            Some("uvx pip download ..., or uv pip install --target FOLDER ..."),
        ),
        Some("config") => (
            "uv does not read the settings of pip",
            Some("[[tool.uv.index]] in pyproject.toml, or UV_DEFAULT_INDEX and UV_INDEX"),
        ),
        Some("hash") => ("uv has no such command; uv.lock has the hashes of what is locked", None),
        Some("index" | "search") => ("uv has no such command", Some("uvx pip index ...")),
        Some("inspect") => ("uv has no such command", Some("uv pip list --format json")),
        Some("debug" | "completion") => ("it is about pip itself", None),
        Some("lock") => ("uv writes uv.lock", Some("uv lock")),
        None => ("it is about pip itself", Some("uv --version")),
        Some(_) => ("uv has no such command", None),
    };
    Verdict::Left { reason: reason.to_owned(), suggestion: suggestion.map(str::to_owned) }
}
