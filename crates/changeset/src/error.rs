//! What can go wrong, and what the user can do about it.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::path::TreePath;

/// Why a plan, an apply, a recovery or a rollback did not happen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The path is not one a change set may name.
    #[error("`{path}` cannot be changed: {problem}")]
    Path {
        /// The path as given.
        path: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The change contradicts an earlier one of the same set.
    #[error("the plan contradicts itself at `{path}`: {problem}")]
    Conflict {
        /// Where.
        path: TreePath,
        /// How.
        problem: &'static str,
    },
    /// The root is missing or is no folder.
    #[error("`{path}` is not a folder", path = path.display())]
    Root {
        /// The root as given.
        path: PathBuf,
    },
    /// Files are not as they were when the plan was made.
    #[error("changed since the plan was made: {}", list(differences))]
    Changed {
        /// Every file that differs.
        differences: Vec<Difference>,
    },
    /// A file to change is a symbolic link.
    #[error("`{path}` is a symbolic link to `{target}`")]
    Symlink {
        /// The link.
        path: TreePath,
        /// Where it leads.
        target: PathBuf,
    },
    /// A folder above a file to change is a symbolic link.
    #[error("`{path}` cannot be changed: its folder `{link}` is a symbolic link to `{target}`")]
    SymlinkedParent {
        /// The file.
        path: TreePath,
        /// The folder that is a link.
        link: TreePath,
        /// Where it leads.
        target: PathBuf,
    },
    /// Something other than a file is where a file should be.
    #[error("`{path}` is {found}, not a file")]
    NotAFile {
        /// Where.
        path: TreePath,
        /// What is there, with its article.
        found: &'static str,
    },
    /// Something other than a folder is where a folder should be.
    #[error("`{path}` cannot be reached: `{parent}` is not a folder")]
    NotAFolder {
        /// The file.
        path: TreePath,
        /// What should be its folder.
        parent: TreePath,
    },
    /// The file runs as somebody else, which a copy of it must not.
    #[error("`{path}` has the special mode {mode:o}")]
    SpecialMode {
        /// The file.
        path: TreePath,
        /// Its mode.
        mode: u32,
    },
    /// Another run has the lock.
    #[error("another run is changing `{root}`", root = root.display())]
    Busy {
        /// The tree.
        root: PathBuf,
    },
    /// An earlier run was interrupted and has to be dealt with first.
    #[error("an earlier run was interrupted: journal {id} is unfinished")]
    Pending {
        /// The journal.
        id: String,
    },
    /// The state folder or a part of it is not what this crate makes.
    #[error("`{path}` {problem}", path = path.display())]
    StateFolder {
        /// The part.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The journal cannot be trusted.
    #[error("the journal `{folder}` is damaged: {problem}", folder = folder.display())]
    Corrupt {
        /// Where it lies, originals included.
        folder: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// The journal is of another version of this crate.
    #[error("the journal `{folder}` has version {found}, this program knows version 1", folder = folder.display())]
    Version {
        /// Where it lies.
        folder: PathBuf,
        /// Its version.
        found: u64,
    },
    /// The path is no part of the transaction.
    #[error("`{path}` is not part of the transaction")]
    NotInTransaction {
        /// The path as given.
        path: String,
    },
    /// The call does not fit what was done before.
    #[error("{problem}")]
    OutOfOrder {
        /// What was called when.
        problem: &'static str,
    },
    /// A checked rollback found work that it would destroy.
    #[error("changed since the last run: {}", list(differences))]
    ChangedSince {
        /// The journal that was to be rolled back.
        id: String,
        /// Every file that differs from what the run left.
        differences: Vec<Difference>,
    },
    /// There is no committed run.
    #[error("there is nothing to roll back in `{root}`", root = root.display())]
    NothingToRollBack {
        /// The tree.
        root: PathBuf,
    },
    /// The file system said no.
    #[error("cannot {action} `{path}`", path = path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl Error {
    /// What the user can do, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Changed { .. } => {
                Some("nothing was changed; run again to plan with the files as they are now")
            }
            Self::Symlink { .. } => {
                Some("name the file that the link leads to, or replace the link by a file")
            }
            Self::SymlinkedParent { .. } => {
                Some("name the file by its real folder, or replace the link by a folder")
            }
            Self::NotAFile { .. } | Self::NotAFolder { .. } => Some("move it out of the way and run again"),
            Self::SpecialMode { .. } => {
                Some("take the setuid, setgid or sticky bit away with `chmod`, then run again")
            }
            Self::Busy { .. } => Some("wait until it is done, then run again"),
            Self::Pending { .. } => Some("recover first; every command that writes does so when it starts"),
            Self::StateFolder { .. } => Some("this program never makes it so; look at it and remove it"),
            Self::Corrupt { .. } => Some(
                "nothing was changed; the files `original-N` in that folder are the old contents: copy back what you need, then remove the folder",
            ),
            Self::Version { .. } => Some("use the version of this program that wrote the journal"),
            Self::ChangedSince { .. } => Some(
                "nothing was changed; force the rollback to set these files aside under `.uvshift/backup` first",
            ),
            Self::Root { .. } => Some("name an existing folder"),
            Self::Io { source, .. } => io_hint(source.kind()),
            Self::Path { .. }
            | Self::Conflict { .. }
            | Self::NotInTransaction { .. }
            | Self::OutOfOrder { .. }
            | Self::NothingToRollBack { .. } => None,
        }
    }

    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.into(), source }
    }
}

fn io_hint(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Some("free some disk space, then run again")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            Some("make the folder writable for this user, then run again")
        }
        _ => None,
    }
}

/// One file that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The file.
    pub path: TreePath,
    /// In what it differs.
    pub kind: DifferenceKind,
}

/// In what a file differs from what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// Other bytes, or another link target.
    Content,
    /// Another mode.
    Mode,
    /// A file became a link or a folder, or the other way round.
    Kind,
    /// It is gone.
    Missing,
    /// It is there and should not be.
    Exists,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = match self.kind {
            DifferenceKind::Content => "content",
            DifferenceKind::Mode => "mode",
            DifferenceKind::Kind => "kind",
            DifferenceKind::Missing => "missing",
            DifferenceKind::Exists => "exists",
        };
        write!(formatter, "`{}` ({said})", self.path)
    }
}

fn list(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
