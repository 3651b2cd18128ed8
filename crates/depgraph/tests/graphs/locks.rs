//! Graphs of the locks of other tools, made by Poetry 2.5.1 and Pipenv 2026.10.3 from one small index.

use std::collections::BTreeSet;

use uvshift_depgraph::draw::{self, Options};
use uvshift_depgraph::graph::{Graph, GraphInput, Importers, NodeIndex};
use uvshift_depgraph::modules::Pythons;
use uvshift_depgraph::{Declared, Project, Scope};
use uvshift_lockfile::parse;

const POETRY: &str = include_str!("../../testdata/locks/poetry.lock");
const PIPFILE: &str = include_str!("../../testdata/locks/Pipfile.lock");
const PDM: &str = include_str!("../../../lockfile/testdata/pdm.lock");
/// What `poetry show --tree` says of its lock.
const POETRY_TREE: &str = include_str!("../../testdata/locks/poetry-show-tree.txt");

fn graph(file: &str, text: &str, declared: &[(&str, Scope)]) -> Graph {
    let lock = parse(file, text).unwrap();
    let declared = declared.iter().filter_map(|(text, scope)| Declared::new(text, scope.clone(), "x", 1));
    let project = Project {
        folder: String::new(),
        name: Some("shop".to_owned()),
        declared: declared.collect(),
        build_requires: Vec::new(),
        pythons: Pythons { oldest: 9, newest: 15 },
        is_package: false,
        has_project: true,
    };
    Graph::new(&GraphInput {
        projects: &[project],
        name: "shop",
        lock: Some(&lock),
        lock_name: file,
        environment: None,
        environment_name: "",
        importers: &Importers::new(),
    })
}

/// What the project of the locks of Poetry and Pipenv asks for.
fn declared() -> [(&'static str, Scope); 4] {
    [
        ("web[fast]>=1", Scope::Main),
        ("numbers", Scope::Main),
        ("driver[pool]>=1 ; sys_platform != 'win32'", Scope::Extra("db".to_owned())),
        ("checker>=8,<9", Scope::Group("dev".to_owned())),
    ]
}

fn names(graph: &Graph, places: impl IntoIterator<Item = NodeIndex>) -> BTreeSet<String> {
    places.into_iter().map(|at| graph.packages[at].name.clone()).collect()
}

#[test]
fn poetry_tells_the_same_of_its_lock() {
    let graph = graph("poetry.lock", POETRY, &declared());
    assert_eq!(
        draw::tree(&graph, &Options::default()),
        "shop
├── numbers 1.0
├── web[fast] 1.2
│   ├── colour 0.4 ; sys_platform == \"win32\"
│   ├── core 1.9
│   │   └── backport 0.1 ; python_version < \"3.10\"
│   └── speed[all] 3.0
│       ├── core 1.9 (*)
│       ├── numbers 1.0
│       └── speed[zip] 3.0
│           ├── core 1.9 (*)
│           └── zipper 1.0
├── [extra: db]
│   └── driver[pool] 1.5 ; sys_platform != 'win32'
│       └── pool 2.2
│           └── core 1.9 (*)
└── [group: dev]
    └── checker 8.0
        ├── colour 0.4 ; sys_platform == \"win32\"
        └── core 1.9 (*)
(*) what it leads to stands above
"
    );
    let mut above: Vec<&str> = Vec::new();
    let mut theirs = BTreeSet::new();
    for line in POETRY_TREE.lines() {
        let start = line.find(|letter: char| letter.is_ascii_alphabetic()).unwrap();
        let name = line[start..].split(' ').next().unwrap();
        above.truncate(line[..start].chars().count() / 4);
        theirs.insert((above.last().copied().unwrap_or("shop").to_owned(), name.to_owned()));
        above.push(name);
    }
    let name = |at: NodeIndex| graph.packages[at].name.clone();
    let edges = graph.packages.raw_edges().iter().filter(|edge| edge.source() != edge.target());
    let ours: BTreeSet<(String, String)> =
        edges.map(|edge| (name(edge.source()), name(edge.target()))).collect();
    assert_eq!(ours, theirs);
    let [cycle] = graph.cycles().try_into().unwrap();
    assert!(cycle.is_harmless, "the extra `all` of `speed` names `speed` itself");
}

#[test]
fn a_lock_without_declarations_begins_where_nobody_else_does() {
    let graph = graph("poetry.lock", POETRY, &[]);
    let root = graph.roots[0];
    assert_eq!(
        names(&graph, graph.packages.neighbors(root)),
        ["checker", "driver", "web"].map(str::to_owned).into()
    );
    let checker = &graph.packages[graph.versions("checker")[0]];
    assert_eq!(checker.declared, [Scope::Group("dev".to_owned())]);
}

#[test]
fn pipenv_locks_packages_and_no_edges() {
    let graph = graph("Pipfile.lock", PIPFILE, &declared());
    let asked = names(&graph, graph.packages.neighbors(graph.roots[0]));
    // The lock has no extras of the project, and what it leaves out for a marker is left out.
    assert_eq!(asked, ["checker", "numbers", "web"].map(str::to_owned).into());
    assert_eq!(names(&graph, graph.orphans()), ["core", "speed", "zipper"].map(str::to_owned).into());
    // One version in two categories is one package.
    assert_eq!(graph.versions("core").len(), 1);
    assert_eq!(
        graph.packages[graph.versions("numbers")[0]].marker.as_deref(),
        Some("python_version >= '3.11'")
    );
}

#[test]
fn pdm_locks_a_package_once_for_each_set_of_extras() {
    let graph =
        graph("pdm.lock", PDM, &[("requests[socks]", Scope::Main), ("sub", Scope::Group("dev".to_owned()))]);
    let tree = draw::tree(&graph, &Options::default());
    assert_eq!(graph.versions("requests").len(), 1);
    assert!(tree.starts_with("shop\n├── requests[socks] 2.31.0\n"), "{tree}");
    assert!(graph.cycles().is_empty(), "that requests[socks] needs requests is no edge");
}
