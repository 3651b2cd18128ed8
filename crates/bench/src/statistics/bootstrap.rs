//! Intervals by resampling: no formula for the spread of a median is needed, and none of the distribution.

use fastrand::Rng;

use super::expansion::share_outside;
use super::summary::{as_float, floor_index};
use super::{halfway, median_of_sorted, sorted};

/// Fewer values than this have no interval of 95 %: even from the smallest to the largest of five values, the median
/// lies between them in 93.75 % of all cases only.
pub const FEWEST: usize = 6;

/// From where to where a figure lies, with the confidence that was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Bootstrap {
    /// The seed of the generator: the same seed gives the same interval.
    pub seed: u64,
    /// How many times to resample.
    pub resamples: usize,
    /// The confidence, such as 0.95.
    pub confidence: f64,
}

impl Interval {
    /// Whether the value lies between the ends, or is one of them.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

impl Bootstrap {
    /// 10,000 resamples and a confidence of 95 %, which is what every report has.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, resamples: 10_000, confidence: 0.95 }
    }

    pub(super) fn generator(self) -> Rng {
        Rng::with_seed(self.seed)
    }

    /// The interval that leaves out this share of the figures on each side; there is a figure for each resample.
    pub(super) fn interval(mut figures: Vec<f64>, outside: f64) -> Option<Interval> {
        Some(Interval {
            low: quantile_of(&mut figures, outside)?,
            high: quantile_of(&mut figures, 1.0 - outside)?,
        })
    }
}

/// The interval of the median of these values, by the expanded percentiles of the medians of resamples (Hesterberg 2015):
/// plain percentiles are too narrow for a dozen values. `None` with fewer than [`FEWEST`] values, or where one is
/// infinite or not a number.
pub fn median_interval(values: &[f64], bootstrap: &Bootstrap) -> Option<Interval> {
    let ascending = sorted(values)?;
    let count = ascending.len();
    if count < FEWEST {
        return None;
    }
    let resampler = Resampler::new(ascending);
    let mut generator = bootstrap.generator();
    let medians = (0..bootstrap.resamples).map(|_| resampler.median(&mut generator)).collect();
    Bootstrap::interval(medians, share_outside(count, bootstrap.confidence)?)
}

/// Draws resamples of values and tells their medians.
///
/// A resample of n values is n numbers between 0 and 1, each of which picks a value from the sorted list. Only the
/// numbers in the middle matter, and these are drawn without the others: see [`middle`].
pub(super) struct Resampler {
    ascending: Vec<f64>,
}

impl Resampler {
    pub(super) fn new(ascending: Vec<f64>) -> Self {
        Self { ascending }
    }

    /// The median of as many values as there are, drawn with replacement. 0 where there are none.
    pub(super) fn median(&self, generator: &mut Rng) -> f64 {
        let count = self.ascending.len();
        if count == 0 {
            return 0.0;
        }
        if count % 2 == 1 {
            return self.at(order_statistic(generator, count, count / 2));
        }
        let (below, above) = middle(generator, count);
        halfway(self.at(below), self.at(above))
    }

    /// The value at this share of the list.
    fn at(&self, share: f64) -> f64 {
        let place = floor_index(share * as_float(self.ascending.len()));
        self.ascending.get(place).or(self.ascending.last()).copied().unwrap_or_default()
    }
}

/// Of that many uniform numbers from 0 to 1, the one with this rank. The numbers are drawn bit by bit, from the first one
/// on, and after each bit those are left out that do not have the rank: for a hundred numbers, some two hundred bits.
fn order_statistic(generator: &mut Rng, mut count: usize, mut rank: usize) -> f64 {
    let (mut low, mut width) = (0.0, 1.0);
    while count > 1 && width > f64::EPSILON {
        width /= 2.0;
        let below = zeros(generator, count);
        if rank < below {
            count = below;
        } else {
            low += width;
            (count, rank) = (count - below, rank - below);
        }
    }
    low + width * generator.f64()
}

/// Of an even number of uniform numbers from 0 to 1, the two in the middle.
fn middle(generator: &mut Rng, mut count: usize) -> (f64, f64) {
    let (mut low, mut width, mut rank) = (0.0, 1.0, count / 2 - 1);
    while width > f64::EPSILON {
        width /= 2.0;
        let below = zeros(generator, count);
        if rank + 1 < below {
            count = below;
        } else if rank >= below {
            low += width;
            (count, rank) = (count - below, rank - below);
        } else {
            // The first one is the largest of those below, the second one the smallest of those above.
            let first = order_statistic(generator, below, rank);
            let second = order_statistic(generator, count - below, 0);
            return (low + width * first, low + width * (1.0 + second));
        }
    }
    (low, low)
}

/// How many of that many random bits are 0.
fn zeros(generator: &mut Rng, count: usize) -> usize {
    let mut zeros = 0;
    let mut left = count;
    while left > 64 {
        zeros += generator.u64(..).count_zeros() as usize;
        left -= 64;
    }
    // The bits that are too many are made ones.
    let unused = u64::MAX.checked_shl(u32::try_from(left).unwrap_or(64)).unwrap_or(0);
    zeros + (generator.u64(..) | unused).count_zeros() as usize
}

/// As [`quantile`](super::quantile), of values in any order, without sorting all of them.
fn quantile_of(values: &mut [f64], share: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&share) {
        return None;
    }
    let place = share * as_float(values.len().checked_sub(1)?);
    let (_, low, above) = values.select_nth_unstable_by(floor_index(place), f64::total_cmp);
    let high = above.iter().copied().reduce(f64::min).unwrap_or(*low);
    Some(*low + (high - *low) * place.fract())
}

/// The median of these values, which need not be sorted.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    median_of_sorted(&sorted(values)?)
}

#[cfg(test)]
mod tests;
