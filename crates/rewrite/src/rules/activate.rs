//! `source .venv/bin/activate` and `deactivate`: they stay, and what follows runs in that environment.

use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::install::plain::is_foreign;
use crate::install::{is_default, value_of};
use crate::invocation::Invocation;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "activate",
    summary: "activation stays, and what follows runs in that environment",
    programs: &["source", ".", "deactivate"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, _: &Context) -> Verdict {
    if is_foreign(scope) {
        return Verdict::NotMine;
    }
    if invocation.program == "deactivate" {
        if scope.environment == Environment::Active {
            let in_project = scope.own_environment.is_none() && scope.synced.is_some();
            scope.environment = if in_project { Environment::Uv } else { Environment::System };
        }
        return Verdict::Keep;
    }
    let Some(word) = invocation.args.first() else { return Verdict::NotMine };
    let raw = word.raw(invocation.script).replace(['"', '\''], "");
    if raw == "activate" {
        scope.environment = Environment::Foreign;
        return Verdict::left("it activates an environment of conda, which uv does not manage");
    }
    let folder = ["/bin/activate", "/Scripts/activate"].iter().find_map(|end| raw.strip_suffix(end));
    let Some(folder) = folder else { return Verdict::NotMine };
    let folder = value_of(folder, scope);
    let before = scope.active_in();
    scope.own_environment = if is_default(&folder) { None } else { Some(folder) };
    scope.environment = Environment::Active;
    let now = scope.active_in();
    if now != before && scope.certain_in != now {
        // What another environment has is not in this one.
        (scope.synced, scope.maybe, scope.has_additions) = (None, None, false);
    }
    Verdict::Keep
}
