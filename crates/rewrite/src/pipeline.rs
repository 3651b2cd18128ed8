//! What the files of CI have in common: jobs run scripts one after the other, some scripts belong to several jobs, something
//! has to bring uv, and caches are named after files.

mod caches;
mod variables;

use std::collections::{BTreeMap, BTreeSet};

use uvshift_diagnostics::{Diagnostic, Safety, Span};

use crate::codes;
use crate::context::Context;
use crate::engine::{Environment, Outcome, Scope, rewrite_script};
use crate::invocation::Invocation;
use crate::model::{Edit, Left, Rewritten};
use crate::plan::apply;
use crate::script::{self, install_uv};
use crate::shell;
use crate::yaml::{Node, Yaml};

pub(crate) use caches::{Caches, push};
pub(crate) use variables::{list_variables, variables};

/// The rule that takes the installation of other installers away.
const BOOTSTRAP: &str = "pip-bootstrap";

/// How many other files a file is read together with.
const MAX_OTHERS: usize = 40;

/// How often a file is gone through until every script that belongs to several jobs becomes the same in all of them.
const MAX_ROUNDS: usize = 6;

/// A script: the file it stands in, and where it starts there.
type Key = (usize, usize);

/// A file with jobs, and the files that it is read together with.
pub(crate) struct Pipeline<'y> {
    /// The file that is rewritten.
    pub(crate) yaml: &'y Yaml<'y>,
    /// Its path, from the root.
    pub(crate) path: &'y str,
    /// The other files, with their paths.
    pub(crate) others: &'y [(&'y str, Yaml<'y>)],
    pub(crate) context: &'y Context,
    scripts: BTreeMap<Key, Seen<'y>>,
    /// Scripts that jobs need different things of.
    frozen: BTreeSet<Key>,
    conflicts: BTreeSet<Key>,
    /// The scripts before which uv is installed, and whether that is safe.
    brings: BTreeMap<Key, bool>,
    /// Scripts that install what a later script of their job still needs, with its name.
    needed: BTreeMap<Key, String>,
    /// Scripts of jobs in which something cannot be changed that would have to be.
    blocked: BTreeSet<Key>,
    /// Scripts that only install programs of their own with uv: whether a job of theirs uses uv for more than that.
    tools: BTreeMap<Key, bool>,
    /// Scripts that install what nothing runs any more.
    idle: BTreeSet<Key>,
    /// Where programs of their own go.
    pub(crate) tools_go: Tools,
}

/// Where `pip install` of a program that is apart from the project put it, so that a shell finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tools {
    /// What `uv tool install` installs is found: `~/.local/bin` is on `PATH`.
    OnPath,
    /// Into the Python of the system.
    System,
    /// Into an environment that the host has activated.
    Active,
}

/// A job while its scripts are gone through.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    /// What is known.
    pub(crate) scope: Scope,
    has_uv: bool,
    first_use: Option<Key>,
    any_safe: bool,
    /// Something would have to be changed and cannot be.
    blocked: bool,
    /// Its scripts, in the order in which they run.
    order: Vec<Key>,
}

/// What a script is to the file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unit<'y> {
    /// An item of a list of commands, which all run in one shell.
    Item,
    /// A step of its own with a shell of its own: the node that goes when nothing is left of the script.
    Step(Node<'y>),
}

/// The language of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// `sh` and `bash`.
    Shell,
    /// `cmd` and PowerShell, of which only what is the same in a shell is read.
    Windows,
}

struct Seen<'y> {
    node: Node<'y>,
    unit: Unit<'y>,
    outcome: Outcome,
    after: String,
}

/// How a kind of files is gone through.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    /// Goes through all jobs of the file and of those it is read together with.
    pub(crate) walk: for<'y> fn(&mut Pipeline<'y>),
    /// Adds what is no script.
    pub(crate) settings: for<'y> fn(&Pipeline<'y>, &mut Rewritten),
    /// Whether a file is read together with this one: the path of this one, and that of the other one.
    pub(crate) is_together: fn(&str, &str) -> bool,
}

/// Rewrites a file of CI.
pub(crate) fn rewrite(path: &str, text: &str, context: &Context, way: Way) -> Rewritten {
    let mut found = Rewritten::default();
    let yaml = match Yaml::parse(text) {
        Ok(yaml) => yaml,
        Err(problem) => {
            found.diagnostics.push(problem.diagnostic());
            return found;
        }
    };
    let is_other = |other: &&String| other.as_str() != path && (way.is_together)(path, other);
    let others = context.ci_files.iter().filter(|(other, _)| is_other(other)).take(MAX_OTHERS);
    let others: Vec<(&str, Yaml<'_>)> =
        others.filter_map(|(path, text)| Some((path.as_str(), Yaml::parse(text).ok()?))).collect();
    let mut pipeline = Pipeline::new(&yaml, path, &others, context, BTreeSet::new());
    for _ in 0..MAX_ROUNDS {
        (way.walk)(&mut pipeline);
        if pipeline.conflicts.is_empty() {
            break;
        }
        let frozen = pipeline.frozen.union(&pipeline.conflicts).copied().collect();
        pipeline = Pipeline::new(&yaml, path, &others, context, frozen);
    }
    if pipeline.conflicts.is_empty() {
        pipeline.finish(&mut found);
        (way.settings)(&pipeline, &mut found);
    }
    found
}

impl Job {
    /// Something else than a script brings uv.
    pub(crate) fn is_given_uv(&mut self) {
        self.has_uv = true;
    }

    /// Goes on as another job did that may have run or not: what it runs counts, what it installs does not.
    pub(crate) fn follow(&mut self, other: &Self) {
        self.first_use = self.first_use.or(other.first_use);
        self.any_safe |= other.any_safe;
        self.order.clone_from(&other.order);
    }
}

impl<'y> Pipeline<'y> {
    fn new(
        yaml: &'y Yaml<'y>,
        path: &'y str,
        others: &'y [(&'y str, Yaml<'y>)],
        context: &'y Context,
        frozen: BTreeSet<Key>,
    ) -> Self {
        Self {
            yaml,
            path,
            others,
            context,
            blocked: BTreeSet::new(),
            tools: BTreeMap::new(),
            idle: BTreeSet::new(),
            frozen,
            scripts: BTreeMap::new(),
            conflicts: BTreeSet::new(),
            brings: BTreeMap::new(),
            needed: BTreeMap::new(),
            tools_go: Tools::System,
        }
    }

    /// A job. `scripts` are all that it runs, `image` is what it runs in, where that is said.
    pub(crate) fn job(&self, scripts: &[Node<'y>], image: Option<&str>) -> Job {
        let texts = || scripts.iter().filter_map(|node| node.as_str());
        let own_uv = texts().any(brings_uv);
        let has_uv = image.is_some_and(is_uv_image) || own_uv;
        let has_pip =
            image.is_some_and(|image| image.contains("python")) || texts().any(|text| text.contains("pip "));
        let scope = Scope {
            has_uv: !own_uv,
            host_brings_uv: !own_uv,
            // Nothing shows that there is a pip to install uv with.
            tentative: !has_uv && !has_pip,
            ..Scope::at_root()
        };
        Job { scope, has_uv, first_use: None, any_safe: false, blocked: false, order: Vec::new() }
    }

    /// Whether a script has been gone through.
    pub(crate) fn knows(&self, node: Node<'y>) -> bool {
        self.scripts.contains_key(&self.key(node))
    }

    fn key(&self, node: Node<'y>) -> Key {
        let file = self.others.iter().position(|(_, yaml)| std::ptr::eq(yaml, node.yaml()));
        (file.map_or(0, |file| file + 1), node.span().start)
    }

    /// Goes through one script of a job.
    pub(crate) fn script(&mut self, node: Node<'y>, unit: Unit<'y>, language: Language, job: &mut Job) {
        let Some(script) = node.script() else { return };
        let key = self.key(node);
        job.order.push(key);
        let mut outcome = if self.frozen.contains(&key) {
            let reason = "jobs that share this script need different things of it";
            told(script.text(), &job.scope, self.context, reason)
        } else if language == Language::Windows {
            by_lines(script.text(), &mut job.scope, self.context)
        } else {
            rewrite_script(script.text(), &mut job.scope, self.context)
        };
        self.place_tools(&mut outcome, script.text());
        job.blocked |= is_blocked(&outcome, script.text(), &job.scope);
        if outcome.edits.iter().any(|edit| mentions_uv(&edit.new)) {
            job.first_use.get_or_insert(key);
            job.any_safe |= outcome.edits.iter().any(|edit| edit.safety == Safety::Safe);
        }
        if let Some(seen) = self.scripts.get(&key) {
            if seen.outcome.edits != outcome.edits {
                self.conflicts.insert(key);
            }
        } else {
            let after = apply(script.text(), &outcome.edits).unwrap_or_else(|| script.text().to_owned());
            self.scripts.insert(key, Seen { node, unit, outcome, after });
        }
    }

    /// Puts programs of their own where the shells of the job find them.
    fn place_tools(&self, outcome: &mut Outcome, script: &str) {
        for edit in &mut outcome.edits {
            match self.tools_go {
                Tools::OnPath => {}
                Tools::System => without_tools(edit, script, INTO_SYSTEM),
                Tools::Active => {
                    let is_addition = edit.new.contains("uv pip install");
                    without_tools(edit, script, "uv pip install");
                    if is_addition && !self.context.projects.is_empty() {
                        edit.safety = Safety::NeedsReview;
                        edit.reason.push_str(
                            "; it goes into the environment that the host activates, not into `.venv`",
                        );
                    }
                }
            }
        }
    }

    /// The next script runs in a shell of its own: what an environment's activation, `cd` and variables did is gone.
    pub(crate) fn next_shell(job: &mut Job, before: &Scope) {
        if job.scope.environment == Environment::Active && before.environment != Environment::Active {
            job.scope.environment =
                if job.scope.synced.is_some() { Environment::Uv } else { before.environment };
        }
        job.scope.folder.clone_from(&before.folder);
        job.scope.programs.clone_from(&before.programs);
    }

    /// A job has ended.
    pub(crate) fn end(&mut self, job: &Job) {
        self.keep_needed(job);
        self.find_idle(job);
        if job.blocked {
            self.blocked.extend(&job.order);
        }
        let Some(first) = job.first_use.filter(|_| !job.has_uv) else { return };
        if self.note_tools(job) {
            return;
        }
        let before = job.order.iter().take_while(|key| **key != first);
        // What brought another installer brings uv.
        let installer = before.copied().find(|key| !self.needed.contains_key(key) && self.is_bootstrap(*key));
        *self.brings.entry(installer.unwrap_or(first)).or_insert(false) |= job.any_safe;
    }

    /// Whether all that a job uses uv for is to install programs of their own, for which it need not be brought.
    fn note_tools(&mut self, job: &Job) -> bool {
        let uses = |key: &Key| {
            let seen = self.scripts.get(key)?;
            let using: Vec<&Edit> = seen.outcome.edits.iter().filter(|edit| mentions_uv(&edit.new)).collect();
            (!using.is_empty()).then(|| using.iter().all(|edit| is_tool(edit)))
        };
        let found: Vec<(Key, bool)> = job
            .order
            .iter()
            .filter(|key| !self.idle.contains(*key))
            .filter_map(|key| Some((*key, uses(key)?)))
            .collect();
        let only_tools = found.iter().all(|(_, is_tool)| *is_tool);
        for (key, _) in found.into_iter().filter(|(_, is_tool)| *is_tool) {
            *self.tools.entry(key).or_insert(false) |= !only_tools;
        }
        only_tools
    }

    /// Scripts that do nothing but install a program that uv does the work of.
    fn find_idle(&mut self, job: &Job) {
        for (at, key) in job.order.iter().enumerate() {
            let Some(seen) = self.scripts.get(key) else { continue };
            let text = seen.node.as_str().unwrap_or_default().trim();
            let program = text.strip_prefix("pip install ").unwrap_or_default();
            if !["build", "twine", "virtualenv"].contains(&program) || !seen.outcome.edits.iter().all(is_tool)
            {
                continue;
            }
            let later =
                || job.order.get(at + 1..).unwrap_or_default().iter().filter_map(|key| self.scripts.get(key));
            let was_run = later().any(|seen| seen.node.as_str().is_some_and(|text| text.contains(program)));
            if was_run && !later().any(|seen| still_runs(seen, program).is_some()) {
                self.idle.insert(*key);
            }
        }
    }

    /// Whether all that a script does is to install another installer.
    fn is_bootstrap(&self, key: Key) -> bool {
        self.scripts.get(&key).is_some_and(|seen| {
            seen.outcome.is_empty && seen.outcome.edits.iter().all(|edit| edit.rule == BOOTSTRAP)
        })
    }

    /// Installers stay that a later script, or the rest of their own, still runs.
    fn keep_needed(&mut self, job: &Job) {
        for (at, key) in job.order.iter().enumerate() {
            let Some(seen) = self.scripts.get(key) else { continue };
            let text = seen.node.as_str().unwrap_or_default();
            let gone = seen.outcome.edits.iter().filter(|edit| edit.rule == BOOTSTRAP);
            let installed = gone.filter_map(|edit| text.get(edit.span.clone())).collect::<Vec<_>>().join(" ");
            if installed.is_empty() {
                continue;
            }
            let later =
                job.order.get(at + 1..).unwrap_or_default().iter().filter_map(|key| self.scripts.get(key));
            let needed = later.filter_map(|seen| still_runs(seen, &installed)).next();
            if let Some(needed) = needed {
                self.needed.insert(*key, needed);
            }
        }
    }

    /// Whether a change is made that uses uv, without anybody having to look at it.
    pub(crate) fn uses_uv(&self) -> bool {
        let edits = self.scripts.values().flat_map(|seen| &seen.outcome.edits);
        edits.into_iter().any(|edit| edit.safety == Safety::Safe && mentions_uv(&edit.new))
    }

    /// Whether a script still installs with pip or its kin.
    pub(crate) fn still_installs(&self) -> bool {
        self.scripts.values().any(|seen| {
            let text = seen.node.as_str().unwrap_or_default();
            seen.outcome
                .left
                .iter()
                .any(|left| text.get(left.span.clone()).is_some_and(|it| it.contains("install")))
        })
    }

    /// Everything that becomes of the scripts.
    fn finish(&self, found: &mut Rewritten) {
        let mut gone = BTreeSet::new();
        for (key, seen) in &self.scripts {
            if key.0 == 0 && !gone.contains(key) {
                self.finish_script(*key, seen, found, &mut gone);
            }
        }
    }

    fn finish_script(&self, key: Key, seen: &Seen<'y>, found: &mut Rewritten, gone: &mut BTreeSet<Key>) {
        let Some(script) = seen.node.script() else { return };
        found.left.extend(script.left(seen.outcome.left.clone()));
        if let Some(problem) = &seen.outcome.problem {
            let at = script.place(&(problem.at..problem.at)).start;
            let message = format!("this script cannot be read to its end: {}", problem.message);
            found
                .diagnostics
                .push(Diagnostic::warning(codes::SCRIPT_UNREADABLE, message).at(Span::new(at, at)));
        }
        let needed = self.needed.get(&key);
        let goes = self.is_idle(key, seen) && needed.is_none();
        if goes && let Some(is_safe) = self.brings.get(&key).filter(|_| self.is_bootstrap(key)) {
            let command = install_uv(&self.all_before(key), self.context);
            let reason = "nothing else brings uv";
            let safety = self.safety(key, *is_safe);
            let all = Edit {
                span: 0..script.text().trim_end().len(),
                new: command,
                rule: "bring-uv",
                reason: reason.to_owned(),
                safety,
                together: 0,
            };
            script::add(found, script.edits(vec![all]));
            return;
        }
        if goes || self.is_overtaken(seen) {
            self.drop_script(seen, found, gone);
            return;
        }
        let mut edits = seen.outcome.edits.clone();
        if self.tools.get(&key) == Some(&false) {
            let kept = edits.extract_if(.., |edit| is_tool(edit));
            let left = kept.map(|edit| Left {
                span: edit.span,
                reason: "nothing else here needs uv; `uvx` runs such a program without an installation"
                    .to_owned(),
                suggestion: None,
            });
            let left: Vec<Left> = left.collect();
            found.left.extend(script.left(left));
        }
        if self.blocked.contains(&key) {
            for edit in &mut edits {
                edit.safety = Safety::NeedsReview;
                edit.reason.push_str("; something else in the job has to be changed by hand with it");
            }
        }
        if let Some(needed) = needed {
            let kept: Vec<Edit> = edits.extract_if(.., |edit| edit.rule == BOOTSTRAP).collect();
            let reason = format!("a later command still runs {needed}");
            let left = kept.into_iter().map(|edit| script::left(edit.span, reason.clone())).collect();
            found.left.extend(script.left(left));
        }
        if let Some(is_safe) = self.brings.get(&key) {
            let command = install_uv(&self.all_before(key), self.context);
            let reason = "nothing brings uv, so it is installed first, as the packages were";
            let safety = self.safety(key, *is_safe);
            let item = matches!(seen.unit, Unit::Item)
                .then(|| seen.node.with_item_before(&format!("- {}", self.yaml.scalar(&command))));
            if let Some(change) = item.flatten() {
                found.edits.push(change.edit("bring-uv", reason, safety, 0));
            } else {
                let joint = if script.text().trim_end().contains('\n') { "\n" } else { " && " };
                let start = script.text().len() - script.text().trim_start().len();
                bring(&mut edits, start, format!("{command}{joint}"), reason, safety);
            }
        }
        script::add(found, script.edits(edits));
    }

    fn safety(&self, key: Key, is_safe: bool) -> Safety {
        if is_safe && !self.blocked.contains(&key) { Safety::Safe } else { Safety::NeedsReview }
    }

    /// Whether nothing is left of a script.
    fn is_idle(&self, key: Key, seen: &Seen<'y>) -> bool {
        !seen.outcome.edits.is_empty() && (seen.outcome.is_empty || self.idle.contains(&key))
    }

    /// Whether the next command of the list is a sync that installs all that this one does.
    fn is_overtaken(&self, seen: &Seen<'y>) -> bool {
        let is_sync = |seen: &Seen<'_>| {
            let safe = seen.outcome.edits.iter().all(|edit| edit.safety == Safety::Safe);
            let is_one = !seen.after.contains(['\n', '&', ';', '|']);
            safe && !seen.outcome.edits.is_empty() && is_one && seen.after.starts_with("uv sync")
        };
        if !matches!(seen.unit, Unit::Item) || !is_sync(seen) {
            return false;
        }
        let Some(list) = seen.node.parent() else { return false };
        let mut after = list.items().skip_while(|item| item.span() != seen.node.span()).skip(1);
        let mut next = after.next();
        while let Some(it) = next.and_then(|node| self.scripts.get(&self.key(node))) {
            if !it.outcome.is_empty || it.outcome.edits.is_empty() {
                return is_sync(it) && !self.brings.contains_key(&self.key(it.node));
            }
            next = after.next();
        }
        false
    }

    /// Nothing is left of a script: its item or step goes, or all that there is of its list.
    fn drop_script(&self, seen: &Seen<'y>, found: &mut Rewritten, gone: &mut BTreeSet<Key>) {
        let node = match seen.unit {
            Unit::Item => seen.node,
            Unit::Step(step) => step,
        };
        let key = self.key(seen.node);
        let Some(first) = seen.outcome.edits.first() else { return };
        let brings = self.brings.contains_key(&key);
        let list = node.parent().filter(|parent| parent.is_sequence());
        let stays =
            list.is_some_and(|list| list.items().any(|item| item.span() != node.span() && !self.goes(item)));
        let change = if stays && !brings { node.without_item() } else { None };
        if let Some(change) = change {
            let safe = seen.outcome.edits.iter().all(|edit| edit.safety == Safety::Safe);
            let safety = self.safety(key, safe);
            let reason =
                if self.idle.contains(&key) { "uv does what this was installed for" } else { &first.reason };
            found.edits.push(change.edit(first.rule, reason, safety, 0));
            gone.insert(key);
            return;
        }
        let reason =
            format!("nothing of this is needed with uv, but something has to stand here: {}", first.reason);
        found.left.push(Left { span: node.span(), reason, suggestion: None });
    }

    /// Whether an item of a list goes because its script is empty then.
    fn goes(&self, item: Node<'y>) -> bool {
        self.scripts.iter().any(|(key, seen)| {
            let node = match seen.unit {
                Unit::Item => seen.node,
                Unit::Step(step) => step,
            };
            node.span() == item.span() && self.is_idle(*key, seen)
        })
    }

    /// The scripts of the file up to one, that one included: how packages are installed here.
    fn all_before(&self, key: Key) -> String {
        let own = self.scripts.get(&key).and_then(|seen| seen.node.as_str()).unwrap_or_default();
        let near = self.scripts.range(..key).rev().take(3).filter_map(|(_, seen)| seen.node.as_str());
        std::iter::once(own).chain(near).collect::<Vec<_>>().join("\n")
    }
}

/// Puts the installation of uv in front of a script.
fn bring(edits: &mut Vec<Edit>, at: usize, new: String, reason: &str, safety: Safety) {
    match edits.iter_mut().find(|edit| edit.span.start == at) {
        Some(edit) => {
            edit.new.insert_str(0, &new);
            edit.reason = format!("{}; {reason}", edit.reason);
        }
        None => {
            let edit =
                Edit { span: at..at, new, rule: "bring-uv", reason: reason.to_owned(), safety, together: 0 };
            edits.insert(0, edit);
        }
    }
}

/// What `uv tool install` would put where no shell finds it is installed where pip installed it.
fn without_tools(edit: &mut Edit, script: &str, command: &str) {
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
    edit.reason = PLACED.to_owned();
}

const PLACED: &str = "it goes where pip put it, which is on `PATH` here, unlike the programs of `uv tool`";

const INTO_SYSTEM: &str = "uv pip install --system";

/// Whether an edit only installs a program that is apart from the project.
fn is_tool(edit: &Edit) -> bool {
    edit.reason == PLACED
}

/// What is told of a script that is not rewritten: as if everything in it stayed.
fn told(script: &str, scope: &Scope, context: &Context, reason: &str) -> Outcome {
    let outcome = rewrite_script(script, &mut scope.clone(), context);
    let told = |edit: Edit| Left {
        span: edit.span,
        reason: reason.to_owned(),
        suggestion: Some(edit.new).filter(|new| !new.is_empty()),
    };
    let left = outcome.edits.into_iter().map(told).chain(outcome.left).collect();
    Outcome { edits: Vec::new(), left, is_empty: false, ..outcome }
}

const WINDOWS: &str = "only simple commands are rewritten for cmd and PowerShell";

/// A script for cmd or PowerShell, a command a line: those that mean the same to a shell are rewritten.
fn by_lines(script: &str, scope: &mut Scope, context: &Context) -> Outcome {
    let mut all = Outcome { is_empty: true, ..Outcome::default() };
    let mut at = 0;
    for line in script.split_inclusive('\n') {
        let command = line.trim_end();
        let outcome = if is_simple(command) {
            rewrite_script(command, scope, context)
        } else {
            told(command, scope, context, WINDOWS)
        };
        let mut outcome = Outcome { problem: None, ..outcome };
        let whole_line = outcome.is_empty && !outcome.edits.is_empty() && line.len() < script.len();
        if whole_line && let Some(first) = outcome.edits.first().cloned() {
            outcome.edits = vec![Edit { span: 0..line.len(), new: String::new(), ..first }];
        }
        all.is_empty &= command.trim().is_empty() || (outcome.is_empty && !outcome.edits.is_empty());
        all.uses_uv |= outcome.uses_uv;
        all.edits
            .extend(outcome.edits.into_iter().map(|edit| Edit { span: shifted(&edit.span, at), ..edit }));
        all.left.extend(outcome.left.into_iter().map(|left| Left { span: shifted(&left.span, at), ..left }));
        at += line.len();
    }
    all.is_empty &= !all.edits.is_empty();
    all
}

fn shifted(span: &std::ops::Range<usize>, by: usize) -> std::ops::Range<usize> {
    span.start + by..span.end + by
}

/// Whether a script stays as it is although the changes around it concern it.
fn is_blocked(outcome: &Outcome, script: &str, scope: &Scope) -> bool {
    if outcome.problem.is_some() {
        let words = ["pip", "python", "pytest", "poetry", "pipenv"];
        return scope.environment != Environment::System || words.iter().any(|word| script.contains(word));
    }
    outcome.left.iter().any(|left| left.reason == WINDOWS || left.reason.starts_with("jobs that share"))
}

/// A program that is installed by a text and that a script still runs when nobody has looked at anything.
fn still_runs(seen: &Seen<'_>, installed: &str) -> Option<String> {
    let text = seen.node.as_str().unwrap_or_default();
    let safe: Vec<Edit> =
        seen.outcome.edits.iter().filter(|edit| edit.safety == Safety::Safe).cloned().collect();
    let after = apply(text, &safe)?;
    let scope = Scope::default();
    let programs = shell::parse(&after)
        .commands
        .into_iter()
        .filter_map(|command| Invocation::of(&after, &command, &scope).map(|invocation| invocation.program));
    let is_installed = |program: &String| {
        let mut words =
            installed.split(|letter: char| !letter.is_alphanumeric() && letter != '-' && letter != '_');
        !["pip", "python"].contains(&program.as_str()) && words.any(|word| word == program)
    };
    programs.into_iter().find(is_installed)
}

/// Whether an image has uv.
fn is_uv_image(image: &str) -> bool {
    let name = image.split(['@', ':']).next().unwrap_or(image);
    image.contains("astral-sh/uv") || name.rsplit('/').next() == Some("uv")
}

/// Whether a text names uv, as a command or as what is installed.
pub(crate) fn mentions_uv(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    text.split(|letter| !is_part(letter)).any(|word| word == "uv" || word == "uvx")
}

/// Whether a script installs uv, or takes it for granted.
fn brings_uv(script: &str) -> bool {
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

/// Whether a script means the same to a shell, to cmd and to PowerShell.
fn is_simple(script: &str) -> bool {
    !script.contains(['$', '`', '%', '\'', '|', '{', '^', '@', ';', '#', '\\'])
}
