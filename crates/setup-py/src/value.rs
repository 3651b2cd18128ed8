//! What an argument of `setup()` is.

/// What is known of a value without running anything.
#[derive(Debug, Clone, PartialEq)]
pub enum Evaluated {
    /// The value is the same wherever setup.py runs, but for the markers of its items.
    Static {
        /// The value itself.
        value: Value,
        /// The files that it was taken from; empty for a value that setup.py itself holds.
        from: Vec<Origin>,
    },
    /// The value is known only where setup.py runs.
    Unknown(Unknown),
}

/// Why a value is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The line of setup.py that cannot be read, from 1.
    pub line: usize,
    /// Why, in plain words.
    pub why: String,
    /// What kind of reason it is.
    pub kind: UnknownKind,
}

/// Kinds of reasons that have an answer of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownKind {
    /// The version comes from the version control system (setuptools-scm and similar).
    VersionControl,
    /// The version comes from versioneer.
    Versioneer,
    /// The value depends on an environment variable.
    EnvironmentVariable,
    /// The value depends on the interpreter or the platform in a way that no marker says.
    Platform,
    /// Anything else that is not understood.
    Other,
}

/// A Python value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// An integer of at most 64 bits.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// A string.
    Str(String),
    /// A list.
    List(Vec<Item>),
    /// A tuple.
    Tuple(Vec<Item>),
    /// A set, in the order in which its items were added.
    Set(Vec<Item>),
    /// A dictionary, in its order.
    Dict(Vec<(Item, Item)>),
    /// `find_packages(...)`, which looks at the folders when setup.py runs.
    FindPackages(FindPackages),
    /// An object that only running code can make, such as `Extension(...)` or a class of cmdclass.
    Object {
        /// The dotted name of what is called or named, such as `setuptools.Extension`.
        name: String,
    },
}

/// A value inside another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The value.
    pub value: Value,
    /// The line of setup.py that holds the value, or that reads the file that does.
    pub line: usize,
    /// The environment marker (PEP 508) under which the item is there at all.
    pub marker: Option<String>,
    /// The files that the value was taken from.
    pub from: Vec<Origin>,
}

/// The arguments of `find_packages` or `find_namespace_packages`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FindPackages {
    /// Folders without `__init__.py` are packages, too.
    pub namespace: bool,
    /// The folder to look in, relative to that of setup.py; empty for that folder itself.
    pub where_: String,
    /// Patterns of packages that are left out.
    pub exclude: Vec<String>,
    /// Patterns of packages that are taken; `*` when not said.
    pub include: Vec<String>,
}

/// Where a value comes from. Paths are relative to the folder of setup.py.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// The value is the text of this file, but for white space around it.
    FileContents {
        /// The file.
        path: String,
    },
    /// The value holds the texts of these files and other text besides.
    Concatenated {
        /// The files, in order.
        paths: Vec<String>,
    },
    /// The value is the list of the requirements of this file: its lines without comments, blank lines and options.
    RequirementsFile {
        /// The file.
        path: String,
    },
    /// The value is that of a name which this Python file assigns.
    Attribute {
        /// The Python file.
        path: String,
        /// The name, such as `__version__`.
        name: String,
    },
    /// The value was computed from the text of this file in some other way.
    Excerpt {
        /// The file.
        path: String,
    },
}

impl Origin {
    /// The files of this origin.
    pub fn paths(&self) -> Vec<&str> {
        match self {
            Self::FileContents { path }
            | Self::RequirementsFile { path }
            | Self::Attribute { path, .. }
            | Self::Excerpt { path } => vec![path],
            Self::Concatenated { paths } => paths.iter().map(String::as_str).collect(),
        }
    }
}

impl Evaluated {
    /// The value, if it is known.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Static { value, .. } => Some(value),
            Self::Unknown(_) => None,
        }
    }

    /// Why the value is not known, if it is not.
    pub fn unknown(&self) -> Option<&Unknown> {
        match self {
            Self::Static { .. } => None,
            Self::Unknown(unknown) => Some(unknown),
        }
    }
}

impl Value {
    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list, tuple or set.
    pub fn items(&self) -> Option<&[Item]> {
        match self {
            Self::List(items) | Self::Tuple(items) | Self::Set(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a dictionary.
    pub fn entries(&self) -> Option<&[(Item, Item)]> {
        match self {
            Self::Dict(entries) => Some(entries),
            _ => None,
        }
    }
}
