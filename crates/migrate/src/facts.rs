//! What a project is, for the files that are made for it: read from its files, without running anything of it.

mod code;
mod containers;
mod declared;
mod entry;
mod habits;
mod indexes;
mod layout;
mod migration;
mod python;
mod repository;
mod services;
mod system;
mod tasks;
mod test_environment;
mod tools;
mod variables;
mod words;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use uvshift_project::Tree;
use uvshift_pyproject::PyProject;
use uvshift_requirements::normalize_name;
use uvshift_scaffold::Project;

use crate::inventory::Day;
use crate::project::read_pyproject;
use crate::{Error, Options, Plan, Planned, metadata, plan};
use declared::Declared;

/// What is known of a project today. `uv_version` is the version of uv that files are to name.
///
/// A project that is not on uv yet is described as it would be after `uvshift migrate`: its groups are those that its
/// requirements files would become.
///
/// # Errors
/// pyproject.toml, the lock or a journal is there and cannot be read.
pub fn facts(root: &Path, tree: &Tree, uv_version: &str) -> Result<Project, Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    facts_on(root, tree, uv_version, Day::of_unix(now.as_secs()))
}

/// The same on a day, which decides which Pythons are past their end of life.
pub fn facts_on(root: &Path, tree: &Tree, uv_version: &str, today: Day) -> Result<Project, Error> {
    let plan = plan_of(root);
    let after = plan.as_ref().map(|plan| tree.after(&plan.changes));
    let tree = after.as_ref().unwrap_or(tree);
    let document = read_pyproject(tree)?.unwrap_or_default();
    let declared = Declared::read(tree, &document)?;
    let code = code::read(tree);
    let layout = layout::read(tree, &document);
    let is_named = |document: &&PyProject| document.project_name().is_some_and(|name| is_plain(name, ""));
    let named = metadata::name(tree, Some(&document).filter(is_named));
    let python = python::read(tree, &document, today);
    let entry = entry::read(tree, &document, &declared, &layout, &code);
    let tools = tools::read(tree, &document, &declared);
    let documents = tools::documents(&tools);
    let habits = habits::read(tree);
    let services = services::all(tree, &declared, &code);
    let test_environment = test_environment::read(tree, &code, &services);
    let system_packages = system::packages(&declared, tree);
    let ci_packages = on_runners(&test_environment.packages, &system_packages);
    let (indexes, public_indexes) = indexes::read(&document);
    Ok(Project {
        description: description(&document),
        version: document.project_version().unwrap_or_default().to_owned(),
        is_package: is_package(&document),
        requires_python: document.requires_python().unwrap_or_default().to_owned(),
        python_versions: python.versions,
        python: python.default,
        groups: declared.groups.iter().map(|(name, _)| name.clone()).collect(),
        default_groups: declared.default_groups.clone(),
        production_groups: declared.production().map(|(name, _)| name.clone()).collect(),
        extras: declared.extras.iter().map(|(name, _)| name.clone()).collect(),
        uv: uv_version.to_owned(),
        has_lock: tree.has("uv.lock"),
        tasks: tasks::all(tree, &document, &declared, &layout, (&tools, &habits), &entry),
        services,
        test_environment: test_environment.set,
        test_environment_unknown: test_environment.unknown,
        repository: repository::read(root, tree, &named),
        indexes,
        public_indexes,
        workflows: habits.workflows,
        compose: containers::compose_file(tree).unwrap_or_default().to_owned(),
        scripts: scripts(&document),
        migration: migration::read(root, tree, plan.as_ref(), &declared)?,
        environment: code.environment.keys().cloned().collect(),
        environment_defaults: code.defaults(),
        runtime_packages: system::at_runtime(&system_packages),
        ci_packages,
        system_packages,
        has_dockerfile: tree.has("Dockerfile") || tree.has("Containerfile"),
        has_powershell: has_powershell(tree),
        has_benchmarks: has_benchmarks(tree, &tools),
        documents,
        tools,
        entry,
        module: layout.module,
        module_folder: layout.module_folder,
        source_folders: layout.source_folders,
        tests_folder: layout.tests_folder,
        name: named,
    })
}

/// The plan of a project that is not on uv. One that cannot be planned is described as it is.
fn plan_of(root: &Path) -> Option<Plan> {
    match plan(root, &Options::default()) {
        Ok(Planned::Plan(plan)) => Some(*plan),
        Ok(Planned::Nothing(_)) | Err(_) => None,
    }
}

fn has_benchmarks(tree: &Tree, tools: &[uvshift_scaffold::Tool]) -> bool {
    let is_one = |tool: &uvshift_scaffold::Tool| matches!(tool.name.as_str(), "pytest-benchmark" | "asv");
    tools.iter().any(is_one) || tree.has_folder("benchmarks")
}

/// What a runner of GitHub has to install. It has git, or there would be no code on it.
fn on_runners(installed: &[String], needed: &[String]) -> Vec<String> {
    sorted(installed.iter().chain(needed.iter().filter(|package| *package != "git")))
}

fn sorted<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    texts.cloned().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

fn description(document: &PyProject) -> String {
    let item = document.get(&["project", "description"]);
    item.and_then(toml_edit::Item::as_str).unwrap_or_default().to_owned()
}

fn has_powershell(tree: &Tree) -> bool {
    let mut files = tree.files().iter();
    files.any(|file| Path::new(file).extension().is_some_and(|ending| ending == "ps1"))
}

fn is_package(document: &PyProject) -> bool {
    document.uv().package.unwrap_or_else(|| document.has_build_system())
}

fn scripts(document: &PyProject) -> Vec<String> {
    let table = document.get(&["project", "scripts"]).and_then(toml_edit::Item::as_table_like);
    let names = table.into_iter().flat_map(|table| table.iter().map(|(name, _)| name));
    names.filter(|name| is_plain(name, "")).map(str::to_owned).collect()
}

/// Whether a text can stand in scripts and workflows as it is: letters, digits, `.`, `_`, `-` and these. Names from the files of a
/// project end in commands, and nobody should be able to put a command into a name.
fn is_plain(text: &str, more: &str) -> bool {
    let is_safe =
        |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter) || more.contains(letter);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(is_safe)
}

/// The name of the distribution at the start of a requirement, normalised, and the extras that it asks for.
fn requirement(text: &str) -> (String, Vec<String>) {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let end = text.find(|letter| !is_part(letter)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let extras = rest.trim_start().strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let extras = extras.map(|(extras, _)| extras.split(',').map(normalize_name).collect());
    (normalize_name(name), extras.unwrap_or_default())
}
