use std::io;
use std::path::PathBuf;

/// Why a file or folder of a project could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The path is no folder.
    #[error("`{path}` is not a folder")]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// The folder could not be listed.
    #[error("cannot list the files of `{path}`")]
    Walk {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: ignore::Error,
    },
    /// A file could not be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that something names is not there.
    #[error("`{path}` does not exist")]
    Missing {
        /// The file, relative to the project.
        path: String,
    },
    /// A symbolic link leads out of the project.
    #[error("`{path}` leads out of the project")]
    LeadsOut {
        /// The path, relative to the project.
        path: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotAFolder { .. } => Some("give the folder that holds the project"),
            Self::Missing { .. } => Some("restore the file, or remove the line that names it"),
            Self::LeadsOut { .. } => Some("put a copy of the file in the place of the symbolic link"),
            Self::Walk { .. } | Self::Read { .. } => None,
        }
    }
}
