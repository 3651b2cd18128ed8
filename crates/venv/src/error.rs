//! What can go wrong with an environment.

/// Why an environment could not be told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder is no environment, or cannot be read.
    #[error(transparent)]
    Installed(#[from] uvshift_installed::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Installed(_) => Some("name the folder that has `pyvenv.cfg` in it, such as `.venv`"),
        }
    }
}
