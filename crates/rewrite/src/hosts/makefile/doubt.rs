//! What a Makefile has that the changed commands of it may not fit: then a person looks at all of them.

use std::ops::Range;

use uvshift_diagnostics::Safety;

use super::read::{Makefile, Recipe, Rule, Variable};
use super::{MAX_NEEDS, now, recipe};
use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::invocation::{Invocation, Via};
use crate::model::{Edit, Rewritten};
use crate::shell::{Command, parse};
use crate::targets::Target;

/// How often references in values are followed.
const MAX_DEPTH: usize = 6;

/// No line of a recipe that is looked at is longer with its references filled in.
const MAX_LENGTH: usize = 20_000;

/// No Makefile of a project compiles more files, each with a rule of its own.
const MAX_COMPILED: usize = 40;

/// Variables of make for programs that have nothing to do with Python.
const OTHER_PROGRAMS: [&str; 8] = ["MAKE", "RM", "CC", "CXX", "AR", "DOCKER", "DOCKER_COMPOSE", "COMPOSE"];

/// Commands of uv that use the environment of the project, or one of their own.
const USES_ENVIRONMENT: [&str; 4] = ["uv sync", "uv run", "uv pip install", "uv tool"];

/// What says which environment that is.
const NAMES_ENVIRONMENT: [&str; 3] = ["UV_PROJECT_ENVIRONMENT", "--active", "--python"];

/// A Makefile with the changes that were found for it.
pub(super) struct Doubted<'a> {
    pub(super) text: &'a str,
    pub(super) folder: &'a str,
    pub(super) makefile: &'a Makefile,
    pub(super) context: &'a Context,
}

impl Doubted<'_> {
    /// Makes all changes ones for review where there is a doubt.
    pub(super) fn review(&self, targets: &[Target], base: &Scope, found: &mut Rewritten) {
        let edits = &found.edits;
        let doubt = self
            .other_environment(edits)
            .or_else(|| self.unread_program(targets, base, edits))
            .or_else(|| self.compiled_file(edits));
        let Some(doubt) = doubt else { return };
        for edit in &mut found.edits {
            edit.safety = Safety::NeedsReview;
            edit.reason = format!("{}; {doubt}", edit.reason);
        }
    }

    /// A command of an environment that uv would not use.
    fn other_environment(&self, edits: &[Edit]) -> Option<String> {
        let has = |edit: &&Edit, parts: &[&str]| parts.iter().any(|part| edit.new.contains(part));
        let changed = edits.iter().filter(|edit| has(edit, &USES_ENVIRONMENT));
        for edit in changed.filter(|edit| !has(edit, &NAMES_ENVIRONMENT)) {
            let line = self.expanded(self.text.get(edit.span.clone()).unwrap_or_default());
            let Some(root) = line.split_whitespace().find_map(environment) else { continue };
            if edit.new.contains("uv tool") {
                return Some(format!("`{root}` is where this was installed, which `uv tool` does not use"));
            }
            if !matches!(root.trim_start_matches("./"), ".venv") {
                return Some(format!("commands of this file run in `{root}`, and uv uses `.venv`"));
            }
        }
        None
    }

    /// A program that may need what is in `.venv` now, and does not look there.
    fn unread_program(&self, targets: &[Target], base: &Scope, edits: &[Edit]) -> Option<String> {
        if base.environment == Environment::Active {
            return None;
        }
        let rules = self.makefile.rules.iter();
        let mut moved: Vec<bool> = rules.map(|rule| self.moves(rule, edits)).collect();
        for _ in 0..MAX_DEPTH {
            let reaches = |(index, target): (usize, &Target)| {
                let is_moved = |at: &usize| moved.get(*at).copied().unwrap_or(false);
                is_moved(&index) || target.needs.iter().take(MAX_NEEDS).any(is_moved)
            };
            moved = targets.iter().enumerate().map(reaches).collect();
        }
        let reached = targets.iter().zip(&moved).filter(|(_, moved)| **moved).map(|(target, _)| target);
        for script in reached.flat_map(|target| &target.scripts) {
            let content = script.content.text();
            if content.contains("/activate") {
                continue;
            }
            let here: Vec<&Edit> = edits.iter().filter(|edit| is_within(&edit.span, &script.place)).collect();
            for command in &parse(content).commands {
                let program = match self.held(content, command) {
                    Some(variable) if is_changed_value(variable, edits) => continue,
                    Some(variable) => self.held_program(variable, base),
                    None => unknown_program(content, command, base),
                };
                let Some(program) = program else { continue };
                let Some(program) = self.shown(program, &script.place) else { continue };
                let name = program.rsplit('/').next().unwrap_or(&program);
                let is_changed = here.iter().any(|edit| edit.new.contains(name) || is_whole(edit, script));
                if !is_changed {
                    return Some(format!("`{program}` may run a Python that has nothing of `.venv`"));
                }
            }
        }
        None
    }

    /// The variable with a command of several words that a command begins with.
    fn held(&self, script: &str, command: &Command) -> Option<&Variable> {
        let name = command.words.first()?.raw(script).strip_prefix("${")?.strip_suffix('}')?;
        let variable = self.makefile.variables.iter().find(|variable| variable.name == name)?;
        let value = recipe::value(self.text, self.makefile, name)?;
        value.contains(' ').then_some(variable)
    }

    /// The program of a command that a variable holds, when it may run Python.
    fn held_program(&self, variable: &Variable, base: &Scope) -> Option<String> {
        let value = recipe::value(self.text, self.makefile, &variable.name)?;
        let parsed = parse(&value);
        let command = parsed.commands.first()?;
        let program = Invocation::of(&value, command, base).map(|invocation| invocation.program);
        program
            .filter(|program| program == "python" || crate::data::is_of_environment(program))
            .or_else(|| unknown_program(&value, command, base))
            .map(|_| variable.name.clone())
    }

    /// A program as the file writes it; none for a function of make that runs nothing.
    fn shown(&self, program: String, place: &Range<usize>) -> Option<String> {
        if !program.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(program);
        }
        let line = self.text.get(place.clone()).unwrap_or_default();
        let word = line.trim_start_matches(['@', '-', '+', ' ', '\t']).split_whitespace().next()?;
        let is_quiet = ["$(info", "$(warning", "$(error", "$(eval"].contains(&word);
        (!is_quiet).then(|| word.to_owned())
    }

    /// Whether a recipe installed with pip into the Python that programs find, and does not any more.
    fn moves(&self, rule: &Rule, edits: &[Edit]) -> bool {
        let is_sync =
            |edit: &&Edit| edit.new.contains("uv sync") && !edit.new.contains("UV_PROJECT_ENVIRONMENT");
        edits.iter().filter(is_sync).any(|edit| {
            let line = rule.recipe.iter().find(|line| is_within(&edit.span, &place(line)));
            let line = line.and_then(|line| self.text.get(line.span.clone()));
            line.map(|line| self.expanded(line)).is_some_and(|line| {
                line.contains("pip") && !line.contains("pipenv") && !line.contains("bin/")
            })
        })
    }

    /// A file that a changed recipe made, and that others still use.
    fn compiled_file(&self, edits: &[Edit]) -> Option<String> {
        // `uv pip compile` makes it as before.
        let edits: Vec<&Edit> = edits.iter().filter(|edit| !edit.new.contains("pip compile")).collect();
        let is_changed = |line: &Recipe| edits.iter().any(|edit| is_within(&edit.span, &place(line)));
        let rules = self.makefile.rules.iter().filter(|rule| rule.recipe.iter().any(is_changed));
        let makes_file = |rule: &&Rule| {
            let mut names = rule.targets.iter().filter_map(|target| self.text.get(target.clone()));
            names.any(|name| name.starts_with(['%', '$']) || now(self.folder, name, self.context).is_some())
        };
        for rule in rules.filter(makes_file).take(MAX_COMPILED) {
            for target in rule.targets.iter().filter_map(|target| self.text.get(target.clone())) {
                let target = self.expanded(target);
                let suffix = target.strip_prefix('%').filter(|suffix| has_ending(suffix, "txt"));
                let is_it = |word: &str| match suffix {
                    Some(suffix) => word.ends_with(suffix),
                    None => word.trim_start_matches("./") == target,
                };
                if suffix.is_none() && now(self.folder, &target, self.context).is_none() {
                    continue;
                }
                let others = self.makefile.rules.iter().filter(|other| !std::ptr::eq(*other, rule));
                let uses = |other: &Rule| {
                    let lines = other.recipe.iter().filter(|line| !is_changed(line)).map(|line| &line.span);
                    let words = other.prerequisites.iter().chain(lines);
                    let mut words = words.filter_map(|words| self.text.get(words.clone()));
                    words.any(|words| self.expanded(words).split_whitespace().any(is_it))
                };
                if others.filter(|other| !other.recipe.is_empty() || !is_phony(self.text, other)).any(uses) {
                    return Some(format!("`{target}` is not made any more, and other targets use it"));
                }
            }
        }
        None
    }

    /// A text with the values of variables in it, as far as they are known.
    fn expanded(&self, words: &str) -> String {
        let mut words = words.to_owned();
        for _ in 0..MAX_DEPTH {
            let mut next = String::new();
            let mut rest = words.as_str();
            while let Some((before, behind)) = rest.split_once('$') {
                next.push_str(before);
                let end = behind.find([')', '}']).map_or(0, |end| end + 1);
                let (reference, after) = behind.split_at_checked(end).unwrap_or(("", behind));
                let name = reference.trim_matches(['(', ')', '{', '}']);
                let value = recipe::value(self.text, self.makefile, name).filter(|_| end > 0);
                if let Some(value) = value {
                    next.push_str(&value);
                } else {
                    next.push('$');
                    next.push_str(reference);
                }
                rest = after;
            }
            next.push_str(rest);
            if next == words || next.len() > MAX_LENGTH {
                break;
            }
            words = next;
        }
        words
    }
}

fn is_changed_value(variable: &Variable, edits: &[Edit]) -> bool {
    edits.iter().any(|edit| edit.safety == Safety::Safe && is_within(&edit.span, &variable.value))
}

fn place(line: &Recipe) -> Range<usize> {
    line.line.clone().unwrap_or(line.span.clone())
}

fn is_within(span: &Range<usize>, place: &Range<usize>) -> bool {
    span.start >= place.start && span.end <= place.end
}

/// Whether an edit takes all of a script away.
fn is_whole(edit: &Edit, script: &crate::targets::Script) -> bool {
    edit.new.is_empty() && edit.span == script.place
}

fn has_ending(path: &str, ending: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, found)| found == ending)
}

fn is_phony(text: &str, rule: &Rule) -> bool {
    rule.targets.iter().filter_map(|target| text.get(target.clone())).any(super::is_special)
}

/// The environment that a program is of: `venv` for `venv/bin/pip`.
fn environment(word: &str) -> Option<&str> {
    let word = word.trim_start_matches(['@', '-', '+', '"', '\'']);
    let (root, program) = word.rsplit_once("/bin/").or_else(|| word.rsplit_once("/Scripts/"))?;
    let is_system = matches!(root, "" | "/usr" | "/usr/local") || program.starts_with("activate");
    (!is_system && !root.contains('=') && !root.contains("node_modules")).then_some(root)
}

/// A script of the project, or a program nobody knows.
fn unknown_program(script: &str, command: &Command, base: &Scope) -> Option<String> {
    let Some(invocation) = Invocation::of(script, command, base) else {
        let raw = command.words.first()?.raw(script);
        let name = raw.trim_matches(['"', '$', '{', '}']);
        return (raw.contains('$') && !OTHER_PROGRAMS.contains(&name)).then(|| name.to_owned());
    };
    if let Via::Path(folder) = &invocation.via {
        let is_other = folder.starts_with('/') || folder.contains("node_modules") || folder.contains("bin");
        return (!is_other).then(|| format!("{}/{}", folder.trim_end_matches('/'), invocation.program));
    }
    if has_ending(&invocation.program, "sh") {
        return Some(invocation.program);
    }
    let is_shell = matches!(invocation.program.as_str(), "sh" | "bash" | "zsh" | "dash" | "." | "source");
    let argument = invocation.args.first().and_then(crate::shell::Word::literal);
    argument.filter(|argument| is_shell && !argument.starts_with('-'))
}
