//! What every lock comes to.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::Error;

/// Whose lock it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockKind {
    /// `uv.lock`.
    Uv,
    /// `pylock.toml` or `pylock.NAME.toml`, PEP 751.
    Pylock,
    /// `poetry.lock`.
    Poetry,
    /// `Pipfile.lock`.
    Pipfile,
    /// `pdm.lock`.
    Pdm,
}

impl LockKind {
    /// The kind by the name of the file; folders before it do not matter.
    pub fn of_name(file_name: &str) -> Option<Self> {
        let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
        match name {
            "uv.lock" => Some(Self::Uv),
            "poetry.lock" => Some(Self::Poetry),
            "Pipfile.lock" => Some(Self::Pipfile),
            "pdm.lock" => Some(Self::Pdm),
            "pylock.toml" => Some(Self::Pylock),
            _ => {
                // PEP 751: `^pylock\.([^.]+)\.toml$`.
                let middle = name.strip_prefix("pylock.")?.strip_suffix(".toml")?;
                (!middle.is_empty() && !middle.contains('.')).then_some(Self::Pylock)
            }
        }
    }

    /// The customary name of the file.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Uv => "uv.lock",
            Self::Pylock => "pylock.toml",
            Self::Poetry => "poetry.lock",
            Self::Pipfile => "Pipfile.lock",
            Self::Pdm => "pdm.lock",
        }
    }
}

impl fmt::Display for LockKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.file_name())
    }
}

/// A lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Whose lock it is.
    pub kind: LockKind,
    /// What it says of itself.
    pub metadata: LockMetadata,
    /// The packages, sorted by name; those of one name in the order of the file. A name can have several entries:
    /// versions for several environments, one entry for each category (`Pipfile.lock`) or set of extras (`pdm.lock`).
    pub packages: Vec<Package>,
}

impl Lock {
    /// Reads the text of `uv.lock`, as [`parse_uv`](crate::parse_uv) does.
    pub fn parse(text: &str) -> Result<Self, Error> {
        crate::parse_uv(text)
    }

    pub(crate) fn new(kind: LockKind, metadata: LockMetadata, mut packages: Vec<Package>) -> Self {
        packages.sort_by(|left, right| left.name.cmp(&right.name));
        Self { kind, metadata, packages }
    }

    /// The entries of a package, by its normalised name.
    pub fn versions(&self, name: &str) -> &[Package] {
        let start = self.packages.partition_point(|package| package.name.as_str() < name);
        let rest = self.packages.get(start..).unwrap_or_default();
        let length = rest.partition_point(|package| package.name == name);
        rest.get(..length).unwrap_or_default()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.packages.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.packages.is_empty()
    }
}

/// What a lock says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LockMetadata {
    /// The version of the format as written: `1` (uv), `1.0` (PEP 751), `2.1` (Poetry), `6` (Pipfile), `4.5.0` (PDM).
    pub version: Option<String>,
    /// The hash of what the lock was made from. Poetry's is bare hexadecimal, PDM's and Pipenv's say `sha256:`.
    pub content_hash: Option<String>,
    /// The Python versions as written; for `Pipfile.lock` a version such as `3.12` or `3.12.1`, and no range.
    pub requires_python: Option<String>,
    /// Markers of the environments that the lock is for. Empty: any, or the lock does not say.
    pub environments: Vec<String>,
    /// The groups or categories that the lock covers, if it says so.
    pub groups: Vec<String>,
    /// The extras of the project itself that the lock covers, each with the packages that it brings where they are told.
    pub extras: BTreeMap<String, Vec<String>>,
    /// The indexes by name, with their URLs as written, credentials included. `Pipfile.lock` only.
    pub indexes: BTreeMap<String, String>,
    /// How the lock was made: PDM's `strategy`, such as `cross_platform`.
    pub strategy: Vec<String>,
    /// The projects of a workspace, by normalised name. `uv.lock` only; empty where there is but one project.
    pub members: Vec<String>,
}

/// One version of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The normalised name.
    pub name: String,
    /// The version; none where it is dynamic or not told, as for an editable path.
    pub version: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// The environments that it is installed in, as a marker by PEP 508 (and PEP 751 with its `extras` and `dependency_groups`).
    /// Where the lock has several markers they are joined by `or`.
    pub marker: Option<String>,
    /// The Python versions that the package itself asks for, as written.
    pub requires_python: Option<String>,
    /// The groups or categories that need it, in the words of the tool: `main` and `dev` (Poetry), `default` and
    /// `develop` (Pipfile), `default` (PDM). Empty for uv, whose groups are edges.
    pub groups: Vec<String>,
    /// The extras that are installed with it (`Pipfile.lock`, `pdm.lock`).
    pub extras: Vec<String>,
    /// The extras that it has, where the lock tells.
    pub provides_extras: BTreeSet<String>,
    /// Whether it is only installed for an extra of the project (`poetry.lock`).
    pub optional: bool,
    /// What it needs.
    pub dependencies: Vec<Edge>,
    /// `sha256:...` of each file.
    pub hashes: BTreeSet<String>,
    /// The size of each file in bytes, as far as the lock tells (`uv.lock`, `pylock.toml`), in its order.
    pub sizes: Vec<u64>,
    /// The line of its entry, counted from 1.
    pub line: usize,
}

impl Package {
    pub(crate) fn new(name: &str, line: usize) -> Self {
        Self {
            name: uvshift_requirements::normalize_name(name),
            version: None,
            source: Source::Index(None),
            marker: None,
            requires_python: None,
            groups: Vec::new(),
            extras: Vec::new(),
            provides_extras: BTreeSet::new(),
            optional: false,
            dependencies: Vec::new(),
            hashes: BTreeSet::new(),
            sizes: Vec::new(),
            line,
        }
    }

    /// Whether it comes from an index rather than from version control, a URL or a path.
    pub fn from_index(&self) -> bool {
        matches!(self.source, Source::Index(_))
    }
}

/// Where a package comes from. URLs stand as in the file, credentials included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An index, or a folder of files that serves as one: its URL, if the lock tells.
    Index(Option<String>),
    /// Version control.
    Vcs {
        /// `git`, `hg`, `svn`, `bzr`.
        tool: String,
        /// The repository, without `git+`, query and fragment.
        url: String,
        /// The branch, tag or commit that was asked for.
        reference: Option<String>,
        /// The commit that it came to.
        commit: Option<String>,
        /// The folder of the package within the repository.
        subdirectory: Option<String>,
    },
    /// An archive at a URL.
    Url {
        /// The URL.
        url: String,
        /// The folder of the package within the archive.
        subdirectory: Option<String>,
    },
    /// A file or folder, relative to the lock as a rule.
    Path {
        /// The path as written.
        path: String,
        /// Whether it is installed as editable.
        editable: bool,
    },
}

/// What a package needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The normalised name.
    pub name: String,
    /// The extras that are asked for.
    pub extras: Vec<String>,
    /// The versions in the tool's own words: `^1.2` in an old `poetry.lock`, `==1.2` for an edge of `uv.lock` that
    /// chooses one of several versions. None: any.
    pub specifier: Option<String>,
    /// When it is needed.
    pub marker: Option<String>,
    /// What of the package needs it.
    pub scope: EdgeScope,
}

impl Edge {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: uvshift_requirements::normalize_name(name),
            extras: Vec::new(),
            specifier: None,
            marker: None,
            scope: EdgeScope::Main,
        }
    }
}

/// What of a package needs something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeScope {
    /// The package itself.
    Main,
    /// One of its extras; Poetry does not say which one and gives an empty name.
    Extra(String),
    /// One of its dependency groups (`uv.lock`).
    Group(String),
}
