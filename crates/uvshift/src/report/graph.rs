//! What people read of a graph of dependencies.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use uvshift_depgraph::Scope;
use uvshift_depgraph::draw::size;
use uvshift_depgraph::graph::{Graph, Package, Paths};

/// The numbers in a line.
pub(crate) fn summary(graph: &Graph) -> String {
    let totals = graph.totals();
    let count = totals.packages;
    let mut text = format!("{count} {}", if count == 1 { "package" } else { "packages" });
    let mut parts = vec![format!("{} direct", totals.direct), format!("{} transitive", totals.transitive)];
    if totals.orphans > 0 {
        parts.push(format!("{} that nothing needs", totals.orphans));
    }
    let _ = write!(text, ": {}; at most {} deep", parts.join(", "), totals.depth);
    if totals.size > 0 {
        let _ = write!(text, "; {}", size(totals.size));
    }
    match &graph.resolved_by {
        Some(source) => {
            // uv counts the project, too, and so does what a migration says of its lock.
            let projects = graph.packages.node_weights().filter(|package| package.is_project).count();
            let without = match (source.as_str(), projects) {
                ("uv.lock", 1) => ", without the project itself",
                ("uv.lock", 2..) => ", without the projects themselves",
                _ => "",
            };
            let _ = writeln!(text, "; from {source}{without}");
        }
        None => text.push_str("; without a lock or an environment, only what is declared is known\n"),
    }
    text
}

/// The shortest ways to each version of a package, a line each.
pub(crate) fn why(graph: &Graph, found: &[Paths]) -> String {
    let mut text = String::new();
    for paths in found {
        let Some(package) = graph.packages.node_weight(paths.to) else { continue };
        let label = package.label();
        let _ = match (paths.length, paths.count) {
            (None, _) => writeln!(text, "{label}: nothing needs it"),
            (Some(0), _) => writeln!(text, "{label}: it is a project of this repository"),
            (Some(1), _) => writeln!(text, "{label}: asked for"),
            (Some(length), 1) => writeln!(text, "{label}: one shortest way, of {length} steps"),
            (Some(length), count) => writeln!(text, "{label}: {count} shortest ways, of {length} steps each"),
        };
        for path in &paths.paths {
            text.push_str("  ");
            text.push_str(&graph.packages.node_weight(path.from).map(Package::label).unwrap_or_default());
            for edge in &path.steps {
                let _ = write!(text, " -> {}", step(graph, *edge));
            }
            text.push('\n');
        }
        let told = paths.paths.len() as u128;
        if paths.count > told && paths.length > Some(0) {
            let _ = writeln!(text, "  ... and {} more", paths.count - told);
        }
    }
    text
}

/// `flask[async] 3.0 (>=3; extra: web)`
fn step(graph: &Graph, edge: uvshift_depgraph::graph::EdgeIndex) -> String {
    let target = graph.packages.edge_endpoints(edge).and_then(|(_, to)| graph.packages.node_weight(to));
    let (Some(package), Some(need)) = (target, graph.packages.edge_weight(edge)) else {
        return String::new();
    };
    let mut text = package.name.clone();
    if !need.extras.is_empty() {
        let _ = write!(text, "[{}]", need.extras.join(","));
    }
    if let Some(version) = &package.version {
        let _ = write!(text, " {version}");
    }
    let mut notes = Vec::new();
    match &need.scope {
        Scope::Main => {}
        Scope::Extra(name) => notes.push(format!("extra: {name}")),
        Scope::Group(name) => notes.push(format!("group: {name}")),
    }
    notes.extend(need.specifier.clone());
    notes.extend(need.marker.clone());
    if !notes.is_empty() {
        let _ = write!(text, " ({})", notes.join("; "));
    }
    text
}

/// Packages that need each other, with one round of each.
pub(crate) fn cycles(graph: &Graph) -> String {
    let label = |at: &_| graph.packages.node_weight(*at).map(Package::label).unwrap_or_default();
    let cycles = graph.cycles();
    let mut text = String::new();
    for cycle in cycles.iter().filter(|cycle| !cycle.is_harmless) {
        let count = cycle.packages.len();
        let round: Vec<String> = cycle.round.iter().chain(cycle.round.first()).map(label).collect();
        let _ = writeln!(text, "{count} packages need each other:");
        let _ = writeln!(text, "  {}", round.join(" -> "));
        if count > cycle.round.len() {
            let all: Vec<String> = cycle.packages.iter().map(label).collect();
            let _ = writeln!(text, "  all of them: {}", all.join(", "));
        }
    }
    let harmless: Vec<String> =
        cycles.iter().filter(|cycle| cycle.is_harmless).flat_map(|it| &it.packages).map(label).collect();
    if text.is_empty() {
        text.push_str("No packages need each other.\n");
    }
    if !harmless.is_empty() {
        let _ = writeln!(text, "Only their own extras lead back to: {}", harmless.join(", "));
    }
    text
}

/// Packages in several versions, with who needs each of them.
pub(crate) fn duplicates(graph: &Graph) -> String {
    let mut text = String::new();
    for duplicate in graph.duplicates() {
        let _ = writeln!(text, "{}", duplicate.name);
        for version in duplicate.versions {
            let package = graph.packages.node_weight(version.package);
            let number = package.and_then(|package| package.version.as_deref()).unwrap_or("not known");
            let _ = writeln!(text, "  {number}");
            for edge in version.needed_by {
                let from = graph
                    .packages
                    .edge_endpoints(edge)
                    .and_then(|(from, _)| graph.packages.node_weight(from));
                let marker = graph.packages.edge_weight(edge).and_then(|need| need.marker.as_deref());
                let marker = marker.map(|marker| format!(" ; {marker}")).unwrap_or_default();
                let _ = writeln!(text, "    {}{marker}", from.map(Package::label).unwrap_or_default());
            }
        }
    }
    if text.is_empty() {
        text.push_str("Every package is there in one version.\n");
    }
    text
}

/// The packages of each licence, the commonest first.
pub(crate) fn licences(graph: &Graph) -> String {
    let mut by_licence: BTreeMap<Option<&str>, Vec<String>> = BTreeMap::new();
    for package in graph.packages.node_weights().filter(|package| !package.is_project) {
        by_licence.entry(package.licence.as_deref()).or_default().push(package.label());
    }
    if by_licence.keys().all(Option::is_none) {
        return "No licence is known: locks do not tell them. Name an environment with `--environment`.\n"
            .to_owned();
    }
    let mut rows: Vec<_> = by_licence.into_iter().collect();
    rows.sort_by_key(|(licence, packages)| (licence.is_none(), std::cmp::Reverse(packages.len())));
    let mut text = String::new();
    for (licence, mut packages) in rows {
        packages.sort_unstable();
        let _ = writeln!(text, "{}  {}", licence.unwrap_or("not known"), packages.len());
        let _ = writeln!(text, "  {}", packages.join(", "));
    }
    text
}

/// The packages by size, the largest first.
pub(crate) fn sizes(graph: &Graph) -> String {
    let mut known: Vec<(u64, String)> = Vec::new();
    let mut unknown = Vec::new();
    for package in graph.packages.node_weights().filter(|package| !package.is_project) {
        match package.size {
            Some(size) => known.push((size, package.label())),
            None => unknown.push(package.label()),
        }
    }
    known.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.1.cmp(&right.1)));
    let total = known.iter().fold(0_u64, |sum, (size, _)| sum.saturating_add(*size));
    let mut text = String::new();
    for (bytes, label) in &known {
        let _ = writeln!(text, "{:>10}  {label}", size(*bytes));
    }
    let _ = writeln!(text, "{:>10}  in all", size(total));
    if !unknown.is_empty() {
        unknown.sort_unstable();
        let _ = writeln!(text, "  not known: {}", unknown.join(", "));
    }
    text
}
