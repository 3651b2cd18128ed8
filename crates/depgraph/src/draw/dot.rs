//! A graph for Graphviz.

use std::fmt::Write as _;

use petgraph::visit::EdgeRef as _;

use super::{Options, edge_label, is_drawn};
use crate::catalogue::Category;
use crate::graph::{Graph, Package};

/// The graph in the DOT language.
pub fn dot(graph: &Graph, options: &Options) -> String {
    let mut text = String::from("digraph dependencies {\n");
    if !options.title.is_empty() {
        let _ = writeln!(text, "  label={};\n  labelloc=t;", quoted(&options.title));
    }
    text.push_str("  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\"];\n");
    text.push_str("  edge [color=\"#777777\", fontname=\"Helvetica\", fontsize=9];\n");
    for at in graph.packages.node_indices() {
        if let Some(package) = graph.package(at).filter(|package| is_drawn(package, options)) {
            let _ = writeln!(text, "  n{} [{}];", at.index(), attributes(package));
        }
    }
    for edge in graph.packages.edge_references() {
        let ends = [edge.source(), edge.target()];
        if !ends.iter().all(|at| graph.package(*at).is_some_and(|package| is_drawn(package, options))) {
            continue;
        }
        let _ = write!(text, "  n{} -> n{}", edge.source().index(), edge.target().index());
        match edge_label(edge.weight()) {
            Some(label) => {
                let _ = writeln!(text, " [label={}, style=dashed];", quoted(&label));
            }
            None => text.push_str(";\n"),
        }
    }
    text.push_str("}\n");
    text
}

fn attributes(package: &Package) -> String {
    let label = match &package.version {
        // A backslash and `n` are a line end of DOT; both halves are quoted for themselves.
        Some(version) => format!("\"{}\\n{}\"", escaped(&package.name), escaped(version)),
        None => quoted(&package.name),
    };
    let shape = if package.is_project { ", shape=ellipse, penwidth=2" } else { "" };
    let border = if package.depth.is_none() { ", style=\"rounded,filled,dashed\"" } else { "" };
    format!("label={label}, fillcolor=\"{}\"{shape}{border}", color(package.category))
}

/// The fill colour of a category, light enough for black letters.
pub(super) const fn color(category: Category) -> &'static str {
    match category {
        Category::Core => "#e8ecef",
        Category::Database => "#cfe8d5",
        Category::Web => "#cfe0f5",
        Category::Ml => "#e6d5f2",
        Category::Testing => "#fdf0c4",
        Category::Linting => "#fbe0c8",
        Category::Development => "#f3dbe3",
        Category::Deployment => "#cdeaea",
        Category::Utilities => "#e4e4d4",
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// For a string in double quotes: a backslash stands for itself, a line end ends nothing.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // Graphviz knows the entities of HTML.
            '&' => out.push_str("&amp;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
