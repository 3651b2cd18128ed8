//! Which distributions were asked for, and which are there only because others need them.

use std::collections::{BTreeMap, BTreeSet};

use uvshift_requirements::{normalize_name, parse};

use crate::{Distribution, Environment, Form, Interpreter};

/// The distributions that somebody asked for, as far as an environment tells.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Roots<'a> {
    /// The distributions, by name. Tools that every environment has are left out.
    pub of: Vec<Root<'a>>,
    /// How it is known.
    pub basis: Basis,
}

/// A distribution that somebody asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root<'a> {
    /// The distribution.
    pub distribution: &'a Distribution,
    /// Extras that explain distributions which nobody asked for: all that such an extra requires is there, and something
    /// of it would not be there otherwise.
    pub extras: Vec<String>,
}

/// How the distributions that were asked for are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// An installer marked some of its distributions as asked for and others not (`REQUESTED` of PEP 376; pip does since 20.2).
    Marks,
    /// Nothing tells them apart, as uv marks everything and older tools nothing: those that no other one requires.
    Dependencies,
}

impl Environment {
    /// The distributions that somebody asked for.
    ///
    /// Every distribution is one of them or is required by them, so nothing is lost by keeping only these. Of distributions that
    /// require each other and that nothing else requires, the first one by name stands for all.
    pub fn roots(&self) -> Roots<'_> {
        let graph = Graph::of(&self.distributions, &self.interpreter);
        let telling = telling_installers(&self.distributions);
        let asked: Vec<usize> = (0..self.distributions.len())
            .filter(|at| is_asked_for(&self.distributions[*at], &telling))
            .collect();
        let mut reached = Reached::default();
        for at in &asked {
            reached.visit(&graph, *at, None);
        }
        let extras = graph.explaining_extras(&asked, &mut reached);
        let mut roots: BTreeSet<usize> = asked.into_iter().collect();
        for at in graph.sources_first(&extras) {
            if !reached.nodes.contains(&at) {
                reached.visit(&graph, at, None);
                roots.insert(at);
            }
        }
        let basis = if telling.is_empty() { Basis::Dependencies } else { Basis::Marks };
        let of = roots
            .into_iter()
            .filter(|at| !self.distributions[*at].is_seed())
            .map(|at| Root {
                distribution: &self.distributions[at],
                extras: extras.get(&at).cloned().unwrap_or_default(),
            })
            .collect();
        Roots { of, basis }
    }
}

/// Installers whose marks differ among what they installed.
fn telling_installers(distributions: &[Distribution]) -> BTreeSet<&str> {
    let mut marks: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
    for found in distributions.iter().filter(|found| !found.is_seed() && found.form != Form::EggLink) {
        let (with, without) = marks.entry(installer(found)).or_default();
        *with |= found.requested;
        *without |= !found.requested;
    }
    marks.into_iter().filter(|(_, (with, without))| *with && *without).map(|(name, _)| name).collect()
}

fn installer(distribution: &Distribution) -> &str {
    distribution.installer.as_deref().unwrap_or_default()
}

fn is_asked_for(distribution: &Distribution, telling: &BTreeSet<&str>) -> bool {
    distribution.requested
        && (distribution.form == Form::EggLink || telling.contains(installer(distribution)))
}

/// A requirement of a distribution.
struct Edge {
    /// The distribution that satisfies it; `None` where it is not installed.
    to: Option<usize>,
    extras: Vec<String>,
    marker: Option<String>,
}

struct Graph<'a> {
    interpreter: &'a Interpreter,
    edges: Vec<Vec<Edge>>,
    /// The extras that each distribution offers, normalised.
    offered: Vec<Vec<String>>,
}

impl<'a> Graph<'a> {
    fn of(distributions: &[Distribution], interpreter: &'a Interpreter) -> Self {
        let place: BTreeMap<&str, usize> = distributions
            .iter()
            .enumerate()
            .map(|(at, found)| (found.normalized_name.as_str(), at))
            .collect();
        let edges = distributions
            .iter()
            .map(|found| found.requires.iter().filter_map(|requirement| edge(requirement, &place)).collect());
        let offered =
            distributions.iter().map(|found| found.extras.iter().map(|it| normalize_name(it)).collect());
        Self { interpreter, edges: edges.collect(), offered: offered.collect() }
    }

    fn holding<'g>(&'g self, at: usize, extra: Option<&'g str>) -> impl Iterator<Item = &'g Edge> {
        self.edges[at].iter().filter(move |edge| {
            edge.marker.as_deref().is_none_or(|marker| self.interpreter.holds(marker, extra))
        })
    }

    /// Extras of what was asked for that explain distributions which nothing has reached yet.
    fn explaining_extras(&self, asked: &[usize], reached: &mut Reached) -> BTreeMap<usize, Vec<String>> {
        let mut chosen: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for at in asked {
            let plain: BTreeSet<Option<usize>> = self.holding(*at, None).map(|edge| edge.to).collect();
            let mut extras: Vec<(BTreeSet<Option<usize>>, &String)> = self.offered[*at]
                .iter()
                .map(|extra| (self.holding(*at, Some(extra)).map(|edge| edge.to).collect(), extra))
                .collect();
            // The smaller one is the better explanation: `socks` rather than `all`.
            extras.sort_by_key(|(targets, _)| targets.len());
            for (targets, extra) in extras {
                let new = || targets.iter().flatten().any(|to| !reached.nodes.contains(to));
                if targets.is_subset(&plain) || targets.contains(&None) || !new() {
                    continue;
                }
                reached.visit(self, *at, Some(extra));
                chosen.entry(*at).or_default().push(extra.clone());
            }
        }
        chosen
    }

    /// All distributions in such an order that the first one which is not reached from those before it is required by
    /// none that comes later: the reverse of the order in which a search in depth leaves them.
    fn sources_first(&self, extras: &BTreeMap<usize, Vec<String>>) -> Vec<usize> {
        let neighbours = self.neighbours(extras);
        let mut order = Vec::new();
        let mut seen = vec![false; self.edges.len()];
        for start in 0..self.edges.len() {
            let mut stack = vec![(start, 0)];
            if std::mem::replace(&mut seen[start], true) {
                continue;
            }
            while let Some((at, next)) = stack.pop() {
                let Some(to) = neighbours[at].get(next) else {
                    order.push(at);
                    continue;
                };
                stack.push((at, next + 1));
                if !std::mem::replace(&mut seen[*to], true) {
                    stack.push((*to, 0));
                }
            }
        }
        order.reverse();
        order
    }

    /// What each distribution requires, with the extras that any other one asks it for.
    fn neighbours(&self, extras: &BTreeMap<usize, Vec<String>>) -> Vec<Vec<usize>> {
        let mut all = Reached::default();
        for at in 0..self.edges.len() {
            all.visit(self, at, None);
            for extra in extras.get(&at).into_iter().flatten() {
                all.visit(self, at, Some(extra));
            }
        }
        let mut neighbours = vec![BTreeSet::new(); self.edges.len()];
        for (at, extra) in &all.asked {
            neighbours[*at].extend(self.holding(*at, extra.as_deref()).filter_map(|edge| edge.to));
        }
        neighbours.into_iter().map(|set| set.into_iter().collect()).collect()
    }
}

fn edge(requirement: &str, place: &BTreeMap<&str, usize>) -> Option<Edge> {
    let document = parse(requirement);
    let (_, found) = document.requirements().next()?;
    Some(Edge {
        to: place.get(found.normalized_name()?.as_str()).copied(),
        extras: found.extras().map(normalize_name).collect(),
        marker: found.marker().map(str::to_owned),
    })
}

/// What some distributions require, over any number of steps.
#[derive(Default)]
struct Reached {
    nodes: BTreeSet<usize>,
    /// Every distribution with every extra that it was asked for.
    asked: BTreeSet<(usize, Option<String>)>,
}

impl Reached {
    fn visit(&mut self, graph: &Graph<'_>, at: usize, extra: Option<&str>) {
        let mut waiting = vec![(at, extra.map(str::to_owned))];
        while let Some(next) = waiting.pop() {
            if !self.asked.insert(next.clone()) {
                continue;
            }
            let (at, extra) = next;
            self.nodes.insert(at);
            for edge in graph.holding(at, extra.as_deref()) {
                let Some(to) = edge.to else { continue };
                waiting.push((to, None));
                waiting.extend(edge.extras.iter().map(|extra| (to, Some(extra.clone()))));
            }
        }
    }
}

#[cfg(test)]
mod tests;
