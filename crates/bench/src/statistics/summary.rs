//! One series in a few figures.

use super::{median_of_sorted, sorted};

/// The definition of the quartiles, by the numbers of Hyndman and Fan (1996): that of numpy and R, and of the box plots
/// that other tools draw of the same files.
pub const QUARTILES: &str = "Hyndman and Fan 7";

/// A sample whose distance to the median is more than this many times the MAD is an outlier: ten standard deviations
/// of a normal distribution, as in hyperfine 1.20. (The modified z-score of Iglewicz and Hoaglin has a factor of 0.6745
/// besides, so that this is a score of 10 there, where 3.5 is their usual bound. Times have longer tails.)
pub const OUTLIER_SCORE: f64 = 14.826;

/// A series of values of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// How many values there are.
    pub count: usize,
    /// The arithmetic mean.
    pub mean: f64,
    /// The standard deviation of the sample (divided by `count - 1`); `None` for one value.
    pub standard_deviation: Option<f64>,
    /// The value in the middle, or the one between the two in the middle.
    pub median: f64,
    /// The median of the distances to the median. It is not scaled.
    pub mad: f64,
    /// A quarter of the values is below it, by [`QUARTILES`].
    pub lower_quartile: f64,
    /// A quarter of the values is above it, by [`QUARTILES`].
    pub upper_quartile: f64,
    /// The smallest value.
    pub minimum: f64,
    /// The largest value.
    pub maximum: f64,
    /// The places of the values that are far from the others, see [`OUTLIER_SCORE`].
    pub outliers: Vec<usize>,
    /// Whether the first value is one of them, and a large one: caches were not warm.
    pub slow_first: bool,
}

impl Summary {
    /// The figures of these values; `None` where there is no value, one of them is infinite or not a number, or they are so
    /// far apart that their distance is.
    pub fn of(values: &[f64]) -> Option<Self> {
        let ordered = sorted(values)?;
        let mean = mean(values);
        let median = median_of_sorted(&ordered)?;
        let scores = modified_scores(values)?;
        Some(Self {
            count: values.len(),
            mean,
            standard_deviation: standard_deviation(values, mean),
            median,
            mad: mad(values, median)?,
            lower_quartile: quantile(&ordered, 0.25)?,
            upper_quartile: quantile(&ordered, 0.75)?,
            minimum: *ordered.first()?,
            maximum: *ordered.last()?,
            outliers: (0..).zip(&scores).filter(|(_, s)| s.abs() > OUTLIER_SCORE).map(|(i, _)| i).collect(),
            slow_first: scores.first().is_some_and(|score| *score > OUTLIER_SCORE),
        })
    }
}

/// The distance of each value to the median, in units of the MAD. Where the MAD is 0 (more than half of the values are
/// equal), every other value is far away. `None` as in [`Summary::of`].
pub fn modified_scores(values: &[f64]) -> Option<Vec<f64>> {
    let median = median_of_sorted(&sorted(values)?)?;
    let unit = mad(values, median)?.max(f64::EPSILON);
    Some(values.iter().map(|value| (value - median) / unit).collect())
}

/// The value below which this share (0 to 1) of the values in ascending order lies, by [`QUARTILES`]. `None` where there
/// is no value or no such share.
pub fn quantile(ascending: &[f64], share: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&share) {
        return None;
    }
    let place = share * as_float(ascending.len().checked_sub(1)?);
    let below = floor_index(place);
    let low = *ascending.get(below)?;
    let high = *ascending.get(below + 1).unwrap_or(&low);
    Some(low + (high - low) * (place - place.floor()))
}

fn mean(values: &[f64]) -> f64 {
    let count = as_float(values.len());
    // Sums of times are small, sums of what a file may hold are not.
    let plain = values.iter().sum::<f64>() / count;
    if plain.is_finite() { plain } else { values.iter().map(|value| value / count).sum() }
}

fn standard_deviation(values: &[f64], mean: f64) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let largest = values.iter().map(|value| (value - mean).abs()).fold(0.0, f64::max);
    if largest == 0.0 {
        return Some(0.0);
    }
    let squares: f64 = values.iter().map(|value| ((value - mean) / largest).powi(2)).sum();
    Some(largest * (squares / as_float(values.len() - 1)).sqrt())
}

fn mad(values: &[f64], median: f64) -> Option<f64> {
    let distances: Vec<f64> = values.iter().map(|value| (value - median).abs()).collect();
    median_of_sorted(&sorted(&distances)?)
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2 to the power of 53 samples")]
pub(super) fn as_float(count: usize) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place in a list, rounded down"
)]
pub(super) fn floor_index(place: f64) -> usize {
    place.floor() as usize
}

#[cfg(test)]
mod tests;
