//! What `--format json` prints. Version 1; the schema is `docs/schema/v1.json`.

pub(crate) mod bench;
mod deps;
mod generate;
mod graph;
mod inventory;
mod rewrite;
mod rows;
mod tools;
pub(crate) mod venv;

use serde::Serialize;
use uvshift_migrate::{Done, Nothing, PinReport, Plan};

use self::rows::{
    change, diagnostic, difference, files, kept, ledger, left_alone, lock, members, old_files, pins, secrets,
    sources, verified, wheel,
};
use crate::failure::Failure;

pub(crate) use deps::{Deps, NotFixed, WireFix};
pub(crate) use generate::{Generated, Templates, Written};
pub(crate) use graph::Graph;
pub(crate) use inventory::Inventory;
pub(crate) use rewrite::{Hosts, Rewrite};
pub(crate) use tools::Tools;

/// The version of everything in this file.
const VERSION: u32 = 1;

/// What `check` and `migrate` print.
#[derive(Debug, Serialize)]
pub(crate) struct Migration {
    version: u32,
    command: &'static str,
    /// `planned`, `migrated`, `needs-decision` or `nothing-to-do`
    status: &'static str,
    reason: Option<String>,
    python: Option<Python>,
    files: Vec<File>,
    sources: Vec<&'static str>,
    members: Vec<String>,
    old_files: Vec<OldFile>,
    left_alone: Vec<LeftAlone>,
    ledger: WireLedger,
    diagnostics: Vec<WireDiagnostic>,
    changes: Vec<Change>,
    diff: Option<String>,
    removed: Vec<String>,
    kept: Vec<Kept>,
    secrets: Vec<Secret>,
    lock: Option<Lock>,
    pins: Option<Pins>,
    verified: Option<Verified>,
    wheels: Vec<WireWheel>,
    tools: Option<Tools>,
    rewrite: Option<Rewrite>,
    inventory: Option<Inventory>,
    journal: Option<String>,
}

/// What came of the wheel of one project.
#[derive(Debug, Serialize)]
struct WireWheel {
    folder: String,
    /// `same`, `not-built` or `not-asked`
    state: &'static str,
    files: Option<usize>,
    accepted: Vec<String>,
    why: Option<String>,
}

#[derive(Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
struct Python {
    requires_python: Option<String>,
    because: Vec<String>,
    declared: bool,
}

#[derive(Debug, Serialize)]
struct File {
    path: String,
    role: &'static str,
    group: Option<String>,
    compiled_from: Option<String>,
    why: String,
}

/// A file of another tool, such as a Pipfile.
#[derive(Debug, Serialize)]
struct OldFile {
    path: String,
    what: String,
    /// `remove`, `edit` or `keep`; `kept` tells whether somebody still names it.
    fate: &'static str,
}

#[derive(Debug, Serialize)]
struct LeftAlone {
    path: String,
    why: String,
}

#[derive(Debug, Default, Serialize)]
struct WireLedger {
    carried: usize,
    changed: usize,
    dropped: usize,
    refused: usize,
    entries: Vec<LedgerEntry>,
}

#[derive(Debug, Serialize)]
struct LedgerEntry {
    file: String,
    line: usize,
    text: String,
    outcome: &'static str,
    to: Option<String>,
    why: Option<String>,
    advice: Option<String>,
}

#[derive(Debug, Serialize)]
struct WireDiagnostic {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: String,
    file: Option<String>,
    line: Option<usize>,
    pip: Option<String>,
    uv: Option<String>,
    help: Option<String>,
}

#[derive(Debug, Serialize)]
struct Change {
    path: String,
    kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Kept {
    path: String,
    why: String,
    references: Vec<Reference>,
}

#[derive(Debug, Serialize)]
struct Reference {
    file: String,
    line: usize,
    text: String,
}

#[derive(Debug, Serialize)]
struct Secret {
    variable: String,
    value: String,
    file: String,
    line: usize,
}

#[derive(Debug, Serialize)]
struct Lock {
    packages: usize,
    pinned: usize,
    unheld: Vec<Unheld>,
    python_raised: Option<PythonRaised>,
    groups_limited: Vec<GroupLimited>,
    groups_apart: Vec<GroupsApart>,
}

#[derive(Debug, Serialize)]
struct GroupsApart {
    groups: [String; 2],
    why: String,
}

#[derive(Debug, Serialize)]
struct GroupLimited {
    /// None for the whole lock.
    group: Option<String>,
    requires_python: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct Unheld {
    name: String,
    version: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct PythonRaised {
    from: String,
    to: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct Pins {
    kept: usize,
    drifted: usize,
    absent: usize,
    entries: Vec<Pin>,
}

#[derive(Debug, Serialize)]
struct Pin {
    name: String,
    version: String,
    state: &'static str,
    locked: Vec<String>,
    why: Option<String>,
    file: String,
    line: usize,
}

#[derive(Debug, Serialize)]
struct Verified {
    requirements: usize,
    constraints: usize,
    settings: usize,
    hashes: usize,
    differences: Vec<WireDifference>,
}

#[derive(Debug, Serialize)]
struct WireDifference {
    place: String,
    what: String,
}

/// What `verify` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Verification {
    version: u32,
    command: &'static str,
    verified: Verified,
    pins: Pins,
}

/// What `rollback` prints.
#[derive(Debug, Serialize)]
pub(crate) struct RolledBack {
    version: u32,
    command: &'static str,
    /// `rolled-back`, `planned` or `nothing-to-do`
    status: &'static str,
    journal: Option<String>,
    restored: Vec<String>,
    saved: Vec<String>,
}

/// What every command prints when it fails.
#[derive(Debug, Serialize)]
pub(crate) struct Failed {
    version: u32,
    error: String,
    causes: Vec<String>,
    help: Option<String>,
    exit: u8,
    differences: Vec<WireDifference>,
}

impl Migration {
    /// The same with what `check` found.
    pub(crate) fn with(self, inventory: &uvshift_migrate::inventory::Inventory) -> Self {
        Self { inventory: Some(Inventory::of(inventory)), ..self }
    }

    pub(crate) fn planned(command: &'static str, plan: &Plan, diff: bool) -> Self {
        let python = plan.python();
        let status = if plan.needs_decision() { "needs-decision" } else { "planned" };
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
            status: "migrated",
            lock: done.lock.as_ref().map(lock),
            pins: done.lock.as_ref().map(|_| pins(&done.pins)),
            verified: Some(verified(&done.checked)),
            wheels: done.wheels.iter().map(wheel).collect(),
            journal: Some(done.journal.clone()),
            ..Self::planned("migrate", plan, false)
        }
    }

    pub(crate) fn nothing(command: &'static str, nothing: &Nothing) -> Self {
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
            status: "nothing-to-do",
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

impl Verification {
    pub(crate) fn of(checked: &uvshift_migrate::Checked, reports: &[PinReport]) -> Self {
        Self { version: VERSION, command: "verify", verified: verified(checked), pins: pins(reports) }
    }
}

impl RolledBack {
    /// What a rollback would put back; nothing without a run to undo.
    pub(crate) fn planned(last: Option<&uvshift_changeset::JournalEntry>) -> Self {
        let files = last.into_iter().flat_map(|entry| &entry.files);
        Self {
            version: VERSION,
            command: "rollback",
            status: if last.is_some() { "planned" } else { "nothing-to-do" },
            journal: last.map(|entry| entry.id.clone()),
            restored: files.map(|path| path.as_str().to_owned()).collect(),
            saved: Vec::new(),
        }
    }

    pub(crate) fn of(done: &uvshift_changeset::RolledBack) -> Self {
        Self {
            version: VERSION,
            command: "rollback",
            status: "rolled-back",
            journal: Some(done.id.clone()),
            restored: done.restored.iter().map(|path| path.as_str().to_owned()).collect(),
            saved: done.saved.iter().map(|saved| saved.backup.display().to_string()).collect(),
        }
    }
}

impl Failed {
    pub(crate) fn of(failure: &Failure) -> Self {
        let differences = match failure {
            Failure::Migrate(uvshift_migrate::Error::Verification { differences }) => differences.as_slice(),
            _ => &[],
        };
        Self {
            version: VERSION,
            error: failure.to_string(),
            causes: failure.causes(),
            help: failure.hint(),
            exit: failure.exit().code(),
            differences: differences.iter().map(difference).collect(),
        }
    }
}
