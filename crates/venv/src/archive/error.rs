//! What can go wrong with an archive.

use std::io;
use std::path::PathBuf;

/// Why an environment was not backed up or restored. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The environment cannot be read.
    #[error("cannot read the environment")]
    Environment {
        /// Why.
        source: crate::Error,
    },
    /// The system refused to read something.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The system refused to write something.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file or folder of the environment changed while it was read.
    #[error("`{}` changed while it was read", path.display())]
    Changed {
        /// The file or folder.
        path: PathBuf,
    },
    /// The name of a file cannot be written down.
    #[error("the name `{}` is not UTF-8", path.display())]
    NotUtf8 {
        /// The file or folder.
        path: PathBuf,
    },
    /// The environment is larger than an archive may be.
    #[error("`{}` is too large for an archive: {what}", path.display())]
    TooLarge {
        /// The environment, or a file of it.
        path: PathBuf,
        /// What there is too much of.
        what: &'static str,
    },
    /// The archive would be a file of the environment that it holds.
    #[error("the archive `{}` would stand inside the environment", path.display())]
    Inside {
        /// The archive.
        path: PathBuf,
    },
    /// There is such a file or folder, and nobody said to replace it.
    #[error("`{}` exists", path.display())]
    Exists {
        /// The archive or the folder.
        path: PathBuf,
    },
    /// What is to be replaced is not what it should be.
    #[error("`{}` is not replaced: {why}", path.display())]
    NotReplaced {
        /// The file or folder.
        path: PathBuf,
        /// What it is.
        why: &'static str,
    },
    /// The archive is not accepted; nothing of it was restored.
    #[error("the archive `{}` is refused", archive.display())]
    Refused {
        /// The archive.
        archive: PathBuf,
        /// What is wrong with it.
        source: ArchiveFault,
    },
    /// The archive is not the one that was meant.
    #[error("the archive `{}` has the SHA-256 {found}, not {expected}", archive.display())]
    OtherArchive {
        /// The archive.
        archive: PathBuf,
        /// What was asked for.
        expected: String,
        /// What it has.
        found: String,
    },
    /// The files of the archive are those of another system.
    #[error("the files of the archive are those of {archived}, and this is {here}")]
    OtherPlatform {
        /// System and architecture of the archive.
        archived: String,
        /// System and architecture here.
        here: String,
    },
    /// The Python that the environment was made with is gone.
    #[error("the base Python of the environment is gone: `{}` leads nowhere", path.display())]
    BasePython {
        /// The link or folder that the environment names.
        path: PathBuf,
    },
    /// What was restored is not what the archive holds.
    #[error("what was restored differs from the archive: {}", differences.join("; "))]
    Differs {
        /// What differs, each in a few words.
        differences: Vec<String>,
    },
    /// uv could not build the environment.
    #[error("the environment cannot be built again")]
    Rebuild {
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// uv is needed and was not given.
    #[error("uv is needed to build the environment again")]
    NoUv,
    /// The environment that was replaced could not be put back.
    #[error("the former environment could not be put back; it is whole, in `{}`", kept.display())]
    NotPutBack {
        /// Where it is.
        kept: PathBuf,
        /// Why.
        source: Box<ArchiveError>,
    },
    /// Another restore works there.
    #[error("another restore works at `{}`", path.display())]
    Busy {
        /// The environment, or the folder beside it that is held.
        path: PathBuf,
    },
    /// The caller asked to stop.
    #[error("interrupted")]
    Interrupted,
}

/// What is wrong with an archive.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveFault {
    /// It ends too early.
    #[error("it is truncated")]
    Truncated,
    /// It is no archive, or broken.
    #[error("it is corrupt: {0}")]
    Corrupt(String),
    /// Something follows its end.
    #[error("there is something after its end")]
    TrailingData,
    /// Its list of members is missing, or larger than any is.
    #[error("its manifest {0}")]
    Manifest(String),
    /// It was written by another uvshift.
    #[error("its version is {0}; this uvshift reads version 1")]
    Version(u64),
    /// The name of a member is not acceptable.
    #[error("the name of the member `{name}` is refused: {why}")]
    Name {
        /// The name, with what is not printable escaped.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A member is not in a folder of the archive: it stands below a link or a file.
    #[error("the member `{0}` stands in no folder of the archive")]
    Through(String),
    /// A member is none of those that an archive may have.
    #[error("the member `{0}` belongs to no archive of an environment")]
    Foreign(String),
    /// A member stands there twice.
    #[error("the member `{0}` stands there twice")]
    Duplicate(String),
    /// A member of the list is not there.
    #[error("the member `{0}` is missing")]
    Missing(String),
    /// A member is not in the list.
    #[error("the member `{0}` is not in the manifest")]
    Unlisted(String),
    /// A member is a device, a hard link, or something else that an archive never has.
    #[error("the member `{name}` is {what}")]
    Kind {
        /// Its name.
        name: String,
        /// What it is.
        what: &'static str,
    },
    /// A member is not what the list says of it.
    #[error("the {what} of the member `{name}` is not that of the manifest")]
    Mismatch {
        /// Its name.
        name: String,
        /// What differs.
        what: &'static str,
    },
    /// It holds more than is allowed.
    #[error("it has {what}, more than {limit}")]
    TooLarge {
        /// What there is too much of.
        what: String,
        /// The limit.
        limit: u64,
    },
    /// A text in it is not what it should be.
    #[error("its `{name}` cannot be understood: {why}")]
    Content {
        /// The member.
        name: String,
        /// What is wrong.
        why: String,
    },
}

impl ArchiveError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Environment { source } => source.hint(),
            Self::Write { source, .. } if is_full(source) => {
                Some("free some space, or choose a folder on another disk")
            }
            Self::Read { .. } | Self::Write { .. } => {
                Some("check that the path exists and that you may use it")
            }
            Self::Changed { .. } => Some("stop what runs in the environment, then try again"),
            Self::NotUtf8 { .. } => Some("rename the file, or make a backup without the tree"),
            Self::TooLarge { .. } => Some("make a backup without the tree"),
            Self::Inside { .. } => Some("choose a folder outside the environment"),
            Self::Exists { .. } => Some("choose another name, or say that it may be replaced"),
            Self::NotReplaced { .. } => Some("name another folder, or remove it yourself"),
            Self::Refused { .. } => Some("use another copy of the archive"),
            Self::OtherArchive { .. } => Some("use the archive that the checksum was noted for"),
            Self::BasePython { .. } => {
                Some("install that Python again, or rebuild the environment with another one by `--python`")
            }
            Self::OtherPlatform { .. } => Some("have the environment built again by uv"),
            Self::NoUv => Some("install uv, or pass `--uv <PATH>`"),
            Self::Busy { .. } => Some("wait until it is done"),
            Self::NotPutBack { .. } => Some("move that folder back to its place"),
            Self::Rebuild { source } => source.downcast_ref().and_then(crate::RecreateError::hint),
            Self::Differs { .. } | Self::Interrupted => None,
        }
    }

    /// Reading `path` failed.
    pub(crate) fn read(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::Read { path, source }
    }

    /// Writing `path` failed.
    pub(crate) fn write(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::Write { path, source }
    }
}

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}
