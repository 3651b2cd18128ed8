//! Plan changes to a directory tree, show them, apply them as one journalled, undoable transaction.
//!
//! ```
//! use uvshift_changeset::{ChangeSet, RollbackMode, Transaction, rollback};
//!
//! # let folder = tempfile::tempdir()?;
//! # let root = folder.path();
//! # std::fs::write(root.join("requirements.txt"), "flask\n")?;
//! let mut set = ChangeSet::new();
//! set.create("pyproject.toml", "[project]\nname = \"demo\"\n")?;
//! set.delete("requirements.txt", "flask\n")?;
//! assert!(set.diff().contains("-flask"));
//!
//! let mut transaction = Transaction::begin(root, &set, &["uv.lock"], serde_json::json!({ "command": "demo" }))?;
//! transaction.apply()?;
//! // Here a tool writes `uv.lock`.
//! let committed = transaction.commit()?;
//! assert!(!root.join("requirements.txt").exists());
//!
//! assert_eq!(rollback(root, RollbackMode::Check)?.id, committed.id);
//! assert_eq!(std::fs::read(root.join("requirements.txt"))?, b"flask\n");
//! assert!(!root.join("pyproject.toml").exists() && !root.join(".uvshift").exists());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod diff;
mod disk;
mod error;
#[doc(hidden)]
pub mod failpoints;
mod journal;
mod manifest;
mod net;
mod observe;
mod path;
mod plan;
mod restore;
mod set;
mod store;
mod transaction;

pub use error::{Difference, DifferenceKind, Error};
pub use failpoints::failpoint;
pub use journal::{
    JournalEntry, Recovery, RecoveryKind, RollbackMode, RolledBack, is_busy, journals, recover, rollback,
};
pub use manifest::JournalState;
pub use path::TreePath;
pub use restore::SavedFile;
pub use set::{Change, ChangeSet, Summary};
pub use transaction::{Committed, Transaction, Undone};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
