//! What `--format json` prints. Version 1; the schema `docs/schema/v1.json` is made from these types.
//!
//! The doc comment of a field is its description in the schema.

pub(crate) mod bench;
mod deps;
mod ended;
mod generate;
mod graph;
mod inventory;
mod made;
mod rewrite;
mod rows;
#[cfg(test)]
mod schema;
mod tools;
pub(crate) mod venv;
mod words;

use serde::Serialize;
use uvshift_diagnostics::Severity;

use self::words::Word;

pub(crate) use deps::{Deps, DepsStatus, NotFixed, WireFix};
pub(crate) use ended::{Failed, RolledBack, Verification};
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
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    command: Command,
    /// How far it is.
    status: Status,
    /// Why there is nothing to do.
    reason: Option<String>,
    /// The Python versions of the project; null where there is nothing to do.
    python: Option<Python>,
    /// Every requirements file that is read, with its role.
    files: Vec<File>,
    /// What the sources other than requirements files are called, such as `Poetry`.
    sources: Vec<&'static str>,
    /// Folders of the projects below the root that are migrated too.
    members: Vec<String>,
    /// Files of other tools, and what becomes of each.
    old_files: Vec<OldFile>,
    /// Files that are named like requirements files and are not read.
    left_alone: Vec<LeftAlone>,
    /// What becomes of each directive.
    ledger: WireLedger,
    /// What there is to say; what stops the migration comes first.
    diagnostics: Vec<WireDiagnostic>,
    /// What is written.
    changes: Vec<Change>,
    /// A unified diff, where nothing was written yet.
    diff: Option<String>,
    /// Old files that go.
    removed: Vec<String>,
    /// Old files that stay.
    kept: Vec<Kept>,
    /// Variables to set where uv runs.
    secrets: Vec<Secret>,
    /// What uv locked; null until it has.
    lock: Option<Lock>,
    /// What became of each exact version; null until uv has locked.
    pins: Option<Pins>,
    /// What was compared by meaning; null until it is written.
    verified: Option<Verified>,
    /// What came of the wheel of each project; empty until it is written.
    wheels: Vec<WireWheel>,
    /// With `--with tools`: what `tools` would print.
    tools: Option<Tools>,
    /// With `--with rewrite`: what `rewrite` would print.
    rewrite: Option<Rewrite>,
    /// What `check` found; null for `migrate`.
    inventory: Option<Inventory>,
    /// The run that a rollback undoes.
    journal: Option<String>,
}

/// The commands that print a migration.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
pub(crate) enum Command {
    Check,
    Migrate,
}

/// How far a migration is.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum Status {
    /// It was not asked for, or not agreed to; nothing is written.
    Planned,
    /// It is done.
    Migrated,
    /// Something has to be decided first; nothing is written.
    NeedsDecision,
    /// There is nothing to migrate, for the `reason`.
    NothingToDo,
}

/// What came of the wheel of one project.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "wheel"))]
struct WireWheel {
    /// The folder of the project; empty for the root.
    folder: String,
    /// What came of it.
    state: WheelState,
    /// How many files were compared by content; null unless it is `same`.
    files: Option<usize>,
    /// What differs and does no harm.
    accepted: Vec<String>,
    /// Why there is no comparison.
    why: Option<String>,
}

/// What came of a wheel.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum WheelState {
    /// Built before and after, with the same content.
    Same,
    /// It could not be built already before.
    NotBuilt,
    /// Nothing was to be built.
    NotAsked,
}

/// The Python versions of a project.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "python"))]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
struct Python {
    /// The range of the new pyproject.toml.
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
    /// The file, relative to the root.
    path: String,
    /// What it is for.
    role: FileRole,
    /// The group that its requirements go to.
    group: Option<String>,
    /// The file that a tool has made it from.
    compiled_from: Option<String>,
    /// Why it has this role.
    why: String,
}

/// What a requirements file is for.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum FileRole {
    /// What the project needs to run.
    Main,
    /// A dependency group.
    Group,
    /// Constraints.
    Constraints,
    /// Made by a tool from another file: its versions are those of the lock.
    Compiled,
    /// It is not read.
    LeftAlone,
}

/// A file of another tool, such as a Pipfile.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "old_file"))]
struct OldFile {
    /// The file, relative to the root.
    path: String,
    /// What it is, for people.
    what: String,
    /// What becomes of it; `kept` tells whether somebody still names it.
    fate: OldFate,
}

/// What becomes of a file of another tool.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum OldFate {
    Remove,
    Edit,
    Keep,
}

/// A file that is not read.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "left_alone"))]
struct LeftAlone {
    /// The file, relative to the root.
    path: String,
    /// Why not.
    why: String,
}

/// What became of each directive.
#[derive(Debug, Serialize, Default)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ledger"))]
struct WireLedger {
    /// How many stand in the result with the same meaning.
    carried: usize,
    /// How many stand there in another form.
    changed: usize,
    /// How many are not needed any more.
    dropped: usize,
    /// For how many uv has nothing, so that a person must decide.
    refused: usize,
    /// Each directive, in the order of files and lines.
    entries: Vec<LedgerEntry>,
}

/// A directive, and what became of it.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ledger_entry"))]
struct LedgerEntry {
    /// The file that it stood in.
    file: String,
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
    /// The directive as written, without credentials.
    text: String,
    /// What became of it.
    outcome: LedgerOutcome,
    /// Where it stands now: a key of pyproject.toml, or `uv.lock`.
    to: Option<String>,
    /// What is different, or why it is not needed or not possible.
    why: Option<String>,
    /// What to do, where a person must decide.
    advice: Option<String>,
}

/// What became of a directive.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum LedgerOutcome {
    /// It stands in the result with the same meaning.
    Carried,
    /// It stands there in another form.
    Changed,
    /// It is not needed any more.
    Dropped,
    /// uv has nothing for it; a person must decide.
    Refused,
}

/// Something to say.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "diagnostic"))]
struct WireDiagnostic {
    /// The stable code, whose heading in `docs/diagnostics.md` tells more.
    #[cfg_attr(test, schemars(regex(pattern = "^[A-Z][0-9]{3}$")))]
    code: &'static str,
    /// The name of the code.
    name: &'static str,
    /// How much it matters.
    severity: Word<Severity>,
    /// What is the matter.
    message: String,
    /// The file that it is about.
    file: Option<String>,
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: Option<usize>,
    /// What pip does.
    pip: Option<String>,
    /// What uv does.
    uv: Option<String>,
    /// What to do about it.
    help: Option<String>,
}

/// A file that is written.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "change"))]
struct Change {
    /// The file, relative to the root.
    path: String,
    /// What is done to it.
    kind: ChangeKind,
}

/// What is done to a file.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum ChangeKind {
    Create,
    Edit,
    Delete,
    /// Its mode, or what a link leads to.
    Other,
}

/// An old file that stays.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "kept"))]
struct Kept {
    /// The file, relative to the root.
    path: String,
    /// Why it stays.
    why: String,
    /// Who names it.
    references: Vec<Reference>,
}

/// A line that names a file.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "reference"))]
struct Reference {
    /// The file that has the line.
    file: String,
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
    /// What stands there, without credentials.
    text: String,
}

/// A variable to set where uv runs.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "secret"))]
struct Secret {
    /// The name of the variable.
    variable: String,
    /// A reference such as `${TOKEN}`, or a phrase; never a secret.
    value: String,
    /// The file that had it.
    file: String,
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

/// What uv locked.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "lock"))]
struct Lock {
    /// How many packages are in the lock, the project too.
    packages: usize,
    /// How many of them have the exact version that the old files held.
    pinned: usize,
    /// Exact versions that could not hold.
    unheld: Vec<Unheld>,
    /// The Python version that the lock needs more than the project asked for.
    python_raised: Option<PythonRaised>,
    /// Groups, or the whole lock, that hold only for newer Pythons than the project.
    groups_limited: Vec<GroupLimited>,
    /// Pairs of groups that cannot be installed together, in `conflicts` of `[tool.uv]`.
    groups_apart: Vec<GroupsApart>,
}

/// Two groups that cannot be installed together.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "groups_apart"))]
struct GroupsApart {
    /// The names of the two.
    groups: [String; 2],
    /// Why not.
    why: String,
}

/// A group that holds only for newer Pythons than the project.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "group_limited"))]
struct GroupLimited {
    /// The group; null for the whole lock.
    group: Option<String>,
    /// The Pythons that it holds for.
    requires_python: String,
    /// Why.
    why: String,
}

/// A pin that could not hold.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "unheld"))]
struct Unheld {
    /// The package.
    name: String,
    /// The version of the old files.
    version: String,
    /// Why it could not hold.
    why: String,
}

/// A project that needs a newer Python than it asked for.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "python_raised"))]
struct PythonRaised {
    /// The oldest Python that was asked for.
    from: String,
    /// The oldest Python that can be had.
    to: String,
    /// Why.
    why: String,
}

/// What became of each exact version.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "pins"))]
struct Pins {
    /// How many are locked as they were.
    kept: usize,
    /// How many are locked in another version.
    drifted: usize,
    /// How many are not in the lock.
    absent: usize,
    /// Each of them.
    entries: Vec<Pin>,
}

/// An exact version of the old files.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "pin"))]
struct Pin {
    /// The package.
    name: String,
    /// The version of the old files.
    version: String,
    /// What became of it.
    state: PinFate,
    /// The versions that are locked now, where they are others.
    locked: Vec<String>,
    /// Why it is not as it was.
    why: Option<String>,
    /// The file that holds it.
    file: String,
    /// The line, counted from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: usize,
}

/// What became of an exact version.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum PinFate {
    Kept,
    Drifted,
    Absent,
}

/// What was compared by meaning.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "verified"))]
struct Verified {
    /// How many requirements.
    requirements: usize,
    /// How many constraints.
    constraints: usize,
    /// How many settings, such as indexes.
    settings: usize,
    /// How many hashes.
    hashes: usize,
    /// What is not as before; empty where nothing was lost.
    differences: Vec<WireDifference>,
}

/// Something that is not as before.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "difference"))]
struct WireDifference {
    /// Where it stood.
    place: String,
    /// What is the matter.
    what: String,
}
