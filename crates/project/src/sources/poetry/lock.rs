//! Pins from `poetry.lock`, as far as it is in date.

use std::collections::BTreeMap;

use pep440_rs::Version;
use uvshift_diagnostics::Diagnostic;
use uvshift_lockfile::{Lock, Package, parse_poetry};
use uvshift_pyproject::Value;
use uvshift_requirements::normalize_name;

use super::Reader;
use super::constraint::Constraint;
use super::value::{get, pairs, text};
use crate::{Fate, OldFile, Outcome, Pin, Provenance, Reading, codes};

const LOCK: &str = "poetry.lock";

/// The lock, if there is one; one that cannot be read stops the migration.
pub(super) fn read(given: &crate::sources::Given<'_>, out: &mut Reading) -> Option<Lock> {
    if !given.tree.has(LOCK) {
        return None;
    }
    let fail = |out: &mut Reading, message: String, line: usize| {
        let found = Diagnostic::error(codes::M032, message).in_file(LOCK, line);
        out.diagnostics.push(found.with_help("make it again with `poetry lock`, or remove it"));
    };
    let Some(text) = given.tree.read(LOCK).ok().and_then(|bytes| String::from_utf8(bytes).ok()) else {
        fail(out, "poetry.lock is no text in UTF-8".to_owned(), 1);
        return None;
    };
    match parse_poetry(&text) {
        Ok(lock) => Some(lock),
        Err(error) => {
            let message = error.to_string();
            let line = message.split(':').nth(1).and_then(|line| line.parse().ok()).unwrap_or(1);
            fail(out, message, line);
            None
        }
    }
}

impl Reader<'_> {
    pub(super) fn pins(&mut self) {
        let Some(lock) = self.facts.lock.take() else { return };
        let stale = self.stale(&lock);
        let mut entries: BTreeMap<&str, Vec<&Package>> = BTreeMap::new();
        for package in lock.packages.iter().filter(|package| package.from_index()) {
            entries.entry(&package.name).or_default().push(package);
        }
        let mut pinned = 0;
        for (name, packages) in entries {
            if stale.contains_key(name) {
                continue;
            }
            if packages.len() > 1 && packages.iter().any(|package| package.marker.is_none()) {
                self.without_markers(name, &packages);
                continue;
            }
            for package in &packages {
                let Some(version) = &package.version else { continue };
                pinned += 1;
                self.out.manifest.pins.push(Pin {
                    name: name.to_owned(),
                    version: version.clone(),
                    marker: package.marker.clone().filter(|_| packages.len() > 1),
                    from: Provenance::new(LOCK, package.line),
                });
            }
        }
        let text = format!("{pinned} of {} packages", lock.packages.len());
        self.out.ledger.add(Provenance::new(LOCK, 1), text, Outcome::Carried { to: "uv.lock".to_owned() });
        for (name, (line, why)) in stale {
            let from = Provenance::new(LOCK, line);
            self.out.ledger.add(from, name, Outcome::Dropped { why });
        }
        self.out.old_files.push(OldFile {
            path: LOCK.to_owned(),
            what: "the lock of Poetry".to_owned(),
            fate: Fate::Remove,
        });
    }

    fn without_markers(&mut self, name: &str, packages: &[&Package]) {
        let versions: Vec<&str> = packages.iter().filter_map(|package| package.version.as_deref()).collect();
        let message = format!("the lock has {} {} and not what each is for", name, versions.join(" and "));
        let line = packages.first().map_or(1, |package| package.line);
        let found = Diagnostic::note(codes::M033, message).in_file(LOCK, line);
        self.out
            .diagnostics
            .push(found.with_help("uv chooses the versions; `poetry lock` of Poetry 2 writes markers"));
        let why = "it does not say which version is for which environment".to_owned();
        self.out.ledger.add(Provenance::new(LOCK, line), name, Outcome::Dropped { why });
    }

    /// Direct dependencies that the lock does not have as pyproject.toml wants them, with a line of the lock and a reason.
    fn stale(&mut self, lock: &Lock) -> BTreeMap<String, (usize, String)> {
        let mut stale = BTreeMap::new();
        for (name, constraint, from) in self.direct() {
            let packages = lock.versions(&name);
            let Ok(parsed) = Constraint::parse(&constraint) else { continue };
            let allowed = |package: &Package| {
                let version = package.version.as_ref().and_then(|version| version.parse::<Version>().ok());
                !package.from_index() || version.is_none_or(|version| parsed.allows(&version).unwrap_or(true))
            };
            if packages.is_empty() || packages.iter().any(allowed) {
                continue;
            }
            let line = packages[0].line;
            let version = packages[0].version.clone().unwrap_or_default();
            let message =
                format!("poetry.lock has {name} {version}, and pyproject.toml wants `{constraint}`");
            let found = Diagnostic::warning(codes::M030, message).in_file(LOCK, line);
            self.out
                .diagnostics
                .push(found.with_help("run `poetry lock` first to keep the versions that you want"));
            stale.insert(name, (line, format!("{from} wants `{constraint}`")));
        }
        stale
    }

    /// Every direct dependency with one constraint: normalised name, constraint, place.
    fn direct(&self) -> Vec<(String, String, Provenance)> {
        let mut tables =
            vec![vec!["tool", "poetry", "dependencies"], vec!["tool", "poetry", "dev-dependencies"]];
        let groups = self.keys(&["tool", "poetry", "group"]);
        tables.extend(
            groups.iter().map(|group| vec!["tool", "poetry", "group", group.as_str(), "dependencies"]),
        );
        let mut found = Vec::new();
        for table in &tables {
            let value = self.document.value(table);
            for (name, value) in value.as_ref().and_then(pairs).unwrap_or_default() {
                let constraint = match value {
                    Value::Array(_) => None,
                    value => text(value).or_else(|| get(value, "version").and_then(text)),
                };
                if let Some(constraint) = constraint.filter(|_| !name.eq_ignore_ascii_case("python")) {
                    let path: Vec<&str> = table.iter().copied().chain([name.as_str()]).collect();
                    found.push((normalize_name(name), constraint.to_owned(), self.at(&path)));
                }
            }
        }
        found
    }
}
