//! Graphs of what the real uv makes, against what it says of it itself.

use std::collections::BTreeSet;
use std::process::Command;

use uvshift_depgraph::draw::{self, Options};
use uvshift_depgraph::graph::{Graph, GraphInput, Importers, NodeIndex, Package};
use uvshift_depgraph::modules::Pythons;
use uvshift_depgraph::{Declared, Project};
use uvshift_installed::Environment;
use uvshift_lockfile::parse;
use uvshift_pyproject::PyProject;
use uvshift_testkit::{Project as Folder, WheelOptions, uv_command, wheel};

/// Who needs whom, each as `name version`.
type Pairs = BTreeSet<(String, String)>;

const PYPROJECT: &str = r#"[project]
name = "shop"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["web[fast]>=1", "numbers", "ring-a", "cart"]

[project.optional-dependencies]
db = ["driver[pool]>=1 ; sys_platform != 'win32'"]

[dependency-groups]
dev = ["checker", { include-group = "docs" }]
docs = ["pages"]

[tool.uv.workspace]
members = ["cart"]

[tool.uv.sources]
cart = { workspace = true }
"#;

const CART: &str = r#"[project]
name = "cart"
version = "0.5"
requires-python = ">=3.9"
dependencies = ["core<2"]

[dependency-groups]
test = ["checker"]
"#;

/// An index with extras, markers, a cycle, and a name whose versions suit different Pythons.
fn index(folder: &Folder) {
    let place = folder.path().join("index");
    let put = |name: &str, version: &str, options: WheelOptions| {
        wheel(&place, name, version, &options);
    };
    let needs = |requirements: &[&'static str]| WheelOptions::requiring(requirements.iter().copied());
    put("web", "1.2", needs(&["core>=1", "colour ; sys_platform == 'win32'"]).extra("fast", &["speed[all]"]));
    put("speed", "3.0", needs(&["core"]).extra("all", &["speed[zip]", "numbers"]).extra("zip", &["zipper"]));
    put("zipper", "1.0", needs(&[]));
    put("core", "1.9", needs(&["backport ; python_version < '3.10'"]));
    put("backport", "0.1", needs(&[]));
    put("colour", "0.4", needs(&[]));
    put("numbers", "1.0", needs(&[]).python(">=3.8"));
    put("leaf", "1.0", needs(&[]));
    put("numbers", "2.0", needs(&["core", "leaf"]).python(">=3.11"));
    put("ring-a", "1.0", needs(&["ring-b"]));
    put("ring-b", "1.0", needs(&["ring-c"]));
    put("ring-c", "1.0", needs(&["ring-a", "core"]));
    put("driver", "1.5", needs(&[]).extra("pool", &["pool"]));
    put("pool", "2.2", needs(&["core"]));
    put("checker", "8.0", needs(&["core", "colour ; sys_platform == 'win32'"]));
    put("pages", "7.0", needs(&["web"]));
}

fn project() -> Folder {
    let folder = Folder::new();
    index(&folder);
    let place = folder.path().join("index");
    let settings = format!(
        "\n[[tool.uv.index]]\nname = \"here\"\nurl = \"{}\"\nformat = \"flat\"\ndefault = true\n",
        place.display()
    );
    folder.write("pyproject.toml", format!("{PYPROJECT}{settings}"));
    folder.write("cart/pyproject.toml", CART);
    folder
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn projects(folder: &Folder) -> Vec<Project> {
    let project = |place: &str, file: &str| {
        let document = PyProject::parse(&folder.text(file)).unwrap();
        Project {
            folder: place.to_owned(),
            name: document.project_name().map(str::to_owned),
            declared: Declared::of_pyproject(&document, file),
            build_requires: Vec::new(),
            pythons: Pythons { oldest: 9, newest: 15 },
            is_package: false,
            has_project: true,
        }
    };
    vec![project("", "pyproject.toml"), project("cart", "cart/pyproject.toml")]
}

fn graph(folder: &Folder, lock: Option<&str>, environment: Option<&Environment>) -> Graph {
    let parsed = lock.map(|lock| parse(lock, &folder.text(lock)).unwrap());
    Graph::new(&GraphInput {
        projects: &projects(folder),
        name: "shop",
        lock: parsed.as_ref(),
        lock_name: lock.unwrap_or_default(),
        environment,
        environment_name: ".venv",
        importers: &Importers::new(),
    })
}

fn pairs(graph: &Graph) -> Pairs {
    let label = |at: NodeIndex| graph.packages[at].label();
    let edges = graph.packages.raw_edges().iter();
    // uv does not show that an extra of a package names the package itself.
    edges
        .filter(|edge| edge.source() != edge.target())
        .map(|edge| (label(edge.source()), label(edge.target())))
        .collect()
}

/// The pairs of a tree of uv: `├── web[fast] v1.2 (extra: x)`.
fn pairs_of_uv(tree: &str) -> Pairs {
    let mut above: Vec<String> = Vec::new();
    let mut found = Pairs::new();
    for line in tree.lines().filter(|line| line.contains(" v")) {
        let start = line.find(|letter: char| letter.is_ascii_alphanumeric()).unwrap();
        let depth = line[..start].chars().count() / 4;
        let mut words = line[start..].split(' ');
        let name = words.next().unwrap().split('[').next().unwrap();
        let label = format!("{name} {}", words.next().unwrap().trim_start_matches('v'));
        above.truncate(depth);
        if let Some(parent) = above.last() {
            found.insert((parent.clone(), label.clone()));
        }
        above.push(label);
    }
    found
}

/// The pairs of our own tree, drawn as text.
fn pairs_of_tree(text: &str) -> Pairs {
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut found = Pairs::new();
    for line in text.lines().filter(|line| !line.starts_with("(*)")) {
        let start = line.find(|letter: char| letter.is_ascii_alphanumeric() || letter == '[').unwrap();
        let depth = line[..start].chars().count() / 4;
        above.retain(|(known, _)| *known < depth);
        // A heading is no package; what is below it belongs to the project.
        if line[start..].starts_with('[') {
            continue;
        }
        let mut words = line[start..].split(' ');
        let name = words.next().unwrap().split('[').next().unwrap();
        let label = format!("{name} {}", words.next().unwrap());
        if let Some((_, parent)) = above.last() {
            found.insert((parent.clone(), label.clone()));
        }
        above.push((depth, label));
    }
    found
}

fn reversed(pairs: &Pairs) -> Pairs {
    pairs.iter().map(|(from, to)| (to.clone(), from.clone())).collect()
}

#[test]
fn uv_tells_the_same_of_its_lock() {
    let folder = project();
    said(uv_command(&folder).arg("lock"));
    let graph = graph(&folder, Some("uv.lock"), None);
    let ours = pairs(&graph);
    let shown = ["tree", "--frozen", "--universal", "--all-groups", "--no-dedupe"];
    let theirs = pairs_of_uv(&said(uv_command(&folder).args(shown)));
    assert!(theirs.len() > 20, "{theirs:?}");
    assert_eq!(ours, theirs);
    let inverted = said(uv_command(&folder).args(shown).arg("--invert"));
    assert_eq!(reversed(&ours), pairs_of_uv(&inverted), "{inverted}");
    // What is drawn is what is there.
    assert_eq!(pairs_of_tree(&draw::tree(&graph, &Options::default())), ours);
    assert!(graph.orphans().is_empty());
    let roots: Vec<String> = graph.roots.iter().map(|root| graph.packages[*root].label()).collect();
    assert_eq!(roots, ["shop 1.0", "cart 0.5"]);
}

#[test]
fn what_uv_says_of_one_package() {
    let folder = project();
    said(uv_command(&folder).arg("lock"));
    let graph = graph(&folder, Some("uv.lock"), None);
    let shown =
        ["tree", "--frozen", "--universal", "--all-groups", "--no-dedupe", "--invert", "--package", "zipper"];
    let theirs = pairs_of_uv(&said(uv_command(&folder).args(shown)));
    let part = graph.leading_to("zipper");
    assert_eq!(reversed(&pairs(&part)), theirs);
    assert_eq!(pairs_of_tree(&draw::tree_to(&graph, "zipper", &Options::default())), theirs);
    let cycles = graph.cycles();
    let names = |packages: &[NodeIndex]| -> Vec<String> {
        packages.iter().map(|at| graph.packages[*at].name.clone()).collect()
    };
    assert_eq!(names(&cycles[0].round), ["ring-a", "ring-b", "ring-c"]);
    assert_eq!((cycles.len(), cycles[0].is_harmless), (1, false));
    let [numbers] = graph.duplicates().try_into().unwrap();
    assert_eq!((numbers.name.as_str(), numbers.versions.len()), ("numbers", 2));
}

#[test]
fn an_environment_alone_and_beside_a_lock() {
    let folder = project();
    said(uv_command(&folder).args([
        "sync",
        "--all-packages",
        "--all-extras",
        "--all-groups",
        "--no-install-workspace",
    ]));
    let environment = Environment::read(&folder.path().join(".venv")).unwrap();
    let alone = graph(&folder, None, Some(&environment));
    assert_eq!(alone.resolved_by.as_deref(), Some(".venv"));
    let shown = ["tree", "--frozen", "--all-groups", "--no-dedupe"];
    let theirs = pairs_of_uv(&said(uv_command(&folder).args(shown)));
    // The projects are not built, so that the environment does not know their versions.
    let strip = |pairs: Pairs| -> Pairs {
        let plain = |label: String| label.replace("shop 1.0", "shop").replace("cart 0.5", "cart");
        pairs.into_iter().map(|(from, to)| (plain(from), plain(to))).collect()
    };
    assert_eq!(strip(pairs(&alone)), strip(theirs));
    let size = |graph: &Graph, name: &str| graph.packages[graph.versions(name)[0]].size;
    assert!(size(&alone, "web").is_some_and(|size| size > 100), "{:?}", size(&alone, "web"));
    // The lock tells the edges, the environment what it weighs.
    let both = graph(&folder, Some("uv.lock"), Some(&environment));
    assert_eq!(pairs(&both), pairs(&graph(&folder, Some("uv.lock"), None)));
    assert_eq!(size(&both, "web"), size(&alone, "web"));
}

#[test]
fn a_pylock_has_no_edges_unless_an_environment_tells_them() {
    let folder = project();
    said(uv_command(&folder).arg("lock"));
    said(uv_command(&folder).args(["export", "-q", "--all-groups", "--all-extras", "-o", "pylock.toml"]));
    let flat = graph(&folder, Some("pylock.toml"), None);
    let declared: BTreeSet<String> =
        pairs(&flat).into_iter().filter(|(from, _)| from.starts_with("shop")).map(|(_, to)| to).collect();
    let expected = [
        "cart",
        "checker 8.0",
        "driver 1.5",
        "numbers 1.0",
        "numbers 2.0",
        "pages 7.0",
        "ring-a 1.0",
        "web 1.2",
    ];
    assert_eq!(declared, expected.map(str::to_owned).into());
    let orphans: BTreeSet<String> = flat.orphans().iter().map(|at| flat.packages[*at].name.clone()).collect();
    assert!(orphans.contains("ring-b") && orphans.contains("zipper"), "{orphans:?}");
    assert!(draw::tree(&flat, &Options::default()).contains("not needed by anything:\n"));
    said(uv_command(&folder).args([
        "sync",
        "-q",
        "--all-packages",
        "--all-extras",
        "--all-groups",
        "--no-install-workspace",
    ]));
    let environment = Environment::read(&folder.path().join(".venv")).unwrap();
    let joined = graph(&folder, Some("pylock.toml"), Some(&environment));
    let names =
        |graph: &Graph| -> BTreeSet<String> { graph.packages.node_weights().map(Package::label).collect() };
    assert_eq!(names(&joined), names(&flat));
    assert!(pairs(&joined).contains(&("ring-b 1.0".to_owned(), "ring-c 1.0".to_owned())));
    assert!(pairs(&joined).contains(&("speed 3.0".to_owned(), "zipper 1.0".to_owned())));
}

/// An environment by its files: name, version, lines of the metadata.
fn environment_of(folder: &Folder, rows: &[(&str, &str, &str)]) -> Environment {
    folder.write(".venv/pyvenv.cfg", "version = 3.11.7\n");
    for (name, version, more) in rows {
        let info = format!(".venv/lib/python3.11/site-packages/{name}-{version}.dist-info");
        let metadata = format!("Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{more}");
        folder.write(&format!("{info}/METADATA"), metadata);
        folder.write(
            &format!("{info}/RECORD"),
            format!("{name}.py,sha256=a,1000\n{name}/x.so,sha256=b,24\n{info}/RECORD,,\n"),
        );
    }
    Environment::read(&folder.path().join(".venv")).unwrap()
}

#[test]
fn licences_and_sizes_are_those_of_the_environment() {
    let folder = Folder::new();
    let text = "a text that is far too long to be a name, ".repeat(20);
    let environment = environment_of(
        &folder,
        &[
            (
                "modern",
                "1.0",
                "License-Expression: MIT OR Apache-2.0\nClassifier: License :: OSI Approved :: BSD License\n",
            ),
            (
                "classified",
                "1.0",
                "License: Apache\nClassifier: License :: OSI Approved :: MIT License\nClassifier: License :: OSI Approved\nRequires-Dist: modern; os_name == 'never'\n",
            ),
            ("named", "1.0", "License: BSD-3-Clause\nRequires-Dist: classified\nRequires-Dist: gone\n"),
            ("whole", "1.0", &format!("License: {text}\n")),
            ("nothing", "1.0", "License: UNKNOWN\n"),
            ("pip", "25.0", "License: MIT\n"),
        ],
    );
    let graph = Graph::new(&GraphInput {
        projects: &[],
        name: "shop",
        lock: None,
        lock_name: "",
        environment: Some(&environment),
        environment_name: ".venv",
        importers: &Importers::new(),
    });
    let licence = |name: &str| graph.packages[graph.versions(name)[0]].licence.as_deref();
    assert_eq!(licence("modern"), Some("MIT OR Apache-2.0"));
    assert_eq!(licence("classified"), Some("MIT"));
    assert_eq!(licence("named"), Some("BSD-3-Clause"));
    assert_eq!((licence("whole"), licence("nothing")), (None, None));
    // What every environment has is nobody's dependency.
    assert!(graph.versions("pip").is_empty());
    // Nothing is declared: it begins with what nothing else needs.
    assert_eq!(
        draw::tree(&graph, &Options::default()),
        "shop\n├── modern 1.0\n├── named 1.0\n│   └── classified 1.0\n├── nothing 1.0\n└── whole 1.0\n"
    );
    let totals = graph.totals();
    assert_eq!((totals.size, totals.without_size, totals.licences.len()), (5 * 1024, 0, 4));
}
