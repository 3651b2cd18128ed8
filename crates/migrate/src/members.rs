//! Several projects in one repository: members of one workspace with one lock, or each for itself.

use std::collections::BTreeMap;

use uvshift_diagnostics::Diagnostic;
use uvshift_project::{
    Installed, Ledger, Manifest, NamedSource, Outcome, Provenance, Scope, Tree, codes, merge_manifests,
};
use uvshift_pyproject::{PyProject, Source, SourceKind, Value};
use uvshift_requirements::normalize_name;
use uvshift_tree::without_detours;

use crate::project::{Project, ReadProject, read_project};
use crate::{Error, Options};

/// What becomes of the projects in folders below the one that is migrated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Members {
    /// They are left alone.
    #[default]
    Alone,
    /// They become members of a workspace with one lock.
    Workspace,
    /// Each is migrated for itself, with a lock of its own.
    Separate,
}

/// Folders whose projects are examples, tests or somebody else's.
const NOT_MEMBERS: [&str; 16] = [
    "tests",
    "test",
    "testing",
    "testdata",
    "fixtures",
    "examples",
    "example",
    "docs",
    "doc",
    "vendor",
    "third_party",
    "build",
    "dist",
    "templates",
    // What a notebook service installs.
    "binder",
    ".binder",
];

/// Files that make a folder a project of its own.
pub const PROJECT_FILES: [&str; 10] = [
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Pipfile",
    "environment.yml",
    "environment.yaml",
    "requirements.txt",
    "requirements.in",
    "poetry.lock",
    "pixi.toml",
];

/// The folders below the root that hold a project, outermost first. A project within a project is left to that one.
pub(crate) fn find(tree: &Tree) -> Vec<String> {
    // A setup.py beside an `__init__.py` is a module of a package.
    let is_module = |folder: &str, file: &str| file == "setup.py" && tree.has(&joined(folder, "__init__.py"));
    let mut folders: Vec<&str> = tree
        .files()
        .iter()
        .filter_map(|file| file.rsplit_once('/'))
        .filter(|(folder, file)| {
            PROJECT_FILES.contains(file)
                && !folder.split('/').any(|part| NOT_MEMBERS.contains(&part))
                && !is_module(folder, file)
        })
        .map(|(folder, _)| folder)
        .filter(|folder| !is_of_root(folder))
        .collect();
    folders.sort_unstable();
    folders.dedup();
    let mut found: Vec<String> = Vec::new();
    for folder in folders {
        let is_inner = found.iter().any(|outer| folder.starts_with(&format!("{outer}/")));
        if !is_inner {
            found.push(folder.to_owned());
        }
    }
    found
}

/// `requirements/requirements.txt` and the like are files of the root.
fn is_of_root(folder: &str) -> bool {
    matches!(folder, "requirements" | "reqs" | "deps" | "dependencies" | "ci")
}

/// A path below a folder; the empty folder is the root.
pub(crate) fn joined(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

/// Reads the project at the root and, if asked, those below it. A root without a project has its place only as the root
/// of a workspace.
pub(crate) fn read_all(
    tree: &Tree,
    options: &Options,
    installed: &[Installed],
) -> Result<Vec<ReadProject>, Error> {
    let mut read = vec![read_project(tree, "", options, installed)?];
    if options.members == Members::Alone {
        return Ok(read);
    }
    for folder in find(tree) {
        let below = tree.below(&folder);
        let member = read_project(&below, &folder, &options.below(&folder), &[])?;
        let has_project = member.project.before.as_ref().is_some_and(PyProject::has_project);
        if !member.is_empty() || (has_project && options.members == Members::Workspace) {
            read.push(member);
        }
    }
    let folders: Vec<String> = read.iter().skip(1).map(|read| format!("{}/", read.project.folder)).collect();
    if let Some(root) = read.first_mut() {
        let of_member = |path: &str| folders.iter().any(|folder| path.starts_with(folder));
        root.project.layout.left_alone.retain(|left| !of_member(&left.path));
    }
    let is_bare = read.first().is_some_and(|root| {
        root.is_empty() && !root.project.before.as_ref().is_some_and(PyProject::has_project)
    });
    if is_bare && options.members == Members::Separate {
        read.remove(0);
    } else if is_bare && let Some(root) = read.first_mut() {
        root.project.manifest.is_virtual = true;
        root.project.manifest.uv.package = None;
    }
    Ok(read)
}

/// Makes the projects members of a workspace whose root is the first one.
pub(crate) fn join(read: &mut [ReadProject], options: &Options, diagnostics: &mut Vec<Diagnostic>) {
    if options.members != Members::Workspace || read.len() < 2 {
        return;
    }
    let names: BTreeMap<String, String> = read
        .iter()
        .filter(|read| !read.project.manifest.is_virtual)
        .map(|read| (normalize_name(&read.project.manifest.metadata.name), read.project.folder.clone()))
        .collect();
    name_twice(read, diagnostics);
    for ReadProject { project, .. } in read.iter_mut() {
        take_as_members(project, &names);
    }
    let needed = needed_members(read, &names);
    let [root, members @ ..] = read else { return };
    let root = &mut root.project;
    let from = Provenance::new("pyproject.toml", 1);
    let folders: Vec<&str> = members.iter().map(|member| member.project.folder.as_str()).collect();
    root.manifest.set(&["tool", "uv", "workspace"], "members", Value::strings(folders), &from);
    for name in needed {
        let source = Source::new(SourceKind::Workspace);
        root.manifest.sources.push(NamedSource { name, source, scope: Scope::Main, from: from.clone() });
    }
    for ReadProject { project, .. } in members {
        hoist(&mut project.manifest, &mut root.manifest);
    }
}

/// Two members of one name cannot be in one workspace.
fn name_twice(read: &[ReadProject], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for ReadProject { project, .. } in read.iter().filter(|read| !read.project.manifest.is_virtual) {
        let name = normalize_name(&project.manifest.metadata.name);
        if let Some(other) = seen.insert(name.clone(), &project.folder) {
            let message =
                format!("`{name}` is the name of `{other}` too, and a workspace has each name once");
            let file = joined(&project.folder, "pyproject.toml");
            let found = Diagnostic::error(codes::M011, message).in_file(file, 1);
            diagnostics.push(found.with_help("rename one of the two, or pass `--separate`"));
        }
    }
}

/// A source that is the folder of a member becomes the member.
fn take_as_members(project: &mut Project, names: &BTreeMap<String, String>) {
    let Project { folder, manifest, ledger, .. } = project;
    for source in &mut manifest.sources {
        let SourceKind::Path { path, .. } = &source.source.kind else { continue };
        let place = without_detours(&joined(folder, path));
        let place = if place == "." { String::new() } else { place };
        if names.get(&source.name) == Some(&place) {
            source.source.kind = SourceKind::Workspace;
            tell(ledger, &source.from, "it is a member of the workspace, which uv always installs in place");
        }
    }
}

/// Says of a directive that was carried what is different about it.
fn tell(ledger: &mut Ledger, from: &Provenance, reason: &str) {
    ledger.revise(from, |outcome| {
        if let Outcome::Carried { to } = outcome {
            *outcome = Outcome::Changed { to: std::mem::take(to), why: reason.to_owned() };
        }
    });
}

/// Members that others require by name alone: for uv these need a source, or they would come from the index.
fn needed_members(read: &[ReadProject], names: &BTreeMap<String, String>) -> Vec<String> {
    let mut needed: Vec<String> = Vec::new();
    for ReadProject { project, .. } in read {
        let own = normalize_name(&project.manifest.metadata.name);
        for (_, dependency) in project.manifest.all() {
            let is_member = names.contains_key(&dependency.name) && dependency.name != own;
            let has_source = project.manifest.sources.iter().any(|source| source.name == dependency.name);
            if is_member && !has_source && !needed.contains(&dependency.name) {
                needed.push(dependency.name.clone());
            }
        }
    }
    needed
}

/// What uv reads only in the root of a workspace moves there.
fn hoist(member: &mut Manifest, root: &mut Manifest) {
    let package = member.uv.package.take();
    let moved = Manifest {
        constraints: std::mem::take(&mut member.constraints),
        overrides: std::mem::take(&mut member.overrides),
        indexes: std::mem::take(&mut member.indexes),
        uv: std::mem::take(&mut member.uv),
        ..Manifest::default()
    };
    merge_manifests(root, moved);
    member.uv.package = package;
}

/// Which projects uv resolves together: the place of the one whose lock it is, and what all of them need.
pub(crate) fn resolved_together(read: &[ReadProject], options: &Options) -> Vec<(usize, Manifest)> {
    if options.members != Members::Workspace || read.len() < 2 {
        let alone = |(at, read): (usize, &ReadProject)| {
            (at, read.project.manifest.clone().below(&read.project.folder))
        };
        return read.iter().enumerate().map(alone).collect();
    }
    let mut whole = Manifest::default();
    for ReadProject { project, .. } in read {
        merge_manifests(&mut whole, project.manifest.clone().below(&project.folder));
    }
    let names: Vec<String> =
        read.iter().map(|read| normalize_name(&read.project.manifest.metadata.name)).collect();
    // A member is not locked to a version.
    whole.pins.retain(|pin| !names.contains(&pin.name));
    vec![(0, whole)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_with_a_project_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = Tree::from_disk(folder.path()).unwrap();
        for file in [
            "requirements.txt",
            "requirements/requirements.txt",
            "libs/a/setup.py",
            "libs/a/inner/setup.py",
            "libs/b/pyproject.toml",
            "services/web/requirements.txt",
            "docs/requirements.txt",
            "tests/fixtures/x/setup.py",
        ] {
            tree.lay_over(file, Some(Vec::new()));
        }
        assert_eq!(find(&tree), ["libs/a", "libs/b", "services/web"]);
    }
}
