//! What a project needs, whatever files said it. Readers make it, one writer turns it into pyproject.toml.

use uvshift_pyproject::{Index, Source};

use crate::Provenance;

/// Where a dependency belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `project.dependencies`
    Main,
    /// A dependency group (PEP 735).
    Group(String),
}

impl Scope {
    /// The dotted key of pyproject.toml.
    pub fn key(&self) -> String {
        match self {
            Self::Main => "project.dependencies".to_owned(),
            Self::Group(name) => format!("dependency-groups.{name}"),
        }
    }

    /// The name of the group.
    pub fn group(&self) -> Option<&str> {
        match self {
            Self::Main => None,
            Self::Group(name) => Some(name),
        }
    }
}

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
pub struct SecretVariable {
    /// The variable, such as `UV_INDEX_INTERNAL_PASSWORD`.
    pub name: String,
    /// What it has to hold: `${TOKEN}` as written, or a phrase for a literal that is not repeated here.
    pub value: String,
    /// Where the credentials stood.
    pub from: Provenance,
}

/// What the project itself is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// `project.name`
    pub name: String,
    /// `project.version`
    pub version: String,
    /// `project.requires-python`
    pub requires_python: Option<String>,
}

/// What a project needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Name, version, Python.
    pub metadata: Metadata,
    /// `project.dependencies`
    pub dependencies: Vec<Dependency>,
    /// `dependency-groups`
    pub groups: Vec<Group>,
    /// `tool.uv.constraint-dependencies`
    pub constraints: Vec<Dependency>,
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
    /// Set where `project.dependencies` was dynamic and is written out now.
    pub undynamic: bool,
}

impl Manifest {
    /// Adds a requirement to its scope.
    pub fn add(&mut self, scope: &Scope, dependency: Dependency) {
        match scope {
            Scope::Main => self.dependencies.push(dependency),
            Scope::Group(name) => self.group(name).items.push(GroupItem::Dependency(dependency)),
        }
    }

    /// The group of this name, made if it is not there.
    pub fn group(&mut self, name: &str) -> &mut Group {
        let at = self.groups.iter().position(|group| group.name == name).unwrap_or_else(|| {
            self.groups.push(Group { name: name.to_owned(), ..Group::default() });
            self.groups.len() - 1
        });
        &mut self.groups[at]
    }

    /// Every requirement with its scope, without constraints.
    pub fn all(&self) -> impl Iterator<Item = (Scope, &Dependency)> {
        let main = self.dependencies.iter().map(|dependency| (Scope::Main, dependency));
        let groups = self.groups.iter().flat_map(|group| {
            group.items.iter().filter_map(|item| match item {
                GroupItem::Dependency(dependency) => Some((Scope::Group(group.name.clone()), dependency)),
                GroupItem::Include { .. } => None,
            })
        });
        main.chain(groups)
    }
}
