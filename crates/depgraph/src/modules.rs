//! Which distribution a module is from, and how that is known.

use std::collections::BTreeMap;
use std::sync::Arc;

use uvshift_installed::Environment;
use uvshift_lockfile::Lock;

/// Where the answers come from.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    /// What the user says: a module (dotted where it must be) and its distribution.
    pub told: BTreeMap<String, String>,
    /// An environment, whose `RECORD`s and `top_level.txt` say which modules are in which distribution.
    pub environment: Option<&'a Environment>,
    /// The lock: which of several candidates is there.
    pub lock: Option<&'a Lock>,
    /// The normalised names of what is declared: which of several candidates is meant.
    pub declared: Vec<String>,
}

/// Answers which distribution a module is from.
#[derive(Debug, Default)]
pub struct ModuleMap {}

/// The distributions that can be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// Normalised names, the likeliest first; never empty.
    pub distributions: Vec<Arc<str>>,
    /// How that is known.
    pub by: MappedBy,
}

/// How a distribution is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MappedBy {
    /// The user said so.
    Told,
    /// The environment has the module in this distribution.
    Environment,
    /// The lock has the distribution, and a table or the name says that the module is in it.
    Lock,
    /// The table of distributions whose modules have other names.
    Table,
    /// The sub-module of a namespace that several distributions share.
    Namespace,
    /// Nobody knows; the name of the module, with `-` for `_`.
    Guess,
}

impl MappedBy {
    /// The word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Told => "told",
            Self::Environment => "environment",
            Self::Lock => "lock",
            Self::Table => "table",
            Self::Namespace => "namespace",
            Self::Guess => "guess",
        }
    }
}

impl ModuleMap {
    /// Reads what the sources hold.
    pub fn new(sources: &Sources<'_>) -> Self {
        let _ = sources;
        Self {}
    }

    /// The distributions that an import of `module` (dotted) can mean; `names` are what a `from` statement takes out of it, since these
    /// can be sub-modules. None for the standard library is not given here: ask [`is_standard_library`] first.
    pub fn resolve(&self, module: &str, names: &[Arc<str>]) -> Mapped {
        let _ = names;
        let top = module.split('.').next().unwrap_or_default();
        Mapped { distributions: vec![uvshift_requirements::normalize_name(top).into()], by: MappedBy::Guess }
    }

    /// The modules of a distribution, as far as they are known.
    pub fn provides(&self, distribution: &str) -> Vec<Arc<str>> {
        vec![distribution.replace('-', "_").into()]
    }
}

/// Whether a module is in the standard library of any Python 3 minor version from `oldest` to `newest`.
pub fn is_standard_library(module: &str, pythons: &Pythons) -> bool {
    let _ = (module, pythons);
    false
}

/// The Python versions that a project is for, as minor versions of Python 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pythons {
    /// The oldest, such as 9 for Python 3.9.
    pub oldest: u8,
    /// The newest.
    pub newest: u8,
}

/// Whether a module was in the standard library of Python 2 and is in none of Python 3.
pub fn is_python2_standard_library(module: &str) -> bool {
    let _ = module;
    false
}

/// Whether a top-level module is a namespace that several distributions share, so that what lies below it counts.
pub fn is_namespace(module: &str) -> bool {
    matches!(module, "google" | "azure" | "opentelemetry" | "zope" | "ruamel")
}
