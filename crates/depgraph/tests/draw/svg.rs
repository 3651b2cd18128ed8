//! The picture, as an XML parser reads it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use serde_json::Value;
use uvshift_depgraph::Scope;
use uvshift_depgraph::draw::{Options, html, svg};
use uvshift_depgraph::graph::Graph;
use uvshift_testkit::pip_python;

use crate::graphs::{finished, graph, need, of_big_lock, package};

/// Reads a picture: its packages by name of the box, with class and place, its edges, and everything it says.
const READER: &str = r#"
import json, re, sys, xml.etree.ElementTree as ET
root = ET.fromstring(sys.stdin.buffer.read())
ns = "{http://www.w3.org/2000/svg}"
packages, edges = [], []
for group in root.iter(ns + "g"):
    if group.get("id", "").startswith("dg"):
        x, y = map(float, re.findall(r"-?[\d.]+", group.get("transform")))
        box = next(r for r in group.iter(ns + "rect") if r.get("class") == "box")
        packages.append({"name": "".join(group.find(ns + "text").itertext()), "class": group.get("class"), "x": x, "y": y,
            "w": float(box.get("width")), "h": float(box.get("height")), "title": group.find(ns + "title").text})
for path in root.iter(ns + "path"):
    edges.append(path.get("class"))
texts = ["".join(t.itertext()).strip() for t in root.iter(ns + "text")]
_, _, w, h = map(float, root.get("viewBox").split())
json.dump({"packages": packages, "edges": edges, "texts": texts, "w": w, "h": h, "role": root.get("role"),
    "title": root.find(ns + "title").text, "desc": root.find(ns + "desc").text,
    "tags": sorted({e.tag.replace(ns, "") for e in root.iter()})}, sys.stdout)
"#;

fn read(graph: &Graph) -> Value {
    let drawn = svg(graph, &Options { title: "a & <b>".to_owned(), ..Options::default() });
    assert_eq!(
        drawn,
        svg(graph, &Options { title: "a & <b>".to_owned(), ..Options::default() }),
        "drawn twice"
    );
    let mut python = Command::new(pip_python());
    python.args(["-I", "-c", READER]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = python.spawn().unwrap();
    child.stdin.take().unwrap().write_all(drawn.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "no XML");
    let picture: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_is_tidy(&picture);
    picture
}

/// No box is outside of the picture or on another one.
fn assert_is_tidy(picture: &Value) {
    let mut boxes: Vec<[f64; 4]> = Vec::new();
    for package in picture["packages"].as_array().unwrap() {
        boxes.push(["x", "y", "w", "h"].map(|key| package[key].as_f64().unwrap()));
    }
    let (wide, high) = (picture["w"].as_f64().unwrap(), picture["h"].as_f64().unwrap());
    boxes.sort_by(|left, right| left[0].total_cmp(&right[0]));
    for (place, [x, y, w, h]) in boxes.iter().enumerate() {
        assert!(
            *x >= 0.0 && *y >= 0.0 && x + w < wide && y + h < high,
            "{x} {y} is outside of {wide} {high}"
        );
        for other in boxes[place + 1..].iter().take_while(|other| other[0] < x + w) {
            assert!(other[1] + 0.1 >= y + h || other[1] + other[3] <= y + 0.1, "{x} {y} is on {other:?}");
        }
    }
}

fn find<'a>(picture: &'a Value, name: &str) -> &'a Value {
    let mut packages = picture["packages"].as_array().unwrap().iter();
    packages.find(|package| package["name"].as_str().unwrap().split("1.0").next() == Some(name)).unwrap()
}

fn has_class(value: &Value, class: &str) -> bool {
    value.as_str().unwrap().split(' ').any(|other| other == class)
}

#[test]
fn a_picture_shows_packages_edges_and_what_they_mean() {
    let mut graph = graph("app>web app>db web>http http>sockets web>sockets db>sockets");
    let web = graph.packages.node_indices().find(|index| graph.packages[*index].name == "web").unwrap();
    graph.packages[web].licence = Some("MIT OR Apache-2.0".to_owned());
    graph.packages[web].size = Some(1_234_567);
    graph.packages[web].imported_by = vec![("src/a.py".to_owned(), 3)];
    let picture = read(&graph);
    assert_eq!(
        (picture["role"].as_str(), picture["title"].as_str()),
        (Some("img"), Some("a & <b>: dependencies"))
    );
    assert_eq!(picture["desc"], "4 packages · 2 declared · 2 brought in · 3 levels · 1.2 MB");
    assert_eq!(picture["edges"].as_array().unwrap().len(), 6);
    let faint = |edge: &&Value| has_class(edge, "faint");
    assert_eq!(
        picture["edges"].as_array().unwrap().iter().filter(faint).count(),
        1,
        "web>sockets has a longer way"
    );
    let title = find(&picture, "web")["title"].as_str().unwrap();
    assert_eq!(
        title,
        "web 1.0\ncore · MIT OR Apache-2.0 · 1.2 MB\ndeclared in project.dependencies\nneeds http, sockets\nneeded by app\n\
         imported in src/a.py:3\n1 package needed by nothing else"
    );
    let x = |name: &str| find(&picture, name)["x"].as_f64().unwrap();
    assert!(x("app") < x("web") && x("web") < x("http") && x("http") < x("sockets"));
    assert!((x("web") - x("db")).abs() < 0.1, "what is declared stands in one column");
}

#[test]
fn development_circles_and_versions_are_marked() {
    let mut graph = graph("app>web web>a a>b b>a app>lint lint>paths");
    let at = |graph: &Graph, name: &str| {
        graph.packages.node_indices().find(|i| graph.packages[*i].name == name).unwrap()
    };
    let (app, lint, web) = (at(&graph, "app"), at(&graph, "lint"), at(&graph, "web"));
    let edge = graph.packages.find_edge(app, lint).unwrap();
    graph.packages[edge].scope = Scope::Group("dev".to_owned());
    graph.packages[lint].declared.clear();
    let other = graph.packages.add_node(package("web"));
    graph.packages.add_edge(lint, other, need(Scope::Main));
    let picture = read(&graph);
    for (name, class, is_it) in [
        ("lint", "dev", true),
        ("paths", "dev", true),
        ("web", "dev", false),
        ("a", "circle", true),
        ("web", "circle", false),
    ] {
        assert_eq!(has_class(&find(&picture, name)["class"], class), is_it, "{name} {class}");
    }
    let texts: Vec<&str> = picture["texts"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for text in [
        "main",
        "group dev",
        "declared for development",
        "in several versions",
        "need each other in a circle",
    ] {
        assert!(texts.contains(&text), "{text} of {texts:?}");
    }
    assert!(!texts.contains(&"needed by nothing"));
    assert_eq!(graph.packages[web].name, graph.packages[other].name);
}

#[test]
fn names_come_from_anywhere() {
    let mut graph = graph("app>x");
    let names = ["</title><script>alert(1)</script>", "a\u{0}b\u{202e}\u{ffff}", "]]>&amp;\"'", "名前", ""];
    for name in names {
        let mut hostile = package(name);
        hostile.version = Some(format!("{name}\u{1}"));
        hostile.licence = Some(name.to_owned());
        hostile.imported_by = vec![(name.to_owned(), 1)];
        let hostile = graph.packages.add_node(hostile);
        graph.packages.add_edge(graph.roots[0], hostile, need(Scope::Group(name.to_owned())));
    }
    let picture = read(&graph);
    let titles: Vec<&str> = picture["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| package["title"].as_str().unwrap())
        .collect();
    assert!(
        titles.iter().any(|title| title.starts_with("</title><script>alert(1)</script> </title>")),
        "{titles:?}"
    );
    assert!(titles.iter().any(|title| title.starts_with("a\u{fffd}b\u{fffd}\u{fffd} ")), "{titles:?}");
    assert!(!picture["tags"].as_array().unwrap().iter().any(|tag| tag == "script"));
}

#[test]
fn any_shape_can_be_drawn() {
    let chain = (0..1_000).fold(String::new(), |mut edges, n| {
        let _ = write!(edges, "p{n}>p{} ", n + 1);
        edges
    });
    let star = (0..700).fold(String::new(), |mut edges, n| {
        let _ = write!(edges, "app>p{n} ");
        edges
    });
    let knot = (0..60).fold("app>q0 ".to_owned(), |mut edges, n| {
        (0..60).filter(|m| *m != n).for_each(|m| write!(edges, "q{n}>q{m} ").unwrap());
        edges
    });
    for (name, edges, count) in
        [("chain", chain, 1_001), ("star", star, 701), ("knot", knot, 61), ("self", "a>a".to_owned(), 1)]
    {
        let picture = read(&graph(&edges));
        assert_eq!(picture["packages"].as_array().unwrap().len(), count, "{name}");
        let ratio = picture["w"].as_f64().unwrap() / picture["h"].as_f64().unwrap();
        assert!((0.5..6.0).contains(&ratio), "{name}: {ratio}");
    }
    assert_eq!(read(&Graph::default())["packages"].as_array().unwrap().len(), 0);
    let mut lonely = Graph::default();
    lonely.packages.add_node(package("a"));
    assert!(has_class(&find(&read(&lonely), "a")["class"], "loose"));
}

#[test]
fn too_many_packages_are_drawn_simply_and_the_picture_says_so() {
    let mut graph = Graph::default();
    let indexes: Vec<_> = (0..7_000).map(|n| graph.packages.add_node(package(&format!("p{n}")))).collect();
    for (place, from) in indexes.iter().enumerate() {
        for step in 1..=5 {
            if let Some(to) = indexes.get(place * 3 + step) {
                graph.packages.add_edge(*from, *to, need(Scope::Main));
            }
        }
    }
    let picture = read(&finished(graph, &indexes[..1]));
    assert_eq!(picture["packages"].as_array().unwrap().len(), 6_000);
    let texts = picture["texts"].as_array().unwrap();
    for note in [
        "1000 packages farther away from the projects left out.",
        "So many packages: one line leads to each, the others are left out.",
    ] {
        assert!(texts.iter().any(|text| text == note), "{note}");
    }
}

#[test]
fn depth_is_counted_from_the_projects() {
    let graph = graph("app>a a>b b>c");
    let drawn = svg(&graph, &Options { depth: Some(1), ..Options::default() });
    assert!(drawn.contains(">a<") && !drawn.contains("needs c") && !drawn.contains(">b<"), "{drawn}");
}

#[test]
fn a_project_of_hundreds_of_packages_keeps_the_shape_of_a_screen() {
    let graph = of_big_lock();
    let picture = read(&graph);
    assert_eq!(picture["packages"].as_array().unwrap().len(), graph.packages.node_count());
    let ratio = picture["w"].as_f64().unwrap() / picture["h"].as_f64().unwrap();
    assert!((1.2..2.6).contains(&ratio), "{ratio}");
}

/// The boxes of a picture: left, top, width, height.
fn boxes(drawn: &str) -> Vec<[f64; 4]> {
    let number = |text: &str| text.split(['"', ' ', ')']).next().unwrap().parse().unwrap();
    let one = |group: &str| {
        let (_, at) = group.split_once("translate(")?;
        let (_, y) = at.split_once(' ')?;
        let (_, size) = group.split_once("class=\"box\" width=\"")?;
        let (_, height) = size.split_once("height=\"")?;
        Some([number(at), number(y), number(size), number(height)])
    };
    drawn.split("<g id=\"dg").skip(1).filter_map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn no_box_is_on_another(count in 2_usize..190, edges in proptest::collection::vec((0_usize..190, 0_usize..190), 0..300), groups in 0_usize..4) {
        let mut graph = Graph::default();
        let indexes: Vec<_> = (0..count).map(|n| graph.packages.add_node(package(&"name-".repeat(n % 7 + 1)))).collect();
        for (place, (from, to)) in edges.into_iter().enumerate() {
            let scope = if place % 4 < groups { Scope::Group(format!("g{}", place % 4)) } else { Scope::Main };
            graph.packages.add_edge(indexes[from % count], indexes[to % count], need(scope));
        }
        let drawn = svg(&finished(graph, &indexes[..2]), &Options::default());
        let boxes = boxes(&drawn);
        prop_assert_eq!(boxes.len(), count);
        for (place, [x, y, w, h]) in boxes.iter().enumerate() {
            prop_assert!(*x >= 0.0 && *y >= 0.0 && x.is_finite() && y.is_finite());
            for other in &boxes[place + 1..] {
                let is_apart = other[0] + other[2] <= x + 0.1 || x + w <= other[0] + 0.1
                    || other[1] + other[3] <= y + 0.1 || y + h <= other[1] + 0.1;
                prop_assert!(is_apart, "{x} {y} {w} {h} and {other:?}");
            }
        }
    }
}

#[test]
#[ignore = "writes pictures to look at"]
fn look() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let small = "app>flask app>requests app>sqlalchemy flask>werkzeug flask>jinja2 flask>click jinja2>markupsafe \
                 werkzeug>markupsafe requests>urllib3 requests>idna sqlalchemy>typing-extensions app>pydantic \
                 pydantic>typing-extensions pydantic>pydantic-core pydantic-core>typing-extensions app>a a>b b>c c>a";
    let huge = (1..5_000).fold(String::new(), |mut edges, n| {
        (1..=4).for_each(|step| write!(edges, "p{}>p{n} ", n / (step * 3)).unwrap());
        edges
    });
    let graphs = [("small", graph(small)), ("big", of_big_lock()), ("huge", graph(&huge))];
    for (name, graph) in &graphs {
        let drawn = svg(graph, &Options { title: (*name).to_owned(), ..Options::default() });
        std::fs::write(folder.join(format!("{name}.svg")), drawn).unwrap();
        std::fs::write(
            folder.join(format!("{name}.html")),
            html(graph, &Options { title: (*name).to_owned(), ..Options::default() }),
        )
        .unwrap();
    }
}
