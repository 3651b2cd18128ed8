//! What belongs together: the scripts of a job, and those of every job that shares one of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::Safety;
use crate::context::Selection;
use crate::engine::Environment;
use crate::model::Edit;
use crate::pythons::{OF_UV, is_refused, refused};
use crate::yaml::Node;

use super::commands::{mentions_uv, runs_pip};
use super::{BOOTSTRAP, Job, Key, Pipeline, Seen, Uv, VENV};

const IN_JOB: &str = "it goes together with what is for review, or left, in the same job";

const SHARED: &str = "a script that it goes together with, or an environment that it uses, is for review, or left, in another job";

const PINNED: &str =
    "uv takes the Python that `.python-version` names, not the one of the job, unless `UV_PYTHON` names that";

impl Pipeline<'_> {
    /// Whether a job is changed only when somebody has looked at it, and why.
    pub(super) fn hold(&mut self, job: &Job) {
        let why = if self.context.pins_python && job.names_python && job.scope.environment == Environment::Uv
        {
            Some(PINNED.to_owned())
        } else if let Some(why) = self.refused_python(job) {
            Some(why)
        } else {
            (job.blocked || self.is_torn(job)).then(|| IN_JOB.to_owned())
        };
        if let Some(why) = why {
            self.doubt(job, &why);
        }
    }

    /// Has somebody look at a job before it is changed.
    pub(crate) fn doubt(&mut self, job: &Job, why: &str) {
        for key in &job.order {
            self.held.entry(*key).or_insert_with(|| why.to_owned());
        }
    }

    /// Why uv stops at the Python of a job.
    fn refused_python(&self, job: &Job) -> Option<String> {
        let seen = job.order.iter().filter_map(|key| self.scripts.get(key));
        let mut new = seen.flat_map(|seen| &seen.outcome.edits).map(|edit| edit.new.as_str());
        if let Some(python) = job.pythons.iter().find(|python| is_refused(python, OF_UV)) {
            let why = || format!("the job runs with Python {python}, and uv asks for {OF_UV}");
            return new.any(mentions_uv).then(why);
        }
        let project = self.context.project("")?;
        let none = Selection::default();
        let synced = job.scope.synced.as_ref().unwrap_or(&none);
        let why = job.pythons.iter().find_map(|python| refused(python, project, synced))?;
        // `uv pip` installs for any Python.
        new.any(|new| new.contains("uv sync") || new.contains("uv run")).then_some(why)
    }

    /// Whether anything of a job moves to uv: in one that used uv before, what runs without it does so on purpose.
    pub(super) fn moves(&self, job: &Job) -> bool {
        let seen = job.order.iter().filter_map(|key| self.scripts.get(key));
        let mut rules = seen.flat_map(|seen| &seen.outcome.edits).map(|edit| edit.rule);
        rules.any(|rule| !["environment", "python", BOOTSTRAP].contains(&rule)) || job.uv != Uv::Used
    }

    /// Scripts of jobs in which nothing moves stay.
    pub(super) fn leave_what_stays(&mut self) {
        for (key, seen) in self.scripts.iter_mut().filter(|(key, _)| !self.moved.contains(*key)) {
            seen.outcome.edits.clear();
            seen.outcome.is_empty = false;
            self.brings.remove(key);
        }
    }

    /// Holds what belongs together with something that is held: jobs share scripts, and each needs all of its own.
    pub(super) fn hold_together(&mut self) {
        let counts = |pipeline: &Self, key: &Key| {
            let edits = pipeline.scripts.get(key).is_some_and(|seen| !seen.outcome.edits.is_empty());
            edits || pipeline.brings.contains_key(key)
        };
        let mut users: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (at, (order, _)) in self.jobs.iter().enumerate() {
            for key in order.iter().filter(|key| counts(self, key)) {
                users.entry(*key).or_default().push(at);
            }
        }
        let handed_on = self.handed_on();
        self.seed_handed_on(&handed_on);
        let mut done = vec![false; self.jobs.len()];
        let mut open: Vec<Key> = self.held.keys().copied().collect();
        while let Some(key) = open.pop() {
            for at in users.get(&key).into_iter().flatten() {
                let own = std::iter::once(*at);
                let environment = self.jobs.get(*at).and_then(|(_, environment)| handed_on.get(environment));
                for at in own.chain(environment.into_iter().flatten().copied()) {
                    let Some(done) = done.get_mut(at).filter(|done| !**done) else { continue };
                    *done = true;
                    for other in self.jobs.get(at).into_iter().flat_map(|(order, _)| order) {
                        if !self.held.contains_key(other) {
                            self.held.insert(*other, SHARED.to_owned());
                            open.push(*other);
                        }
                    }
                }
            }
        }
    }

    /// An environment in which a job runs pip that another job has made gets one.
    fn seed_handed_on(&mut self, handed_on: &BTreeMap<String, Vec<usize>>) {
        for jobs in handed_on.values() {
            let orders = jobs.iter().filter_map(|at| self.jobs.get(*at)).flat_map(|(order, _)| order);
            let seen: Vec<_> = orders.filter_map(|key| Some((*key, self.scripts.get(key)?))).collect();
            if seen.iter().any(|(key, seen)| runs_pip(seen) || self.held.contains_key(key)) {
                let makes = |seen: &Seen<'_>| seen.outcome.edits.iter().any(|edit| edit.rule == VENV);
                let made: Vec<Key> =
                    seen.iter().filter(|(_, seen)| makes(seen)).map(|(key, _)| *key).collect();
                self.seeded.extend(made);
            }
        }
    }

    /// The jobs of each environment that artifacts, caches or a workspace take from job to job.
    fn handed_on(&self) -> BTreeMap<String, Vec<usize>> {
        let nodes = self.yaml.nodes().filter_map(|node| node.get("paths").or_else(|| node.get("path")));
        let kept: BTreeSet<&str> =
            nodes.flat_map(Node::strings).filter_map(Node::as_str).map(plain).collect();
        let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, (_, environment)) in self.jobs.iter().enumerate() {
            if kept.contains(environment.as_str()) {
                found.entry(environment.clone()).or_default().push(at);
            }
        }
        found
    }
}

/// The folder that a path names, without what may stand around it.
pub(super) fn plain(path: &str) -> &str {
    let path = path.trim_start_matches("$CI_PROJECT_DIR/").trim_start_matches("${CI_PROJECT_DIR}/");
    path.trim_start_matches("~/project/").trim_start_matches("./").trim_end_matches('*').trim_end_matches('/')
}

/// Whether two jobs make the same of a script, apart from whether somebody has to look at it.
pub(super) fn are_alike(one: &[Edit], other: &[Edit]) -> bool {
    let is_same = |(one, other): (&Edit, &Edit)| one.span == other.span && one.new == other.new;
    one.len() == other.len() && one.iter().zip(other).all(is_same)
}

/// Why a script is for review that is safe in one job only.
pub(super) fn doubt_of(one: &[Edit], other: &[Edit]) -> Option<String> {
    let mut pairs = one.iter().zip(other).filter(|(one, other)| one.safety != other.safety);
    let (one, other) = pairs.next()?;
    let held = if one.safety == Safety::Safe { other } else { one };
    Some(format!("in another job: {}", held.reason))
}
