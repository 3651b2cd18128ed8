//! Makefiles: the commands of recipes, and the old files that targets depend on.

mod doubt;
mod environment;
mod read;
mod recipe;
mod unused;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use uvshift_diagnostics::{Diagnostic, Safety, Span};

use crate::codes;
use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::hosts::{Host, Kind};
use crate::install::is_default;
use crate::model::{Edit, RewriteOptions, Rewritten};
use crate::references::Referring;
use crate::script;
use crate::shell::parse;
use crate::targets::{self, Script, Target};
use doubt::Doubted;
use read::{Makefile, Recipe, Rule, read};

/// The host.
pub(crate) const HOST: Host = Host {
    name: "makefile",
    title: "Makefiles",
    kind: Kind::Edited,
    is: |path, _| is_makefile(path),
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

/// No Makefile of a project has more variables.
const MAX_VARIABLES: usize = 200;

/// How many prerequisites of a target are looked at.
const MAX_NEEDS: usize = 200;

fn is_makefile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    matches!(name, "Makefile" | "makefile" | "GNUmakefile") || matches!(ending, Some("mk" | "make"))
}

fn rewrite(path: &str, text: &str, context: &Context) -> Rewritten {
    let makefile = read(text);
    let mut found = Rewritten::default();
    if let Some((at, message)) = makefile.problem {
        let message = format!("make cannot read this: {message}");
        found.diagnostics.push(Diagnostic::error(codes::UNREADABLE, message).at(Span::new(at, at)));
        return found;
    }
    // Those of an included file run where the file is that includes it, which is the root as a rule.
    let folder =
        if path.ends_with("akefile") { path.rsplit_once('/').map_or("", |(folder, _)| folder) } else { "" };
    if !is_shell(text, &makefile) {
        tell_unread(text, &makefile, &mut found);
        return found;
    }
    let base = base(text, folder, &makefile);
    let targets = targets(text, folder, &makefile, context);
    let (mut found, base) = targets::rewrite(&targets, &base, context);
    prerequisites(text, folder, &makefile, context, &mut found);
    commands(text, &makefile, &base, context, &mut found);
    environment::refer(text, &makefile, &mut found);
    targets::hold_runs(&mut found);
    Doubted { text, folder, makefile: &makefile, context }.review(&targets, &base, &mut found);
    script::keep_pip(text, &mut found);
    script::seed(text, &mut found);
    tell_unread(text, &makefile, &mut found);
    unused::unused(path, text, &makefile, &mut found);
    found
}

/// Whether recipes are for a shell.
fn is_shell(text: &str, makefile: &Makefile) -> bool {
    let shells = makefile.variables.iter().filter(|variable| variable.name == "SHELL");
    shells.filter_map(|shell| text.get(shell.value.clone())).all(|shell| {
        let program = shell.split_whitespace().next().unwrap_or_default();
        shell.contains("env bash")
            || shell.contains('$')
            || program.ends_with("sh") && !program.ends_with("pwsh")
    })
}

/// What is known where a recipe begins.
fn base(text: &str, folder: &str, makefile: &Makefile) -> Scope {
    let names: BTreeSet<&str> = makefile.variables.iter().map(|variable| variable.name.as_str()).collect();
    let programs = names.into_iter().take(MAX_VARIABLES).filter_map(|name| {
        let value = recipe::value(text, makefile, name)?;
        (!value.is_empty() && value.len() < 200).then(|| (name.to_owned(), value))
    });
    let programs: BTreeMap<String, String> = programs.collect();
    let mut paths = makefile.variables.iter().filter(|variable| variable.name == "PATH");
    let on_path = paths.find_map(|variable| on_path(text.get(variable.value.clone())?, &programs));
    let own = on_path.clone().filter(|folder| !is_default(folder));
    Scope {
        environment: if on_path.is_some() { Environment::Active } else { Environment::System },
        own_environment: own.clone(),
        on_path: own,
        folder: Some(folder.to_owned()),
        script_folder: Some(folder.to_owned()),
        programs,
        has_uv: true,
        host_brings_uv: true,
        ..Scope::default()
    }
}

/// The environment whose programs a value of `PATH` finds first: `venv` for `$(VENV)/bin:$(PATH)`.
fn on_path(value: &str, programs: &BTreeMap<String, String>) -> Option<String> {
    let first = value.trim_matches('"').split(':').next()?.replace("$(CURDIR)/", "").replace("$(PWD)/", "");
    let mut path = first.replace("$(", "${").replace(')', "}");
    for _ in 0..MAX_DEPTH {
        let Some((name, rest)) = path.strip_prefix("${").and_then(|path| path.split_once('}')) else { break };
        path = format!("{}{rest}", programs.get(name)?);
    }
    let folder =
        path.strip_suffix("/bin").filter(|folder| !folder.contains('$') && !folder.starts_with('/'))?;
    let is_environment = folder.rsplit('/').next().is_some_and(|name| name.contains("env"));
    is_environment.then(|| folder.to_owned())
}

/// How often references in values are followed.
const MAX_DEPTH: usize = 4;

/// The rules as targets that need each other.
fn targets(text: &str, folder: &str, makefile: &Makefile, context: &Context) -> Vec<Target> {
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, rule) in makefile.rules.iter().enumerate() {
        for target in rule.targets.iter().filter_map(|target| text.get(target.clone())) {
            if !is_special(target) {
                named.entry(target).or_default().push(index);
            }
        }
    }
    let known = recipe::Names::of(text, makefile, |path| now(folder, path, context).is_some());
    let target = |(index, rule): (usize, &Rule)| {
        let rules = |word: &Range<usize>| named.get(text.get(word.clone())?);
        // Other rules of a target can only add to what it needs.
        let is_more = |index: &usize| makefile.rules.get(*index).is_some_and(|rule| rule.recipe.is_empty());
        let more = rule.targets.iter().filter_map(rules).flatten().copied().filter(is_more);
        let needs = rule.prerequisites.iter().filter_map(rules).flatten().copied().chain(more);
        let needs = needs.filter(|needed| *needed != index).take(MAX_NEEDS).collect();
        let scripts = if makefile.one_shell {
            let whole = recipe::whole(text, rule, &known).into_iter();
            whole.map(|(script, place)| Script { content: script, place, arm: None }).collect()
        } else {
            let place = |line: &Recipe| line.line.clone().unwrap_or(line.span.clone());
            let script = |line: &Recipe| recipe::script(text, rule, line, &known);
            let lines = rule.recipe.iter().filter(|line| !is_for_windows(text, line));
            lines.map(|line| Script { content: script(line), place: place(line), arm: line.arm }).collect()
        };
        Target { needs, scripts }
    };
    makefile.rules.iter().enumerate().map(target).collect()
}

/// `.PHONY` and its kin.
fn is_special(target: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    target.strip_prefix('.').is_some_and(|name| !name.is_empty() && name.bytes().all(is_part))
}

/// What a prerequisite is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Now {
    Pyproject,
    Lock,
}

/// Where the files of a project are for a Makefile.
struct Files {
    pyproject: String,
    lock: Option<String>,
}

impl Files {
    fn of(folder: &str, context: &Context) -> Option<Self> {
        let project = context.project(folder)?;
        let below = folder.strip_prefix(project.folder.as_str()).unwrap_or_default().trim_matches('/');
        let up = if below.is_empty() { String::new() } else { "../".repeat(below.split('/').count()) };
        let lock = project.locked.then(|| format!("{up}uv.lock"));
        Some(Self { pyproject: format!("{up}pyproject.toml"), lock })
    }

    /// What takes the place of an old file: all that is not there yet.
    fn instead(&self, now: Now, there: &[&str]) -> String {
        let pyproject = (now == Now::Pyproject).then_some(&self.pyproject);
        let files = pyproject.into_iter().chain(&self.lock).filter(|file| !there.contains(&file.as_str()));
        files.map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// Targets that depend on files which are part of pyproject.toml or uv.lock now.
fn prerequisites(text: &str, folder: &str, makefile: &Makefile, context: &Context, found: &mut Rewritten) {
    let name = |word: &Range<usize>| text.get(word.clone()).unwrap_or_default();
    let made: BTreeSet<&str> = makefile.rules.iter().flat_map(|rule| &rule.targets).map(name).collect();
    let Some(files) = Files::of(folder, context) else { return };
    for rule in &makefile.rules {
        if rule.targets.iter().any(|target| is_special(name(target))) {
            continue;
        }
        let mut there: Vec<&str> = rule.prerequisites.iter().map(name).collect();
        let together = found.edits.iter().map(|edit| edit.together).max().unwrap_or(0) + 1;
        let mut added: Vec<String> = Vec::new();
        for word in &rule.prerequisites {
            let path = recipe::plain(text, makefile, name(word)).unwrap_or_else(|| name(word).to_owned());
            let Some(now) = now(folder, &path, context) else { continue };
            if made.contains(path.as_str()) {
                let reason = "a target makes this file, so that others can depend on it";
                found.left.push(script::left(word.clone(), reason));
                continue;
            }
            there.retain(|other| *other != name(word));
            let all: Vec<&str> = there.iter().copied().chain(added.iter().map(String::as_str)).collect();
            let new = files.instead(now, &all);
            added.extend(new.split(' ').filter(|file| !file.is_empty()).map(str::to_owned));
            let before = text.get(..word.start).unwrap_or_default();
            let blank =
                if new.is_empty() { before.len() - before.trim_end_matches([' ', '\t']).len() } else { 0 };
            let place = if now == Now::Lock { "uv.lock" } else { "pyproject.toml" };
            found.edits.push(Edit {
                span: word.start - blank..word.end,
                new,
                rule: "makefile-prerequisite",
                reason: format!("what `{path}` had is in {place}"),
                safety: Safety::Safe,
                together,
            });
        }
    }
}

fn now(folder: &str, path: &str, context: &Context) -> Option<Now> {
    match path.rsplit('/').next().unwrap_or(path) {
        "poetry.lock" | "Pipfile.lock" | "pdm.lock" => Some(Now::Lock),
        "Pipfile" | "poetry.toml" | "pdm.toml" => Some(Now::Pyproject),
        _ => context.became(folder, path).map(|_| Now::Pyproject),
    }
}

/// Variables that hold a command with arguments, such as `TEST = pytest -q`, which no recipe shows to the rules.
fn commands(text: &str, makefile: &Makefile, base: &Scope, context: &Context, found: &mut Rewritten) {
    if base.environment != Environment::Uv {
        return;
    }
    for variable in makefile.variables.iter().take(MAX_VARIABLES).filter(|variable| !variable.is_local) {
        let mut script = Referring::new("$$", "");
        recipe::append_value(&mut script, text, variable.value.clone());
        let held = parse(script.text());
        let [command] = held.commands.as_slice() else { continue };
        // A program alone, and a module of Python, are looked up where the variable is used.
        let is_program = match command.words.as_slice() {
            [] | [_] => true,
            [_, option, _] => option.literal().as_deref() == Some("-m"),
            _ => false,
        };
        if is_program || !begins_recipe(text, makefile, &variable.name) {
            continue;
        }
        let first = found.edits.len();
        script.rewrite(&mut base.clone(), context, found);
        // Where an environment is activated, the command need not be another one.
        if text.contains("/activate") || base.own_environment.is_some() {
            found.edits.iter_mut().skip(first).for_each(|edit| edit.safety = Safety::NeedsReview);
        }
    }
}

/// Whether a recipe runs what a variable holds.
fn begins_recipe(text: &str, makefile: &Makefile, name: &str) -> bool {
    let lines = makefile.rules.iter().flat_map(|rule| &rule.recipe);
    lines.filter_map(|line| text.get(line.span.clone())).any(|line| {
        let line = line.trim_start_matches(['@', '-', '+', ' ', '\t']);
        let behind = line.strip_prefix("$(").or_else(|| line.strip_prefix("${"));
        behind
            .and_then(|behind| behind.strip_prefix(name))
            .is_some_and(|behind| behind.starts_with([')', '}']))
    })
}

/// What has to do with installers and is not read.
fn tell_unread(text: &str, makefile: &Makefile, found: &mut Rewritten) {
    let mut tell = |span: Range<usize>, reason: &str| {
        let content = text.get(span.clone()).unwrap_or_default();
        let mut at = span.start;
        for line in content.split_inclusive('\n') {
            let start = at + (line.len() - line.trim_start().len());
            if OLD_COMMANDS.iter().any(|old| line.contains(old)) {
                found.left.push(script::left(start..at + line.trim_end().len(), reason));
            }
            at += line.len();
        }
    };
    for define in &makefile.defines {
        tell(define.clone(), "a `define` is text that can be used anywhere, so it is not changed");
    }
    let is_shell = is_shell(text, makefile);
    for line in makefile.rules.iter().flat_map(|rule| &rule.recipe) {
        if !is_shell {
            tell(line.span.clone(), "recipes of this file are for a program that is no shell of POSIX");
        } else if !makefile.one_shell && is_for_windows(text, line) {
            tell(line.span.clone(), "a line for the command prompt of Windows is not read");
        }
    }
}

/// Whether a line is for the command prompt of Windows, which reads `\` in its own way.
fn is_for_windows(text: &str, line: &Recipe) -> bool {
    let line = text.get(line.span.clone()).unwrap_or_default();
    line.contains("activate.bat") || line.contains("\\Scripts\\activate")
}

/// How commands of installers begin.
const OLD_COMMANDS: [&str; 7] =
    ["pip install", "pip3 install", "PIP) install", "PIP} install", "poetry ", "pipenv ", "virtualenv "];
