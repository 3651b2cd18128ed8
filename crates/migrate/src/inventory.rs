//! What is here: sources, locks, environment, tools, CI, containers, Python versions, and the risks of a move.
//!
//! Reading only. Nothing is run and nothing is changed; files that cannot be read as text are named.
//!
//! ```
//! use uvshift_migrate::inventory::{Day, RiskSeverity, inventory};
//! use uvshift_migrate::{Options, plan};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("requirements.txt"), "flask>=3\nrequests==2.31.0\n")?;
//! # std::fs::write(folder.path().join("Dockerfile"), "FROM python:3.9\nRUN pip install -r requirements.txt\n")?;
//! let options = Options::default();
//! let planned = plan(folder.path(), &options)?;
//! let found = inventory(folder.path(), &planned, &options, Day { year: 2026, month: 6, day: 1 })?;
//! assert_eq!(found.declared.pinned_percent(), Some(50));
//! assert_eq!(found.containers[0].calls[0].command, "pip install -r requirements.txt");
//! let risk = found.risks.iter().find(|risk| risk.code.id() == "C013").ok_or("no risk")?;
//! assert_eq!(risk.what, "Python 3.9 (2025-10-31) is past its end of life");
//! assert_eq!(risk.severity, RiskSeverity::Medium);
//! # Ok(())
//! # }
//! ```

mod model;

mod listed;
mod sources;

mod environment;
mod tools;

mod calls;
mod containers;
mod places;
mod walk;

mod day;
mod python;

pub mod codes;
mod risks;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use uvshift_project::{Layout, LayoutOptions, MAIN_GROUP, Tree, discover};
use uvshift_pyproject::PyProject;
use uvshift_requirements::normalize_name;

pub use day::Day;
pub(crate) use day::end_of_life;
pub use model::{
    Call, Counts, DirectDependency, DirectKind, ElsewhereKind, EnvironmentSummary, InstalledElsewhere,
    Inventory, LockSummary, Place, Program, PythonEvidence, PythonSummary, PythonVersion, Risk, RiskSeverity,
    SourceSummary, ToolKind, ToolSummary, Totals, UvSupport,
};
pub(crate) use tools::known_tools;

use crate::members::joined;
use crate::project::{Project, read_pyproject};
use crate::{Error, Options, Plan, Planned, PythonChoice};

/// Takes the inventory of a project that has been planned with these options. `today` decides which Pythons are past their
/// end of life.
///
/// The environment is that of the options, else `.venv`; one that cannot be read is left out.
pub fn inventory(root: &Path, planned: &Planned, options: &Options, today: Day) -> Result<Inventory, Error> {
    let tree = Tree::from_disk(root)?;
    let pyproject = read_pyproject(&tree)?;
    let own = match planned {
        Planned::Plan(_) => Layout::default(),
        Planned::Nothing(_) => layout(&tree, pyproject.as_ref()),
    };
    let given = Given::new(&tree, planned, &own, pyproject.as_ref());
    let listed = listed::all(&given);
    let walked = walk::walk(&given);
    let mut inventory = Inventory {
        sources: sources::summaries(&given, &listed),
        declared: sources::totals(&listed),
        categories: sources::categories(&listed),
        direct: listed.iter().filter_map(|listed| listed.direct.clone()).collect(),
        locks: sources::locks(&given),
        environment: environment::summary(&given, options, &listed),
        tools: tools::summaries(&given, &listed),
        python: python::summary(&given, &walked.evidence, today),
        ci: walked.ci,
        containers: walked.containers,
        scripts: walked.scripts,
        risks: Vec::new(),
        unread: walked.unread,
    };
    inventory.risks = risks::all(&given, &inventory, &listed, &walked.secrets, &walked.pip_settings);
    Ok(inventory)
}

/// The requirements files of a project that needs no move.
fn layout(tree: &Tree, pyproject: Option<&PyProject>) -> Layout {
    let has_project = pyproject.is_some_and(PyProject::has_project);
    let main_group = has_project.then(|| MAIN_GROUP.to_owned());
    discover(tree, &LayoutOptions { main_group, ..LayoutOptions::default() }).unwrap_or_default()
}

/// What an inventory is taken of.
struct Given<'a> {
    tree: &'a Tree,
    plan: Option<&'a Plan>,
    /// The requirements files of each project, by its folder.
    layouts: Vec<(&'a str, &'a Layout)>,
    /// The pyproject.toml of each project as it is, by its folder.
    documents: Vec<(&'a str, &'a PyProject)>,
}

impl<'a> Given<'a> {
    fn new(tree: &'a Tree, planned: &'a Planned, own: &'a Layout, pyproject: Option<&'a PyProject>) -> Self {
        match planned {
            Planned::Nothing(_) => Self {
                tree,
                plan: None,
                layouts: vec![("", own)],
                documents: pyproject.map(|document| ("", document)).into_iter().collect(),
            },
            Planned::Plan(plan) => {
                let projects = &plan.projects;
                let layouts = projects.iter().map(|project| (project.folder.as_str(), &project.layout));
                let documents = projects
                    .iter()
                    .filter_map(|project| Some((project.folder.as_str(), project.before.as_ref()?)));
                Self { tree, plan: Some(plan), layouts: layouts.collect(), documents: documents.collect() }
            }
        }
    }

    /// The projects of the plan, by their folders.
    fn projects(&self) -> impl Iterator<Item = (&'a str, &'a Project)> {
        let projects = self.plan.map(|plan| plan.projects.as_slice()).unwrap_or_default();
        projects.iter().map(|project| (project.folder.as_str(), project))
    }

    /// The paths of all requirements files.
    fn requirements_files(&self) -> impl Iterator<Item = String> {
        self.layouts
            .iter()
            .flat_map(|(folder, layout)| layout.files.iter().map(move |file| joined(folder, &file.path)))
    }

    /// The range that the plan has found in the files, or that pyproject.toml says.
    fn requires_python(&self) -> Option<String> {
        // The Python at hand says something about the machine and nothing about the project.
        let is_of_files =
            |choice: &PythonChoice| !choice.because.iter().any(|why| why.starts_with("the Python "));
        let of_plan =
            self.plan.map(Plan::python).filter(is_of_files).and_then(|choice| choice.requires_python);
        let document = || self.documents.first().and_then(|(_, document)| document.requires_python());
        of_plan.or_else(|| document().map(str::to_owned))
    }

    /// The normalised names of the projects themselves.
    fn names(&self) -> BTreeSet<String> {
        let of_plan = self.projects().map(|(_, project)| project.manifest.metadata.name.clone());
        let of_documents =
            self.documents.iter().filter_map(|(_, document)| document.project_name().map(str::to_owned));
        of_plan.chain(of_documents).map(|name| normalize_name(&name)).collect()
    }

    /// Whether it is a package that others install, whose dependencies are to be open.
    fn is_library(&self) -> bool {
        let has_build = self.documents.iter().any(|(_, document)| document.has_build_system());
        has_build || self.projects().any(|(_, project)| project.is_package)
    }
}
