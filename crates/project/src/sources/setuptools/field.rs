//! One thing that setuptools is told, wherever it is told.

use crate::{Comments, Provenance};

/// Where something is told, and where it is taken out from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Home {
    /// An argument of `setup()`.
    Argument(String),
    /// A key of a section of setup.cfg, spelled as there.
    Key { section: String, key: String },
}

/// One thing that setuptools is told: an argument of `setup()`, a key of `[metadata]` or `[options]`, or a whole
/// section such as `[options.extras_require]`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    /// The attribute of setuptools, such as `install_requires`.
    pub(super) name: String,
    /// Where it is told: one place, or one for each key of a section.
    pub(super) homes: Vec<(Home, Provenance)>,
    /// The first line of it.
    pub(super) from: Provenance,
    /// What is told.
    pub(super) value: Told,
    /// The files that the value comes from.
    pub(super) origins: Vec<Origin>,
}

/// What is told.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Told {
    /// `None`
    Nothing,
    /// A truth value.
    Bool(bool),
    /// A string, or a number as a string.
    Text(String),
    /// A list.
    List(Vec<Part>),
    /// A dictionary.
    Table(Vec<(Part, Told)>),
    /// `find_packages(...)` or `find:`.
    Find(Find),
    /// `attr: package.module.name`
    Attribute(String),
    /// `file: a, b` or what setup.py makes of files.
    Files(Vec<String>),
    /// An object that only running code can make.
    Object(String),
    /// Known only where setup.py runs.
    Unknown { why: String, line: usize },
}

/// A string inside a list or a dictionary.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) from: Provenance,
    /// The marker under which it is there at all.
    pub(super) marker: Option<String>,
    pub(super) comments: Comments,
    /// The requirements file that it was read from.
    pub(super) file: Option<String>,
}

impl Part {
    pub(super) fn new(text: impl Into<String>, from: Provenance) -> Self {
        Self { text: text.into(), from, marker: None, comments: Comments::default(), file: None }
    }
}

/// What `find_packages` is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Find {
    pub(super) namespaces: bool,
    pub(super) folder: String,
    pub(super) include: Vec<String>,
    pub(super) exclude: Vec<String>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// The text of a file, but for space around it.
    Contents(String),
    /// The texts of files and other text besides.
    Joined(Vec<String>),
    /// The lines of a requirements file.
    Requirements(String),
    /// What a Python file assigns to a name.
    Attribute { path: String, name: String },
    /// Computed from the text of a file in another way.
    Excerpt(String),
}

impl Told {
    /// Python's idea of truth: where setup.py tells something false, setup.cfg counts.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Bool(value) => *value,
            Self::Text(text) => !text.is_empty(),
            Self::List(parts) => !parts.is_empty(),
            Self::Table(pairs) => !pairs.is_empty(),
            _ => true,
        }
    }

    /// The strings of a list. A string alone is none.
    pub(super) fn parts(&self) -> Option<&[Part]> {
        match self {
            Self::List(parts) => Some(parts),
            _ => None,
        }
    }

    /// The texts of a list whose items are there everywhere.
    pub(super) fn texts(&self) -> Option<Vec<String>> {
        let parts = self.parts()?;
        parts
            .iter()
            .all(|part| part.marker.is_none())
            .then(|| parts.iter().map(|part| part.text.clone()).collect())
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The entries of a dictionary of strings.
    pub(super) fn pairs(&self) -> Option<Vec<(String, String)>> {
        let Self::Table(pairs) = self else { return None };
        let pair = |(key, value): &(Part, Told)| {
            let everywhere = key.marker.is_none();
            everywhere.then(|| Some((key.text.clone(), value.text()?.to_owned()))).flatten()
        };
        pairs.iter().map(pair).collect()
    }

    /// The entries of a dictionary of lists of strings.
    pub(super) fn lists(&self) -> Option<Vec<(String, Vec<String>)>> {
        let Self::Table(pairs) = self else { return None };
        let pair = |(key, value): &(Part, Told)| {
            let everywhere = key.marker.is_none();
            everywhere.then(|| Some((key.text.clone(), value.texts()?))).flatten()
        };
        pairs.iter().map(pair).collect()
    }

    /// Why nothing can be made of the value without running setup.py.
    pub(super) fn unknown(&self) -> Option<String> {
        match self {
            Self::Unknown { why, .. } => Some(why.clone()),
            Self::Object(name) => Some(format!("`{name}` is code")),
            _ => None,
        }
    }
}
