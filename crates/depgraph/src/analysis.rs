//! What is imported against what is declared.

use std::collections::BTreeMap;
use std::sync::Arc;

use uvshift_installed::Environment;
use uvshift_lockfile::Lock;

use crate::modules::{Mapped, Pythons};
use crate::scan::Scan;
use crate::{Declared, Finding, Import, Need};

/// Everything that an analysis looks at.
#[derive(Debug)]
pub struct AnalysisInput<'a> {
    /// What the files name.
    pub scan: &'a Scan,
    /// What is declared.
    pub declared: &'a [Declared],
    /// The name of the project itself.
    pub name: Option<&'a str>,
    /// What is locked.
    pub lock: Option<&'a Lock>,
    /// What is installed.
    pub environment: Option<&'a Environment>,
    /// The Python versions that the project is for.
    pub pythons: Pythons,
    /// Modules and their distributions, as the user says.
    pub told: BTreeMap<String, String>,
}

/// What an analysis found.
#[derive(Debug, Default)]
pub struct Analysis<'a> {
    /// Every import, by file and line.
    pub imports: Vec<ResolvedImport<'a>>,
    /// What there is to say, by rule and package.
    pub findings: Vec<Finding>,
}

/// An import with what it means.
#[derive(Debug)]
pub struct ResolvedImport<'a> {
    /// The file, relative to the root.
    pub file: &'a str,
    /// The import.
    pub import: &'a Import,
    /// What it asks of the one who installs the project.
    pub need: Need,
    /// Where the module is from.
    pub origin: Origin,
}

/// Where a module is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The standard library.
    StandardLibrary,
    /// The project itself.
    Own,
    /// A distribution.
    Distribution(Arc<Mapped>),
}

/// Holds what is imported against what is declared.
pub fn analyze<'a>(input: &AnalysisInput<'a>) -> Analysis<'a> {
    let _ = input;
    Analysis::default()
}
