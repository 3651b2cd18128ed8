//! Running a program in the environment of the project.

use crate::context::{Context, UvProject};
use crate::data;
use crate::engine::{Environment, Scope, rewrite_script, selection_flags, sync};
use crate::manager::{joined_words, left, written};
use crate::rules::Verdict;
use crate::shell::Word;

/// `uv run` with what it takes so that a program finds what it needs. `distribution` is the one that it comes from.
pub(crate) fn run_prefix(scope: &Scope, project: &UvProject, distribution: Option<&str>) -> String {
    let default = project.default_selection();
    if let Some(synced) = &scope.synced {
        let is_whole = synced.main && default.groups.is_subset(&synced.groups);
        if !is_whole || scope.has_additions {
            // It would install what was left out, or put other versions in the place of what was added.
            return "uv run --no-sync".to_owned();
        }
    } else if scope.has_additions {
        return "uv run --no-sync".to_owned();
    }
    let there = scope.synced.as_ref().unwrap_or(&default);
    let Some(needed) = distribution.and_then(|name| project.declared.get(name)) else {
        return "uv run".to_owned();
    };
    if needed.iter().any(|part| there.covers(part) || default.covers(part)) {
        return "uv run".to_owned();
    }
    let Some(part) = needed.first() else { return "uv run".to_owned() };
    let mut selection = default;
    selection.join(part);
    let flags = selection_flags(project, &selection);
    joined_words(["uv run"].into_iter().chain(flags.iter().map(String::as_str)))
}

/// `poetry run`, `pipenv run` and their kin: `words` are what is run.
pub(crate) fn run(
    program: &str,
    script: &str,
    words: &[Word],
    scope: &mut Scope,
    (context, project): (&Context, &UvProject),
) -> Verdict {
    let Some(first) = words.first() else {
        return Verdict::left(format!("{program} runs nothing here"));
    };
    let name = first.literal();
    let task = name.as_deref().and_then(|name| project.tasks.get(name));
    if let Some(task) = task {
        return run_task(program, script, words, task.as_deref(), (scope, project));
    }
    let name = name.unwrap_or_default();
    if is_installer(&name, words) {
        return run_installer(program, written(script, words), scope, (context, project));
    }
    if project.scripts.contains(&name) && !project.is_package {
        let reason = format!(
            "`{name}` is a script of a project that is not installed; {program} makes it up, and uv does not"
        );
        return left(reason, format!("uv run python -c \"...\", or set tool.uv.package for `{name}`"));
    }
    let rest = written(script, words);
    if scope.environment == Environment::Foreign {
        let reason = format!("the environment is that of another tool, if {program} installs into it");
        return Verdict::review(rest, reason);
    }
    if scope.environment == Environment::Active {
        return Verdict::safe(rest, "the environment is active, so that its programs are found");
    }
    let prefix = run_prefix(scope, project, data::distribution_of(&name, project).as_deref());
    let reason = because("the same program in the environment of the project", &prefix);
    Verdict::safe(format!("{prefix} {rest}"), reason)
}

/// A reason, with why `uv run` has the flags that it has.
pub(crate) fn because(reason: &str, prefix: &str) -> String {
    if prefix.contains("--no-sync") {
        return format!("{reason}; without `--no-sync` uv would first install what pyproject.toml says");
    }
    if prefix.contains("--group ") || prefix.contains("--extra ") {
        return format!("{reason}; what it comes from is installed only when it is asked for");
    }
    reason.to_owned()
}

/// A command by a short name, which uv has none for.
fn run_task(
    program: &str,
    script: &str,
    words: &[Word],
    task: Option<&str>,
    (scope, project): (&Scope, &UvProject),
) -> Verdict {
    let name = words.first().map(|word| word.raw(script)).unwrap_or_default();
    let rest = written(script, words.get(1..).unwrap_or_default());
    // What PDM runs before, after and for every command.
    let around = [format!("pre_{name}"), format!("post_{name}"), "_".to_owned()];
    let alone = !around.iter().any(|around| project.tasks.contains_key(around));
    let Some(task) = task.map(str::trim).filter(|task| alone && is_plain(task)) else {
        return Verdict::left(format!(
            "`{name}` is a command of {program} that is more than one program with its arguments; see \
             [tool.uvshift.scripts]"
        ));
    };
    let first = task.split_whitespace().next().unwrap_or_default();
    let prefix = run_prefix(scope, project, data::distribution_of(first, project).as_deref());
    let new = joined_words([prefix.as_str(), task, rest]);
    Verdict::safe(new, format!("`{name}` is `{task}` to {program}, and uv has no short names"))
}

/// Whether a command means the same wherever it is written: no variables, no operators, no patterns.
fn is_plain(task: &str) -> bool {
    !task.is_empty()
        && !task.contains(['|', '&', ';', '<', '>', '$', '`', '(', ')', '{', '}', '*', '?', '\n'])
}

fn is_installer(name: &str, words: &[Word]) -> bool {
    let name = crate::invocation::plain_name(name);
    let argument = |at: usize| words.get(at).and_then(Word::literal).unwrap_or_default();
    let is_one = |name: &str| ["pip", "pip-compile", "pip-sync", "virtualenv"].contains(&name);
    is_one(&name) || (name == "python" && argument(1) == "-m" && is_one(&argument(2)))
}

/// `poetry run pip install ...`: there is no pip in an environment of uv.
fn run_installer(
    program: &str,
    command: &str,
    scope: &mut Scope,
    (context, project): (&Context, &UvProject),
) -> Verdict {
    let outer = scope.environment;
    if outer == Environment::System {
        scope.environment = Environment::Uv;
    }
    // It adds to what is there, which may have come from elsewhere.
    let unknown = scope.synced.is_none();
    let default = project.default_selection();
    scope.synced.get_or_insert_with(|| default.clone());
    let outcome = rewrite_script(command, scope, context);
    if outer != Environment::System {
        scope.environment = outer;
    }
    if let Some(left) = outcome.left.into_iter().next() {
        return Verdict::Left { reason: left.reason, suggestion: left.suggestion };
    }
    let Some(edit) = outcome.edits.first() else {
        return Verdict::left(format!("an environment of uv has no installer that {program} could run"));
    };
    let (reason, safety) = (edit.reason.clone(), edit.safety);
    let new = crate::plan::apply(command, &outcome.edits).unwrap_or_default();
    if new.trim().is_empty() && unknown {
        return Verdict::safe(
            sync(scope, project, &default),
            "pyproject.toml and uv.lock have what was installed here",
        );
    }
    Verdict::Replace { new: new.trim().to_owned(), reason, safety, without_sudo: false }
}
