//! What is asked for, what is allowed, and what came of it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::{Indexes, Snapshot};

/// An environment to be made.
#[derive(Debug, Clone, Copy)]
pub struct Recreate<'a> {
    /// What is to be in it.
    pub snapshot: &'a Snapshot,
    /// Its folder, which is not there yet or is empty. Its parent is there.
    pub at: &'a Path,
    /// Its Python.
    pub python: &'a PythonChoice,
    /// How uv is run.
    pub uv: Uv<'a>,
    /// Where packages come from.
    pub indexes: &'a Indexes,
    /// What may be done for packages that cannot be had just as they were.
    pub allow: &'a Allowances,
    /// The tree of the old environment, for [`Allowances::carry`]; its paths below are those of the snapshot. `None` where it
    /// is gone.
    pub old_tree: Option<&'a Path>,
    /// Paths below the old tree that are copied before anything is installed, such as sources of editable installs inside it.
    pub first: &'a [PathBuf],
}

/// How uv is run.
#[derive(Debug, Clone, Copy)]
pub struct Uv<'a> {
    /// The program.
    pub program: &'a Path,
    /// Where it runs: the folder in which it looks for settings of its own, such as that of the project.
    pub folder: &'a Path,
    /// Variables for it, beside those of this process.
    pub variables: &'a [(OsString, OsString)],
}

/// Which Python an environment gets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PythonChoice {
    /// The one that it had, found by its path. It is never downloaded.
    #[default]
    Same,
    /// Another one, as `--python` of uv takes it: a path or a version. It is never downloaded.
    Other(String),
    /// Another one, which uv may download.
    Download(String),
}

/// What the user allows for packages that cannot be had just as they were. Nothing of it is done without being asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowances {
    /// Pre-releases, where settings of uv forbid them: `--pre`.
    pub prereleases: bool,
    /// Packages of an index that may be built from source.
    pub build: Selection,
    /// Packages whose files are copied from the old environment instead of being installed.
    pub carry: BTreeSet<String>,
    /// Packages that are left out.
    pub without: BTreeSet<String>,
    /// Packages whose files may differ from the old ones though the version is the same.
    pub other_files: Selection,
    /// Every index may give any version, as with pip: `--index-strategy unsafe-best-match` of uv.
    pub any_index: bool,
}

/// Some packages, by normalised name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Selection {
    /// None.
    #[default]
    None,
    /// These.
    Of(BTreeSet<String>),
    /// All.
    All,
}

impl Selection {
    /// Whether a package is one of them.
    pub fn has(&self, normalized_name: &str) -> bool {
        match self {
            Self::None => false,
            Self::Of(names) => names.contains(normalized_name),
            Self::All => true,
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step<'a> {
    /// The files of the old environment are compared with what was installed.
    Reading,
    /// uv is asked whether it can have all packages.
    Checking {
        /// How many packages.
        packages: usize,
    },
    /// The environment is made at another place, to see that all goes well.
    Rehearsing,
    /// An empty environment is made.
    Creating,
    /// The packages are installed.
    Installing {
        /// How many packages.
        packages: usize,
    },
    /// The old environment is put aside.
    PuttingAside,
    /// The new environment is compared with the old one.
    Comparing,
    /// The old environment is put back.
    PuttingBack,
    /// What is not needed any more is removed.
    Removing,
    /// A line that uv says, redacted.
    Line(&'a str),
}

/// Hears of each step.
pub type Progress<'a> = dyn FnMut(Step<'_>) + 'a;

/// An environment that was made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Recreated {
    /// What is in it, read back from its files.
    pub snapshot: Snapshot,
    /// What was done for each package, by normalised name.
    pub packages: Vec<Made>,
    /// What the user should know: warnings of uv, redacted, and what could not be kept as it was.
    pub notes: Vec<String>,
}

/// What was done for a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The name as its metadata has it.
    pub name: String,
    /// The version.
    pub version: String,
    /// How it came into the environment.
    pub way: Way,
}

/// How a package came into an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// uv installed it from an index.
    Index,
    /// uv installed it from a repository, at the commit.
    Vcs,
    /// uv installed it from the URL or path of an archive.
    Archive,
    /// uv installed it from its folder.
    Directory,
    /// uv installed it from its folder, editable.
    Editable,
    /// Its files were copied from the old environment.
    Carried,
    /// It was left out, as was asked.
    LeftOut,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 7] = [
        Self::Index,
        Self::Vcs,
        Self::Archive,
        Self::Directory,
        Self::Editable,
        Self::Carried,
        Self::LeftOut,
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Vcs => "vcs",
            Self::Archive => "archive",
            Self::Directory => "directory",
            Self::Editable => "editable",
            Self::Carried => "carried",
            Self::LeftOut => "left-out",
        }
    }
}

/// A package that cannot be had just as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The name as its metadata has it.
    pub name: String,
    /// The version.
    pub version: String,
    /// Why, in a few words.
    pub cause: Cause,
    /// What uv says, redacted; empty where uv was not asked.
    pub reason: String,
    /// What would help, the best first.
    pub offers: Vec<Offer>,
}

/// Why a package cannot be had just as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// No index that is known has the package.
    NotFound,
    /// The index has the package, but not this version.
    NoSuchVersion,
    /// There is only a source distribution.
    OnlySource,
    /// There is no wheel for this Python or platform.
    OtherPlatform,
    /// Settings of uv forbid pre-releases.
    Prerelease,
    /// Its folder or file is gone.
    Gone,
    /// The file is not the one that was installed: its hash differs.
    OtherHash,
    /// Building it failed.
    BuildFailed,
    /// The index or repository wants credentials, or did not answer.
    Unreachable,
    /// Its metadata does not tell what it is: no version, or one that is none.
    Unclear,
    /// uv says something else.
    Other,
}

/// Something that would help and that the user can allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Offer {
    /// Allow pre-releases.
    Prerelease,
    /// Name the index or folder that has it.
    OtherIndex,
    /// Take the version from whichever index has it.
    AnyIndex,
    /// Build it from source.
    BuildFromSource,
    /// Copy its files from the old environment.
    Carry,
    /// Leave it out.
    LeaveOut,
    /// Take another Python.
    OtherPython,
    /// Give uv or git credentials.
    Credentials,
    /// Accept that its files are others.
    OtherFiles,
}

impl Offer {
    /// What the user gives to `uvshift venv migrate` to allow it for a package.
    pub fn flag(self, name: &str) -> String {
        match self {
            Self::Prerelease => "--pre".to_owned(),
            Self::OtherIndex => "--index URL or --find-links FOLDER".to_owned(),
            Self::AnyIndex => "--any-index".to_owned(),
            Self::BuildFromSource => format!("--build {name}"),
            Self::Carry => format!("--carry {name}"),
            Self::LeaveOut => format!("--without {name}"),
            Self::OtherPython => "--python VERSION".to_owned(),
            Self::Credentials => "credentials in `.netrc`, `uv auth login` or git's own store".to_owned(),
            Self::OtherFiles => format!("--other-files {name}"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotFound => "no index that is known has it",
            Self::NoSuchVersion => "no index that is known has this version",
            Self::OnlySource => "there is only a source distribution",
            Self::OtherPlatform => "there is no wheel for this Python or platform",
            Self::Prerelease => "it is a pre-release, which settings of uv forbid",
            Self::Gone => "its folder or file is gone",
            Self::OtherHash => "the file is not the one that was installed",
            Self::BuildFailed => "it could not be built",
            Self::Unreachable => "the server wants credentials or did not answer",
            Self::Unclear => "its metadata does not tell what to install",
            Self::Other => "uv refuses it",
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}: {}", self.name, self.version, self.cause)
    }
}

/// The folder of a path that leads to programs.
pub(crate) fn programs(root: &Path) -> PathBuf {
    root.join(if cfg!(windows) { "Scripts" } else { "bin" })
}
