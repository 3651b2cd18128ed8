//! What `graph` prints.

use serde::Serialize;
use uvshift_depgraph::draw::{Rows, rows};
use uvshift_depgraph::graph::{Graph as Found, NodeIndex, Path, Paths};
use uvshift_migrate::GraphReport;

use super::rows::diagnostic;
use super::{VERSION, WireDiagnostic};

/// What `graph` prints. Packages are told by their place in `packages`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "graph"))]
pub(crate) struct Graph {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "graph")))]
    command: &'static str,
    /// The name of the project.
    title: String,
    #[serde(flatten)]
    rows: Rows,
    /// With `--why`: the shortest ways to each version; the rest is then the part of the graph along these.
    why: Option<Vec<Why>>,
    /// What there is to say.
    diagnostics: Vec<WireDiagnostic>,
}

/// The shortest ways to one version of a package.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "graph_why"))]
struct Why {
    /// The version, as a place in `packages`.
    package: usize,
    /// How many edges such a way has; null where nothing needs it.
    length: Option<usize>,
    /// How many such ways there are: a text, as no other kind holds every number.
    count: String,
    /// At most a thousand of them, as places in `packages`, from the project on.
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
