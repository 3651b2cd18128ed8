//! The page, as text and in a browser.

use std::process::Command;

use serde_json::{Value, json};
use uvshift_depgraph::Scope;
use uvshift_depgraph::catalogue::Category;
use uvshift_depgraph::draw::{Options, html};
use uvshift_depgraph::graph::Graph;

use crate::graphs::{graph, need, package};

const HOSTILE: &str = "</script><img src=x onerror=\"window.ran=1\"><!--<script>window.ran=1</script>";

/// A project with a web framework that needs sockets in two ways, a linter for development, and a package with a hostile name.
fn project() -> Graph {
    let mut graph = graph("app>web app>http web>http http>sockets web>sockets web>text app>lint lint>paths");
    let at = |graph: &Graph, name: &str| {
        graph.packages.node_indices().find(|i| graph.packages[*i].name == name).unwrap()
    };
    let (app, web, lint) = (at(&graph, "app"), at(&graph, "web"), at(&graph, "lint"));
    graph.packages[web].category = Category::Web;
    graph.packages[web].licence = Some("MIT".to_owned());
    graph.packages[web].size = Some(2_500_000);
    graph.packages[web].imported_by = vec![("src/app.py".to_owned(), 3), ("tests/test_app.py".to_owned(), 1)];
    let edge = graph.packages.find_edge(app, lint).unwrap();
    graph.packages[edge].scope = Scope::Group("dev".to_owned());
    graph.packages[lint].declared = vec![Scope::Group("dev".to_owned())];
    let edge = graph.packages.find_edge(app, web).unwrap();
    graph.packages[edge].specifier = Some(">=2,<3".to_owned());
    let hostile = graph.packages.add_node(package(HOSTILE));
    graph.packages[hostile].licence = Some(HOSTILE.to_owned());
    graph.packages[hostile].depth = Some(2);
    graph.packages.add_edge(lint, hostile, need(Scope::Main));
    graph
}

fn drawn(graph: &Graph) -> String {
    html(graph, &Options { title: format!("app {HOSTILE}"), ..Options::default() })
}

/// What the script of the page reads.
fn data(page: &str) -> Value {
    let start = page.split_once("id=\"data\">").unwrap().1;
    serde_json::from_str(start.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn a_page_needs_nothing_else() {
    let page = drawn(&project());
    assert_eq!(page, drawn(&project()), "drawn twice");
    let policy =
        page.split_once("Content-Security-Policy\" content=\"").unwrap().1.split_once('"').unwrap().0;
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe"),
        "{policy}"
    );
    let outside: Vec<&str> = page.split("://").skip(1).map(|rest| &rest[..12]).collect();
    assert!(outside.iter().all(|place| place.starts_with("www.w3.org")), "{outside:?}");
    for word in [
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "fetch(",
        " style=",
        " onclick=",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    assert_eq!(page.matches("<script").count(), 2, "no name is a tag");
}

#[test]
fn the_data_is_that_of_the_graph() {
    let graph = project();
    let data = data(&drawn(&graph));
    assert_eq!(data["packages"].as_array().unwrap().len(), graph.packages.node_count());
    assert_eq!(data["edges"].as_array().unwrap().len(), graph.packages.edge_count());
    let package =
        |name: &str| data["packages"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap();
    assert_eq!(package("web")["imported"], json!([["src/app.py", 3], ["tests/test_app.py", 1]]));
    assert_eq!((&package("web")["bytes"], &package("web")["role"]), (&json!(2_500_000), &json!("direct")));
    assert_eq!(package(HOSTILE)["licence"], HOSTILE);
    assert_eq!(package("paths")["dev"], true);
    assert_eq!(data["scopes"], json!([{ "kind": "main", "name": "" }, { "kind": "group", "name": "dev" }]));
    let to_web =
        data["edges"].as_array().unwrap().iter().find(|it| it["needs"][0]["specifier"] == ">=2,<3").unwrap();
    assert_eq!(
        to_web["to"],
        data["packages"].as_array().unwrap().iter().position(|it| it["name"] == "web").unwrap()
    );
}

/// What a browser saw of a page, if there is one.
fn seen(page: &str) -> Option<Value> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("page.html");
    std::fs::write(&path, page).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/draw/browser.mjs");
    let Ok(output) = Command::new("node").arg(script).arg(folder.path().join("profile")).arg(&path).output()
    else {
        println!("SKIPPED: there is no Node");
        return None;
    };
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    if stdout.starts_with("SKIPPED") {
        println!("{stdout}");
        return None;
    }
    Some(serde_json::from_str(&stdout).unwrap())
}

#[test]
fn in_a_browser_it_does_what_it_promises() {
    let Some(seen) = seen(&drawn(&project())) else { return };
    assert_eq!(seen["errors"], json!([]));
    assert_eq!(seen["requests"].as_array().unwrap().len(), 1, "the page itself: {}", seen["requests"]);
    assert_eq!(seen["hostile"], json!({ "scripts": 2, "images": 0, "ran": "undefined" }));
    assert_begin_and_search(&seen);
    assert_pointing_and_keys(&seen);
    assert_filters_and_table(&seen);
    assert_ne!(seen["begin"]["background"], seen["dark"]["system"]);
    assert_eq!(seen["begin"]["background"], seen["dark"]["button"]);
    assert_eq!(seen["dark"]["system"], seen["dark"]["key"]);
    let paper = json!({ "background": seen["begin"]["background"], "filters": "none", "inside": true, "isLarge": true });
    assert_eq!(seen["print"], paper);
    assert_eq!(seen["phone"], json!({ "overflow": 0, "filters": "none", "opened": "block" }));
}

fn assert_begin_and_search(seen: &Value) {
    let all = json!([HOSTILE.split(',').next(), "app", "http", "lint", "paths", "sockets", "text", "web"]);
    assert_eq!(seen["begin"]["shown"], all);
    assert_eq!(seen["begin"]["title"], format!("app {HOSTILE}: dependencies"));
    assert_eq!(seen["search"], json!({ "focus": "search", "found": ["sockets 1.0"], "matches": 1 }));
    assert_eq!(seen["panel"]["ways"], json!(["app → web → sockets", "app → http → sockets"]));
    assert_eq!(
        (&seen["address"], &seen["centred"], &seen["way"]),
        (&json!("#sockets"), &json!(true), &json!(4))
    );
    assert_eq!((&seen["linked"], &seen["closed"]), (&json!("http 1.0"), &json!(true)));
}

fn assert_pointing_and_keys(seen: &Value) {
    assert_eq!(seen["pointed"], json!({ "needs": ["http", "sockets", "text"], "needed": ["app"] }));
    let panel = seen["clicked"].as_str().unwrap();
    for words in [
        "MIT",
        "2.5 MB",
        "project.dependencies",
        "src/app.py:3",
        "tests/test_app.py:1",
        ">=2,<3",
        "Needed by · 1",
    ] {
        assert!(panel.contains(words), "{words} of {panel}");
    }
    assert_eq!(seen["keys"][0], "web");
    assert!(["http", "text", "sockets"].map(Value::from).contains(&seen["keys"][1]), "{}", seen["keys"]);
    assert_eq!((&seen["keys"][3], &seen["tabStops"]), (&json!("app"), &json!(1)));
    assert_eq!(seen["entered"], json!(["app 1.0", "panel"]));
    let number = |key: &str| seen["zoom"][key].as_f64().unwrap();
    assert!(number("wheel") > 1.1 && number("key") < 0.9, "{}", seen["zoom"]);
    assert_eq!(seen["zoom"]["dragged"], -100);
}

fn assert_filters_and_table(seen: &Value) {
    let filters = &seen["filters"];
    assert_eq!(filters["withoutWeb"].as_array().unwrap().len(), 7);
    assert_eq!((&filters["bridges"], &filters["overlaps"]), (&json!(1), &json!(0)));
    assert_eq!(filters["count"], "7 of 8 shown");
    assert_eq!(filters["reset"], seen["begin"]["shown"]);
    assert_eq!(filters["declared"], json!(["app", "http", "lint", "web"]));
    assert_eq!(filters["near"], json!(["app", "http", "lint", "web"]));
    assert_eq!(filters["development"].as_array().unwrap().len(), 4, "{}", filters["development"]);
    assert_eq!((filters["around"].as_array().unwrap().len(), &filters["letGo"]), (4, &json!(8)));
    assert_eq!(seen["table"]["names"].as_array().unwrap().len(), 8);
    assert_eq!(seen["table"]["needs"], json!(["3", "3", "2", "1", "", "", "", ""]));
    assert!(seen["table"]["sorted"].as_str().unwrap().starts_with("Needs"));
}
