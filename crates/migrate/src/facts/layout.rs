//! Where the code and the tests are.

use std::collections::BTreeSet;

use uvshift_project::Tree;
use uvshift_pyproject::PyProject;
use uvshift_requirements::normalize_name;

use super::declared::strings;
use super::is_plain;

/// Folders at the root that hold Python and are not what the project is.
const OTHERS: &[&str] = &[
    "benchmarks",
    "bench",
    "bin",
    "build",
    "ci",
    "conf",
    "config",
    "data",
    "deploy",
    "dist",
    "doc",
    "docs",
    "example",
    "examples",
    "hack",
    "migrations",
    "notebooks",
    "requirements",
    "scripts",
    "static",
    "templates",
    "test",
    "testing",
    "tests",
    "tools",
    "utils",
    "vendor",
];

#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) module: String,
    pub(super) module_folder: String,
    pub(super) source_folders: Vec<String>,
    pub(super) tests_folder: String,
}

pub(super) fn read(tree: &Tree, document: &PyProject) -> Found {
    let wanted = wanted(document);
    let in_src = packages(tree, "src/");
    let at_root = packages(tree, "");
    let is_wanted = |name: &&String| normalize_name(name) == wanted;
    let chosen = in_src.iter().find(is_wanted).map(|name| (name, true));
    let chosen = chosen.or_else(|| at_root.iter().find(is_wanted).map(|name| (name, false)));
    let chosen = chosen.or_else(|| in_src.first().map(|name| (name, true)));
    let mine: Vec<&String> = at_root.iter().filter(|name| !OTHERS.contains(&name.as_str())).collect();
    let chosen = chosen.or_else(|| mine.first().map(|name| (*name, false)));
    let single = format!("{}.py", wanted.replace('-', "_"));
    let single = [single.clone(), format!("src/{single}")].into_iter().find(|file| tree.has(file));
    let (module, module_folder) = match (chosen, single) {
        (Some((name, true)), _) => (name.clone(), format!("src/{name}")),
        (Some((name, false)), None) => (name.clone(), name.clone()),
        (Some((name, false)), Some(_)) if normalize_name(name) == wanted => (name.clone(), name.clone()),
        // A module of one file has no folder.
        (_, Some(_)) => (wanted.replace('-', "_"), String::new()),
        (None, None) => (String::new(), String::new()),
    };
    let mut source_folders: Vec<String> = Vec::new();
    if !in_src.is_empty() {
        source_folders.push("src".to_owned());
    }
    source_folders.extend(mine.into_iter().cloned());
    Found { module, module_folder, source_folders, tests_folder: tests(tree, document) }
}

/// The normalised name that the module is expected to have.
fn wanted(document: &PyProject) -> String {
    let backend = ["uv", "flit"].iter().find_map(|tool| {
        let key = if *tool == "uv" {
            &["tool", "uv", "build-backend", "module-name"][..]
        } else {
            &["tool", "flit", "module", "name"]
        };
        document.get(key)?.as_str().map(str::to_owned)
    });
    normalize_name(&backend.unwrap_or_else(|| document.project_name().unwrap_or_default().to_owned()))
}

/// Folders directly below a folder that are packages, sorted.
fn packages(tree: &Tree, folder: &str) -> Vec<String> {
    let names = tree.files().iter().filter_map(|file| {
        let (name, rest) = file.strip_prefix(folder)?.split_once('/')?;
        let is_package = rest == "__init__.py" || (!folder.is_empty() && is_python(rest));
        (is_package && is_module(name)).then(|| name.to_owned())
    });
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

fn is_python(file: &str) -> bool {
    !file.contains('/') && file.strip_suffix(".py").is_some_and(|stem| !stem.is_empty())
}

fn is_module(name: &str) -> bool {
    name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// The folder of the tests: as pytest is told, else the usual one that has tests in it.
fn tests(tree: &Tree, document: &PyProject) -> String {
    let told = strings(document.get(&["tool", "pytest", "ini_options", "testpaths"]));
    let usual = ["tests", "test"].map(str::to_owned);
    let has_tests = |folder: &&String| {
        if !is_plain(folder, "/") {
            return false;
        }
        let inside = format!("{folder}/");
        tree.files().iter().any(|file| file.starts_with(&inside) && is_test(file))
    };
    told.iter()
        .chain(&usual)
        .find(has_tests)
        .map(|folder| folder.trim_end_matches('/').to_owned())
        .unwrap_or_default()
}

/// Whether a file has tests, by its name.
pub(super) fn is_test(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    std::path::Path::new(name).extension().is_some_and(|ending| ending == "py")
        && (name.starts_with("test") || name.ends_with("_test.py"))
}
