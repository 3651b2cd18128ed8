//! Why an environment could not be made.

use std::io;
use std::path::PathBuf;

use uvshift_process::ProcessError;

use crate::{Error, Refusal};

/// Why an environment could not be made. Texts of uv in it are redacted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecreateError {
    /// There is no uv.
    #[error("cannot find uv: `{program}` is not there")]
    UvMissing {
        /// The program that was asked for.
        program: String,
    },
    /// The snapshot is one of a conda environment.
    #[error("`{}` is a conda environment, which uv cannot make", root.display())]
    Conda {
        /// The folder of the snapshot.
        root: PathBuf,
    },
    /// The Python behind the environment is gone.
    #[error("the Python of `{}` is gone{}", root.display(), at(home.as_ref()))]
    PythonGone {
        /// The folder of the snapshot.
        root: PathBuf,
        /// Where it was.
        home: Option<PathBuf>,
    },
    /// uv refuses the Python, or does not find it.
    #[error("uv makes no environment with the Python `{python}`: {reason}")]
    PythonRefused {
        /// The Python that was asked for.
        python: String,
        /// What uv says.
        reason: String,
    },
    /// Something is where the environment is to be.
    #[error("`{}` is there already", path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
    },
    /// Packages cannot be had just as they were.
    #[error("{} cannot be had just as before: {}", packages(refusals.len()), names(refusals))]
    Refused {
        /// Each of them, with the reason and what would help.
        refusals: Vec<Refusal>,
    },
    /// uv refuses all of it, and no package by itself.
    #[error("uv cannot install the packages: {reason}")]
    Together {
        /// What uv says.
        reason: String,
    },
    /// The disk is full.
    #[error("no space is left for `{}`", path.display())]
    DiskFull {
        /// What was written.
        path: PathBuf,
    },
    /// The system refused a file or folder.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was to be done.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// uv could not be run to its end.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// What was made cannot be read back.
    #[error(transparent)]
    Read(#[from] Error),
}

impl RecreateError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::UvMissing { .. } => Some("install uv, or pass `--uv <PATH>`"),
            Self::Conda { .. } => {
                Some("a snapshot and a backup can be made of it; its packages come from conda")
            }
            Self::PythonGone { .. } => Some("install that Python again, or name another one with `--python`"),
            Self::PythonRefused { .. } => Some("name another Python with `--python`"),
            Self::Occupied { .. } => Some("remove it, or name another folder"),
            Self::Refused { .. } => Some("allow one of the offers for each package, or keep the environment"),
            Self::Together { .. } => {
                Some("look at the settings of uv: constraints, overrides, required hashes")
            }
            Self::DiskFull { .. } => Some("make room there, or clean uv's cache with `uv cache prune`"),
            Self::Io { .. } => Some("check that the folder can be written"),
            Self::Process(error) => error.hint(),
            Self::Read(error) => error.hint(),
        }
    }

    /// What the system said of a file, with a full disk told apart.
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Io { action, path, source },
        }
    }
}

fn at(home: Option<&PathBuf>) -> String {
    home.map(|home| format!(": it was `{}`", home.display())).unwrap_or_default()
}

fn packages(count: usize) -> String {
    if count == 1 { "a package".to_owned() } else { format!("{count} packages") }
}

/// The first few names; all of them are in the refusals.
fn names(refusals: &[Refusal]) -> String {
    let mut names: Vec<&str> = refusals.iter().take(5).map(|refusal| refusal.name.as_str()).collect();
    if refusals.len() > names.len() {
        names.push("...");
    }
    names.join(", ")
}
