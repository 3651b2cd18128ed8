//! From text to a threshold.

use super::{Side, Subject, Threshold};
use crate::model::Operation;
use crate::statistics::Measure;

/// Why a text is no threshold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ThresholdError {
    /// There is no `>=` or the like.
    #[error("`{text}` has no `>=`, `>`, `<=` or `<`")]
    NoBound {
        /// The threshold.
        text: String,
    },
    /// What is behind the sign is no number with a unit.
    #[error("`{value}` is no number with a unit")]
    Value {
        /// What is behind the sign.
        value: String,
    },
    /// No part names an operation.
    #[error("`{place}` names no operation")]
    NoOperation {
        /// What is before the sign.
        place: String,
    },
    /// Two parts are of the same sort.
    #[error("`{second}` is a second {sort}")]
    Twice {
        /// The part that is too much.
        second: String,
        /// What it is.
        sort: &'static str,
    },
    /// The parts do not go together.
    #[error("`{text}` bounds {problem}")]
    Mismatch {
        /// The threshold.
        text: String,
        /// What does not go together.
        problem: &'static str,
    },
    /// A part is empty, or a name is missing beside a `/`.
    #[error("there is an empty name in `{place}`")]
    Empty {
        /// What is before the sign.
        place: String,
    },
}

impl ThresholdError {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoBound { .. } => "write it like `install-warm>=3x` or `install-warm:uv<=2s`",
            Self::Value { .. } => {
                "the units are x, us, ms, s, min, KiB, MiB and GiB, as in `3x`, `1.5s` or `200MiB`"
            }
            Self::NoOperation { .. } => {
                "the operations are resolve, install-cold, install-warm, no-op, sync-after-change and create-environment"
            }
            Self::Twice { .. } => "a threshold is for one operation; give another threshold for another one",
            Self::Mismatch { .. } => {
                "a ratio such as `pip/uv` has a bound in x, one contender has a bound in units of time or memory"
            }
            Self::Empty { .. } => "write it like `medium:install-warm:pip/uv>=3x`",
        }
    }
}

/// The threshold of a text such as `install-warm>=3x`; the grammar is that of the module.
pub fn parse_threshold(text: &str) -> Result<Threshold, ThresholdError> {
    let text = text.trim();
    let (place, side, value) = split(text)?;
    let (bound, unit) = parse_value(value)?;
    let parts = Parts::of(place)?;
    let measure = measure_of(text, parts.measure, unit)?;
    let subject = subject_of(text, parts.who, unit)?;
    Ok(Threshold {
        text: text.to_owned(),
        scenario: parts.scenario,
        operation: parts.operation,
        measure,
        subject,
        side,
        bound,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Times,
    Time,
    Memory,
}

/// Two characters first, so that `<=` is not read as `<`.
const SIDES: [(&str, Side); 4] =
    [(">=", Side::AtLeast), ("<=", Side::AtMost), (">", Side::Above), ("<", Side::Below)];

const UNITS: [(&str, Unit, f64); 8] = [
    ("KiB", Unit::Memory, 1024.0),
    ("MiB", Unit::Memory, 1_048_576.0),
    ("GiB", Unit::Memory, 1_073_741_824.0),
    ("min", Unit::Time, 60.0),
    ("us", Unit::Time, 1e-6),
    ("ms", Unit::Time, 1e-3),
    ("s", Unit::Time, 1.0),
    ("x", Unit::Times, 1.0),
];

fn split(text: &str) -> Result<(&str, Side, &str), ThresholdError> {
    let missing = || ThresholdError::NoBound { text: text.to_owned() };
    let (place, rest) = text.find(['<', '>']).and_then(|at| text.split_at_checked(at)).ok_or_else(missing)?;
    let (value, side) = SIDES
        .iter()
        .find_map(|(symbol, side)| Some((rest.strip_prefix(symbol)?, *side)))
        .ok_or_else(missing)?;
    Ok((place, side, value.trim()))
}

fn parse_value(text: &str) -> Result<(f64, Unit), ThresholdError> {
    let wrong = || ThresholdError::Value { value: text.to_owned() };
    let (number, unit, factor) = UNITS
        .iter()
        .find_map(|(name, unit, factor)| Some((text.strip_suffix(name)?.trim_end(), *unit, *factor)))
        .ok_or_else(wrong)?;
    // `parse` alone would take `inf`, `1e9` and `-1`.
    if !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return Err(wrong());
    }
    let value = number.parse::<f64>().map_err(|_| wrong())? * factor;
    if value.is_finite() { Ok((value, unit)) } else { Err(wrong()) }
}

struct Parts {
    scenario: Option<String>,
    operation: Operation,
    measure: Option<Measure>,
    who: Option<String>,
}

impl Parts {
    fn of(place: &str) -> Result<Self, ThresholdError> {
        let (mut operation, mut measure, mut who, mut scenario) = (None, None, None, None);
        for part in place.split(':').map(str::trim) {
            if part.is_empty() {
                let nothing = place.trim().is_empty();
                let place = place.trim().to_owned();
                return Err(if nothing {
                    ThresholdError::NoOperation { place }
                } else {
                    ThresholdError::Empty { place }
                });
            }
            if let Some(found) = Operation::ALL.into_iter().find(|operation| operation.id() == part) {
                put(&mut operation, found, part, "operation")?;
            } else if let Some(found) = measure_of_id(part) {
                put(&mut measure, found, part, "measure")?;
            } else if is_contender(part) || part.contains('/') {
                put(&mut who, part.to_owned(), part, "contender")?;
            } else {
                put(&mut scenario, part.to_owned(), part, "scenario")?;
            }
        }
        let missing = || ThresholdError::NoOperation { place: place.trim().to_owned() };
        Ok(Self { scenario, operation: operation.ok_or_else(missing)?, measure, who })
    }
}

fn put<T>(slot: &mut Option<T>, value: T, part: &str, sort: &'static str) -> Result<(), ThresholdError> {
    if slot.is_some() {
        return Err(ThresholdError::Twice { second: part.to_owned(), sort });
    }
    *slot = Some(value);
    Ok(())
}

fn measure_of_id(part: &str) -> Option<Measure> {
    match part {
        "wall" => Some(Measure::Wall),
        "cpu" => Some(Measure::Cpu),
        "memory" => Some(Measure::PeakMemory),
        _ => None,
    }
}

fn is_contender(part: &str) -> bool {
    ["pip", "uv", "venv"]
        .iter()
        .any(|tool| part.strip_prefix(tool).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
}

fn measure_of(text: &str, measure: Option<Measure>, unit: Unit) -> Result<Measure, ThresholdError> {
    let mismatch = |problem| ThresholdError::Mismatch { text: text.to_owned(), problem };
    match (measure, unit) {
        (Some(Measure::PeakMemory), Unit::Time) => Err(mismatch("memory by a time")),
        (Some(Measure::Wall | Measure::Cpu), Unit::Memory) => Err(mismatch("a time by memory")),
        (None, Unit::Memory) => Ok(Measure::PeakMemory),
        (measure, _) => Ok(measure.unwrap_or(Measure::Wall)),
    }
}

fn subject_of(text: &str, who: Option<String>, unit: Unit) -> Result<Subject, ThresholdError> {
    let mismatch = |problem| ThresholdError::Mismatch { text: text.to_owned(), problem };
    let who = who.unwrap_or_else(|| "uv".to_owned());
    let Some((above, below)) = who.split_once('/') else {
        return match unit {
            Unit::Times if who == "pip" => Err(mismatch("the ratio of pip to itself")),
            Unit::Times => Ok(Subject::Ratio("pip".to_owned(), who)),
            Unit::Time | Unit::Memory => Ok(Subject::Median(who)),
        };
    };
    let (above, below) = (above.trim(), below.trim());
    if above.is_empty() || below.is_empty() || below.contains('/') {
        return Err(ThresholdError::Empty { place: who });
    }
    if unit != Unit::Times {
        return Err(mismatch("a ratio by a time or by memory"));
    }
    if above == below {
        return Err(mismatch("the ratio of a contender to itself"));
    }
    Ok(Subject::Ratio(above.to_owned(), below.to_owned()))
}
