//! Whether the machine was quiet enough.

use super::bootstrap::FEWEST;
use super::summary::{Summary, as_float};
use crate::model::Series;

/// A load average for each thread of the processor, before a command, above which the machine had other things to do.
/// The commands before it are in it too, and uv keeps all threads busy, so that only what is above all threads is foreign.
const BUSY: f64 = 1.25;

/// A spread (1.4826 MAD over the median, the standard deviation of a normal distribution) above which samples of one
/// command differ too much.
const WIDE: f64 = 0.10;

/// What disturbed a series.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Noise {
    /// The highest load average over one minute before a sample, for each thread of the processor.
    pub load: Option<f64>,
    /// 1.4826 MAD over the median: about the standard deviation, as a share. `None` where the median is 0.
    pub spread: Option<f64>,
    /// What is too much; empty for a quiet series.
    pub reasons: Vec<NoiseReason>,
}

/// Why a series is noisy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoiseReason {
    /// The machine had other things to do.
    Load,
    /// The samples differ much.
    Spread,
    /// Some samples are far from the others.
    Outliers,
    /// The first sample is much slower than the others.
    SlowFirst,
}

impl Noise {
    /// Whether anything is too much.
    pub fn is_noisy(&self) -> bool {
        !self.reasons.is_empty()
    }
}

/// What disturbed the wall times of this series on a machine with that many threads. `None` without samples; fewer than
/// [`FEWEST`] tell of the load only.
pub fn noise(series: &Series, cores: usize) -> Option<Noise> {
    let times: Vec<f64> = series.samples.iter().map(|sample| sample.wall).collect();
    let summary = Summary::of(&times)?;
    let loads = series.samples.iter().filter_map(|sample| sample.load).filter(|load| load.is_finite());
    let load = loads.reduce(f64::max).map(|load| load / as_float(cores.max(1)));
    let spread = (summary.median > 0.0).then(|| 1.4826 * summary.mad / summary.median);
    // A handful of samples tells nothing of which of them are usual.
    let is_enough = summary.count >= FEWEST;
    let found = [
        (load.is_some_and(|load| load > BUSY), NoiseReason::Load),
        (is_enough && spread.is_some_and(|spread| spread > WIDE), NoiseReason::Spread),
        (is_enough && summary.slow_first, NoiseReason::SlowFirst),
        (is_enough && summary.outliers.len() > usize::from(summary.slow_first), NoiseReason::Outliers),
    ];
    let reasons = found.into_iter().filter(|(is_found, _)| *is_found).map(|(_, reason)| reason).collect();
    Some(Noise { load, spread, reasons })
}

#[cfg(test)]
mod tests;
