//! Pipenv.

mod install;
mod lock;

use crate::context::{Context, Selection, UvProject};
use crate::engine::{Environment, Scope};
use crate::invocation::Invocation;
use crate::manager::{
    Call, is_read, left, named_group, no_project, place_of_environment, project, run, unknown_option,
};
use crate::options::Options;
use crate::rules::{Rule, Verdict};
use uvshift_diagnostics::Safety;

pub(super) const RULE: Rule = Rule {
    name: "pipenv",
    summary: "`pipenv install` and `sync` become `uv sync`, without the group `dev` unless `--dev` is given; `pipenv run` \
              becomes `uv run`, with short names of the Pipfile written out; `lock`, `requirements`, `graph`, `uninstall` \
              and `update` follow",
    programs: &["pipenv"],
    apply,
};

/// Options of every command that take a value.
const VALUES: [&str; 5] =
    ["--python", "--pypi-mirror", "--extra-pip-args", "--resolver", "--keyring-provider"];
/// Flags of every command that change nothing of what it does.
const FLAGS: [&str; 11] = [
    "-v",
    "--verbose",
    "-q",
    "--quiet",
    "--clear",
    "--bare",
    "--three",
    "--two",
    "--no-site-packages",
    "--keep-outdated",
    "--sequential",
];

/// What a command of Pipenv needs to know.
struct Pipenv<'a, 'i> {
    invocation: &'i Invocation<'a>,
    call: Call<'a>,
    before: Options<'a>,
    project: &'i UvProject,
}

impl<'a> Pipenv<'a, '_> {
    fn options(&self, flags: &[&str], values: &[&str]) -> Options<'a> {
        self.call.options(&[&FLAGS[..], flags].concat(), &[&VALUES[..], values].concat())
    }

    /// `--python`, before or behind the command.
    fn python(&self, options: &Options<'_>) -> Option<String> {
        let value = options.values(&["--python"]).last().map(|value| value.raw.to_owned());
        value.or_else(|| self.before.values(&["--python"]).last().map(|value| value.raw.to_owned()))
    }
}

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(call) = Call::of(invocation, &VALUES) else {
        return without_command(invocation, scope, context);
    };
    let Some(project) = project(scope, context, None) else {
        return no_project("Pipenv");
    };
    let before = Options::split(invocation.script, call.before, &FLAGS, &VALUES);
    if let Some(word) = before.unknown {
        return unknown_option("Pipenv", invocation.script, word);
    }
    let pipenv = Pipenv { invocation, call, before, project };
    match pipenv.call.name.as_str() {
        "install" | "sync" => install::install(&pipenv, scope),
        "update" => install::update(&pipenv, scope),
        "uninstall" => install::uninstall(&pipenv),
        "run" => run_command(&pipenv, scope, context),
        "lock" => lock::lock(&pipenv),
        "requirements" => lock::requirements(&pipenv),
        "upgrade" => lock::upgrade(&pipenv),
        "verify" => Verdict::safe("uv lock --check", "whether the lock fits what is asked for"),
        "graph" => graph(&pipenv),
        "clean" => clean(&pipenv, scope),
        "check" | "scan" | "audit" => Verdict::review(
            "uv audit",
            "uv asks another database for what is known of the packages of the lock",
        ),
        "shell" => left("uv starts no shell of its own", ". .venv/bin/activate"),
        name => Verdict::left(format!("uv has nothing for `pipenv {name}`")),
    }
}

/// What `[packages]` became: the dependencies of the project, or a group where the project is a package that has its own.
fn packages(project: &UvProject) -> Selection {
    let mut selection = Selection::main();
    selection.groups.extend(named_group(&project.groups, "pipfile").map(str::to_owned));
    selection
}

/// `pipenv --python 3.12`, `--venv`, `--rm`, ...
fn without_command(invocation: &Invocation<'_>, scope: &Scope, context: &Context) -> Verdict {
    let flags = ["--venv", "--rm", "--where", "--py", "--version", "--envs", "--support", "--man"];
    let options = Options::split(invocation.script, invocation.args, &[&FLAGS[..], &flags].concat(), &VALUES);
    if options.has(&["--venv"]) {
        return match project(scope, context, None) {
            Some(project) => place_of_environment(scope, project),
            None => no_project("Pipenv"),
        };
    }
    if options.has(&["--rm"]) {
        return Verdict::review("rm -rf .venv", "the environment of the project");
    }
    if options.has(&["--py"]) {
        return Verdict::safe("uv python find", "the Python of the environment of the project");
    }
    if options.has(&["--version"]) {
        return Verdict::safe("uv --version", "the version of the tool that is used");
    }
    match options.values(&["--python"]).last() {
        Some(python) => Verdict::review(
            format!("uv venv --python {}", python.raw),
            "an empty environment with this Python in `.venv`, which has to fit `requires-python`",
        ),
        None => Verdict::left("uvshift does not know which command of Pipenv this is"),
    }
}

fn run_command(pipenv: &Pipenv<'_, '_>, scope: &mut Scope, context: &Context) -> Verdict {
    let mut words = pipenv.call.args;
    while let Some((first, rest)) = words.split_first() {
        if first.raw(pipenv.call.script) != "--system" {
            break;
        }
        words = rest;
    }
    let project = pipenv.project;
    let verdict = run("Pipenv", pipenv.call.script, words, scope, (context, project));
    let runs_uv = !matches!(scope.environment, Environment::Active | Environment::Foreign);
    match verdict {
        Verdict::Replace { new, reason, .. }
            if project.has_dotenv && runs_uv && new.starts_with("uv run") =>
        {
            let reason = format!(
                "{reason}; Pipenv reads `.env` first, uv does so with `--env-file .env` or UV_ENV_FILE"
            );
            Verdict::Replace { new, reason, safety: Safety::NeedsReview, without_sudo: false }
        }
        verdict => verdict,
    }
}

fn graph(pipenv: &Pipenv<'_, '_>) -> Verdict {
    let options = pipenv.options(&["--json", "--json-tree", "--reverse"], &[]);
    let new = if options.has(&["--reverse"]) { "uv tree --invert" } else { "uv tree" };
    if options.has(&["--json", "--json-tree"]) || is_read(pipenv.invocation) {
        return left("something reads what it prints, and uv prints it in another form", new);
    }
    Verdict::safe(new, "the tree of the lock, printed in another form")
}

fn clean(pipenv: &Pipenv<'_, '_>, scope: &mut Scope) -> Verdict {
    let selection = scope.synced.clone().unwrap_or_else(|| pipenv.project.default_selection());
    let new = crate::engine::sync(scope, pipenv.project, &selection);
    Verdict::safe(new, "uv takes away what the lock has not whenever it syncs")
}
