//! PDM.

mod install;
mod other;

use crate::context::{Context, UvProject};
use crate::engine::Scope;
use crate::invocation::Invocation;
use crate::manager::{Call, directory, left, no_project, project, run, unknown_option};
use crate::options::Options;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "pdm",
    summary: "`pdm install` and `sync` become `uv sync` of the same groups, `pdm run` becomes `uv run`, with short names \
              written out; `add`, `remove`, `lock`, `update`, `build`, `export` and `list` follow, `publish` is for review",
    programs: &["pdm"],
    apply,
};

/// Flags of every command that change nothing of what it does.
const FLAGS: [&str; 12] = [
    "-v",
    "--verbose",
    "-q",
    "--quiet",
    "-n",
    "--non-interactive",
    "-x",
    "--fail-fast",
    "--no-isolation",
    "-I",
    "--ignore-python",
    "--no-cache",
];
/// Options of every command that take a value and say where it works.
const FOLDERS: [&str; 2] = ["-p", "--project"];
/// Options of every command that take a value.
const VALUES: [&str; 6] = ["-k", "--skip", "-c", "--config", "-C", "--config-setting"];

/// What a command of PDM needs to know.
struct Pdm<'a, 'i> {
    invocation: &'i Invocation<'a>,
    call: Call<'a>,
    project: &'i UvProject,
    /// Where it is told to work, as it is written.
    directory: Option<String>,
}

impl<'a> Pdm<'a, '_> {
    fn options(&self, flags: &[&str], values: &[&str]) -> Options<'a> {
        self.call.options(&[&FLAGS[..], flags].concat(), &[&VALUES[..], &FOLDERS[..], values].concat())
    }

    fn unknown(&self, options: &Options<'_>) -> Option<Verdict> {
        options.unknown.map(|word| unknown_option("PDM", self.call.script, word))
    }
}

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let values = [&VALUES[..], &FOLDERS[..]].concat();
    let Some(call) = Call::of(invocation, &values) else {
        let options = Options::split(invocation.script, invocation.args, &["-V", "--version"], &[]);
        if options.has(&["-V", "--version"]) && options.unknown.is_none() {
            return Verdict::safe("uv --version", "the version of the tool that is used");
        }
        return Verdict::left("uvshift does not know which command of PDM this is");
    };
    match call.name.as_str() {
        "self" | "plugin" => return Verdict::safe("", "it changes PDM itself, which is not needed any more"),
        "config" => return other::config(&call),
        "cache" => return Verdict::safe("", "it is about the cache of PDM, which is not used any more"),
        _ => {}
    }
    let before = Options::split(invocation.script, call.before, &FLAGS, &values);
    let behind = call.options(&FLAGS, &values);
    // What is run has options of its own.
    let both = if call.name == "run" { vec![&before] } else { vec![&before, &behind] };
    let directory = directory(&both, &FOLDERS).map(str::to_owned);
    let Some(project) = project(scope, context, directory.as_deref()) else {
        return no_project("PDM");
    };
    let pdm = Pdm { invocation, call, project, directory };
    command(&pdm, scope, context)
}

fn command(pdm: &Pdm<'_, '_>, scope: &mut Scope, context: &Context) -> Verdict {
    let elsewhere = pdm.directory.is_some();
    match pdm.call.name.as_str() {
        "install" | "sync" => install::install(pdm, scope),
        name if elsewhere && name != "build" => {
            Verdict::left("it works in another folder, which uvshift does not follow here")
        }
        "update" => install::update(pdm, scope),
        "run" => run_command(pdm, scope, context),
        "lock" => other::lock(pdm),
        "add" => other::add(pdm),
        "remove" => other::remove(pdm),
        "build" => other::build(pdm),
        "publish" => other::publish(pdm),
        "export" => other::export(pdm),
        "list" => other::list(pdm),
        "outdated" => left("it only tells what is outdated", "uv tree --outdated --depth 1"),
        "use" => other::pin(pdm),
        "venv" => other::venv(pdm),
        "init" | "new" => left("it makes a new project of PDM", "uv init"),
        // Whatever else is a short name of the project.
        name if pdm.project.tasks.contains_key(name) => short_name(pdm, scope, context),
        name => Verdict::left(format!("uv has nothing for `pdm {name}` here")),
    }
}

/// `pdm run`: its own options come before the program.
fn run_command(pdm: &Pdm<'_, '_>, scope: &mut Scope, context: &Context) -> Verdict {
    let script = pdm.call.script;
    let mut words = pdm.call.args;
    while let Some((first, rest)) = words.split_first() {
        match first.raw(script) {
            "-v" | "-q" => words = rest,
            raw if raw.starts_with('-') => return unknown_option("PDM", script, first),
            _ => break,
        }
    }
    run("PDM", script, words, scope, (context, pdm.project))
}

/// `pdm test` is `pdm run test`.
fn short_name(pdm: &Pdm<'_, '_>, scope: &mut Scope, context: &Context) -> Verdict {
    let at = pdm.invocation.args.len().saturating_sub(pdm.call.args.len() + 1);
    let words = pdm.invocation.args.get(at..).unwrap_or_default();
    run("PDM", pdm.call.script, words, scope, (context, pdm.project))
}
