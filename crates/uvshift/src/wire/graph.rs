//! What `graph` prints.

use serde::Serialize;
use uvshift_depgraph::draw::{Rows, rows};
use uvshift_depgraph::graph::{Graph as Found, NodeIndex, Path, Paths};
use uvshift_migrate::GraphReport;

use super::rows::diagnostic;
use super::{VERSION, WireDiagnostic};

/// What `graph` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Graph {
    version: u32,
    command: &'static str,
    title: String,
    #[serde(flatten)]
    rows: Rows,
    /// With `--why`: the shortest ways to each version.
    why: Option<Vec<Why>>,
    diagnostics: Vec<WireDiagnostic>,
}

#[derive(Debug, Serialize)]
struct Why {
    package: usize,
    length: Option<usize>,
    /// A text, as no other kind holds every number.
    count: String,
    /// Places in `packages`, from the project on.
    paths: Vec<Vec<usize>>,
}

impl Graph {
    pub(crate) fn of(report: &GraphReport, graph: &Found, why: Option<&[Paths]>) -> Self {
        Self {
            version: VERSION,
            command: "graph",
            title: report.title.clone(),
            rows: rows(graph),
            why: why.map(|found| found.iter().map(|paths| one(graph, paths)).collect()),
            diagnostics: report.deps.diagnostics().into_iter().map(diagnostic).collect(),
        }
    }
}

fn one(graph: &Found, paths: &Paths) -> Why {
    let path = |path: &Path| {
        let steps = path.steps.iter().filter_map(|edge| graph.packages.edge_endpoints(*edge));
        std::iter::once(path.from).chain(steps.map(|(_, to)| to)).map(NodeIndex::index).collect()
    };
    Why {
        package: paths.to.index(),
        length: paths.length,
        count: paths.count.to_string(),
        paths: paths.paths.iter().map(path).collect(),
    }
}
