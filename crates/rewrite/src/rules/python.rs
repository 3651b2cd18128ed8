//! `python x.py`, `python -c ...`: scripts in the environment of the project.

use crate::context::Context;
use crate::data;
use crate::engine::{Environment, Scope};
use crate::invocation::{Invocation, Via};
use crate::manager::{because, is_fed, left, project, run_prefix, written};
use crate::rules::environment::where_programs_are;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "python",
    summary: "`python x.py` becomes `uv run python x.py` where the environment of uv is not active; what needs nothing but \
              Python itself stays",
    programs: &["python"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    if matches!(invocation.via, Via::Module(_) | Via::Path(_)) || !where_programs_are(invocation, scope) {
        return Verdict::NotMine;
    }
    let Some(project) = project(scope, context, None) else { return Verdict::NotMine };
    if needs_nothing(invocation) {
        return Verdict::Keep;
    }
    let program = invocation.script.get(invocation.program_span.clone()).unwrap_or_default();
    let rest = written(invocation.script, invocation.args);
    if is_fed(invocation) && rest.trim_matches('-').is_empty() {
        return Verdict::left(
            "it runs what another command prints, and uvshift does not know what that needs",
        );
    }
    let prefix = run_prefix(scope, project, None);
    if invocation.sudo.is_some() {
        return left(
            "uv would run as another user, with an environment of its own",
            format!("{prefix} {program} {rest}"),
        );
    }
    let is_exact = program.trim_start_matches("python").contains('.');
    let new = format!("{prefix} {} {rest}", if is_exact { "python" } else { program });
    let new = new.trim();
    if is_exact {
        return Verdict::review(
            new,
            format!("uv runs the Python of the project, which need not be `{program}`"),
        );
    }
    Verdict::safe(new, because("the Python of the environment of the project", &prefix))
}

/// Whether Python itself is enough.
fn needs_nothing(invocation: &Invocation<'_>) -> bool {
    let mut words = invocation.args.iter();
    while let Some(word) = words.next() {
        let raw = word.raw(invocation.script);
        match raw {
            "-V" | "-VV" | "--version" | "-h" | "--help" | "-" => {
                return raw != "-" || document_is_standard(invocation);
            }
            "-c" => {
                return words
                    .next()
                    .and_then(crate::shell::Word::literal)
                    .is_some_and(|code| is_standard(&code));
            }
            "-W" | "-X" => drop(words.next()),
            raw if raw.starts_with('-') => {}
            // A script.
            _ => return false,
        }
    }
    document_is_standard(invocation)
}

/// Whether a program behind `<<` needs nothing; a Python without a program is asked for its prompt.
fn document_is_standard(invocation: &Invocation<'_>) -> bool {
    if is_fed(invocation) {
        return false;
    }
    let mut documents =
        invocation.command.redirections.iter().filter(|found| found.operator.starts_with('<'));
    documents.all(|found| {
        let document = found.document.clone().and_then(|span| invocation.script.get(span));
        document.is_some_and(is_standard)
    })
}

/// Whether a program imports from the standard library alone, as far as its words tell.
fn is_standard(code: &str) -> bool {
    if ["__import__", "importlib", "runpy", "exec(", "open(", "pkg_resources"]
        .iter()
        .any(|word| code.contains(word))
    {
        return false;
    }
    let statements = code.split(['\n', ';', ':']).map(str::trim);
    let mut imports = statements.filter(|line| line.starts_with("import ") || line.starts_with("from "));
    imports.all(|line| {
        let names = line.strip_prefix("from ").map_or_else(
            || line.trim_start_matches("import ").split(',').collect::<Vec<_>>(),
            |rest| rest.split_whitespace().take(1).collect(),
        );
        names.iter().all(|name| data::is_standard(name.split_whitespace().next().unwrap_or(".")))
    })
}

/// Modules of Python itself that run other code, which may need anything.
const RUNS_OTHERS: [&str; 10] =
    ["unittest", "pdb", "cProfile", "profile", "trace", "doctest", "pydoc", "runpy", "asyncio", "timeit"];

/// Whether `python -m MODULE` needs nothing but Python.
pub(super) fn module_needs_nothing(module: &str) -> bool {
    data::is_standard(module) && !RUNS_OTHERS.contains(&module.split('.').next().unwrap_or(module))
}

/// Whether programs of the environment need `uv run` here.
pub(super) fn needs_uv_run(scope: &Scope) -> bool {
    scope.environment == Environment::Uv && scope.own_environment.is_none()
}
