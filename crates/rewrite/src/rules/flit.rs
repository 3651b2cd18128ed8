//! Flit.

use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::invocation::Invocation;
use crate::manager::{Call, left, project, unknown_option};
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "flit",
    summary: "`flit build` becomes `uv build`, for review; `flit install` and `flit publish` stay, with what could be tried",
    programs: &["flit"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let Some(call) = Call::of(invocation, &["-f", "--ini-file", "--repository", "--pypirc"]) else {
        return Verdict::NotMine;
    };
    if scope.environment == Environment::Foreign || project(scope, context, None).is_none() {
        return Verdict::NotMine;
    }
    if !call.before.is_empty() {
        return Verdict::left("uv has no such options for another pyproject.toml or another index of Flit");
    }
    match call.name.as_str() {
        "build" => build(&call),
        "install" => left("Flit installs into the Python that runs it, uv into `.venv`", "uv sync"),
        "publish" => left(
            "Flit builds what it publishes, and reads .pypirc, which uv does not",
            "uv build && uv publish",
        ),
        "init" => left("it makes a new project of Flit", "uv init"),
        name => Verdict::left(format!("uv has nothing for `flit {name}`")),
    }
}

fn build(call: &Call<'_>) -> Verdict {
    let options = call.options(&["--no-use-vcs"], &["--format"]);
    if let Some(word) = options.unknown.or_else(|| options.positional.first().copied()) {
        return unknown_option("Flit", call.script, word);
    }
    let format = options.values(&["--format"]).last().map(|format| format.literal());
    let command = match format.as_ref().map(|format| format.as_deref()) {
        None => "uv build",
        Some(Some("wheel")) => "uv build --wheel",
        Some(Some("sdist")) => "uv build --sdist",
        Some(_) => return Verdict::left("uv builds wheels and source distributions only"),
    };
    // Flit 4 asks git for nothing unless it is told to, and `--no-use-vcs` is the same for those before it.
    if options.has(&["--no-use-vcs"]) {
        return Verdict::safe(command, "the same build backend, called by uv");
    }
    Verdict::review(
        command,
        "the same build backend, but Flit before 4 put all that git knows into the source distribution",
    )
}
