//! Bounds for CI: `install-warm>=3x`, `medium:install-cold:uv<=2s`.
//!
//! ```text
//! THRESHOLD = [PLACE ":"] OPERATION [":" PLACE] BOUND VALUE, with spaces wherever you like
//! PLACE     = parts between colons, in any order: SCENARIO, WHO, MEASURE, each at most once
//! OPERATION = "resolve" | "install-cold" | "install-warm" | "no-op" | "sync-after-change" | "create-environment"
//! WHO       = CONTENDER | CONTENDER "/" CONTENDER
//! CONTENDER = "pip" | "uv" | a name that begins with "pip-", "uv-" or "venv-"
//! MEASURE   = "wall" (which is the default) | "cpu" | "memory"
//! BOUND     = ">=" | ">" | "<=" | "<"
//! VALUE     = a decimal number with a unit: "x" | "us" | "ms" | "s" | "min" | "KiB" | "MiB" | "GiB"
//! SCENARIO  = any other part; without one, every scenario that has the operation is looked at
//! ```
//!
//! A value in `x` bounds a ratio. `pip/uv>=3x` says that pip takes at least three times as long as uv; without WHO the
//! ratio is `pip/uv`, and one contender alone is below the line of pip: `uv-bytecode>=2x` is `pip/uv-bytecode>=2x`.
//! Other values bound the median of one contender, which is `uv` without WHO. A unit of memory needs no MEASURE.
//!
//! ```
//! use uvshift_bench::threshold::{Side, Subject, parse_threshold};
//!
//! let threshold = parse_threshold("medium:install-warm>=3x")?;
//! assert_eq!(threshold.scenario.as_deref(), Some("medium"));
//! assert_eq!(threshold.subject, Subject::Ratio("pip".to_owned(), "uv".to_owned()));
//! assert_eq!((threshold.side, threshold.bound), (Side::AtLeast, 3.0));
//! # Ok::<(), uvshift_bench::threshold::ThresholdError>(())
//! ```

mod evaluate;
mod parse;

pub use evaluate::evaluate;
pub use parse::{ThresholdError, parse_threshold};

use crate::model::Operation;
use crate::statistics::{Interval, Measure};

/// A bound for CI, as [`parse_threshold`] reads it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Threshold {
    /// As it was written.
    pub text: String,
    /// The scenario it is for; `None` for every one.
    pub scenario: Option<String>,
    /// The operation it is for.
    pub operation: Operation,
    /// What of the samples is bounded.
    pub measure: Measure,
    /// Whose ratio or median is bounded.
    pub subject: Subject,
    /// On which side the bound is.
    pub side: Side,
    /// The bound: a ratio, seconds, or bytes.
    pub bound: f64,
}

/// What a threshold bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The paired ratio of the first contender over the second.
    Ratio(String, String),
    /// The median of one contender.
    Median(String),
}

/// On which side of the bound the figure has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
}

/// What came of a threshold at one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// The threshold, as it was written.
    pub threshold: String,
    /// The scenario; `None` where nothing was measured that the threshold could be for.
    pub scenario: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// The ratio or the median: a ratio, seconds, or bytes.
    pub value: Option<f64>,
    /// Its interval of 95 %.
    pub interval: Option<Interval>,
    /// One sentence with the figures.
    pub message: String,
}

/// What came of a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The whole interval is on the right side.
    Passed,
    /// The whole interval is on the wrong side.
    Failed,
    /// The bound lies within the interval, or there are too few samples for one.
    Undecided,
    /// Nothing was measured that it is for. CI should take it for a failure: the name may be mistyped.
    NotMeasured,
}

impl Outcome {
    /// The word for it, also in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Undecided => "undecided",
            Self::NotMeasured => "not-measured",
        }
    }
}

impl Side {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::Above => ">",
            Self::AtMost => "<=",
            Self::Below => "<",
        }
    }

    /// Whether this value is on the right side of the bound.
    pub fn admits(self, value: f64, bound: f64) -> bool {
        match self {
            Self::AtLeast => value >= bound,
            Self::Above => value > bound,
            Self::AtMost => value <= bound,
            Self::Below => value < bound,
        }
    }
}

#[cfg(test)]
mod tests;
