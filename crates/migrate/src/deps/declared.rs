//! What the projects of a tree declare, whatever file says it.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_depgraph::codes::UNREADABLE_REQUIREMENT;
use uvshift_depgraph::modules::Pythons;
use uvshift_depgraph::{Declared, Project as DepsProject};
use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_project::{Manifest, Tree};
use uvshift_pyproject::{GroupEntry, PyProject, Scope, Source, SourceKind};
use uvshift_requirements::{normalize_name, redacted};

use super::egg_info;
use crate::members::{self, Members, joined};
use crate::project::ReadProject;
use crate::{Error, Options};

/// The project at the root, then those below it.
pub(crate) fn projects(
    tree: &Tree,
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<DepsProject>, Error> {
    let options = Options { members: Members::Workspace, ..options.clone() };
    let read = members::read_all(tree, &options, &[])?;
    // On uv already, requirements files are left over from before, or made from the lock.
    let is_on_uv = tree.has("uv.lock");
    for found in &read {
        diagnostics.extend(unreadable(found));
        let refused = found.diagnostics.iter().filter(|told| told.severity == Severity::Error && !is_on_uv);
        // What stands in the way of a migration, or is refused by it, may hide requirements.
        diagnostics.extend(found.blockers.iter().chain(refused).cloned().map(|mut told| {
            told.file = told.file.map(|file| joined(&found.project.folder, &file));
            told
        }));
    }
    let mut lines = Lines { tree, files: BTreeMap::new() };
    Ok(read.iter().map(|found| project(found, is_on_uv, &mut lines)).collect())
}

fn project(read: &ReadProject, is_on_uv: bool, lines: &mut Lines<'_>) -> DepsProject {
    let project = &read.project;
    let (folder, before) = (&project.folder, project.before.as_ref());
    let file = joined(folder, "pyproject.toml");
    let mut declared = before.map(|found| Declared::of_pyproject(found, &file)).unwrap_or_default();
    let has_own = is_on_uv && before.is_some_and(PyProject::has_project);
    let others = project
        .manifest
        .all()
        .filter(|(_, dependency)| !(has_own && project.layout.file(&dependency.from.file).is_some()));
    declared.extend(others.filter_map(|(scope, dependency)| {
        let from = &dependency.from;
        let found = Declared::new(&dependency.text, scope, &joined(folder, &from.file), from.line)?;
        // Tables of other tools and arguments of setup.py are for a migration to change.
        Some(Declared { is_changeable: project.layout.file(&from.file).is_some(), ..found })
    }));
    if hides_requirements(&read.blockers) {
        let known: BTreeSet<String> = declared.iter().map(|found| found.name.clone()).collect();
        let built = egg_info::requirements(lines.tree, folder, &project.manifest.metadata.name);
        let built = built.into_iter().filter(|found| !known.contains(&found.name));
        declared.extend(built.map(|found| Declared { is_changeable: false, ..found }));
    }
    let sources = direct(before, &project.manifest);
    let mut seen = BTreeSet::new();
    declared.retain(|found| {
        seen.insert((found.text.clone(), found.scope.clone(), found.file.clone(), found.line))
    });
    for found in &mut declared {
        found.ignored = lines.ignored(&found.file, found.line);
        if sources.contains(found.name.as_str()) {
            found.is_direct = true;
            // On a line of a requirements file, the URL would not move along.
            found.is_changeable &= found.file == file;
        }
    }
    let name = before.and_then(PyProject::project_name).map(str::to_owned);
    let name = name.or_else(|| project.is_package.then(|| project.manifest.metadata.name.clone()));
    let requires = before.map(PyProject::build_requires).unwrap_or_default();
    let named =
        requires.iter().filter_map(|entry| Declared::new(&entry.text, Scope::Main, &file, entry.line));
    let requires_python = project.python.requires_python.as_deref();
    DepsProject {
        folder: folder.clone(),
        name: name.map(|name| normalize_name(&name)),
        declared,
        build_requires: named.map(|found| found.name).collect(),
        pythons: requires_python.map(Pythons::of_range).unwrap_or_default(),
        is_package: project.is_package || before.is_some_and(PyProject::has_build_system),
        has_project: before.is_some_and(|found| found.has_project() && !found.is_dynamic("dependencies")),
    }
}

/// What pyproject.toml lists that is no requirement: it is told, since nothing else knows of it.
fn unreadable(read: &ReadProject) -> Vec<Diagnostic> {
    let Some(before) = &read.project.before else { return Vec::new() };
    let file = joined(&read.project.folder, "pyproject.toml");
    let told = |line: usize, message: String| {
        Diagnostic::warning(UNREADABLE_REQUIREMENT, message)
            .in_file(&file, line)
            .with_help("write a requirement as in `name>=1.0`, and each list as an array of these")
    };
    let places = ["project.dependencies", "project.optional-dependencies", "dependency-groups"];
    let malformed =
        before.malformed().into_iter().filter(|found| places.iter().any(|it| found.key.starts_with(it)));
    let malformed = malformed.map(|found| {
        let what = if found.expected == "a string" { "an entry of " } else { "" };
        told(found.line, format!("{what}`{}` is not {}", found.key, found.expected))
    });
    let extras = before.optional_dependencies().into_iter().flat_map(|(_, entries)| entries);
    let groups = before.dependency_groups().into_iter().flat_map(|(_, entries)| entries);
    let groups = groups.filter_map(|entry| match entry {
        GroupEntry::Requirement(entry) => Some(entry),
        GroupEntry::Include { .. } => None,
    });
    let entries = before.dependencies().into_iter().chain(extras).chain(groups);
    let nameless =
        entries.filter(|entry| Declared::new(&entry.text, Scope::Main, &file, entry.line).is_none());
    let nameless =
        nameless.map(|entry| told(entry.line, format!("`{}` is no requirement", redacted(&entry.text))));
    malformed.chain(nameless).collect()
}

/// The normalised names of what comes from a repository, a URL or a path.
fn direct(before: Option<&PyProject>, manifest: &Manifest) -> BTreeSet<String> {
    let is_direct = |source: &Source| !matches!(source.kind, SourceKind::Index(_));
    let of_uv = before.map(|found| found.uv().sources).unwrap_or_default();
    let of_uv = of_uv.iter().filter(|(_, entries)| entries.iter().any(|entry| is_direct(&entry.source)));
    let named = manifest.sources.iter().filter(|named| is_direct(&named.source));
    of_uv.map(|(name, _)| normalize_name(name)).chain(named.map(|named| named.name.clone())).collect()
}

/// Whether setup.py computes what it requires, so that only running it would tell.
fn hides_requirements(blockers: &[Diagnostic]) -> bool {
    let arguments = ["`install_requires`", "`extras_require`"];
    blockers.iter().any(|found| {
        found.code.name() == "argument-not-known"
            && arguments.iter().any(|argument| found.message.starts_with(argument))
    })
}

/// Lines of files, read once.
struct Lines<'t> {
    tree: &'t Tree,
    files: BTreeMap<String, Vec<String>>,
}

impl Lines<'_> {
    /// The rules that a comment on a line has ignored.
    fn ignored(&mut self, file: &str, line: usize) -> Option<Vec<String>> {
        let lines = self.files.entry(file.to_owned()).or_insert_with(|| {
            let text = self.tree.text(file).unwrap_or_default();
            text.lines().map(str::to_owned).collect()
        });
        lines.get(line.checked_sub(1)?).and_then(|text| Declared::ignored_by(text))
    }
}
