//! tox and nox.

use crate::context::Context;
use crate::data;
use crate::engine::{Environment, Scope};
use crate::invocation::{Invocation, Via};
use crate::manager::{project, run_prefix, written};
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "tox",
    summary: "`tox` and `nox` become `uv run tox` where the project declares them, and `python -m tox` becomes \
              `uvx --with tox-uv tox` where it does not",
    programs: &["tox", "nox"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    if matches!(scope.environment, Environment::Active | Environment::Foreign)
        || matches!(invocation.via, Via::Path(_) | Via::Variable(_))
        || scope.own_environment.is_some()
    {
        return Verdict::NotMine;
    }
    let Some(project) = project(scope, context, None) else { return Verdict::NotMine };
    if scope.environment == Environment::System && matches!(invocation.via, Via::Name) {
        // It is wherever it was; an installation of it becomes one of uv, which puts it on `PATH`.
        return Verdict::NotMine;
    }
    let program = invocation.program.as_str();
    let rest = written(invocation.script, invocation.args);
    if data::distribution_of(program, project).is_some() {
        let prefix = run_prefix(scope, project, Some(program));
        return Verdict::safe(
            format!("{prefix} {program} {rest}").trim().to_owned(),
            format!("{program} of the project"),
        );
    }
    if matches!(invocation.via, Via::Name) {
        return Verdict::NotMine;
    }
    let with = if program == "tox" { "--with tox-uv " } else { "" };
    Verdict::safe(
        format!("uvx {with}{program} {rest}").trim().to_owned(),
        format!("{program} in an environment of its own; no environment of uv has it as a module"),
    )
}
