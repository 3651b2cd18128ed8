//! What the page knows, as JSON.

use std::collections::HashMap;

use petgraph::graph::NodeIndex;
use serde_json::{Value, json};
use uvshift_pyproject::Scope;

use crate::catalogue::Category;
use crate::draw::layout::{Caption, Edge, Label, Layout, Measures, Picture, Role};
use crate::draw::svg::words;
use crate::graph::{Graph, Need};

/// More packages than this show an edge that a longer way makes unnecessary only where it is asked for.
const MOST_FOR_IMPLIED: usize = 800;

/// Everything that the page shows, with the place of each package.
pub(super) fn data(
    graph: &Graph,
    picture: &Picture,
    layout: &Layout,
    labels: &[Label],
    title: &str,
) -> Value {
    let measures = Measures::of(picture.nodes.len());
    let layers = layout.layer_of.iter().max().map_or(0, |last| last + 1);
    json!({
        "title": if title.is_empty() { "Dependencies" } else { title },
        "summary": words::summary(graph, picture, layout),
        "categories": categories(graph, picture),
        "scopes": picture.scopes.iter().take(64).map(scope).collect::<Vec<_>>(),
        "packages": (0..labels.len()).map(|at| package(graph, picture, layout, &labels[at], at)).collect::<Vec<_>>(),
        "edges": edges(graph, picture, layout),
        "captions": captions(picture, layout),
        "layers": (0..layers).map(|layer| words::layer_name(picture, layout, layer)).collect::<Vec<_>>(),
        "showsImplied": picture.nodes.len() <= MOST_FOR_IMPLIED,
        "leftOut": picture.left_out,
        "chip": measures.chip,
        "row": measures.row,
        "gap": measures.gap,
        "columnGap": measures.column_gap,
    })
}

fn categories(graph: &Graph, picture: &Picture) -> Vec<&'static str> {
    let packages = || picture.nodes.iter().filter(|node| node.role != Role::Project);
    let is_there =
        |category: &Category| packages().any(|node| graph.packages[node.index].category == *category);
    Category::ALL.iter().filter(|category| is_there(category)).map(|category| category.as_str()).collect()
}

fn scope(scope: &Scope) -> Value {
    let (kind, name) = match scope {
        Scope::Main => ("main", ""),
        Scope::Extra(name) => ("extra", name.as_str()),
        Scope::Group(name) => ("group", name.as_str()),
    };
    json!({ "kind": kind, "name": name })
}

fn package(graph: &Graph, picture: &Picture, layout: &Layout, label: &Label, at: usize) -> Value {
    let (node, place) = (&picture.nodes[at], layout.boxes[at]);
    let package = &graph.packages[node.index];
    let role = match node.role {
        Role::Project => "project",
        Role::Direct => "direct",
        Role::Indirect => "indirect",
        Role::Loose => "loose",
    };
    let scopes: Vec<usize> = (0..64).filter(|bit| node.scopes >> bit & 1 == 1).collect();
    json!({
        "name": package.name,
        "version": package.version,
        "category": package.category.as_str(),
        "role": role,
        "scopes": scopes,
        "declared": package.declared.iter().map(Scope::key).collect::<Vec<_>>(),
        "declaredWords": package.declared.iter().map(words::scope_name).collect::<Vec<_>>(),
        "declaredBy": node.declared,
        "depth": package.depth,
        "source": package.source.as_str(),
        "licence": package.licence,
        "bytes": package.size,
        "marker": package.marker,
        "imported": package.imported_by,
        "dev": node.is_development,
        "twice": node.is_duplicate,
        "circle": node.in_cycle,
        "alone": node.alone,
        "layer": layout.layer_of[at],
        "label": label.name,
        "labelVersion": label.version,
        "badge": label.badge,
        "size": label.size,
        "wide": tenth(label.width),
        "x": tenth(place.x),
        "y": tenth(place.y),
        "w": tenth(place.width),
    })
}

fn edges(graph: &Graph, picture: &Picture, layout: &Layout) -> Vec<Value> {
    let mut needs: HashMap<(NodeIndex, NodeIndex), Vec<&Need>> = HashMap::new();
    for edge in graph.packages.raw_edges() {
        needs.entry((edge.source(), edge.target())).or_default().push(&edge.weight);
    }
    let value = |(edge, way): (&Edge, &String)| {
        let (from, to) = (&picture.nodes[edge.from], &picture.nodes[edge.to]);
        let is_declared = from.role == Role::Project;
        let needs = needs.get(&(from.index, to.index)).map(Vec::as_slice).unwrap_or_default();
        json!({
            "from": edge.from,
            "to": edge.to,
            "dev": edge.is_development,
            "implied": edge.is_implied,
            "circle": edge.in_cycle,
            "way": way,
            "needs": needs.iter().map(|need| one_need(need, is_declared)).collect::<Vec<_>>(),
        })
    };
    picture.edges.iter().zip(&layout.routes).map(value).collect()
}

fn one_need(need: &Need, is_declared: bool) -> Value {
    let scope = match &need.scope {
        Scope::Main => String::new(),
        Scope::Extra(name) if !is_declared => format!("for its extra {name}"),
        scope => format!("in {}", words::scope_name(scope)),
    };
    json!({ "extras": need.extras, "specifier": need.specifier, "marker": need.marker, "scope": scope })
}

fn captions(picture: &Picture, layout: &Layout) -> Vec<Value> {
    let value = |(caption, x, y): &(Caption, f64, f64)| {
        let (kind, words) = match caption {
            Caption::Layer(layer) => ("layer", words::layer(picture, layout, *layer)),
            Caption::Scope(bit) => ("scope", words::scope(&picture.scopes, *bit)),
        };
        json!({ "kind": kind, "words": words, "x": tenth(*x), "y": tenth(*y) })
    };
    layout.captions.iter().map(value).collect()
}

/// A tenth of a pixel is as fine as anybody sees.
fn tenth(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}
