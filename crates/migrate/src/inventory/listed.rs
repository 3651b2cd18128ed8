//! Every requirement that a file of the project lists, in one form.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_depgraph::Declared;
use uvshift_project::{Manifest, NamedSource, Provenance, Role, Scope, redacted};
use uvshift_pyproject::{GitReference, PyProject, SourceEntry, SourceKind};
use uvshift_requirements::{LineKind, Operator, Requirement, Target, Vcs, normalize_name, parse};

use super::Given;
use super::model::{Counts, DirectDependency, DirectKind};
use crate::Project;
use crate::members::joined;

/// A requirement of any file.
pub(super) struct Listed {
    /// The normalised name, where it is told.
    pub(super) name: Option<String>,
    /// Where it belongs; none for constraints.
    pub(super) scope: Option<Scope>,
    /// Whether it stands in a file that a tool has compiled from another one.
    pub(super) compiled: bool,
    pub(super) from: Provenance,
    pub(super) held: Held,
    pub(super) hashed: bool,
    /// Whether it is for some Pythons only, as a backport is.
    pub(super) for_some_pythons: bool,
    /// The extras that it asks for, normalised.
    pub(super) extras: Vec<String>,
    pub(super) direct: Option<DirectDependency>,
}

/// How tightly a requirement is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Exact,
    Bounded,
    Open,
    Direct,
}

impl Held {
    pub(super) fn count(self, counts: &mut Counts) {
        match self {
            Self::Exact => counts.exact += 1,
            Self::Bounded => counts.bounded += 1,
            Self::Open => counts.open += 1,
            Self::Direct => counts.direct += 1,
        }
    }
}

/// Everything, file by file: requirements files, then what other sources list, then `[project]` and the groups.
pub(super) fn all(given: &Given<'_>) -> Vec<Listed> {
    let mut all = Vec::new();
    let names = names(given);
    for (folder, layout) in &given.layouts {
        for file in layout.files.iter().filter(|file| file.role != Role::LeftAlone) {
            let path = joined(folder, &file.path);
            for (line, requirement) in file.document.requirements() {
                let from = Provenance::new(path.clone(), line.line());
                let mut listed = of_requirement(requirement, from, given);
                // What is left over beside uv is read by nobody.
                listed.scope = file.role.scope().filter(|_| given.plan.is_some());
                listed.compiled = matches!(file.role, Role::Compiled { .. });
                if listed.name.is_none() {
                    let place = (*folder, file.path.as_str(), line.line());
                    listed.name = names.get(&place).map(|name| (*name).to_owned());
                    if let Some(direct) = &mut listed.direct {
                        direct.name.clone_from(&listed.name);
                    }
                }
                all.push(listed);
            }
        }
    }
    let files: BTreeSet<String> = given.requirements_files().collect();
    for (folder, project) in given.projects() {
        of_manifest(folder, &project.manifest, &files, given, &mut all);
    }
    for (folder, document) in &given.documents {
        of_pyproject(folder, document, given, &mut all);
    }
    all
}

fn of_requirement(requirement: &Requirement, from: Provenance, given: &Given<'_>) -> Listed {
    let hashed = !requirement.hashes().is_empty();
    let name = requirement.normalized_name();
    let direct = direct(requirement, name.clone(), hashed, &from, given);
    let held = match &direct {
        Some(_) => Held::Direct,
        None if hashed => Held::Exact,
        None => held(requirement),
    };
    let extras = requirement.extras().map(normalize_name).collect();
    let for_some_pythons = requirement.marker().is_some_and(|marker| marker.contains("python_"));
    Listed { name, scope: None, compiled: false, from, held, hashed, for_some_pythons, extras, direct }
}

/// The names that the plan found in folders and repositories, by folder, file and line of the requirement.
type Names<'a> = BTreeMap<(&'a str, &'a str, usize), &'a str>;

fn names<'a>(given: &Given<'a>) -> Names<'a> {
    let of_project = |(folder, project): (&'a str, &'a Project)| {
        let sources = project.manifest.sources.iter();
        sources
            .map(move |source| ((folder, source.from.file.as_str(), source.from.line), source.name.as_str()))
    };
    given.projects().flat_map(of_project).collect()
}

fn held(requirement: &Requirement) -> Held {
    if requirement.pin().is_some() {
        return Held::Exact;
    }
    let limits = |operator: Operator| {
        matches!(
            operator,
            Operator::Less
                | Operator::LessOrEqual
                | Operator::Compatible
                | Operator::Equal
                | Operator::Identical
        )
    };
    if requirement.specifiers().any(|clause| limits(clause.operator)) { Held::Bounded } else { Held::Open }
}

fn direct(
    requirement: &Requirement,
    name: Option<String>,
    hashed: bool,
    from: &Provenance,
    given: &Given<'_>,
) -> Option<DirectDependency> {
    let (kind, location, reference) = match requirement.target() {
        Target::Index => return None,
        Target::Vcs(found) => {
            let kind = if found.vcs == Vcs::Git { DirectKind::Git } else { DirectKind::Vcs };
            (kind, found.url, found.reference)
        }
        Target::Url(url) => match uvshift_installed::path_of_url(&url) {
            Some(path) => (DirectKind::Path, path.to_string_lossy().into_owned(), None),
            None => (DirectKind::Url, url, None),
        },
        Target::Path(path) => (DirectKind::Path, path, None),
    };
    let fixed = match kind {
        DirectKind::Git | DirectKind::Vcs => reference.as_deref().is_some_and(is_commit),
        DirectKind::Url => hashed || location.contains("#sha256=") || location.contains("&sha256="),
        DirectKind::Path => true,
    };
    let editable = requirement.is_editable();
    Some(placed(
        DirectDependency {
            name,
            kind,
            location,
            reference,
            fixed,
            editable,
            itself: false,
            outside: false,
            from: from.clone(),
        },
        given,
    ))
}

/// Fills in what depends on the place, and covers what is secret.
fn placed(mut found: DirectDependency, given: &Given<'_>) -> DirectDependency {
    if found.kind == DirectKind::Path {
        let path = found.location.split(['[', '#']).next().unwrap_or_default();
        let folder = found.from.file.rsplit_once('/').map_or("", |(folder, _)| folder);
        // pip takes a path from the folder that it is run in, which is the root as a rule; other tools from their file.
        let tidy = |base: &str| uvshift_tree::without_detours(&joined(base, path));
        let from_root = tidy("");
        let from_root = if from_root.is_empty() { ".".to_owned() } else { from_root };
        let is_there = |path: &str| given.tree.root().join(path).exists();
        let place = if is_there(&from_root) || folder.is_empty() { from_root } else { tidy(folder) };
        found.outside = place.starts_with("..") || is_absolute(&place);
        found.itself = matches!(place.as_str(), "." | "" | "./");
    }
    found.location = redacted(&found.location);
    found
}

fn is_absolute(path: &str) -> bool {
    let has_drive = path.as_bytes().get(1) == Some(&b':');
    path.starts_with(['/', '\\', '~']) || has_drive
}

/// A whole commit; an abbreviated one is a tag to those who do not know it.
fn is_commit(reference: &str) -> bool {
    matches!(reference.len(), 40 | 64) && reference.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What the readers of other files than requirements files found.
fn of_manifest(
    folder: &str,
    manifest: &Manifest,
    files: &BTreeSet<String>,
    given: &Given<'_>,
    all: &mut Vec<Listed>,
) {
    let mut sources: BTreeMap<&str, Vec<&NamedSource>> = BTreeMap::new();
    for source in &manifest.sources {
        sources.entry(&source.name).or_default().push(source);
    }
    for (scope, dependency) in manifest.all() {
        let from = dependency.from.below(folder);
        if files.contains(&from.file) {
            continue;
        }
        let mut listed = of_text(&dependency.text, Some(dependency.name.clone()), from, given);
        let mut found = sources.get(dependency.name.as_str()).into_iter().flatten();
        let source = found.find(|source| source.scope == scope || source.from == dependency.from);
        if let Some(direct) = source
            .and_then(|found| of_source(&found.source.kind, &dependency.name, listed.from.clone(), given))
        {
            listed.held = Held::Direct;
            listed.direct = Some(direct);
        }
        all.push(Listed { scope: Some(scope), ..listed });
    }
}

/// What `[project]`, `[dependency-groups]` and `[tool.uv]` list; what a reader has given already is left out.
fn of_pyproject(folder: &str, document: &PyProject, given: &Given<'_>, all: &mut Vec<Listed>) {
    let path = joined(folder, "pyproject.toml");
    let mut declared = Declared::of_pyproject(document, &path);
    let uv = document.uv();
    let dev = uv.dev_dependencies.iter();
    declared.extend(
        dev.filter_map(|entry| Declared::new(&entry.text, Scope::Group("dev".to_owned()), &path, entry.line)),
    );
    let known: BTreeSet<(String, String)> = all
        .iter()
        .filter(|listed| listed.from.file == path)
        .filter_map(|listed| Some((listed.name.clone()?, listed.scope.as_ref()?.key())))
        .collect();
    let sources: BTreeMap<String, &Vec<SourceEntry>> =
        uv.sources.iter().map(|(name, entries)| (normalize_name(name), entries)).collect();
    for found in declared {
        if known.contains(&(found.name.clone(), found.scope.key())) {
            continue;
        }
        let from = Provenance::new(path.clone(), found.line.max(1));
        let mut listed = of_text(&found.text, Some(found.name.clone()), from, given);
        let entry = sources.get(&found.name).and_then(|entries| entries.first());
        if let Some(direct) = entry.and_then(|entry| {
            of_source(&entry.source.kind, &found.name, Provenance::new(path.clone(), entry.line), given)
        }) {
            listed.held = Held::Direct;
            listed.direct = Some(direct);
        }
        all.push(Listed { scope: Some(found.scope), ..listed });
    }
}

/// A requirement by PEP 508, as pyproject.toml has it.
fn of_text(text: &str, name: Option<String>, from: Provenance, given: &Given<'_>) -> Listed {
    let document = parse(text);
    let requirement = document.lines().iter().find_map(|line| match line.kind() {
        LineKind::Requirement(requirement) => Some(requirement),
        _ => None,
    });
    match requirement {
        Some(requirement) => Listed { name, ..of_requirement(requirement, from, given) },
        None => Listed {
            name,
            scope: None,
            compiled: false,
            from,
            held: Held::Open,
            hashed: false,
            for_some_pythons: false,
            extras: Vec::new(),
            direct: None,
        },
    }
}

fn of_source(kind: &SourceKind, name: &str, from: Provenance, given: &Given<'_>) -> Option<DirectDependency> {
    let found = |kind, location: &str, reference: Option<String>, fixed, editable| DirectDependency {
        name: Some(name.to_owned()),
        kind,
        location: location.to_owned(),
        reference,
        fixed,
        editable,
        itself: false,
        outside: false,
        from,
    };
    let found = match kind {
        SourceKind::Git { url, reference, .. } => {
            let reference = reference.as_ref().map(|reference| match reference {
                GitReference::Rev(text) | GitReference::Tag(text) | GitReference::Branch(text) => {
                    text.clone()
                }
            });
            let fixed = reference.as_deref().is_some_and(is_commit);
            found(DirectKind::Git, url, reference, fixed, false)
        }
        SourceKind::Url { url, .. } => {
            let fixed = url.contains("sha256=");
            found(DirectKind::Url, url, None, fixed, false)
        }
        SourceKind::Path { path, editable, .. } => {
            found(DirectKind::Path, path, None, true, *editable == Some(true))
        }
        SourceKind::Index(_) | SourceKind::Workspace | SourceKind::Other(_) => return None,
    };
    Some(placed(found, given))
}
