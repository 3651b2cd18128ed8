//! Two runs side by side: what became faster, what slower, and what may not be compared at all.

mod differences;
mod verdict;

pub use verdict::Verdict;

use crate::model::{Operation, Run, Series};
use crate::statistics::{Bootstrap, Measure, Ratio, Summary, unpaired_ratio};

/// What counts as a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompareOptions {
    /// The smallest change that matters, as a share: 0.05 for 5 %.
    pub effect: f64,
    /// How to resample.
    pub bootstrap: Bootstrap,
}

impl Default for CompareOptions {
    fn default() -> Self {
        Self { effect: 0.05, bootstrap: Bootstrap::seeded(0) }
    }
}

/// Two runs side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The smallest change that matters, as a share.
    pub effect: f64,
    /// What was measured in either run, in the order of the first.
    pub changes: Vec<Change>,
    /// What differs between the runs besides the times, and what that means; a sentence each.
    pub warnings: Vec<String>,
}

/// One contender at one operation of one scenario, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The name of the scenario.
    pub scenario: String,
    /// What was measured.
    pub operation: Operation,
    /// The id of the contender.
    pub contender: String,
    /// The wall times of the first run, in seconds.
    pub before: Option<Summary>,
    /// The wall times of the second run, in seconds.
    pub after: Option<Summary>,
    /// The median wall time after over before: over 1 is slower.
    pub wall: Option<Ratio>,
    /// The median processor time after over before.
    pub cpu: Option<Ratio>,
    /// What may be said of the wall times.
    pub verdict: Verdict,
    /// Why it has no samples after, where it had some before: it does not work any more.
    pub failed: Option<String>,
}

impl Comparison {
    /// Whether anything is slower, by the rule of [`Verdict`], or does not work any more.
    pub fn has_regressions(&self) -> bool {
        self.count(Verdict::Slower) > 0 || self.changes.iter().any(|change| change.failed.is_some())
    }

    /// Whether anything was measured in both runs.
    pub fn has_common(&self) -> bool {
        self.changes.iter().any(|change| change.before.is_some() && change.after.is_some())
    }

    /// How many changes have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.changes.iter().filter(|change| change.verdict == verdict).count()
    }
}

/// Compares each contender at each operation of each scenario in two runs: `before` and `after`. The samples of two runs
/// are no pairs; the interval is that of the ratio of two medians.
pub fn compare(before: &Run, after: &Run, options: &CompareOptions) -> Comparison {
    let only_after = after.series.iter().filter(|new| partner(before, new).is_none());
    let of_both = before.series.iter().map(|old| change(Some(old), partner(after, old), options));
    let changes: Vec<Change> =
        of_both.chain(only_after.map(|new| change(None, Some(new), options))).flatten().collect();
    let mut warnings = differences::of_runs(before, after);
    warnings.extend(differences::of_changes(&changes));
    Comparison { effect: options.effect, changes, warnings }
}

fn partner<'a>(run: &'a Run, series: &Series) -> Option<&'a Series> {
    run.find(&series.scenario, series.operation, &series.contender)
}

fn change(before: Option<&Series>, after: Option<&Series>, options: &CompareOptions) -> Option<Change> {
    let either = before.or(after)?;
    let summary = |series: Option<&Series>| Summary::of(&Measure::Wall.values(series?));
    let ratio = |measure: Measure| {
        unpaired_ratio(&measure.values(after?), &measure.values(before?), &options.bootstrap)
    };
    let wall = ratio(Measure::Wall);
    Some(Change {
        scenario: either.scenario.clone(),
        operation: either.operation,
        contender: either.contender.clone(),
        before: summary(before),
        after: summary(after),
        wall,
        cpu: ratio(Measure::Cpu),
        verdict: Verdict::of(wall.as_ref(), options.effect),
        failed: after
            .filter(|_| summary(before).is_some() && summary(after).is_none())
            .map(|series| series.failure.clone().unwrap_or_else(|| "it has no samples any more".to_owned())),
    })
}

#[cfg(test)]
mod tests;
