//! Graphs of locks and declarations.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::NodeIndex;
use uvshift_depgraph::draw::{self, Options};
use uvshift_depgraph::graph::{
    Filter, Graph, GraphInput, Importers, Package, PackageSource, Path, Platform, Scopes, Target,
};
use uvshift_depgraph::modules::Pythons;
use uvshift_depgraph::{Declared, Project, Scope};
use uvshift_lockfile::{Lock, parse};
use uvshift_pyproject::PyProject;

const PYPROJECT: &str = r#"[project]
name = "shop"
version = "1.0"
dependencies = ["flask[async]>=3", "numpy"]

[project.optional-dependencies]
db = ["sqlalchemy"]

[dependency-groups]
dev = ["pytest"]
"#;

const LOCK: &str = r#"version = 1
requires-python = ">=3.9"

[[package]]
name = "asgiref"
version = "3.8"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "typing-extensions", marker = "python_full_version < '3.11'" }]

[[package]]
name = "flask"
version = "3.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "colorama", marker = "sys_platform == 'win32'" }]
wheels = [{ url = "https://files.example/a.whl", hash = "sha256:aa", size = 2048 }]

[package.optional-dependencies]
async = [{ name = "asgiref" }]

[[package]]
name = "colorama"
version = "0.4"
source = { registry = "https://index.example/simple" }

[[package]]
name = "numpy"
version = "1.26"
source = { registry = "https://index.example/simple" }

[[package]]
name = "numpy"
version = "2.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "pytest"
version = "8.0"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "colorama", marker = "sys_platform == 'win32'" }]

[[package]]
name = "shop"
version = "1.0"
source = { editable = "." }
dependencies = [
    { name = "flask", extra = ["async"] },
    { name = "numpy", version = "1.26", source = { registry = "https://index.example/simple" }, marker = "python_full_version < '3.10'" },
    { name = "numpy", version = "2.0", source = { registry = "https://index.example/simple" }, marker = "python_full_version >= '3.10'" },
]

[package.optional-dependencies]
db = [{ name = "sqlalchemy" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "sqlalchemy"
version = "2.0.30"
source = { registry = "https://index.example/simple" }

[[package]]
name = "typing-extensions"
version = "4.12"
source = { registry = "https://index.example/simple" }
"#;

/// A graph of texts.
fn graph(pyproject: &str, lock: Option<(&str, &str)>, importers: &Importers) -> Graph {
    let project = project("", pyproject);
    let parsed: Option<Lock> = lock.map(|(name, text)| parse(name, text).unwrap());
    Graph::new(&GraphInput {
        projects: &[project],
        name: "folder",
        lock: parsed.as_ref(),
        lock_name: lock.map_or("", |(name, _)| name),
        environment: None,
        environment_name: "",
        importers,
    })
}

fn project(folder: &str, pyproject: &str) -> Project {
    let document = PyProject::parse(pyproject).unwrap();
    Project {
        folder: folder.to_owned(),
        name: document.project_name().map(str::to_owned),
        declared: Declared::of_pyproject(&document, "pyproject.toml"),
        build_requires: Vec::new(),
        pythons: Pythons { oldest: 9, newest: 15 },
        is_package: false,
        has_project: true,
    }
}

fn shop() -> Graph {
    let importers = Importers::from([("flask".to_owned(), vec![("app.py".to_owned(), 1)])]);
    graph(PYPROJECT, Some(("uv.lock", LOCK)), &importers)
}

fn tree(graph: &Graph) -> String {
    draw::tree(graph, &Options::default())
}

fn names(graph: &Graph) -> BTreeSet<String> {
    graph.packages.node_weights().map(Package::label).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// `a 1 -> b 2 -> c 3` for each path.
fn why(graph: &Graph, name: &str) -> Vec<String> {
    let label = |at: NodeIndex| graph.packages[at].label();
    let path = |path: &Path| {
        let steps = path.steps.iter().map(|edge| label(graph.packages.edge_endpoints(*edge).unwrap().1));
        std::iter::once(label(path.from)).chain(steps).collect::<Vec<_>>().join(" -> ")
    };
    graph.paths_to(name, 1_000).iter().flat_map(|found| found.paths.iter().map(path)).collect()
}

#[test]
fn a_lock_of_uv_as_a_tree() {
    assert_eq!(
        tree(&shop()),
        "shop 1.0
├── flask[async] 3.0
│   ├── asgiref 3.8
│   │   └── typing-extensions 4.12 ; python_full_version < '3.11'
│   └── colorama 0.4 ; sys_platform == 'win32'
├── numpy 1.26 ; python_full_version < '3.10'
├── numpy 2.0 ; python_full_version >= '3.10'
├── [extra: db]
│   └── sqlalchemy 2.0.30
└── [group: dev]
    └── pytest 8.0
        └── colorama 0.4 ; sys_platform == 'win32'
"
    );
    let options = Options { depth: Some(1), imports: true, ..Options::default() };
    let short = draw::tree(&shop(), &options);
    assert!(short.contains("flask[async] 3.0 - imported by 1 file\n├── numpy 1.26"), "{short}");
    assert!(short.contains("    └── pytest 8.0\n"), "{short}");
    assert!(!short.contains("asgiref") && !short.contains("(*)"), "{short}");
}

#[test]
fn what_the_packages_are() {
    let graph = shop();
    let flask = &graph.packages[graph.versions("Flask")[0]];
    assert_eq!((flask.depth, flask.size, flask.source), (Some(1), Some(2048), PackageSource::Index));
    assert_eq!((flask.declared.as_slice(), flask.imported_by.len()), (&[Scope::Main][..], 1));
    let depth = |name: &str| graph.packages[graph.versions(name)[0]].depth;
    assert_eq!((depth("shop"), depth("asgiref"), depth("typing-extensions")), (Some(0), Some(2), Some(3)));
    assert!(graph.packages[graph.versions("shop")[0]].is_project);
    assert_eq!(graph.resolved_by.as_deref(), Some("uv.lock"));
    assert!(graph.orphans().is_empty());
    // What was asked for is told beside what was chosen.
    let edge = graph.packages.find_edge(graph.roots[0], graph.versions("flask")[0]).unwrap();
    assert_eq!(graph.packages[edge].specifier.as_deref(), Some(">=3"));
    let totals = graph.totals();
    assert_eq!((totals.packages, totals.direct, totals.transitive, totals.depth), (8, 5, 3, 3));
    assert_eq!((totals.size, totals.without_size), (2048, 7));
}

#[test]
fn why_and_who() {
    let graph = shop();
    let both = ["shop 1.0 -> flask 3.0 -> colorama 0.4", "shop 1.0 -> pytest 8.0 -> colorama 0.4"];
    assert_eq!(why(&graph, "colorama"), both);
    assert_eq!(why(&graph, "numpy"), ["shop 1.0 -> numpy 1.26", "shop 1.0 -> numpy 2.0"]);
    assert!(why(&graph, "nobody").is_empty());
    assert_eq!(graph.nearest("numpi"), ["numpy"]);
    assert_eq!(
        draw::tree_to(&graph, "colorama", &Options::default()),
        "colorama 0.4
├── flask 3.0 ; sys_platform == 'win32'
│   └── shop 1.0
└── pytest 8.0 ; sys_platform == 'win32'
    └── shop 1.0 (group: dev)
"
    );
    let part = graph.leading_to("colorama");
    assert_eq!(names(&part), set(&["colorama 0.4", "flask 3.0", "pytest 8.0", "shop 1.0"]));
}

#[test]
fn several_versions() {
    let graph = shop();
    let [numpy] = graph.duplicates().try_into().unwrap();
    assert_eq!(numpy.name, "numpy");
    let edges = numpy.versions.iter().flat_map(|version| &version.needed_by);
    let needs: Vec<_> = edges.map(|edge| graph.packages[*edge].marker.as_deref()).collect();
    assert_eq!(needs, [Some("python_full_version < '3.10'"), Some("python_full_version >= '3.10'")]);
}

#[test]
fn filters() {
    let graph = shop();
    let without = |filter: Filter| -> Vec<String> {
        let left = names(&graph.filtered(&filter));
        names(&graph).into_iter().filter(|name| !left.contains(name)).collect()
    };
    assert!(without(Filter::default()).is_empty());
    let main = Filter { scopes: Scopes::main_only(), ..Filter::default() };
    assert_eq!(without(main), ["pytest 8.0", "sqlalchemy 2.0.30"]);
    let linux = Target { platform: Some(Platform::Linux), python: Some("3.12".to_owned()) };
    let target = Filter { target: linux, ..Filter::default() };
    assert_eq!(without(target), ["colorama 0.4", "numpy 1.26", "typing-extensions 4.12"]);
    let flat = Filter { depth: Some(1), ..Filter::default() };
    assert_eq!(without(flat), ["asgiref 3.8", "colorama 0.4", "typing-extensions 4.12"]);
    let only = Scopes { main: false, extras: Some(BTreeSet::new()), groups: Some(["dev".to_owned()].into()) };
    let dev = graph.filtered(&Filter { scopes: only, ..Filter::default() });
    assert_eq!(names(&dev), set(&["colorama 0.4", "pytest 8.0", "shop 1.0"]));
    let one = graph.filtered(&Filter { package: Some("asgiref".to_owned()), ..Filter::default() });
    assert_eq!(tree(&one), "asgiref 3.8\n└── typing-extensions 4.12 ; python_full_version < '3.11'\n");
    // The extra that the project asks for is there, and told.
    let flask = graph.filtered(&Filter { package: Some("flask".to_owned()), ..Filter::default() });
    assert!(tree(&flask).contains("└── [extra: async]\n    └── asgiref 3.8\n"), "{}", tree(&flask));
}

#[test]
fn without_a_lock_the_declared_ones_are_known() {
    let graph = graph(PYPROJECT, None, &BTreeMap::new());
    assert_eq!(graph.resolved_by, None);
    assert_eq!(
        tree(&graph),
        "shop
├── flask[async] (version not known)
├── numpy (version not known)
├── [extra: db]
│   └── sqlalchemy (version not known)
└── [group: dev]
    └── pytest (version not known)
"
    );
}
