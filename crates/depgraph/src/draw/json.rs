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
///
/// With the feature `schemars` it has a JSON schema.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "graph_rows"))]
pub struct Rows {
    /// The lock or environment that versions and edges are from; null: only what is declared is known.
    resolved_by: Option<String>,
    /// The projects, as places in `packages`.
    roots: Vec<usize>,
    /// The projects, and every version of a package. Other keys name them by their place here, counted from 0.
    packages: Vec<Package>,
    /// Who needs whom, sorted by `from` and `to`.
    edges: Vec<Edge>,
    /// Packages that need each other.
    cycles: Vec<Cycle>,
    /// Names of which there are several versions.
    duplicates: Vec<Duplicate>,
    /// Numbers over all packages but the projects.
    totals: Totals,
}

#[derive(Debug, Serialize)]
struct Document {
    version: u32,
    title: String,
    #[serde(flatten)]
    rows: Rows,
}

/// A project, or one version of a package.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "graph_package"))]
struct Package {
    /// The normalised name.
    name: String,
    /// The version; null where it is not known.
    version: Option<String>,
    /// Whether it is a project of this repository.
    project: bool,
    /// What it is for.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "schema::category"))]
    category: &'static str,
    /// Where a project asks for it: `project.dependencies`, `project.optional-dependencies.NAME`,
    /// `dependency-groups.NAME`; empty for what others bring in.
    declared: Vec<String>,
    /// Where it comes from.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "schema::source"))]
    source: &'static str,
    /// The licence, where an environment tells: an SPDX expression, or the words of its classifiers.
    licence: Option<String>,
    /// In bytes: what is installed, or the largest file of the lock.
    size: Option<u64>,
    /// The environments that it is for, as a marker; null: all.
    marker: Option<String>,
    /// The files that import it, each once.
    imported_by: Vec<Importer>,
    /// The shortest number of edges from a project; null where nothing needs it.
    depth: Option<usize>,
}

/// A file that imports a package.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "graph_importer"))]
struct Importer {
    /// The file, relative to the root.
    file: String,
    /// The first line that imports it.
    line: usize,
}

/// That one package needs another.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "graph_edge"))]
struct Edge {
    /// The one that needs, as a place in `packages`.
    from: usize,
    /// The one that is needed, as a place in `packages`.
    to: usize,
    /// What of the package needs it: `project.dependencies`, `project.optional-dependencies.NAME`,
    /// `dependency-groups.NAME`.
    scope: String,
    /// The extras that are asked for.
    extras: Vec<String>,
    /// The versions that are asked for; null: any.
    specifier: Option<String>,
    /// The environments that it is needed in, as a marker; null: all.
    marker: Option<String>,
}

/// Packages that need each other.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "graph_cycle"))]
struct Cycle {
    /// Every package of the cycle, as places in `packages`.
    packages: Vec<usize>,
    /// A shortest round: each needs the next one, the last one the first.
    round: Vec<usize>,
    /// Whether it is one package whose extras name itself.
    harmless: bool,
}

/// A name of which there are several versions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "graph_duplicate"))]
struct Duplicate {
    /// The normalised name.
    name: String,
    /// The versions.
    versions: Vec<Version>,
}

/// One of several versions of a name.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "graph_version"))]
struct Version {
    /// The version, as a place in `packages`.
    package: usize,
    /// Who needs just this one.
    needed_by: Vec<NeededBy>,
}

/// Who needs one of several versions.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "graph_needed_by"))]
struct NeededBy {
    /// The one that needs it, as a place in `packages`.
    package: usize,
    /// The environments that it is needed in, as a marker; null: all.
    marker: Option<String>,
}

/// Numbers over all packages but the projects.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "graph_totals"))]
struct Totals {
    /// All of them.
    packages: usize,
    /// Those that a project asks for.
    direct: usize,
    /// Those that only others bring in.
    transitive: usize,
    /// Those that nothing needs.
    orphans: usize,
    /// How many edges there are, those of the projects too.
    edges: usize,
    /// The largest `depth` of a package.
    depth: usize,
    /// The sum of what is known of sizes, in bytes.
    size: u64,
    /// How many have no known size.
    without_size: usize,
    /// How many packages have which licence.
    licences: Vec<Licence>,
    /// How many packages are for what.
    #[cfg_attr(feature = "schemars", schemars(extend("propertyNames" = schema::categories())))]
    categories: BTreeMap<&'static str, usize>,
}

/// How many packages have a licence.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "graph_licence"))]
struct Licence {
    /// The licence; null: not known.
    licence: Option<String>,
    /// How many packages have it.
    packages: usize,
}

/// The words of enums.
#[cfg(feature = "schemars")]
mod schema {
    use schemars::{Schema, SchemaGenerator, json_schema};

    use crate::catalogue::Category;
    use crate::graph::PackageSource;

    pub(super) fn categories() -> Schema {
        json_schema!({ "enum": Category::ALL.map(Category::as_str) })
    }

    pub(super) fn category(_: &mut SchemaGenerator) -> Schema {
        categories()
    }

    pub(super) fn source(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": PackageSource::ALL.map(PackageSource::as_str) })
    }
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
        source: package.source.as_str(),
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
