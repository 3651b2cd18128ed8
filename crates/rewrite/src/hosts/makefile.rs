//! Makefiles: the commands of recipes, and the old files that targets depend on.

mod read;
mod recipe;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use uvshift_diagnostics::{Diagnostic, Safety, Span};

use crate::codes;
use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::hosts::{Host, Kind};
use crate::model::{Edit, RewriteOptions, Rewritten};
use crate::references::Referring;
use crate::script;
use read::{Makefile, Rule, read};

/// The host.
pub(crate) const HOST: Host = Host {
    name: "makefile",
    title: "Makefiles",
    kind: Kind::Edited,
    is: |path, _| is_makefile(path),
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

/// How far prerequisites are followed.
const MAX_DEPTH: usize = 40;

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
        return found;
    }
    let base = base(text, folder, &makefile);
    let first = Walk::new(text, &makefile, context, base.clone()).all();
    let mut walk = Walk::new(text, &makefile, context, base);
    if walk.base.environment == Environment::System && first.ends.values().any(|end| end.synced.is_some()) {
        walk.base.environment = Environment::Uv;
    }
    let walk = walk.all();
    let mut found = walk.found;
    prerequisites(text, folder, &makefile, context, &mut found);
    tell_defines(text, &makefile, &mut found);
    unused(text, &makefile, &mut found);
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
    let programs = names.into_iter().take(200).filter_map(|name| {
        let value = recipe::value(text, makefile, name)?;
        (!value.is_empty() && value.len() < 200).then(|| (name.to_owned(), value))
    });
    let programs: BTreeMap<String, String> = programs.collect();
    let on_path = |variable: &&read::Variable| {
        let value = text.get(variable.value.clone()).unwrap_or_default();
        let venv = programs.get("VENV").map(String::as_str);
        variable.name == "PATH"
            && (value.contains(".venv/bin") || value.contains("VENV)/bin") && venv == Some(".venv"))
    };
    let is_active = makefile.variables.iter().find(on_path).is_some();
    Scope {
        environment: if is_active { Environment::Active } else { Environment::System },
        folder: Some(folder.to_owned()),
        script_folder: Some(folder.to_owned()),
        programs,
        has_uv: true,
        host_brings_uv: true,
        ..Scope::default()
    }
}

/// From target to target, each after those that it needs.
struct Walk<'a> {
    text: &'a str,
    makefile: &'a Makefile,
    context: &'a Context,
    base: Scope,
    shells: BTreeSet<&'a str>,
    /// The rules of a target.
    targets: BTreeMap<&'a str, Vec<usize>>,
    /// What is known after a rule, by its number.
    ends: BTreeMap<usize, Scope>,
    found: Rewritten,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str, makefile: &'a Makefile, context: &'a Context, base: Scope) -> Self {
        let mut targets: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, rule) in makefile.rules.iter().enumerate() {
            for target in rule.targets.iter().filter_map(|target| text.get(target.clone())) {
                if !target.starts_with('.') || target.contains('/') {
                    targets.entry(target).or_default().push(index);
                }
            }
        }
        let shells = recipe::shell_variables(text);
        Self {
            text,
            makefile,
            context,
            base,
            shells,
            targets,
            ends: BTreeMap::new(),
            found: Rewritten::default(),
        }
    }

    fn all(mut self) -> Self {
        for index in 0..self.makefile.rules.len() {
            self.rule(index, 0);
        }
        self
    }

    /// Rewrites a rule that has not been looked at.
    fn rule(&mut self, index: usize, depth: usize) {
        let Some(rule) = self.makefile.rules.get(index) else { return };
        if depth > MAX_DEPTH || self.ends.contains_key(&index) {
            return;
        }
        // A rule that needs itself finds this.
        self.ends.insert(index, self.base.clone());
        let mut scope = self.base.clone();
        for needed in self.needed(rule, index) {
            self.rule(needed, depth + 1);
            if let Some(end) = self.ends.get(&needed) {
                join(&mut scope, end);
            }
        }
        if self.makefile.one_shell {
            if let Some((script, place)) = recipe::whole(self.text, rule, &self.shells) {
                self.script(&script, place, &mut scope);
            }
        } else {
            for line in &rule.recipe {
                let script = recipe::script(self.text, rule, line, &self.shells);
                self.script(&script, line.line.clone().unwrap_or(line.span.clone()), &mut scope);
            }
        }
        self.ends.insert(index, scope);
    }

    /// The rules that a rule needs: those of its prerequisites, and others of its own targets.
    fn needed(&self, rule: &Rule, index: usize) -> Vec<usize> {
        let words = rule.prerequisites.iter().chain(&rule.targets);
        let named = words.filter_map(|word| self.targets.get(self.text.get(word.clone())?));
        named.flatten().copied().filter(|needed| *needed != index).take(200).collect()
    }

    /// Rewrites a script, after which the shell is gone. A line that has nothing left goes.
    fn script(&mut self, script: &Referring, place: Range<usize>, scope: &mut Scope) {
        let start = self.found.edits.len();
        let mut inner = scope.clone();
        let done = script.rewrite(&mut inner, self.context, &mut self.found);
        if done.changed && done.after.trim().is_empty() && place.end <= self.text.len() {
            let edits: Vec<Edit> = self.found.edits.drain(start..).collect();
            if let Some(first) = edits.first() {
                let is_safe = edits.iter().all(|edit| edit.safety == Safety::Safe);
                let safety = if is_safe { Safety::Safe } else { Safety::NeedsReview };
                self.found.edits.push(Edit { span: place, new: String::new(), safety, ..first.clone() });
            }
        }
        let is_synced = inner.synced.is_some();
        let environment = match inner.environment {
            Environment::Active if scope.environment != Environment::Active && is_synced => Environment::Uv,
            Environment::Active => scope.environment,
            other => other,
        };
        let (folder, programs) = (self.base.folder.clone(), self.base.programs.clone());
        *scope = Scope { environment, folder, programs, ..inner };
    }
}

/// What a target leaves is there for those that need it.
fn join(scope: &mut Scope, end: &Scope) {
    if end.environment == Environment::Uv && scope.environment == Environment::System {
        scope.environment = Environment::Uv;
    }
    if let Some(synced) = &end.synced {
        scope.synced.get_or_insert_default().join(synced);
    }
    scope.has_additions |= end.has_additions;
    scope.tentative |= end.tentative;
    if scope.own_environment.is_none() {
        scope.own_environment.clone_from(&end.own_environment);
    }
}

/// Targets that depend on files which are part of pyproject.toml now.
fn prerequisites(text: &str, folder: &str, makefile: &Makefile, context: &Context, found: &mut Rewritten) {
    let name = |word: &Range<usize>| text.get(word.clone()).unwrap_or_default();
    let made: BTreeSet<&str> = makefile.rules.iter().flat_map(|rule| &rule.targets).map(name).collect();
    let Some(project) = context.project(folder) else { return };
    let below = folder.strip_prefix(project.folder.as_str()).unwrap_or_default().trim_matches('/');
    let up = if below.is_empty() { String::new() } else { "../".repeat(below.split('/').count()) };
    let lock = if project.locked { format!(" {up}uv.lock") } else { String::new() };
    for rule in &makefile.rules {
        let is_target =
            rule.targets.iter().any(|target| name(target).starts_with('.') && !name(target).contains('/'));
        let old: Vec<&Range<usize>> =
            rule.prerequisites.iter().filter(|word| context.became(folder, name(word)).is_some()).collect();
        if is_target || old.is_empty() {
            continue;
        }
        if let Some(made) = old.iter().find(|word| made.contains(name(word))) {
            found.left.push(script::left(
                (*made).clone(),
                "a target makes this file, so that others can depend on it",
            ));
            continue;
        }
        let has = |wanted: &str| rule.prerequisites.iter().any(|word| name(word) == wanted);
        let together = found.edits.iter().map(|edit| edit.together).max().unwrap_or(0) + 1;
        for (index, word) in old.iter().enumerate() {
            let new = if index > 0 || has(&format!("{up}pyproject.toml")) {
                String::new()
            } else {
                format!("{up}pyproject.toml{lock}")
            };
            let before = text.get(..word.start).unwrap_or_default();
            let blank =
                if new.is_empty() { before.len() - before.trim_end_matches([' ', '\t']).len() } else { 0 };
            found.edits.push(Edit {
                span: word.start - blank..word.end,
                new,
                rule: "makefile-prerequisite",
                reason: format!("what `{}` had is in pyproject.toml", name(word)),
                safety: Safety::Safe,
                together,
            });
        }
    }
}

/// Text that is used elsewhere is not rewritten.
fn tell_defines(text: &str, makefile: &Makefile, found: &mut Rewritten) {
    for define in &makefile.defines {
        let content = text.get(define.clone()).unwrap_or_default();
        for (at, line) in content.match_indices('\n').map(|(at, _)| at + 1).chain([0]).filter_map(|at| {
            let line = content.get(at..)?.lines().next()?;
            ["pip install", "pip3 install", "poetry ", "pipenv ", "virtualenv "]
                .iter()
                .any(|old| line.contains(old))
                .then_some((at, line))
        }) {
            let start = define.start + at + (line.len() - line.trim_start().len());
            let end = define.start + at + line.trim_end().len();
            found.left.push(script::left(
                start..end,
                "a `define` is text that can be used anywhere, so it is not changed",
            ));
        }
    }
}

/// Variables that held a program which no recipe runs any more.
fn unused(text: &str, makefile: &Makefile, found: &mut Rewritten) {
    let mut safe: Vec<Edit> =
        found.edits.iter().filter(|edit| edit.safety == Safety::Safe).cloned().collect();
    safe.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let Some(after) = crate::plan::apply(text, &safe).filter(|_| !safe.is_empty() && !makefile.includes)
    else {
        return;
    };
    let uses = |text: &str, name: &str| {
        text.contains(&format!("$({name})")) || text.contains(&format!("${{{name}}}"))
    };
    for variable in
        makefile.variables.iter().take(200).filter(|variable| !variable.is_exported && !variable.is_local)
    {
        let value = text.get(variable.value.clone()).unwrap_or_default();
        let is_installer = value.split(['/', ' ']).any(|word| OLD.contains(&word));
        if is_installer && uses(text, &variable.name) && !uses(&after, &variable.name) {
            found.edits.push(Edit {
                span: variable.line.clone(),
                new: String::new(),
                rule: "makefile-variable",
                reason: format!("nothing uses `{}` any more", variable.name),
                safety: Safety::NeedsReview,
                together: 0,
            });
        }
    }
}

/// Programs that uv takes the place of.
const OLD: [&str; 9] =
    ["pip", "pip3", "pip-compile", "pip-sync", "poetry", "pipenv", "virtualenv", "pdm", "hatch"];
