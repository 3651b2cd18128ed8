//! What a script already does with uv: nothing changes, and what follows takes it into account.

use std::collections::BTreeSet;

use crate::context::{Context, Selection};
use crate::engine::{Environment, Scope};
use crate::install::{is_default, value_of};
use crate::invocation::Invocation;
use crate::options::Options;
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "uv",
    summary: "commands of uv stay, and what they install is taken into account",
    programs: &["uv", "curl", "wget"],
    apply,
};

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    if invocation.program != "uv" {
        if invocation.args.iter().any(|word| word.raw(invocation.script).contains("astral.sh/uv")) {
            scope.has_uv = true;
        }
        return Verdict::NotMine;
    }
    scope.has_uv = true;
    let mut words = invocation.args.iter().filter_map(crate::shell::Word::literal);
    let words = words.by_ref().filter(|word| !word.starts_with('-'));
    let words: Vec<String> = words.take(2).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["sync", ..] => synced(invocation, scope, context),
        ["pip", "sync"] => {
            scope.synced = None;
            scope.maybe = None;
            scope.certain = None;
            scope.has_additions = true;
        }
        ["pip", "install"] => installed(invocation, scope),
        ["pip", "uninstall"] => {
            scope.certain = None;
            scope.has_additions |= scope.environment != Environment::System;
        }
        ["venv", ..] => environment(invocation, scope),
        _ => {}
    }
    Verdict::Keep
}

/// `uv pip install`, but into no folder.
fn installed(invocation: &Invocation<'_>, scope: &mut Scope) {
    let elsewhere = invocation
        .args
        .iter()
        .filter_map(crate::shell::Word::literal)
        .any(|word| matches!(word.as_str(), "--target" | "-t" | "--prefix" | "--system"));
    scope.has_additions |= !elsewhere;
}

fn environment(invocation: &Invocation<'_>, scope: &mut Scope) {
    let flags = [
        "--allow-existing",
        "--clear",
        "-c",
        "--seed",
        "--system-site-packages",
        "-q",
        "--quiet",
        "--no-project",
    ];
    let options = Options::split(invocation.script, invocation.args, &flags, &["--python", "-p", "--prompt"]);
    let folder = options.positional.get(1).map(|word| {
        word.literal().unwrap_or_else(|| word.raw(invocation.script).trim_matches(['"', '\'']).to_owned())
    });
    match folder {
        Some(folder) if !is_default(&value_of(&folder, scope)) => scope.own_environment = Some(folder),
        _ if scope.environment == Environment::System => scope.environment = Environment::Uv,
        _ => {}
    }
}

/// Options of `uv sync` without a value.
const FLAGS: &[&str] = &[
    "--locked",
    "--frozen",
    "--no-dev",
    "--dev",
    "--no-default-groups",
    "--all-groups",
    "--all-extras",
    "--no-install-project",
    "--no-editable",
    "--inexact",
    "--quiet",
    "-q",
    "--active",
    "--all-packages",
    "--compile-bytecode",
    "--upgrade",
    "-U",
    "--no-cache",
    "--verbose",
    "-v",
    "--only-dev",
];

/// Options of `uv sync` with a value.
const VALUES: &[&str] = &[
    "--group",
    "--extra",
    "--only-group",
    "--no-group",
    "--no-extra",
    "--python",
    "-p",
    "--package",
    "--project",
    "--directory",
    "--link-mode",
    "--no-install-package",
];

fn synced(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) {
    let options = Options::split(invocation.script, invocation.args, FLAGS, VALUES);
    let named = |name: &str| -> BTreeSet<String> {
        options.values(&[name]).iter().map(|value| value.raw.trim_matches(['"', '\'']).to_owned()).collect()
    };
    let project = scope.folder.as_deref().and_then(|folder| context.project(folder));
    let only = named("--only-group");
    let mut selection = Selection { main: true, groups: named("--group"), extras: named("--extra") };
    if only.is_empty() && !options.has(&["--only-dev"]) {
        if let Some(project) = project {
            add_defaults(&mut selection, &options, project);
        }
        for group in named("--no-group") {
            selection.groups.remove(&group);
        }
    } else {
        selection = Selection { main: false, groups: only, extras: BTreeSet::new() };
        if options.has(&["--only-dev"]) {
            selection.groups.insert("dev".to_owned());
        }
    }
    scope.certain = Some(selection.clone());
    let assignments = &invocation.command.assignments;
    let named = assignments.iter().rfind(|assignment| assignment.name == "UV_PROJECT_ENVIRONMENT");
    scope.certain_in = match named {
        Some(assignment) => assignment.value.raw(invocation.script).replace(['"', '\''], ""),
        None if options.has(&["--active"]) => scope.active_in(),
        None => String::new(),
    };
    match &mut scope.synced {
        Some(before) if options.has(&["--inexact"]) => before.join(&selection),
        synced => *synced = Some(selection),
    }
    if !options.has(&["--inexact"]) {
        scope.maybe = None;
    }
    if scope.environment == Environment::System {
        scope.environment = Environment::Uv;
    }
}

fn add_defaults(selection: &mut Selection, options: &Options<'_>, project: &crate::context::UvProject) {
    let mut defaults = project.default_groups.clone();
    if options.has(&["--no-dev"]) {
        defaults.remove("dev");
    }
    if options.has(&["--all-groups"]) {
        defaults.clone_from(&project.groups);
    } else if options.has(&["--no-default-groups"]) {
        defaults.clear();
    }
    selection.groups.extend(defaults);
    if options.has(&["--all-extras"]) {
        selection.extras.extend(project.extras.iter().cloned());
    }
}
