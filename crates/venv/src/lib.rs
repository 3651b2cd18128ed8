//! Python environments: what is in one, a backup of it and the way back, and its recreation with uv at the same place.
//!
//! [`Snapshot::read`] tells an environment from its files, without running anything of it.

mod archive;
mod backup;
mod compare;
mod error;
#[cfg(feature = "failpoints")]
#[doc(hidden)]
pub mod failpoints;
#[cfg(not(feature = "failpoints"))]
mod failpoints;
mod freeze;
mod indexes;
mod inspect;
mod list;
mod local;
mod migrate;
mod record;
mod recreate;
mod restore;
mod snapshot;
mod url;

pub use archive::{
    ArchiveError, ArchiveFault, ArchiveKind, ArchiveProgress, ArchiveStep, ArchiveWatch, Existing, Limits,
    check_archive,
};
pub use backup::{BackupOptions, BackupReport, Destination, LeftOut, LeftOutKind, archive_name, backup};
pub use compare::{Compared, Comparison, Difference, DifferenceKind, Weight, compare};
pub use error::Error;
pub use freeze::{freeze, freeze_without_tools};
pub use indexes::Indexes;
pub use inspect::inspect;
pub use list::{Broken, Found, Home, ListOptions, Listing, Place, list};
pub use local::{LocalChange, LocalKind, local_changes};
pub use migrate::{
    LocalFiles, Migrate, MigrateError, Migrated, OldEnvironment, Plan, Recovered, Sizes, migrate, plan,
    recover,
};
pub use recreate::{
    Allowances, Cause, Made, Offer, Progress, PythonChoice, Recreate, RecreateError, Recreated, Refusal,
    Selection, Step, Uv, Way, recreate,
};
pub use restore::{
    ArchiveContents, Rebuild, RebuildRequest, Rebuilt, RestoreOptions, RestoreRecovered, RestoreReport,
    RestoreWay, inspect_archive, recover_restore, restore,
};
pub use snapshot::{Package, Python, Script, ScriptKind, Snapshot, json};
