//! Pixi, whose pixi.toml a migration takes in.

use crate::context::Context;
use crate::engine::Scope;
use crate::invocation::Invocation;
use crate::manager::{Call, left, no_project, project, run};
use crate::rules::{Rule, Verdict};
use uvshift_diagnostics::Safety;

pub(super) const RULE: Rule = Rule {
    name: "pixi",
    summary: "`pixi install` and `pixi run` become `uv sync` and `uv run`, for review; the others stay, with what could be tried",
    programs: &["pixi"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(call) = Call::of(invocation, &[]) else {
        return Verdict::left("uvshift does not know which command of Pixi this is");
    };
    match call.name.as_str() {
        "shell" => return left("uv has no shell of its own", "source .venv/bin/activate"),
        "global" => return left("it installs programs of conda for everybody", "uv tool install"),
        _ => {}
    }
    let Some(project) = project(scope, context, None) else { return no_project("Pixi") };
    match call.name.as_str() {
        "run" | "r" if is_plain(&call) => {
            for_review(run("Pixi", call.script, call.args, scope, (context, project)))
        }
        "run" | "r" => left("its options choose an environment of Pixi", "uv run --group GROUP"),
        "install" | "i" if call.args.is_empty() => {
            let command = if project.locked { "uv sync --locked" } else { "uv sync" };
            Verdict::review(command, "without packages of conda, which uv does not install")
        }
        "install" | "i" => left("its options choose an environment of Pixi", "uv sync --group GROUP"),
        "lock" => left("it locks packages of conda", "uv lock"),
        "update" | "upgrade" => left("it takes newer packages of conda", "uv sync --upgrade"),
        "add" => left("it takes packages of conda, which have other names", "uv add"),
        "remove" => left("it takes packages of conda, which have other names", "uv remove"),
        "list" | "tree" => left("it shows packages of conda", "uv tree"),
        name => Verdict::left(format!("uv has nothing for `pixi {name}`")),
    }
}

/// Whether what is run follows at once.
fn is_plain(call: &Call<'_>) -> bool {
    let first = call.args.first().and_then(crate::shell::Word::literal);
    call.args.is_empty() || first.is_some_and(|first| !first.starts_with('-'))
}

/// What is run may be a program of conda, and a pattern or an operator is read by the shell of Pixi.
fn for_review(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Replace { new, reason, without_sudo, .. } => {
            let reason = format!("{reason}; a program that only conda has is not there");
            Verdict::Replace { new, reason, safety: Safety::NeedsReview, without_sudo }
        }
        other => other,
    }
}
