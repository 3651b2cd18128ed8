//! Graphs to draw.

use std::collections::HashMap;
use std::path::Path;

use petgraph::graph::NodeIndex;
use uvshift_depgraph::Scope;
use uvshift_depgraph::catalogue::Category;
use uvshift_depgraph::graph::{Graph, Need, Package, PackageSource};
use uvshift_lockfile::{EdgeScope, Lock, Source};

/// A package of which only the name is known.
pub(crate) fn package(name: &str) -> Package {
    Package {
        name: name.to_owned(),
        version: Some("1.0".to_owned()),
        is_project: false,
        category: Category::Core,
        declared: Vec::new(),
        source: PackageSource::Index,
        licence: None,
        size: None,
        marker: None,
        imported_by: Vec::new(),
        depth: None,
    }
}

pub(crate) fn need(scope: Scope) -> Need {
    Need { scope, extras: Vec::new(), specifier: None, marker: None }
}

/// A graph of edges between names, of which the first is the project: `app>web app>db web>http`.
pub(crate) fn graph(edges: &str) -> Graph {
    let mut graph = Graph::default();
    let mut places: HashMap<String, NodeIndex> = HashMap::new();
    let mut place = |graph: &mut Graph, name: &str| {
        *places.entry(name.to_owned()).or_insert_with(|| graph.packages.add_node(package(name)))
    };
    for edge in edges.split_whitespace() {
        let (from, to) = edge.split_once('>').unwrap();
        let (from, to) = (place(&mut graph, from), place(&mut graph, to));
        graph.packages.add_edge(from, to, need(Scope::Main));
    }
    finished(graph, &[NodeIndex::new(0)])
}

/// Marks the projects, what they declare, and how far away everything is.
pub(crate) fn finished(mut graph: Graph, roots: &[NodeIndex]) -> Graph {
    graph.roots = roots.to_vec();
    let mut waiting: std::collections::VecDeque<(NodeIndex, usize)> =
        roots.iter().map(|root| (*root, 0)).collect();
    for root in roots {
        graph.packages[*root].is_project = true;
        let mut edges = graph.packages.neighbors(*root).detach();
        while let Some((edge, to)) = edges.next(&graph.packages) {
            let scope = graph.packages[edge].scope.clone();
            graph.packages[to].declared.push(scope);
        }
    }
    while let Some((index, depth)) = waiting.pop_front() {
        if graph.packages[index].depth.is_none() {
            graph.packages[index].depth = Some(depth);
            waiting.extend(graph.packages.neighbors(index).map(|next| (next, depth + 1)));
        }
    }
    graph
}

/// The graph of a lock of uv.
pub(crate) fn of_lock(lock: &Lock) -> Graph {
    let mut graph = Graph { resolved_by: Some("uv.lock".to_owned()), ..Graph::default() };
    let mut places: HashMap<&str, Vec<NodeIndex>> = HashMap::new();
    let mut roots = Vec::new();
    for locked in &lock.packages {
        let is_project = matches!(locked.source, Source::Path { .. });
        let category = if is_project { Category::Core } else { guessed(&locked.name) };
        let version = locked.version.clone();
        let index = graph.packages.add_node(Package { version, category, ..package(&locked.name) });
        roots.extend(is_project.then_some(index));
        places.entry(&locked.name).or_default().push(index);
    }
    for (place, locked) in lock.packages.iter().enumerate() {
        for edge in &locked.dependencies {
            let scope = match &edge.scope {
                EdgeScope::Main => Scope::Main,
                EdgeScope::Extra(name) => Scope::Extra(name.clone()),
                EdgeScope::Group(name) => Scope::Group(name.clone()),
            };
            for target in places.get(edge.name.as_str()).into_iter().flatten() {
                graph.packages.add_edge(NodeIndex::new(place), *target, need(scope.clone()));
            }
        }
    }
    finished(graph, &roots)
}

/// Colours for a picture of a test; the real ones are the catalogue's.
fn guessed(name: &str) -> Category {
    let kinds = [
        (Category::Testing, "pytest coverage hypothesis mock factory faker tox"),
        (Category::Linting, "ruff black mypy flake8 pylint isort bandit"),
        (Category::Database, "sql psycopg redis mongo alembic peewee elastic kombu celery"),
        (
            Category::Web,
            "flask django http fastapi starlette uvicorn requests aiohttp werkzeug jinja url websocket",
        ),
        (Category::Ml, "numpy pandas scikit torch tensor scipy matplotlib transformers nvidia keras spacy"),
        (Category::Deployment, "boto azure google docker kubernetes opentelemetry prometheus sentry"),
        (Category::Development, "sphinx ipython jupyter build setuptools wheel nb mkdocs"),
        (Category::Utilities, "click rich date time yaml toml typing attrs six text"),
    ];
    let is_of = |words: &str| words.split(' ').any(|word| name.contains(word));
    kinds.into_iter().find(|(_, words)| is_of(words)).map_or(Category::Core, |(category, _)| category)
}

/// The graph of a project with 478 packages, from what uv has locked for it.
pub(crate) fn of_big_lock() -> Graph {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/big/uv.lock");
    of_lock(&uvshift_lockfile::parse_uv(&std::fs::read_to_string(path).unwrap()).unwrap())
}
