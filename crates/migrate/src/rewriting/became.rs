//! What became of the files that commands name.

use std::path::Path;

use uvshift_changeset::{JournalEntry, JournalState, journals};
use uvshift_project::{Layout, LayoutOptions, Scope, SourceFile, discover};
use uvshift_requirements::LineKind;
use uvshift_rewrite::{Became, Context, Selection, UvProject};
use uvshift_tree::Tree;

use super::Known;
use crate::Error;
use crate::members::{joined, read_all};
use crate::project::ReadProject;
use crate::verify::{installed_of, options_of};

/// What a migration makes of the requirements files of its projects: those whose every line is carried.
pub(crate) fn of_projects(old: &Tree, read: &[ReadProject]) -> Known {
    let mut known = Known::new();
    for ReadProject { project, not_carried, .. } in read {
        let tree = old.below(&project.folder);
        for file in project.layout.files.iter().filter(|file| !not_carried.contains(&file.path)) {
            if file.path.starts_with("../") {
                continue;
            }
            if let Some(became) = of_file(&project.layout, &tree, file) {
                known.insert(joined(&project.folder, &file.path), became);
            }
        }
    }
    known
}

/// What is known without a migration at hand: from the journal of the last one, or from what the files say today.
pub(crate) fn known(root: &Path, tree: &Tree, context: &Context) -> Result<Known, Error> {
    let mut known = match last_migration(root)? {
        Some(journal) => {
            let mut old = tree.clone();
            for path in &journal.files {
                old.lay_over(path.as_str(), journal.original(path.as_str())?);
            }
            let read = read_all(&old, &options_of(&journal.label), &installed_of(&journal.label))?;
            of_projects(&old, &read)
        }
        None => Known::new(),
    };
    for project in &context.projects {
        for (path, became) in declared(&tree.below(&project.folder), project) {
            known.entry(joined(&project.folder, &path)).or_insert(became);
        }
    }
    Ok(known)
}

fn last_migration(root: &Path) -> Result<Option<JournalEntry>, Error> {
    let is_one =
        |entry: &JournalEntry| entry.state == JournalState::Committed && entry.label["command"] == "migrate";
    Ok(journals(root)?.into_iter().rfind(is_one))
}

/// The folders whose pyproject.toml the last migration wrote.
pub(crate) fn migrated_folders(root: &Path) -> Result<Vec<String>, Error> {
    let files = last_migration(root)?.map(|journal| journal.files).unwrap_or_default();
    let folder = |path: &str| Some(path.strip_suffix("pyproject.toml")?.trim_end_matches('/').to_owned());
    Ok(files.iter().filter_map(|path| folder(path.as_str())).collect())
}

fn of_file(layout: &Layout, tree: &Tree, file: &SourceFile) -> Option<Became> {
    let scopes = layout.installs(tree, &file.path)?;
    if scopes.is_empty() {
        return Some(Became::Constraints);
    }
    let mut selection = Selection::default();
    for scope in scopes {
        match scope {
            Scope::Main => selection.main = true,
            Scope::Group(name) => drop(selection.groups.insert(name)),
            Scope::Extra(name) => drop(selection.extras.insert(name)),
        }
    }
    Some(Became::Selection(selection))
}

/// Requirements files that are still there beside a uv project which declares all that they name, where their names say.
fn declared(tree: &Tree, project: &UvProject) -> Known {
    let layout = discover(tree, &LayoutOptions::default()).unwrap_or_default();
    let mut known = Known::new();
    for file in &layout.files {
        let Some(became) = of_file(&layout, tree, file) else { continue };
        let Became::Selection(selection) = &became else { continue };
        let parts = selection.groups.iter().all(|group| project.groups.contains(group));
        if parts && names(file).all(|name| is_in(project, &name, selection)) {
            known.insert(file.path.clone(), became);
        }
    }
    known
}

fn names(file: &SourceFile) -> impl Iterator<Item = String> {
    file.document.lines().iter().filter_map(|line| match line.kind() {
        LineKind::Requirement(requirement) => Some(requirement.name().unwrap_or_default().to_owned()),
        _ => None,
    })
}

fn is_in(project: &UvProject, name: &str, selection: &Selection) -> bool {
    let name = uvshift_requirements::normalize_name(name);
    project.declared.get(&name).into_iter().flatten().any(|declared| {
        (declared.main && declared.extras.is_empty() && selection.main)
            || declared.groups.iter().any(|group| selection.groups.contains(group))
    })
}
