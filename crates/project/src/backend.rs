//! Another build backend: what the old one packs, said in the words of the new one.
//!
//! The files that the old backend would pack are worked out from its rules and the tree, so that whatever its rules and
//! those of the new one do not have in common can be named file by file.

mod contents;
mod dynamic;
mod flit;
mod glob;
mod hatchling;
mod licence;
mod pdm;
mod poetry;
mod setuptools;
mod uv_build;

#[cfg(test)]
mod tests;

use uvshift_diagnostics::{Code, Diagnostic};
use uvshift_pyproject::{PyProject, Value};
use uvshift_requirements::{normalize_name, parse};

use crate::{
    BuildBackend, BuildSystem, Error, Fate, OldFile, Outcome, Provenance, Reading, Tree, codes, write,
};
use contents::Contents;

const FILE: &str = "pyproject.toml";

/// Why a project keeps its build backend.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stay {
    code: Code,
    why: String,
}

impl Stay {
    fn new(code: Code, why: impl Into<String>) -> Self {
        Self { code, why: why.into() }
    }
}

/// A project as the old backend sees it.
struct Packed<'a> {
    tree: &'a Tree,
    /// pyproject.toml as it will be if the backend stays.
    document: &'a PyProject,
}

/// A build backend that can be left.
struct Old {
    /// What it is called as a distribution.
    distribution: &'static str,
    /// Values of `build-backend`.
    modules: &'static [&'static str],
    /// Tables of pyproject.toml that only it reads.
    tables: &'static [&'static [&'static str]],
    contents: fn(&Packed<'_>) -> Result<Contents, Stay>,
}

const OLD: [Old; 4] = [
    Old {
        distribution: "poetry-core",
        modules: &["poetry.core.masonry.api"],
        tables: &[&["tool", "poetry"]],
        contents: poetry::contents,
    },
    Old {
        distribution: "pdm-backend",
        modules: &["pdm.backend"],
        tables: &[&["tool", "pdm", "build"], &["tool", "pdm", "version"]],
        contents: pdm::contents,
    },
    Old {
        distribution: "flit-core",
        modules: &["flit_core.buildapi"],
        tables: &[&["tool", "flit"]],
        contents: flit::contents,
    },
    Old {
        distribution: "setuptools",
        modules: &["setuptools.build_meta"],
        tables: &[&["tool", "setuptools"]],
        contents: setuptools::contents,
    },
];

/// Gives a project that has been read another build backend, if that is asked for and possible. If it is not possible, the
/// backend stays, with a diagnostic that says why.
///
/// `existing` is pyproject.toml as it is.
pub fn convert_backend(
    tree: &Tree,
    existing: Option<&PyProject>,
    wanted: BuildBackend,
    reading: &mut Reading,
) -> Result<(), Error> {
    if wanted == BuildBackend::Keep {
        return Ok(());
    }
    let document = write(&reading.manifest, existing)?;
    let current = document.build_backend();
    if !document.has_build_system() || current == Some(new_module(wanted)) {
        return Ok(());
    }
    let line = existing.map_or(1, |existing| existing.line_of(&["build-system"]));
    let from = Provenance::new(FILE, line);
    // A setup.py whose content stands in pyproject.toml now is not run any more.
    let goes =
        |file: &OldFile| file.path == "setup.py" && !matches!(file.fate, Fate::Keep(_) | Fate::Edit(_));
    let mut visible = tree.clone();
    if reading.old_files.iter().any(goes) {
        visible.lay_over("setup.py", None);
    }
    if let Err(Stay { code, why }) = convert(&visible, existing, &document, wanted, reading, &from) {
        let message = format!("the build backend stays: {why}");
        let help = "convert it by hand, or leave it: uv builds with any backend";
        reading.diagnostics.push(Diagnostic::warning(code, message).in_file(FILE, line).with_help(help));
    }
    Ok(())
}

const fn new_module(wanted: BuildBackend) -> &'static str {
    match wanted {
        BuildBackend::Keep => "",
        BuildBackend::Hatchling => "hatchling.build",
        BuildBackend::UvBuild => "uv_build",
    }
}

fn convert(
    tree: &Tree,
    existing: Option<&PyProject>,
    document: &PyProject,
    wanted: BuildBackend,
    reading: &mut Reading,
    from: &Provenance,
) -> Result<(), Stay> {
    let current = document.build_backend().unwrap_or_default();
    let old = OLD.iter().find(|old| old.modules.contains(&current));
    let old = old.ok_or_else(|| Stay::new(codes::M070, format!("`{current}` cannot be converted")))?;
    only_the_backend(document, old)?;
    let packed = Packed { tree, document };
    let contents = (old.contents)(&packed)?;
    let fields = dynamic::fields(&packed, old.distribution, wanted)?;
    let settings = match wanted {
        BuildBackend::UvBuild => uv_build::settings(&packed, &contents)?,
        _ => hatchling::settings(&packed, &contents),
    };
    leave(old, existing, wanted, reading, from);
    let manifest = &mut reading.manifest;
    if uv_build::replaces_licence(&packed, &settings) {
        manifest.settings.retain(|setting| !setting.path().starts_with(&["project", "license"]));
        manifest.remove(&["project", "license"], from);
    }
    fields.apply(document, manifest, from);
    for (table, key, value) in settings {
        let table: Vec<&str> = table.iter().map(String::as_str).collect();
        manifest.set(&table, &key, value, from);
    }
    let requires = match wanted {
        // The newest that the index had when this was written; uv itself builds for any of these versions.
        BuildBackend::UvBuild => "uv_build>=0.13.6,<0.14",
        _ => "hatchling",
    };
    manifest.build = Some(BuildSystem {
        requires: vec![requires.to_owned()],
        backend: Some(new_module(wanted).to_owned()),
        backend_path: Vec::new(),
        from: from.clone(),
    });
    Ok(())
}

/// A build that needs more than its backend does more than the backend's settings say.
fn only_the_backend(document: &PyProject, old: &Old) -> Result<(), Stay> {
    if document.get(&["build-system", "backend-path"]).is_some() {
        return Err(Stay::new(codes::M071, "the project has a build backend of its own"));
    }
    let name = |text: &str| {
        parse(text).requirements().next().and_then(|(_, requirement)| requirement.normalized_name())
    };
    for entry in document.build_requires() {
        let name = name(&entry.text).unwrap_or_else(|| normalize_name(&entry.text));
        if name != old.distribution && !(old.distribution == "setuptools" && name == "wheel") {
            return Err(Stay::new(codes::M071, format!("the build needs `{name}` as well")));
        }
    }
    Ok(())
}

/// Takes out what only the old backend reads, and tells the ledger so.
fn leave(
    old: &Old,
    existing: Option<&PyProject>,
    wanted: BuildBackend,
    reading: &mut Reading,
    from: &Provenance,
) {
    let (to, who) = match wanted {
        BuildBackend::UvBuild => ("tool.uv.build-backend", "uv_build"),
        _ => ("tool.hatch.build", "hatchling"),
    };
    let changed = || Outcome::Changed { to: to.to_owned(), why: format!("{who} builds the project now") };
    let Reading { manifest, ledger, .. } = reading;
    let is_old = |path: &[&str]| old.tables.iter().any(|table| path.starts_with(table));
    manifest.settings.retain(|setting| !is_old(&setting.path()));
    let prefixes: Vec<String> = old.tables.iter().map(|table| table.join(".")).collect();
    ledger.revise_all(|outcome| {
        if let Outcome::Carried { to } | Outcome::Changed { to, .. } = outcome
            && prefixes.iter().any(|prefix| to.starts_with(prefix.as_str()))
        {
            *outcome = changed();
        }
    });
    for table in old.tables {
        manifest.remove(table, from);
        let Some(existing) = existing else { continue };
        let Some(Value::Table(pairs)) = existing.value(table) else { continue };
        for (key, _) in pairs {
            let path: Vec<&str> = table.iter().copied().chain([key.as_str()]).collect();
            let line = existing.line_of(&path);
            if !ledger.has(FILE, line) {
                ledger.add(Provenance::new(FILE, line), path.join("."), changed());
            }
        }
    }
    if let Some(backend) = existing.and_then(PyProject::build_backend) {
        let text = format!("build-backend = {backend:?}");
        let why = "another build backend was asked for".to_owned();
        ledger.add(from.clone(), text, Outcome::Changed { to: "build-system".to_owned(), why });
    }
}
