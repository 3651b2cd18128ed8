//! What is asked of single scripts and their changes.

use crate::context::Context;
use crate::engine::{Environment, Outcome, Scope, rewrite_script};
use crate::invocation::Invocation;
use crate::model::{Edit, Left};
use crate::shell;

use super::{Seen, WINDOWS};

/// What `uv tool install` would put where no shell finds it is installed where pip installed it.
pub(super) fn without_tools(edit: &mut Edit, script: &str, command: &str) {
    if edit.new.contains("uv tool install") {
        edit.new = edit.new.replace("uv tool install", command);
    } else if edit.new.ends_with("uv tool")
        && script.get(edit.span.end..).is_some_and(|rest| rest.starts_with(" install"))
    {
        edit.span.end += " install".len();
        edit.new = edit.new.replace("uv tool", command);
    } else {
        return;
    }
    PLACED.clone_into(&mut edit.reason);
}

const PLACED: &str = "it goes where pip put it, which is on `PATH` here, unlike the programs of `uv tool`";

pub(super) const INTO_SYSTEM: &str = "uv pip install --system";

/// Whether an edit only installs a program that is apart from the project.
pub(super) fn is_tool(edit: &Edit) -> bool {
    edit.reason == PLACED
}

/// What is told of a script that is not rewritten: as if everything in it stayed.
pub(super) fn told(script: &str, scope: &Scope, context: &Context, reason: &str) -> Outcome {
    let outcome = rewrite_script(script, &mut scope.clone(), context);
    let told = |edit: Edit| Left {
        span: edit.span,
        reason: reason.to_owned(),
        suggestion: Some(edit.new).filter(|new| !new.is_empty()),
    };
    let left = outcome.edits.into_iter().map(told).chain(outcome.left).collect();
    Outcome { edits: Vec::new(), left, is_empty: false, ..outcome }
}

/// Whether a script stays as it is although the changes around it concern it.
pub(super) fn is_blocked(outcome: &Outcome, script: &str, scope: &Scope) -> bool {
    if outcome.problem.is_some() {
        let words = ["pip", "python", "pytest", "poetry", "pipenv"];
        return scope.environment != Environment::System || words.iter().any(|word| script.contains(word));
    }
    outcome.left.iter().any(|left| left.reason == WINDOWS || left.reason.starts_with("jobs that share"))
}

fn programs_then(seen: &Seen<'_>) -> Vec<String> {
    commands_then(seen).into_iter().map(|(program, _)| program).collect()
}

/// What a script runs when this run is over: programs with their commands.
fn commands_then(seen: &Seen<'_>) -> Vec<(String, String)> {
    commands_of(&seen.then)
}

fn commands_of(after: &str) -> Vec<(String, String)> {
    let scope = Scope::default();
    let commands = shell::parse(after).commands;
    let programs = commands.iter().filter_map(|command| Invocation::of(after, command, &scope));
    let written = |span: std::ops::Range<usize>| after.get(span).unwrap_or_default().to_owned();
    programs.map(|invocation| (invocation.program.clone(), written(invocation.span()))).collect()
}

/// A program that is installed by a text and that a script still runs.
pub(super) fn still_runs(seen: &Seen<'_>, installed: &str) -> Option<String> {
    let is_installed = |program: &String| {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
        let mut words = installed.split(|letter: char| !is_part(letter));
        !["pip", "python"].contains(&program.as_str()) && words.any(|word| word == program)
    };
    programs_then(seen).into_iter().find(is_installed)
}

/// Whether a script still installs with pip something else than uv.
pub(super) fn installs_with_pip(seen: &Seen<'_>) -> bool {
    let installs = |command: &String| {
        let is_one =
            ["install", "download", "wheel"].iter().any(|name| command.split(' ').any(|word| word == *name));
        is_one && !mentions_uv(command)
    };
    commands_then(seen).iter().any(|(program, command)| program == "pip" && installs(command))
}

/// Whether a script still installs with another tool than uv, as it is then, or as it is now when it is held.
pub(super) fn installs_otherwise(seen: &Seen<'_>, is_held: bool) -> bool {
    let text = if is_held { seen.node.as_str().unwrap_or_default() } else { &seen.then };
    commands_of(text).iter().any(|(program, command)| {
        let is_old = ["pip", "poetry", "pipenv", "pdm"].contains(&program.as_str());
        is_old && command.split(' ').any(|word| word == "install") && !mentions_uv(command)
    })
}

/// Whether a script still runs pip, or may.
pub(super) fn runs_pip(seen: &Seen<'_>) -> bool {
    programs_then(seen).iter().any(|program| program == "pip" || is_opaque(program))
}

/// Whether an image has uv.
pub(super) fn is_uv_image(image: &str) -> bool {
    let name = image.split(['@', ':']).next().unwrap_or(image);
    image.contains("astral-sh/uv") || name.rsplit('/').next() == Some("uv")
}

/// Whether a text names uv, as a command or as what is installed.
pub(crate) fn mentions_uv(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    text.split(|letter| !is_part(letter)).any(|word| word == "uv" || word == "uvx")
}

/// Whether a script installs uv, or takes it for granted.
pub(super) fn brings_uv(script: &str) -> bool {
    if script.contains("astral.sh/uv") {
        return true;
    }
    if !script.contains("uv") {
        return false;
    }
    let scope = Scope::default();
    shell::parse(script).commands.iter().any(|command| {
        let Some(invocation) = Invocation::of(script, command, &scope) else { return false };
        let installs = ["pip", "pipx"].contains(&invocation.program.as_str());
        let is_uv = |word: String| {
            word.strip_prefix("uv")
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['=', '>', '<', '~', '[']))
        };
        ["uv", "uvx"].contains(&invocation.program.as_str())
            || installs && invocation.args.iter().filter_map(shell::Word::literal).any(is_uv)
    })
}

/// Programs that run others, which nobody sees from here.
const OPAQUE: &[&str] = &[
    "make",
    "gmake",
    "just",
    "task",
    "bash",
    "sh",
    "zsh",
    "invoke",
    "inv",
    "nox",
    "tox",
    "npm",
    "npx",
    "yarn",
    "pnpm",
    "xvfb-run",
    "cmake",
    "ctest",
    "cargo",
    "maturin",
    "docker-compose",
];

/// Whether a program runs others, which nobody sees from here.
pub(crate) fn is_opaque(program: &str) -> bool {
    let ending = program.rsplit_once('.').map(|(_, ending)| ending);
    let is_file = program.starts_with("./") || matches!(ending, Some("sh" | "py"));
    is_file || OPAQUE.contains(&program)
}
