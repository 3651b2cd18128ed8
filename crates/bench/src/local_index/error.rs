//! Why a local index could not be started.

use std::io;
use std::path::PathBuf;

/// Why a local index could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalIndexError {
    /// The folder of the index cannot be made or used.
    #[error("cannot keep packages in `{}`", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no port on loopback, or no thread.
    #[error("cannot listen on loopback")]
    Listen {
        /// What the system said.
        source: io::Error,
    },
    /// An address is none that a package index can have. It is not shown, since it may hold credentials.
    #[error("upstream index number {number} has no address with http, https or file")]
    Upstream {
        /// Its place, counted from 1; pages of links come after the indexes.
        number: usize,
    },
}

impl LocalIndexError {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Folder { .. } => Some("name a folder that you may write to"),
            Self::Upstream { .. } => {
                Some("write the address in full, such as `https://index.example/simple/`")
            }
            Self::Listen { .. } => None,
        }
    }
}
