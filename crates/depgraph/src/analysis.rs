//! What is imported against what is declared.

mod own;
mod places;
mod reach;
mod resolve;
mod rules;

use std::sync::Arc;

use uvshift_installed::Environment;
use uvshift_lockfile::Lock;
use uvshift_pyproject::PyProject;
use uvshift_requirements::normalize_name;

use crate::declared::name_of;
use crate::modules::{Mapped, ModuleMap, Pythons, Sources};
use crate::scan::Scan;
use crate::{Declared, Evidence, Finding, Import, Need, Settings};

pub use rules::Sought;

/// Everything that an analysis looks at. It reads no files itself.
#[derive(Debug, Clone, Copy)]
pub struct AnalysisInput<'a> {
    /// What the files name.
    pub scan: &'a Scan,
    /// The project at the root, then the members below it. A file belongs to the innermost project around it.
    pub projects: &'a [Project],
    /// What is locked, with the name of the file.
    pub lock: Option<(&'a Lock, &'a str)>,
    /// What is installed.
    pub environment: Option<&'a Environment>,
    /// What the owner has decided.
    pub settings: &'a Settings,
}

impl<'a> AnalysisInput<'a> {
    /// What files name against what projects declare, without a lock and without an environment.
    pub const fn new(scan: &'a Scan, projects: &'a [Project], settings: &'a Settings) -> Self {
        Self { scan, projects, lock: None, environment: None, settings }
    }
}

/// One project of a repository.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// Its folder, relative to the root; empty for the root itself.
    pub folder: String,
    /// Its normalised name.
    pub name: Option<String>,
    /// What it declares.
    pub declared: Vec<Declared>,
    /// The normalised names of `build-system.requires`.
    pub build_requires: Vec<String>,
    /// The Python versions that it is for.
    pub pythons: Pythons,
    /// Whether it is built as a package, whose metadata others install.
    pub is_package: bool,
    /// Whether there is a `[project]` that requirements can be added to.
    pub has_project: bool,
}

impl Project {
    /// A project at the root that is no package, without a `[project]`, for every Python.
    pub fn new(declared: Vec<Declared>) -> Self {
        Self { declared, ..Self::default() }
    }

    /// The project of a pyproject.toml at the root, with what its standard tables (PEP 621, PEP 735) declare.
    pub fn of_pyproject(document: &PyProject) -> Self {
        let file = "pyproject.toml";
        let requires = document.build_requires();
        let requires = requires.iter().map(|entry| name_of(&entry.text)).filter(|name| !name.is_empty());
        Self {
            folder: String::new(),
            name: document.project_name().map(normalize_name),
            declared: Declared::of_pyproject(document, file),
            build_requires: requires.collect(),
            pythons: document.requires_python().map(Pythons::of_range).unwrap_or_default(),
            is_package: document.has_build_system(),
            has_project: document.has_project() && !document.is_dynamic("dependencies"),
        }
    }
}

/// What an analysis found.
#[derive(Debug, Default)]
pub struct Analysis<'a> {
    /// Every import, by file and line.
    pub imports: Vec<ResolvedImport<'a>>,
    /// What there is to say, by severity, rule and package.
    pub findings: Vec<Finding>,
}

/// An import with what it means.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ResolvedImport<'a> {
    /// The file, relative to the root.
    pub file: &'a str,
    /// The import.
    pub import: &'a Import,
    /// What it asks of the one who installs the project.
    pub need: Need,
    /// Where the module is from.
    pub origin: Origin,
    /// The place in [`AnalysisInput::projects`] of the project that the file belongs to.
    pub project: usize,
}

/// Where a module is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The standard library.
    StandardLibrary,
    /// The project itself, or another project of the repository.
    Own,
    /// A distribution.
    Distribution(Arc<Mapped>),
}

impl Origin {
    /// The word that reports use.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::StandardLibrary => "standard-library",
            Self::Own => "own",
            Self::Distribution(_) => "third-party",
        }
    }
}

impl ResolvedImport<'_> {
    /// The distributions that can be meant; empty for the standard library and the project itself.
    pub fn candidates(&self) -> &[Arc<str>] {
        match &self.origin {
            Origin::Distribution(mapped) => &mapped.distributions,
            _ => &[],
        }
    }
}

/// Finds mentions of distributions that nothing imports: their modules in strings of code and configuration, their commands in scripts.
/// One answer for each that is sought.
pub type Mentions<'m> = &'m dyn Fn(&[Sought]) -> Vec<Option<Evidence>>;

/// [`Mentions`] for a caller that does not look for any: then only imports count.
pub fn nothing_mentioned(sought: &[Sought]) -> Vec<Option<Evidence>> {
    vec![None; sought.len()]
}

/// Holds what is imported against what is declared. `mentions` is asked about what nothing imports, once for each project at most.
pub fn analyze<'a>(input: &AnalysisInput<'a>, mentions: Mentions<'_>) -> Analysis<'a> {
    let map = module_map(input);
    let imports = resolve::resolve(input, &map);
    let findings = rules::check(input, &map, &imports, mentions);
    Analysis { imports, findings }
}

/// The imports alone, without what there is to say about them.
pub fn resolve_imports<'a>(input: &AnalysisInput<'a>) -> Vec<ResolvedImport<'a>> {
    resolve::resolve(input, &module_map(input))
}

fn module_map(input: &AnalysisInput<'_>) -> ModuleMap {
    let declared = input
        .projects
        .iter()
        .flat_map(|project| project.declared.iter().map(|found| &found.name).chain(&project.build_requires));
    ModuleMap::new(&Sources {
        told: input.settings.modules.clone(),
        environment: input.environment,
        lock: input.lock.map(|(lock, _)| lock),
        declared: declared.cloned().collect(),
    })
}
