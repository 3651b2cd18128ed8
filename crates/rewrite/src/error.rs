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
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Tree(error) => error.hint().map(str::to_owned),
            Self::Changes { .. } => None,
            Self::UnknownHost { .. } => {
                let names: Vec<&str> = crate::hosts::hosts().iter().map(|host| host.name).collect();
                Some(format!("known are {}", names.join(", ")))
            }
        }
    }
}
