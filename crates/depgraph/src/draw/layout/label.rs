//! The words in the boxes.

use super::model::{Node, Role};
use super::place::Measures;
use super::text::{printable, shortened, width};
use crate::graph::Graph;

/// Up to so many packages, each says its version.
const MOST_FOR_VERSIONS: usize = 90;

/// What stands in the box of a package.
#[derive(Debug)]
pub(in crate::draw) struct Label {
    /// The name, shortened if it is very long.
    pub(in crate::draw) name: String,
    /// The version where it is shown, or nothing.
    pub(in crate::draw) version: String,
    /// How many packages nothing else needs, or nothing.
    pub(in crate::draw) badge: String,
    /// The size of the letters.
    pub(in crate::draw) size: f64,
    /// What the box needs.
    pub(in crate::draw) width: f64,
}

impl Label {
    /// The label of a package in a picture of so many.
    pub(in crate::draw) fn new(graph: &Graph, node: &Node, count: usize) -> Self {
        let package = &graph.packages[node.index];
        let size = font_size(count, node.role);
        let name = shortened(&printable(&package.name), size, size * 15.0);
        let says_version = node.is_duplicate || (count <= MOST_FOR_VERSIONS && node.role != Role::Project);
        let version = package.version.as_deref().filter(|_| says_version);
        let version =
            version.map(|version| shortened(&printable(version), size, size * 6.0)).unwrap_or_default();
        let is_counted = node.role == Role::Direct && node.alone > 0;
        let badge = if is_counted { format!("+{}", node.alone) } else { String::new() };
        let boldness = if node.role <= Role::Direct { 1.07 } else { 1.0 };
        let mut wide = width(&name, size) * boldness + size * 1.7;
        for extra in [&version, &badge] {
            if !extra.is_empty() {
                wide += width(extra, size * 0.85) + size * 0.6;
            }
        }
        Self { name, version, badge, size, width: wide }
    }
}

fn font_size(count: usize, role: Role) -> f64 {
    let size = match Measures::of(count).chip {
        chip if chip >= 26.0 => 13.0,
        chip if chip >= 24.0 => 12.0,
        _ => 11.0,
    };
    if role == Role::Project { size + 2.0 } else { size }
}
