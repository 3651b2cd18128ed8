//! What may be said of a change.

use crate::statistics::Ratio;

/// What may be said of a change, by the ratio of after over before and its interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// The interval lies below 1, and the effect is over the bound.
    Faster,
    /// The interval lies above 1, and the effect is over the bound.
    Slower,
    /// Nothing in the interval is a change that matters.
    Same,
    /// It may be faster, slower or the same: too few samples, or too much noise.
    Unclear,
    /// It was measured in one of the runs only.
    Missing,
}

impl Verdict {
    /// The verdict of a ratio of after over before. A change matters from `1 + effect` on, or below its inverse.
    pub fn of(ratio: Option<&Ratio>, effect: f64) -> Self {
        let Some(ratio) = ratio else { return Self::Missing };
        let Some(interval) = ratio.interval else { return Self::Unclear };
        let bound = 1.0 + effect;
        let is_small = |value: f64| value <= bound && value >= 1.0 / bound;
        match ratio.value {
            _ if is_small(interval.low) && is_small(interval.high) => Self::Same,
            value if interval.contains(1.0) || is_small(value) => Self::Unclear,
            value if value > 1.0 => Self::Slower,
            _ => Self::Faster,
        }
    }

    /// Every verdict, in the order of reports.
    pub const ALL: [Self; 5] = [Self::Slower, Self::Faster, Self::Same, Self::Unclear, Self::Missing];

    /// The word for it, also in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Faster => "faster",
            Self::Slower => "slower",
            Self::Same => "same",
            Self::Unclear => "unclear",
            Self::Missing => "missing",
        }
    }
}
