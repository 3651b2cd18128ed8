//! Why an environment was not exchanged.

use std::io;
use std::path::PathBuf;

use crate::{Comparison, Error, LocalChange, RecreateError};

/// Why an environment was not exchanged. The old one is at its place and untouched, unless the error says where it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// The environment cannot be read.
    #[error(transparent)]
    Read(#[from] Error),
    /// The path is a link.
    #[error("`{}` is a link to `{}`", path.display(), target.display())]
    Link {
        /// The path.
        path: PathBuf,
        /// Where it leads.
        target: PathBuf,
    },
    /// The folder is a Python itself.
    #[error("`{}` is a Python itself, not an environment", path.display())]
    System {
        /// The folder.
        path: PathBuf,
    },
    /// The folder of the environment is that of a project, too.
    #[error("`{}` is a project as well as an environment: it has `{file}`", path.display())]
    Project {
        /// The folder.
        path: PathBuf,
        /// What shows it.
        file: &'static str,
    },
    /// The environment is one of conda.
    #[error("`{}` is a conda environment", path.display())]
    Conda {
        /// The folder.
        path: PathBuf,
    },
    /// There are files that would be lost.
    #[error("{} of `{}` would be lost", files(changes.len()), path.display())]
    LocalChanges {
        /// The environment.
        path: PathBuf,
        /// Each of them.
        changes: Vec<LocalChange>,
    },
    /// Another run works on the environment.
    #[error("another run works on `{}`", path.display())]
    Busy {
        /// The environment.
        path: PathBuf,
    },
    /// The new environment could not be made.
    #[error("the environment cannot be made anew")]
    Recreate(#[source] RecreateError),
    /// The new environment was made and is not the same.
    #[error("the new environment differs from the old one: {}", first(comparison))]
    Differs {
        /// How they differ.
        comparison: Comparison,
    },
    /// The system does not let the environment be moved: something uses it, or its folder may not be changed.
    #[error("cannot move `{}`", path.display())]
    Locked {
        /// The environment.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The old environment could not be put back. Nothing of it is lost.
    #[error("`{}` could not be put back; it is whole at `{}`", path.display(), old.display())]
    NotPutBack {
        /// Where it belongs.
        path: PathBuf,
        /// Where it is.
        old: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A run was killed, and somebody has put something else at the place of the environment since.
    #[error("`{}` is not what the run that was killed had made; the old environment is whole at `{}`", path.display(), old.display())]
    Stranger {
        /// The place.
        path: PathBuf,
        /// Where the old environment is.
        old: PathBuf,
    },
    /// The folder beside the environment is none of ours, or its journal cannot be read.
    #[error("`{}` is not a folder that a run left: {why}", path.display())]
    State {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        why: String,
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
}

impl MigrateError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Read(error) => error.hint(),
            Self::Link { .. } => Some("name the folder that it leads to"),
            Self::System { .. } => Some("only a folder with `pyvenv.cfg` can be made anew"),
            Self::Project { .. } => {
                Some("make an environment in a folder of its own, such as `.venv`, with `uv venv`")
            }
            Self::Conda { .. } => Some(
                "its packages come from conda; `uvshift venv snapshot` and `backup` work, and `pixi` is conda's own way on",
            ),
            Self::LocalChanges { .. } => {
                Some("take them along with `--local-files carry`, or give them up with `--local-files drop`")
            }
            Self::Busy { .. } => Some("wait until it is done"),
            Self::Recreate(error) => error.hint(),
            Self::Differs { .. } => Some(
                "take the old files with `--carry NAME`, or accept the new ones with `--other-files NAME`",
            ),
            Self::Locked { .. } => Some(
                "end the programs that run from it and close editors that use it; a folder that is mounted, such as a volume of a container, cannot be moved",
            ),
            Self::NotPutBack { .. } => Some("rename that folder by hand, or run the command again"),
            Self::Stranger { .. } => Some("move what is there out of the way and run the command again"),
            Self::State { .. } => Some("look into it, and move it away"),
            Self::Io { .. } => {
                Some("check that the folder above the environment can be written and has room")
            }
        }
    }
}

fn files(count: usize) -> String {
    if count == 1 { "a file".to_owned() } else { format!("{count} files") }
}

fn first(comparison: &Comparison) -> String {
    let mut breaking = comparison.breaking();
    let first = breaking.next().map(ToString::to_string).unwrap_or_default();
    match breaking.count() {
        0 => first,
        more => format!("{first}; and {more} more"),
    }
}
