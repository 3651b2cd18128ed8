//! PDM: what `[tool.pdm]` says beside `[project]`, and `pdm.lock`. The build backend of PDM stays, with its settings.

mod legacy;
mod sources;

use toml_edit::{Item, TableLike};
use uvshift_pyproject::PyProject;

use super::Given;
use super::entry::{Document, carry, change, group_name, leave_out, open_toml, refuse};
use super::pins::{Wanted, open_lock, take_lock, wanted_of};
use super::tasks::carry_tasks;
use crate::convert::{Foreign, read_foreign};
use crate::{Comments, Dependency, Error, Fate, OldFile, Provenance, Reading, Scope};

pub(super) const PYPROJECT: &str = "pyproject.toml";
const LOCK: &str = "pdm.lock";
/// Files of PDM that tell how it works here.
const OWN_FILES: [(&str, &str); 3] = [
    ("pdm.toml", "the settings of PDM"),
    (".pdm.toml", "the settings of PDM"),
    (".pdm-python", "the interpreter of PDM"),
];
/// Keys of `[tool.pdm]` that the build backend reads, `pdm-pep517` included.
const BUILD_KEYS: [&str; 10] = [
    "version",
    "build",
    "package-dir",
    "includes",
    "excludes",
    "source-includes",
    "is-purelib",
    "editable-backend",
    "run-setuptools",
    "setup-script",
];

pub(super) fn detect(given: &Given<'_>) -> bool {
    let files = [LOCK].into_iter().chain(OWN_FILES.map(|(file, _)| file));
    let table = given.pyproject.and_then(|document| document.tool("pdm")).and_then(Item::as_table_like);
    // A build backend alone is nothing to migrate.
    table.is_some_and(|table| table.iter().any(|(key, _)| !BUILD_KEYS.contains(&key)))
        || files.into_iter().any(|file| given.tree.has(file))
}

#[expect(clippy::unnecessary_wraps, reason = "the table of sources wants it")]
pub(super) fn read(given: &Given<'_>, out: &mut Reading) -> Result<(), Error> {
    if let Some(toml) = given.pyproject {
        out.is_package = toml.has_build_system();
        out.lists_dependencies = toml.has_project_field("dependencies");
        settings(given, toml, out);
        groups_by_default(toml, out);
    }
    own_files(given, out);
    if given.tree.has(LOCK)
        && let Some(lock) = open_lock(given.tree, LOCK, out)
    {
        let mut wanted = wanted_of(out);
        wanted.extend(given.pyproject.into_iter().flat_map(own_requirements));
        take_lock(LOCK, "the lock of PDM", &lock, &wanted, out);
    }
    Ok(())
}

/// What `[project]` asks for itself.
fn own_requirements(toml: &PyProject) -> Vec<Wanted> {
    let extras = toml.optional_dependencies().into_iter().flat_map(|(_, entries)| entries);
    let all = toml.dependencies().into_iter().chain(extras);
    all.map(|entry| Wanted { text: entry.text, from: Provenance::new(PYPROJECT, entry.line) }).collect()
}

/// `[tool.pdm]`, key by key. What is carried goes, what the backend reads stays.
fn settings(given: &Given<'_>, toml: &PyProject, out: &mut Reading) {
    let document = Document { file: PYPROJECT, toml };
    let Some(table) = toml.tool("pdm").and_then(Item::as_table_like) else { return };
    let mut stays = false;
    for (key, item) in table.iter() {
        let path = ["tool", "pdm", key];
        let (from, text) = (document.from(&path), document.written(&path));
        if BUILD_KEYS.contains(&key) {
            stays = true;
            continue;
        }
        match key {
            "dev-dependencies" => dev_dependencies(document, item, given, out),
            "source" => sources::read(document, given, out),
            "resolution" => resolution(document, item, out),
            "scripts" => carry_tasks(document, &path, "PDM", out),
            "distribution" | "package-type" => distribution(item, from, &text, out),
            "workspace" => workspace(document, item, out),
            "allow_prereleases" => prereleases(item, from, &text, out),
            "python_requires" => legacy::requires_python(item, from, &text, out),
            "overrides" => overrides(document, &path, out),
            "options" | "plugins" | "ignore_package_warnings" | "use_uv" => {
                leave_out(out, from, &text, "it says how PDM works, and uv has its own ways");
            }
            _ => {
                stays = true;
                legacy::unknown(key, from, &text, out);
                continue;
            }
        }
        out.manifest.remove(&path, &document.from(&path));
    }
    if !stays {
        // An empty header says nothing.
        out.manifest.removals.retain(|removal| !removal.path.starts_with(&["tool".into(), "pdm".into()]));
        out.manifest.remove(&["tool", "pdm"], &document.from(&["tool", "pdm"]));
    }
}

/// PDM installs every group unless it is told not to.
fn groups_by_default(toml: &PyProject, out: &mut Reading) {
    for (name, _) in toml.dependency_groups() {
        out.manifest.group(&name).default = true;
    }
}

/// `[tool.pdm.dev-dependencies]`: lines as pip has them, with PDM's own variable for the folder of the project.
fn dev_dependencies(document: Document<'_>, item: &Item, given: &Given<'_>, out: &mut Reading) {
    let table = item.as_table_like();
    let names: Vec<&str> = table.into_iter().flat_map(TableLike::iter).map(|(name, _)| name).collect();
    for name in names {
        let scope = Scope::Group(group_name(name));
        out.manifest.group(&group_name(name)).default = true;
        let items = document.toml.items(&["tool", "pdm", "dev-dependencies", name]);
        let lines = items.into_iter().map(|(item, line)| Foreign {
            line: local_paths(&item.text),
            shown: item.text,
            from: Provenance::new(document.file, line),
            comments: Comments { above: item.comments_above, trailing: item.comment_trailing },
        });
        read_foreign(given.tree, given.options, &scope, lines.collect(), out);
    }
}

/// `file:///${PROJECT_ROOT}/x` is `./x`.
fn local_paths(text: &str) -> String {
    let Some((before, after)) = text.split_once("file:///${PROJECT_ROOT}") else { return text.to_owned() };
    let after = after.trim_start_matches('/');
    // What a fragment says, the folder says too.
    let path = after.split_once('#').map_or(after, |(path, _)| path);
    let (path, marker) = path.split_once(';').map_or((path, None), |(path, marker)| (path, Some(marker)));
    let path = if path.trim().is_empty() { ".".to_owned() } else { format!("./{}", path.trim()) };
    let marker = marker.map(|marker| format!(" ; {}", marker.trim())).unwrap_or_default();
    match before.trim().strip_suffix('@') {
        Some(named) => {
            let extras =
                named.split_once('[').map(|(_, rest)| format!("[{}", rest.trim())).unwrap_or_default();
            format!("{path}{extras}{marker}")
        }
        None => format!("{before}{path}{marker}"),
    }
}

/// `[tool.pdm.resolution]`.
fn resolution(document: Document<'_>, item: &Item, out: &mut Reading) {
    for (key, item) in item.as_table_like().into_iter().flat_map(TableLike::iter) {
        let path = ["tool", "pdm", "resolution", key];
        let (from, text) = (document.from(&path), document.written(&path));
        match key {
            "overrides" => overrides(document, &path, out),
            "allow-prereleases" => prereleases(item, from, &text, out),
            "excludes" => {
                let names: Vec<String> =
                    document.toml.items(&path).into_iter().map(|(item, _)| item.text).collect();
                carry(out, from.clone(), &text, "tool.uv.exclude-dependencies");
                let value = uvshift_pyproject::Value::strings(names);
                out.manifest.set(&["tool", "uv"], "exclude-dependencies", value, &from);
            }
            "respect-source-order" => carry(out, from, &text, "tool.uv.index-strategy, or uv's own order"),
            _ => {
                let advice = "remove the key, or set what uv has for it in [tool.uv]";
                refuse(out, from, &text, "uvshift does not know what it changes", advice);
            }
        }
    }
}

fn prereleases(item: &Item, from: Provenance, text: &str, out: &mut Reading) {
    if item.as_bool() == Some(true) {
        out.manifest.uv.prerelease = true;
        carry(out, from, text, "tool.uv.prerelease");
    } else {
        leave_out(out, from, text, "uv takes none unless it is told to");
    }
}

/// A name with a version, a range or a URL that takes the place of what others ask for.
fn overrides(document: Document<'_>, path: &[&str], out: &mut Reading) {
    let table = document.toml.get(path).and_then(Item::as_table_like);
    let entries: Vec<(&str, Option<&str>)> =
        table.into_iter().flat_map(TableLike::iter).map(|(name, item)| (name, item.as_str())).collect();
    for (name, value) in entries {
        let path: Vec<&str> = path.iter().copied().chain([name]).collect();
        let (from, text) = (document.from(&path), document.written(&path));
        let Some(value) = value.map(str::trim).filter(|value| !value.is_empty()) else {
            refuse(out, from, &text, "it is no version and no URL", "write a version such as \"1.0\"");
            continue;
        };
        let written = match value {
            "*" => name.to_owned(),
            url if url.contains("://") => format!("{name} @ {url}"),
            range if range.starts_with(['<', '>', '=', '!', '~']) => format!("{name}{range}"),
            version => format!("{name}=={version}"),
        };
        if crate::redacted(&written) != written || written.contains("${") {
            refuse(out, from, &text, "the URL has credentials or variables", "write the URL without them");
            continue;
        }
        carry(out, from.clone(), &text, "tool.uv.override-dependencies");
        let name = uvshift_requirements::normalize_name(name);
        out.manifest.overrides.push(Dependency { text: written, name, comments: Comments::default(), from });
    }
}

/// Whether the project is installed itself.
fn distribution(item: &Item, from: Provenance, text: &str, out: &mut Reading) {
    let package = item.as_bool().or(match item.as_str() {
        Some("application") => Some(false),
        Some("library") => Some(true),
        _ => None,
    });
    match package {
        Some(package) => {
            out.is_package &= package;
            out.manifest.uv.package = Some(package);
            carry(out, from, text, "tool.uv.package");
        }
        None => refuse(out, from, text, "it is neither true nor false", "write true or false"),
    }
}

/// `[tool.pdm.workspace]`, from PDM 2.28 on.
fn workspace(document: Document<'_>, item: &Item, out: &mut Reading) {
    for (key, _) in item.as_table_like().into_iter().flat_map(TableLike::iter) {
        let path = ["tool", "pdm", "workspace", key];
        let (from, text) = (document.from(&path), document.written(&path));
        if key != "members" {
            refuse(out, from, &text, "uvshift does not know what it changes", "remove the key");
            continue;
        }
        let members: Vec<String> =
            document.toml.items(&path).into_iter().map(|(item, _)| item.text).collect();
        let why = "uv asks of each member that needs another to name it as `{ workspace = true }` in [tool.uv.sources]";
        change(out, from.clone(), &text, "tool.uv.workspace.members", why);
        let value = uvshift_pyproject::Value::strings(members);
        out.manifest.set(&["tool", "uv", "workspace"], "members", value, &from);
    }
}

/// What PDM keeps beside pyproject.toml.
fn own_files(given: &Given<'_>, out: &mut Reading) {
    for (file, what) in OWN_FILES.into_iter().filter(|(file, _)| given.tree.has(file)) {
        if file == ".pdm-python" {
            leave_out(out, Provenance::new(file, 1), file, "it names an interpreter of this machine");
        } else if let Some(toml) = open_toml(given.tree, file, out) {
            sources::of_own_file(Document { file, toml: &toml }, given, out);
        }
        out.old_files.push(OldFile { path: file.to_owned(), what: what.to_owned(), fate: Fate::Remove });
    }
}

#[cfg(test)]
mod tests;
