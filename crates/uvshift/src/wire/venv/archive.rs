//! What `venv backup` and `venv restore` print.

use std::path::Path;

use serde::Serialize;
use uvshift_venv::{ArchiveContents, ArchiveKind, BackupReport, RestoreReport, RestoreWay};

use super::text;
use crate::wire::VERSION;

/// What `venv backup` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_backup"))]
pub(crate) struct Backup {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "venv backup")))]
    command: &'static str,
    /// The archive that was written.
    archive: String,
    /// Its SHA-256, to be noted elsewhere.
    sha256: String,
    /// Its size, in bytes.
    size: u64,
    /// What it holds.
    kind: WireKind,
    /// How many files it holds.
    members: usize,
    /// Their size together, in bytes.
    content_size: u64,
    /// How many packages the environment has.
    packages: usize,
    /// What is not in it.
    left_out: Vec<WireLeftOut>,
    /// Variables and files whose secrets are not in the archive.
    covered: Vec<String>,
}

/// What an archive holds.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum WireKind {
    /// What is needed to make the environment again.
    Light,
    /// Every file, too.
    Full,
}

/// Something that is not in an archive.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_left_out"))]
struct WireLeftOut {
    /// The file, relative to the environment.
    path: String,
    /// Why not.
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

fn kind(kind: ArchiveKind) -> WireKind {
    match kind {
        ArchiveKind::Light => WireKind::Light,
        ArchiveKind::Full => WireKind::Full,
    }
}

/// What `venv restore` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_restore"))]
pub(crate) struct Restore {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "venv restore")))]
    command: &'static str,
    /// How far it is.
    status: RestoreStatus,
    /// What the archive holds.
    archive: WireArchive,
    /// Where the environment is restored.
    environment: String,
    /// The way back.
    way: WireWay,
    /// Once it is done.
    result: Option<WireRestored>,
}

/// How far a restoration is.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum RestoreStatus {
    /// It was not asked for, or not agreed to; nothing is changed.
    Planned,
    /// It is done.
    Restored,
}

/// The way back.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum WireWay {
    /// From the files of the archive.
    Files,
    /// Built again with uv.
    Rebuild,
}

/// What an archive holds.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_archive"))]
struct WireArchive {
    /// What it holds.
    kind: WireKind,
    /// When it was made, such as `2026-11-28T21:13:04Z`.
    created: String,
    /// The version of uvshift that made it.
    uvshift: String,
    /// Where the environment was.
    root: String,
    /// The SHA-256 of the archive.
    sha256: String,
    /// Its size, in bytes.
    size: u64,
    /// The size of its files together, in bytes.
    content_size: u64,
    /// How many files it holds.
    members: usize,
    /// How many packages the environment has.
    packages: usize,
    /// The version of its Python.
    python: Option<String>,
    /// What `pip freeze` said of it.
    freeze: String,
    /// Variables and files whose secrets are not in the archive.
    covered: Vec<String>,
}

/// What was restored.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "venv_restored"))]
struct WireRestored {
    /// How many packages.
    packages: usize,
    /// How many files.
    files: usize,
    /// Links that lead to nothing here.
    dangling: Vec<String>,
    /// Files that could not get their special mode.
    without_bits: Vec<String>,
    /// Where the environment is kept that was there before.
    kept: Option<String>,
    /// What else there is to say.
    notes: Vec<String>,
}

impl Restore {
    pub(crate) fn planned(contents: &ArchiveContents, at: &Path, way: RestoreWay) -> Self {
        Self {
            version: VERSION,
            command: "venv restore",
            status: RestoreStatus::Planned,
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
                RestoreWay::Files => WireWay::Files,
                RestoreWay::Rebuild => WireWay::Rebuild,
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
        Self {
            status: RestoreStatus::Restored,
            result: Some(result),
            ..Self::planned(contents, &done.at, done.way)
        }
    }
}
