//! A graph as JSON, version 1; the schema is `docs/schema/v1.json`.

use std::collections::BTreeMap;

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef as _;
use serde::Serialize;
use uvshift_pyproject::Scope;

use super::Options;
use crate::graph::{self, Graph};

/// The version of everything in this file.
const VERSION: u32 = 1;

/// A graph for programs. Packages are told by their place in the list.
#[derive(Debug, Serialize)]
pub struct Rows {
    resolved_by: Option<String>,
    roots: Vec<usize>,
    packages: Vec<Package>,
    edges: Vec<Edge>,
    cycles: Vec<Cycle>,
    duplicates: Vec<Duplicate>,
    totals: Totals,
}

#[derive(Debug, Serialize)]
struct Document {
    version: u32,
    title: String,
    #[serde(flatten)]
    rows: Rows,
}

#[derive(Debug, Serialize)]
struct Package {
    name: String,
    version: Option<String>,
    project: bool,
    category: &'static str,
    declared: Vec<String>,
    source: &'static str,
    licence: Option<String>,
    size: Option<u64>,
    marker: Option<String>,
    imported_by: Vec<Importer>,
    depth: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Importer {
    file: String,
    line: usize,
}

#[derive(Debug, Serialize)]
struct Edge {
    from: usize,
    to: usize,
    scope: String,
    extras: Vec<String>,
    specifier: Option<String>,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
struct Cycle {
    packages: Vec<usize>,
    round: Vec<usize>,
    harmless: bool,
}

#[derive(Debug, Serialize)]
struct Duplicate {
    name: String,
    versions: Vec<Version>,
}

#[derive(Debug, Serialize)]
struct Version {
    package: usize,
    needed_by: Vec<NeededBy>,
}

#[derive(Debug, Serialize)]
struct NeededBy {
    package: usize,
    marker: Option<String>,
}

#[derive(Debug, Serialize)]
struct Totals {
    packages: usize,
    direct: usize,
    transitive: usize,
    orphans: usize,
    edges: usize,
    depth: usize,
    size: u64,
    without_size: usize,
    licences: Vec<Licence>,
    categories: BTreeMap<&'static str, usize>,
}

#[derive(Debug, Serialize)]
struct Licence {
    licence: Option<String>,
    packages: usize,
}

/// The graph as JSON. It is the same for the same graph, whatever the machine.
pub fn json(graph: &Graph, options: &Options) -> String {
    let document = Document { version: VERSION, title: options.title.clone(), rows: rows(graph) };
    // Nothing of it can fail: every key is a string, every number finite.
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

/// The parts of the JSON, to be put into another object.
pub fn rows(graph: &Graph) -> Rows {
    let mut edges: Vec<Edge> = graph.packages.edge_references().map(edge).collect();
    edges.sort_by(|left, right| (left.from, left.to, &left.scope).cmp(&(right.from, right.to, &right.scope)));
    Rows {
        resolved_by: graph.resolved_by.clone(),
        roots: places(&graph.roots),
        packages: graph.packages.node_weights().map(package).collect(),
        edges,
        cycles: graph.cycles().iter().map(cycle).collect(),
        duplicates: graph.duplicates().into_iter().map(|found| duplicate(graph, found)).collect(),
        totals: totals(graph.totals()),
    }
}

fn places(packages: &[NodeIndex]) -> Vec<usize> {
    packages.iter().map(|at| at.index()).collect()
}

fn package(package: &graph::Package) -> Package {
    let importer = |(file, line): &(String, usize)| Importer { file: file.clone(), line: *line };
    Package {
        name: package.name.clone(),
        version: package.version.clone(),
        project: package.is_project,
        category: package.category.as_str(),
        declared: package.declared.iter().map(Scope::key).collect(),
        source: package.source,
        licence: package.licence.clone(),
        size: package.size,
        marker: package.marker.clone(),
        imported_by: package.imported_by.iter().map(importer).collect(),
        depth: package.depth,
    }
}

fn edge(edge: petgraph::graph::EdgeReference<'_, graph::Need>) -> Edge {
    let need = edge.weight();
    Edge {
        from: edge.source().index(),
        to: edge.target().index(),
        scope: need.scope.key(),
        extras: need.extras.clone(),
        specifier: need.specifier.clone(),
        marker: need.marker.clone(),
    }
}

fn cycle(cycle: &graph::Cycle) -> Cycle {
    Cycle { packages: places(&cycle.packages), round: places(&cycle.round), harmless: cycle.is_harmless }
}

fn duplicate(graph: &Graph, found: graph::Duplicate) -> Duplicate {
    let needed_by = |edge: &petgraph::graph::EdgeIndex| {
        let (from, _) = graph.packages.edge_endpoints(*edge)?;
        let marker = graph.packages.edge_weight(*edge)?.marker.clone();
        Some(NeededBy { package: from.index(), marker })
    };
    let version = |version: graph::Version| Version {
        package: version.package.index(),
        needed_by: version.needed_by.iter().filter_map(needed_by).collect(),
    };
    Duplicate { name: found.name, versions: found.versions.into_iter().map(version).collect() }
}

fn totals(totals: graph::Totals) -> Totals {
    let licence = |(licence, packages)| Licence { licence, packages };
    Totals {
        packages: totals.packages,
        direct: totals.direct,
        transitive: totals.transitive,
        orphans: totals.orphans,
        edges: totals.edges,
        depth: totals.depth,
        size: totals.size,
        without_size: totals.without_size,
        licences: totals.licences.into_iter().map(licence).collect(),
        categories: totals.categories.into_iter().map(|(name, count)| (name.as_str(), count)).collect(),
    }
}
