//! `[tool.poetry]` beside a `[project]` that lists dependencies itself: Poetry 2 only looks up there what they lack.

use uvshift_pyproject::{GroupEntry, Value};
use uvshift_requirements::{Requirement, normalize_name, parse};

use super::Reader;
use super::constraint::{Constraint, Problem};
use super::dependency::Declared;
use super::groups::Place;
use crate::meaning::difference;
use crate::names::normalized;
use crate::{Comments, Dependency, Scope};

impl Reader<'_> {
    /// Whether `[project]` has dependencies of its own, so that Poetry only looks up more about them here.
    pub(super) fn project_lists_dependencies(&self) -> bool {
        !self.document.dependencies().is_empty() || !self.document.optional_dependencies().is_empty()
    }

    /// Beside `requires-python`, Poetry locks for the Pythons that `python` allows.
    pub(super) fn python_beside(&mut self, path: &[&str], declared: &str, marker: &str) {
        let same = Constraint::parse(declared).and_then(|constraint| constraint.python_marker());
        let requirement = |marker: &str| {
            parse(&format!("a ; {marker}")).requirements().next().map(|(_, found)| found.clone())
        };
        let same = same.is_ok_and(|same| match (requirement(&same), requirement(marker)) {
            (Some(one), Some(other)) => difference(&one, &other).is_none(),
            _ => same == marker,
        });
        if same || marker.is_empty() {
            return self.drop_key(path, "[project] says the same in `requires-python`");
        }
        let from = self.at(path);
        self.out.manifest.set(&["tool", "uv"], "environments", Value::strings([marker]), &from);
        self.change(path, "tool.uv.environments", "which is what the lock is for; `requires-python` stays");
    }

    /// Whether a standard table lists the dependencies of this scope, so that those of Poetry only add to them.
    pub(super) fn is_enriched(&self, scope: &Scope) -> bool {
        match scope {
            Scope::Main | Scope::Extra(_) => self.project_lists_dependencies(),
            Scope::Group(name) => self
                .document
                .dependency_groups()
                .iter()
                .any(|(group, entries)| normalized(group) == *name && !entries.is_empty()),
        }
    }

    /// The requirements of a scope in the standard tables.
    fn standard(&self, scope: &Scope) -> Vec<Requirement> {
        let texts: Vec<String> = match scope {
            Scope::Main | Scope::Extra(_) => {
                let extras =
                    self.document.optional_dependencies().into_iter().flat_map(|(_, entries)| entries);
                self.document.dependencies().into_iter().chain(extras).map(|entry| entry.text).collect()
            }
            Scope::Group(name) => {
                let groups = self.document.dependency_groups().into_iter();
                let own = groups.filter(|(group, _)| normalized(group) == *name);
                let texts = own.flat_map(|(_, entries)| entries).filter_map(|entry| match entry {
                    GroupEntry::Requirement(entry) => Some(entry.text),
                    GroupEntry::Include { .. } => None,
                });
                texts.collect()
            }
        };
        texts
            .iter()
            .filter_map(|text| parse(text).requirements().next().map(|(_, found)| found.clone()))
            .collect()
    }

    /// What Poetry adds to a requirement of a standard table when it locks: a source, a narrower version.
    pub(super) fn enrich(&mut self, path: &[&str], name: &str, scope: &Scope, declared: &[Declared]) {
        let normal = normalize_name(name);
        let standard = self.standard(scope);
        let own: Vec<&Requirement> =
            standard.iter().filter(|found| found.normalized_name().as_deref() == Some(&normal)).collect();
        if own.is_empty() {
            return self.beside_the_standard(path, name, scope, declared);
        }
        let from = self.at(path);
        if declared.iter().any(|one| one.source.is_none() && one.marker.is_some()) && declared.len() == 1 {
            let problem = Problem::new(
                "Poetry locks it for fewer environments than [project] says",
                "write the marker into [project]",
            );
            return self.refuse(path, problem);
        }
        if let Err(problem) = self.add_sources(name, scope, declared, &from) {
            return self.refuse(path, problem);
        }
        self.prereleases(name, declared, &from);
        let mut to = Vec::new();
        if declared.iter().any(|one| one.source.is_some()) {
            to.push(format!("tool.uv.sources.{normal}"));
        }
        if declared.iter().any(|one| one.prereleases.is_some()) {
            to.push(format!("tool.uv.prerelease-package.{normal}"));
        }
        for declared in declared.iter().filter(|one| !one.specifiers.is_empty()) {
            let text = declared.marker.as_ref().map_or_else(
                || format!("{name}{}", declared.specifiers),
                |marker| format!("{name}{} ; {marker}", declared.specifiers),
            );
            if own.iter().any(|found| found.specifier().replace(' ', "") == declared.specifiers) {
                continue;
            }
            to.push("tool.uv.constraint-dependencies".to_owned());
            let dependency =
                Dependency { text, name: normal.clone(), comments: Comments::default(), from: from.clone() };
            self.out.manifest.constraints.push(dependency);
        }
        to.dedup();
        match to.as_slice() {
            [] => self.drop_key(path, "[project] says the same"),
            to => self.change(path, to.join(" and "), "[project] lists the dependency itself"),
        }
    }

    /// A dependency that only `[tool.poetry]` names beside a list in a standard table.
    fn beside_the_standard(&mut self, path: &[&str], name: &str, scope: &Scope, declared: &[Declared]) {
        let dynamic =
            ["dependencies", "optional-dependencies"].iter().any(|field| self.document.is_dynamic(field));
        let (main, extras) = (self.document.dependencies(), self.document.optional_dependencies());
        let optional = declared.iter().all(|declared| declared.optional);
        // poetry-core takes from [tool.poetry] the one kind of dependencies that [project] has none of.
        let counts = *scope == Scope::Main
            && dynamic
            && ((main.is_empty() && !optional) || (extras.is_empty() && optional));
        if !counts {
            let table = if *scope == Scope::Main { "project.dependencies" } else { "dependency-groups" };
            return self
                .drop_key(path, format!("Poetry reads {table} and looks up nothing that it does not list"));
        }
        let comments = self.comments_of(path);
        let place = Place { path, from: self.at(path), comments };
        self.place(place, name, scope, declared);
    }
}
