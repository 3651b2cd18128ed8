//! A move to uv: planned, tried, taken back.

use std::path::Path;

use serde::Serialize;
use uvshift_migrate::{
    Error as MigrateError, LockStrategy, Options, Planned, RollbackMode, Silent, SystemRunner, Uv, execute,
    plan, recover, rollback,
};

use crate::Error;

/// What a move to uv would do.
#[derive(Debug, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Migration {
    /// There is nothing to move.
    NothingToDo,
    /// Everything is decided.
    Ready { ledger: Vec<Directive>, diff: String, removed: Vec<String> },
    /// A person has to decide about some lines.
    NeedsDecision { ledger: Vec<Directive>, blockers: Vec<String> },
}

/// A line of the old files and what becomes of it.
#[derive(Debug, Serialize)]
pub struct Directive {
    /// `file:line`
    pub from: String,
    pub text: String,
    /// `carried`, `changed`, `dropped` or `refused`.
    pub outcome: &'static str,
}

/// How a trial went. Whatever it is, the repository is as it was.
#[derive(Debug, Serialize)]
#[serde(tag = "trial", rename_all = "kebab-case")]
pub enum Trial {
    /// There is nothing to try yet.
    NotTried,
    /// It works: everything was compared by meaning, and put back.
    Works { compared: usize, locked: Option<usize>, changed: Vec<String>, restored: Vec<String> },
    /// uv finds no solution, or no index.
    NoLock { said: String },
    /// The result would not be the same.
    Differs { places: Vec<String> },
}

/// Plans a move without changing anything.
pub(crate) fn planned(root: &Path) -> Result<Migration, Error> {
    let plan = match plan(root, &Options::default())? {
        Planned::Plan(plan) => plan,
        // More may come; whatever it is, it is no plan.
        _ => return Ok(Migration::NothingToDo),
    };
    let directive = |entry: &uvshift_migrate::Entry| Directive {
        from: entry.from.to_string(),
        text: entry.text.clone(),
        outcome: entry.outcome.as_str(),
    };
    let ledger = plan.ledger.entries().iter().map(directive).collect();
    if plan.needs_decision() {
        let blockers = plan.blockers.iter().map(ToString::to_string).collect();
        return Ok(Migration::NeedsDecision { ledger, blockers });
    }
    Ok(Migration::Ready { ledger, diff: plan.diff(), removed: plan.removed.clone() })
}

/// Moves the repository to uv and back again. Without a `uv` nothing is locked.
pub fn try_migration(root: &Path, uv: Option<&Uv>) -> Result<Trial, Error> {
    // Whoever was killed here before left a journal, and is undone first.
    recover(root)?;
    let mut options = Options::default();
    if uv.is_none() {
        options.lock = LockStrategy::None;
    }
    let plan = match plan(root, &options)? {
        Planned::Plan(plan) if !plan.needs_decision() => plan,
        _ => return Ok(Trial::NotTried),
    };
    let done = match execute(&plan, uv, &SystemRunner::new(), &mut Silent) {
        Ok(done) => done,
        Err(MigrateError::LockFailed { stderr }) => return Ok(Trial::NoLock { said: stderr }),
        Err(MigrateError::Verification { differences }) => {
            let places = differences.into_iter().map(|found| found.place).collect();
            return Ok(Trial::Differs { places });
        }
        Err(other) => return Err(other.into()),
    };
    let undone = rollback(root, RollbackMode::Check)?;
    Ok(Trial::Works {
        compared: done.checked.requirements,
        locked: done.lock.map(|lock| lock.packages),
        changed: done.changed,
        restored: undone.restored.iter().map(ToString::to_string).collect(),
    })
}
