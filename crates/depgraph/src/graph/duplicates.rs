//! Packages that are there in several versions.

use std::collections::BTreeMap;

use petgraph::Direction;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;

use super::Graph;

/// A package with several versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The normalised name.
    pub name: String,
    /// Its versions, in the order of the lock.
    pub versions: Vec<Version>,
}

/// One of several versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The package.
    pub package: NodeIndex,
    /// The edges that lead to it, by the name of who needs it.
    pub needed_by: Vec<EdgeIndex>,
}

impl Graph {
    /// The packages that are there in more than one version, by name.
    pub fn duplicates(&self) -> Vec<Duplicate> {
        let mut by_name: BTreeMap<&str, Vec<NodeIndex>> = BTreeMap::new();
        for at in self.packages.node_indices() {
            if let Some(package) = self.package(at) {
                by_name.entry(&package.name).or_default().push(at);
            }
        }
        let several = by_name.into_iter().filter(|(_, versions)| {
            let found: Vec<_> =
                versions.iter().filter_map(|at| self.package(*at)?.version.as_ref()).collect();
            found.first().is_some_and(|first| found.iter().any(|version| version != first))
        });
        several
            .map(|(name, versions)| Duplicate {
                name: name.to_owned(),
                versions: versions.into_iter().map(|package| self.version(package)).collect(),
            })
            .collect()
    }

    fn version(&self, package: NodeIndex) -> Version {
        let mut edges: Vec<_> = self.packages.edges_directed(package, Direction::Incoming).collect();
        edges.sort_by_key(|edge| self.package(edge.source()).map(|from| (&from.name, &from.version)));
        Version { package, needed_by: edges.into_iter().map(|edge| edge.id()).collect() }
    }
}
