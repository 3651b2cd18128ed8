//! What becomes of each command: a rule a file.

mod activate;
mod build;
mod conda;
mod environment;
mod fetched_installer;
mod file_test;
mod flit;
mod get_pip;
mod hatch;
mod pdm;
mod pip_bootstrap;
mod pip_cache;
mod pip_check;
mod pip_compile;
mod pip_freeze;
mod pip_install;
mod pip_list;
mod pip_other;
mod pip_show;
mod pip_sync;
mod pip_uninstall;
mod pip_wheel;
mod pipenv;
mod pipx;
mod pixi;
mod poetry;
mod python;
mod rye;
mod setup_py;
mod shell_command;
mod tox;
mod twine;
mod uv;
mod venv;

pub(crate) use build::is_taken_over as build_is_taken_over;
pub(crate) use setup_py::stays_in as setup_py_stays;
use uvshift_diagnostics::Safety;
pub(crate) use venv::WITHOUT_PIP;

use crate::context::Context;
use crate::engine::Scope;
use crate::invocation::Invocation;

/// What a rule says of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is not for this rule; the next one is asked.
    NotMine,
    /// It stays, and nobody has to be told.
    Keep,
    /// It stays, and that is told: why, and what could be tried by hand.
    Left {
        /// Lower case, no full stop.
        reason: String,
        /// A command.
        suggestion: Option<String>,
    },
    /// Something else takes the place of the invocation (see [`Invocation::span`]); assignments and redirections stay.
    Replace {
        /// The new command; empty: nothing, and what joins it to its neighbours goes too.
        new: String,
        /// Why: lower case, no full stop.
        reason: String,
        /// Whether it does the same.
        safety: Safety,
        /// `sudo` in front goes too.
        without_sudo: bool,
    },
}

/// A rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, such as `pip-install`; its file is `rules/pip_install.rs`.
    pub name: &'static str,
    /// What it does, for the documents.
    pub summary: &'static str,
    /// The programs it is asked about.
    pub programs: &'static [&'static str],
    /// The rule itself.
    pub apply: fn(&Invocation<'_>, &mut Scope, &Context) -> Verdict,
}

impl Verdict {
    /// A replacement that does the same.
    pub(crate) fn safe(new: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Replace { new: new.into(), reason: reason.into(), safety: Safety::Safe, without_sudo: false }
    }

    /// A replacement that a person has to look at.
    pub(crate) fn review(new: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Replace {
            new: new.into(),
            reason: reason.into(),
            safety: Safety::NeedsReview,
            without_sudo: false,
        }
    }

    /// The command stays, and that is told.
    pub(crate) fn left(reason: impl Into<String>) -> Self {
        Self::Left { reason: reason.into(), suggestion: None }
    }
}

/// Every rule, in the order in which they are asked.
pub fn rules() -> &'static [Rule] {
    RULES
}

static RULES: &[Rule] = &[
    uv::RULE,
    pip_bootstrap::RULE,
    pip_install::RULE,
    poetry::RULE,
    pipenv::RULE,
    pdm::RULE,
    hatch::RULE,
    rye::RULE,
    pipx::RULE,
    fetched_installer::RULE,
    setup_py::RULE,
    build::RULE,
    twine::RULE,
    shell_command::RULE,
    tox::RULE,
    python::RULE,
    environment::RULE,
    pip_uninstall::RULE,
    pip_freeze::RULE,
    pip_list::RULE,
    pip_show::RULE,
    pip_check::RULE,
    pip_wheel::RULE,
    pip_cache::RULE,
    pip_other::RULE,
    pip_compile::RULE,
    pip_sync::RULE,
    file_test::RULE,
    get_pip::RULE,
    venv::RULE,
    activate::RULE,
    conda::RULE,
    flit::RULE,
    pixi::RULE,
];
