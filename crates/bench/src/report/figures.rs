//! The figures that every report shows, calculated once: medians, ratios, and the sentences that may be said of them.

mod sentences;
mod warnings;

pub use warnings::warnings;

use crate::model::{Operation, Run, Series};
use crate::statistics::{Bootstrap, Interval, Measure, Ratio, Summary, median_interval, paired_ratio};

/// All figures of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// What a manager has to know, in one or two sentences; empty where nothing was measured.
    pub headline: String,
    /// A group for each scenario and operation that was measured, in the order of the run.
    pub groups: Vec<Group>,
}

/// All contenders at one operation of one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The name of the scenario.
    pub scenario: String,
    /// What was measured.
    pub operation: Operation,
    /// The id of the contender that all others are compared with: `pip`, or the first one.
    pub baseline: String,
    /// A row for each contender, the baseline among them.
    pub rows: Vec<Row>,
    /// What may be said of the group, in one sentence without a full stop; empty with a single contender.
    pub sentence: String,
}

/// One contender of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The id of the contender.
    pub contender: String,
    /// For people.
    pub label: String,
    /// The wall times, in seconds; `None` without samples.
    pub wall: Option<Summary>,
    /// The interval of the median wall time.
    pub median: Option<Interval>,
    /// The median time of the processors, in seconds; `None` where it is not known.
    pub cpu: Option<f64>,
    /// The median of the peak memory of the largest single process, in bytes; `None` where it is not known.
    pub memory: Option<f64>,
    /// How many times as fast as the baseline it is; `None` for the baseline.
    pub times_as_fast: Option<Ratio>,
    /// How many times the time of its processors the baseline needs; `None` for the baseline.
    pub cpu_ratio: Option<Ratio>,
    /// Why there are no samples, or fewer than asked for.
    pub failure: Option<String>,
}

/// The figures of a run; the intervals are those of its seed.
pub fn figures(run: &Run) -> Figures {
    let mut places: Vec<(&str, Operation)> = Vec::new();
    for series in &run.series {
        let place = (series.scenario.as_str(), series.operation);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let groups: Vec<Group> =
        places.into_iter().map(|(scenario, operation)| group(run, scenario, operation)).collect();
    Figures { headline: sentences::headline(run, &groups), groups }
}

fn group(run: &Run, scenario: &str, operation: Operation) -> Group {
    let is_here = |series: &&Series| series.scenario == scenario && series.operation == operation;
    let here: Vec<&Series> = run.series.iter().filter(is_here).collect();
    let baseline = baseline(&here);
    let id = baseline.map(|series| series.contender.clone()).unwrap_or_default();
    let rows: Vec<Row> = here.iter().map(|series| row(run, series, baseline)).collect();
    let sentence = sentences::of_group(scenario, operation, &id, &rows);
    Group { scenario: scenario.to_owned(), operation, baseline: id, rows, sentence }
}

/// The pip of the environment, or else another pip, or else the first one that was measured.
fn baseline<'a>(series: &[&'a Series]) -> Option<&'a Series> {
    let measured = || series.iter().filter(|one| !one.samples.is_empty()).copied();
    let of = |is_it: fn(&str) -> bool| measured().find(|one| is_it(&one.contender));
    of(|id| id == "pip").or_else(|| of(|id| id.starts_with("pip"))).or_else(|| measured().next())
}

fn row(run: &Run, series: &Series, baseline: Option<&Series>) -> Row {
    let bootstrap = Bootstrap::seeded(run.settings.seed);
    let label = run.contenders.iter().find(|contender| contender.id == series.contender);
    let other = baseline.filter(|other| other.contender != series.contender);
    let ratio = |measure| paired_ratio(other?, series, measure, &bootstrap);
    let middle = |measure: Measure| {
        let values = measure.values(series);
        Summary::of(&values).map(|summary| summary.median).filter(|median| *median > 0.0)
    };
    let walls = Measure::Wall.values(series);
    Row {
        contender: series.contender.clone(),
        label: label.map_or_else(|| series.contender.clone(), |contender| contender.label.clone()),
        wall: Summary::of(&walls),
        median: median_interval(&walls, &bootstrap),
        cpu: middle(Measure::Cpu),
        memory: middle(Measure::PeakMemory),
        times_as_fast: ratio(Measure::Wall),
        cpu_ratio: ratio(Measure::Cpu),
        failure: series.failure.clone(),
    }
}

#[cfg(test)]
mod tests;
