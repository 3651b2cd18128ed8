//! rye: `[tool.rye]`, requirements.lock and requirements-dev.lock.

use toml_edit::{Item, TableLike};
use uvshift_diagnostics::Diagnostic;
use uvshift_pyproject::{PyProject, Source, SourceKind, Value};
use uvshift_requirements::{Requirement, Target, normalize_name, parse};

use super::Given;
use super::entry::{Document, carry, change, leave_out, open, refuse};
use super::index::{OtherIndex, Use, add_index};
use super::tasks::carry_tasks;
use crate::convert::{Foreign, read_foreign, settle_indexes};
use crate::{
    AllowedHashes, Comments, Error, Fate, NamedSource, OldFile, Pin, Provenance, Reading, Scope, codes, local,
};

const PYPROJECT: &str = "pyproject.toml";
const LOCKS: [&str; 2] = ["requirements.lock", "requirements-dev.lock"];

pub(super) fn detect(given: &Given<'_>) -> bool {
    given.pyproject.is_some_and(|document| document.has_tool("rye"))
}

#[expect(clippy::unnecessary_wraps, reason = "the table of sources wants it")]
pub(super) fn read(given: &Given<'_>, out: &mut Reading) -> Result<(), Error> {
    let Some(toml) = given.pyproject else { return Ok(()) };
    let document = Document { file: PYPROJECT, toml };
    out.is_package = toml.has_build_system();
    out.lists_dependencies = toml.has_project_field("dependencies");
    let table = toml.tool("rye").and_then(Item::as_table_like);
    for (key, item) in table.into_iter().flat_map(TableLike::iter) {
        setting(document, key, item, given, out);
    }
    out.manifest.remove(&["tool", "rye"], &document.from(&["tool", "rye"]));
    for file in LOCKS.into_iter().filter(|file| given.tree.has(file)) {
        if let Some(text) = open(given.tree, file, out) {
            lock(file, &text, out);
            let what = "the lock of rye".to_owned();
            out.old_files.push(OldFile { path: file.to_owned(), what, fate: Fate::Remove });
        }
    }
    Ok(())
}

fn setting(document: Document<'_>, key: &str, item: &Item, given: &Given<'_>, out: &mut Reading) {
    let path = ["tool", "rye", key];
    let (from, text) = (document.from(&path), document.written(&path));
    match key {
        "dev-dependencies" => requirements(document, &path, given, out),
        "scripts" => carry_tasks(document, &path, "rye", out),
        "sources" => sources(document, item, given, out),
        "workspace" => workspace(document, item, given, out),
        "virtual" => {
            let package = item.as_bool() != Some(true);
            out.is_package &= package;
            out.manifest.uv.package = Some(package);
            carry(out, from, &text, "tool.uv.package");
        }
        "excluded-dependencies" => {
            let items = document.toml.items(&path);
            let names: Vec<String> = items.into_iter().map(|(item, _)| item.text).collect();
            carry(out, from.clone(), &text, "tool.uv.exclude-dependencies");
            out.manifest.set(&["tool", "uv"], "exclude-dependencies", Value::strings(names), &from);
        }
        "managed" | "universal" | "lock-with-sources" | "generate-hashes" => {
            leave_out(out, from, &text, "uv manages the project and locks for every platform, with hashes");
        }
        _ => {
            let advice = "remove the key, or set what uv has for it in [tool.uv]";
            refuse(out, from, &text, "uvshift does not know what it changes", advice);
        }
    }
}

fn requirements(document: Document<'_>, path: &[&str], given: &Given<'_>, out: &mut Reading) {
    let scope = Scope::Group("dev".to_owned());
    out.manifest.group("dev");
    let lines = document.toml.items(path).into_iter().map(|(item, line)| Foreign {
        line: item.text.replace("file:///${PROJECT_ROOT}/", "./"),
        shown: item.text,
        from: Provenance::new(document.file, line),
        comments: Comments { above: item.comments_above, trailing: item.comment_trailing },
    });
    read_foreign(given.tree, given.options, &scope, lines.collect(), out);
}

/// `[[tool.rye.sources]]`: the one called `default` replaces the public index.
fn sources(document: Document<'_>, item: &Item, given: &Given<'_>, out: &mut Reading) {
    let lines = document.toml.table_lines(&["tool", "rye", "sources"]);
    let tables: Vec<&dyn TableLike> = match item {
        Item::ArrayOfTables(tables) => tables.iter().map(|table| table as &dyn TableLike).collect(),
        item => {
            let values = item.as_array().into_iter().flatten();
            values.filter_map(|value| Some(value.as_inline_table()? as &dyn TableLike)).collect()
        }
    };
    for (at, table) in tables.into_iter().enumerate() {
        let from = Provenance::new(document.file, lines.get(at).copied().unwrap_or(1));
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        let name = text("name").unwrap_or("index");
        let shown = format!("source {name}");
        let Some(url) = text("url") else {
            refuse(out, from, &shown, "the source has no URL", "give it one, or remove it");
            continue;
        };
        let url = with_credentials(url, text("username"), text("password"));
        if text("type") == Some("find-links") {
            carry(out, from, &shown, "tool.uv.find-links");
            out.manifest.uv.find_links.push(uvshift_requirements::split_credentials(&url).0);
            continue;
        }
        let use_for = if name == "default" { Use::Default } else { Use::All };
        let verify = table.get("verify-ssl").and_then(Item::as_bool) != Some(false);
        add_index(OtherIndex { name, url: &url, use_for, verify, from, shown }, out);
    }
    settle_indexes(out, given.options.index_strategy);
}

/// User and password of keys of their own, where a URL has them.
fn with_credentials(url: &str, user: Option<&str>, password: Option<&str>) -> String {
    let (Some(user), Some((scheme, rest))) = (user, url.split_once("://")) else { return url.to_owned() };
    let password = password.map(|password| format!(":{password}")).unwrap_or_default();
    format!("{scheme}://{user}{password}@{rest}")
}

/// `[tool.rye.workspace]`: the members it names, or every project below the root.
fn workspace(document: Document<'_>, item: &Item, given: &Given<'_>, out: &mut Reading) {
    let path = ["tool", "rye", "workspace", "members"];
    let written: Vec<String> = document.toml.items(&path).into_iter().map(|(item, _)| item.text).collect();
    let folders = folders(given);
    let named = item.as_table_like().is_some_and(|table| table.contains_key("members"));
    let members: Vec<String> = if named { written } else { folders.clone() };
    let (from, text) = if named {
        (document.from(&path), document.written(&path))
    } else {
        (document.from(&path[..3]), document.written(&path[..3]))
    };
    if members.is_empty() {
        return leave_out(out, from, &text, "there are no members");
    }
    let why =
        "uv asks of each member that needs another to name it as `{ workspace = true }` in [tool.uv.sources]";
    change(out, from.clone(), &text, "tool.uv.workspace.members", why);
    out.manifest.set(&["tool", "uv", "workspace"], "members", Value::strings(members), &from);
    own_members(document.toml, &folders, given, &from, out);
    let message = "members that need each other have to say so in their own pyproject.toml";
    let found = Diagnostic::note(codes::M046, message).in_file(from.file, from.line);
    let help = "migrate the members too with `--workspace`, or add `NAME = { workspace = true }` to [tool.uv.sources] of \
                the member that needs NAME";
    out.diagnostics
        .push(found.with_uv("takes a package from the workspace only where it is told to").with_help(help));
}

/// Folders below the root with a pyproject.toml.
fn folders(given: &Given<'_>) -> Vec<String> {
    let files = given.tree.files().iter();
    files.filter_map(|file| file.strip_suffix("/pyproject.toml")).map(str::to_owned).collect()
}

/// Members that the root itself needs come from the workspace.
fn own_members(
    toml: &PyProject,
    folders: &[String],
    given: &Given<'_>,
    from: &Provenance,
    out: &mut Reading,
) {
    let names: Vec<String> = folders
        .iter()
        .filter_map(|folder| local::name_of_folder(given.tree, folder))
        .map(|name| normalize_name(&name))
        .collect();
    let needed = toml.dependencies().into_iter().map(|entry| entry.text);
    let needed = needed.chain(out.manifest.all().map(|(_, found)| found.text.clone()));
    let mut needed: Vec<String> = needed.filter_map(|text| first(&text)?.normalized_name()).collect();
    needed.sort_unstable();
    needed.dedup();
    for name in needed.into_iter().filter(|name| names.contains(name)) {
        let (source, scope) = (Source::new(SourceKind::Workspace), Scope::Main);
        out.manifest.sources.push(NamedSource { name, source, scope, from: from.clone() });
    }
}

fn first(text: &str) -> Option<Requirement> {
    let document = parse(text);
    document.requirements().next().map(|(_, found)| found.clone())
}

/// A lock of rye is a requirements file with every package pinned, and the projects of the workspace as editable paths.
fn lock(file: &str, text: &str, out: &mut Reading) {
    let document = parse(text);
    for (line, found) in document.requirements() {
        let from = Provenance::new(file, line.line());
        let (Some(name), Some(version), Target::Index) =
            (found.normalized_name(), found.pin(), found.target())
        else {
            leave_out(out, from, found.text(), "pyproject.toml says where it comes from");
            continue;
        };
        carry(out, from.clone(), found.text(), "uv.lock");
        let same = |pin: &Pin| pin.name == name && pin.version == version;
        if !out.manifest.pins.iter().any(same) {
            let marker = found.marker().map(str::to_owned);
            let (name, version) = (name.clone(), version.to_owned());
            out.manifest.pins.push(Pin { name, version, marker, from: from.clone() });
        }
        let hashes: Vec<String> = found
            .hashes()
            .iter()
            .map(|hash| format!("{}:{}", hash.algorithm.as_str(), hash.digest))
            .collect();
        if !hashes.is_empty() {
            let version = Some(version.to_owned());
            out.manifest.hashes.push(AllowedHashes { name, version, hashes, from });
        }
    }
}

#[cfg(test)]
mod tests;
