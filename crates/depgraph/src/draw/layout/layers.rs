//! In which layer each package stands.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::model::{Picture, Role};

/// The layer of each package: projects are in the first, what they declare in the second, and everything else one to the right of
/// all that need it. Packages that need each other in a circle share a layer; what nothing needs has the last one for itself.
pub(super) fn layers(picture: &Picture) -> Vec<usize> {
    let is_free = |place: usize| picture.nodes[place].role == Role::Indirect;
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(picture.nodes.len(), picture.edges.len());
    for _ in &picture.nodes {
        graph.add_node(());
    }
    for edge in picture.edges.iter().filter(|edge| is_free(edge.from) && is_free(edge.to)) {
        graph.add_edge(NodeIndex::new(edge.from), NodeIndex::new(edge.to), ());
    }
    let mut layers: Vec<usize> = picture.nodes.iter().map(|node| least(node.role)).collect();
    // Circles come with those first that need no other, so the other way round each comes after all that need it.
    let circles = kosaraju_scc(&graph);
    let mut circle_of = vec![0; layers.len()];
    for (number, circle) in circles.iter().enumerate() {
        for member in circle {
            circle_of[member.index()] = number;
        }
    }
    for (number, circle) in circles.iter().enumerate().rev() {
        let deepest = circle.iter().map(|member| layers[member.index()]).max().unwrap_or(0);
        for member in circle {
            layers[member.index()] = deepest;
        }
        for next in circle.iter().flat_map(|member| graph.neighbors(*member)) {
            if circle_of[next.index()] != number {
                layers[next.index()] = layers[next.index()].max(deepest + 1);
            }
        }
    }
    let last = layers.iter().max().map_or(0, |last| last + 1);
    for (layer, node) in layers.iter_mut().zip(&picture.nodes) {
        if node.role == Role::Loose {
            *layer = last;
        }
    }
    without_gaps(&mut layers);
    layers
}

fn least(role: Role) -> usize {
    match role {
        Role::Project | Role::Loose => 0,
        Role::Direct => 1,
        Role::Indirect => 2,
    }
}

/// A graph without projects, or without transitive packages, begins at the left and ends where it ends.
fn without_gaps(layers: &mut [usize]) {
    let count = layers.iter().max().map_or(0, |last| last + 1);
    let mut is_used = vec![false; count];
    for layer in layers.iter() {
        is_used[*layer] = true;
    }
    let mut next = 0;
    let numbers: Vec<usize> = is_used
        .iter()
        .map(|is_used| {
            next += usize::from(*is_used);
            next - usize::from(*is_used)
        })
        .collect();
    for layer in layers {
        *layer = numbers[*layer];
    }
}
