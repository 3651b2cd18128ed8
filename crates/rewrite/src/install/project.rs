//! `pip install` in a project of uv.

use std::collections::BTreeSet;

use uvshift_diagnostics::Safety;

use super::args::{Item, render};
use super::options::{Fate, fate};
use super::target::Target;
use super::wanted::{Wanted, became, sort};
use super::{Place, quoted};
use crate::context::{Context, Selection, UvProject, distribution};
use crate::engine::{Environment, Scope, selection_flags, sync};
use crate::invocation::Invocation;
use crate::rules::Verdict;
use crate::shell::{Block, Joint};

/// What several indexes mean to uv.
pub(crate) const EXTRA_INDEX: &str =
    "uv takes a package from the first index that has it, pip the best of all";

/// What becomes of `pip install` in a project.
pub(crate) fn in_project(
    invocation: &Invocation<'_>,
    items: &[Item<'_>],
    scope: &mut Scope,
    project: &UvProject,
    context: &Context,
) -> Verdict {
    let before = scope.clone();
    let mut wanted = sort(items, project, scope, context);
    if scope.folder.is_none() {
        wanted.doubts.push("the working folder is not known, and is taken to be the root".to_owned());
    }
    let place = Place::of(invocation, scope);
    if Place::is_named(invocation, scope) {
        // Whoever installs into an environment by its path looks there for programs.
        let tools = std::mem::take(&mut wanted.tools);
        wanted.rest.extend(tools);
    }
    let limits = items.iter().filter(|item| item.is(&["-c", "--constraint"]));
    let constraints = limits.filter(|item| became(item, scope, context).is_some());
    let constraints = constraints.map(|item| item.words.start).collect();
    let mut work = Work { invocation, items, project, context, place, constraints, commands: Vec::new() };
    if items.iter().any(|item| item.is(&["-t", "--target", "--prefix"])) {
        return work.target(&wanted, scope);
    }
    let unknown_file = |item: &&Item<'_>| {
        item.is(&["-r", "--requirement"]) && item.text().is_none() && became(item, scope, context).is_none()
    };
    if let Some(item) = items.iter().find(unknown_file) {
        return Verdict::Left {
            reason: format!("which file `{}` is shows only when it runs", item.raw),
            suggestion: Some("uv sync --group NAME, or --extra NAME".to_owned()),
        };
    }
    if let Some(name) = wanted.published.as_ref().filter(|_| scope.is_fresh) {
        return Verdict::Left {
            reason: format!("the image gets what is published of `{name}`, and not the files that are here"),
            suggestion: None,
        };
    }
    if let Some(selection) = wanted.selection.clone() {
        work.sync(&selection, &mut wanted, scope);
    }
    if !wanted.tools.is_empty() {
        work.tools(&mut wanted, scope);
    }
    if !wanted.rest.is_empty() {
        work.rest(&mut wanted, scope);
    }
    scope.has_uv = true;
    let verdict = work.verdict(&wanted, scope.is_fresh);
    if matches!(verdict, Verdict::Left { .. }) {
        *scope = before;
    }
    verdict
}

/// What is put together for one command.
struct Work<'a> {
    invocation: &'a Invocation<'a>,
    items: &'a [Item<'a>],
    project: &'a UvProject,
    context: &'a Context,
    place: Place,
    /// The words of `-c` whose limits the project has, by index.
    constraints: BTreeSet<usize>,
    commands: Vec<String>,
}

impl Work<'_> {
    fn has(&self, names: &[&str]) -> bool {
        self.items.iter().any(|item| item.is(names))
    }

    fn sync(&mut self, selection: &Selection, wanted: &mut Wanted, scope: &mut Scope) {
        let holds = |synced: Option<&Selection>| synced.is_some_and(|synced| synced.covers(selection));
        // A host that forgets what was synced need not know that there are two of them.
        let lacks_project = scope.without_project && wanted.itself && self.project.is_package;
        let within = self.within(scope);
        let is_same = scope.certain_in == within;
        let is_there =
            is_same && holds(scope.certain.as_ref()) && holds(scope.synced.as_ref()) && !lacks_project;
        if is_there && !self.has(&["--force-reinstall", "-I", "--ignore-installed"]) {
            wanted.notes.insert("the `uv sync` before has installed it".to_owned());
            return;
        }
        if self.has(&["--no-deps"]) && !self.has(&["-r", "--requirement"]) && scope.synced.is_none() {
            wanted.doubts.push("`uv sync` installs dependencies, too".to_owned());
        }
        if !is_same && scope.synced.as_ref().is_some_and(|synced| !selection.covers(synced)) {
            wanted.doubts.push("what another environment has goes into this one, too".to_owned());
        }
        let is_own = scope.environment == Environment::Active || matches!(self.place, Place::Folder(_));
        if scope.runs_setup_py && !is_own {
            wanted
                .doubts
                .push("`python setup.py` is still run, with a Python that has nothing of `.venv`".to_owned());
        }
        let before = scope.clone();
        let mut command = sync(scope, self.project, selection);
        if matches!(self.place, Place::Folder(_)) {
            // Programs without a path are found where they were.
            scope.environment = before.environment;
        }
        scope.without_project &= !wanted.itself;
        scope.certain_in = within;
        if self.has(&["--dry-run"]) {
            *scope = before;
        }
        let flags = self.sync_flags(&mut wanted.doubts);
        for flag in flags {
            command.push(' ');
            command.push_str(&flag);
        }
        match &self.place {
            Place::Folder(folder) => {
                if !folder.starts_with(['/', '$', '~'])
                    && scope.folder.as_deref() != Some(&self.project.folder)
                {
                    wanted.doubts.push("the environment is looked for beside pyproject.toml".to_owned());
                }
                let env = if self.invocation.wrappers.is_empty() { "" } else { "env " };
                command = format!("{env}UV_PROJECT_ENVIRONMENT={} {command}", quoted(folder));
            }
            Place::Python(python) => command = format!("{command} --python {python}"),
            Place::Found if scope.environment == Environment::Active && scope.own_environment.is_some() => {
                command.push_str(" --active");
            }
            Place::Found | Place::System => {}
        }
        self.commands.push(command);
    }

    /// The environment that the command installs into, as [`Scope::certain_in`] has it.
    fn within(&self, scope: &Scope) -> String {
        match &self.place {
            Place::Folder(folder) => folder.clone(),
            Place::Python(python) => format!("python {python}"),
            Place::Found | Place::System => scope.active_in(),
        }
    }

    /// Options of pip as `uv sync` takes them.
    fn sync_flags(&self, doubts: &mut Vec<String>) -> BTreeSet<String> {
        let mut flags = BTreeSet::new();
        for item in self.items {
            let value = item.raw;
            match item.name.as_str() {
                "--force-reinstall" | "-I" | "--ignore-installed" => flags.insert("--reinstall".to_owned()),
                "--no-cache-dir" | "--no-cache" => flags.insert("--no-cache".to_owned()),
                "-q" | "--quiet" => flags.insert("--quiet".to_owned()),
                "-v" | "--verbose" => flags.insert("--verbose".to_owned()),
                "--trusted-host" => flags.insert(format!("--allow-insecure-host {value}")),
                "--no-build-isolation" | "--dry-run" => {
                    if self.project.is_package && item.name == "--no-build-isolation" {
                        doubts.push("what builds the project has to be in the environment before".to_owned());
                    }
                    flags.insert(item.name.clone())
                }
                "-C" | "--config-settings" | "--config-setting" => {
                    flags.insert(format!("--config-setting {value}"))
                }
                "--python" | "--cache-dir" => flags.insert(format!("{} {value}", item.name)),
                "--compile" => flags.insert("--compile-bytecode".to_owned()),
                "--only-binary" if value == ":all:" => {
                    if self.project.is_package {
                        doubts.push("the project itself has to be built".to_owned());
                    }
                    flags.insert("--no-build".to_owned())
                }
                "--no-binary" if value == ":all:" => flags.insert("--no-binary".to_owned()),
                "--only-binary" | "--no-binary" => {
                    let name =
                        if item.name == "--no-binary" { "--no-binary-package" } else { "--no-build-package" };
                    flags.extend(value.split(',').map(|package| format!("{name} {package}")));
                    false
                }
                "-i" | "--index-url" | "--extra-index-url" | "-f" | "--find-links" | "--no-index"
                | "--pre" | "--prefer-binary" => {
                    doubts.push(format!("`{}` is not given on: uv.lock decides", item.name));
                    false
                }
                "-c" | "--constraint" if self.still_file(item) => {
                    doubts.push(format!("the constraints of `{value}` do not count: uv.lock decides"));
                    false
                }
                _ => false,
            };
        }
        flags
    }

    /// Whether a file of constraints is one still.
    fn still_file(&self, item: &Item<'_>) -> bool {
        !self.constraints.contains(&item.words.start)
    }

    fn tools(&mut self, wanted: &mut Wanted, scope: &mut Scope) {
        if !scope.finds_tools {
            wanted.doubts.push(
                "`uv tool install` puts programs into `~/.local/bin`, which has to be on `PATH`".to_owned(),
            );
        }
        wanted
            .notes
            .insert("a program that needs nothing of the project is installed apart from it".to_owned());
        let tools: Vec<&Item<'_>> = wanted.tools.iter().filter_map(|index| self.items.get(*index)).collect();
        scope.tools.extend(tools.iter().filter_map(|item| item.text()).map(|name| distribution(&name)));
        self.commands.extend(tools.iter().map(|item| format!("uv tool install {}", item.raw)));
    }

    fn rest(&mut self, wanted: &mut Wanted, scope: &mut Scope) {
        let alone = scope.synced.is_none() && scope.environment == Environment::System;
        if alone && self.place == Place::System {
            wanted.doubts.push("it goes into the environment of the project, not into the system".to_owned());
            self.commands.push("uv venv --allow-existing".to_owned());
            scope.environment = Environment::Uv;
        }
        if wanted.selection.is_none() {
            wanted.notes.insert("pyproject.toml does not declare just this".to_owned());
        } else {
            wanted
                .notes
                .insert("what pyproject.toml does not declare is added to the environment".to_owned());
        }
        let keep = |at: usize, item: &Item<'_>| {
            if is_target(item) && !wanted.rest.contains(&at) {
                return None;
            }
            if item.name == "--user" || (item.is(&["-c", "--constraint"]) && !self.still_file(item)) {
                return None;
            }
            as_pip(item, false)
        };
        let rendered = render(self.invocation.script, self.invocation.args, self.items, keep);
        let flag = match &self.place {
            Place::Folder(folder) => format!(" --python {}", quoted(folder)),
            _ => String::new(),
        };
        for item in self.items {
            if let Fate::Differs(reason) = fate(&item.name) {
                wanted.doubts.push(reason.to_owned());
            }
        }
        if self.has(&["--extra-index-url"]) {
            wanted.doubts.push(EXTRA_INDEX.to_owned());
        }
        self.commands.push(format!("uv pip install{flag}{rendered}"));
        scope.has_additions = true;
    }

    /// `--target`: what the lock has, in a folder.
    fn target(&self, wanted: &Wanted, scope: &mut Scope) -> Verdict {
        let folder = scope.folder.as_deref().unwrap_or_default();
        let is_own = |item: &&Item<'_>| {
            item.is(&["", "-e", "--editable"])
                && item.text().is_some_and(|text| {
                    matches!(Target::of(&text, Some(folder), self.context), Target::Project { .. })
                })
        };
        if self.items.iter().any(|item| is_own(&item)) {
            return Verdict::Left {
                reason: "the project itself is installed into a folder".to_owned(),
                suggestion: Some("uv build --wheel && uv pip install --target FOLDER dist/*.whl".to_owned()),
            };
        }
        scope.has_uv = true;
        let has_files = self
            .items
            .iter()
            .enumerate()
            .any(|(index, item)| item.is(&["-r", "--requirement"]) && !wanted.rest.contains(&index));
        let keep = |index: usize, item: &Item<'_>| {
            let gone = item.is(&["-r", "--requirement"]) && !wanted.rest.contains(&index);
            if gone || item.name == "--user" { None } else { as_pip(item, false) }
        };
        let rendered = render(self.invocation.script, self.invocation.args, self.items, keep);
        let Some(selection) = wanted.selection.as_ref().filter(|_| has_files) else {
            return with_doubts(format!("uv pip install{rendered}"), "uv installs the same", &wanted.doubts);
        };
        let mut export = vec!["uv export --quiet".to_owned()];
        if self.project.locked {
            export.push("--locked".to_owned());
        }
        export.extend(selection_flags(self.project, selection));
        export.push("--no-emit-project".to_owned());
        let new = format!("{} | uv pip install{rendered} -r -", export.join(" "));
        Verdict::Replace {
            new,
            reason: "what uv.lock has goes into the folder".to_owned(),
            safety: Safety::NeedsReview,
            without_sudo: false,
        }
    }

    /// The commands, one after the other.
    fn verdict(self, wanted: &Wanted, is_fresh: bool) -> Verdict {
        let mut doubts = wanted.doubts.clone();
        let is_upgrade = self.has(&["-U", "--upgrade"]);
        let has_files = self
            .items
            .iter()
            .enumerate()
            .any(|(index, item)| item.is(&["-r", "--requirement"]) && !wanted.rest.contains(&index));
        if is_upgrade && has_files && !is_fresh {
            doubts.push("the newest versions were installed, and uv.lock stays at what it has".to_owned());
        }
        doubts.dedup();
        let mut reason = if wanted.selection.is_some() && !self.commands.is_empty() {
            "pyproject.toml and uv.lock have what was installed here".to_owned()
        } else {
            String::new()
        };
        if wanted.selection.is_some() && is_upgrade {
            reason.push_str(if reason.is_empty() { "" } else { "; " });
            reason.push_str("their versions change with `uv lock --upgrade`");
        }
        for note in &wanted.notes {
            reason.push_str(if reason.is_empty() { "" } else { "; " });
            reason.push_str(note);
        }
        if self.commands.len() > 1 {
            let command = self.invocation.command;
            let piped = command.joined_by == Joint::Pipe || command.followed_by == Joint::Pipe;
            let reads = command.redirections.iter().any(|redirection| redirection.operator.starts_with('<'));
            if reads || piped || command.within.contains(&Block::Negation) {
                return Verdict::Left { reason, suggestion: Some(self.commands.join(" && ")) };
            }
        }
        let mut new = self.commands.join(&self.between());
        if self.commands.len() > 1 && self.invocation.command.joined_by == Joint::Or {
            // `a || b && c` would run `c` in any case.
            let is_bare =
                self.invocation.wrappers.is_empty() && self.invocation.command.assignments.is_empty();
            new = format!("{{ {new}; }}");
            if !is_bare {
                return Verdict::Left { reason, suggestion: Some(new) };
            }
        }
        match with_doubts(new, reason, &doubts) {
            Verdict::Replace { new, reason, safety, .. } => {
                Verdict::Replace { new, reason, safety, without_sudo: true }
            }
            other => other,
        }
    }

    /// What stands between two commands: redirections of the first, `&&`, assignments and wrappers of the second.
    fn between(&self) -> String {
        let script = self.invocation.script;
        let command = self.invocation.command;
        let program = self.invocation.program_span.start;
        let mut before = script.get(command.span.start..program).unwrap_or_default().to_owned();
        if let Some(sudo) = self.invocation.sudo.clone().and_then(|sudo| script.get(sudo)) {
            let without = before.replacen(sudo, "", 1);
            without.trim_start().clone_into(&mut before);
        }
        let mut between = String::new();
        // What stands in a group is redirected with it.
        let is_own = |span: &std::ops::Range<usize>| span.start > program && command.joined_by != Joint::Or;
        for redirection in command.redirections.iter().filter(|redirection| is_own(&redirection.span)) {
            between.push(' ');
            between.push_str(script.get(redirection.span.clone()).unwrap_or_default());
        }
        between.push_str(" && ");
        between.push_str(&before);
        between
    }
}

fn is_target(item: &Item<'_>) -> bool {
    item.is(&["", "-r", "--requirement", "-e", "--editable", "--group"])
}

/// An item as `uv pip install` takes it.
pub(crate) fn as_pip(item: &Item<'_>, system: bool) -> Option<String> {
    if item.name == "--break-system-packages" && !system {
        return None;
    }
    match fate(&item.name) {
        Fate::Goes if item.name == "--progress-bar" && item.raw == "off" => Some("--no-progress".to_owned()),
        Fate::Same => Some(item.written()),
        Fate::Named(name) if item.raw.is_empty() => Some(name.to_owned()),
        Fate::Named(name) => Some(format!("{name} {}", item.raw)),
        Fate::Goes | Fate::Differs(_) | Fate::Stays(_) => None,
    }
}

/// A replacement that is safe when there are no doubts.
pub(crate) fn with_doubts(new: String, reason: impl Into<String>, doubts: &[String]) -> Verdict {
    let mut reason = reason.into();
    for doubt in doubts {
        reason.push_str("; ");
        reason.push_str(doubt);
    }
    if doubts.is_empty() { Verdict::safe(new, reason) } else { Verdict::review(new, reason) }
}
