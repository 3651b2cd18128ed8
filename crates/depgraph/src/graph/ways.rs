//! The ways through a graph: an edge of an extra is open only to those who asked for the extra.

use std::collections::{HashMap, HashSet, VecDeque};

use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;
use uvshift_pyproject::Scope;

use super::Graph;

/// A graph with a place for each package and one more for each of its extras that needs something. Whoever needs `a[x]` comes to
/// the place `a` and to the place `a[x]`. What a project needs, with its extras and groups, is all at one place.
#[derive(Debug)]
pub(crate) struct Ways<'g> {
    graph: &'g Graph,
    /// The edges that leave each place.
    out: Vec<Vec<EdgeIndex>>,
    /// The package of each place.
    packages: Vec<NodeIndex>,
    extras: HashMap<(NodeIndex, &'g str), usize>,
}

impl<'g> Ways<'g> {
    pub(crate) fn new(graph: &'g Graph) -> Self {
        let count = graph.packages.node_count();
        let mut ways = Self {
            graph,
            out: vec![Vec::new(); count],
            packages: graph.packages.node_indices().collect(),
            extras: HashMap::new(),
        };
        let mut is_root = vec![false; count];
        for root in &graph.roots {
            if let Some(mark) = is_root.get_mut(root.index()) {
                *mark = true;
            }
        }
        for edge in graph.packages.edge_references() {
            let from = edge.source();
            let whole = is_root.get(from.index()).copied().unwrap_or(false);
            let place = match &edge.weight().scope {
                Scope::Extra(name) if !whole => ways.place_of_extra(from, name),
                _ => from.index(),
            };
            if let Some(out) = ways.out.get_mut(place) {
                out.push(edge.id());
            }
        }
        ways
    }

    fn place_of_extra(&mut self, package: NodeIndex, extra: &'g str) -> usize {
        *self.extras.entry((package, extra)).or_insert_with(|| {
            self.out.push(Vec::new());
            self.packages.push(package);
            self.out.len() - 1
        })
    }

    /// How many places there are. The first ones are those of the packages, in their order.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// The package of a place.
    pub(crate) fn package(&self, place: usize) -> Option<NodeIndex> {
        self.packages.get(place).copied()
    }

    /// The edges that leave a place.
    pub(crate) fn out(&self, place: usize) -> &[EdgeIndex] {
        self.out.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    /// The places that an edge leads to.
    pub(crate) fn targets(&self, edge: EdgeIndex) -> impl Iterator<Item = usize> + '_ {
        let target = self.graph.packages.edge_endpoints(edge).map(|(_, target)| target);
        let extras =
            self.graph.packages.edge_weight(edge).map(|need| need.extras.as_slice()).unwrap_or_default();
        let unnamed = if extras.is_empty() { None } else { Some("") };
        target.into_iter().flat_map(move |target| {
            let named = extras.iter().map(String::as_str).chain(unnamed);
            let places = named.filter_map(move |extra| self.extras.get(&(target, extra)).copied());
            std::iter::once(target.index()).chain(places)
        })
    }

    /// The number of edges from a project to each package.
    pub(crate) fn depths(&self) -> Vec<Option<usize>> {
        let mut depths = self.depths_of_places(self.graph.roots.iter().map(|root| root.index()));
        depths.truncate(self.graph.packages.node_count());
        depths
    }

    /// The number of edges from any of some places to each place.
    pub(crate) fn depths_of_places(&self, starts: impl IntoIterator<Item = usize>) -> Vec<Option<usize>> {
        let mut depths = vec![None; self.len()];
        let mut waiting = VecDeque::new();
        for start in starts {
            visit(start, 0, &mut depths, &mut waiting);
        }
        while let Some((place, depth)) = waiting.pop_front() {
            for edge in self.out(place) {
                for target in self.targets(*edge) {
                    visit(target, depth + 1, &mut depths, &mut waiting);
                }
            }
        }
        depths
    }

    /// The places from which some places are reached, those included, and the edges of the ways there.
    pub(crate) fn leading_to(
        &self,
        ends: impl IntoIterator<Item = usize>,
    ) -> (Vec<usize>, HashSet<EdgeIndex>) {
        let mut back: Vec<Vec<(usize, EdgeIndex)>> = vec![Vec::new(); self.len()];
        for (place, edges) in self.out.iter().enumerate() {
            for edge in edges {
                for target in self.targets(*edge) {
                    if let Some(known) = back.get_mut(target) {
                        known.push((place, *edge));
                    }
                }
            }
        }
        let (mut edges, mut seen) = (HashSet::new(), vec![false; self.len()]);
        let (mut found, mut waiting) = (Vec::new(), Vec::from_iter(ends));
        while let Some(place) = waiting.pop() {
            let Some(mark) = seen.get_mut(place).filter(|mark| !**mark) else { continue };
            *mark = true;
            found.push(place);
            for (before, edge) in back.get(place).into_iter().flatten() {
                edges.insert(*edge);
                waiting.push(*before);
            }
        }
        (found, edges)
    }
}

fn visit(place: usize, depth: usize, depths: &mut [Option<usize>], waiting: &mut VecDeque<(usize, usize)>) {
    if let Some(known) = depths.get_mut(place).filter(|known| known.is_none()) {
        *known = Some(depth);
        waiting.push_back((place, depth));
    }
}
