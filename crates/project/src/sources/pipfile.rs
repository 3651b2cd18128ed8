//! Pipfile and Pipfile.lock, as Pipenv 2026 reads them.

mod entry;
mod hash;

use toml_edit::{Item, TableLike};
use uvshift_diagnostics::Diagnostic;
use uvshift_lockfile::Lock;
use uvshift_pyproject::PyProject;

use super::Given;
use super::entry::{Document, carry, change, group_name, leave_out, open_toml, refuse};
use super::index::{OtherIndex, Use, add_index};
use super::pins::{open_lock, say_out_of_date, take_lock, wanted_of};
use super::tasks::carry_tasks;
use crate::convert::{read_foreign, settle_indexes};
use crate::{Error, Fate, OldFile, Provenance, Reading, Scope, codes};

const FILE: &str = "Pipfile";
const LOCK: &str = "Pipfile.lock";

/// Tables that are no category of packages.
const SECTIONS: [&str; 5] = ["source", "requires", "scripts", "pipfile", "pipenv"];

pub(super) fn detect(given: &Given<'_>) -> bool {
    given.tree.has(FILE) || given.tree.has(LOCK)
}

#[expect(clippy::unnecessary_wraps, reason = "the table of sources wants it")]
pub(super) fn read(given: &Given<'_>, out: &mut Reading) -> Result<(), Error> {
    if !given.tree.has(FILE) {
        let message = "there is a Pipfile.lock, and no Pipfile that says what was asked for";
        let found = Diagnostic::error(codes::M042, message).in_file(LOCK, 1);
        out.diagnostics
            .push(found.with_help("restore the Pipfile, or leave the lock out with `--ignore Pipfile.lock`"));
        return Ok(());
    }
    let Some(toml) = open_toml(given.tree, FILE, out) else { return Ok(()) };
    out.lists_dependencies = true;
    let indexes = sources(&toml, given, out);
    for (key, item) in toml.root() {
        match key {
            "source" | "pipfile" => {}
            "requires" => requires(&toml, out),
            "scripts" => carry_tasks(document(&toml), &["scripts"], "Pipenv", out),
            "pipenv" => settings(&toml, out),
            category => packages(category, item, &toml, &indexes, given, out),
        }
    }
    obsolete_settings(&toml, out);
    if given.tree.has(LOCK)
        && let Some(lock) = open_lock(given.tree, LOCK, out)
    {
        note_age(&toml, &lock, out);
        take_lock(LOCK, "the lock of Pipenv", &lock, &wanted_of(out), out);
    }
    out.old_files.push(OldFile { path: FILE.to_owned(), what: FILE.to_owned(), fate: Fate::Remove });
    Ok(())
}

fn document(toml: &PyProject) -> Document<'_> {
    Document { file: FILE, toml }
}

/// An index of the Pipfile, and its name in uv.
pub(super) struct Named {
    old: String,
    new: String,
    default: bool,
}

/// `[[source]]`: the first one is for every package, the others for those that name them, unless all are searched.
fn sources(toml: &PyProject, given: &Given<'_>, out: &mut Reading) -> Vec<Named> {
    let lines = toml.table_lines(&["source"]);
    let tables: Vec<&dyn TableLike> = match toml.get(&["source"]) {
        Some(Item::ArrayOfTables(tables)) => tables.iter().map(|table| table as &dyn TableLike).collect(),
        Some(item) => item
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|value| Some(value.as_inline_table()? as &dyn TableLike))
            .collect(),
        None => Vec::new(),
    };
    let flag = |key: &str| toml.get(&["pipenv", key]).and_then(Item::as_bool) == Some(true);
    let all = flag("install_search_all_sources") || flag("install_search_all_packages");
    let mut found: Vec<Named> = Vec::new();
    for (at, table) in tables.into_iter().enumerate() {
        let from = Provenance::new(FILE, lines.get(at).copied().unwrap_or(1));
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        let shown = format!("source {}", text("name").or(text("url")).unwrap_or_default());
        let Some(url) = text("url") else {
            refuse(out, from, &shown, "the source has no URL", "give it one, or remove it");
            continue;
        };
        let old = text("name").unwrap_or_default().to_owned();
        let default = at == 0;
        let use_for = match (default, all) {
            (true, _) => Use::Default,
            (false, true) => Use::All,
            (false, false) => Use::Named,
        };
        let verify = table.get("verify_ssl").and_then(Item::as_bool) != Some(false);
        let name = if old.is_empty() { "index" } else { &old };
        if let Some(new) = add_index(OtherIndex { name, url, use_for, verify, from, shown }, out) {
            found.push(Named { old, new, default });
        }
    }
    settle_indexes(out, given.options.index_strategy);
    found
}

/// `[packages]`, `[dev-packages]` and categories by any other name.
fn packages(
    category: &str,
    item: &Item,
    toml: &PyProject,
    indexes: &[Named],
    given: &Given<'_>,
    out: &mut Reading,
) {
    let document = document(toml);
    let Some(table) = item.as_table_like() else {
        let (from, text) = (document.from(&[category]), document.written(&[category]));
        return refuse(out, from, &text, "it is no table of packages", "make it a table, or remove it");
    };
    let scope = match category {
        "packages" => Scope::Main,
        "dev-packages" => Scope::Group("dev".to_owned()),
        category => Scope::Group(group_name(category)),
    };
    if let Scope::Group(name) = &scope {
        out.manifest.group(name);
    }
    for (name, value) in table.iter() {
        let place = entry::Place { document, category, name, scope: &scope };
        if let Some(foreign) = entry::requirement(&place, value, indexes, out) {
            read_foreign(given.tree, given.options, &scope, vec![foreign], out);
        }
    }
}

/// `[requires]`: Pipenv wants this one Python, a project has a range.
fn requires(toml: &PyProject, out: &mut Reading) {
    let document = document(toml);
    let keys =
        toml.get(&["requires"]).and_then(Item::as_table_like).into_iter().flat_map(|table| table.iter());
    for (key, item) in keys {
        let (from, text) = (document.from(&["requires", key]), document.written(&["requires", key]));
        let Some(version) =
            item.as_str().filter(|_| ["python_version", "python_full_version"].contains(&key))
        else {
            let advice = "remove the key; Pipenv knows python_version and python_full_version";
            refuse(out, from, &text, "uvshift does not know what it asks for", advice);
            continue;
        };
        let why = format!(
            "a lower bound, beside what else says which Pythons it supports; Pipenv wanted {version} and no other, as \
             `uv python pin {version}` does"
        );
        change(out, from, &text, "project.requires-python", why);
    }
}

/// `[pipenv]`: how Pipenv works.
fn settings(toml: &PyProject, out: &mut Reading) {
    let document = document(toml);
    let keys = toml.get(&["pipenv"]).and_then(Item::as_table_like).into_iter().flat_map(|table| table.iter());
    for (key, item) in keys {
        let (from, text) = (document.from(&["pipenv", key]), document.written(&["pipenv", key]));
        let set = item.as_bool() == Some(true);
        match key {
            "allow_prereleases" if set => {
                out.manifest.uv.prerelease = true;
                carry(out, from, &text, "tool.uv.prerelease");
            }
            "allow_prereleases" => leave_out(out, from, &text, "uv takes none unless it is told to"),
            "install_search_all_sources" | "install_search_all_packages" if set => {
                carry(out, from, &text, "tool.uv.index, in which every package is searched for");
            }
            "install_search_all_sources" | "install_search_all_packages" => {
                leave_out(out, from, &text, "the other indexes are for the packages that name them");
            }
            "use_pylock" | "pylock_name" => {
                leave_out(
                    out,
                    from,
                    &text,
                    "uv locks in uv.lock; `uv export --format pylock.toml` writes the other",
                );
            }
            _ => leave_out(out, from, &text, "it says how Pipenv works, and uv has its own ways"),
        }
    }
}

/// `[pipfile]`, which Pipenv gave up.
fn obsolete_settings(toml: &PyProject, out: &mut Reading) {
    let document = document(toml);
    let keys =
        toml.get(&["pipfile"]).and_then(Item::as_table_like).into_iter().flat_map(|table| table.iter());
    for (key, _) in keys {
        let (from, text) = (document.from(&["pipfile", key]), document.written(&["pipfile", key]));
        leave_out(out, from, &text, "Pipenv does not read it either");
    }
}

/// Whether the lock was made from this Pipfile, by the hash that it holds.
fn note_age(toml: &PyProject, lock: &Lock, out: &mut Reading) {
    let Some(recorded) = &lock.metadata.content_hash else { return };
    let hashes = hash::of(toml);
    if !hashes.is_empty() && !hashes.contains(recorded) {
        say_out_of_date(LOCK, "the Pipfile has changed since it was made", out);
    }
}

#[cfg(test)]
mod tests;
