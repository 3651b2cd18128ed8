//! Parts of a graph.

use std::collections::{BTreeSet, HashMap};

use petgraph::graph::{EdgeIndex, NodeIndex};
use uvshift_pyproject::Scope;

use super::{Graph, Need, Target, Ways};

/// Which part of a graph is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Which of the dependencies of the projects count.
    pub scopes: Scopes,
    /// Begin at this package instead of the projects.
    pub package: Option<String>,
    /// Only what is installed there.
    pub target: Target,
    /// How many edges deep, counted from the projects; none: all.
    pub depth: Option<usize>,
}

/// Which of the dependencies of a project count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes {
    /// Whether those that are always installed do.
    pub main: bool,
    /// The extras whose dependencies do; none: all.
    pub extras: Option<BTreeSet<String>>,
    /// The groups whose dependencies do; none: all.
    pub groups: Option<BTreeSet<String>>,
}

impl Default for Scopes {
    fn default() -> Self {
        Self { main: true, extras: None, groups: None }
    }
}

impl Scopes {
    /// What is always installed, and nothing else.
    pub fn main_only() -> Self {
        Self { main: true, extras: Some(BTreeSet::new()), groups: Some(BTreeSet::new()) }
    }

    fn has(&self, scope: &Scope) -> bool {
        let among = |names: &Option<BTreeSet<String>>, name: &String| {
            names.as_ref().is_none_or(|names| names.contains(name))
        };
        match scope {
            Scope::Main => self.main,
            Scope::Extra(name) => among(&self.extras, name),
            Scope::Group(name) => among(&self.groups, name),
        }
    }
}

impl Graph {
    /// The part of the graph that a filter leaves, with its depths measured anew. What nothing needs is left out, unless the filter
    /// leaves everything.
    #[must_use]
    pub fn filtered(&self, filter: &Filter) -> Self {
        if *filter == Filter::default() {
            return self.clone();
        }
        let mut open = self.part(&|_| true, &|edge, need| self.is_open(edge, need, filter));
        if let Some(name) = &filter.package {
            open.roots = open.versions(name);
            // A package that is no project has no extras or groups unless somebody asks for them; that is told by its edges.
        }
        open.measure();
        let most = filter.depth.unwrap_or(usize::MAX);
        let depth = |at: NodeIndex| open.package(at).and_then(|package| package.depth);
        let mut part = open.part(&|at| depth(at).is_some_and(|depth| depth <= most), &|edge, _| {
            let from = open.packages.edge_endpoints(edge).map(|(from, _)| from);
            from.and_then(depth).is_some_and(|depth| depth < most)
        });
        part.drop_unused_extras();
        part.measure();
        part
    }

    /// The part of the graph that leads to a package, in any version: who needs it, over any number of steps. Who needs `a` without
    /// the extra that brings the package is not among them.
    #[must_use]
    pub fn leading_to(&self, name: &str) -> Self {
        let ways = Ways::new(self);
        let ends: BTreeSet<NodeIndex> = self.versions(name).into_iter().collect();
        let (places, edges) = ways.leading_to(ends.iter().map(|end| end.index()));
        let kept: BTreeSet<NodeIndex> = places.into_iter().filter_map(|place| ways.package(place)).collect();
        self.part(&|at| kept.contains(&at), &|edge, _| {
            // A round that begins at the package itself does not lead to it.
            let is_way = |(from, _): (NodeIndex, _)| !ends.contains(&from);
            edges.contains(&edge) && self.packages.edge_endpoints(edge).is_some_and(is_way)
        })
    }

    /// The part of the graph that some paths go along, with its depths as they are.
    #[must_use]
    pub fn along(&self, paths: &[super::Paths]) -> Self {
        let ends = paths.iter().map(|found| found.to);
        let all = paths.iter().flat_map(|found| &found.paths);
        let edges: BTreeSet<EdgeIndex> = all.flat_map(|path| path.steps.iter().copied()).collect();
        let inner = edges.iter().filter_map(|edge| self.packages.edge_endpoints(*edge));
        let kept: BTreeSet<NodeIndex> = inner.flat_map(|(from, to)| [from, to]).chain(ends).collect();
        self.part(&|at| kept.contains(&at), &|edge, _| edges.contains(&edge))
    }

    fn is_open(&self, edge: EdgeIndex, need: &Need, filter: &Filter) -> bool {
        let Some((from, to)) = self.packages.edge_endpoints(edge) else { return false };
        let holds =
            |marker: &Option<String>| marker.as_ref().is_none_or(|marker| filter.target.can_hold(marker));
        let is_first = self.package(from).is_some_and(|package| package.is_project);
        (!is_first || filter.scopes.has(&need.scope))
            && holds(&need.marker)
            && self.package(to).is_some_and(|package| holds(&package.marker))
    }

    /// Some of the packages with some of the edges between them.
    fn part(&self, keep: &dyn Fn(NodeIndex) -> bool, edges: &dyn Fn(EdgeIndex, &Need) -> bool) -> Self {
        let mut part = Self { resolved_by: self.resolved_by.clone(), ..Self::default() };
        let mut places: HashMap<NodeIndex, NodeIndex> = HashMap::new();
        for at in self.packages.node_indices().filter(|at| keep(*at)) {
            if let Some(package) = self.package(at) {
                places.insert(at, part.packages.add_node(package.clone()));
            }
        }
        for edge in self.packages.edge_indices() {
            let ends = self.packages.edge_endpoints(edge);
            let Some((Some(from), Some(to))) = ends.map(|(from, to)| (places.get(&from), places.get(&to)))
            else {
                continue;
            };
            if let Some(need) = self.packages.edge_weight(edge).filter(|need| edges(edge, need)) {
                part.packages.add_edge(*from, *to, need.clone());
            }
        }
        part.roots = self.roots.iter().filter_map(|root| places.get(root).copied()).collect();
        part
    }

    /// Takes out the edges of extras that nobody asks for. What nothing needs is taken as needed, without extras.
    pub(super) fn drop_unused_extras(&mut self) {
        let ways = Ways::new(self);
        let roots: Vec<usize> = self.roots.iter().map(|root| root.index()).collect();
        let mut reached = ways.depths_of_places(roots.iter().copied());
        let orphans: Vec<usize> = (0..self.packages.node_count())
            .filter(|place| reached.get(*place).copied().flatten().is_none())
            .collect();
        if !orphans.is_empty() {
            reached = ways.depths_of_places(roots.into_iter().chain(orphans));
        }
        let mut used = vec![false; self.packages.edge_count()];
        for place in (0..ways.len()).filter(|place| reached.get(*place).copied().flatten().is_some()) {
            for edge in ways.out(place) {
                if let Some(mark) = used.get_mut(edge.index()) {
                    *mark = true;
                }
            }
        }
        if used.iter().any(|used| !used) {
            *self = self.part(&|_| true, &|edge, _| used.get(edge.index()).copied().unwrap_or(false));
        }
    }
}
