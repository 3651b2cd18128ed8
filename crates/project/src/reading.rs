//! What a reader has to know beside the files, and what reading gives.

use std::collections::BTreeSet;

use uvshift_diagnostics::Diagnostic;

use crate::{Ledger, Manifest};

/// How uv shall choose among several indexes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IndexStrategy {
    /// As pip does: the best version of all indexes.
    #[default]
    BestMatch,
    /// As uv does unless told otherwise: the first index that has the package.
    FirstIndex,
}

/// Which build backend the project is to have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BuildBackend {
    /// The one that it has.
    #[default]
    Keep,
    /// hatchling
    Hatchling,
    /// uv's own
    UvBuild,
}

/// What the build backend says of the project when it is asked, which runs its setup.py.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuiltMetadata {
    /// The text of `METADATA` (core metadata).
    pub metadata: String,
    /// The text of `entry_points.txt`.
    pub entry_points: Option<String>,
}

/// What a reader has to know beside the files.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// How uv shall choose among several indexes.
    pub index_strategy: IndexStrategy,
    /// Whether the project can be installed: it has a build system or `[project]`.
    pub installable: bool,
    /// What the project is called, where somebody says it: a group asks for an extra of the project by its name.
    pub name: Option<String>,
    /// Requirements files that the build backend reads as extras, each with its extra: nothing else is made of them.
    pub extra_files: Vec<(String, String)>,
    /// Which build backend the project is to have.
    pub backend: BuildBackend,
    /// What the build backend says, where somebody has asked it.
    pub built: Option<BuiltMetadata>,
}

/// What becomes of a file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It goes, unless something in the project still names it.
    Remove,
    /// It goes; where something still names it, it stays with this text.
    RemoveOr(String),
    /// It stays with this text.
    Edit(String),
    /// It stays as it is, for this reason.
    Keep(String),
}

/// A file that was read, other than pyproject.toml and requirements files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldFile {
    /// The path, relative to the project.
    pub path: String,
    /// What it is, such as `Pipfile` or `the lock of Poetry`.
    pub what: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// What reading one or more sources gave.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What the project needs.
    pub manifest: Manifest,
    /// What became of each directive.
    pub ledger: Ledger,
    /// What there is to say about the files.
    pub diagnostics: Vec<Diagnostic>,
    /// Files with something in them that has no place in pyproject.toml, such as comments alone.
    pub not_carried: BTreeSet<String>,
    /// Whether a line such as `-e .` makes the project a package.
    pub installs_itself: bool,
    /// Files that were read, other than pyproject.toml and requirements files.
    pub old_files: Vec<OldFile>,
    /// Whether the source describes a package, so that what its wheel requires must not change.
    pub is_package: bool,
    /// Whether the source says what the project depends on.
    pub lists_dependencies: bool,
    /// Requirements files that the source names as its own list of dependencies, such as one that setup.py reads.
    pub main_files: Vec<String>,
}
