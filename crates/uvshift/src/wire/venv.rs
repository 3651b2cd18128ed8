//! What `venv` prints.

mod archive;

use std::path::Path;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::Value;
use uvshift_installed::Kind;
use uvshift_venv::{
    Difference, DifferenceKind, Found, Listing as Listed, LocalChange, LocalKind, Made, Migrated, Place,
    Plan, Refusal, Snapshot as Taken, Way, Weight, json,
};

use super::VERSION;
use super::words::Word;

pub(crate) use archive::{Backup, Restore};

/// What `venv snapshot` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_snapshot"))]
pub(crate) struct Snapshot {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "venv snapshot")))]
    command: &'static str,
    /// The environment; also `snapshot.json` of an archive.
    #[cfg_attr(test, schemars(with = "Taken"))]
    environment: Value,
}

impl Snapshot {
    pub(crate) fn of(snapshot: &Taken) -> Self {
        Self { version: VERSION, command: "venv snapshot", environment: json::to_json(snapshot) }
    }
}

/// What `venv list` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_list"))]
pub(crate) struct Listing {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "venv list")))]
    command: &'static str,
    /// Every environment that was found.
    environments: Vec<Row>,
    /// Folders that could not be looked into, a sentence each.
    problems: Vec<String>,
}

/// An environment that was found.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_listed"))]
struct Row {
    /// Its folder, absolute.
    path: String,
    /// The name of its folder.
    name: String,
    /// `prompt` of `pyvenv.cfg`.
    prompt: Option<String>,
    /// Where it was found.
    place: Word<Place>,
    /// The project that it belongs to, where something tells.
    project: Option<String>,
    /// What made it: a virtual environment, conda, or a Python itself.
    kind: Word<Kind>,
    /// The version of its Python.
    python: Option<String>,
    /// What made it, with its version where it is told.
    created_by: Option<String>,
    /// How many distributions it has.
    packages: usize,
    /// In bytes; null unless it was measured.
    size: Option<u64>,
    /// When it was changed, in seconds since 1970.
    modified: Option<u64>,
    /// Why it does not work; null where it does.
    broken: Option<String>,
    /// Whether it is the active one.
    active: bool,
}

impl Listing {
    pub(crate) fn of(listing: &Listed) -> Self {
        Self {
            version: VERSION,
            command: "venv list",
            environments: listing.found.iter().map(row).collect(),
            problems: listing.problems.iter().map(ToString::to_string).collect(),
        }
    }
}

fn row(found: &Found) -> Row {
    Row {
        path: text(&found.path),
        name: found.name.clone(),
        prompt: found.prompt.clone(),
        place: Word(found.place),
        project: found.project.as_deref().map(text),
        kind: Word(found.kind),
        python: found.python.clone(),
        created_by: found.created_by.clone(),
        packages: found.packages,
        size: found.size,
        modified: found
            .modified
            .and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok())
            .map(|time| time.as_secs()),
        broken: found.broken.as_ref().map(ToString::to_string),
        active: found.active,
    }
}

/// What `venv migrate` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_migrate"))]
pub(crate) struct Migration {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "venv migrate")))]
    command: &'static str,
    /// How far it is.
    status: MigrationStatus,
    /// The folder of the environment.
    environment: String,
    /// The Python that it is made with.
    python: String,
    /// Every package, and the way it comes.
    packages: Vec<WireMade>,
    /// Packages that cannot be had just as they were.
    refusals: Vec<WireRefusal>,
    /// Files that are not as they were installed.
    local_changes: Vec<WireChange>,
    /// What is done, a sentence each.
    steps: Vec<String>,
    /// What else there is to say.
    notes: Vec<String>,
    /// Once it is done: the comparison.
    result: Option<Outcome>,
}

/// How far the migration of an environment is.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
pub(crate) enum MigrationStatus {
    /// It was not asked for, or not agreed to; nothing is changed.
    Planned,
    /// Something has to be allowed first; nothing is changed.
    NeedsDecision,
    /// It is done.
    Migrated,
}

/// The old environment compared with the new one.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_outcome"))]
struct Outcome {
    /// How much was compared.
    compared: WireCompared,
    /// What is not as before.
    differences: Vec<WireDifference>,
    /// Files that were taken along.
    carried: Vec<String>,
    /// Files that were given up, as was asked.
    dropped: Vec<String>,
    /// Where the old environment is kept.
    kept: Option<String>,
    /// In bytes.
    size_before: u64,
    /// In bytes.
    size_after: u64,
    /// How long it took.
    seconds: f64,
    /// How long the environment was not at its place.
    seconds_away: f64,
}

/// How much was compared.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_compared"))]
struct WireCompared {
    /// How many distributions.
    distributions: usize,
    /// How many files.
    files: usize,
    /// How many programs.
    scripts: usize,
    /// How many modules were imported in both.
    modules: usize,
}

/// Something that is not as before.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_difference"))]
pub(super) struct WireDifference {
    /// Whether it breaks something.
    breaks: bool,
    /// The package that it is about.
    package: Option<String>,
    /// What differs.
    what: Word<DifferenceKind>,
    /// What was there; empty: nothing.
    before: String,
    /// What is there now; empty: nothing.
    after: String,
}

/// A package, and the way it comes.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_made_package"))]
struct WireMade {
    /// The name as its metadata has it.
    name: String,
    /// The version.
    version: String,
    /// How it comes into the environment.
    way: Word<Way>,
}

/// A package that cannot be had just as it was.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_refusal"))]
struct WireRefusal {
    /// The name as its metadata has it.
    name: String,
    /// The version.
    version: String,
    /// What the matter is, in a few words.
    cause: String,
    /// What was found out.
    reason: String,
    /// Flags that allow it in another way.
    offers: Vec<String>,
}

/// A file that is not as it was installed.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_change"))]
struct WireChange {
    /// The file, relative to the environment.
    path: String,
    /// What is the matter with it.
    kind: ChangeKind,
    /// The distribution that it belongs to.
    package: Option<String>,
    /// In bytes.
    size: u64,
}

/// What is the matter with a file.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum ChangeKind {
    /// Its content is not what was installed.
    Patched,
    /// It was installed and is gone.
    Deleted,
    /// No package brought it.
    Loose,
    /// A script that activates the environment, with lines of somebody's own.
    Activation,
    /// What an interrupted installation left; Python does not use it.
    Leftover,
    /// The source of an editable install that is inside the environment.
    Source,
}

impl Migration {
    pub(crate) fn planned(plan: &Plan, status: MigrationStatus) -> Self {
        Self {
            version: VERSION,
            command: "venv migrate",
            status,
            environment: text(&plan.snapshot.root),
            python: plan.python.clone(),
            packages: plan.packages.iter().map(made).collect(),
            refusals: plan.refusals.iter().map(refusal).collect(),
            local_changes: plan.local.iter().map(change).collect(),
            steps: plan.steps.clone(),
            notes: plan.notes.clone(),
            result: None,
        }
    }

    /// What only shows when uv is asked.
    pub(crate) fn refused(plan: &Plan, refusals: &[Refusal]) -> Self {
        Self {
            refusals: refusals.iter().map(refusal).collect(),
            ..Self::planned(plan, MigrationStatus::NeedsDecision)
        }
    }

    pub(crate) fn done(plan: &Plan, done: &Migrated) -> Self {
        let compared = done.comparison.compared;
        let outcome = Outcome {
            compared: WireCompared {
                distributions: compared.distributions,
                files: compared.files,
                scripts: compared.scripts,
                modules: compared.modules,
            },
            differences: done.comparison.differences.iter().map(difference).collect(),
            carried: done.carried.iter().map(|path| text(path)).collect(),
            dropped: done.dropped.iter().map(|path| text(path)).collect(),
            kept: done.kept.as_deref().map(text),
            size_before: done.size.before,
            size_after: done.size.after,
            seconds: done.took.as_secs_f64(),
            seconds_away: done.away.as_secs_f64(),
        };
        Self {
            packages: done.packages.iter().map(made).collect(),
            notes: done.notes.clone(),
            result: Some(outcome),
            ..Self::planned(plan, MigrationStatus::Migrated)
        }
    }
}

pub(super) fn difference(found: &Difference) -> WireDifference {
    WireDifference {
        breaks: found.weight == Weight::Breaks,
        package: found.package.clone(),
        what: Word(found.kind),
        before: found.before.clone(),
        after: found.after.clone(),
    }
}

fn made(made: &Made) -> WireMade {
    WireMade { name: made.name.clone(), version: made.version.clone(), way: Word(made.way) }
}

fn refusal(refusal: &Refusal) -> WireRefusal {
    WireRefusal {
        name: refusal.name.clone(),
        version: refusal.version.clone(),
        cause: refusal.cause.to_string(),
        reason: refusal.reason.clone(),
        offers: refusal.offers.iter().map(|offer| offer.flag(&refusal.name)).collect(),
    }
}

fn change(change: &LocalChange) -> WireChange {
    let (kind, package) = match &change.kind {
        LocalKind::Patched { package } => (ChangeKind::Patched, Some(package.clone())),
        LocalKind::Deleted { package } => (ChangeKind::Deleted, Some(package.clone())),
        LocalKind::Source { package } => (ChangeKind::Source, Some(package.clone())),
        LocalKind::Activation => (ChangeKind::Activation, None),
        LocalKind::Leftover => (ChangeKind::Leftover, None),
        _ => (ChangeKind::Loose, None),
    };
    WireChange { path: text(&change.path), kind, package, size: change.size }
}

pub(super) fn text(path: &Path) -> String {
    path.display().to_string()
}
