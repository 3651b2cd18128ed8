//! Every requirement of the old files stands in the new one, in its place and with its meaning, and nothing else does.

use std::collections::{HashMap, HashSet};

use uvshift_project::meaning::difference;
use uvshift_project::{Dependency, Layout, Ledger, Manifest, Outcome, Provenance, Role, Scope};
use uvshift_pyproject::{Entry, GroupEntry, PyProject};
use uvshift_requirements::{LineKind, Requirement, Target, normalize_name, parse};

use super::Checked;
use crate::Project;

/// Where a requirement stands in pyproject.toml.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Place {
    /// Dependencies, an extra, or a group.
    In(Scope),
    /// `tool.uv.constraint-dependencies`
    Constraints,
    /// `tool.uv.override-dependencies`
    Overrides,
}

/// A requirement of the result, and whether it has found its origin.
struct Item {
    line: usize,
    place: Place,
    requirement: Requirement,
    claimed: bool,
}

/// The requirements of the result, found by place and normalised name.
#[derive(Default)]
struct Written {
    items: Vec<Item>,
    by_name: HashMap<(Place, String), Vec<usize>>,
}

/// Compares every requirement, constraint and override of the sources with the new pyproject.toml, both ways.
pub(super) fn check(project: &Project, result: &PyProject, checked: &mut Checked) {
    let Project { layout, manifest, ledger, before, .. } = project;
    let mut written = Written::all(result);
    check_files(layout, manifest, ledger, &mut written, checked);
    let elsewhere = |dependency: &&Dependency| layout.file(&dependency.from.file).is_none();
    // setup.py can make an extra of a requirements file that is a group, too.
    let of_another_list = |scope: &Scope, dependency: &Dependency| {
        let file = layout.file(&dependency.from.file);
        file.is_none_or(|file| file.role.scope().as_ref() != Some(scope))
    };
    for (scope, dependency) in manifest.all().filter(|(scope, found)| of_another_list(scope, found)) {
        find_dependency(dependency, &Place::In(scope), &mut written, checked);
    }
    for (list, place) in
        [(&manifest.constraints, Place::Constraints), (&manifest.overrides, Place::Overrides)]
    {
        for dependency in list.iter().filter(elsewhere) {
            find_dependency(dependency, &place, &mut written, checked);
        }
    }
    claim_old(before.as_ref(), &mut written);
    for stray in written.items.iter().filter(|item| !item.claimed) {
        let what = format!("`{}` comes from no old file", stray.requirement.text());
        checked.differ(format!("pyproject.toml:{}", stray.line), what);
    }
}

/// Reads every requirements file line by line again; the manifest tells only what a package without a name is called.
fn check_files(
    layout: &Layout,
    manifest: &Manifest,
    ledger: &Ledger,
    written: &mut Written,
    checked: &mut Checked,
) {
    let lines_that = |came: fn(&Outcome) -> bool| -> HashSet<(&str, usize)> {
        let entries = ledger.entries().iter().filter(|entry| came(&entry.outcome));
        entries.map(|entry| (entry.from.file.as_str(), entry.from.line)).collect()
    };
    let refused = lines_that(|outcome| matches!(outcome, Outcome::Refused { .. }));
    let dropped = lines_that(|outcome| matches!(outcome, Outcome::Dropped { .. }));
    let listed = lines_that(|_| true);
    for file in &layout.files {
        let compiled = matches!(file.role, Role::Compiled { .. });
        let place = file.role.scope().map_or(Place::Constraints, Place::In);
        for line in file.document.lines() {
            let at = (file.path.as_str(), line.line());
            if matches!(line.kind(), LineKind::Blank | LineKind::Comment) {
                continue;
            }
            let from = Provenance::new(at.0, at.1);
            if !listed.contains(&at) {
                checked.differ(from.to_string(), "the line has no entry in the ledger");
            }
            if let LineKind::Requirement(requirement) = line.kind()
                && !compiled
                && !refused.contains(&at)
                && let Some(name) = name_of(requirement, &from, manifest)
                && !(dropped.contains(&at) && is_itself(&name, requirement, &place, manifest))
            {
                find(requirement, &name, &place, &from, written, checked);
            }
            // An extra takes the place of a file that it is read from.
            if let LineKind::Include(_) = line.kind() {
                for (_, found) in manifest.all().filter(|(_, found)| found.from == from) {
                    find_dependency(found, &place, written, checked);
                }
            }
        }
    }
}

/// A group cannot ask for the project that it is a group of; see `leave_out_itself`.
fn is_itself(name: &str, requirement: &Requirement, place: &Place, manifest: &Manifest) -> bool {
    let own = normalize_name(&manifest.metadata.name);
    matches!(place, Place::In(Scope::Group(_))) && name == own && requirement.extras().next().is_none()
}

fn name_of(requirement: &Requirement, from: &Provenance, manifest: &Manifest) -> Option<String> {
    match requirement.target() {
        Target::Index => requirement.normalized_name(),
        // A package without a name in its file got one from its metadata.
        _ => manifest.all().find(|(_, found)| found.from == *from).map(|(_, found)| found.name.clone()),
    }
}

/// Finds what a source other than a requirements file says.
fn find_dependency(dependency: &Dependency, place: &Place, written: &mut Written, checked: &mut Checked) {
    let document = parse(&dependency.text);
    match document.requirements().next() {
        Some((_, requirement)) => {
            find(requirement, &dependency.name, place, &dependency.from, written, checked);
        }
        None => checked.differ(
            dependency.from.to_string(),
            format!("`{}` is not a requirement that can be read back", dependency.text),
        ),
    }
}

impl Written {
    fn all(result: &PyProject) -> Self {
        let mut written = Self::default();
        for entry in result.dependencies() {
            written.add(Place::In(Scope::Main), &entry);
        }
        for (extra, entries) in result.optional_dependencies() {
            for entry in entries {
                written.add(Place::In(Scope::Extra(extra.clone())), &entry);
            }
        }
        for (group, entries) in result.dependency_groups() {
            for entry in entries {
                if let GroupEntry::Requirement(entry) = entry {
                    written.add(Place::In(Scope::Group(group.clone())), &entry);
                }
            }
        }
        let uv = result.uv();
        for entry in uv.constraint_dependencies {
            written.add(Place::Constraints, &entry);
        }
        for entry in uv.override_dependencies {
            written.add(Place::Overrides, &entry);
        }
        written
    }

    fn add(&mut self, place: Place, entry: &Entry) {
        let document = parse(&entry.text);
        let Some((_, requirement)) = document.requirements().next() else { return };
        let name = requirement.normalized_name().unwrap_or_default();
        self.by_name.entry((place.clone(), name)).or_default().push(self.items.len());
        self.items.push(Item { line: entry.line, place, requirement: requirement.clone(), claimed: false });
    }
}

/// Finds the requirement in the result.
fn find(
    requirement: &Requirement,
    name: &str,
    place: &Place,
    from: &Provenance,
    written: &mut Written,
    checked: &mut Checked,
) {
    match place {
        Place::In(_) => checked.requirements += 1,
        Place::Constraints | Place::Overrides => checked.constraints += 1,
    }
    let (mut nearest, mut is_there) = (None, false);
    let candidates = written.by_name.get(&(place.clone(), name.to_owned())).cloned().unwrap_or_default();
    for at in candidates {
        let candidate = &mut written.items[at];
        let found = match requirement.target() {
            Target::Index => difference(requirement, &candidate.requirement),
            _ => located_difference(requirement, &candidate.requirement),
        };
        match found {
            // All of them: `alpha` and `Alpha` are one requirement that somebody wrote twice.
            None => (candidate.claimed, is_there) = (true, true),
            Some(found) => nearest = Some(found),
        }
    }
    if is_there {
        return;
    }
    let what = match nearest {
        Some(found) => format!("`{name}`: {found}"),
        None => format!("`{name}` is missing from the result"),
    };
    checked.differ(from.to_string(), what);
}

/// A package with a source keeps its extras and its marker; its place is compared with the sources.
fn located_difference(ours: &Requirement, theirs: &Requirement) -> Option<String> {
    let plain = |found: &Requirement| {
        let extras: Vec<&str> = found.extras().collect();
        let extras = if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) };
        let marker = found.marker().filter(|_| !found.is_editable());
        let marker = marker.map(|marker| format!(" ; {marker}")).unwrap_or_default();
        parse(&format!("name{extras}{marker}"))
    };
    let (ours, theirs) = (plain(ours), plain(theirs));
    let (_, ours) = ours.requirements().next()?;
    let (_, theirs) = theirs.requirements().next()?;
    difference(ours, theirs)
}

/// What was in pyproject.toml before needs no origin in a requirements file.
fn claim_old(before: Option<&PyProject>, written: &mut Written) {
    let Some(before) = before else { return };
    let key = |item: &Item| (item.place.clone(), item.requirement.text().to_owned());
    let old: HashSet<(Place, String)> = Written::all(before).items.iter().map(key).collect();
    for found in &mut written.items {
        found.claimed |= old.contains(&key(found));
    }
}
