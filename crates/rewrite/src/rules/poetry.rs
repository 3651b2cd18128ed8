//! Poetry 1 and 2.

mod dependencies;
mod export;
mod install;
mod release;
mod settings;

use crate::context::{Context, UvProject};
use crate::engine::Scope;
use crate::invocation::Invocation;
use crate::manager::{Call, directory, no_project, project, run};
use crate::options::Options;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "poetry",
    summary: "`poetry install` becomes `uv sync` of the same groups and extras, `poetry run` becomes `uv run`; `add`, \
              `remove`, `lock`, `update`, `export`, `build`, `version` and settings follow, `publish` is for review",
    programs: &["poetry"],
    apply,
};

/// Flags that every command takes and that change nothing of what it does.
pub(super) const FLAGS: [&str; 11] = [
    "-n",
    "--no-interaction",
    "-q",
    "--quiet",
    "-v",
    "--verbose",
    "--ansi",
    "--no-ansi",
    "--no-cache",
    "--no-plugins",
    "-V",
];
/// Options of every command that take a value.
pub(super) const VALUES: [&str; 4] = ["-C", "--directory", "-P", "--project"];

/// What a command of Poetry needs to know.
pub(super) struct Poetry<'a, 'i> {
    invocation: &'i Invocation<'a>,
    call: Call<'a>,
    before: Options<'a>,
    context: &'i Context,
    project: &'i UvProject,
    /// Where it is told to work, as it is written.
    directory: Option<String>,
}

impl<'a> Poetry<'a, '_> {
    /// The arguments of the command, with what every command takes.
    fn options(&self, flags: &[&str], values: &[&str]) -> Options<'a> {
        self.call.options(&[&FLAGS[..], flags].concat(), &[&VALUES[..], values].concat())
    }

    /// Whether one of the options stands before or behind the command.
    fn has(&self, options: &Options<'_>, names: &[&str]) -> bool {
        self.before.has(names) || options.has(names)
    }

    /// What is passed on to uv of the flags that every command takes.
    fn common(&self, options: &Options<'_>) -> Vec<String> {
        let mut flags = Vec::new();
        if self.has(options, &["-q", "--quiet"]) {
            flags.push("--quiet".to_owned());
        }
        if self.has(options, &["--no-cache"]) {
            flags.push("--no-cache".to_owned());
        }
        flags
    }
}

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(call) = Call::of(invocation, &VALUES) else {
        return without_command(invocation);
    };
    if call.name == "self" {
        return Verdict::safe("", "it changes Poetry itself, which is not needed any more");
    }
    if call.name == "config" {
        return settings::config(&call);
    }
    let before = Options::split(invocation.script, call.before, &FLAGS, &VALUES);
    let behind = call.options(&FLAGS, &VALUES);
    // What is run has options of its own.
    let both = if call.name == "run" { vec![&before] } else { vec![&before, &behind] };
    let directory = directory(&both, &VALUES).map(str::to_owned);
    let Some(project) = project(scope, context, directory.as_deref()) else {
        return no_project("Poetry");
    };
    let poetry = Poetry { invocation, call, before, context, project, directory };
    command(&poetry, scope)
}

fn command(poetry: &Poetry<'_, '_>, scope: &mut Scope) -> Verdict {
    let elsewhere = poetry.directory.is_some();
    match poetry.call.name.as_str() {
        "install" | "sync" => install::install(poetry, scope),
        "update" if !elsewhere => install::update(poetry, scope),
        "run" => run_command(poetry, scope),
        "export" if !elsewhere => export::export(poetry),
        "add" if !elsewhere => dependencies::add(poetry),
        "remove" if !elsewhere => dependencies::remove(poetry),
        "lock" => dependencies::lock(poetry),
        "check" if !elsewhere => dependencies::check(poetry),
        "show" if !elsewhere => dependencies::show(poetry),
        "build" => release::build(poetry),
        "publish" if !elsewhere => release::publish(poetry),
        "version" if !elsewhere => release::version(poetry),
        "shell" => settings::shell(),
        "env" => settings::env(poetry, scope),
        "cache" => Verdict::safe("", "it clears the cache of Poetry, which is not used any more"),
        "init" | "new" => Verdict::Left {
            reason: "it makes a new project of Poetry".to_owned(),
            suggestion: Some("uv init".to_owned()),
        },
        name => Verdict::left(format!("uv has nothing for `poetry {name}` here")),
    }
}

fn without_command(invocation: &Invocation<'_>) -> Verdict {
    let options = Options::split(invocation.script, invocation.args, &["--version", "-V"], &[]);
    if options.has(&["--version", "-V"]) && options.unknown.is_none() {
        return Verdict::safe("uv --version", "the version of the tool that is used");
    }
    Verdict::left("uvshift does not know which command of Poetry this is")
}

fn run_command(poetry: &Poetry<'_, '_>, scope: &mut Scope) -> Verdict {
    let verdict =
        run("Poetry", poetry.call.script, poetry.call.args, scope, (poetry.context, poetry.project));
    match (&poetry.directory, verdict) {
        (Some(directory), Verdict::Replace { new, reason, safety, without_sudo }) => {
            let Some(rest) = new.strip_prefix("uv run") else {
                return Verdict::left("it works in another folder, which uvshift does not follow here");
            };
            Verdict::Replace {
                new: format!("uv run --directory {directory}{rest}"),
                reason,
                safety,
                without_sudo,
            }
        }
        (_, verdict) => verdict,
    }
}
