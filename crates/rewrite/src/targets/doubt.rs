//! What changed recipes may not fit, in a Makefile as in a justfile: then a person looks at all of them.

use std::ops::Range;

use uvshift_diagnostics::Safety;

use super::{Script, Target};
use crate::engine::{Environment, Scope};
use crate::invocation::{Invocation, Via};
use crate::model::{Edit, Rewritten};
use crate::shell::{Command, parse};

/// How far needs are followed.
const MAX_DEPTH: usize = 6;

/// How many needs of a target are looked at.
const MAX_NEEDS: usize = 200;

/// Variables of make for programs that have nothing to do with Python.
const OTHER_PROGRAMS: [&str; 8] = ["MAKE", "RM", "CC", "CXX", "AR", "DOCKER", "DOCKER_COMPOSE", "COMPOSE"];

/// Programs that run what their arguments name.
const RUNNERS: [&str; 5] = ["find", "nohup", "parallel", "watch", "xargs"];

/// Commands of uv that use the environment of the project, or one of their own.
const USES_ENVIRONMENT: [&str; 4] = ["uv sync", "uv run", "uv pip install", "uv tool"];

/// What says which environment that is.
const NAMES_ENVIRONMENT: [&str; 3] = ["UV_PROJECT_ENVIRONMENT", "--active", "--python"];

/// A file of recipes.
pub(crate) struct Doubts<'a> {
    pub(crate) text: &'a str,
    pub(crate) targets: &'a [Target],
    /// What is known at the start of each recipe.
    pub(crate) base: &'a Scope,
    /// The value of a variable of the file, as a shell reads it.
    pub(crate) value: &'a dyn Fn(&str) -> Option<String>,
    /// Where that value stands in the file.
    pub(crate) place: &'a dyn Fn(&str) -> Option<Range<usize>>,
    /// A text of the file with the values of variables in it, as far as they are known.
    pub(crate) expanded: &'a dyn Fn(&str) -> String,
}

/// Makes all changes ones for review.
pub(crate) fn hold(doubt: &str, found: &mut Rewritten) {
    for edit in &mut found.edits {
        edit.safety = Safety::NeedsReview;
        edit.reason = format!("{}; {doubt}", edit.reason);
    }
}

/// Whether a span lies in a place.
pub(crate) fn is_within(span: &Range<usize>, place: &Range<usize>) -> bool {
    span.start >= place.start && span.end <= place.end
}

impl Doubts<'_> {
    /// The first doubt about these changes.
    pub(crate) fn first(&self, edits: &[Edit]) -> Option<String> {
        self.other_environment(edits).or_else(|| self.unread_program(edits))
    }

    /// A command of an environment that uv would not use.
    fn other_environment(&self, edits: &[Edit]) -> Option<String> {
        let has = |edit: &&Edit, parts: &[&str]| parts.iter().any(|part| edit.new.contains(part));
        let changed = edits.iter().filter(|edit| has(edit, &USES_ENVIRONMENT));
        for edit in changed.filter(|edit| !has(edit, &NAMES_ENVIRONMENT)) {
            let line = (self.expanded)(self.text.get(edit.span.clone()).unwrap_or_default());
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
    fn unread_program(&self, edits: &[Edit]) -> Option<String> {
        if self.base.environment == Environment::Active {
            return None;
        }
        let mut moved: Vec<bool> = self.targets.iter().map(|target| self.moves(target, edits)).collect();
        for _ in 0..MAX_DEPTH {
            let reaches = |(index, target): (usize, &Target)| {
                let is_moved = |at: &usize| moved.get(*at).copied().unwrap_or(false);
                is_moved(&index) || target.needs.iter().take(MAX_NEEDS).any(is_moved)
            };
            moved = self.targets.iter().enumerate().map(reaches).collect();
        }
        let reached = self.targets.iter().zip(&moved).filter(|(_, moved)| **moved).map(|(target, _)| target);
        reached.flat_map(|target| &target.scripts).find_map(|script| self.unread_in(script, edits))
    }

    /// Such a program in one script.
    fn unread_in(&self, script: &Script, edits: &[Edit]) -> Option<String> {
        let content = script.content.text();
        if content.contains("/activate") {
            return None;
        }
        let here: Vec<&Edit> = edits.iter().filter(|edit| is_within(&edit.span, &script.place)).collect();
        for command in &parse(content).commands {
            let program = match self.held(content, command) {
                Some(variable) if self.is_changed_value(&variable, edits) => continue,
                Some(variable) => self.held_program(&variable),
                None => unknown_program(content, command, self.base),
            };
            let Some(program) = program else { continue };
            let Some(program) = self.shown(program, &script.place) else { continue };
            let name = program.rsplit('/').next().unwrap_or(&program);
            let is_changed = here.iter().any(|edit| edit.new.contains(name) || is_whole(edit, script));
            if !is_changed {
                return Some(format!("`{program}` may run a Python that has nothing of `.venv`"));
            }
        }
        None
    }

    /// The variable with a command of several words that a command begins with.
    fn held(&self, script: &str, command: &Command) -> Option<String> {
        let name = command.words.first()?.raw(script).strip_prefix("${")?.strip_suffix('}')?;
        (self.value)(name)?.contains(' ').then(|| name.to_owned())
    }

    fn is_changed_value(&self, variable: &str, edits: &[Edit]) -> bool {
        let Some(place) = (self.place)(variable) else { return false };
        edits.iter().any(|edit| edit.safety == Safety::Safe && is_within(&edit.span, &place))
    }

    /// The program of a command that a variable holds, when it may run Python.
    fn held_program(&self, variable: &str) -> Option<String> {
        let value = (self.value)(variable)?;
        let parsed = parse(&value);
        let command = parsed.commands.first()?;
        let program = Invocation::of(&value, command, self.base).map(|invocation| invocation.program);
        program
            .filter(|program| program == "python" || crate::data::is_of_environment(program))
            .or_else(|| unknown_program(&value, command, self.base))
            .map(|_| variable.to_owned())
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

    /// Whether a target installed with pip into the Python that programs find, and does not any more.
    fn moves(&self, target: &Target, edits: &[Edit]) -> bool {
        let is_sync =
            |edit: &&Edit| edit.new.contains("uv sync") && !edit.new.contains("UV_PROJECT_ENVIRONMENT");
        edits.iter().filter(is_sync).any(|edit| {
            let script = target.scripts.iter().find(|script| is_within(&edit.span, &script.place));
            let line = script.and_then(|script| self.text.get(script.place.clone()));
            line.map(self.expanded).is_some_and(|line| {
                (line.contains("pip") || line.contains("setup.py"))
                    && !line.contains("pipenv")
                    && !line.contains("bin/")
            })
        })
    }
}

/// Whether an edit takes all of a script away.
fn is_whole(edit: &Edit, script: &Script) -> bool {
    edit.new.is_empty() && edit.span == script.place
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
    if invocation.program.rsplit_once('.').is_some_and(|(_, ending)| ending == "sh") {
        return Some(invocation.program);
    }
    if RUNNERS.contains(&invocation.program.as_str()) {
        let of_environment =
            |name: &String| crate::data::is_of_environment(name) || name.starts_with("python");
        let mut words = invocation.args.iter().filter_map(crate::shell::Word::literal);
        return words.any(|word| of_environment(&word)).then_some(invocation.program);
    }
    let is_shell = matches!(invocation.program.as_str(), "sh" | "bash" | "zsh" | "dash" | "." | "source");
    let argument = invocation.args.first().and_then(crate::shell::Word::literal);
    argument.filter(|argument| is_shell && !argument.starts_with('-'))
}
