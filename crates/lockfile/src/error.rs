use crate::LockKind;

/// Why a lock file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It is no TOML.
    #[error("{kind}:{line}: not valid TOML: {message}")]
    Toml {
        /// Whose lock it is.
        kind: LockKind,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// It is no JSON.
    #[error("{kind}:{line}: not valid JSON: {message}")]
    Json {
        /// Whose lock it is.
        kind: LockKind,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A key is missing, or its value has another type.
    #[error("{kind}:{line}: `{key}` must be {expected}")]
    Type {
        /// Whose lock it is.
        kind: LockKind,
        /// The line, counted from 1.
        line: usize,
        /// The key.
        key: String,
        /// What it has to be.
        expected: &'static str,
    },
    /// The format is newer than this reader.
    #[error("{kind}:{line}: version {found} of the format is not known, only up to {known}")]
    Version {
        /// Whose lock it is.
        kind: LockKind,
        /// The line, counted from 1.
        line: usize,
        /// The version of the file.
        found: String,
        /// The newest major version that is known.
        known: u64,
    },
    /// Neither the name nor the contents tell whose lock it is.
    #[error("`{file}` is no lock file that is known")]
    UnknownKind {
        /// The file as given.
        file: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Toml { kind, .. } | Self::Json { kind, .. } | Self::Type { kind, .. } => match kind {
                LockKind::Uv => "restore the file from version control, or make it anew with `uv lock`",
                LockKind::Pylock => "restore the file from version control, or have its tool write it again",
                LockKind::Poetry => {
                    "restore the file from version control, or make it anew with `poetry lock`"
                }
                LockKind::Pipfile => {
                    "restore the file from version control, or make it anew with `pipenv lock`"
                }
                LockKind::Pdm => "restore the file from version control, or make it anew with `pdm lock`",
            },
            Self::Version { .. } => {
                "use a newer uvshift, or make the lock with a version of its tool that writes the older format"
            }
            Self::UnknownKind { .. } => {
                "give uv.lock, pylock.toml, pylock.NAME.toml, poetry.lock, Pipfile.lock or pdm.lock"
            }
        })
    }

    /// The line, counted from 1.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Toml { line, .. }
            | Self::Json { line, .. }
            | Self::Type { line, .. }
            | Self::Version { line, .. } => Some(*line),
            Self::UnknownKind { .. } => None,
        }
    }
}
