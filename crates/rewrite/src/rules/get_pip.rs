//! `python -m ensurepip` and get-pip.py: uv needs no pip.

use crate::context::Context;
use crate::engine::Scope;
use crate::install::plain::is_foreign;
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};
use crate::shell::Joint;

pub(super) const RULE: Rule = Rule {
    name: "get-pip",
    summary: "`python -m ensurepip` and get-pip.py go",
    programs: &["ensurepip", "curl", "wget", "python", "rm", "easy_install"],
    apply,
};

const REASON: &str = "uv needs no pip";

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, _: &Context) -> Verdict {
    if is_foreign(scope) {
        return Verdict::NotMine;
    }
    let names = |name: &str| invocation.args.iter().any(|word| word.raw(invocation.script).contains(name));
    match invocation.program.as_str() {
        "ensurepip" => Verdict::safe("", REASON),
        "easy_install" if names("pip") => Verdict::safe("", REASON),
        "easy_install" => Verdict::left("uv installs no eggs"),
        "curl" | "wget" if names("get-pip.py") => Verdict::safe("", REASON),
        "rm" if names("get-pip.py") && all_are_get_pip(invocation) => Verdict::safe("", REASON),
        "python" if names("get-pip.py") || is_fed_get_pip(invocation) => Verdict::safe("", REASON),
        _ => Verdict::NotMine,
    }
}

fn all_are_get_pip(invocation: &Invocation<'_>) -> bool {
    let raw = invocation.args.iter().map(|word| word.raw(invocation.script));
    raw.filter(|raw| !raw.starts_with('-')).all(|raw| raw.ends_with("get-pip.py"))
}

/// `curl .../get-pip.py | python`
fn is_fed_get_pip(invocation: &Invocation<'_>) -> bool {
    let before = invocation.script.get(..invocation.command.span.start).unwrap_or_default();
    let line = before.trim_end().rsplit('\n').next().unwrap_or_default();
    invocation.command.joined_by == Joint::Pipe
        && invocation.args.iter().all(|word| word.raw(invocation.script) == "-")
        && line.contains("get-pip.py")
}
