//! Every source of dependencies but requirements files: one file and one row each.

mod conda;
mod flit;
mod hatch;
mod pdm;
mod pipfile;
mod pixi;
mod pylock;
mod rye;
mod setuptools;

mod entry;
mod index;
mod pins;
mod poetry;
mod tasks;

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
const SOURCES: &[Source] = &[
    Source { name: "setuptools", detect: setuptools::detect, read: setuptools::read },
    Source { name: "Poetry", detect: poetry::detect, read: poetry::read },
    Source { name: "PDM", detect: pdm::detect, read: pdm::read },
    Source { name: "Flit", detect: flit::detect, read: flit::read },
    Source { name: "Hatch", detect: hatch::detect, read: hatch::read },
    Source { name: "rye", detect: rye::detect, read: rye::read },
    Source { name: "Pipfile", detect: pipfile::detect, read: pipfile::read },
    Source { name: "conda", detect: conda::detect, read: conda::read },
    Source { name: "pylock.toml", detect: pylock::detect, read: pylock::read },
    Source { name: "Pixi", detect: pixi::detect, read: pixi::read },
];

/// One source of a project, read.
#[derive(Debug, Clone)]
#[non_exhaustive]
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
    let mut options = options.clone();
    let mut read: Vec<ReadSource> = Vec::new();
    for source in SOURCES {
        let given = Given { tree, pyproject, options: &options };
        if !(source.detect)(&given) {
            continue;
        }
        let mut reading = Reading::default();
        (source.read)(&given, &mut reading)?;
        read.push(ReadSource { name: source.name, reading });
        options.name = options.name.or_else(|| project_name(&read));
    }
    if let Some(first) = read.first_mut() {
        let given = Given { tree, pyproject, options: &options };
        first.reading.diagnostics.extend(setuptools::overlooked(&given));
    }
    Ok(read)
}

/// What the first source that names the project calls it.
pub fn project_name(read: &[ReadSource]) -> Option<String> {
    let mut names = read.iter().map(|source| &source.reading.manifest.metadata.name);
    names.find(|name| !name.is_empty()).cloned()
}

#[cfg(test)]
mod hostile;

/// What the tests of readers share.
#[cfg(test)]
pub(crate) mod testing {
    use uvshift_pyproject::PyProject;

    use crate::{Fate, Ledger, ReadOptions, Reading, Tree, merge, read_sources, write};

    /// What became of a tree.
    pub(crate) struct Read {
        pub(crate) pyproject: String,
        pub(crate) ledger: Ledger,
        pub(crate) diagnostics: Vec<String>,
        /// `path: remove`, `path: keep (why)`, `path: edit` or `path: remove, or` and the new text.
        pub(crate) old_files: Vec<String>,
        pub(crate) reading: Reading,
    }

    /// Reads a tree of these files with whatever sources it has, and writes pyproject.toml.
    pub(crate) fn read_tree(files: &[(&str, &str)]) -> Read {
        read_tree_with(files, &ReadOptions::default())
    }

    /// The same, with options.
    pub(crate) fn read_tree_with(files: &[(&str, &str)], options: &ReadOptions) -> Read {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = Tree::from_disk(folder.path()).unwrap();
        for (path, text) in files {
            tree.lay_over(path, Some(text.as_bytes().to_vec()));
        }
        let before = tree.text("pyproject.toml").map(|text| PyProject::parse(&text).unwrap());
        let sources = read_sources(&tree, before.as_ref(), options).unwrap();
        let reading = merge(sources, Reading::default());
        let pyproject = write(&reading.manifest, before.as_ref()).unwrap().to_string();
        let old_files = reading.old_files.iter().map(|file| match &file.fate {
            Fate::Remove => format!("{}: remove", file.path),
            Fate::RemoveOr(text) => format!("{}: remove, or\n{text}", file.path),
            Fate::Keep(why) => format!("{}: keep ({why})", file.path),
            Fate::Edit(text) => format!("{}: edit\n{text}", file.path),
        });
        Read {
            pyproject,
            ledger: reading.ledger.clone(),
            diagnostics: reading.diagnostics.iter().map(ToString::to_string).collect(),
            old_files: old_files.collect(),
            reading,
        }
    }
}
