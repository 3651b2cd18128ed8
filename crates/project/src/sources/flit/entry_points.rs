//! `[tool.flit.scripts]`, `[tool.flit.entrypoints]`, and the file of entry points that came before them.

use toml_edit::{Item, TableLike};

use crate::sources::Given;
use crate::sources::entry::{Document, carry, open, refuse};
use crate::{Fate, OldFile, Provenance, Reading};

/// Reads one of the two tables.
pub(super) fn read(document: Document<'_>, key: &str, out: &mut Reading) {
    let path = vec!["tool", "flit", key];
    let Some(table) = document.toml.get(&path).and_then(Item::as_table_like) else { return };
    let group = if key == "scripts" { "console_scripts" } else { "" };
    group_of(document, &path, group, table, out);
}

/// Entry points of a group; tables within it are groups whose names are joined by dots.
fn group_of(document: Document<'_>, path: &[&str], group: &str, table: &dyn TableLike, out: &mut Reading) {
    for (name, item) in table.iter() {
        let path: Vec<&str> = path.iter().copied().chain([name]).collect();
        if let Some(within) = item.as_table_like() {
            let group = if group.is_empty() { name.to_owned() } else { format!("{group}.{name}") };
            group_of(document, &path, &group, within, out);
            continue;
        }
        let (from, text) = (document.from(&path), document.written(&path));
        match item.as_str().filter(|_| !group.is_empty()) {
            Some(target) => entry_point(group, name, target, &from, &text, out),
            None => refuse(
                out,
                from,
                &text,
                "it is no entry point",
                "write `NAME = \"MODULE:OBJECT\"` in a group",
            ),
        }
    }
}

fn entry_point(group: &str, name: &str, target: &str, from: &Provenance, text: &str, out: &mut Reading) {
    let table: Vec<&str> = match group {
        "console_scripts" => vec!["project", "scripts"],
        "gui_scripts" => vec!["project", "gui-scripts"],
        group => vec!["project", "entry-points", group],
    };
    carry(out, from.clone(), text, table.join("."));
    out.manifest.set(&table, name, target.trim(), from);
}

/// `entry-points-file`: an ini file with a section for each group.
pub(super) fn of_file(file: &str, from: Provenance, text: &str, given: &Given<'_>, out: &mut Reading) {
    if file.starts_with('/') || file.split(['/', '\\']).any(|part| part == "..") || !given.tree.has(file) {
        let advice = "put the file into the project, or write its entry points into [tool.flit.entrypoints]";
        return refuse(out, from, text, "the file is not in the project", advice);
    }
    let Some(contents) = open(given.tree, file, out) else { return };
    carry(out, from, text, "project.scripts and project.entry-points");
    let mut group = String::new();
    for (at, line) in contents.lines().enumerate() {
        let (from, line) = (Provenance::new(file, at + 1), line.trim());
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.trim().clone_into(&mut group);
        } else if let (Some((name, target)), false) = (line.split_once(['=', ':']), group.is_empty()) {
            entry_point(&group, name.trim(), target, &from, line, out);
        } else {
            refuse(out, from, line, "it is no entry point", "write `NAME = MODULE:OBJECT` below a `[GROUP]`");
        }
    }
    let what = "the entry points of Flit".to_owned();
    out.old_files.push(OldFile { path: file.to_owned(), what, fate: Fate::Remove });
}
