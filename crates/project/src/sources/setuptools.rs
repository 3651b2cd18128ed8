//! setup.py and setup.cfg: what setuptools is told there, into `[project]` and `[tool.setuptools]`.
//!
//! setuptools stays the build backend, so that whatever has no place in pyproject.toml stays where it is: setup.py and
//! setup.cfg go only if all of them is carried. The rules are those of setuptools 84.

mod beside;
mod build_system;
mod built;
mod config;
mod entry_points;
mod field;
mod files;
mod license;
mod metadata;
mod migration;
mod packages;
mod people;
mod readme;
mod requires;
mod script;
mod urls;
mod version;

#[cfg(test)]
mod tests;

use uvshift_diagnostics::Diagnostic;
use uvshift_ini::{Dialect, Document};
use uvshift_pyproject::PyProject;

use super::Given;
use crate::{Error, Reading, codes};
use migration::Migration;

/// Whether setuptools builds the project, and setup.py or setup.cfg tells it something that is not in pyproject.toml.
pub(crate) fn detect(given: &Given<'_>) -> bool {
    let told = |pyproject: &PyProject| {
        let open = pyproject.is_dynamic("dependencies");
        pyproject.has_project() && !(open && pyproject.setuptools_dynamic_files("dependencies").is_empty())
    };
    is_setuptools(given.pyproject)
        && !given.pyproject.is_some_and(told)
        && (given.tree.has(script::PATH) || describes_package(given))
}

/// What lies there for setuptools where another tool builds the project: nobody reads it, and somebody may think so.
pub(crate) fn overlooked(given: &Given<'_>) -> Option<Diagnostic> {
    let calls_setup = || given.tree.text(script::PATH).is_some_and(|text| text.contains("setup("));
    let path = match (calls_setup(), describes_package(given)) {
        _ if is_setuptools(given.pyproject) => return None,
        (true, _) => script::PATH,
        (false, true) => config::PATH,
        (false, false) => return None,
    };
    let message =
        format!("{path} describes a package too, and stays as it is: another tool builds the project");
    let help = "remove it if nothing needs it, or move into [project] what only it says";
    Some(Diagnostic::warning(codes::M005, message).in_file(path, 1).with_help(help))
}

fn describes_package(given: &Given<'_>) -> bool {
    let text = given.tree.text(config::PATH).unwrap_or_default();
    let document = Document::parse(&text, &Dialect::SETUPTOOLS);
    document.sections().iter().any(|section| config::describes(&section.name) && !section.keys.is_empty())
}

/// A build system that is not told is setuptools; one of the project's own mostly wraps it.
fn is_setuptools(pyproject: Option<&PyProject>) -> bool {
    let Some(pyproject) = pyproject else { return true };
    match pyproject.build_backend() {
        Some(backend) if pyproject.get(&["build-system", "backend-path"]).is_none() => {
            backend.starts_with("setuptools.")
        }
        Some(_) => true,
        None => ["poetry", "flit", "pdm", "hatch"].iter().all(|tool| !pyproject.has_tool(tool)),
    }
}

/// Reads both files.
pub(crate) fn read(given: &Given<'_>, out: &mut Reading) -> Result<(), Error> {
    out.is_package = true;
    out.lists_dependencies = true;
    let mut migration = Migration::new(given, out);
    if migration.collect()? {
        if given.pyproject.is_some_and(PyProject::has_project) {
            migration.beside_project();
        } else {
            migration.metadata();
            migration.version();
            migration.readme();
            migration.license();
            migration.people();
            migration.urls();
            migration.requirements();
            migration.entry_points();
            migration.packages();
            migration.rest();
            migration.build_system();
        }
        migration.files();
    }
    migration.finish();
    Ok(())
}
