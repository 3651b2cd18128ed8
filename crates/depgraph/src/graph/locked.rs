//! The packages and edges of a lock.

use std::collections::HashMap;

use petgraph::Direction;
use petgraph::graph::NodeIndex;
use uvshift_lockfile::{Edge, EdgeScope, Lock, LockKind, Package as Entry, Source};
use uvshift_pyproject::Scope;
use uvshift_requirements::normalize_name;

use super::build::Builder;
use super::{Need, Package, PackageSource};

/// Adds everything that a lock tells.
pub(super) fn add(builder: &mut Builder<'_>, lock: &Lock) {
    let places: Vec<NodeIndex> = lock.packages.iter().map(|entry| add_entry(builder, lock, entry)).collect();
    add_projects(builder, lock, &places);
    for (entry, from) in lock.packages.iter().zip(&places) {
        for edge in &entry.dependencies {
            // An entry of `pdm.lock` with extras needs the one without them: that is no edge.
            if lock.kind == LockKind::Pdm && edge.name == entry.name {
                continue;
            }
            for need in needs(entry, edge) {
                for to in builder.meant(&edge.name, edge.specifier.as_deref()) {
                    builder.connect(*from, to, need.clone());
                }
            }
        }
    }
}

/// The packages that no other one needs, with the scope that the groups of the lock tell.
pub(super) fn not_needed(builder: &Builder<'_>, lock: &Lock) -> Vec<(NodeIndex, Scope)> {
    let mut groups: HashMap<(&str, Option<&str>), &[String]> = HashMap::new();
    for entry in &lock.packages {
        groups.insert((&entry.name, entry.version.as_deref()), &entry.groups);
    }
    let graph = &builder.graph.packages;
    let alone = |at: &NodeIndex| graph.neighbors_directed(*at, Direction::Incoming).all(|from| from == *at);
    let mut found = Vec::new();
    for at in graph.node_indices().filter(alone) {
        let Some(package) = builder.graph.package(at) else { continue };
        let names = groups.get(&(&*package.name, package.version.as_deref())).copied().unwrap_or_default();
        let mut scopes: Vec<Scope> = names.iter().map(|group| scope_of_group(group)).collect();
        if scopes.is_empty() || scopes.contains(&Scope::Main) {
            scopes = vec![Scope::Main];
        }
        found.extend(scopes.into_iter().map(|scope| (at, scope)));
    }
    found
}

fn scope_of_group(group: &str) -> Scope {
    match group {
        "main" | "default" => Scope::Main,
        other => Scope::Group(other.to_owned()),
    }
}

fn add_entry(builder: &mut Builder<'_>, lock: &Lock, entry: &Entry) -> NodeIndex {
    // These two have an entry for each category or set of extras of one version.
    if matches!(lock.kind, LockKind::Pipfile | LockKind::Pdm) {
        let same = |at: &&NodeIndex| {
            builder.graph.package(**at).is_some_and(|package| package.version == entry.version)
        };
        if let Some(known) = builder.versions(&entry.name).iter().find(same) {
            return *known;
        }
    }
    builder.add(Package {
        version: entry.version.clone(),
        is_project: folder_inside(&entry.source).is_some(),
        source: source(&entry.source),
        size: entry.sizes.iter().max().copied(),
        marker: entry.marker.clone(),
        ..Package::new(&entry.name)
    })
}

fn source(source: &Source) -> PackageSource {
    match source {
        Source::Index(_) => PackageSource::Index,
        Source::Vcs { .. } => PackageSource::Git,
        Source::Url { .. } => PackageSource::Url,
        Source::Path { .. } => PackageSource::Path,
    }
}

/// The folder of a project of this repository, relative to the root and without `./`; an archive is none.
fn folder_inside(source: &Source) -> Option<String> {
    const ARCHIVES: [&str; 7] = [".whl", ".zip", ".gz", ".tgz", ".bz2", ".xz", ".tar"];
    let Source::Path { path, .. } = source else { return None };
    let path = path.replace('\\', "/");
    let lower = path.to_ascii_lowercase();
    let is_elsewhere =
        path.starts_with(['/', '~']) || path.contains(':') || path.split('/').any(|part| part == "..");
    if is_elsewhere || ARCHIVES.iter().any(|ending| lower.ends_with(ending)) {
        return None;
    }
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    Some(parts.join("/"))
}

/// `uv.lock` holds the projects; the ways begin at the members of the workspace, or at the one at the root.
fn add_projects(builder: &mut Builder<'_>, lock: &Lock, places: &[NodeIndex]) {
    let mut projects: Vec<(String, NodeIndex, &Entry)> = Vec::new();
    for (entry, at) in lock.packages.iter().zip(places) {
        if let Some(folder) = folder_inside(&entry.source) {
            projects.push((folder, *at, entry));
        }
    }
    projects.sort_by(|left, right| left.0.cmp(&right.0));
    let members = &lock.metadata.members;
    let at_root = projects.iter().any(|(folder, ..)| folder.is_empty());
    for (folder, at, entry) in projects {
        let is_root = match (members.is_empty(), at_root) {
            (false, _) => members.contains(&entry.name),
            (true, true) => folder.is_empty(),
            (true, false) => lock.kind == LockKind::Uv,
        };
        if is_root {
            builder.graph.roots.push(at);
        }
        builder.folders.entry(folder).or_insert(at);
    }
}

/// What an edge of a lock comes to: one need, or one for each of the extras that its entry is for.
fn needs(entry: &Entry, edge: &Edge) -> Vec<Need> {
    let scopes = match &edge.scope {
        EdgeScope::Main if entry.extras.is_empty() => vec![Scope::Main],
        EdgeScope::Main => entry.extras.iter().map(|extra| Scope::Extra(normalize_name(extra))).collect(),
        EdgeScope::Extra(name) => vec![Scope::Extra(normalize_name(name))],
        EdgeScope::Group(name) => vec![Scope::Group(name.clone())],
    };
    let need = |scope| Need {
        scope,
        extras: edge.extras.iter().map(|extra| normalize_name(extra)).collect(),
        specifier: edge.specifier.clone(),
        marker: edge.marker.as_deref().and_then(|marker| without_extra(marker, &edge.scope)),
    };
    scopes.into_iter().map(need).collect()
}

/// Poetry names the extra in the marker of its edges, where the scope tells it already.
fn without_extra(marker: &str, scope: &EdgeScope) -> Option<String> {
    let EdgeScope::Extra(name) = scope else { return Some(marker.to_owned()) };
    let end = format!("extra == \"{name}\"");
    let Some(rest) = marker.strip_suffix(&end) else { return Some(marker.to_owned()) };
    match rest.strip_suffix(" and ") {
        // `a or b and extra == "x"` is another thing without its end.
        Some(rest) if !rest.contains(" or ") || (rest.starts_with('(') && rest.ends_with(')')) => {
            Some(rest.to_owned())
        }
        None if rest.is_empty() => None,
        _ => Some(marker.to_owned()),
    }
}
