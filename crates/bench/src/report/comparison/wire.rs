//! A comparison for programs. These types are the promise; the model may change under them.

use serde::Serialize;
use serde_json::Value;

use crate::compare::{Change, Comparison, Verdict};
use crate::statistics::{Ratio, Summary};

const KIND: &str = "uvshift-bench-comparison";

/// The comparison for programs. Ratios are after over before.
pub fn json(comparison: &Comparison) -> Value {
    // Texts and numbers alone always have a JSON form; a number that is none becomes null.
    serde_json::to_value(WireComparison::of(comparison)).unwrap_or_default()
}

/// Two runs of the benchmark side by side.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_comparison"))]
struct WireComparison {
    /// The version of this form.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = 1)))]
    version: u32,
    /// What kind of object it is.
    #[cfg_attr(feature = "schemars", schemars(extend("const" = KIND)))]
    kind: &'static str,
    /// The smallest change that matters, as a share: 0.05 for 5 %.
    effect: f64,
    /// How many changes have which verdict.
    counts: WireCounts,
    /// What was measured in either run, in the order of the first.
    changes: Vec<WireChange>,
    /// What differs between the runs besides the times, and what that means; a sentence each.
    warnings: Vec<String>,
}

/// How many changes have which verdict.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_counts"))]
struct WireCounts {
    /// Surely slower, by more than `effect`.
    slower: usize,
    /// Surely faster, by more than `effect`.
    faster: usize,
    /// No change that matters.
    same: usize,
    /// Too few samples, or too much noise, to tell.
    unclear: usize,
    /// Measured in one of the runs only.
    missing: usize,
}

/// One contender at one operation of one scenario, before and after.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_change"))]
struct WireChange {
    /// The `name` of the scenario.
    scenario: String,
    /// What was measured.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::operation"))]
    operation: &'static str,
    /// The `id` of the contender.
    contender: String,
    /// What may be said of the times.
    #[cfg_attr(feature = "schemars", schemars(schema_with = "crate::schema::verdict"))]
    verdict: &'static str,
    /// The first run; null where it was not measured.
    before: Option<WireSummary>,
    /// The second run; null where it was not measured.
    after: Option<WireSummary>,
    /// The median time after over before: over 1 is slower. Null unless it was measured in both.
    ratio: Option<WireRatio>,
    /// The same for the time of the processors.
    cpu_ratio: Option<WireRatio>,
    /// Why it has no samples any more where it had some before; null otherwise.
    failed: Option<String>,
}

/// Times in a few figures.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_summary"))]
struct WireSummary {
    /// How many samples there are.
    samples: usize,
    /// The time in the middle, in seconds.
    median: f64,
    /// The median of the distances to the median, in seconds; not scaled.
    mad: f64,
}

/// A ratio, and how sure it is.
#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "bench_ratio"))]
struct WireRatio {
    /// The ratio.
    value: f64,
    /// The lower end of its interval of 95 %; null with too few samples.
    low: Option<f64>,
    /// The upper end of its interval of 95 %; null with too few samples.
    high: Option<f64>,
}

/// The schema is that of [`report::comparison::json`](json).
#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Comparison {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        WireComparison::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        WireComparison::json_schema(generator)
    }
}

impl WireComparison {
    fn of(comparison: &Comparison) -> Self {
        Self {
            version: 1,
            kind: KIND,
            effect: comparison.effect,
            counts: WireCounts {
                slower: comparison.count(Verdict::Slower),
                faster: comparison.count(Verdict::Faster),
                same: comparison.count(Verdict::Same),
                unclear: comparison.count(Verdict::Unclear),
                missing: comparison.count(Verdict::Missing),
            },
            changes: comparison.changes.iter().map(WireChange::of).collect(),
            warnings: comparison.warnings.clone(),
        }
    }
}

impl WireChange {
    fn of(change: &Change) -> Self {
        Self {
            scenario: change.scenario.clone(),
            operation: change.operation.id(),
            contender: change.contender.clone(),
            verdict: change.verdict.id(),
            before: change.before.as_ref().map(WireSummary::of),
            after: change.after.as_ref().map(WireSummary::of),
            ratio: change.wall.map(WireRatio::of),
            cpu_ratio: change.cpu.map(WireRatio::of),
            failed: change.failed.clone(),
        }
    }
}

impl WireSummary {
    fn of(summary: &Summary) -> Self {
        Self { samples: summary.count, median: summary.median, mad: summary.mad }
    }
}

impl WireRatio {
    fn of(ratio: Ratio) -> Self {
        let (low, high) = ratio.interval.map(|interval| (interval.low, interval.high)).unzip();
        Self { value: ratio.value, low, high }
    }
}
