//! What `verify` and `rollback` print, and what every command prints when it fails.

use serde::Serialize;
use uvshift_changeset::{JournalEntry, Recovery, RolledBack as Undone, SavedFile, TreePath};
use uvshift_migrate::{Checked, PinReport};

use super::rows::{difference, pins, verified};
use super::{Pins, VERSION, Verified, WireDifference};
use crate::failure::Failure;

/// What `verify` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "verification"))]
pub(crate) struct Verification {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "verify")))]
    command: &'static str,
    /// What was compared by meaning.
    verified: Verified,
    /// What became of each exact version.
    pins: Pins,
}

/// What `rollback` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "rolled_back"))]
pub(crate) struct RolledBack {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "rollback")))]
    command: &'static str,
    /// How far it is.
    status: RollbackStatus,
    /// The run that is undone; null where there is none.
    journal: Option<String>,
    /// What was put back, or would be.
    restored: Vec<String>,
    /// Where files are now that were changed since the run.
    saved: Vec<String>,
}

/// How far a rollback is.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum RollbackStatus {
    /// It is done.
    RolledBack,
    /// It was not asked for; nothing is put back.
    Planned,
    /// There is no run to undo.
    NothingToDo,
}

/// What every command prints when it fails.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "failed"))]
pub(crate) struct Failed {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// What went wrong.
    error: String,
    /// Why, the nearest cause first.
    causes: Vec<String>,
    /// What to do about it.
    help: Option<String>,
    /// The exit status, one of `docs/exit-codes.md`.
    #[cfg_attr(test, schemars(range(min = 1, max = 10)))]
    exit: u8,
    /// What is not as before, where that is why.
    differences: Vec<WireDifference>,
}

impl Verification {
    pub(crate) fn of(checked: &Checked, reports: &[PinReport]) -> Self {
        Self { version: VERSION, command: "verify", verified: verified(checked), pins: pins(reports) }
    }
}

impl RolledBack {
    /// What a rollback would put back; nothing without a run to undo.
    pub(crate) fn planned(last: Option<&JournalEntry>) -> Self {
        let files = last.into_iter().flat_map(|entry| &entry.files);
        Self {
            version: VERSION,
            command: "rollback",
            status: if last.is_some() { RollbackStatus::Planned } else { RollbackStatus::NothingToDo },
            journal: last.map(|entry| entry.id.clone()),
            restored: files.map(|path| path.as_str().to_owned()).collect(),
            saved: Vec::new(),
        }
    }

    /// An interrupted run that was undone.
    pub(crate) fn recovered(done: &Recovery) -> Self {
        Self::done(&done.id, &done.restored, &done.saved)
    }

    pub(crate) fn of(done: &Undone) -> Self {
        Self::done(&done.id, &done.restored, &done.saved)
    }

    fn done(id: &str, restored: &[TreePath], saved: &[SavedFile]) -> Self {
        Self {
            version: VERSION,
            command: "rollback",
            status: RollbackStatus::RolledBack,
            journal: Some(id.to_owned()),
            restored: restored.iter().map(|path| path.as_str().to_owned()).collect(),
            saved: saved.iter().map(|saved| saved.backup.display().to_string()).collect(),
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
