//! The graph of a project's dependencies, from whatever tells of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use uvshift_depgraph::graph::{Graph, GraphInput, Importers};
use uvshift_depgraph::{Origin, resolve_imports};

use crate::{Deps, DepsOptions, Error};

/// A graph with what it was made of.
#[derive(Debug)]
#[non_exhaustive]
pub struct GraphReport {
    /// The graph.
    pub graph: Graph,
    /// What the project is called: by its name, or else by its folder.
    pub title: String,
    /// What was read for it.
    pub deps: Deps,
}

/// Reads a project and makes the graph of what it depends on. Changes nothing and runs nothing of it.
pub fn graph(root: &Path, options: &DepsOptions) -> Result<GraphReport, Error> {
    let deps = Deps::read(root, options)?;
    let title = title(root, &deps);
    let importers = if options.without_imports { Importers::new() } else { importers(&deps) };
    let graph = Graph::new(&GraphInput {
        projects: &deps.projects,
        name: &title,
        lock: deps.lock.as_ref().map(|(lock, _)| lock),
        lock_name: deps.lock.as_ref().map_or("", |(_, file)| file),
        environment: deps.environment.as_ref().map(|(environment, _)| environment),
        environment_name: deps.environment.as_ref().map_or("", |(_, shown)| shown),
        importers: &importers,
    });
    Ok(GraphReport { graph, title, deps })
}

fn title(root: &Path, deps: &Deps) -> String {
    let at_root = deps.projects.iter().find(|project| project.folder.is_empty());
    if let Some(name) = at_root.and_then(|project| project.name.clone()) {
        return name;
    }
    // `.` has no name, but the folder that it is does.
    let full = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let name = full.components().next_back().map(|last| last.as_os_str().to_string_lossy().into_owned());
    name.filter(|name| name.chars().any(char::is_alphanumeric)).unwrap_or_else(|| "project".to_owned())
}

/// The files that import each distribution. Where several can be meant, it is the likeliest one that the project has.
fn importers(deps: &Deps) -> Importers {
    let has: BTreeSet<&str> = names(deps);
    let imports = resolve_imports(&deps.input());
    let mut found: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for import in imports.iter().filter(|import| matches!(import.origin, Origin::Distribution(_))) {
        let Some(name) = import.candidates().iter().find(|name| has.contains(&***name)) else { continue };
        let line = usize::try_from(import.import.line).unwrap_or_default();
        let first = found.entry(name.to_string()).or_default().entry(import.file.to_owned()).or_insert(line);
        *first = line.min(*first);
    }
    found.into_iter().map(|(name, files)| (name, files.into_iter().collect())).collect()
}

/// Every distribution that is declared, locked or installed.
fn names(deps: &Deps) -> BTreeSet<&str> {
    let declared =
        deps.projects.iter().flat_map(|project| &project.declared).map(|declared| declared.name.as_str());
    let locked = deps.lock.iter().flat_map(|(lock, _)| &lock.packages).map(|package| package.name.as_str());
    let installed = deps.environment.iter().flat_map(|(environment, _)| &environment.distributions);
    declared.chain(locked).chain(installed.map(|found| found.normalized_name.as_str())).collect()
}
