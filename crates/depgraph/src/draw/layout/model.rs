//! What a picture shows of a graph.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use petgraph::algo::{dominators, kosaraju_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use uvshift_pyproject::Scope;

use crate::graph::Graph;

/// More packages than this are not drawn: the ones nearest to the projects are.
const MOST_NODES: usize = 6_000;

/// A set of scopes has a bit for each of the first 63, and one for all others.
const LAST_SCOPE: usize = 63;

/// The packages and edges that are drawn.
#[derive(Debug, Default)]
pub(in crate::draw) struct Picture {
    /// In the order of the graph.
    pub(in crate::draw) nodes: Vec<Node>,
    /// Each pair of packages once, in the order of the graph.
    pub(in crate::draw) edges: Vec<Edge>,
    /// What the bits of [`Node::scopes`] stand for: main, extras, groups.
    pub(in crate::draw) scopes: Vec<Scope>,
    /// How many packages are not drawn, because they are too many.
    pub(in crate::draw) left_out: usize,
    /// How many groups of packages need each other in a circle.
    pub(in crate::draw) cycles: usize,
}

/// A package that is drawn.
#[derive(Debug)]
pub(in crate::draw) struct Node {
    /// Which one of the graph.
    pub(in crate::draw) index: NodeIndex,
    /// How it got there.
    pub(in crate::draw) role: Role,
    /// The scopes that lead to it, as bits.
    pub(in crate::draw) scopes: u64,
    /// The first scope that declares it, as a bit.
    pub(in crate::draw) declared: Option<usize>,
    /// Whether only groups lead to it.
    pub(in crate::draw) is_development: bool,
    /// Whether there are other versions of it.
    pub(in crate::draw) is_duplicate: bool,
    /// Whether it needs itself by way of others.
    pub(in crate::draw) in_cycle: bool,
    /// How many packages would go with it: nothing else needs them.
    pub(in crate::draw) alone: usize,
}

/// How a package got into a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::draw) enum Role {
    /// It is a project of the repository.
    Project,
    /// A project declares it.
    Direct,
    /// Others bring it in.
    Indirect,
    /// Nothing needs it.
    Loose,
}

/// That one package needs another.
#[derive(Debug)]
pub(in crate::draw) struct Edge {
    /// What needs: an index of [`Picture::nodes`].
    pub(in crate::draw) from: usize,
    /// What is needed.
    pub(in crate::draw) to: usize,
    /// Whether it is needed for development only.
    pub(in crate::draw) is_development: bool,
    /// Whether there is a longer way, so that the picture may do without it.
    pub(in crate::draw) is_implied: bool,
    /// Whether it is part of a circle.
    pub(in crate::draw) in_cycle: bool,
}

impl Picture {
    /// What is drawn of a graph, as deep as is asked for.
    pub(in crate::draw) fn new(graph: &Graph, depth: Option<usize>) -> Self {
        let (chosen, left_out) = chosen(graph, depth);
        let places: HashMap<NodeIndex, usize> =
            chosen.iter().enumerate().map(|(place, index)| (*index, place)).collect();
        let mut picture = Self { left_out, ..Self::default() };
        picture.edges = edges(graph, &chosen, &places);
        let roots: HashSet<NodeIndex> = graph.roots.iter().copied().collect();
        picture.nodes = chosen.iter().map(|index| node(graph, *index, roots.contains(index))).collect();
        picture.mark_roles();
        picture.mark_scopes(graph, &places);
        picture.mark_duplicates(graph);
        picture.mark_circles();
        picture.mark_alone();
        picture
    }

    /// What a package needs, by index of [`Picture::nodes`].
    pub(in crate::draw) fn successors(&self) -> Vec<Vec<usize>> {
        let mut lists = vec![Vec::new(); self.nodes.len()];
        for edge in &self.edges {
            lists[edge.from].push(edge.to);
        }
        lists
    }

    fn mark_roles(&mut self) {
        for edge in &self.edges {
            let is_declared = self.nodes[edge.from].role == Role::Project;
            let role = &mut self.nodes[edge.to].role;
            *role = (*role).min(if is_declared { Role::Direct } else { Role::Indirect });
        }
        // What only loose packages need is as loose as they are.
        let successors = self.successors();
        let roots = (0..self.nodes.len()).filter(|place| self.nodes[*place].role <= Role::Direct);
        let reached = reached(&successors, roots);
        for (node, is_reached) in self.nodes.iter_mut().zip(reached) {
            if !is_reached {
                node.role = Role::Loose;
            }
        }
    }

    fn mark_scopes(&mut self, graph: &Graph, places: &HashMap<NodeIndex, usize>) {
        let mut starts: BTreeSet<(Scope, usize)> = BTreeSet::new();
        for (place, node) in self.nodes.iter().enumerate() {
            let package = &graph.packages[node.index];
            starts.extend(package.declared.iter().map(|scope| (scope.clone(), place)));
            if node.role == Role::Project {
                let needs = graph.packages.edges(node.index);
                starts
                    .extend(needs.filter_map(|need| {
                        Some((need.weight().scope.clone(), *places.get(&need.target())?))
                    }));
            }
        }
        let names: BTreeSet<&Scope> = starts.iter().map(|(scope, _)| scope).collect();
        let bits: BTreeMap<&Scope, usize> =
            names.iter().enumerate().map(|(bit, scope)| (*scope, bit.min(LAST_SCOPE))).collect();
        self.scopes = names.iter().map(|scope| (*scope).clone()).collect();
        for (scope, place) in &starts {
            let node = &mut self.nodes[*place];
            node.scopes |= 1 << bits[scope];
            node.declared = node.declared.or(Some(bits[scope]));
        }
        self.spread_scopes();
        let is_group = |bit: &usize| matches!(self.scopes[*bit], Scope::Group(_));
        let groups =
            (0..self.scopes.len()).filter(is_group).fold(0_u64, |set, bit| set | 1 << bit.min(LAST_SCOPE));
        for node in &mut self.nodes {
            node.is_development = node.scopes != 0 && node.scopes & !groups == 0;
        }
    }

    /// What a package of a scope needs is of that scope too.
    fn spread_scopes(&mut self) {
        let successors = self.successors();
        let mut waiting: VecDeque<usize> = (0..self.nodes.len()).collect();
        while let Some(place) = waiting.pop_front() {
            if self.nodes[place].role == Role::Project {
                continue;
            }
            let scopes = self.nodes[place].scopes;
            for next in &successors[place] {
                let node = &mut self.nodes[*next];
                if scopes & !node.scopes != 0 {
                    node.scopes |= scopes;
                    waiting.push_back(*next);
                }
            }
        }
    }

    fn mark_duplicates(&mut self, graph: &Graph) {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for node in &self.nodes {
            *counts.entry(&graph.packages[node.index].name).or_default() += 1;
        }
        for node in &mut self.nodes {
            node.is_duplicate = counts[graph.packages[node.index].name.as_str()] > 1;
        }
    }

    /// Finds the circles, and the edges that a longer way makes unnecessary.
    fn mark_circles(&mut self) {
        let plain = self.plain();
        let circles = kosaraju_scc(&plain);
        let mut circle_of = vec![0; self.nodes.len()];
        for (circle, members) in circles.iter().enumerate() {
            self.cycles += usize::from(members.len() > 1);
            for member in members {
                circle_of[member.index()] = circle;
                self.nodes[member.index()].in_cycle = members.len() > 1;
            }
        }
        for edge in &mut self.edges {
            edge.in_cycle = circle_of[edge.from] == circle_of[edge.to];
        }
        self.mark_implied(&circle_of, circles.len());
    }

    /// Circles come with those first that need no other.
    fn mark_implied(&mut self, circle_of: &[usize], count: usize) {
        let mut needs: Vec<Vec<usize>> = vec![Vec::new(); count];
        for edge in self.edges.iter().filter(|edge| !edge.in_cycle) {
            needs[circle_of[edge.from]].push(circle_of[edge.to]);
        }
        let words = count.div_ceil(64);
        let mut farther: Vec<u64> = vec![0; words * count];
        let mut reach: Vec<u64> = vec![0; words * count];
        for circle in 0..count {
            for need in &needs[circle] {
                for word in 0..words {
                    farther[circle * words + word] |= reach[need * words + word];
                }
            }
            for word in 0..words {
                reach[circle * words + word] |= farther[circle * words + word];
            }
            for need in &needs[circle] {
                reach[circle * words + need / 64] |= 1 << (need % 64);
            }
        }
        for edge in &mut self.edges {
            let (from, to) = (circle_of[edge.from], circle_of[edge.to]);
            let is_longer = farther[from * words + to / 64] >> (to % 64) & 1 == 1;
            // What is declared is worth a line of its own.
            edge.is_implied = is_longer && self.nodes[edge.from].role != Role::Project;
        }
    }

    /// Counts, for each package, those that every way to leads through it.
    fn mark_alone(&mut self) {
        let mut plain = self.plain();
        let start = plain.add_node(());
        for (place, node) in self.nodes.iter().enumerate() {
            if node.role == Role::Project {
                plain.add_edge(start, NodeIndex::new(place), ());
            }
        }
        let dominators = dominators::simple_fast(&plain, start);
        let above: Vec<Option<usize>> = (0..self.nodes.len())
            .map(|place| dominators.immediate_dominator(NodeIndex::new(place)))
            .map(|index| index.filter(|index| *index != start).map(NodeIndex::index))
            .collect();
        let mut waiting_for = vec![0_usize; above.len()];
        above.iter().flatten().for_each(|place| waiting_for[*place] += 1);
        // From the leaves up, so that each is counted in full before it is added to the one above it.
        let mut waiting: Vec<usize> = (0..above.len()).filter(|place| waiting_for[*place] == 0).collect();
        while let Some(place) = waiting.pop() {
            if let Some(place_above) = above[place] {
                self.nodes[place_above].alone += self.nodes[place].alone + 1;
                waiting_for[place_above] -= 1;
                if waiting_for[place_above] == 0 {
                    waiting.push(place_above);
                }
            }
        }
    }

    fn plain(&self) -> DiGraph<(), ()> {
        let mut plain = DiGraph::with_capacity(self.nodes.len() + 1, self.edges.len());
        for _ in &self.nodes {
            plain.add_node(());
        }
        for edge in &self.edges {
            plain.add_edge(NodeIndex::new(edge.from), NodeIndex::new(edge.to), ());
        }
        plain
    }
}

/// Which packages are drawn, and how many are not because they are too many.
fn chosen(graph: &Graph, depth: Option<usize>) -> (Vec<NodeIndex>, usize) {
    let is_near = |index: &NodeIndex| {
        depth.is_none_or(|most| graph.packages[*index].depth.is_some_and(|depth| depth <= most))
    };
    let mut chosen: Vec<NodeIndex> = graph.packages.node_indices().filter(is_near).collect();
    let left_out = chosen.len().saturating_sub(MOST_NODES);
    if left_out > 0 {
        chosen.sort_by_key(|index| (graph.packages[*index].depth.unwrap_or(usize::MAX), *index));
        chosen.truncate(MOST_NODES);
        chosen.sort_unstable();
    }
    (chosen, left_out)
}

fn node(graph: &Graph, index: NodeIndex, is_root: bool) -> Node {
    let package = &graph.packages[index];
    let role = match (package.is_project || is_root, package.declared.is_empty()) {
        (true, _) => Role::Project,
        (false, false) => Role::Direct,
        (false, true) => Role::Loose,
    };
    Node {
        index,
        role,
        scopes: 0,
        declared: None,
        is_development: false,
        is_duplicate: false,
        in_cycle: false,
        alone: 0,
    }
}

fn edges(graph: &Graph, chosen: &[NodeIndex], places: &HashMap<NodeIndex, usize>) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (from, index) in chosen.iter().enumerate() {
        let mut targets: BTreeMap<usize, bool> = BTreeMap::new();
        for need in graph.packages.edges(*index) {
            if let Some(to) = places.get(&need.target()).filter(|to| **to != from) {
                let is_development = matches!(need.weight().scope, Scope::Group(_));
                *targets.entry(*to).or_insert(true) &= is_development;
            }
        }
        edges.extend(targets.into_iter().map(|(to, is_development)| Edge {
            from,
            to,
            is_development,
            is_implied: false,
            in_cycle: false,
        }));
    }
    edges
}

/// What can be reached from some places.
fn reached(successors: &[Vec<usize>], roots: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut reached = vec![false; successors.len()];
    let mut waiting: Vec<usize> = roots.collect();
    while let Some(place) = waiting.pop() {
        if !std::mem::replace(&mut reached[place], true) {
            waiting.extend(successors[place].iter().filter(|next| !reached[**next]));
        }
    }
    reached
}
