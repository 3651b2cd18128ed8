//! What it all comes to.

use std::collections::BTreeMap;

use super::Graph;
use crate::catalogue::Category;

/// Numbers over all packages but the projects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many packages there are; each version counts.
    pub packages: usize,
    /// How many of them a project asks for itself.
    pub direct: usize,
    /// How many only others need.
    pub transitive: usize,
    /// How many nothing needs.
    pub orphans: usize,
    /// How many edges there are.
    pub edges: usize,
    /// The longest of the shortest ways to a package.
    pub depth: usize,
    /// The sum of the sizes that are known, in bytes.
    pub size: u64,
    /// How many packages have no known size.
    pub without_size: usize,
    /// How many packages there are of each licence; those without a known one are under none.
    pub licences: BTreeMap<Option<String>, usize>,
    /// How many packages there are of each category.
    pub categories: BTreeMap<Category, usize>,
}

impl Graph {
    /// Numbers over all packages but the projects.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals { edges: self.packages.edge_count(), ..Totals::default() };
        for package in self.packages.node_weights().filter(|package| !package.is_project) {
            totals.packages += 1;
            match package.depth {
                None => totals.orphans += 1,
                Some(0 | 1) => totals.direct += 1,
                Some(_) => totals.transitive += 1,
            }
            totals.depth = totals.depth.max(package.depth.unwrap_or_default());
            match package.size {
                Some(size) => totals.size = totals.size.saturating_add(size),
                None => totals.without_size += 1,
            }
            *totals.licences.entry(package.licence.clone()).or_default() += 1;
            *totals.categories.entry(package.category).or_default() += 1;
        }
        totals
    }
}
