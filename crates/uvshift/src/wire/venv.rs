//! What `venv` prints.

use std::path::Path;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::Value;
use uvshift_venv::{
    ArchiveContents, ArchiveKind, BackupReport, Difference, Found, Listing as Listed, LocalChange, LocalKind,
    Made, Migrated, Place, Plan, Refusal, RestoreReport, RestoreWay, Snapshot as Taken, Way, Weight, json,
};

use super::VERSION;

/// What `venv snapshot` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_snapshot"))]
pub(crate) struct Snapshot {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "venv snapshot")))]
    command: &'static str,
    #[cfg_attr(test, schemars(extend("$ref" = "#/$defs/venv_environment")))]
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
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "venv list")))]
    command: &'static str,
    environments: Vec<Row>,
    problems: Vec<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_listed"))]
struct Row {
    path: String,
    name: String,
    prompt: Option<String>,
    place: &'static str,
    project: Option<String>,
    #[cfg_attr(test, schemars(extend("enum" = ["virtual", "conda", "python"])))]
    kind: &'static str,
    python: Option<String>,
    created_by: Option<String>,
    packages: usize,
    /// In bytes.
    size: Option<u64>,
    /// Seconds since 1970.
    modified: Option<u64>,
    broken: Option<String>,
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
        place: place(found.place),
        project: found.project.as_deref().map(text),
        kind: match found.kind {
            uvshift_installed::Kind::Virtual => "virtual",
            uvshift_installed::Kind::Conda => "conda",
            uvshift_installed::Kind::Python => "python",
        },
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

/// A word for where an environment was found.
pub(crate) fn place(place: Place) -> &'static str {
    match place {
        Place::Named => "named",
        Place::Project => "project",
        Place::Tox => "tox",
        Place::Nox => "nox",
        Place::Virtualenvwrapper => "virtualenvwrapper",
        Place::Poetry => "Poetry",
        Place::Pipenv => "Pipenv",
        Place::Hatch => "Hatch",
        Place::Pyenv => "pyenv",
        Place::Conda => "conda",
        _ => "other",
    }
}

/// What `venv migrate` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_migrate"))]
pub(crate) struct Migration {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "venv migrate")))]
    command: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["planned", "needs-decision", "migrated"])))]
    status: &'static str,
    environment: String,
    python: String,
    packages: Vec<WireMade>,
    refusals: Vec<WireRefusal>,
    local_changes: Vec<WireChange>,
    steps: Vec<String>,
    notes: Vec<String>,
    /// Once it is done.
    result: Option<Outcome>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_outcome"))]
struct Outcome {
    compared: WireCompared,
    differences: Vec<WireDifference>,
    carried: Vec<String>,
    dropped: Vec<String>,
    kept: Option<String>,
    /// In bytes.
    size_before: u64,
    size_after: u64,
    seconds: f64,
    seconds_away: f64,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_compared"))]
struct WireCompared {
    distributions: usize,
    files: usize,
    scripts: usize,
    modules: usize,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_difference"))]
pub(super) struct WireDifference {
    breaks: bool,
    package: Option<String>,
    what: &'static str,
    before: String,
    after: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_made_package"))]
struct WireMade {
    name: String,
    version: String,
    #[cfg_attr(test, schemars(extend("enum" = ["index", "vcs", "archive", "directory", "editable", "carried", "left-out", "other"])))]
    way: &'static str,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_refusal"))]
struct WireRefusal {
    name: String,
    version: String,
    cause: String,
    reason: String,
    /// What the user can give to allow it.
    offers: Vec<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_change"))]
struct WireChange {
    path: String,
    #[cfg_attr(test, schemars(extend("enum" = ["patched", "deleted", "loose", "source"])))]
    kind: &'static str,
    package: Option<String>,
    /// In bytes.
    size: u64,
}

impl Migration {
    pub(crate) fn planned(plan: &Plan, status: &'static str) -> Self {
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
            ..Self::planned(plan, "migrated")
        }
    }
}

/// What `venv backup` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_backup"))]
pub(crate) struct Backup {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "venv backup")))]
    command: &'static str,
    archive: String,
    sha256: String,
    /// In bytes.
    size: u64,
    #[cfg_attr(test, schemars(extend("enum" = ["light", "full"])))]
    kind: &'static str,
    members: usize,
    content_size: u64,
    packages: usize,
    left_out: Vec<WireLeftOut>,
    /// Variables and files whose secrets are not in the archive.
    covered: Vec<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_left_out"))]
struct WireLeftOut {
    path: String,
    why: String,
}

impl Backup {
    pub(crate) fn of(done: &BackupReport) -> Self {
        let left_out = done.left_out.iter();
        Self {
            version: VERSION,
            command: "venv backup",
            archive: text(&done.archive),
            sha256: done.sha256.clone(),
            size: done.size,
            kind: kind(done.kind),
            members: done.members,
            content_size: done.content_size,
            packages: done.packages,
            left_out: left_out
                .map(|left| WireLeftOut { path: text(&left.path), why: left.kind.to_string() })
                .collect(),
            covered: done.covered.clone(),
        }
    }
}

fn kind(kind: ArchiveKind) -> &'static str {
    match kind {
        ArchiveKind::Light => "light",
        ArchiveKind::Full => "full",
    }
}

/// What `venv restore` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_restore"))]
pub(crate) struct Restore {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "venv restore")))]
    command: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["planned", "restored"])))]
    status: &'static str,
    archive: WireArchive,
    environment: String,
    #[cfg_attr(test, schemars(extend("enum" = ["files", "rebuild"])))]
    way: &'static str,
    /// Once it is done.
    result: Option<WireRestored>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_archive"))]
struct WireArchive {
    #[cfg_attr(test, schemars(extend("enum" = ["light", "full"])))]
    kind: &'static str,
    created: String,
    uvshift: String,
    root: String,
    sha256: String,
    size: u64,
    content_size: u64,
    members: usize,
    packages: usize,
    python: Option<String>,
    freeze: String,
    covered: Vec<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_restored"))]
struct WireRestored {
    packages: usize,
    files: usize,
    dangling: Vec<String>,
    without_bits: Vec<String>,
    kept: Option<String>,
    notes: Vec<String>,
}

impl Restore {
    pub(crate) fn planned(contents: &ArchiveContents, at: &Path, way: RestoreWay) -> Self {
        Self {
            version: VERSION,
            command: "venv restore",
            status: "planned",
            archive: WireArchive {
                kind: kind(contents.kind),
                created: contents.created.clone(),
                uvshift: contents.uvshift.clone(),
                root: text(&contents.root),
                sha256: contents.sha256.clone(),
                size: contents.size,
                content_size: contents.content_size,
                members: contents.members.len(),
                packages: contents.snapshot.packages.len(),
                python: contents.snapshot.python.version.clone(),
                freeze: contents.freeze.clone(),
                covered: contents.covered.clone(),
            },
            environment: text(at),
            way: match way {
                RestoreWay::Files => "files",
                RestoreWay::Rebuild => "rebuild",
            },
            result: None,
        }
    }

    pub(crate) fn done(contents: &ArchiveContents, done: &RestoreReport) -> Self {
        let result = WireRestored {
            packages: done.snapshot.packages.len(),
            files: done.files,
            dangling: done.dangling.iter().map(|(path, _)| text(path)).collect(),
            without_bits: done.without_bits.iter().map(|path| text(path)).collect(),
            kept: done.kept.as_deref().map(text),
            notes: done.notes.clone(),
        };
        Self { status: "restored", result: Some(result), ..Self::planned(contents, &done.at, done.way) }
    }
}

pub(super) fn difference(found: &Difference) -> WireDifference {
    WireDifference {
        breaks: found.weight == Weight::Breaks,
        package: found.package.clone(),
        what: found.kind.as_str(),
        before: found.before.clone(),
        after: found.after.clone(),
    }
}

fn made(made: &Made) -> WireMade {
    let way = match made.way {
        Way::Index => "index",
        Way::Vcs => "vcs",
        Way::Archive => "archive",
        Way::Directory => "directory",
        Way::Editable => "editable",
        Way::Carried => "carried",
        Way::LeftOut => "left-out",
        _ => "other",
    };
    WireMade { name: made.name.clone(), version: made.version.clone(), way }
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
        LocalKind::Patched { package } => ("patched", Some(package.clone())),
        LocalKind::Deleted { package } => ("deleted", Some(package.clone())),
        LocalKind::Source { package } => ("source", Some(package.clone())),
        _ => ("loose", None),
    };
    WireChange { path: text(&change.path), kind, package, size: change.size }
}

pub(super) fn text(path: &Path) -> String {
    path.display().to_string()
}
