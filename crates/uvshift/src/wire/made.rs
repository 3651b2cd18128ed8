//! A migration as JSON.

use uvshift_migrate::{Done, Nothing, Plan};

use super::rows::{
    change, diagnostic, files, kept, ledger, left_alone, lock, members, old_files, pins, secrets, sources,
    verified, wheel,
};
use super::{Command, Inventory, LeftAlone, Migration, Python, Rewrite, Status, Tools, VERSION, WireLedger};

impl Migration {
    /// The same with what `check` found.
    pub(crate) fn with(self, inventory: &uvshift_migrate::inventory::Inventory) -> Self {
        Self { inventory: Some(Inventory::of(inventory)), ..self }
    }

    pub(crate) fn planned(command: Command, plan: &Plan, diff: bool) -> Self {
        let python = plan.python();
        let status = if plan.needs_decision() { Status::NeedsDecision } else { Status::Planned };
        Self {
            version: VERSION,
            command,
            status,
            reason: None,
            python: Some(Python {
                requires_python: python.requires_python,
                because: python.because,
                declared: python.declared,
            }),
            files: files(plan),
            sources: sources(plan),
            members: members(plan),
            old_files: old_files(plan),
            left_alone: left_alone(plan),
            ledger: ledger(&plan.ledger),
            diagnostics: plan.blockers.iter().chain(&plan.diagnostics).map(diagnostic).collect(),
            changes: plan.changes.iter().map(change).collect(),
            diff: diff.then(|| plan.diff()),
            removed: plan.removed.clone(),
            kept: kept(plan),
            secrets: secrets(plan),
            lock: None,
            pins: None,
            verified: None,
            wheels: Vec::new(),
            tools: plan.tools.as_ref().map(|tools| Tools::planned(tools, false)),
            rewrite: plan.rewrite.as_ref().map(|rewrite| Rewrite::planned(rewrite, false)),
            inventory: None,
            journal: None,
        }
    }

    pub(crate) fn migrated(plan: &Plan, done: &Done) -> Self {
        Self {
            status: Status::Migrated,
            lock: done.lock.as_ref().map(lock),
            pins: done.lock.as_ref().map(|_| pins(&done.pins)),
            verified: Some(verified(&done.checked)),
            wheels: done.wheels.iter().map(wheel).collect(),
            journal: Some(done.journal.clone()),
            ..Self::planned(Command::Migrate, plan, false)
        }
    }

    pub(crate) fn nothing(command: Command, nothing: &Nothing) -> Self {
        let (reason, requirements) = match nothing {
            Nothing::AlreadyUv { evidence, requirements } => {
                (format!("already on uv: {evidence}"), requirements.clone())
            }
            Nothing::OnlyProject => ("pyproject.toml says all, and uv reads it".to_owned(), Vec::new()),
            Nothing::NoSources { .. } => ("nothing says what the project depends on".to_owned(), Vec::new()),
        };
        let left = |path| LeftAlone { path, why: "the project is on uv".to_owned() };
        Self {
            version: VERSION,
            command,
            status: Status::NothingToDo,
            reason: Some(reason),
            python: None,
            files: Vec::new(),
            sources: Vec::new(),
            members: Vec::new(),
            old_files: Vec::new(),
            left_alone: requirements.into_iter().map(left).collect(),
            ledger: WireLedger::default(),
            diagnostics: Vec::new(),
            changes: Vec::new(),
            diff: None,
            removed: Vec::new(),
            kept: Vec::new(),
            secrets: Vec::new(),
            lock: None,
            pins: None,
            verified: None,
            wheels: Vec::new(),
            tools: None,
            rewrite: None,
            inventory: None,
            journal: None,
        }
    }
}
