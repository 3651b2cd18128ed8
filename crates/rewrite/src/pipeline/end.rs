//! What is known when a job has been gone through: where uv is brought, what is still needed, what is needed no more.

use crate::Safety;
use crate::engine::Environment;
use crate::model::Edit;

use super::commands::{installs_with_pip, is_tool, mentions_uv, runs_pip, still_runs};
use super::together::plain;
use super::{BOOTSTRAP, Job, Key, Pipeline, Seen, Uv, VENV};

/// How many installations of a job are looked at.
const MAX_INSTALLS: usize = 30;

/// How many commands behind them.
const MAX_COMMANDS: usize = 300;

impl Pipeline<'_> {
    /// A job has ended.
    pub(crate) fn end(&mut self, job: &Job) {
        if !self.moves(job) {
            return;
        }
        self.moved.extend(&job.order);
        self.keep_needed(job);
        self.find_idle(job);
        self.seed(job);
        self.hold(job);
        self.bring_uv(job);
        let own = job.scope.own_environment.as_deref().unwrap_or(".venv");
        self.jobs.push((job.order.clone(), plain(own).to_owned()));
    }

    /// Brings uv in front of the first script of a job that uses it; the script, when there is one.
    pub(super) fn bring_uv(&mut self, job: &Job) -> Option<Key> {
        let (first, is_safe) = job.first_use.filter(|_| job.uv == Uv::Missing)?;
        if self.note_tools(job) {
            return None;
        }
        let before = job.order.iter().take_while(|key| **key != first);
        // What brought another installer brings uv.
        let installer = before.copied().find(|key| !self.needed.contains_key(key) && self.is_bootstrap(*key));
        let key = installer.unwrap_or(first);
        *self.brings.entry(key).or_insert(false) |= is_safe;
        Some(key)
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
            if at >= MAX_COMMANDS
                || !["build", "twine", "virtualenv"].contains(&program)
                || !seen.outcome.edits.iter().all(is_tool)
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
    pub(super) fn is_bootstrap(&self, key: Key) -> bool {
        self.scripts.get(&key).is_some_and(|seen| {
            seen.outcome.is_empty && seen.outcome.edits.iter().all(|edit| edit.rule == BOOTSTRAP)
        })
    }

    /// Installers stay that a later script, or the rest of their own, still runs.
    fn keep_needed(&mut self, job: &Job) {
        let mut looked_at = 0;
        for (at, key) in job.order.iter().enumerate() {
            let Some(seen) = self.scripts.get(key) else { continue };
            let text = seen.node.as_str().unwrap_or_default();
            let gone = seen.outcome.edits.iter().filter(|edit| edit.rule == BOOTSTRAP);
            let installed = gone.filter_map(|edit| text.get(edit.span.clone())).collect::<Vec<_>>().join(" ");
            if installed.is_empty() || looked_at >= MAX_INSTALLS {
                continue;
            }
            looked_at += 1;
            let from_here = job.order.get(at..).unwrap_or_default().iter().take(MAX_COMMANDS);
            let from_here: Vec<&Seen<'_>> = from_here.filter_map(|key| self.scripts.get(key)).collect();
            let needed = from_here.iter().find_map(|seen| still_runs(seen, &installed)).or_else(|| {
                // `pip install --upgrade pip`
                let is_pip = installed.split_whitespace().skip(2).any(|word| word.starts_with("pip"));
                (is_pip && from_here.iter().any(|seen| installs_with_pip(seen))).then(|| "pip".to_owned())
            });
            if let Some(needed) = needed {
                self.needed.insert(*key, needed);
            }
        }
    }

    /// Whether a job would install one half into the environment of uv and the other half elsewhere, as long as nobody has
    /// looked at it.
    pub(super) fn is_torn(&self, job: &Job) -> bool {
        let mut scripts = job.order.iter().take(MAX_COMMANDS).filter_map(|key| self.scripts.get(key));
        job.scope.environment == Environment::Uv
            && scripts.any(|seen| {
                let for_review = |edit: &Edit| edit.safety == Safety::NeedsReview;
                seen.outcome.edits.iter().any(for_review) || installs_with_pip(seen)
            })
    }

    /// An environment in which a later script still runs pip gets one.
    fn seed(&mut self, job: &Job) {
        let scripts = || job.order.iter().filter_map(|key| Some((*key, self.scripts.get(key)?)));
        let makes = |(key, seen): (Key, &Seen<'_>)| {
            seen.outcome.edits.iter().any(|edit| edit.rule == VENV).then_some(key)
        };
        let made: Vec<Key> = scripts().filter_map(makes).collect();
        if !made.is_empty() && scripts().take(MAX_COMMANDS).any(|(_, seen)| runs_pip(seen)) {
            self.seeded.extend(made);
        }
    }
}
