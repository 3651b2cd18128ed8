use std::fmt;
use std::path::PathBuf;

/// Something in an environment that is broken or cannot be understood. The rest of the environment was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// What is wrong with a file of an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A distribution without `METADATA` or `PKG-INFO`; name and version are those of the folder, where it has them.
    NoMetadata,
    /// The metadata has no `Name`; the name is that of the folder.
    NoName,
    /// The metadata has no `Version`; the version is that of the folder, or empty.
    NoVersion,
    /// Bytes that are not UTF-8; they were replaced.
    NotUtf8,
    /// Larger than any metadata file is; it was not read to the end.
    TooLarge,
    /// Not a regular file, such as a pipe or a device.
    NotAFile,
    /// The system refused to read it.
    Unreadable(String),
    /// Not the JSON that it should be.
    Json(String),
    /// `direct_url.json` does not say what its URL is.
    Origin(&'static str),
    /// The same distribution was found before; the first one counts, as it does for Python.
    Duplicate(String),
    /// pip renamed a distribution to remove it and was interrupted.
    Leftover,
    /// A zipped egg, whose metadata is not read.
    ZippedEgg,
    /// A develop link to a folder without metadata.
    DanglingLink,
    /// The name of an entry point of `console_scripts` or `gui_scripts` that can be no file name.
    ScriptName(String),
    /// A folder that should be an environment and has nothing of one.
    NotAnEnvironment,
}

impl fmt::Display for ProblemKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMetadata => formatter.write_str("the distribution has no metadata file"),
            Self::NoName => formatter.write_str("the metadata has no name"),
            Self::NoVersion => formatter.write_str("the metadata has no version"),
            Self::NotUtf8 => formatter.write_str("the file is not UTF-8"),
            Self::TooLarge => formatter.write_str("the file is too large for what it should be"),
            Self::NotAFile => formatter.write_str("it is not a regular file"),
            Self::Unreadable(why) => write!(formatter, "it cannot be read: {why}"),
            Self::Json(why) => write!(formatter, "it is not the expected JSON: {why}"),
            Self::Origin(why) => write!(formatter, "the origin is unclear: {why}"),
            Self::Duplicate(name) => write!(formatter, "{name} is installed twice; the first one counts"),
            Self::Leftover => formatter.write_str("pip was interrupted while it removed this distribution"),
            Self::ZippedEgg => formatter.write_str("zipped eggs are not read"),
            Self::DanglingLink => formatter.write_str("the link leads to a folder without metadata"),
            Self::NotAnEnvironment => formatter.write_str("it is not a Python environment"),
            Self::ScriptName(name) => write!(formatter, "the name of a script is no file name: {name:?}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path.display(), self.kind)
    }
}

/// Problems while they are collected.
#[derive(Debug, Default)]
pub(crate) struct Problems(pub(crate) Vec<Problem>);

impl Problems {
    pub(crate) fn add(&mut self, path: impl Into<PathBuf>, kind: ProblemKind) {
        self.0.push(Problem { path: path.into(), kind });
    }
}
