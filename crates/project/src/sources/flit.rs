//! Flit before PEP 621: `[tool.flit.metadata]` becomes `[project]`. Version and description stay what the module says.

mod entry_points;

use toml_edit::{Item, TableLike};
use uvshift_diagnostics::Diagnostic;
use uvshift_pyproject::{PyProject, Value};

use super::Given;
use super::entry::{Document, carry, change, leave_out, refuse};
use crate::convert::{Foreign, read_foreign};
use crate::{BuildSystem, Comments, Error, Provenance, Reading, Scope, codes};

const PYPROJECT: &str = "pyproject.toml";
const METADATA: [&str; 3] = ["tool", "flit", "metadata"];
/// Versions of the backend that read `[project]`.
const BACKEND: &str = "flit_core >=3.2,<4";

pub(super) fn detect(given: &Given<'_>) -> bool {
    given.pyproject.is_some_and(|toml| toml.get(&METADATA).is_some()) || given.tree.has("flit.ini")
}

#[expect(clippy::unnecessary_wraps, reason = "the table of sources wants it")]
pub(super) fn read(given: &Given<'_>, out: &mut Reading) -> Result<(), Error> {
    let Some(toml) = given.pyproject.filter(|toml| toml.get(&METADATA).is_some()) else {
        let found = Diagnostic::error(codes::M048, "flit.ini is a form that Flit gave up in 2018")
            .in_file("flit.ini", 1);
        out.diagnostics
            .push(found.with_help("turn it into pyproject.toml with `python -m flit.tomlify` of Flit 2"));
        return Ok(());
    };
    let document = Document { file: PYPROJECT, toml };
    if toml.has_project() {
        let line = toml.line_of(&METADATA);
        let message = "[tool.flit.metadata] stands beside [project], and Flit reads only one of them";
        let found = Diagnostic::error(codes::M048, message).in_file(PYPROJECT, line);
        out.diagnostics.push(found.with_help("remove the one that is out of date"));
        return Ok(());
    }
    out.is_package = true;
    out.lists_dependencies = true;
    let table = toml.get(&METADATA).and_then(Item::as_table_like);
    for (key, item) in table.into_iter().flat_map(TableLike::iter) {
        field(document, key, item, given, out);
    }
    names(document, out);
    people(document, out);
    for key in ["scripts", "entrypoints"] {
        entry_points::read(document, key, out);
        let path = ["tool", "flit", key];
        if toml.get(&path).is_some() {
            out.manifest.remove(&path, &document.from(&path));
        }
    }
    out.manifest.remove(&METADATA, &document.from(&METADATA));
    build_system(document, toml, out);
    Ok(())
}

/// One key of the metadata. Names and people, which belong together, come afterwards.
fn field(document: Document<'_>, key: &str, item: &Item, given: &Given<'_>, out: &mut Reading) {
    let path = [METADATA[0], METADATA[1], METADATA[2], key];
    let (from, text) = (document.from(&path), document.written(&path));
    match (key, item.as_str()) {
        ("module" | "dist-name" | "author" | "author-email" | "maintainer" | "maintainer-email", Some(_)) => {
        }
        ("home-page", Some(url)) => {
            carry(out, from.clone(), &text, "project.urls.Homepage");
            out.manifest.set(&["project", "urls"], "Homepage", url, &from);
        }
        ("requires-python", Some(range)) => {
            carry(out, from.clone(), &text, "project.requires-python");
            out.manifest.metadata.requires_python = Some(range.to_owned());
            out.manifest.metadata.python_from = Some(from);
        }
        ("description-file", Some(file)) => readme(file, &from, &text, out),
        ("license", Some(license)) => {
            carry(out, from.clone(), &text, "project.license");
            out.manifest.set(&["project"], "license", Value::table([("text", license)]), &from);
        }
        ("keywords", Some(words)) => {
            carry(out, from.clone(), &text, "project.keywords");
            let words = words.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
            out.manifest.set(&["project"], "keywords", Value::strings(words), &from);
        }
        ("entry-points-file", Some(file)) => entry_points::of_file(file, from, &text, given, out),
        ("classifiers" | "keywords", None) if item.is_array() => {
            carry(out, from.clone(), &text, format!("project.{key}"));
            let value = document.toml.value(&path).unwrap_or_else(|| Value::Array(Vec::new()));
            out.manifest.set(&["project"], key, value, &from);
        }
        ("requires", None) => requirements(document, &path, &Scope::Main, given, out),
        ("dev-requires", None) => requirements(document, &path, &Scope::Extra("dev".to_owned()), given, out),
        ("requires-extra", None) => {
            for (extra, _) in item.as_table_like().into_iter().flat_map(TableLike::iter) {
                let path = [METADATA[0], METADATA[1], METADATA[2], key, extra];
                requirements(document, &path, &Scope::Extra(extra.to_owned()), given, out);
            }
        }
        ("urls", None) => urls(document, item, out),
        _ => refuse(
            out,
            from,
            &text,
            "Flit does not know it either, or it has another type",
            "correct or remove the key",
        ),
    }
}

fn readme(file: &str, from: &Provenance, text: &str, out: &mut Reading) {
    carry(out, from.clone(), text, "project.readme");
    let known = [".md", ".rst", ".txt"].iter().any(|ending| file.to_ascii_lowercase().ends_with(ending));
    let value = if known {
        Value::from(file)
    } else {
        Value::table([("file", file), ("content-type", "text/plain")])
    };
    out.manifest.set(&["project"], "readme", value, from);
}

fn requirements(document: Document<'_>, path: &[&str], scope: &Scope, given: &Given<'_>, out: &mut Reading) {
    if let Scope::Extra(name) = scope {
        out.manifest.extra(name);
    }
    let lines = document.toml.items(path).into_iter().map(|(item, line)| Foreign {
        line: item.text.clone(),
        shown: item.text,
        from: Provenance::new(document.file, line),
        comments: Comments { above: item.comments_above, trailing: item.comment_trailing },
    });
    read_foreign(given.tree, given.options, scope, lines.collect(), out);
}

fn urls(document: Document<'_>, item: &Item, out: &mut Reading) {
    for (label, item) in item.as_table_like().into_iter().flat_map(TableLike::iter) {
        let path = [METADATA[0], METADATA[1], METADATA[2], "urls", label];
        let (from, text) = (document.from(&path), document.written(&path));
        let Some(url) = item.as_str() else {
            refuse(out, from, &text, "it is no URL", "write a URL in quotes");
            continue;
        };
        carry(out, from.clone(), &text, "project.urls");
        out.manifest.set(&["project", "urls"], label, url, &from);
    }
}

/// `module` is what is imported, `dist-name` what is installed; they are the same unless both are said.
fn names(document: Document<'_>, out: &mut Reading) {
    let value = |key: &str| document.toml.get(&["tool", "flit", "metadata", key]).and_then(Item::as_str);
    let path = |key: &'static str| [METADATA[0], METADATA[1], METADATA[2], key];
    let Some(module) = value("module").filter(|module| !module.is_empty()) else {
        let (from, text) = (document.from(&METADATA), document.written(&METADATA));
        return refuse(out, from, &text, "there is no `module`", "name the module that Flit packs");
    };
    let from = document.from(&path("module"));
    let text = document.written(&path("module"));
    let name = value("dist-name").unwrap_or(module);
    name.clone_into(&mut out.manifest.metadata.name);
    if name.replace('-', "_") == module {
        carry(out, from, &text, "project.name");
    } else {
        carry(out, from.clone(), &text, "tool.flit.module.name");
        out.manifest.set(&["tool", "flit", "module"], "name", module, &from);
    }
    if value("dist-name").is_some() {
        carry(out, document.from(&path("dist-name")), &document.written(&path("dist-name")), "project.name");
    }
    // The module says them: `__version__` and the first line of its docstring.
    out.manifest.metadata.dynamic.extend(["version".to_owned(), "description".to_owned()]);
}

fn people(document: Document<'_>, out: &mut Reading) {
    for (key, mail_key, field) in
        [("author", "author-email", "authors"), ("maintainer", "maintainer-email", "maintainers")]
    {
        let path = |key| [METADATA[0], METADATA[1], METADATA[2], key];
        let value = |key| document.toml.get(&path(key)).and_then(Item::as_str);
        let mut person: Vec<(&str, &str)> = Vec::new();
        for (key, part) in [(key, "name"), (mail_key, "email")] {
            let Some(text) = value(key) else { continue };
            let (from, shown) = (document.from(&path(key)), document.written(&path(key)));
            if text.trim().is_empty() {
                leave_out(out, from, &shown, "it says nothing");
                continue;
            }
            carry(out, from, &shown, format!("project.{field}"));
            person.push((part, text));
        }
        if !person.is_empty() {
            let from = document.from(&path(if value(key).is_some() { key } else { mail_key }));
            let value = Value::Array(vec![Value::table(person)]);
            out.manifest.set(&["project"], field, value, &from);
        }
    }
}

/// The backend stays Flit's, in a version that reads `[project]`.
fn build_system(document: Document<'_>, toml: &PyProject, out: &mut Reading) {
    let path = ["build-system", "requires"];
    let from = document.from(&path);
    let mut requires = vec![BACKEND.to_owned()];
    let is_flit = |text: &str| {
        let name: String =
            text.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
        matches!(uvshift_requirements::normalize_name(&name).as_str(), "flit" | "flit-core")
    };
    requires.extend(toml.build_requires().into_iter().map(|entry| entry.text).filter(|text| !is_flit(text)));
    let why = "the versions of flit_core that read [project]; they build the same from it";
    change(out, from.clone(), &document.written(&path), "build-system.requires", why);
    let backend = Some("flit_core.buildapi".to_owned());
    out.manifest.build = Some(BuildSystem { requires, backend, backend_path: Vec::new(), from });
}

#[cfg(test)]
mod tests;
