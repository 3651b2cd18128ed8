//! A graph of dependencies as text or picture: tree, JSON, DOT, Mermaid, SVG, HTML.

mod dot;
mod html;
mod json;
mod layout;
mod mermaid;
mod svg;
mod tree;

use crate::graph::{Need, Package};

pub use dot::dot;
pub use html::html;
pub use json::{Rows, json, rows};
pub use mermaid::mermaid;
pub use svg::svg;
pub use tree::{size, tree, tree_to};

/// How a graph is drawn.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The title; the name of the project as a rule.
    pub title: String,
    /// How many edges deep, counted from the projects; none: all.
    pub depth: Option<usize>,
    /// Whether a tree tells what imports each package, too.
    pub imports: bool,
}

/// Whether a picture shows a package: not where it is deeper than wanted, or nothing needs it and not all is wanted.
fn is_drawn(package: &Package, options: &Options) -> bool {
    options.depth.is_none_or(|deepest| package.depth.is_some_and(|depth| depth <= deepest))
}

/// What is written at an edge: its extra or group, the extras that are asked for, its marker. None where it holds always.
fn edge_label(need: &Need) -> Option<String> {
    let mut parts = Vec::new();
    if need.scope != uvshift_pyproject::Scope::Main {
        parts.push(tree::heading(&need.scope));
    }
    if !need.extras.is_empty() {
        parts.push(format!("[{}]", need.extras.join(",")));
    }
    parts.extend(need.marker.clone());
    (!parts.is_empty()).then(|| parts.join(" "))
}
