//! Packages that need each other.

use std::collections::{HashMap, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::NodeIndex;
use uvshift_pyproject::Scope;

use super::Graph;

/// Packages each of which needs all the others, over any number of steps.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cycle {
    /// The packages, by name.
    pub packages: Vec<NodeIndex>,
    /// A shortest round among them: each needs the next one, and the last one the first. Among more than a thousand packages it
    /// is the shortest of those through the first thousand.
    pub round: Vec<NodeIndex>,
    /// Whether it is one package that names itself to join its extras, as in `all = ["a[x,y]"]`.
    pub is_harmless: bool,
}

/// From how many packages of a cycle the shortest round is looked for.
const MOST_STARTS: usize = 1_000;
/// How many edges are looked at for it in all, whatever the size of the cycle.
const MOST_EDGES: usize = 5_000_000;

impl Graph {
    /// The cycles, the harmless ones last.
    pub fn cycles(&self) -> Vec<Cycle> {
        let mut found: Vec<Cycle> =
            kosaraju_scc(&self.packages).into_iter().filter_map(|packages| self.cycle(packages)).collect();
        found.sort_by_cached_key(|cycle| {
            let first = cycle.packages.first().and_then(|at| self.package(*at)).map(super::Package::label);
            (cycle.is_harmless, first)
        });
        found
    }

    fn cycle(&self, mut packages: Vec<NodeIndex>) -> Option<Cycle> {
        packages.sort_by_cached_key(|at| self.package(*at).map(super::Package::label));
        if let [only] = packages.as_slice() {
            let mut loops = self.packages.edges_connecting(*only, *only).peekable();
            loops.peek()?;
            let by_extras = |need: &super::Need| need.scope != Scope::Main || !need.extras.is_empty();
            let is_harmless = loops.all(|edge| by_extras(edge.weight()));
            return Some(Cycle { round: vec![*only], packages, is_harmless });
        }
        Some(Cycle { round: self.shortest_round(&packages), packages, is_harmless: false })
    }

    fn shortest_round(&self, packages: &[NodeIndex]) -> Vec<NodeIndex> {
        let members: HashMap<NodeIndex, usize> =
            packages.iter().enumerate().map(|(at, package)| (*package, at)).collect();
        let mut best: Vec<NodeIndex> = Vec::new();
        let mut left = MOST_EDGES;
        for start in packages.iter().take(MOST_STARTS) {
            // The first search may look at every edge, so that there is always a round.
            if left == 0 && !best.is_empty() {
                break;
            }
            let round = self.round_from(*start, &members, best.len(), &mut left);
            if !round.is_empty() && (best.is_empty() || round.len() < best.len()) {
                best = round;
            }
            if best.len() == 2 {
                break;
            }
        }
        best
    }

    /// A shortest round through one package; nothing where it is not shorter than a known one (0: none is known).
    fn round_from(
        &self,
        start: NodeIndex,
        members: &HashMap<NodeIndex, usize>,
        known: usize,
        left: &mut usize,
    ) -> Vec<NodeIndex> {
        let mut came_from: Vec<Option<NodeIndex>> = vec![None; members.len()];
        let mut waiting = VecDeque::from([(start, 1_usize)]);
        while let Some((at, length)) = waiting.pop_front() {
            if known > 0 && (length >= known || *left == 0) {
                break;
            }
            for next in self.packages.neighbors(at) {
                *left = left.saturating_sub(1);
                if next == start && at != start {
                    return back(at, start, members, &came_from);
                }
                let Some(place) = members.get(&next).and_then(|place| came_from.get_mut(*place)) else {
                    continue;
                };
                if next != start && place.is_none() {
                    *place = Some(at);
                    waiting.push_back((next, length + 1));
                }
            }
        }
        Vec::new()
    }
}

fn back(
    end: NodeIndex,
    start: NodeIndex,
    members: &HashMap<NodeIndex, usize>,
    came_from: &[Option<NodeIndex>],
) -> Vec<NodeIndex> {
    let mut round = vec![end];
    let mut at = end;
    while at != start {
        let Some(before) = members.get(&at).and_then(|place| came_from.get(*place).copied().flatten()) else {
            break;
        };
        round.push(before);
        at = before;
    }
    round.reverse();
    round
}
