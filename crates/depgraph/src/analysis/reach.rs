//! What the declared dependencies bring in.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::AnalysisInput;
use crate::declared::name_of;

/// What is locked or installed, by normalised name.
pub(super) struct Resolved<'a> {
    requires: HashMap<&'a str, BTreeSet<String>>,
    versions: HashMap<&'a str, &'a str>,
    lines: HashMap<&'a str, usize>,
    /// What edges are from; none where nothing is known of them.
    pub(super) file: Option<String>,
    /// Whether the lock names packages without what needs them, as `Pipfile.lock` does.
    has_edges: bool,
}

impl<'a> Resolved<'a> {
    /// The lock, or else the environment.
    pub(super) fn of(input: &AnalysisInput<'a>) -> Self {
        let mut resolved = Self {
            requires: HashMap::new(),
            versions: HashMap::new(),
            lines: HashMap::new(),
            file: None,
            has_edges: true,
        };
        match (input.lock, input.environment) {
            (Some((lock, file)), _) => resolved.take_lock(lock, file),
            (None, Some(environment)) => resolved.take_environment(environment),
            (None, None) => {}
        }
        resolved
    }

    fn take_lock(&mut self, lock: &'a uvshift_lockfile::Lock, file: &str) {
        self.file = Some(file.to_owned());
        for package in &lock.packages {
            let requires = self.requires.entry(&package.name).or_default();
            requires.extend(package.dependencies.iter().map(|edge| edge.name.clone()));
            self.lines.entry(&package.name).or_insert(package.line);
            if let Some(version) = &package.version {
                self.versions.entry(&package.name).or_insert(version);
            }
        }
        self.has_edges = self.requires.values().any(|requires| !requires.is_empty());
    }

    fn take_environment(&mut self, environment: &'a uvshift_installed::Environment) {
        self.file = Some("the environment".to_owned());
        for distribution in &environment.distributions {
            let requires = self.requires.entry(&distribution.normalized_name).or_default();
            // An extra that nobody asked for brings nothing; what brings too much here only makes a note milder.
            let needed = distribution.requires.iter().filter(|text| !is_of_extra(text));
            requires.extend(needed.map(|text| name_of(text)));
            self.versions.entry(&distribution.normalized_name).or_insert(&distribution.version);
        }
    }

    /// Whether a distribution is locked or installed.
    pub(super) fn has(&self, name: &str) -> bool {
        self.requires.contains_key(name)
    }

    /// Whether it is known what needs what.
    pub(super) fn has_edges(&self) -> bool {
        self.file.is_some() && self.has_edges
    }

    /// The version that is locked or installed.
    pub(super) fn version(&self, name: &str) -> Option<&'a str> {
        self.versions.get(name).copied().filter(|version| !version.is_empty())
    }

    /// The line of the lock.
    pub(super) fn line(&self, name: &str) -> usize {
        self.lines.get(name).copied().unwrap_or_default()
    }

    /// What some distributions bring in besides themselves, each with those that need it.
    pub(super) fn brought_by<'n>(
        &self,
        names: impl Iterator<Item = &'n str>,
    ) -> BTreeMap<String, Vec<String>> {
        let mut brought: BTreeMap<String, Vec<String>> = BTreeMap::new();
        if !self.has_edges {
            return self.requires.keys().map(|name| ((*name).to_owned(), Vec::new())).collect();
        }
        let mut seen: BTreeSet<String> = names.map(str::to_owned).collect();
        let mut queue: VecDeque<String> = seen.iter().cloned().collect();
        while let Some(name) = queue.pop_front() {
            for needed in self.requires.get(name.as_str()).into_iter().flatten() {
                if *needed == name || !self.has(needed) {
                    continue;
                }
                brought.entry(needed.clone()).or_default().push(name.clone());
                if seen.insert(needed.clone()) {
                    queue.push_back(needed.clone());
                }
            }
        }
        brought
    }
}

/// Whether a requirement is only there for an extra.
fn is_of_extra(requirement: &str) -> bool {
    requirement.split_once(';').is_some_and(|(_, marker)| marker.contains("extra"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extra_stands_in_the_marker() {
        assert!(is_of_extra("six>=1; extra == 'old'"));
        assert!(!is_of_extra("django-extra-views>=1; python_version > '3'") && !is_of_extra("extras"));
    }
}
