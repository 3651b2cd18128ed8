//! The scripts of a job through the engine, in the order in which they run.

use uvshift_diagnostics::{Diagnostic, Safety, Span};

use super::File;
use super::job::Home;
use super::step::{Kind, Step};
use crate::codes;
use crate::context::joined;
use crate::engine::{Environment, Outcome, Scope, rewrite_script};
use crate::invocation::Invocation;
use crate::model::Edit;
use crate::pipeline::{WINDOWS, by_lines, is_opaque, mentions_uv, set_variables, unsure};
use crate::plan::apply;
use crate::rules::{build_is_taken_over, setup_py_stays};
use crate::shell;
use crate::yaml::{Node, Script};

/// What becomes of the script of a step.
pub(super) struct Done<'y> {
    /// The step, by its place in the job.
    pub(super) at: usize,
    pub(super) step: Step<'y>,
    pub(super) script: Script,
    pub(super) outcome: Outcome,
    /// The script with every edit made.
    pub(super) after: String,
}

/// What becomes of the scripts of a job.
pub(super) struct Run<'y> {
    pub(super) done: Vec<Done<'y>>,
    /// What is known in the end.
    pub(super) scope: Scope,
    /// The folders of the scripts that use uv, in order.
    pub(super) folders: Vec<String>,
    /// Whether a script installs uv itself.
    pub(super) installs_uv: bool,
    /// Whether a command stays that has to do with pip or its kin.
    pub(super) has_left: bool,
}

/// How a script is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Shell,
    /// PowerShell or cmd: only what is the same in a shell.
    Windows,
    /// Python and whatever else.
    Other,
}

/// Rules whose commands need nothing of the environment and leave nothing in it.
const APART: &[&str] = &["twine", "build", "pip-cache", "pip-list", "pip-freeze", "pip-check", "pip-show"];

/// Words of commands that stay and that have to do with an environment of their own.
const ENVIRONMENT: &[&str] =
    &["install", "sync", "develop", "update", "poetry", "pdm ", "pipenv", "rye ", "conda", "mamba"];

/// Goes through the scripts of a job. `active`: setup-uv has put the environment on `PATH`.
pub(super) fn run<'y>(file: &File<'y>, home: Home<'y>, steps: &[Step<'y>], active: bool) -> Run<'y> {
    let mut scope = Scope {
        has_uv: steps.iter().any(|step| step.kind == Kind::SetupUv),
        host_brings_uv: true,
        // setup-uv puts the folder of its tools on `PATH`.
        finds_tools: true,
        runs_setup_py: steps
            .iter()
            .filter_map(|step| step.text("run"))
            .any(|script| setup_py_stays(script, &Scope::default())),
        builds: build_is_taken_over(steps.iter().filter_map(|step| step.text("run"))),
        environment: if active { Environment::Active } else { Environment::System },
        ..Scope::at_root()
    };
    let places = [file.root.get("env"), home.node().get("env"), home.node().at(&["container", "env"])];
    for mapping in places {
        set_variables(&mut scope, mapping);
    }
    let (mut done, mut folders) = (Vec::new(), Vec::new());
    for (at, step) in steps.iter().enumerate() {
        if matches!(step.kind, Kind::Local | Kind::OtherPython(_)) {
            // What that action sets up is not seen from here.
            scope.tentative = true;
        }
        let Some(entry) = step.node.entry("run").filter(|_| step.kind == Kind::Run) else { continue };
        let node = entry.value;
        // A script that stands elsewhere belongs to other jobs, too.
        scope.tentative |= node.is_alias();
        let Some(script) = node.script() else { continue };
        let before = scope.clone();
        set_variables(&mut scope, step.node.get("env"));
        scope.folder = folder(file, home, step);
        scope.script_folder = None;
        let outcome = match language(file, home, step) {
            Language::Shell => rewrite_script(script.text(), &mut scope, file.context),
            Language::Windows => by_lines(script.text(), &mut scope, file.context),
            Language::Other => Outcome::default(),
        };
        after_step(&mut scope, &before, step);
        put_on_path(&mut scope, script.text());
        scope.set_by_file(script.text());
        if outcome.uses_uv {
            folders.extend(folder(file, home, step));
        }
        let after = apply(script.text(), &outcome.edits).unwrap_or_else(|| script.text().to_owned());
        done.push(Done { at, step: *step, script, outcome, after });
    }
    if done.iter().any(|done: &Done<'_>| may_run_pip(&done.after)) {
        done.iter_mut().for_each(seed);
    }
    let installs_uv = done.iter().any(|done: &Done<'_>| done.after.contains("astral.sh/uv"));
    let has_left = done.iter().any(|done| !done.outcome.left.is_empty());
    Run { done, scope, folders, installs_uv, has_left }
}

/// `echo "$PWD/.venv/bin" >> "$GITHUB_PATH"`: the programs of the environment are found from here on.
fn put_on_path(scope: &mut Scope, script: &str) {
    let mut lines = script.lines().filter(|line| line.contains("GITHUB_PATH"));
    let is_environment = |line: &str| line.contains(".venv/bin") || line.contains("VIRTUAL_ENV");
    if scope.own_environment.is_none()
        && scope.environment != Environment::System
        && lines.any(is_environment)
    {
        scope.environment = Environment::Active;
    }
}

/// Whether a script runs a program that may run pip where nobody sees it.
fn may_run_pip(script: &str) -> bool {
    let scope = Scope::default();
    let commands = shell::parse(script).commands;
    commands.iter().any(|command| {
        let found = Invocation::of(script, command, &scope);
        found.is_some_and(|found| found.program == "pip" || is_opaque(&found.program))
    })
}

/// An environment in which pip may be run has one.
fn seed(done: &mut Done<'_>) {
    for edit in done.outcome.edits.iter_mut().filter(|edit| edit.rule == "venv") {
        if !edit.new.contains("--seed") {
            edit.new = edit.new.replacen("uv venv", "uv venv --seed", 1);
            "pip may be run in the environment, which `--seed` puts into it".clone_into(&mut edit.reason);
        }
    }
    let text = done.script.text();
    done.after = apply(text, &done.outcome.edits).unwrap_or_else(|| text.to_owned());
}

/// Each step has a shell of its own: activation, `cd` and variables do not last. What may not have run is joined with what
/// was known before.
fn after_step(scope: &mut Scope, before: &Scope, step: &Step<'_>) {
    if scope.environment == Environment::Active && before.environment != Environment::Active {
        scope.environment = if scope.synced.is_some() { Environment::Uv } else { before.environment };
    }
    scope.folder.clone_from(&before.folder);
    scope.programs.clone_from(&before.programs);
    scope.settings.clone_from(&before.settings);
    if step.is_conditional() {
        unsure(scope, before);
    }
}

/// The folder that a step runs in, from the root; none when it is not known.
fn folder(file: &File<'_>, home: Home<'_>, step: &Step<'_>) -> Option<String> {
    let said = step.node.get("working-directory").or_else(|| home.default(file, "working-directory"));
    let Some(said) = said.and_then(Node::as_str) else { return Some(String::new()) };
    let said = said.strip_prefix("${{ github.workspace }}").map_or(said, |rest| rest.trim_start_matches('/'));
    if said.contains("${{") { None } else { joined("", said) }
}

fn language(file: &File<'_>, home: Home<'_>, step: &Step<'_>) -> Language {
    let said = step.node.get("shell").or_else(|| home.default(file, "shell")).and_then(Node::as_str);
    match said.and_then(|shell| shell.split_whitespace().next()) {
        Some("bash" | "sh") => Language::Shell,
        Some("pwsh" | "powershell" | "cmd") => Language::Windows,
        Some(other) if other.contains("${{") => Language::Windows,
        Some(_) => Language::Other,
        None if home.may_be_windows() => Language::Windows,
        None => Language::Shell,
    }
}

/// Whether a command needs nothing of the environment and leaves nothing in it.
fn is_apart(edit: &Edit) -> bool {
    APART.contains(&edit.rule) || edit.new.starts_with("uv publish")
}

impl<'y> Run<'y> {
    /// Whether anything uses uv, then.
    pub(super) fn uses_uv(&self) -> bool {
        self.done.iter().any(|done| done.outcome.uses_uv)
    }

    /// The first step that uses uv, then.
    pub(super) fn first_use(&self) -> Option<usize> {
        self.done.iter().find(|done| mentions_uv(&done.after)).map(|done| done.at)
    }

    /// Whether something is still installed in another way, into an environment that uv does not see.
    pub(super) fn still_installs(&self) -> bool {
        self.done.iter().any(|done| {
            let text = done.script.text();
            let mut left = done.outcome.left.iter().filter_map(|left| text.get(left.span.clone()));
            left.any(|command| ENVIRONMENT.iter().any(|word| command.contains(word)))
        })
    }

    /// Whether every edit that is not safe could be left out without the others going wrong.
    pub(super) fn holds_without_review(&self) -> bool {
        let mut edits =
            self.done.iter().flat_map(|done| done.outcome.edits.iter().map(move |edit| (done, edit)));
        !self.scope.tentative
            && edits
                .all(|(done, edit)| edit.safety == Safety::Safe || (is_apart(edit) && self.finds(done, edit)))
    }

    /// Whether a program that stays is found where it is now: twine, once it is installed in another way.
    fn finds(&self, done: &Done<'y>, edit: &Edit) -> bool {
        if edit.rule != "twine" {
            return true;
        }
        let is_named =
            done.script.text().get(edit.span.clone()).is_some_and(|text| text.starts_with("twine"));
        let is_tool = self.scope.tools.contains("twine");
        let is_moved = is_tool || self.scope.synced.is_some() || self.scope.has_additions;
        !is_moved || (is_named && is_tool) || self.scope.environment == Environment::Active
    }

    /// Whether anything moves: in a job that used uv before, what runs without it, and the way that brings it, are there on purpose.
    pub(super) fn moves(&self) -> bool {
        let mut edits = self.done.iter().flat_map(|done| &done.outcome.edits);
        edits.any(|edit| !["environment", "python", "pip-bootstrap"].contains(&edit.rule))
    }

    /// Whether a script stays as it is although the changes around it concern it.
    pub(super) fn is_blocked(&self) -> bool {
        let words = ["pip", "python", "pytest", "poetry", "pipenv"];
        self.done.iter().any(|done| {
            let is_unread = done.outcome.problem.is_some();
            let is_about = || words.iter().any(|word| done.script.text().contains(word));
            (is_unread && is_about()) || done.outcome.left.iter().any(|left| left.reason == WINDOWS)
        })
    }

    /// The programs that run when every safe edit is made, in some of the scripts.
    pub(super) fn programs(&self, wanted: impl Fn(&Done<'y>) -> bool) -> Vec<String> {
        let mut programs = Vec::new();
        let holds = self.holds_without_review();
        for done in self.done.iter().filter(|done| wanted(done)) {
            let safe: Vec<Edit> =
                done.outcome.edits.iter().filter(|edit| edit.safety == Safety::Safe).cloned().collect();
            let after = if holds { apply(done.script.text(), &safe) } else { Some(done.after.clone()) };
            let after = after.unwrap_or_default();
            let scope = Scope::default();
            for command in shell::parse(&after).commands {
                if let Some(found) = Invocation::of(&after, &command, &scope) {
                    programs.push(found.program);
                }
                let first = command.words.first().and_then(shell::Word::literal);
                programs.extend(first);
            }
        }
        programs
    }

    /// Whether a program is still run.
    pub(super) fn runs(&self, program: &str) -> bool {
        self.programs(|_| true).iter().any(|found| found == program)
    }

    /// Adds what becomes of the scripts.
    pub(super) fn finish(&self, file: &mut File<'y>, home: Home<'y>) {
        let apart = self.holds_without_review();
        for done in &self.done {
            file.found.left.extend(done.script.left(done.outcome.left.clone()));
            if let Some(problem) = &done.outcome.problem {
                let at = done.script.place(&(problem.at..problem.at)).start;
                let message = format!("this script cannot be read to its end: {}", problem.message);
                let told = Diagnostic::warning(codes::SCRIPT_UNREADABLE, message).at(Span::new(at, at));
                file.found.diagnostics.push(told);
            }
            if done.outcome.edits.is_empty() {
                continue;
            }
            let group = file.group;
            if done.outcome.is_empty && drop_step(done, file, home) {
                continue;
            }
            let edits = done.script.edits(done.outcome.edits.clone());
            // A script that is written anew as a whole has everything in one edit.
            let is_whole = edits.len() != done.outcome.edits.len();
            let together = |edit: Edit| {
                let is_apart = apart && !is_whole && edit.safety != Safety::Safe;
                Edit { together: if is_apart { 0 } else { group }, ..edit }
            };
            file.found.edits.extend(edits.into_iter().map(together));
        }
    }
}

/// Nothing is left of a step; whether it could go.
fn drop_step<'y>(done: &Done<'y>, file: &mut File<'y>, home: Home<'y>) -> bool {
    let is_named = done.step.text("id").is_some_and(|id| home.node().raw().contains(&format!("steps.{id}.")));
    let Some(change) = done.step.node.without_item().filter(|_| !is_named) else { return false };
    let Some(first) = done.outcome.edits.first() else { return false };
    let is_safe = done.outcome.edits.iter().all(|edit| edit.safety == Safety::Safe);
    let safety = if is_safe { Safety::Safe } else { Safety::NeedsReview };
    let mut reasons: Vec<&str> = done.outcome.edits.iter().map(|edit| edit.reason.as_str()).collect();
    reasons.dedup();
    file.found.edits.push(change.edit(first.rule, reasons.join("; "), safety, file.group));
    true
}
