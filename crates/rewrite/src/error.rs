/// Why a plan cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file of the project cannot be read.
    #[error(transparent)]
    Tree(#[from] uvshift_tree::Error),
    /// Changes that do not go together.
    #[error("cannot plan the changes")]
    Changes {
        /// What stands in the way.
        #[from]
        source: uvshift_changeset::Error,
    },
    /// A host that nobody knows.
    #[error("`{name}` is no kind of file that can be rewritten")]
    UnknownHost {
        /// What was given.
        name: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Tree(error) => error.hint(),
            Self::Changes { .. } => None,
            Self::UnknownHost { .. } => Some("`uvshift rewrite --list` names the kinds of files"),
        }
    }
}
