//! What the rules say of one command.

use std::ops::Range;

use uvshift_diagnostics::Safety;

use super::Scope;
use crate::context::{Became, Context};
use crate::invocation::{Invocation, plain_name};
use crate::rules::{Verdict, rules};
use crate::shell::Command;

/// What is to become of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Action {
    Keep,
    Left {
        reason: String,
        suggestion: Option<String>,
    },
    Remove(Why),
    Replace {
        span: Range<usize>,
        new: String,
        /// `sudo` in front that goes.
        sudo: Option<Range<usize>>,
        why: Why,
    },
}

/// The rule behind an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Why {
    pub(super) rule: &'static str,
    pub(super) reason: String,
    pub(super) safety: Safety,
}

/// Asks the rules, in order. The second value tells whether uv runs here, now or then.
pub(super) fn ask(script: &str, command: &Command, scope: &mut Scope, context: &Context) -> (Action, bool) {
    let Some(invocation) = Invocation::of(script, command, scope) else {
        return (unknown(script, command), false);
    };
    let mut uses_uv = matches!(invocation.program.as_str(), "uv" | "uvx");
    let concerned =
        |programs: &[&str]| programs.iter().any(|program| *program == "*" || *program == invocation.program);
    let tentative = scope.tentative;
    for rule in rules().iter().filter(|rule| concerned(rule.programs)) {
        let before = scope.clone();
        let verdict = (rule.apply)(&invocation, scope, context);
        let (new, reason, mut safety, without_sudo) = match verdict {
            Verdict::NotMine => {
                *scope = before;
                continue;
            }
            Verdict::Keep => return (Action::Keep, uses_uv),
            Verdict::Left { reason, suggestion } => {
                scope.tentative |= is_install(rule.name, &invocation);
                return (Action::Left { reason, suggestion }, uses_uv);
            }
            Verdict::Replace { new, reason, safety, without_sudo } => (new, reason, safety, without_sudo),
        };
        let mut reason = reason;
        if let Some(doubt) = before.doubt(rule.name) {
            safety = Safety::NeedsReview;
            reason = format!("{reason}; {doubt}");
        }
        if let Some(name) = setting(&invocation).filter(|_| new.starts_with("uv")) {
            safety = Safety::NeedsReview;
            reason = format!("{reason}; `{name}` means nothing to uv");
        }
        // A program by itself changes nothing for what follows but its own calls, which know of it.
        let after = Scope { tools: before.tools.clone(), ..scope.clone() };
        if safety != Safety::Safe && after != before {
            scope.tentative = true;
        }
        if tentative {
            safety = Safety::NeedsReview;
        }
        let why = Why { rule: rule.name, reason, safety };
        if new.is_empty() {
            return (Action::Remove(why), uses_uv);
        }
        uses_uv |= new.contains("uv ") || new.contains("uvx ");
        let sudo = if without_sudo { invocation.sudo.clone() } else { None };
        return (Action::Replace { span: invocation.span(), new, sudo, why }, uses_uv);
    }
    let action = match indirect(&invocation) {
        Action::Keep => names_migrated(&invocation, scope, context),
        action => action,
    };
    (action, uses_uv)
}

/// Whether another manager makes the environment here, in which its programs run.
fn is_install(rule: &str, invocation: &Invocation<'_>) -> bool {
    let does = |word: &str| ["install", "sync", "update"].contains(&word);
    ["pdm", "pipenv", "poetry", "rye"].contains(&rule)
        && invocation.subcommand().is_some_and(|word| does(&word))
}

/// A setting of pip in front of the command that means something.
fn setting<'a>(invocation: &Invocation<'a>) -> Option<&'a str> {
    let harmless =
        ["DISABLE_PIP_VERSION_CHECK", "NO_INPUT", "ROOT_USER_ACTION", "PROGRESS_BAR", "NO_COLOR", "QUIET"];
    let command = invocation.command;
    let names = command.assignments.iter().map(|assignment| assignment.name.as_str());
    // `env PIP_INDEX_URL=... pip install`
    let before = invocation.script.get(command.span.start..invocation.program_span.start).unwrap_or_default();
    let given = before.split_whitespace().filter_map(|word| Some(word.split_once('=')?.0));
    names
        .chain(given)
        .filter(|name| name.starts_with("PIP_"))
        .find(|name| !harmless.iter().any(|end| name.ends_with(end)))
}

/// Programs that run what their arguments say.
const RUNNERS: &[&str] = &[
    "bash",
    "chroot",
    "docker",
    "docker-compose",
    "eval",
    "find",
    "kubectl",
    "parallel",
    "podman",
    "sh",
    "ssh",
    "su",
    "vagrant",
    "xargs",
    "zsh",
];

/// Another program runs pip or its kin.
fn indirect(invocation: &Invocation<'_>) -> Action {
    if matches!(invocation.program.as_str(), "command" | "which" | "type" | "hash") {
        let named = |word: &crate::shell::Word| word.literal().filter(|name| is_installer(name));
        return match invocation.args.iter().find_map(named) {
            Some(name) => Action::Left {
                reason: format!("it asks for `{name}`, which uv does without"),
                suggestion: Some("command -v uv".to_owned()),
            },
            None => Action::Keep,
        };
    }
    if !RUNNERS.contains(&invocation.program.as_str()) {
        return Action::Keep;
    }
    match invocation.args.iter().find_map(|word| named_in(word.raw(invocation.script), invocation)) {
        Some(name) => {
            let reason = format!("`{}` runs `{name}` somewhere else", invocation.program);
            Action::Left { reason, suggestion: None }
        }
        None => Action::Keep,
    }
}

/// Programs that only look, move, or speak of files.
const HARMLESS: &[&str] = &["echo", "git", "printf", "rm", "touch", "ls", "uv", "pre-commit", "test", "["];

/// A command reads a file whose requirements are in pyproject.toml now.
fn names_migrated(invocation: &Invocation<'_>, scope: &Scope, context: &Context) -> Action {
    if context.became.is_empty() || HARMLESS.contains(&invocation.program.as_str()) {
        return Action::Keep;
    }
    let folder = scope.folder.as_deref().unwrap_or_default();
    let inputs = invocation.command.redirections.iter().filter(|redirection| redirection.operator == "<");
    let words = invocation.args.iter().chain(inputs.map(|redirection| &redirection.target));
    let names = words.filter_map(crate::shell::Word::literal);
    let migrated = |name: &String| matches!(context.became(folder, name), Some(Became::Selection(_)));
    match names.into_iter().find(migrated) {
        Some(name) => Action::Left {
            reason: format!("what `{name}` had is in pyproject.toml now"),
            suggestion: Some(format!("uv export --output-file {name}")),
        },
        None => Action::Keep,
    }
}

/// The installer that a word names, alone or as a part of a command.
fn named_in<'a>(raw: &'a str, invocation: &Invocation<'_>) -> Option<&'a str> {
    let ends = |letter: char| letter.is_whitespace() || "\"';&|()".contains(letter);
    let mut names = raw.split(ends).filter(|word| is_installer(word.rsplit('/').next().unwrap_or(word)));
    let name = names.next()?;
    let is_alone = raw.trim_matches(['"', '\'']) == name;
    // `docker run pip` may be an image of that name: what it is told tells.
    let told = |word: &crate::shell::Word| {
        matches!(word.raw(invocation.script), "install" | "sync" | "run" | "uninstall" | "lock" | "freeze")
    };
    (!is_alone || invocation.args.iter().any(told)).then_some(name)
}

fn is_installer(name: &str) -> bool {
    let names = ["pip", "poetry", "pipenv", "pdm", "pip-compile", "pip-sync", "virtualenv"];
    names.contains(&plain_name(name).as_str())
}

/// A command whose program is not known, with the words of an installer in it.
fn unknown(script: &str, command: &Command) -> Action {
    let raw: Vec<&str> = command.words.iter().map(|word| word.raw(script)).take(4).collect();
    let is_pip = match raw.as_slice() {
        [_, "-m", "pip", "install", ..] => true,
        [program, "install", ..] => program.to_ascii_lowercase().contains("pip"),
        _ => false,
    };
    if !is_pip {
        return Action::Keep;
    }
    let reason = format!("what `{}` runs is not known", raw.first().copied().unwrap_or_default());
    Action::Left { reason, suggestion: None }
}
