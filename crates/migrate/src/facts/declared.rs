//! Which part of pyproject.toml brings a distribution, and what the lock has.

use std::collections::{BTreeMap, BTreeSet};

use toml_edit::Item;
use uvshift_lockfile::{EdgeScope, Lock, parse_uv};
use uvshift_project::Tree;
use uvshift_pyproject::{GroupEntry, PyProject};

use super::requirement;
use crate::Error;

/// What is declared. Names of distributions are normalised.
#[derive(Debug, Default)]
pub(super) struct Declared {
    pub(super) main: BTreeSet<String>,
    pub(super) groups: Vec<(String, BTreeSet<String>)>,
    pub(super) extras: Vec<(String, BTreeSet<String>)>,
    pub(super) default_groups: Vec<String>,
    /// Extras that are asked for, as in `celery[redis]`.
    pub(super) asked: BTreeMap<String, BTreeSet<String>>,
    pub(super) requirements: usize,
    pub(super) lock: Option<Lock>,
}

/// What has to be asked for to have a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bringer {
    /// Nothing: `uv sync` installs it.
    Default,
    /// A group.
    Group(String),
    /// An extra.
    Extra(String),
}

impl Declared {
    pub(super) fn read(tree: &Tree, document: &PyProject) -> Result<Self, Error> {
        let mut declared = Self::default();
        for entry in document.dependencies() {
            let name = declared.note(&entry.text);
            declared.main.insert(name);
        }
        for (extra, entries) in document.optional_dependencies() {
            let names = entries.iter().map(|entry| declared.note(&entry.text)).collect();
            declared.extras.push((extra, names));
        }
        let mut groups = document.dependency_groups();
        let old: Vec<_> = document.uv().dev_dependencies.into_iter().map(GroupEntry::Requirement).collect();
        match groups.iter_mut().find(|(name, _)| name == "dev") {
            Some((_, entries)) => entries.extend(old),
            None if old.is_empty() => {}
            None => groups.push(("dev".to_owned(), old)),
        }
        for (name, entries) in &groups {
            declared.requirements += entries.len();
            let all = requirements_of(&groups, name, &mut BTreeSet::new());
            let names = all.iter().map(|text| declared.note(text)).collect();
            declared.groups.push((name.clone(), names));
        }
        declared.requirements += declared.main.len();
        declared.requirements += declared.extras.iter().map(|(_, names)| names.len()).sum::<usize>();
        declared.default_groups = default_groups(document, &declared.groups);
        if let Some(text) = tree.text("uv.lock") {
            declared.lock = Some(parse_uv(&text).map_err(uvshift_project::Error::from)?);
        }
        Ok(declared)
    }

    /// Keeps the extras that a requirement asks for, and gives its name.
    fn note(&mut self, text: &str) -> String {
        let (name, extras) = requirement(text);
        self.asked.entry(name.clone()).or_default().extend(extras);
        name
    }

    /// What brings a distribution that is declared.
    pub(super) fn bringer(&self, name: &str) -> Option<Bringer> {
        let is_default = |group: &str| self.default_groups.iter().any(|known| known == group);
        let mut groups = self.groups.iter().filter(|(_, names)| names.contains(name));
        if self.main.contains(name) || groups.clone().any(|(group, _)| is_default(group)) {
            return Some(Bringer::Default);
        }
        if let Some((group, _)) = groups.next() {
            return Some(Bringer::Group(group.clone()));
        }
        let extra = self.extras.iter().find(|(_, names)| names.contains(name))?;
        Some(Bringer::Extra(extra.0.clone()))
    }

    /// Whether the application itself needs a distribution: it is a dependency of `[project]` or of an extra.
    pub(super) fn is_used(&self, name: &str) -> bool {
        self.main.contains(name) || self.extras.iter().any(|(_, names)| names.contains(name))
    }

    /// Whether an extra of a distribution is asked for.
    pub(super) fn asks(&self, name: &str, extra: &str) -> bool {
        self.asked.get(name).is_some_and(|extras| extras.contains(extra))
    }

    /// The groups that are for production by their name, such as what `requirements/production.txt` becomes.
    pub(super) fn production(&self) -> impl Iterator<Item = &(String, BTreeSet<String>)> {
        self.groups.iter().filter(|(name, _)| matches!(name.as_str(), "prod" | "production"))
    }

    /// What is asked for in production: the dependencies of `[project]`, and groups for production.
    pub(super) fn is_asked_in_production(&self, name: &str) -> bool {
        self.main.contains(name) || self.production().any(|(_, names)| names.contains(name))
    }

    /// Whether the environment of production has a distribution: by the edges of the lock, else by what is declared.
    pub(super) fn is_at_runtime(&self, name: &str) -> bool {
        let Some(lock) = &self.lock else { return self.is_asked_in_production(name) };
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let in_groups = self.production().flat_map(|(_, names)| names);
        let mut next: Vec<&str> = self.main.iter().chain(in_groups).map(String::as_str).collect();
        while let Some(found) = next.pop() {
            if found == name {
                return true;
            }
            if !seen.insert(found) {
                continue;
            }
            let asked = self.asked.get(found);
            for edge in lock.versions(found).iter().flat_map(|package| &package.dependencies) {
                let is_on = match &edge.scope {
                    EdgeScope::Main => true,
                    EdgeScope::Extra(extra) => asked.is_some_and(|asked| asked.contains(extra)),
                    EdgeScope::Group(_) => false,
                };
                if is_on {
                    next.push(&edge.name);
                }
            }
        }
        false
    }

    /// Whether the environment has a distribution, declared or as a dependency of another one.
    pub(super) fn has(&self, name: &str) -> bool {
        self.bringer(name).is_some() || self.lock.as_ref().is_some_and(|lock| !lock.versions(name).is_empty())
    }

    /// The version in the lock; empty without one.
    pub(super) fn version(&self, name: &str) -> String {
        let package = self.lock.as_ref().and_then(|lock| lock.versions(name).first());
        package.and_then(|package| package.version.clone()).unwrap_or_default()
    }
}

fn default_groups(document: &PyProject, groups: &[(String, BTreeSet<String>)]) -> Vec<String> {
    let all = groups.iter().map(|(name, _)| name.clone());
    match document.get(&["tool", "uv", "default-groups"]) {
        Some(item) if item.as_str() == Some("all") => all.collect(),
        Some(item) => {
            let named = item.as_array().into_iter().flatten();
            named.filter_map(|value| value.as_str().map(str::to_owned)).collect()
        }
        None => all.filter(|name| name == "dev").collect(),
    }
}

/// The requirements of a group and of those that it includes.
fn requirements_of<'a>(
    groups: &'a [(String, Vec<GroupEntry>)],
    name: &'a str,
    seen: &mut BTreeSet<&'a str>,
) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut next = vec![name];
    while let Some(name) = next.pop() {
        if !seen.insert(name) {
            continue;
        }
        for entry in groups.iter().filter(|(group, _)| group == name).flat_map(|(_, entries)| entries) {
            match entry {
                GroupEntry::Requirement(entry) => found.push(entry.text.as_str()),
                GroupEntry::Include { group, .. } => next.push(group),
            }
        }
    }
    found
}

/// The strings of an array.
pub(super) fn strings(item: Option<&Item>) -> Vec<String> {
    let values = item.and_then(Item::as_array).into_iter().flatten();
    values.filter_map(|value| value.as_str().map(str::to_owned)).collect()
}
