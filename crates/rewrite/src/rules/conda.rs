//! conda, mamba and micromamba: uv does not manage their environments.

use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "conda",
    summary: "commands of conda stay, and what is installed in its environments stays with it",
    programs: &["conda", "mamba", "micromamba"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, _: &Context) -> Verdict {
    match invocation.subcommand().as_deref() {
        Some("activate" | "create" | "env" | "install" | "update") => {
            scope.environment = Environment::Foreign;
            Verdict::left("uv does not manage environments of conda: what is installed there stays")
        }
        _ => Verdict::Keep,
    }
}
