//! Python environments: what is in one, a backup of it and the way back, and its recreation with uv at the same place.
//!
//! [`Snapshot::read`] tells an environment from its files, without running anything of it; [`freeze`] and [`inspect`] are what pip
//! prints of it. [`list`] finds environments.
//!
//! Feature `archive`, on by default: backups and their restoration, with tar and zstd. Without it no C compiler is needed.
//!
//! ```
//! use uvshift_venv::{Snapshot, freeze};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let info = folder.path().join("lib/python3.11/site-packages/Flask-3.0.dist-info");
//! # std::fs::create_dir_all(&info)?;
//! # std::fs::write(info.join("METADATA"), "Name: Flask\nVersion: 3.0\n")?;
//! # std::fs::write(info.join("entry_points.txt"), "[console_scripts]\nflask = flask.cli:main\n")?;
//! # std::fs::write(folder.path().join("pyvenv.cfg"), "uv = 0.13.9\nversion_info = 3.11.7\n")?;
//! let snapshot = Snapshot::read(folder.path())?;
//! assert_eq!(snapshot.created_by.as_deref(), Some("uv 0.13.9"));
//! assert_eq!(snapshot.python.version.as_deref(), Some("3.11.7"));
//! assert_eq!(snapshot.packages[0].scripts[0].name, "flask");
//! assert_eq!(freeze(&snapshot), "Flask==3.0\n");
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "archive")]
mod archive;
#[cfg(feature = "archive")]
mod backup;
mod compare;
#[cfg_attr(not(feature = "archive"), expect(dead_code, reason = "most of it is for archives"))]
mod disk;
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
mod place;
mod record;
mod recreate;
#[cfg(feature = "archive")]
mod restore;
mod snapshot;
mod url;

#[cfg(feature = "archive")]
pub use archive::{
    ArchiveError, ArchiveFault, ArchiveKind, ArchiveProgress, ArchiveStep, ArchiveWatch, Existing, Limits,
    check_archive,
};
#[cfg(feature = "archive")]
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
#[cfg(feature = "archive")]
pub use restore::{
    ArchiveContents, Rebuild, RebuildRequest, Rebuilt, RestoreOptions, RestoreRecovered, RestoreReport,
    RestoreWay, inspect_archive, recover_restore, restore,
};
pub use snapshot::{Package, Python, Script, ScriptKind, Snapshot, json};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
