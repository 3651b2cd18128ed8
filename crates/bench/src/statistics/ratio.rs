//! How many times as much: the ratio of two contenders, and of two runs.

use std::collections::BTreeMap;

use super::bootstrap::{Bootstrap, FEWEST, Interval, Resampler, median};
use super::sorted;
use crate::model::{Sample, Series};

/// What of a sample is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// From start to end, in seconds.
    Wall,
    /// Time of the processors, in the program and in the kernel for it, in seconds.
    Cpu,
    /// The peak memory of the largest single process, in bytes.
    PeakMemory,
}

/// A ratio and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Ratio {
    /// The ratio itself. Of pairs: the median of the ratios of the pairs. Of two runs: the ratio of their medians.
    /// It is the median on the logarithmic scale, so that the ratio the other way round is exactly the inverse; that
    /// differs from the usual median for even numbers only, where it is the geometric mean of the two in the middle.
    pub value: f64,
    /// The interval of 95 %, or of another confidence that was asked for; `None` with fewer than [`FEWEST`] pairs.
    pub interval: Option<Interval>,
    /// The smallest and the largest ratio of a pair; `None` for two runs.
    pub range: Option<Interval>,
    /// How many pairs it is from, or for two runs the samples of the smaller one.
    pub pairs: usize,
    /// How many samples had no partner, or a measure of 0 (a clock that is too coarse).
    pub dropped: usize,
}

impl Measure {
    /// This of a sample; `None` where it is not known.
    pub fn of(self, sample: &Sample) -> Option<f64> {
        match self {
            Self::Wall => Some(sample.wall),
            Self::Cpu => Some(sample.user + sample.system),
            #[expect(clippy::cast_precision_loss, reason = "a ratio of bytes needs no single byte")]
            Self::PeakMemory => sample.peak_memory.map(|bytes| bytes as f64),
        }
    }

    /// This of all samples of a series of which it is known.
    pub fn values(self, series: &Series) -> Vec<f64> {
        series.samples.iter().filter_map(|sample| self.of(sample)).collect()
    }
}

impl Ratio {
    /// Whether there is an interval, and 1 lies outside: only then may a difference be claimed.
    pub fn is_sure(&self) -> bool {
        self.interval.is_some_and(|interval| !interval.contains(1.0))
    }

    /// The same ratio the other way round.
    #[must_use]
    pub fn inverse(self) -> Self {
        let turned = |old: Interval| Interval { low: 1.0 / old.high, high: 1.0 / old.low };
        let (interval, range) = (self.interval.map(turned), self.range.map(turned));
        Self { value: 1.0 / self.value, interval, range, ..self }
    }
}

/// The ratio `numerator / denominator` of samples that ran in the same block, one after the other: what slowed the
/// machine down for a while slowed both. `None` without any pair.
///
/// With the times of pip above and those of uv below, it is how many times as fast uv is.
pub fn paired_ratio(
    numerator: &Series,
    denominator: &Series,
    measure: Measure,
    bootstrap: &Bootstrap,
) -> Option<Ratio> {
    let partners: BTreeMap<u32, &Sample> =
        denominator.samples.iter().rev().map(|sample| (sample.block, sample)).collect();
    let firsts: BTreeMap<u32, &Sample> =
        numerator.samples.iter().rev().map(|sample| (sample.block, sample)).collect();
    let logarithms: Vec<f64> = firsts
        .iter()
        .filter_map(|(block, sample)| log_ratio(measure.of(sample)?, measure.of(partners.get(block)?)?))
        .collect();
    let value = median(&logarithms)?.exp();
    let interval = super::median_interval(&logarithms, bootstrap).map(Interval::exp);
    let ascending = sorted(&logarithms)?;
    let range = Interval { low: ascending.first()?.exp(), high: ascending.last()?.exp() };
    let asked = numerator.samples.len().max(denominator.samples.len());
    let (pairs, dropped) = (logarithms.len(), asked - logarithms.len());
    Some(Ratio { value, interval, range: Some(range), pairs, dropped })
}

/// The ratio of the medians of two samples that have nothing to do with each other: two runs. Both are resampled.
/// `None` where one has no positive value.
pub fn unpaired_ratio(numerator: &[f64], denominator: &[f64], bootstrap: &Bootstrap) -> Option<Ratio> {
    let above = sorted(&logarithms(numerator))?;
    let below = sorted(&logarithms(denominator))?;
    let (pairs, asked) = (above.len().min(below.len()), numerator.len() + denominator.len());
    let dropped = asked - above.len() - below.len();
    let value = (median(&above)? - median(&below)?).exp();
    let interval = if pairs < FEWEST { None } else { unpaired_interval(above, below, bootstrap) };
    Some(Ratio { value, interval, range: None, pairs, dropped })
}

fn unpaired_interval(above: Vec<f64>, below: Vec<f64>, bootstrap: &Bootstrap) -> Option<Interval> {
    let mut generator = bootstrap.generator();
    let (above, below) = (Resampler::new(above), Resampler::new(below));
    let differences = (0..bootstrap.resamples)
        .map(|_| above.median(&mut generator) - below.median(&mut generator))
        .collect();
    // Unlike the interval of one median, that of a difference is wide enough as it is: 95 to 97 % of those of 6 to 30
    // samples each hold the truth.
    Bootstrap::interval(differences, (1.0 - bootstrap.confidence) / 2.0).map(Interval::exp)
}

impl Interval {
    fn exp(self) -> Self {
        Self { low: self.low.exp(), high: self.high.exp() }
    }
}

fn log_ratio(numerator: f64, denominator: f64) -> Option<f64> {
    let usable = numerator > 0.0 && denominator > 0.0 && numerator.is_finite() && denominator.is_finite();
    usable.then(|| numerator.ln() - denominator.ln())
}

fn logarithms(values: &[f64]) -> Vec<f64> {
    values.iter().filter(|value| **value > 0.0 && value.is_finite()).map(|value| value.ln()).collect()
}

#[cfg(test)]
mod tests;
