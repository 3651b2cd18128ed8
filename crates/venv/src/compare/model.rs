//! What two environments have in common and what not.

use std::fmt;

/// How two environments differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Each difference, the weighty ones first.
    pub differences: Vec<Difference>,
    /// What was compared.
    pub compared: Compared,
}

/// How much was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compared {
    /// Distributions.
    pub distributions: usize,
    /// Files, by the hashes of both `RECORD`s.
    pub files: usize,
    /// Programs.
    pub scripts: usize,
    /// Modules that can be imported.
    pub modules: usize,
}

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whether it breaks what the environment is for.
    pub weight: Weight,
    /// The distribution, as its metadata names it; `None` where it is one of the environment.
    pub package: Option<String>,
    /// What differs.
    pub kind: DifferenceKind,
    /// What it was; empty where it was not there. Paths are relative to the folder of packages.
    pub before: String,
    /// What it is; empty where it is not there.
    pub after: String,
}

/// How much a difference matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// The environments are not the same.
    Breaks,
    /// It is told, and does not change what runs.
    Note,
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DifferenceKind {
    /// The version of Python.
    Python,
    /// Whether the packages of the base Python are visible.
    SystemSitePackages,
    /// The prompt.
    Prompt,
    /// The distribution is there in one of them only.
    Distribution,
    /// The version.
    Version,
    /// Where it came from.
    Origin,
    /// A program is missing or cannot be run.
    Script,
    /// A module cannot be imported.
    Module,
    /// A file has another content, or is there in one of them only.
    File,
    /// The metadata is stored in another form.
    Form,
}

impl Comparison {
    /// Whether nothing differs that breaks anything.
    pub fn holds(&self) -> bool {
        self.breaking().next().is_none()
    }

    /// The differences that break something.
    pub fn breaking(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(|found| found.weight == Weight::Breaks)
    }
}

impl DifferenceKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Python,
        Self::SystemSitePackages,
        Self::Prompt,
        Self::Distribution,
        Self::Version,
        Self::Origin,
        Self::Script,
        Self::Module,
        Self::File,
        Self::Form,
    ];

    /// A word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Python => "Python",
            Self::SystemSitePackages => "system site packages",
            Self::Prompt => "prompt",
            Self::Distribution => "distribution",
            Self::Version => "version",
            Self::Origin => "origin",
            Self::Script => "program",
            Self::Module => "module",
            Self::File => "file",
            Self::Form => "form of metadata",
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(package) = &self.package {
            write!(formatter, "{package}: ")?;
        }
        let kind = self.kind.as_str();
        match (self.before.as_str(), self.after.as_str()) {
            (before, "") => write!(formatter, "{kind} {before} is missing"),
            ("", after) => write!(formatter, "{kind} {after} is new"),
            (before, after) if matches!(self.kind, DifferenceKind::File | DifferenceKind::Script) => {
                write!(formatter, "{kind} {before}: {after}")
            }
            (before, after) => write!(formatter, "{kind} was {before}, is {after}"),
        }
    }
}
