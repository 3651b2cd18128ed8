//! Poetry 1 and 2: `[tool.poetry]` beside or without `[project]`, `poetry.lock`, `poetry.toml`.
//!
//! What a standard table has a place for goes there. What only poetry-core reads when it builds stays in `[tool.poetry]`.

mod build;
mod constraint;
mod dependency;
mod enrich;
mod groups;
mod indexes;
mod lock;
mod metadata;
mod settings;
mod value;

#[cfg(test)]
mod tests;

use uvshift_diagnostics::Diagnostic;
use uvshift_pyproject::PyProject;

use self::build::Core;
use self::constraint::Problem;
use self::value::shown;
use super::Given;
use crate::convert::scope_sources;
use crate::{Error, Outcome, Provenance, Reading, codes, redacted};

const FILE: &str = "pyproject.toml";

/// Whether Poetry manages the project.
pub(super) fn detect(given: &Given<'_>) -> bool {
    let Some(document) = given.pyproject else { return false };
    document.tool("poetry").is_some() || (document.has_project() && given.tree.has("poetry.lock"))
}

/// Reads it.
#[expect(clippy::unnecessary_wraps, reason = "every source has the same form, and some can fail")]
pub(super) fn read(given: &Given<'_>, out: &mut Reading) -> Result<(), Error> {
    let Some(document) = given.pyproject else { return Ok(()) };
    let lock = lock::read(given, out);
    let facts = Facts::of(given, document, lock);
    let mut reader = Reader {
        given,
        document,
        facts,
        moved_fields: Vec::new(),
        staying: Vec::new(),
        indexes: Vec::new(),
        out,
    };
    reader.all();
    Ok(())
}

/// What has to be known before the first key is read.
struct Facts {
    /// Which poetry-core builds the project, if one does.
    core: Option<Core>,
    /// Whether there is something to build.
    builds: bool,
    /// What `poetry.lock` holds.
    lock: Option<uvshift_lockfile::Lock>,
}

impl Facts {
    fn of(given: &Given<'_>, document: &PyProject, lock: Option<uvshift_lockfile::Lock>) -> Self {
        Self { core: Core::of(document), builds: build::builds(given, document), lock }
    }
}

struct Reader<'a> {
    given: &'a Given<'a>,
    document: &'a PyProject,
    facts: Facts,
    /// Fields of `[project]` that are written out and must not be called dynamic any more.
    moved_fields: Vec<&'static str>,
    /// Keys of `[tool.poetry]` that poetry-core goes on reading.
    staying: Vec<Vec<String>>,
    /// The indexes by the names that Poetry has for them, with those of uv.
    indexes: Vec<(String, Option<String>)>,
    out: &'a mut Reading,
}

impl Reader<'_> {
    fn all(&mut self) {
        self.out.lists_dependencies = true;
        self.out.is_package = self.facts.builds;
        match self.document.tool("poetry").map(|item| item.as_table_like().is_some()) {
            Some(true) => self.tool_poetry(),
            Some(false) => self.refuse(&["tool", "poetry"], metadata::wrong_type("a table")),
            None => {}
        }
        self.standard_groups();
        self.build_system();
        self.pins();
        self.poetry_toml();
        scope_sources(&mut self.out.manifest);
        self.dynamic_fields();
        self.tidy_up();
    }

    fn tool_poetry(&mut self) {
        let keys = self.keys(&["tool", "poetry"]);
        // Dependencies name indexes, whatever the order of the file.
        if keys.iter().any(|key| key == "source") {
            self.sources();
        }
        for key in &keys {
            self.key(key);
        }
    }

    fn key(&mut self, key: &str) {
        let path = ["tool", "poetry", key];
        match key {
            "name" | "version" | "description" | "license" | "authors" | "maintainers" | "readme"
            | "keywords" | "classifiers" | "homepage" | "repository" | "documentation" | "urls"
            | "scripts" | "plugins" => self.metadata(key),
            "dependencies" => self.main_dependencies(),
            "dev-dependencies" => self.group_dependencies("dev", &path),
            "group" => self.groups(),
            "extras" => self.extras(),
            "source" => {}
            "packages" | "include" | "exclude" | "build" => self.build_key(key),
            "package-mode" => self.package_mode(),
            "requires-poetry" => self.drop_key(&path, "Poetry is not needed any more"),
            "requires-plugins" => {
                self.drop_key(&path, "plugins extend Poetry itself, which is not needed any more");
            }
            _ => self.unknown_key(&path),
        }
    }

    fn unknown_key(&mut self, path: &[&str]) {
        let from = self.at(path);
        let message = format!("Poetry knows no key `{}`", path.join("."));
        let found = Diagnostic::warning(codes::M031, message).in_file(FILE, from.line);
        self.out.diagnostics.push(found.with_help("a plugin may have read it; look up what replaces it"));
        self.drop_key(path, "Poetry itself does not read it");
    }

    /// The keys of a table, in the order of the file.
    fn keys(&self, path: &[&str]) -> Vec<String> {
        let table = self.document.get(path).and_then(|item| item.as_table_like());
        table.into_iter().flat_map(|table| table.iter().map(|(key, _)| key.to_owned())).collect()
    }

    fn at(&self, path: &[&str]) -> Provenance {
        Provenance::new(FILE, self.document.line_of(path))
    }

    /// What stands at a path, for the ledger.
    fn text(&self, path: &[&str]) -> String {
        let key = path.strip_prefix(&["tool", "poetry"]).unwrap_or(path).join(".");
        match self.document.value(path) {
            Some(value) => redacted(&format!("{key} = {}", shown(&value))),
            None => key,
        }
    }

    fn note(&mut self, path: &[&str], outcome: Outcome) {
        self.out.ledger.add(self.at(path), self.text(path), outcome);
    }

    fn carry(&mut self, path: &[&str], to: impl Into<String>) {
        self.note(path, Outcome::Carried { to: to.into() });
    }

    fn change(&mut self, path: &[&str], to: impl Into<String>, why: impl Into<String>) {
        self.note(path, Outcome::Changed { to: to.into(), why: why.into() });
    }

    fn drop_key(&mut self, path: &[&str], why: impl Into<String>) {
        self.note(path, Outcome::Dropped { why: why.into() });
    }

    fn refuse(&mut self, path: &[&str], problem: Problem) {
        let Problem { why, advice } = problem;
        self.note(path, Outcome::Refused { why, advice });
    }

    /// What poetry-core goes on reading where it is.
    fn stay(&mut self, path: &[&str]) {
        self.staying.push(path.iter().map(|part| (*part).to_owned()).collect());
    }

    /// Takes the fields that are written out from `project.dynamic`.
    fn dynamic_fields(&mut self) {
        let dynamic = self.document.value(&["project", "dynamic"]);
        let Some(dynamic) = dynamic.as_ref().and_then(value::strings) else { return };
        let stays = |field: &String| !self.moved_fields.contains(&field.as_str());
        if dynamic.iter().all(stays) {
            return;
        }
        let path = ["project", "dynamic"];
        self.change(&path, "project.dynamic", "without what [project] says itself now");
        let from = self.at(&path);
        self.out.manifest.remove(&path, &from);
        let moved = &self.moved_fields;
        let rest = dynamic.into_iter().filter(|field| !moved.contains(&field.as_str()));
        self.out.manifest.metadata.dynamic.extend(rest);
    }

    /// Takes out of `[tool.poetry]` what stands elsewhere now.
    fn tidy_up(&mut self) {
        let root = ["tool", "poetry"];
        if self.document.tool("poetry").is_none() {
            return;
        }
        self.remove_below(&root);
    }

    fn remove_below(&mut self, path: &[&str]) {
        let is_below =
            |full: &Vec<String>| full.len() >= path.len() && full.iter().zip(path).all(|(a, b)| a == b);
        if !self.staying.iter().any(is_below) {
            let from = self.at(path);
            self.out.manifest.remove(path, &from);
            return;
        }
        if self.staying.iter().any(|full| full == path) {
            return;
        }
        for key in self.keys(path) {
            let deeper: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
            self.remove_below(&deeper);
        }
    }
}
