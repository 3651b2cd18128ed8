//! What is known when a job has been gone through: where uv is brought, what is still needed, what is needed no more.

use crate::model::Edit;

use super::commands::{is_tool, mentions_uv, still_runs};
use super::{BOOTSTRAP, Job, Key, Pipeline};

/// How many installations of a job are looked at.
const MAX_INSTALLS: usize = 30;

/// How many commands behind them.
const MAX_COMMANDS: usize = 300;

impl Pipeline<'_> {
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
            let later =
                job.order.get(at + 1..).unwrap_or_default().iter().filter_map(|key| self.scripts.get(key));
            let needed = later.take(MAX_COMMANDS).find_map(|seen| still_runs(seen, &installed));
            if let Some(needed) = needed {
                self.needed.insert(*key, needed);
            }
        }
    }
}
