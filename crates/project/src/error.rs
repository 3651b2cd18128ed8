/// Why a project could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or the folder could not be read.
    #[error(transparent)]
    Tree(#[from] uvshift_tree::Error),
    /// A requirements file could not be decoded.
    #[error("cannot decode `{path}`")]
    Decode {
        /// The file, relative to the project.
        path: String,
        /// Where and why.
        source: uvshift_requirements::DecodeError,
    },
    /// `pyproject.toml` could not be read or edited.
    #[error("cannot use pyproject.toml")]
    PyProject {
        /// Where and why.
        #[from]
        source: uvshift_pyproject::Error,
    },
    /// `pyproject.toml` is not UTF-8, which TOML asks for.
    #[error("pyproject.toml is not UTF-8 (first bad byte at offset {offset})")]
    NotUtf8 {
        /// Offset of the first byte that does not fit.
        offset: usize,
    },
    /// A flag or setting names a file that is not a requirements file of the project.
    #[error("`{flag}` names `{path}`, which is not a file of this project")]
    UnknownFile {
        /// The flag or setting.
        flag: &'static str,
        /// The file as given.
        path: String,
    },
    /// A lock file cannot be read.
    #[error(transparent)]
    Lock(#[from] uvshift_lockfile::Error),
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Tree(error) => error.hint(),
            Self::Decode { source, .. } => source.hint(),
            Self::PyProject { source } => source.hint(),
            Self::Lock(error) => error.hint(),
            Self::NotUtf8 { .. } => Some("save pyproject.toml as UTF-8"),
            Self::UnknownFile { .. } => {
                Some("give the path relative to the project, as `uvshift check` prints it")
            }
        }
    }
}
