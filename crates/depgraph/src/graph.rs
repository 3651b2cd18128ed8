//! The graph of dependencies: what is declared, joined with what is locked or installed, and with the files that import it.

use petgraph::graph::{DiGraph, NodeIndex};
use uvshift_pyproject::Scope;

use crate::catalogue::Category;

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
    /// Where it comes from: `index`, `git`, `url`, `path`.
    pub source: &'static str,
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

/// That one package needs another.
#[derive(Debug, Clone, PartialEq, Eq)]
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
