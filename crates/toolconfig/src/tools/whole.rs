//! Files that are TOML already: their text goes into pyproject.toml as it is, below the tool's header.

use std::fmt::Write as _;

use toml_edit::{Item, TableLike};
use uvshift_diagnostics::Diagnostic;
use uvshift_pyproject::PyProject;

use crate::catalogue::Tool;
use crate::codes;
use crate::from_toml::table_of;
use crate::model::Place;
use crate::read::{Reading, Source, one_line, target};
use crate::report::{Outcome, Row};

pub(crate) fn read(source: &Source<'_>) -> Reading {
    let mut reading = Reading::default();
    if !source.file.ends_with("toml") {
        reading.stays = Some("only its TOML is moved, and this file comes before pyproject.toml".to_owned());
        return reading;
    }
    let text = source.text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let document = match PyProject::parse(&text) {
        Ok(document) => document,
        Err(error) => {
            reading.converted.diagnostics.push(unreadable(source, &error));
            return reading;
        }
    };
    let name = source.tool.table.first().map_or("", String::as_str);
    let spot = source.tool.spots.iter().find(|spot| spot.file == source.file);
    let below_header = spot.is_some_and(|spot| spot.sections.is_empty());
    let (text, path): (String, Vec<&str>) =
        if below_header { (with_headers(&text, name), vec![]) } else { (text, vec!["tool", name]) };
    if !below_header {
        reading.converted.diagnostics.extend(others(source.tool, source.file, &document));
    }
    let item = if below_header { Some(root(&document)) } else { document.tool(name).cloned() };
    let before = item.as_ref().map(table_of).unwrap_or_default();
    if let Some(table) = item.as_ref().and_then(Item::as_table_like) {
        let mut keys = Vec::new();
        rows(source, &document, &path, table, &mut keys, &mut reading.converted.rows);
    }
    let after = PyProject::parse(&text).ok().and_then(|document| document.tool(name).map(table_of));
    // Text that would be read in another way is written anew.
    reading.text = (after.as_ref() == Some(&before)).then_some(text);
    reading.converted.table = before;
    reading
}

fn root(document: &PyProject) -> Item {
    Item::Table(document.root().clone())
}

/// The text of a file that is a tool's table, with the names of its tables made longer.
fn with_headers(text: &str, name: &str) -> String {
    let mut out = format!("[tool.{name}]\n");
    for line in text.trim_start_matches('\n').split_inclusive('\n') {
        let (open, rest) = match line.strip_prefix("[[") {
            Some(rest) => ("[[", rest),
            None => ("[", line.strip_prefix('[').unwrap_or_default()),
        };
        if rest.contains(']') {
            let _ = write!(out, "{open}tool.{name}.{}", rest.trim_start());
        } else {
            out.push_str(line);
        }
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// What the file says of anything but the tool.
pub(super) fn others(tool: &Tool, file: &str, document: &PyProject) -> Vec<Diagnostic> {
    let name = tool.table.first().map_or("", String::as_str);
    let root = document.root().iter().map(|(key, _)| vec![key]).filter(|path| path[0] != "tool");
    let tools = document.tools().into_iter().filter(|other| *other != name).map(|other| vec!["tool", other]);
    let tell = |path: Vec<&str>| {
        let message = format!("`{}` in {} is nothing that {} reads", path.join("."), file, tool.name);
        Diagnostic::error(codes::MORE_IN_FILE, message)
            .in_file(file, document.line_of(&path))
            .with_help("move it to where it is read, or take it out; then run again")
    };
    root.chain(tools).map(tell).collect()
}

/// A row for each setting, also for those in tables below.
fn rows<'a>(
    source: &Source<'_>,
    document: &PyProject,
    path: &[&str],
    table: &'a dyn TableLike,
    keys: &mut Vec<&'a str>,
    out: &mut Vec<Row>,
) {
    for (key, item) in table.iter() {
        if let Item::Table(inner) = item {
            keys.push(key);
            rows(source, document, path, inner, keys, out);
            keys.pop();
            continue;
        }
        let full: Vec<&str> = path.iter().chain(keys.iter()).copied().chain([key]).collect();
        let from = Place::new(source.file, document.line_of(&full));
        let value = item.as_value().map(|value| one_line(&value.to_string())).unwrap_or_default();
        let setting = format!("{key} = {value}").trim_end_matches(" = ").to_owned();
        let to = Some(target(source.tool, keys, key));
        out.push(Row { tool: source.tool.name.clone(), from, setting, to, outcome: Outcome::Carried });
    }
}

fn unreadable(source: &Source<'_>, error: &uvshift_pyproject::Error) -> Diagnostic {
    let line = if let uvshift_pyproject::Error::Syntax { line, .. } = error { *line } else { 1 };
    Diagnostic::error(codes::UNREADABLE, error.to_string())
        .in_file(source.file, line)
        .with_help("correct the file at that place first")
}
