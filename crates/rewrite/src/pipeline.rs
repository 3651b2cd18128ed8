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

/// How often a file is gone through until every script that belongs to several jobs becomes the same in all of them.
const MAX_ROUNDS: usize = 6;

/// A file with jobs.
pub(crate) struct Pipeline<'y> {
    pub(crate) yaml: &'y Yaml<'y>,
    pub(crate) context: &'y Context,
    scripts: BTreeMap<usize, Seen<'y>>,
    /// Scripts that jobs need different things of.
    frozen: BTreeSet<usize>,
    conflicts: BTreeSet<usize>,
    /// The scripts before which uv is installed, and whether that is safe.
    brings: BTreeMap<usize, bool>,
    /// Scripts that install what a later script of their job still needs, with its name.
    needed: BTreeMap<usize, String>,
    /// Whether what `uv tool install` installs is found: `~/.local/bin` is on `PATH`.
    pub(crate) tools_on_path: bool,
}

/// A job while its scripts are gone through.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    /// What is known.
    pub(crate) scope: Scope,
    has_uv: bool,
    first_use: Option<usize>,
    any_safe: bool,
    /// Its scripts, in the order in which they run.
    order: Vec<usize>,
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

/// Rewrites a file of CI: `walk` goes through all its jobs, and adds what is no script in the end.
pub(crate) fn rewrite(
    text: &str,
    context: &Context,
    walk: for<'y> fn(&mut Pipeline<'y>),
    settings: for<'y> fn(&Pipeline<'y>, &mut Rewritten),
) -> Rewritten {
    let mut found = Rewritten::default();
    let yaml = match Yaml::parse(text) {
        Ok(yaml) => yaml,
        Err(problem) => {
            found.diagnostics.push(problem.diagnostic());
            return found;
        }
    };
    let mut pipeline = Pipeline::new(&yaml, context, BTreeSet::new());
    for _ in 0..MAX_ROUNDS {
        walk(&mut pipeline);
        if pipeline.conflicts.is_empty() {
            break;
        }
        let frozen = pipeline.frozen.union(&pipeline.conflicts).copied().collect();
        pipeline = Pipeline::new(&yaml, context, frozen);
    }
    if pipeline.conflicts.is_empty() {
        pipeline.finish(&mut found);
        settings(&pipeline, &mut found);
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
    fn new(yaml: &'y Yaml<'y>, context: &'y Context, frozen: BTreeSet<usize>) -> Self {
        Self {
            yaml,
            context,
            frozen,
            scripts: BTreeMap::new(),
            conflicts: BTreeSet::new(),
            brings: BTreeMap::new(),
            needed: BTreeMap::new(),
            tools_on_path: false,
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
        Job { scope, has_uv, first_use: None, any_safe: false, order: Vec::new() }
    }

    /// Goes through one script of a job.
    pub(crate) fn script(&mut self, node: Node<'y>, unit: Unit<'y>, language: Language, job: &mut Job) {
        let Some(script) = node.script() else { return };
        let key = node.span().start;
        if self.frozen.contains(&key) || (language == Language::Windows && !is_simple(script.text())) {
            let outcome = self.told(script.text(), &job.scope, self.frozen.contains(&key));
            let after = script.text().to_owned();
            self.scripts.entry(key).or_insert(Seen { node, unit, outcome, after });
            return;
        }
        let mut outcome = rewrite_script(script.text(), &mut job.scope, self.context);
        if !self.tools_on_path {
            outcome.edits.iter_mut().for_each(|edit| without_tools(edit, script.text()));
        }
        job.order.push(key);
        if let Some(seen) = self.scripts.get(&key) {
            if seen.outcome.edits != outcome.edits {
                self.conflicts.insert(key);
            }
        } else {
            let after = apply(script.text(), &outcome.edits).unwrap_or_else(|| script.text().to_owned());
            self.scripts.insert(key, Seen { node, unit, outcome: outcome.clone(), after });
        }
        if outcome.edits.iter().any(|edit| mentions_uv(&edit.new)) {
            job.first_use.get_or_insert(key);
            job.any_safe |= outcome.edits.iter().any(|edit| edit.safety == Safety::Safe);
        }
    }

    /// What is told of a script that is not rewritten: as if everything in it stayed.
    fn told(&self, script: &str, scope: &Scope, is_shared: bool) -> Outcome {
        let reason = if is_shared {
            "jobs that share this script need different things of it"
        } else {
            "only simple commands are rewritten for cmd and PowerShell"
        };
        let outcome = rewrite_script(script, &mut scope.clone(), self.context);
        let told = |edit: Edit| Left {
            span: edit.span,
            reason: reason.to_owned(),
            suggestion: Some(edit.new).filter(|new| !new.is_empty()),
        };
        let left = outcome.edits.into_iter().map(told).chain(outcome.left).collect();
        Outcome { edits: Vec::new(), left, is_empty: false, ..outcome }
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
        let Some(first) = job.first_use.filter(|_| !job.has_uv) else { return };
        let before = job.order.iter().take_while(|key| **key != first);
        // What brought another installer brings uv.
        let installer = before.copied().find(|key| !self.needed.contains_key(key) && self.is_bootstrap(*key));
        *self.brings.entry(installer.unwrap_or(first)).or_insert(false) |= job.any_safe;
    }

    /// Whether all that a script does is to install another installer.
    fn is_bootstrap(&self, key: usize) -> bool {
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
            if !gone.contains(key) {
                self.finish_script(*key, seen, found, &mut gone);
            }
        }
    }

    fn finish_script(&self, key: usize, seen: &Seen<'y>, found: &mut Rewritten, gone: &mut BTreeSet<usize>) {
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
        let goes = seen.outcome.is_empty && !seen.outcome.edits.is_empty() && needed.is_none();
        if goes && let Some(is_safe) = self.brings.get(&key).filter(|_| self.is_bootstrap(key)) {
            let command = install_uv(&self.all_before(key), self.context);
            let reason = "nothing else brings uv";
            let safety = if *is_safe { Safety::Safe } else { Safety::NeedsReview };
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
        if let Some(needed) = needed {
            let kept: Vec<Edit> = edits.extract_if(.., |edit| edit.rule == BOOTSTRAP).collect();
            let reason = format!("a later command still runs {needed}");
            let left = kept.into_iter().map(|edit| script::left(edit.span, reason.clone())).collect();
            found.left.extend(script.left(left));
        }
        if let Some(is_safe) = self.brings.get(&key) {
            let command = install_uv(&self.all_before(key), self.context);
            let reason = "nothing brings uv, so it is installed first, as the packages were";
            let safety = if *is_safe { Safety::Safe } else { Safety::NeedsReview };
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
        while let Some(it) = next.and_then(|node| self.scripts.get(&node.span().start)) {
            if !it.outcome.is_empty || it.outcome.edits.is_empty() {
                return is_sync(it) && !self.brings.contains_key(&it.node.span().start);
            }
            next = after.next();
        }
        false
    }

    /// Nothing is left of a script: its item or step goes, or all that there is of its list.
    fn drop_script(&self, seen: &Seen<'y>, found: &mut Rewritten, gone: &mut BTreeSet<usize>) {
        let node = match seen.unit {
            Unit::Item => seen.node,
            Unit::Step(step) => step,
        };
        let key = seen.node.span().start;
        let Some(first) = seen.outcome.edits.first() else { return };
        let brings = self.brings.get(&key).is_some();
        let list = node.parent().filter(|parent| parent.is_sequence());
        let stays =
            list.is_some_and(|list| list.items().any(|item| item.span() != node.span() && !self.goes(item)));
        let change = if stays && !brings { node.without_item() } else { None };
        if let Some(change) = change {
            let safe = seen.outcome.edits.iter().all(|edit| edit.safety == Safety::Safe);
            let safety = if safe { Safety::Safe } else { Safety::NeedsReview };
            found.edits.push(change.edit(first.rule, first.reason.clone(), safety, 0));
            gone.insert(key);
            return;
        }
        let reason =
            format!("nothing of this is needed with uv, but something has to stand here: {}", first.reason);
        found.left.push(Left { span: node.span(), reason, suggestion: None });
    }

    /// Whether an item of a list goes because its script is empty then.
    fn goes(&self, item: Node<'y>) -> bool {
        self.scripts.values().any(|seen| {
            let node = match seen.unit {
                Unit::Item => seen.node,
                Unit::Step(step) => step,
            };
            node.span() == item.span() && seen.outcome.is_empty && !seen.outcome.edits.is_empty()
        })
    }

    /// The scripts of the file up to one, that one included: how packages are installed here.
    fn all_before(&self, key: usize) -> String {
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
fn without_tools(edit: &mut Edit, script: &str) {
    const INTO_SYSTEM: &str = "uv pip install --system";
    if edit.new.contains("uv tool install") {
        edit.new = edit.new.replace("uv tool install", INTO_SYSTEM);
    } else if edit.new.ends_with("uv tool")
        && script.get(edit.span.end..).is_some_and(|rest| rest.starts_with(" install"))
    {
        edit.span.end += " install".len();
        edit.new = edit.new.replace("uv tool", INTO_SYSTEM);
    } else {
        return;
    }
    edit.reason =
        "it goes where pip put it, which is on `PATH` here, unlike the programs of `uv tool`".to_owned();
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
