//! Programs of the environment of the project: `pytest`, `gunicorn`, `python -m package`, its own scripts.

use crate::context::{Context, UvProject};
use crate::data;
use crate::engine::{Environment, Scope};
use crate::install::Place;
use crate::invocation::{Invocation, Via};
use crate::manager::{because, left, project, run_prefix, written};
use crate::rules::python::{module_needs_nothing, needs_uv_run};
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "environment",
    summary: "programs of the environment of the project become `uv run PROGRAM` where it is not active",
    programs: &["*"],
    apply,
};

/// Modules that install, which are for other rules, or that uv has no use for.
const INSTALLERS: [&str; 9] =
    ["pip", "venv", "virtualenv", "ensurepip", "piptools", "poetry", "pipenv", "pdm", "pipx"];

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    if let Some(verdict) = of_tool(invocation, scope) {
        return verdict;
    }
    if !where_programs_are(invocation, scope) {
        return Verdict::NotMine;
    }
    let Some(project) = project(scope, context, None) else { return Verdict::NotMine };
    let Some(prefix) = prefix(invocation, scope, context, project) else { return Verdict::NotMine };
    let command = written_command(invocation);
    if invocation.sudo.is_some() {
        return left(
            "uv would run as another user, with an environment of its own",
            format!("{prefix} {command}"),
        );
    }
    let reason = because("a program of the environment of the project", &prefix);
    Verdict::safe(format!("{prefix} {command}"), reason)
}

/// A program that `uv tool install` has brought: `uvx` finds it wherever that puts it.
fn of_tool(invocation: &Invocation<'_>, scope: &Scope) -> Option<Verdict> {
    if scope.tools.is_empty() || scope.environment == Environment::Foreign {
        return None;
    }
    let name = match &invocation.via {
        Via::Name if !scope.finds_tools => data::any_distribution_of(&invocation.program),
        Via::Module(python) if !python.contains('/') => data::any_distribution_of_module(&invocation.program),
        _ => return None,
    };
    if !scope.tools.contains(&name) || invocation.sudo.is_some() {
        return None;
    }
    let program =
        if matches!(invocation.via, Via::Name) { invocation.program.as_str() } else { name.as_str() };
    let from = if program == name { String::new() } else { format!(" --from {name}") };
    let rest = written(invocation.script, invocation.args);
    let new = format!("uvx{from} {program} {rest}");
    let reason = format!("`{name}` is a tool of its own then, which `uvx` finds wherever it is installed");
    Some(Verdict::review(new.trim(), reason))
}

/// Whether a command runs where programs of the environment are not found by themselves.
pub(super) fn where_programs_are(invocation: &Invocation<'_>, scope: &Scope) -> bool {
    needs_uv_run(scope) && !invocation.wrappers.iter().any(|wrapper| wrapper.ends_with(" run"))
}

fn written_command<'a>(invocation: &Invocation<'a>) -> &'a str {
    invocation.script.get(invocation.span()).unwrap_or_else(|| written(invocation.script, invocation.args))
}

/// How the program is run; none when it is not of the environment.
fn prefix(
    invocation: &Invocation<'_>,
    scope: &Scope,
    context: &Context,
    project: &UvProject,
) -> Option<String> {
    let program = invocation.program.as_str();
    match &invocation.via {
        Via::Module(python) => {
            let is_named = python.contains('/') || Place::is_named(invocation, scope);
            if module_needs_nothing(program) || INSTALLERS.contains(&program) || is_named {
                return None;
            }
            let distribution = data::distribution_of_module(program, project);
            Some(run_prefix(scope, project, distribution.as_deref()))
        }
        Via::Path(folder) => {
            let is_script = program.rsplit_once('.').is_some_and(|(_, ending)| ending == "py")
                && !folder.starts_with('/')
                && !folder.contains('$');
            is_script.then(|| run_prefix(scope, project, None))
        }
        Via::Variable(_) => None,
        Via::Name => {
            let distribution = data::distribution_of(program, project);
            let own = project.is_package && project.scripts.contains(program);
            let any = data::any_distribution_of(program);
            let of_environment = data::is_of_environment(program);
            let locked = context.locked.contains(&any)
                && (data::is_standalone(&any) || of_environment || project.declares(&any));
            (distribution.is_some() || own || locked || of_environment)
                .then(|| run_prefix(scope, project, distribution.as_deref()))
        }
    }
}
