use std::io;
use std::path::PathBuf;

/// Why an environment could not be read at all. What is wrong with one distribution is a [`Problem`](crate::Problem).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder has neither `pyvenv.cfg` nor `conda-meta` nor a site-packages folder.
    #[error("`{path}` is not a Python environment")]
    NotAnEnvironment {
        /// The folder.
        path: PathBuf,
    },
    /// A file or folder could not be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotAnEnvironment { .. } => Some("give the folder that holds pyvenv.cfg or conda-meta"),
            Self::Read { .. } => Some("name an environment that is there and can be read"),
        }
    }
}
