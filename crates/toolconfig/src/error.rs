/// Why the settings could not be read or a plan not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file of the project cannot be read.
    #[error(transparent)]
    Tree(#[from] uvshift_tree::Error),
    /// pyproject.toml leaves no place for a table.
    #[error("cannot write into pyproject.toml")]
    PyProject {
        /// What stands in the way.
        #[from]
        source: uvshift_pyproject::Error,
    },
    /// Changes that do not go together.
    #[error("cannot plan the changes")]
    Changes {
        /// What stands in the way.
        #[from]
        source: uvshift_changeset::Error,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Tree(error) => error.hint(),
            Self::PyProject { source } => source.hint(),
            Self::Changes { .. } => None,
        }
    }
}
