//! `[build-system]`: what it takes to build the project.

use std::str::FromStr;

use pep440_rs::{Operator, Version, VersionSpecifiers};
use uvshift_diagnostics::Diagnostic;
use uvshift_requirements::{normalize_name, parse};

use super::license::EXPRESSIONS_SINCE;
use super::migration::Migration;
use super::script;
use crate::{BuildSystem, Outcome, Provenance, codes};
use uvshift_pyproject::{PyProject, Value};

/// The first setuptools that reads `[project]`.
const PROJECT_SINCE: &str = "61";
/// The backend that has the folder of the project on the path of modules, as an old `setup.py` has.
const LEGACY: &str = "setuptools.build_meta:__legacy__";

impl Migration<'_> {
    pub(super) fn build_system(&mut self) {
        let existing = self.given.pyproject.filter(|pyproject| pyproject.has_build_system());
        let entries = existing.map(PyProject::build_requires).unwrap_or_default();
        let from = match (entries.first(), self.script.is_some()) {
            (Some(entry), _) => Provenance::new("pyproject.toml", entry.line),
            (None, true) => Provenance::new(script::PATH, 1),
            (None, false) => Provenance::new(super::config::PATH, 1),
        };
        let mut requires: Vec<String> = entries.iter().map(|entry| entry.text.clone()).collect();
        for text in std::mem::take(&mut self.setup_requires) {
            add(&mut requires, text);
        }
        let since = if self.has_expression() { EXPRESSIONS_SINCE } else { PROJECT_SINCE };
        self.raise_setuptools(&mut requires, since, &from);
        let (backend, backend_path) = match existing {
            Some(pyproject) => (pyproject.build_backend().map(str::to_owned), Vec::new()),
            None => (Some(self.backend()), Vec::new()),
        };
        self.out.manifest.build = Some(BuildSystem { requires, backend, backend_path, from });
    }

    fn has_expression(&self) -> bool {
        let license = |setting: &&crate::Setting| setting.table == ["project"] && setting.key == "license";
        self.out
            .manifest
            .settings
            .iter()
            .find(license)
            .is_some_and(|setting| matches!(setting.value, Value::String(_)))
    }

    /// A setup.py that stays and imports a module beside it needs the folder of the project on the path.
    fn backend(&mut self) -> String {
        let imports = self.script.iter().flat_map(|script| &script.imports);
        let module = imports
            .map(|(name, line)| (name.split('.').next().unwrap_or(name).to_owned(), *line))
            .find(|(name, _)| self.is_beside(name));
        match module {
            Some((module, line)) if self.script_stays() => {
                let message =
                    format!("setup.py imports `{module}` from beside it, so the build backend is `{LEGACY}`");
                self.out.diagnostics.push(Diagnostic::note(codes::M028, message).in_file(script::PATH, line));
                LEGACY.to_owned()
            }
            _ => "setuptools.build_meta".to_owned(),
        }
    }

    fn is_beside(&self, module: &str) -> bool {
        let tree = self.given.tree;
        module != "setup" && (tree.has(&format!("{module}.py")) || tree.has(&format!("{module}/__init__.py")))
    }

    /// Lets no setuptools in that is too old for what pyproject.toml says now.
    fn raise_setuptools(&mut self, requires: &mut Vec<String>, since: &str, from: &Provenance) {
        let place = requires.iter().position(|text| name_of(text).as_deref() == Some("setuptools"));
        let Some(place) = place else {
            requires.insert(0, format!("setuptools>={since}"));
            return;
        };
        let old = requires[place].clone();
        match raised(&old, since) {
            Ok(None) => {}
            Ok(Some(new)) => {
                let why = format!("setuptools {since} is the first that reads this pyproject.toml");
                let outcome = Outcome::Changed { to: "build-system.requires".to_owned(), why };
                self.entry(from.clone(), old, outcome);
                requires[place] = new;
            }
            Err(()) => {
                let why = format!(
                    "setuptools {since} is the first that reads this pyproject.toml, and `{old}` keeps it out"
                );
                let advice =
                    "allow a newer setuptools, and see whether the project still builds with it".to_owned();
                let found = Diagnostic::error(codes::M027, why.clone()).in_file(&from.file, from.line);
                self.out.diagnostics.push(found.with_help(advice.clone()));
                self.entry(from.clone(), old, Outcome::Refused { why, advice });
            }
        }
    }

    /// What was installed before setup.py ran, which is now the business of the build frontend.
    pub(super) fn setup_requires(&mut self) {
        let Some(field) = self.take_told("setup_requires") else { return };
        let Some(lines) = self.lines(&field.value, &field.from) else {
            let why = field.value.unknown().unwrap_or_default();
            return self.stay(&field, why);
        };
        let lines = lines.iter().map(|line| crate::convert::with_marker(&line.text, line.marker.as_deref()));
        self.setup_requires.extend(lines);
        self.change(&field, "build-system.requires", "the build frontend installs it before setup.py runs");
    }
}

/// Adds what is not said yet; a bare name says nothing beside one with a version.
fn add(requires: &mut Vec<String>, text: String) {
    let bare = name_of(&text).as_deref() == Some(&normalize_name(&text));
    let known = requires.iter().any(|known| *known == text || (bare && name_of(known) == name_of(&text)));
    if !known {
        requires.push(text);
    }
}

fn name_of(text: &str) -> Option<String> {
    let document = parse(text);
    let (_, requirement) = document.requirements().next()?;
    requirement.name().map(normalize_name)
}

/// The requirement of setuptools with a lower bound that is high enough; nothing if it has one. An error if no
/// version is left.
fn raised(text: &str, since: &str) -> Result<Option<String>, ()> {
    let document = parse(text);
    let Some((_, requirement)) = document.requirements().next() else { return Ok(None) };
    let Ok(specifiers) = requirement.version_specifiers() else { return Ok(None) };
    let lowest: u64 = since.parse().unwrap_or(0);
    let holds = |specifiers: &VersionSpecifiers, major: u64| specifiers.contains(&Version::new([major, 99]));
    if !(0..lowest).any(|major| holds(&specifiers, major) || specifiers.contains(&Version::new([major]))) {
        return Ok(None);
    }
    if !(lowest..lowest + 100)
        .any(|major| holds(&specifiers, major) || specifiers.contains(&Version::new([major])))
    {
        return Err(());
    }
    let bounds = [Operator::GreaterThan, Operator::GreaterThanEqual];
    let kept = specifiers.iter().filter(|clause| !bounds.contains(clause.operator()));
    let new = VersionSpecifiers::from_str(&format!(">={since}")).map_err(|_| ())?;
    let clauses: Vec<String> =
        new.iter().chain(kept).map(|clause| clause.to_string().replace(' ', "")).collect();
    let plain = format!("{}{}", crate::convert::named(requirement), clauses.join(","));
    Ok(Some(crate::convert::with_marker(&plain, requirement.marker())))
}

#[cfg(test)]
mod tests {
    use super::raised;

    #[test]
    fn the_lower_bound_is_raised() {
        for (text, expected) in [
            ("setuptools", Ok(Some("setuptools>=61"))),
            ("setuptools>=40.8", Ok(Some("setuptools>=61"))),
            ("setuptools >= 40.8, != 65.*", Ok(Some("setuptools>=61,!=65.*"))),
            ("setuptools>=61", Ok(None)),
            ("setuptools>=64", Ok(None)),
            ("setuptools==65.0", Ok(None)),
            ("setuptools<60", Err(())),
            ("setuptools==58.0", Err(())),
            ("setuptools<81; os_name == 'nt'", Ok(Some("setuptools>=61,<81 ; os_name == 'nt'"))),
        ] {
            assert_eq!(raised(text, "61"), expected.map(|new| new.map(str::to_owned)), "{text}");
        }
    }
}
