//! What `--format json` prints. Version 1; the schema `docs/schema/v1.json` is made from these types.

pub(crate) mod bench;
mod deps;
mod generate;
mod graph;
mod inventory;
mod rewrite;
mod rows;
#[cfg(test)]
mod schema;
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
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "migration"))]
pub(crate) struct Migration {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("enum" = ["check", "migrate"])))]
    command: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["planned", "migrated", "needs-decision", "nothing-to-do"])))]
    status: &'static str,
    /// Why there is nothing to do.
    reason: Option<String>,
    python: Option<Python>,
    files: Vec<File>,
    /// What the sources other than requirements files are called, such as `Poetry`.
    sources: Vec<&'static str>,
    /// Folders of the projects below the root that are migrated too.
    members: Vec<String>,
    old_files: Vec<OldFile>,
    left_alone: Vec<LeftAlone>,
    ledger: WireLedger,
    diagnostics: Vec<WireDiagnostic>,
    changes: Vec<Change>,
    /// A unified diff, where nothing was written yet.
    diff: Option<String>,
    removed: Vec<String>,
    kept: Vec<Kept>,
    secrets: Vec<Secret>,
    lock: Option<Lock>,
    pins: Option<Pins>,
    verified: Option<Verified>,
    wheels: Vec<WireWheel>,
    /// With `--with tools`: what `tools` would print.
    tools: Option<Tools>,
    rewrite: Option<Rewrite>,
    /// What `check` found; null for `migrate`.
    inventory: Option<Inventory>,
    /// The run that a rollback undoes.
    journal: Option<String>,
}

/// What came of the wheel of one project.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "wheel"))]
struct WireWheel {
    folder: String,
    #[cfg_attr(test, schemars(extend("enum" = ["same", "not-built", "not-asked"])))]
    state: &'static str,
    /// How many files were compared by content.
    files: Option<usize>,
    /// What differs and does no harm.
    accepted: Vec<String>,
    why: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "python"))]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
struct Python {
    requires_python: Option<String>,
    /// Where that is from, such as `Dockerfile:1`.
    because: Vec<String>,
    /// Whether the owner said so.
    declared: bool,
}

/// A requirements file that is read.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "file"))]
struct File {
    path: String,
    #[cfg_attr(test, schemars(extend("enum" = ["main", "group", "constraints", "compiled", "left-alone"])))]
    role: &'static str,
    group: Option<String>,
    compiled_from: Option<String>,
    why: String,
}

/// A file of another tool, such as a Pipfile.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "old_file"))]
struct OldFile {
    path: String,
    what: String,
    /// `remove`, `edit` or `keep`; `kept` tells whether somebody still names it.
    #[cfg_attr(test, schemars(extend("enum" = ["remove", "edit", "keep"])))]
    fate: &'static str,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "left_alone"))]
struct LeftAlone {
    path: String,
    why: String,
}

/// What became of each directive.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ledger"))]
struct WireLedger {
    carried: usize,
    changed: usize,
    dropped: usize,
    refused: usize,
    entries: Vec<LedgerEntry>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ledger_entry"))]
struct LedgerEntry {
    file: String,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
    /// Without credentials.
    text: String,
    #[cfg_attr(test, schemars(extend("enum" = ["carried", "changed", "dropped", "refused"])))]
    outcome: &'static str,
    to: Option<String>,
    why: Option<String>,
    advice: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "diagnostic"))]
struct WireDiagnostic {
    #[cfg_attr(test, schemars(extend("pattern" = "^[A-Z][0-9]{3}$")))]
    code: &'static str,
    name: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["note", "warning", "error"])))]
    severity: &'static str,
    message: String,
    file: Option<String>,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: Option<usize>,
    /// What pip does.
    pip: Option<String>,
    /// What uv does.
    uv: Option<String>,
    help: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "change"))]
struct Change {
    path: String,
    #[cfg_attr(test, schemars(extend("enum" = ["create", "edit", "delete", "other"])))]
    kind: &'static str,
}

/// An old file that stays.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "kept"))]
struct Kept {
    path: String,
    why: String,
    references: Vec<Reference>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "reference"))]
struct Reference {
    file: String,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
    text: String,
}

/// A variable to set where uv runs.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "secret"))]
struct Secret {
    variable: String,
    /// A reference such as `${TOKEN}`, or a phrase; never a secret.
    value: String,
    file: String,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "lock"))]
struct Lock {
    packages: usize,
    pinned: usize,
    unheld: Vec<Unheld>,
    python_raised: Option<PythonRaised>,
    /// Groups, or the whole lock, that hold only for newer Pythons than the project.
    groups_limited: Vec<GroupLimited>,
    /// Pairs of groups that cannot be installed together, in [tool.uv] conflicts.
    groups_apart: Vec<GroupsApart>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "groups_apart"))]
struct GroupsApart {
    groups: [String; 2],
    why: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "group_limited"))]
struct GroupLimited {
    /// None for the whole lock.
    group: Option<String>,
    requires_python: String,
    why: String,
}

/// A pin that could not hold.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "unheld"))]
struct Unheld {
    name: String,
    version: String,
    why: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "python_raised"))]
struct PythonRaised {
    from: String,
    to: String,
    why: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "pins"))]
struct Pins {
    kept: usize,
    drifted: usize,
    absent: usize,
    entries: Vec<Pin>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "pin"))]
struct Pin {
    name: String,
    version: String,
    #[cfg_attr(test, schemars(extend("enum" = ["kept", "drifted", "absent"])))]
    state: &'static str,
    locked: Vec<String>,
    why: Option<String>,
    file: String,
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "verified"))]
struct Verified {
    requirements: usize,
    constraints: usize,
    settings: usize,
    hashes: usize,
    differences: Vec<WireDifference>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "difference"))]
struct WireDifference {
    place: String,
    what: String,
}

/// What `verify` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "verification"))]
pub(crate) struct Verification {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "verify")))]
    command: &'static str,
    verified: Verified,
    pins: Pins,
}

/// What `rollback` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "rolled_back"))]
pub(crate) struct RolledBack {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "rollback")))]
    command: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["rolled-back", "planned", "nothing-to-do"])))]
    status: &'static str,
    journal: Option<String>,
    /// What was put back, or would be.
    restored: Vec<String>,
    /// Where files are now that were changed since the run.
    saved: Vec<String>,
}

/// What every command prints when it fails.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "failed"))]
pub(crate) struct Failed {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    error: String,
    causes: Vec<String>,
    help: Option<String>,
    #[cfg_attr(test, schemars(range(min = 1, max = 10)))]
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

    /// An interrupted run that was undone.
    pub(crate) fn recovered(done: &uvshift_changeset::Recovery) -> Self {
        Self {
            version: VERSION,
            command: "rollback",
            status: "rolled-back",
            journal: Some(done.id.clone()),
            restored: done.restored.iter().map(|path| path.as_str().to_owned()).collect(),
            saved: done.saved.iter().map(|saved| saved.backup.display().to_string()).collect(),
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
