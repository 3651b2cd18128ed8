//! What came of a threshold.

use super::{Check, Outcome, Side, Subject, Threshold};
use crate::model::{Run, Scenario, Series};
use crate::report::words;
use crate::statistics::{Bootstrap, Interval, Measure, Summary, median_interval, paired_ratio};

/// What came of a threshold: a check for each scenario that has what it bounds, or a single one that says that none has.
pub fn evaluate(run: &Run, threshold: &Threshold) -> Vec<Check> {
    let is_meant =
        |scenario: &&Scenario| threshold.scenario.as_ref().is_none_or(|name| *name == scenario.name);
    let meant: Vec<&Scenario> = run.scenarios.iter().filter(is_meant).collect();
    let checks: Vec<Check> = meant
        .iter()
        .filter_map(|scenario| {
            check(run, threshold, &scenario.name).or_else(|| failed(run, threshold, &scenario.name))
        })
        .collect();
    if checks.is_empty() { vec![not_measured(threshold, meant.is_empty())] } else { checks }
}

fn check(run: &Run, threshold: &Threshold, scenario: &str) -> Option<Check> {
    let bootstrap = Bootstrap::seeded(run.settings.seed);
    let find = |contender: &str| run.find(scenario, threshold.operation, contender);
    let (value, interval, count) = match &threshold.subject {
        Subject::Ratio(above, below) => {
            let ratio = paired_ratio(find(above)?, find(below)?, threshold.measure, &bootstrap)?;
            (ratio.value, ratio.interval, ratio.pairs)
        }
        Subject::Median(contender) => {
            let values = threshold.measure.values(find(contender)?);
            let summary = Summary::of(&values)?;
            (summary.median, median_interval(&values, &bootstrap), summary.count)
        }
    };
    let outcome = outcome(threshold, interval);
    Some(Check {
        threshold: threshold.text.clone(),
        scenario: Some(scenario.to_owned()),
        outcome,
        value: Some(value),
        interval,
        message: message(threshold, scenario, outcome, value, interval, count),
    })
}

/// A scenario that was to be measured and was not: it is not passed over, whatever the others came to.
fn failed(run: &Run, threshold: &Threshold, scenario: &str) -> Option<Check> {
    let contenders: Vec<&String> = match &threshold.subject {
        Subject::Ratio(above, below) => vec![above, below],
        Subject::Median(contender) => vec![contender],
    };
    let find = |contender: &&String| run.find(scenario, threshold.operation, contender);
    // A contender that nobody wanted to measure here is none that failed.
    let meant: Vec<&Series> = contenders.iter().map(find).collect::<Option<_>>()?;
    let told =
        meant.iter().find_map(|series| Some(format!("{}: {}", series.contender, series.failure.as_ref()?)));
    let why = told.unwrap_or_else(|| "there are no samples to hold it against".to_owned());
    Some(Check {
        threshold: threshold.text.clone(),
        scenario: Some(scenario.to_owned()),
        outcome: Outcome::NotMeasured,
        value: None,
        interval: None,
        message: format!("{}: {}", words::plain(scenario), words::plain(&why)),
    })
}

fn outcome(threshold: &Threshold, interval: Option<Interval>) -> Outcome {
    let Some(interval) = interval else { return Outcome::Undecided };
    let is_right = |value| threshold.side.admits(value, threshold.bound);
    match (is_right(interval.low), is_right(interval.high)) {
        (true, true) => Outcome::Passed,
        (false, false) => Outcome::Failed,
        _ => Outcome::Undecided,
    }
}

fn message(
    threshold: &Threshold,
    scenario: &str,
    outcome: Outcome,
    value: f64,
    interval: Option<Interval>,
    count: usize,
) -> String {
    let show = |value: f64| show(threshold, value);
    let figure = match &threshold.subject {
        Subject::Ratio(above, below) => {
            format!("{}/{} is {}", words::plain(above), words::plain(below), show(value))
        }
        Subject::Median(contender) => format!("the median of {} is {}", words::plain(contender), show(value)),
    };
    let range = match interval {
        Some(interval) => format!("95 %: {} to {}", show(interval.low), show(interval.high)),
        None => format!("{}, too few for an interval", words::count(count, "sample")),
    };
    let bound = format!("{} {}", side_words(threshold.side), show(threshold.bound));
    let place = format!("{} {}", words::plain(scenario), threshold.operation.id());
    let verdict = match outcome {
        Outcome::Passed => "as asked for",
        Outcome::Failed => "but was to be",
        Outcome::Undecided | Outcome::NotMeasured => "which does not decide whether it is",
    };
    format!("{place}: {figure} ({range}), {verdict} {bound}")
}

fn side_words(side: Side) -> &'static str {
    match side {
        Side::AtLeast => "at least",
        Side::Above => "above",
        Side::AtMost => "at most",
        Side::Below => "below",
    }
}

fn show(threshold: &Threshold, value: f64) -> String {
    match (&threshold.subject, threshold.measure) {
        (Subject::Ratio(..), _) => format!("{}x", words::ratio(value)),
        (Subject::Median(_), Measure::PeakMemory) => words::memory_of(value),
        (Subject::Median(_), Measure::Wall | Measure::Cpu) => words::time(value),
    }
}

fn not_measured(threshold: &Threshold, scenario_is_unknown: bool) -> Check {
    let message = match &threshold.scenario {
        Some(name) if scenario_is_unknown => format!("there is no scenario {}", words::plain(name)),
        _ => {
            let who = match &threshold.subject {
                Subject::Ratio(above, below) => format!("{above} and {below} together"),
                Subject::Median(contender) => contender.clone(),
            };
            format!("{} was not measured for {}", threshold.operation.id(), words::plain(&who))
        }
    };
    Check {
        threshold: threshold.text.clone(),
        scenario: None,
        outcome: Outcome::NotMeasured,
        value: None,
        interval: None,
        message,
    }
}
