//! Every source of dependencies but requirements files: one file and one row each.

use uvshift_pyproject::PyProject;

use crate::{Error, ReadOptions, Reading, Tree};

/// What a reader is given. Files that the user wants left alone are not in the tree.
pub(crate) struct Given<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) pyproject: Option<&'a PyProject>,
    pub(crate) options: &'a ReadOptions,
}

/// A kind of source.
struct Source {
    name: &'static str,
    detect: fn(&Given<'_>) -> bool,
    read: fn(&Given<'_>, &mut Reading) -> Result<(), Error>,
}

/// All kinds. What describes a package comes first, because it says what the others add to.
const SOURCES: &[Source] = &[];

/// One source of a project, read.
#[derive(Debug, Clone)]
pub struct ReadSource {
    /// What it is called, such as `Poetry`.
    pub name: &'static str,
    /// What it gave.
    pub reading: Reading,
}

/// Reads every source that the project has, requirements files excepted.
pub fn read_sources(
    tree: &Tree,
    pyproject: Option<&PyProject>,
    options: &ReadOptions,
) -> Result<Vec<ReadSource>, Error> {
    let given = Given { tree, pyproject, options };
    let found = SOURCES.iter().filter(|source| (source.detect)(&given));
    found
        .map(|source| {
            let mut reading = Reading::default();
            (source.read)(&given, &mut reading)?;
            Ok(ReadSource { name: source.name, reading })
        })
        .collect()
}
