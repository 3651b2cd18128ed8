//! What a series of samples says, and how sure that is.
//!
//! Medians and deviations from them, since times have a long tail to the right and a few samples that a machine spoils are
//! in every run. Nothing here assumes a normal distribution.

mod bootstrap;
mod expansion;
mod noise;
mod ratio;
mod summary;

pub use bootstrap::{Bootstrap, FEWEST, Interval, median_interval};
pub use noise::{Noise, NoiseReason, noise};
pub use ratio::{Measure, Ratio, paired_ratio, unpaired_ratio};
pub use summary::{OUTLIER_SCORE, QUARTILES, Summary, modified_scores, quantile};

/// The value between two neighbours of an even number of values.
fn halfway(low: f64, high: f64) -> f64 {
    // Not the sum of both, which may be too large for a number.
    low + (high - low) / 2.0
}

/// A copy in ascending order; `None` where there is none or one of them is no finite number.
fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(sorted)
}

/// The median of values in ascending order.
fn median_of_sorted(sorted: &[f64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(halfway(*sorted.get(sorted.len() / 2 - 1)?, upper))
}
