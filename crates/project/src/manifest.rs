//! What a project needs, whatever files said it. Readers make it, one writer turns it into pyproject.toml.

use uvshift_pyproject::{Index, Scope, Source, Value};

use crate::Provenance;

/// Comments that belong to a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comments {
    /// Lines above, with their `#`.
    pub above: Vec<String>,
    /// On the line itself, with its `#`.
    pub trailing: Option<String>,
}

/// One requirement, without its URL, which is a [`Source`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The text for pyproject.toml: name, extras, specifier, marker, as the author wrote them.
    pub text: String,
    /// The normalised name (PEP 503).
    pub name: String,
    /// Its comments.
    pub comments: Comments,
    /// Where it stood.
    pub from: Provenance,
}

/// One item of a dependency group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupItem {
    /// A requirement.
    Dependency(Dependency),
    /// `{ include-group = "NAME" }`
    Include {
        /// The included group.
        group: String,
        /// Its comments.
        comments: Comments,
        /// Where it stood.
        from: Provenance,
    },
}

/// A dependency group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What is in it, in order.
    pub items: Vec<GroupItem>,
    /// Whether uv installs it unless told otherwise.
    pub default: bool,
}

/// A source of `[tool.uv.sources]` with the package it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSource {
    /// The normalised name.
    pub name: String,
    /// Where the package comes from.
    pub source: Source,
    /// The scope that asked for it.
    pub scope: Scope,
    /// Where it stood.
    pub from: Provenance,
}

/// `--no-binary` or `--only-binary`: for everything or for some packages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// `:all:`
    pub all: bool,
    /// Names, in order.
    pub packages: Vec<String>,
}

impl Selection {
    /// Takes a value of pip's option in: names with commas, `:all:`, or `:none:` which clears.
    pub fn take(&mut self, value: &str) {
        for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match name {
                ":all:" => *self = Self { all: true, packages: Vec::new() },
                ":none:" => *self = Self::default(),
                name if !self.packages.iter().any(|known| known == name) => {
                    self.packages.push(name.to_owned());
                }
                _ => {}
            }
        }
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        !self.all && self.packages.is_empty()
    }
}

/// Settings of `[tool.uv]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UvSettings {
    /// `package`, where it must be said.
    pub package: Option<bool>,
    /// `index-strategy`
    pub index_strategy: Option<String>,
    /// `find-links`
    pub find_links: Vec<String>,
    /// `no-index`
    pub no_index: bool,
    /// `prerelease = "allow"`
    pub prerelease: bool,
    /// `no-binary`, `no-binary-package`
    pub no_binary: Selection,
    /// `no-build`, `no-build-package`
    pub no_build: Selection,
    /// `allow-insecure-host`
    pub allow_insecure_host: Vec<String>,
    /// `config-settings-package`: package, then settings.
    pub config_settings: Vec<(String, Vec<(String, String)>)>,
}

/// An exact version that the lock has to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The normalised name.
    pub name: String,
    /// The version as written.
    pub version: String,
    /// The marker as written.
    pub marker: Option<String>,
    /// Where it stood.
    pub from: Provenance,
}

/// The hashes that a requirement allows.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AllowedHashes {
    /// The normalised name.
    pub name: String,
    /// The version, where it is pinned.
    pub version: Option<String>,
    /// `sha256:...` and so on.
    pub hashes: Vec<String>,
    /// Where it stood.
    pub from: Provenance,
}

/// A name that must be set in the environment because its value may not stand in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SecretVariable {
    /// The variable, such as `UV_INDEX_INTERNAL_PASSWORD`.
    pub name: String,
    /// What it has to hold: `${TOKEN}` as written, or a phrase for a literal that is not repeated here.
    pub value: String,
    /// Where the credentials stood.
    pub from: Provenance,
}

/// What the project itself is, as far as somebody says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// `project.name`; empty where nobody says it.
    pub name: String,
    /// `project.version`; empty where nobody says it or where it is dynamic.
    pub version: String,
    /// `project.requires-python`
    pub requires_python: Option<String>,
    /// Where the Python versions stood.
    pub python_from: Option<Provenance>,
    /// `project.dynamic`: fields that the build backend fills in.
    pub dynamic: Vec<String>,
}

/// One key of one table of pyproject.toml, such as `description` of `["project"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The keys that lead to the table.
    pub table: Vec<String>,
    /// The key.
    pub key: String,
    /// What it is set to.
    pub value: Value,
    /// Where it stood.
    pub from: Provenance,
}

impl Setting {
    /// The keys that lead to the value.
    pub fn path(&self) -> Vec<&str> {
        self.table.iter().map(String::as_str).chain([self.key.as_str()]).collect()
    }
}

/// A key or table of pyproject.toml that goes, because what it said stands elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The keys that lead to it, such as `["tool", "poetry", "dependencies"]`.
    pub path: Vec<String>,
    /// Whether the comments above and behind it go, too, because they stand elsewhere now.
    pub with_comments: bool,
    /// Where it stood.
    pub from: Provenance,
}

impl Removal {
    /// The keys that lead to what goes.
    pub fn path(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }
}

/// `[build-system]` (PEP 518).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildSystem {
    /// `requires`: requirements, as written.
    pub requires: Vec<String>,
    /// `build-backend`
    pub backend: Option<String>,
    /// `backend-path`
    pub backend_path: Vec<String>,
    /// Where it stood, or what made it necessary.
    pub from: Provenance,
}

/// What a project needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Name, version, Python.
    pub metadata: Metadata,
    /// `project.dependencies`
    pub dependencies: Vec<Dependency>,
    /// `project.optional-dependencies`
    pub extras: Vec<Group>,
    /// `dependency-groups`
    pub groups: Vec<Group>,
    /// `tool.uv.constraint-dependencies`
    pub constraints: Vec<Dependency>,
    /// `tool.uv.override-dependencies`
    pub overrides: Vec<Dependency>,
    /// `tool.uv.sources`
    pub sources: Vec<NamedSource>,
    /// `tool.uv.index`
    pub indexes: Vec<Index>,
    /// `tool.uv`
    pub uv: UvSettings,
    /// Exact versions for the lock.
    pub pins: Vec<Pin>,
    /// Hashes for the lock.
    pub hashes: Vec<AllowedHashes>,
    /// What the environment must hold.
    pub secrets: Vec<SecretVariable>,
    /// Keys of any table, in the order in which they are written; the last one for a key holds.
    pub settings: Vec<Setting>,
    /// What goes from pyproject.toml.
    pub removals: Vec<Removal>,
    /// `build-system`, where it is new or changes.
    pub build: Option<BuildSystem>,
    /// Set where `project.dependencies` was dynamic and is written out now.
    pub undynamic: bool,
    /// Set where conditions of a setup.py became markers: its old wheel speaks only for the Python that built it.
    pub has_conditions: bool,
    /// Set for the root of a workspace that is no project itself: there is no `[project]`.
    pub is_virtual: bool,
}

impl Manifest {
    /// Adds a requirement to its scope.
    pub fn add(&mut self, scope: &Scope, dependency: Dependency) {
        match scope {
            Scope::Main => self.dependencies.push(dependency),
            Scope::Extra(name) => self.extra(name).items.push(GroupItem::Dependency(dependency)),
            Scope::Group(name) => self.group(name).items.push(GroupItem::Dependency(dependency)),
        }
    }

    /// The group of this name, made if it is not there.
    pub fn group(&mut self, name: &str) -> &mut Group {
        named(&mut self.groups, name)
    }

    /// The extra of this name, made if it is not there.
    pub fn extra(&mut self, name: &str) -> &mut Group {
        named(&mut self.extras, name)
    }

    /// Sets a key of a table.
    pub fn set(&mut self, table: &[&str], key: &str, value: impl Into<Value>, from: &Provenance) {
        let table = table.iter().map(|part| (*part).to_owned()).collect();
        self.settings.push(Setting { table, key: key.to_owned(), value: value.into(), from: from.clone() });
    }

    /// Takes a key or table out of pyproject.toml.
    pub fn remove(&mut self, path: &[&str], from: &Provenance) {
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        self.removals.push(Removal { path, with_comments: false, from: from.clone() });
    }

    /// The same with the comments above and behind, which belong to a requirement now.
    pub fn remove_with_comments(&mut self, path: &[&str], from: &Provenance) {
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        self.removals.push(Removal { path, with_comments: true, from: from.clone() });
    }

    /// The same for a project in a folder below: places are told from the root.
    #[must_use]
    pub fn below(mut self, folder: &str) -> Self {
        let below = |from: &mut Provenance| *from = from.below(folder);
        let groups = self.groups.iter_mut().chain(&mut self.extras).flat_map(|group| &mut group.items);
        for item in groups {
            match item {
                GroupItem::Dependency(dependency) => below(&mut dependency.from),
                GroupItem::Include { from, .. } => below(from),
            }
        }
        let lists = [&mut self.dependencies, &mut self.constraints, &mut self.overrides];
        lists.into_iter().flatten().for_each(|dependency| below(&mut dependency.from));
        self.pins.iter_mut().for_each(|pin| below(&mut pin.from));
        self.hashes.iter_mut().for_each(|hashes| below(&mut hashes.from));
        self.secrets.iter_mut().for_each(|secret| below(&mut secret.from));
        self
    }

    /// Every requirement with its scope, without constraints and overrides.
    pub fn all(&self) -> impl Iterator<Item = (Scope, &Dependency)> {
        let main = self.dependencies.iter().map(|dependency| (Scope::Main, dependency));
        let extras = self.extras.iter().flat_map(|extra| within(extra, Scope::Extra));
        let groups = self.groups.iter().flat_map(|group| within(group, Scope::Group));
        main.chain(extras).chain(groups)
    }
}

fn named<'a>(groups: &'a mut Vec<Group>, name: &str) -> &'a mut Group {
    let at = groups.iter().position(|group| group.name == name).unwrap_or_else(|| {
        groups.push(Group { name: name.to_owned(), ..Group::default() });
        groups.len() - 1
    });
    &mut groups[at]
}

fn within(group: &Group, scope: fn(String) -> Scope) -> impl Iterator<Item = (Scope, &Dependency)> {
    group.items.iter().filter_map(move |item| match item {
        GroupItem::Dependency(dependency) => Some((scope(group.name.clone()), dependency)),
        GroupItem::Include { .. } => None,
    })
}
