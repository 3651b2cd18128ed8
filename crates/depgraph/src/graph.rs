//! The graph of dependencies: what is declared, joined with what is locked or installed, and with the files that import it.

mod build;
mod choose;
mod installed;
mod locked;
mod ways;

mod cycles;
mod duplicates;
mod filter;
mod paths;
mod platform;
mod totals;

use std::collections::BTreeMap;

use petgraph::graph::DiGraph;
use uvshift_installed::Environment;
use uvshift_lockfile::Lock;
use uvshift_pyproject::Scope;

use crate::Project;
use crate::catalogue::Category;

pub use cycles::Cycle;
pub use duplicates::{Duplicate, Version};
pub use filter::{Filter, Scopes};
pub use paths::{Path, Paths};
pub use petgraph::graph::{EdgeIndex, NodeIndex};
pub use platform::{Platform, Target};
pub use totals::Totals;
pub(crate) use ways::Ways;

/// The files that import each distribution, by its normalised name: each file once, with the first line that does.
pub type Importers = BTreeMap<String, Vec<(String, usize)>>;

/// Everything that a graph is made of.
#[derive(Debug, Clone, Copy)]
pub struct GraphInput<'a> {
    /// The project at the root, then the members below it.
    pub projects: &'a [Project],
    /// What a project without a name is called, such as its folder.
    pub name: &'a str,
    /// What is locked.
    pub lock: Option<&'a Lock>,
    /// What the lock is called, such as `uv.lock`.
    pub lock_name: &'a str,
    /// What is installed. With a lock, it adds licences and sizes, and edges where the lock has none.
    pub environment: Option<&'a Environment>,
    /// What the environment is called, such as `.venv`.
    pub environment_name: &'a str,
    /// The files that import each distribution.
    pub importers: &'a Importers,
}

/// A graph of dependencies. An edge goes from what needs to what is needed.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// Projects and packages.
    pub packages: DiGraph<Package, Need>,
    /// The projects, where every way begins.
    pub roots: Vec<NodeIndex>,
    /// What the versions and edges are from, such as `uv.lock` or `.venv`; none where only declarations are known.
    pub resolved_by: Option<String>,
}

/// A project, or one version of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The normalised name.
    pub name: String,
    /// The version, where it is known.
    pub version: Option<String>,
    /// Whether it is a project of this repository.
    pub is_project: bool,
    /// What it is for.
    pub category: Category,
    /// Where it is declared; empty for what others bring in.
    pub declared: Vec<Scope>,
    /// Where it comes from.
    pub source: PackageSource,
    /// Its licence, where an environment tells: an SPDX expression or the words of its classifiers.
    pub licence: Option<String>,
    /// In bytes: what is installed, or the largest file of the lock.
    pub size: Option<u64>,
    /// The environments that it is for, as a marker; none: all.
    pub marker: Option<String>,
    /// The files that import it, each once, with the first line that does.
    pub imported_by: Vec<(String, usize)>,
    /// The shortest number of edges from a project; none where nothing needs it.
    pub depth: Option<usize>,
}

/// Where a package comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PackageSource {
    /// It is looked up in an index.
    Index,
    /// A repository, of git or of another system.
    Git,
    /// An archive at a URL.
    Url,
    /// A folder or an archive on the machine.
    Path,
}

impl PackageSource {
    /// Every source.
    pub const ALL: [Self; 4] = [Self::Index, Self::Git, Self::Url, Self::Path];

    /// The word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Git => "git",
            Self::Url => "url",
            Self::Path => "path",
        }
    }
}

impl Graph {
    /// Joins what is declared with what is locked or installed.
    ///
    /// With a lock its packages and edges count, whatever is installed; without one those of the environment, with markers
    /// as its Python has them; without either only what is declared is known. An edge of an extra is there only if somebody
    /// asks for the extra. What nothing needs stays, with no depth.
    pub fn new(input: &GraphInput<'_>) -> Self {
        build::build(input)
    }

    /// The versions of a package, by its name in any spelling.
    pub fn versions(&self, name: &str) -> Vec<NodeIndex> {
        let name = uvshift_requirements::normalize_name(name);
        self.packages
            .node_indices()
            .filter(|at| self.package(*at).is_some_and(|it| it.name == name))
            .collect()
    }

    /// What nothing needs.
    pub fn orphans(&self) -> Vec<NodeIndex> {
        self.packages
            .node_indices()
            .filter(|at| self.package(*at).is_some_and(|package| package.depth.is_none()))
            .collect()
    }

    /// The names that are most like one, at most three; for a slip of the finger.
    pub fn nearest(&self, name: &str) -> Vec<&str> {
        choose::nearest(name, self.packages.node_weights().map(|package| package.name.as_str()))
    }

    pub(crate) fn package(&self, at: NodeIndex) -> Option<&Package> {
        self.packages.node_weight(at)
    }

    /// Sets the depth of every package anew.
    fn measure(&mut self) {
        let ways = Ways::new(self);
        let depths = ways.depths();
        for (package, depth) in self.packages.node_weights_mut().zip(depths) {
            package.depth = depth;
        }
    }
}

impl Package {
    /// Name and version, as people write them.
    pub fn label(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.name),
            None => self.name.clone(),
        }
    }
}

/// That one package needs another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Need {
    /// What of the package needs it: itself, an extra, a group.
    pub scope: Scope,
    /// The extras that are asked for.
    pub extras: Vec<String>,
    /// The versions that are asked for, in the words of their source.
    pub specifier: Option<String>,
    /// When it is needed.
    pub marker: Option<String>,
}
