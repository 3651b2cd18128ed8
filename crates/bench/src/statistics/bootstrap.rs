//! Intervals by resampling: no formula for the spread of a median is needed, and none of the distribution.

use fastrand::Rng;

use super::expansion::share_outside;
use super::summary::quantile;
use super::{halfway, median_of_sorted, sorted};

/// Fewer values than this have no interval of 95 %: even from the smallest to the largest of five values, the median
/// lies between them in 93.75 % of all cases only.
pub const FEWEST: usize = 6;

/// From where to where a figure lies, with the confidence that was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
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
        figures.sort_by(f64::total_cmp);
        Some(Interval { low: quantile(&figures, outside)?, high: quantile(&figures, 1.0 - outside)? })
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
    let mut resampler = Resampler::new(ascending);
    let mut generator = bootstrap.generator();
    let medians = (0..bootstrap.resamples).map(|_| resampler.median(&mut generator)).collect();
    Bootstrap::interval(medians, share_outside(count, bootstrap.confidence)?)
}

/// Draws resamples of values and tells their medians. The values are sorted once, so that a resample is only counted:
/// how often each value was drawn.
pub(super) struct Resampler {
    ascending: Vec<f64>,
    drawn: Vec<u32>,
}

impl Resampler {
    pub(super) fn new(ascending: Vec<f64>) -> Self {
        let drawn = vec![0; ascending.len()];
        Self { ascending, drawn }
    }

    /// The median of as many values as there are, drawn with replacement. 0 where there are none.
    pub(super) fn median(&mut self, generator: &mut Rng) -> f64 {
        let count = self.ascending.len();
        if count == 0 {
            return 0.0;
        }
        self.drawn.fill(0);
        for _ in 0..count {
            if let Some(times) = self.drawn.get_mut(generator.usize(..count)) {
                *times += 1;
            }
        }
        let upper = self.at_rank(count / 2);
        if count % 2 == 1 { upper } else { halfway(self.at_rank(count / 2 - 1), upper) }
    }

    /// The value at this place of the resample in ascending order.
    fn at_rank(&self, rank: usize) -> f64 {
        let mut passed = 0;
        for (value, times) in self.ascending.iter().zip(&self.drawn) {
            passed += *times as usize;
            if passed > rank {
                return *value;
            }
        }
        0.0
    }
}

/// The median of these values, which need not be sorted.
pub(super) fn median(values: &[f64]) -> Option<f64> {
    median_of_sorted(&sorted(values)?)
}

#[cfg(test)]
mod tests;
