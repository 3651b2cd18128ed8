//! Why a package is there.

use petgraph::graph::{EdgeIndex, NodeIndex};

use super::{Graph, Ways};

/// The shortest ways from the projects to one version of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Paths {
    /// The package.
    pub to: NodeIndex,
    /// How many edges each way has; none where nothing needs the package.
    pub length: Option<usize>,
    /// How many ways there are; the largest number where there are more.
    pub count: u128,
    /// The ways; the first ones where there are very many.
    pub paths: Vec<Path>,
}

/// A way from a project to a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The project.
    pub from: NodeIndex,
    /// The edges, in their order.
    pub steps: Vec<EdgeIndex>,
}

impl Graph {
    /// Every shortest way from a project to each version of a package, at most `limit` of each. Ways that differ in nothing but
    /// the reason of a step, such as its marker, are one.
    pub fn paths_to(&self, name: &str, limit: usize) -> Vec<Paths> {
        let ways = Ways::new(self);
        let starts: Vec<usize> = self.roots.iter().map(|root| root.index()).collect();
        let depths = ways.depths_of_places(starts.iter().copied());
        let before = before(&ways, &depths);
        let counts = counts(&depths, &before);
        let versions = self.versions(name).into_iter();
        versions
            .map(|to| Paths {
                to,
                length: depths.get(to.index()).copied().flatten(),
                count: counts.get(to.index()).copied().unwrap_or_default(),
                paths: walk_back(&ways, &before, to, limit),
            })
            .collect()
    }
}

/// The place and the edge that a shortest way to a place comes by, each place once.
type Before = Vec<Vec<(usize, EdgeIndex)>>;

fn before(ways: &Ways<'_>, depths: &[Option<usize>]) -> Before {
    let mut before: Before = vec![Vec::new(); ways.len()];
    for (place, depth) in depths.iter().enumerate() {
        let Some(depth) = depth else { continue };
        for edge in ways.out(place) {
            for target in ways.targets(*edge) {
                let is_next = depths.get(target).copied().flatten() == Some(depth + 1);
                if let Some(known) = before.get_mut(target).filter(|_| is_next)
                    && known.last().is_none_or(|(last, _)| *last != place)
                {
                    known.push((place, *edge));
                }
            }
        }
    }
    before
}

/// How many shortest ways there are to each place.
fn counts(depths: &[Option<usize>], before: &Before) -> Vec<u128> {
    let mut order: Vec<(usize, usize)> =
        depths.iter().enumerate().filter_map(|(place, depth)| Some(((*depth)?, place))).collect();
    order.sort_unstable();
    let mut counts = vec![0_u128; depths.len()];
    for (depth, place) in order {
        let sum = before.get(place).into_iter().flatten().fold(0_u128, |sum, (last, _)| {
            sum.saturating_add(counts.get(*last).copied().unwrap_or_default())
        });
        if let Some(count) = counts.get_mut(place) {
            *count = if depth == 0 { 1 } else { sum };
        }
    }
    counts
}

/// The ways to a package from its end. Every step back comes nearer to a project, so that no step is in vain.
fn walk_back(ways: &Ways<'_>, before: &Before, to: NodeIndex, limit: usize) -> Vec<Path> {
    let mut found = Vec::new();
    let mut stack: Vec<(usize, usize)> = vec![(to.index(), 0)];
    let mut steps: Vec<EdgeIndex> = Vec::new();
    while let Some((place, next)) = stack.pop() {
        if found.len() >= limit {
            break;
        }
        let last = before.get(place).map(Vec::as_slice).unwrap_or_default();
        if let Some((earlier, edge)) = last.get(next) {
            stack.push((place, next + 1));
            stack.push((*earlier, 0));
            steps.push(*edge);
            continue;
        }
        if let (true, Some(from)) = (last.is_empty(), ways.package(place)) {
            found.push(Path { from, steps: steps.iter().rev().copied().collect() });
        }
        steps.pop();
    }
    // What nothing needs has no way to it.
    found.retain(|path| !path.steps.is_empty());
    found
}
