//! What a picture says in words.

use std::collections::HashSet;

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use uvshift_pyproject::Scope;

use crate::draw::layout::{Layout, Node, Picture, Role};
use crate::graph::{Graph, PackageSource};

/// A list in a tooltip names so many, and counts the rest.
const MOST_NAMES: usize = 8;

/// The graph in one line.
pub(in crate::draw) fn summary(graph: &Graph, picture: &Picture, layout: &Layout) -> String {
    let count = |role: Role| picture.nodes.iter().filter(|node| node.role == role).count();
    let (projects, direct) = (count(Role::Project), count(Role::Direct));
    let packages = picture.nodes.len() - projects;
    let mut parts = vec![counted(packages, "package"), format!("{direct} declared")];
    parts.push(format!("{} brought in", count(Role::Indirect)));
    if projects > 1 {
        parts.push(counted(projects, "project"));
    }
    let levels = layout.layer_of.iter().max().map_or(0, |last| last + 1);
    if levels > 2 {
        parts.push(format!("{} levels", levels - 1));
    }
    if picture.cycles > 0 {
        parts.push(counted(picture.cycles, "circle"));
    }
    let twice = picture.nodes.iter().filter(|node| node.is_duplicate);
    let twice: HashSet<&str> = twice.map(|node| graph.packages[node.index].name.as_str()).collect();
    if !twice.is_empty() {
        parts.push(format!("{} in several versions", twice.len()));
    }
    let sizes = picture.nodes.iter().filter_map(|node| graph.packages[node.index].size);
    let size = sizes.fold(0_u64, u64::saturating_add);
    if size > 0 {
        parts.push(bytes(size));
    }
    if let Some(source) = &graph.resolved_by {
        parts.push(format!("from {source}"));
    }
    parts.join(" · ")
}

/// A number of bytes for people, in powers of 1,000.
pub(in crate::draw) fn bytes(size: u64) -> String {
    let tenth = |unit: u64| format!("{}.{}", size / unit, size % unit / (unit / 10));
    match size {
        0..1_000 => format!("{size} B"),
        1_000..1_000_000 => format!("{} kB", size / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", tenth(1_000_000)),
        _ => format!("{} GB", tenth(1_000_000_000)),
    }
}

pub(in crate::draw) fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// The heading of a layer.
pub(in crate::draw) fn layer(picture: &Picture, layout: &Layout, layer: usize) -> String {
    let count = layout.layer_of.iter().filter(|of| **of == layer).count();
    let name = layer_name(picture, layout, layer);
    if name == "project" { name } else { format!("{name} · {count}") }
}

/// What stands in a layer.
pub(in crate::draw) fn layer_name(picture: &Picture, layout: &Layout, layer: usize) -> String {
    let mut members = picture.nodes.iter().zip(&layout.layer_of).filter(|(_, of)| **of == layer);
    match members.next().map(|(node, _)| node.role) {
        Some(Role::Project) => if members.next().is_none() { "project" } else { "projects" }.to_owned(),
        Some(Role::Direct) => "declared".to_owned(),
        Some(Role::Loose) => "needed by nothing".to_owned(),
        Some(Role::Indirect) | None => format!("level {layer}"),
    }
}

/// The heading of what a scope declares.
pub(in crate::draw) fn scope(scopes: &[Scope], bit: usize) -> String {
    scopes.get(bit).map_or_else(|| "main".to_owned(), scope_name)
}

/// A scope in words.
pub(in crate::draw) fn scope_name(scope: &Scope) -> String {
    match scope {
        Scope::Main => "main".to_owned(),
        Scope::Extra(name) => format!("extra {name}"),
        Scope::Group(name) => format!("group {name}"),
    }
}

/// All about a package, for who points at it: lines.
pub(in crate::draw) fn about(graph: &Graph, node: &Node) -> Vec<String> {
    let package = &graph.packages[node.index];
    let version = package.version.as_deref().unwrap_or_default();
    let mut lines = vec![format!("{} {version}", package.name).trim_end().to_owned()];
    let mut facts = vec![package.category.as_str().to_owned()];
    facts.extend(package.licence.clone());
    facts.extend(package.size.map(bytes));
    facts.extend(
        (package.source != PackageSource::Index).then(|| format!("from {}", package.source.as_str())),
    );
    lines.push(facts.join(" · "));
    if !package.declared.is_empty() {
        let places: Vec<String> = package.declared.iter().map(Scope::key).collect();
        lines.push(format!("declared in {}", places.join(", ")));
    }
    if let Some(marker) = &package.marker {
        lines.push(format!("only where {marker}"));
    }
    lines.extend(listed("needs", &names(graph, node.index, Direction::Outgoing)));
    lines.extend(listed("needed by", &names(graph, node.index, Direction::Incoming)));
    let files: Vec<String> =
        package.imported_by.iter().map(|(file, line)| format!("{file}:{line}")).collect();
    lines.extend(listed("imported in", &files));
    if node.alone > 0 && node.role != Role::Project {
        lines.push(format!("{} needed by nothing else", counted(node.alone, "package")));
    }
    lines
}

fn names(graph: &Graph, index: NodeIndex, direction: Direction) -> Vec<String> {
    let neighbours = graph.packages.neighbors_directed(index, direction);
    let mut names: Vec<String> = neighbours.map(|other| graph.packages[other].name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn listed(what: &str, names: &[String]) -> Option<String> {
    let (first, rest) = names.split_at(names.len().min(MOST_NAMES));
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
    (!first.is_empty()).then(|| format!("{what} {}{more}", first.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_for_people() {
        assert_eq!(
            [999, 1_999, 12_345_678, 2_000_000_000].map(bytes),
            ["999 B", "1 kB", "12.3 MB", "2.0 GB"]
        );
    }
}
