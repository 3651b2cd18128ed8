//! In which order the packages of a layer stand: the one that few lines cross in.

use super::model::Picture;
use super::real;

/// How often the order is swept from left to right and back.
const SWEEPS: usize = 14;

/// More points than this are not set where long edges pass layers; the order then looks at short edges only.
const MOST_POINTS: usize = 20_000;

/// What stands in each layer, from top to bottom.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// Items of each layer: packages, and points where an edge passes.
    pub(super) layers: Vec<Vec<usize>>,
    /// The points of each edge of the picture, from left to right.
    pub(super) points: Vec<Vec<usize>>,
    /// What each item is joined to in the layer at its left.
    pub(super) before: Vec<Vec<usize>>,
    /// What each item is joined to in the layer at its right.
    pub(super) after: Vec<Vec<usize>>,
    /// The layer of each item.
    pub(super) layer_of: Vec<usize>,
}

/// Finds the order. Packages of a smaller key stand above those of a larger one.
pub(super) fn order(picture: &Picture, layer_of: Vec<usize>, keys: &[usize]) -> Order {
    let mut order = joined(picture, layer_of);
    let count = order.layer_of.iter().max().map_or(0, |last| last + 1);
    order.layers = vec![Vec::new(); count];
    for item in first_order(&order) {
        order.layers[order.layer_of[item]].push(item);
    }
    let key = |item: usize| keys.get(item).copied().unwrap_or(0);
    for layer in &mut order.layers {
        layer.sort_by_key(|item| key(*item));
    }
    let mut positions = vec![0.0; order.layer_of.len()];
    order.layers.iter().for_each(|layer| number(layer, &mut positions));
    let mut best = (crossings(&order, &positions), order.layers.clone());
    for sweep in 0..SWEEPS {
        let is_forward = sweep % 2 == 0;
        for step in 1..count {
            let place = if is_forward { step } else { count - 1 - step };
            let neighbours = if is_forward { &order.before } else { &order.after };
            let layer = &mut order.layers[place];
            let wished: Vec<(usize, f64, usize)> = layer
                .iter()
                .map(|item| (key(*item), mean(&neighbours[*item], &positions, *item), *item))
                .collect();
            *layer = sorted(wished);
            number(layer, &mut positions);
        }
        let crossings = crossings(&order, &positions);
        if crossings < best.0 {
            best = (crossings, order.layers.clone());
        }
    }
    order.layers = best.1;
    order
}

/// Joins neighbouring layers, with a point in each layer that an edge passes.
fn joined(picture: &Picture, layer_of: Vec<usize>) -> Order {
    let mut order = Order {
        points: vec![Vec::new(); picture.edges.len()],
        before: vec![Vec::new(); layer_of.len()],
        after: vec![Vec::new(); layer_of.len()],
        layer_of,
        ..Order::default()
    };
    let mut left = MOST_POINTS;
    for (index, edge) in picture.edges.iter().enumerate().filter(|(_, edge)| !edge.is_implied) {
        let (from, to) = (order.layer_of[edge.from], order.layer_of[edge.to]);
        let passed = to.saturating_sub(from + 1);
        if to <= from || passed > left {
            continue;
        }
        left -= passed;
        let mut last = edge.from;
        for layer in from + 1..to {
            let point = order.layer_of.len();
            order.layer_of.push(layer);
            order.before.push(Vec::new());
            order.after.push(Vec::new());
            order.join(last, point);
            order.points[index].push(point);
            last = point;
        }
        order.join(last, edge.to);
    }
    order
}

impl Order {
    fn join(&mut self, left: usize, right: usize) {
        self.after[left].push(right);
        self.before[right].push(left);
    }
}

/// Depth first from the left, so that what belongs together begins together.
fn first_order(order: &Order) -> Vec<usize> {
    let mut starts: Vec<usize> = (0..order.layer_of.len()).collect();
    starts.sort_by_key(|item| order.layer_of[*item]);
    let mut is_seen = vec![false; starts.len()];
    let mut found = Vec::with_capacity(starts.len());
    for start in starts {
        let mut waiting = vec![start];
        while let Some(item) = waiting.pop() {
            if !std::mem::replace(&mut is_seen[item], true) {
                found.push(item);
                waiting.extend(order.after[item].iter().rev());
            }
        }
    }
    found
}

fn number(layer: &[usize], positions: &mut [f64]) {
    // Positions are parts of the whole layer: layers of different sizes then agree about where the middle is.
    let size = real(layer.len());
    for (place, item) in layer.iter().enumerate() {
        positions[*item] = (real(place) + 0.5) / size;
    }
}

fn mean(neighbours: &[usize], positions: &[f64], item: usize) -> f64 {
    if neighbours.is_empty() {
        return positions[item];
    }
    neighbours.iter().map(|neighbour| positions[*neighbour]).sum::<f64>() / real(neighbours.len())
}

fn sorted(mut wished: Vec<(usize, f64, usize)>) -> Vec<usize> {
    wished.sort_by(|left, right| left.0.cmp(&right.0).then(left.1.total_cmp(&right.1)));
    wished.into_iter().map(|(_, _, item)| item).collect()
}

/// How many pairs of lines cross between neighbouring layers.
fn crossings(order: &Order, positions: &[f64]) -> u64 {
    let between = |layer: &Vec<usize>| {
        let mut ends: Vec<(f64, f64)> = Vec::new();
        for item in layer {
            let first = ends.len();
            ends.extend(order.after[*item].iter().map(|next| (positions[*item], positions[*next])));
            ends[first..].sort_by(|left, right| left.1.total_cmp(&right.1));
        }
        let rights: Vec<f64> = ends.into_iter().map(|(_, right)| right).collect();
        inversions(&rights)
    };
    order.layers.iter().map(between).sum()
}

/// How many pairs of numbers stand in the wrong order, by a tree of counts.
fn inversions(numbers: &[f64]) -> u64 {
    let mut ranks = numbers.to_vec();
    ranks.sort_by(f64::total_cmp);
    ranks.dedup();
    let mut tree = vec![0_u64; ranks.len() + 1];
    let mut total = 0;
    for (seen, number) in (0_u64..).zip(numbers) {
        let rank = ranks.partition_point(|other| other < number) + 1;
        let mut not_after = 0;
        let mut at = rank;
        while at > 0 {
            not_after += tree[at];
            at &= at - 1;
        }
        total += seen - not_after;
        let mut at = rank;
        while at < tree.len() {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_are_counted() {
        assert_eq!(inversions(&[1.0, 2.0, 3.0]), 0);
        assert_eq!(inversions(&[3.0, 2.0, 1.0]), 3);
        assert_eq!(inversions(&[2.0, 2.0, 1.0]), 2);
        assert_eq!(inversions(&[]), 0);
    }
}
