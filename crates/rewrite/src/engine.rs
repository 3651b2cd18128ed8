//! One engine for every command, wherever it stands.

mod ask;
mod doubts;
mod flow;
mod gap;
mod shell_state;
mod splice;
mod sync;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::context::{Context, Selection};
use crate::model::{Edit, Left};
use crate::rules::{build_is_taken_over, setup_py_stays};
use crate::shell::parse;

pub(crate) use shell_state::path_of;
pub(crate) use sync::{selection_flags, sync, sync_flags};

/// Where commands run, as far as Python is concerned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Environment {
    /// No environment that is known: a fresh machine, or an image whose Python everything is installed into.
    #[default]
    System,
    /// The environment of the uv project, which is not on `PATH`: commands need `uv run`.
    Uv,
    /// The same, on `PATH`: activated, or set by an image.
    Active,
    /// An environment that another tool makes, such as tox: what is installed there is its own affair.
    Foreign,
}

/// What is known where a command runs; it goes on from command to command, and in a host from script to script of one job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Scope {
    /// Where commands run.
    pub environment: Environment,
    /// What `uv sync` has installed so far, and a later one has to name, too.
    pub synced: Option<Selection>,
    /// What may have been installed beside that, in a branch that need not have run: a later sync leaves it alone.
    pub maybe: Option<Selection>,
    /// What of that is there for sure.
    pub certain: Option<Selection>,
    /// The project itself may be missing from what was synced, as it is where a layer has its dependencies only.
    pub without_project: bool,
    /// The environment that it is there in, as it is written; empty for the one of the project.
    pub certain_in: String,
    /// The environment whose programs are found although nothing activates it: it is on `PATH`.
    pub on_path: Option<String>,
    /// Something was installed beside that with `uv pip install`.
    pub has_additions: bool,
    /// Nothing of the project has been here before, as in a new image: upgrading is installing.
    pub is_fresh: bool,
    /// Something else of the project installs more into the same environment, which has to stay.
    pub keeps_others: bool,
    /// The working folder, from the root; empty for the root. None when it is not known.
    pub folder: Option<String>,
    /// The folder of the script itself, from the root, for `cd "$(dirname "$0")"`. None when it is not known.
    pub script_folder: Option<String>,
    /// Variables that hold a program, such as `PIP`: the value as it is written.
    pub programs: BTreeMap<String, String>,
    /// Where a virtual environment was made that is not `.venv`, as it is written.
    pub own_environment: Option<String>,
    /// Whether uv has been installed on the way, or is known to be there.
    pub has_uv: bool,
    /// Whether programs of `uv tool install` are found: its folder `~/.local/bin` is on `PATH`.
    pub finds_tools: bool,
    /// Distributions that `uv tool install` has brought.
    pub tools: BTreeSet<String>,
    /// A command of setup.py stays, which needs setuptools where it runs.
    pub runs_setup_py: bool,
    /// `python -m build` is called, and becomes `uv build` each time: nothing needs the distribution `build`.
    pub builds: bool,
    /// Whether the host brings uv by itself, so that a command which installs pip or another installer can go.
    pub host_brings_uv: bool,
    /// A change before this one is for review, and what is known here depends on it: what follows is for review, too.
    pub tentative: bool,
    /// Settings of pip that are in force, such as `PIP_INDEX_URL`, and that uv does not read.
    pub settings: BTreeSet<&'static str>,
    /// Old files that were edited on the way, although uv reads them no more.
    pub edited: BTreeSet<String>,
    /// The command that put another revision of the repository here, which may be older than uv.lock.
    pub revision: Option<String>,
}

/// What becomes of a script. Spans are those of the script.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The replacements, in order.
    pub edits: Vec<Edit>,
    /// What stays although it has to do with pip or its kin.
    pub left: Vec<Left>,
    /// The place in the script where reading had to stop, and why.
    pub problem: Option<crate::shell::Problem>,
    /// A command uses uv now or did before.
    pub uses_uv: bool,
    /// With every edit made, no command is left: the host may want to drop the script altogether.
    pub is_empty: bool,
}

impl Scope {
    /// A scope at the root of the repository.
    pub fn at_root() -> Self {
        Self { folder: Some(String::new()), ..Self::default() }
    }

    /// What stands here may not have run; `before` is what was known without it.
    pub(crate) fn may_not_have_run(&mut self, before: &Self) {
        flow::join_installed(self, before);
    }

    /// All that has been installed, or may have been.
    pub(crate) fn may_have(&self) -> Option<Selection> {
        flow::union([&self.synced, &self.maybe])
    }

    /// The environment that is active, as it is written; empty for the one of the project.
    pub(crate) fn active_in(&self) -> String {
        let own = self.own_environment.clone().filter(|_| self.environment == Environment::Active);
        own.unwrap_or_default()
    }
}

/// Rewrites the commands of a script, and tells the scope what they did.
pub fn rewrite_script(script: &str, scope: &mut Scope, context: &Context) -> Outcome {
    let parsed = parse(script);
    if parsed.problem.is_some() {
        return Outcome { problem: parsed.problem, ..Outcome::default() };
    }
    scope.runs_setup_py |= setup_py_stays(script, scope);
    scope.builds |= build_is_taken_over([script]);
    let before = scope.clone();
    let (actions, uses_uv) = flow::walk(script, &parsed.commands, scope, context);
    let spliced = splice::splice(script, &parsed.commands, actions);
    if spliced.edits.is_empty() && !spliced.is_sound {
        *scope = before;
    }
    let splice::Spliced { edits, left, is_empty, .. } = spliced;
    Outcome { edits, left, problem: None, uses_uv, is_empty }
}
