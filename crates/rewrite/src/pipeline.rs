//! What the files of CI have in common: jobs run scripts one after the other, some scripts belong to several jobs, something
//! has to bring uv, and caches are named after files.

mod caches;
mod commands;
mod conditions;
mod end;
mod filters;
mod finish;
mod together;
mod variables;
mod windows;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::Safety;
use crate::context::Context;
use crate::engine::{Environment, Outcome, Scope, rewrite_script};
use crate::model::{Edit, RewriteOptions, Rewritten};
use crate::plan::apply;
use crate::rules::{build_is_taken_over, setup_py_stays};
use crate::yaml::{Node, Yaml};

use commands::{INTO_SYSTEM, brings_uv, installs_otherwise, is_blocked, is_uv_image, told, without_tools};

pub(crate) use caches::{Caches, push};
pub(crate) use commands::{is_opaque, mentions_uv};
pub(crate) use conditions::{set_variables, unsure};
pub(crate) use filters::Filters;
pub(crate) use variables::{list_variables, variables};
pub(crate) use windows::{WINDOWS, by_lines};

/// Whether a file is YAML by its name.
pub(crate) fn is_yaml(path: &str) -> bool {
    matches!(path.rsplit_once('.'), Some((_, "yml" | "yaml")))
}

/// The rule that takes the installation of other installers away.
const BOOTSTRAP: &str = "pip-bootstrap";

/// The rule that makes environments with uv.
const VENV: &str = "venv";

/// How many tests of files are looked at in one script.
const MAX_TESTS: usize = 20;

/// How many other files a file is read together with.
const MAX_OTHERS: usize = 40;

/// How many scripts are gone through for one file, and how many of one job. No file that a person wrote has more.
const MAX_VISITS: usize = 20_000;
const MAX_SCRIPTS: usize = 2_000;

/// How often a file is gone through until every script that belongs to several jobs becomes the same in all of them.
const MAX_ROUNDS: usize = 6;

/// A script: the file it stands in, and where it starts there.
type Key = (usize, usize);

/// How many aliases, references, commands and templates are followed for one file: they can stand for each other over and over.
#[derive(Debug, Clone)]
pub(crate) struct Budget(Rc<Cell<usize>>);

impl Default for Budget {
    fn default() -> Self {
        Self(Rc::new(Cell::new(100_000)))
    }
}

impl Budget {
    /// Whether one more is followed.
    pub(crate) fn spend(&self) -> bool {
        let rest = self.0.get();
        self.0.set(rest.saturating_sub(1));
        rest > 0
    }
}

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
    /// Scripts of jobs in which something moves to uv.
    moved: BTreeSet<Key>,
    /// Scripts that are changed when somebody has looked at them, with the reason.
    held: BTreeMap<Key, String>,
    /// The scripts of every job, with the environment that they work in.
    jobs: Vec<(Vec<Key>, String)>,
    /// Scripts that only install programs of their own with uv: whether a job of theirs uses uv for more than that.
    tools: BTreeMap<Key, bool>,
    /// Scripts that install what nothing runs any more.
    idle: BTreeSet<Key>,
    /// Scripts that make an environment in which pip is still run.
    seeded: BTreeSet<Key>,
    /// Whether what is for review is made, too.
    review: bool,
    /// How many scripts have been gone through.
    visits: usize,
    /// What may still be followed.
    pub(crate) budget: Budget,
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
    uv: Uv,
    /// The first script that comes to use uv, and whether any does so without a review.
    first_use: Option<(Key, bool)>,
    /// Something would have to be changed and cannot be.
    blocked: bool,
    /// The image or the machine says which Python there is.
    pub(crate) names_python: bool,
    /// The versions of Python that it runs with, as far as they are known.
    pub(crate) pythons: Vec<String>,
    /// Its scripts, in the order in which they run.
    order: Vec<Key>,
}

/// What brings uv to a job before anything changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Uv {
    /// Nothing.
    Missing,
    /// Its image, an orb, or what stays in front of it.
    Given,
    /// Its own scripts, which used uv before.
    Used,
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
    /// `cmd`, of which only what is the same in a shell is read.
    Cmd,
    /// PowerShell, likewise.
    PowerShell,
}

struct Seen<'y> {
    node: Node<'y>,
    unit: Unit<'y>,
    language: Language,
    outcome: Outcome,
    after: String,
    /// What it says when this run is over, as far as the script itself is concerned.
    then: String,
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
pub(crate) fn rewrite(
    path: &str,
    text: &str,
    context: &Context,
    options: &RewriteOptions,
    way: Way,
) -> Rewritten {
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
        pipeline.review = options.review;
        (way.walk)(&mut pipeline);
        if pipeline.conflicts.is_empty() {
            break;
        }
        let frozen = pipeline.frozen.union(&pipeline.conflicts).copied().collect();
        pipeline = Pipeline::new(&yaml, path, &others, context, frozen);
    }
    if pipeline.conflicts.is_empty() {
        pipeline.leave_what_stays();
        pipeline.hold_together();
        pipeline.finish(&mut found);
        (way.settings)(&pipeline, &mut found);
    }
    found
}

impl Job {
    /// Something else than a script brings uv.
    pub(crate) fn is_given_uv(&mut self) {
        self.uv = Uv::Given;
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
            moved: BTreeSet::new(),
            held: BTreeMap::new(),
            jobs: Vec::new(),
            tools: BTreeMap::new(),
            idle: BTreeSet::new(),
            seeded: BTreeSet::new(),
            review: false,
            visits: 0,
            budget: Budget::default(),
            frozen,
            scripts: BTreeMap::new(),
            conflicts: BTreeSet::new(),
            brings: BTreeMap::new(),
            needed: BTreeMap::new(),
            tools_go: Tools::System,
        }
    }

    /// A job. `scripts` are all that it runs, `image` is what it runs in, where that is said.
    pub(crate) fn job(scripts: &[Node<'y>], image: Option<&str>) -> Job {
        let texts = || scripts.iter().filter_map(|node| node.as_str());
        let own_uv = texts().any(brings_uv);
        let has_uv = image.is_some_and(is_uv_image) || own_uv;
        let names_python = image.is_some_and(|image| image.contains("python"));
        let has_pip =
            image.is_some_and(|image| image.contains("python")) || texts().any(|text| text.contains("pip "));
        let scope = Scope {
            has_uv: !own_uv,
            host_brings_uv: !own_uv,
            // They go where pip puts them, see `place_tools`.
            finds_tools: true,
            runs_setup_py: texts().any(|text| setup_py_stays(text, &Scope::default())),
            builds: build_is_taken_over(texts()),
            // Nothing shows that there is a pip to install uv with.
            tentative: !has_uv && !has_pip,
            ..Scope::at_root()
        };
        Job {
            scope,
            uv: match (own_uv, has_uv) {
                (true, _) => Uv::Used,
                (false, true) => Uv::Given,
                (false, false) => Uv::Missing,
            },
            first_use: None,
            blocked: false,
            names_python,
            pythons: Vec::new(),
            order: Vec::new(),
        }
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
        self.visits += 1;
        if self.visits > MAX_VISITS || job.order.len() >= MAX_SCRIPTS {
            job.blocked = true;
            return;
        }
        job.order.push(key);
        let mut outcome = if self.frozen.contains(&key) {
            let reason = "jobs that share this script need different things of it";
            told(script.text(), &job.scope, self.context, reason)
        } else if language != Language::Shell {
            by_lines(script.text(), &mut job.scope, self.context)
        } else {
            rewrite_script(script.text(), &mut job.scope, self.context)
        };
        self.place_tools(&mut outcome, script.text());
        self.follow_tests(&mut outcome, script.text());
        job.blocked |= is_blocked(&outcome, script.text(), &job.scope);
        if outcome.edits.iter().any(|edit| mentions_uv(&edit.new)) {
            let is_safe = |edit: &Edit| edit.safety == Safety::Safe && mentions_uv(&edit.new);
            job.first_use.get_or_insert((key, false)).1 |= outcome.edits.iter().any(is_safe);
        }
        if let Some(seen) = self.scripts.get(&key) {
            if !together::are_alike(&seen.outcome.edits, &outcome.edits) {
                self.conflicts.insert(key);
            } else if let Some(why) = together::doubt_of(&seen.outcome.edits, &outcome.edits) {
                self.held.entry(key).or_insert(why);
            }
        } else {
            let after = apply(script.text(), &outcome.edits).unwrap_or_else(|| script.text().to_owned());
            let is_made = |edit: &&Edit| self.review || edit.safety == Safety::Safe;
            let made: Vec<Edit> = outcome.edits.iter().filter(is_made).cloned().collect();
            let then = apply(script.text(), &made).unwrap_or_else(|| script.text().to_owned());
            self.scripts.insert(key, Seen { node, unit, language, outcome, after, then });
        }
    }

    /// `[ -f requirements.txt ]` asks for the lock then, when what depends on it changes.
    fn follow_tests(&self, outcome: &mut Outcome, script: &str) {
        if outcome.edits.is_empty() {
            return;
        }
        let names = Caches { context: self.context, folder: "" };
        for sign in ["-f ", "-e ", "-s "] {
            for (at, _) in script.match_indices(sign).take(MAX_TESTS) {
                let start = at + sign.len();
                let rest = script.get(start..).unwrap_or_default();
                let end = start + rest.find([' ', ';', ']', '\n']).unwrap_or(rest.len());
                let path = script.get(start..end).unwrap_or_default();
                let before = script.get(..at).unwrap_or_default().trim_end();
                let is_test = before.ends_with('[') || before.ends_with("test") || before.ends_with('!');
                let is_free =
                    outcome.edits.iter().all(|edit| edit.span.end <= start || edit.span.start >= end);
                if let Some(lock) = names.lock(path.trim_matches(['"', '\''])).filter(|_| is_test && is_free)
                {
                    let reason = "what is tested for is in pyproject.toml and the lock now".to_owned();
                    let safety = Safety::Safe;
                    let edit =
                        Edit { span: start..end, new: lock, rule: "file-test", reason, safety, together: 0 };
                    let index = outcome.edits.partition_point(|edit| edit.span.start < start);
                    outcome.edits.insert(index, edit);
                }
            }
        }
    }

    /// Puts programs of their own where the shells of the job find them.
    fn place_tools(&self, outcome: &mut Outcome, script: &str) {
        for edit in &mut outcome.edits {
            match self.tools_go {
                Tools::OnPath => {}
                Tools::System => without_tools(edit, script, INTO_SYSTEM),
                Tools::Active => without_tools(edit, script, "uv pip install"),
            }
        }
    }

    /// The next script runs in a shell of its own: what an environment's activation, `cd` and variables did is gone.
    pub(crate) fn next_shell(job: &mut Job, before: &Scope) {
        if job.scope.environment == Environment::Active && before.environment != Environment::Active {
            job.scope.environment = if job.scope.synced.is_some() && job.scope.own_environment.is_none() {
                Environment::Uv
            } else {
                before.environment
            };
        }
        job.scope.folder.clone_from(&before.folder);
        job.scope.programs.clone_from(&before.programs);
        job.scope.settings.clone_from(&before.settings);
    }

    /// Whether a change is made that uses uv, without anybody having to look at it.
    pub(crate) fn uses_uv(&self) -> bool {
        self.scripts.iter().any(|(key, seen)| {
            let safe = |edit: &&Edit| edit.safety == Safety::Safe && mentions_uv(&edit.new);
            !self.held.contains_key(key) && seen.outcome.edits.iter().any(|edit| safe(&edit))
        })
    }

    /// Adds what filters by path need: `lists` are the patterns of paths.
    pub(crate) fn filters(&self, lists: Vec<Node<'y>>, found: &mut Rewritten) {
        let mut seen = BTreeSet::new();
        let lists = lists.into_iter().filter(|list| seen.insert(list.span().start)).collect();
        let filters = Filters::new(self.context, self.yaml.text(), found, self.review, lists);
        filters.rewrite(found);
    }

    /// Whether a script still installs with pip or its kin.
    pub(crate) fn still_installs(&self) -> bool {
        self.scripts.iter().any(|(key, seen)| {
            let text = seen.node.as_str().unwrap_or_default();
            let mut left = seen.outcome.left.iter().filter_map(|left| text.get(left.span.clone()));
            let is_held = !self.review && self.held.contains_key(key);
            left.any(|it| it.contains("install")) || installs_otherwise(seen, is_held)
        })
    }
}
