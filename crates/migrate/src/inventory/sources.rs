//! The files that say what the project depends on, how much each lists, and the locks.

use std::collections::BTreeSet;

use uvshift_depgraph::catalogue::{self, Category};
use uvshift_project::{Role, Scope};
use uvshift_requirements::{IncludeKind, LineKind};
use uvshift_tree::without_detours;

use super::Given;
use super::listed::Listed;
use super::model::{LockSummary, SourceSummary, Totals};
use crate::members::joined;

/// Every file that lists requirements, in the order of reading, then those that are left alone.
pub(super) fn summaries(given: &Given<'_>, listed: &[Listed]) -> Vec<SourceSummary> {
    let mut all: Vec<SourceSummary> = Vec::new();
    let mut left: Vec<SourceSummary> = Vec::new();
    for (folder, layout) in &given.layouts {
        for file in &layout.files {
            let (mut includes, mut constraints) = (Vec::new(), Vec::new());
            for line in file.document.lines() {
                if let LineKind::Include(include) = line.kind() {
                    let list = match include.kind {
                        IncludeKind::Requirements => &mut includes,
                        IncludeKind::Constraints => &mut constraints,
                    };
                    list.push(uvshift_project::redacted(&include.target));
                }
            }
            all.push(SourceSummary {
                path: joined(folder, &file.path),
                kind: "requirements file".to_owned(),
                role: Some(if given.plan.is_some() { role(&file.role) } else { "left over".to_owned() }),
                includes,
                constraints,
                ..SourceSummary::default()
            });
        }
        left.extend(layout.left_alone.iter().map(|file| SourceSummary {
            path: joined(folder, &file.path),
            kind: "requirements file".to_owned(),
            left_alone: Some(file.why.clone()),
            ..SourceSummary::default()
        }));
    }
    add_others(given, &mut all);
    for requirement in listed {
        let path = &requirement.from.file;
        let at = all.iter().position(|summary| summary.path == *path).unwrap_or_else(|| {
            all.push(SourceSummary {
                path: path.clone(),
                kind: kind_of(path, given),
                ..SourceSummary::default()
            });
            all.len() - 1
        });
        if let Some(summary) = all.get_mut(at) {
            requirement.held.count(&mut summary.counts);
            summary.hashed += usize::from(requirement.hashed);
        }
    }
    all.extend(left);
    all
}

fn role(role: &Role) -> String {
    match role {
        Role::Main => "main".to_owned(),
        Role::Group(name) => format!("group {name}"),
        Role::Constraints => "constraints".to_owned(),
        Role::Compiled { source, .. } => format!("compiled from {source}"),
        Role::LeftAlone => "left alone".to_owned(),
    }
}

/// Files of other tools that were read, even where they list nothing.
fn add_others(given: &Given<'_>, all: &mut Vec<SourceSummary>) {
    for (folder, project) in given.projects() {
        for file in &project.old_files {
            let path = joined(folder, &file.path);
            let is_lock = uvshift_lockfile::LockKind::of_name(&path).is_some() || path.ends_with("pixi.lock");
            let says_nothing = !matches!(
                path.rsplit('/').next().unwrap_or_default(),
                "setup.py" | "setup.cfg" | "Pipfile" | "pixi.toml" | "environment.yml" | "environment.yaml"
            );
            if is_lock || says_nothing || all.iter().any(|known| known.path == path) {
                continue;
            }
            all.push(SourceSummary { kind: kind_of(&path, given), path, ..SourceSummary::default() });
        }
    }
}

/// What a file is that is no requirements file.
fn kind_of(path: &str, given: &Given<'_>) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let by_name = match name {
        "setup.py" | "setup.cfg" => Some("setuptools"),
        "Pipfile" | "Pipfile.lock" => Some("Pipenv"),
        "poetry.lock" => Some("Poetry"),
        "pdm.lock" => Some("PDM"),
        "pixi.toml" => Some("Pixi"),
        _ if matches!(name.rsplit_once('.'), Some((_, "yml" | "yaml"))) => Some("conda"),
        _ if name.starts_with("pylock.") => Some("pylock"),
        _ => None,
    };
    if let Some(kind) = by_name {
        return kind.to_owned();
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let document = given.documents.iter().find(|(known, _)| *known == folder).map(|(_, document)| *document);
    let tools = [
        ("poetry", "Poetry"),
        ("pdm", "PDM"),
        ("flit", "Flit"),
        ("hatch", "Hatch"),
        ("rye", "rye"),
        ("uv", "uv"),
    ];
    let has_project = document.is_some_and(uvshift_pyproject::PyProject::has_project);
    let tool = tools.iter().find(|(table, _)| document.is_some_and(|document| document.has_tool(table)));
    match (has_project, tool) {
        (true, Some((_, tool))) => format!("[project], {tool}"),
        (false, Some((_, tool))) => (*tool).to_owned(),
        _ => "[project]".to_owned(),
    }
}

/// What all of them declare together.
pub(super) fn totals(listed: &[Listed]) -> Totals {
    let mut totals = Totals::default();
    let (mut names, mut unnamed) = (BTreeSet::new(), 0);
    for requirement in listed.iter().filter(|listed| !listed.compiled) {
        match &requirement.scope {
            None => continue,
            Some(Scope::Main) => totals.main += 1,
            Some(Scope::Extra(_)) => totals.extras += 1,
            Some(Scope::Group(_)) => totals.groups += 1,
        }
        requirement.held.count(&mut totals.counts);
        match &requirement.name {
            Some(name) => drop(names.insert(name.as_str())),
            None => unnamed += usize::from(!requirement.direct.as_ref().is_some_and(|direct| direct.itself)),
        }
    }
    totals.packages = names.len() + unnamed;
    totals
}

/// What the declared packages are for.
pub(super) fn categories(listed: &[Listed]) -> Vec<(Category, Vec<String>)> {
    let declared = listed.iter().filter(|listed| !listed.compiled && listed.scope.is_some());
    let names: BTreeSet<&String> = declared.filter_map(|listed| listed.name.as_ref()).collect();
    let of = |category: Category| -> Vec<String> {
        names
            .iter()
            .filter(|name| catalogue::category(name, &[]) == category)
            .map(|name| (*name).clone())
            .collect()
    };
    let all = Category::ALL.into_iter().map(|category| (category, of(category)));
    all.filter(|(_, names)| !names.is_empty()).collect()
}

/// Lock files at the root and beside members, and what pip-compile or uv has compiled.
pub(super) fn locks(given: &Given<'_>) -> Vec<LockSummary> {
    let mut locks = Vec::new();
    let folders: BTreeSet<&str> = given.layouts.iter().map(|(folder, _)| *folder).collect();
    for path in given.tree.files() {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if !folders.contains(folder) {
            continue;
        }
        if let Some(kind) = uvshift_lockfile::LockKind::of_name(name) {
            let text = given.tree.read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let lock = text.and_then(|text| uvshift_lockfile::parse(name, &text).ok());
            // As uv counts, and a migration: each version, and the project itself.
            let packages = lock.map(|lock| lock.packages.len());
            locks.push(LockSummary { path: path.clone(), kind: lock_kind(kind), packages });
        } else if matches!(name, "conda-lock.yml" | "pixi.lock") {
            let kind = if name == "pixi.lock" { "Pixi" } else { "conda-lock" };
            locks.push(LockSummary { path: path.clone(), kind, packages: None });
        }
    }
    for (folder, layout) in &given.layouts {
        for file in layout.files.iter().filter(|file| matches!(file.role, Role::Compiled { .. })) {
            let names: BTreeSet<String> =
                file.document.requirements().filter_map(|(_, found)| found.normalized_name()).collect();
            let path = without_detours(&joined(folder, &file.path));
            locks.push(LockSummary { path, kind: "compiled requirements", packages: Some(names.len()) });
        }
    }
    locks
}

const fn lock_kind(kind: uvshift_lockfile::LockKind) -> &'static str {
    match kind {
        uvshift_lockfile::LockKind::Uv => "uv",
        uvshift_lockfile::LockKind::Pylock => "PEP 751",
        uvshift_lockfile::LockKind::Poetry => "Poetry",
        uvshift_lockfile::LockKind::Pipfile => "Pipenv",
        uvshift_lockfile::LockKind::Pdm => "PDM",
    }
}
