//! The move from the old tool: what a journal remembers, or what is seen of a move that is still to come.

use std::path::Path;

use serde_json::Value;
use uvshift_changeset::{JournalEntry, JournalState, journals};
use uvshift_project::{Role, Tree};
use uvshift_scaffold::Migration;

use super::declared::Declared;
use crate::members::joined;
use crate::{Error, Plan};

/// Files that tell the tool, the surest first.
const SIGNS: &[(&str, &str)] = &[
    ("poetry.lock", "poetry"),
    ("Pipfile", "pipenv"),
    ("Pipfile.lock", "pipenv"),
    ("pdm.lock", "pdm"),
    ("environment.yml", "conda"),
    ("environment.yaml", "conda"),
];

pub(super) fn read(
    root: &Path,
    tree: &Tree,
    plan: Option<&Plan>,
    declared: &Declared,
) -> Result<Migration, Error> {
    let locked = declared.lock.as_ref().map_or(0, |lock| lock.len().saturating_sub(1));
    let counted = Migration { requirements: declared.requirements, locked, ..Migration::default() };
    let journals = if tree.root() == root || root.exists() { journals(root)? } else { Vec::new() };
    let done = journals.iter().rev().find(|entry| {
        entry.state == JournalState::Committed
            && entry.label.get("command").and_then(Value::as_str) == Some("migrate")
    });
    match (done, plan) {
        (Some(entry), _) => of_journal(root, entry, &counted),
        (None, Some(plan)) => Ok(to_come(plan, counted)),
        (None, None) => Ok(counted),
    }
}

fn of_journal(root: &Path, entry: &JournalEntry, counted: &Migration) -> Result<Migration, Error> {
    let mut files = Vec::new();
    for path in &entry.files {
        let before = entry.original(path)?;
        files.push((path.as_str().to_owned(), before));
    }
    let is_gone = |path: &str| !root.join(path).exists();
    let removed: Vec<String> = files
        .iter()
        .filter(|(path, before)| before.is_some() && is_gone(path))
        .map(|(path, _)| path.clone())
        .collect();
    let roles = entry.label.get("roles").and_then(Value::as_object);
    let roles: Vec<(String, String)> = roles
        .into_iter()
        .flatten()
        .filter_map(|(path, role)| Some((path.clone(), role.as_str()?.to_owned())))
        .collect();
    let pyproject = files.iter().find(|(path, _)| path == "pyproject.toml");
    let pyproject = pyproject.and_then(|(_, before)| before.as_deref()).map(String::from_utf8_lossy);
    let names = files.iter().filter(|(_, before)| before.is_some()).map(|(path, _)| path.as_str());
    Ok(Migration {
        from: from(names, &roles, pyproject.as_deref().unwrap_or_default()).to_owned(),
        changed: files.iter().map(|(path, _)| path.clone()).filter(|path| !is_gone(path)).collect(),
        became: became(&removed, roles),
        removed,
        journal: entry.id.clone(),
        ..counted.clone()
    })
}

fn to_come(plan: &Plan, counted: Migration) -> Migration {
    let mut roles: Vec<(String, String)> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for project in &plan.projects {
        for file in &project.layout.files {
            roles.push((joined(&project.folder, &file.path), role(&file.role)));
        }
        names.extend(project.old_files.iter().map(|file| joined(&project.folder, &file.path)));
    }
    let before = plan.projects.first().and_then(|project| project.before.as_ref());
    let pyproject = before.map(ToString::to_string).unwrap_or_default();
    let removed = plan.removed.clone();
    let changed: Vec<String> = plan
        .changes
        .paths()
        .map(|path| path.as_str().to_owned())
        .filter(|path| !removed.contains(path))
        .collect();
    Migration {
        from: from(names.iter().map(String::as_str), &roles, &pyproject).to_owned(),
        changed,
        became: became(&removed, roles),
        removed,
        ..counted
    }
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

/// What each old file became; a lock of another tool became that of uv.
fn became(removed: &[String], roles: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut became: Vec<(String, String)> = roles
        .into_iter()
        .filter(|(_, role)| role != "left alone")
        .map(|(path, role)| {
            let role = if role.starts_with("compiled from") { "uv.lock".to_owned() } else { role };
            (path, role)
        })
        .collect();
    for path in removed {
        let is_known = became.iter().any(|(known, _)| known == path);
        match path.rsplit('/').next().unwrap_or(path) {
            _ if is_known => {}
            "poetry.lock" | "Pipfile.lock" | "pdm.lock" => became.push((path.clone(), "uv.lock".to_owned())),
            _ => became.push((path.clone(), "pyproject.toml".to_owned())),
        }
    }
    became
}

fn from<'a>(
    mut names: impl Iterator<Item = &'a str>,
    roles: &[(String, String)],
    pyproject: &str,
) -> &'static str {
    let sign = |name: &'a str| SIGNS.iter().find(|(file, _)| *file == name).map(|(_, tool)| *tool);
    let has = |table: &str| pyproject.lines().any(|line| line.trim_start().starts_with(table));
    let mut setup = false;
    let of_files = names.find_map(|name| {
        setup |= matches!(name, "setup.py" | "setup.cfg");
        sign(name)
    });
    match of_files {
        Some(tool) => tool,
        None if has("[tool.poetry") => "poetry",
        None if has("[tool.pdm") => "pdm",
        None if roles.iter().any(|(_, role)| role.starts_with("compiled")) => "pip-tools",
        None if roles
            .iter()
            .any(|(path, _)| Path::new(path).extension().is_some_and(|ending| ending == "in")) =>
        {
            "pip-tools"
        }
        None if !roles.is_empty() => "pip",
        None if setup => "setuptools",
        None => "",
    }
}
