//! What is asked for, what will be done, and what was done.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::{Allowances, Comparison, Indexes, LocalChange, Made, PythonChoice, Refusal, Snapshot, Uv};

/// An environment that is to be made anew with uv at its place.
#[derive(Debug, Clone, Copy)]
pub struct Migrate<'a> {
    /// Its folder.
    pub path: &'a Path,
    /// Its Python afterwards.
    pub python: &'a PythonChoice,
    /// How uv is run.
    pub uv: Uv<'a>,
    /// Where packages come from.
    pub indexes: &'a Indexes,
    /// What may be done for packages that cannot be had just as they were.
    pub allow: &'a Allowances,
    /// What becomes of files that no package brought or that were changed by hand.
    pub local: LocalFiles,
    /// What becomes of the old environment.
    pub old: OldEnvironment,
}

/// What becomes of files that no package brought, and of files that were changed by hand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum LocalFiles {
    /// If there are any, nothing is done and they are told.
    #[default]
    Stop,
    /// They are taken along.
    Carry,
    /// They are lost; the user knows.
    Drop,
}

/// What becomes of the old environment when the new one is at its place and the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum OldEnvironment {
    /// It is removed.
    #[default]
    Remove,
    /// It stays beside the new one, under the name that [`Migrated::kept`] tells.
    Keep,
}

/// What would be done.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The environment as it is.
    pub snapshot: Snapshot,
    /// The Python that the new one gets: a path, or what was asked for.
    pub python: String,
    /// What would become of each package.
    pub packages: Vec<Made>,
    /// Packages that cannot be had, as far as that is known without asking uv.
    pub refusals: Vec<Refusal>,
    /// Files that no package brought or that were changed by hand.
    pub local: Vec<LocalChange>,
    /// Whether it waits for a decision: there are refusals, or local changes that nothing was said about.
    pub needs_decision: bool,
    /// The steps, each a line for the user; commands as they would be run.
    pub steps: Vec<String>,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// What was done.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Migrated {
    /// The environment as it is now.
    pub snapshot: Snapshot,
    /// What was done for each package.
    pub packages: Vec<Made>,
    /// How the new environment was compared with the old one; it holds.
    pub comparison: Comparison,
    /// Files that were taken along, relative to the environment.
    pub carried: Vec<PathBuf>,
    /// Files that were not taken along, as was asked.
    pub dropped: Vec<PathBuf>,
    /// Where the old environment is, if it was to be kept, or could not be removed.
    pub kept: Option<PathBuf>,
    /// The sizes of both, in bytes.
    pub size: Sizes,
    /// How long all of it took.
    pub took: Duration,
    /// How long no environment was at its place.
    pub away: Duration,
    /// What the user should know.
    pub notes: Vec<String>,
}

/// The sizes of an environment before and after, in bytes. A file with several names, such as one that uv links to from its
/// cache, counts as a whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Of the old one.
    pub before: u64,
    /// Of the new one.
    pub after: u64,
}

/// What [`recover`](crate::recover) did with what a run that was killed had left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recovered {
    /// There was nothing to do.
    Nothing,
    /// The old environment had not been touched; what was beside it was removed.
    Untouched,
    /// The old environment was put back.
    PutBack,
    /// The new environment was complete and the same; the rest of the run was done.
    Finished,
}
