//! A graph for Mermaid, as Markdown on many sites shows it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use petgraph::visit::EdgeRef as _;

use super::dot::color;
use super::{Options, edge_label, is_drawn};
use crate::graph::{Graph, Package};

/// The graph as a flowchart of Mermaid.
pub fn mermaid(graph: &Graph, options: &Options) -> String {
    let mut text = String::new();
    if !options.title.is_empty() {
        let _ = writeln!(text, "---\ntitle: {}\n---", front_matter(&options.title));
    }
    text.push_str("flowchart LR\n");
    let mut categories = BTreeSet::new();
    for at in graph.packages.node_indices() {
        let Some(package) = graph.package(at).filter(|package| is_drawn(package, options)) else { continue };
        categories.insert(package.category);
        let (open, close) = if package.is_project { ("([", "])") } else { ("[", "]") };
        let _ = writeln!(
            text,
            "  n{}{open}\"{}\"{close}:::{}",
            at.index(),
            label(package),
            package.category.as_str()
        );
    }
    for edge in graph.packages.edge_references() {
        let ends = [edge.source(), edge.target()];
        if !ends.iter().all(|at| graph.package(*at).is_some_and(|package| is_drawn(package, options))) {
            continue;
        }
        let (from, to) = (edge.source().index(), edge.target().index());
        let _ = match edge_label(edge.weight()) {
            Some(label) => writeln!(text, "  n{from} -. \"{}\" .-> n{to}", escaped(&label)),
            None => writeln!(text, "  n{from} --> n{to}"),
        };
    }
    for category in categories {
        let _ = writeln!(text, "  classDef {} fill:{},color:#111", category.as_str(), color(category));
    }
    text
}

fn label(package: &Package) -> String {
    escaped(&package.label())
}

/// Letters that mean something to Mermaid or to HTML become its entities, which are numbers between `#` and `;`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_alphanumeric() || " .,-+=:_/@*!()".contains(letter) {
            out.push(letter);
        } else if letter.is_control() {
            out.push(' ');
        } else {
            let _ = write!(out, "#{};", u32::from(letter));
        }
    }
    out
}

/// A string of YAML.
fn front_matter(text: &str) -> String {
    let plain: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    format!("'{}'", plain.replace('\'', "''"))
}
