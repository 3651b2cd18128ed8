//! The figures that every report shows, calculated once: medians, ratios, and the sentences that may be said of them.

mod sentences;
mod warnings;

pub use warnings::warnings;

use crate::model::{Operation, Run, Series};
use crate::statistics::{Bootstrap, Interval, Measure, Ratio, Summary, median_interval, paired_ratio};

/// All figures of a run.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
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
    /// The pairs that do the same work, where the tools as they come do not.
    pub alike: Vec<Alike>,
    /// What may be said of the group, in one sentence without a full stop; empty with a single contender.
    pub sentence: String,
}

/// Two contenders that do the same work.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Alike {
    /// The id of the one that is compared with.
    pub other: String,
    /// The id of the one of uv.
    pub contender: String,
    /// How many times as fast the second one is.
    pub times_as_fast: Ratio,
    /// Why they are alike, such as `when both compile bytecode`.
    pub why: &'static str,
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
    let alike = alike(run, &here, operation);
    let mut group = Group {
        scenario: scenario.to_owned(),
        operation,
        baseline: id,
        rows,
        alike,
        sentence: String::new(),
    };
    group.sentence = sentences::of_group(run, &group);
    group
}

/// pip compiles bytecode and uv does not, and `venv` puts pip into an environment while uv does not: without these pairs,
/// a figure would compare unlike work.
fn alike(run: &Run, here: &[&Series], operation: Operation) -> Vec<Alike> {
    const BYTECODE: &[(&str, &str, &str)] = &[
        ("pip", "uv-bytecode", "when both compile bytecode"),
        ("pip-no-compile", "uv", "when neither compiles bytecode"),
    ];
    const ENVIRONMENT: &[(&str, &str, &str)] = &[("venv-without-pip", "uv", "when neither puts pip into it")];
    let pairs = match operation {
        Operation::InstallCold | Operation::InstallWarm | Operation::SyncAfterChange => BYTECODE,
        Operation::CreateEnvironment => ENVIRONMENT,
        Operation::Resolve | Operation::NoOp | Operation::Command => &[],
    };
    let find = |id: &str| here.iter().find(|series| series.contender == id);
    let of_pair = |(other, contender, why): &(&str, &str, &'static str)| {
        let bootstrap = Bootstrap::seeded(run.settings.seed);
        let times_as_fast = paired_ratio(find(other)?, find(contender)?, Measure::Wall, &bootstrap)?;
        Some(Alike { other: (*other).to_owned(), contender: (*contender).to_owned(), times_as_fast, why })
    };
    pairs.iter().filter_map(of_pair).collect()
}

/// The pip of the environment, or else another pip, `venv`, or the first one that was measured.
fn baseline<'a>(series: &[&'a Series]) -> Option<&'a Series> {
    let measured = || series.iter().filter(|one| !one.samples.is_empty()).copied();
    let of = |is_it: fn(&str) -> bool| measured().find(|one| is_it(&one.contender));
    let pip = of(|id| id == "pip").or_else(|| of(|id| id == "pip-newest"));
    pip.or_else(|| of(|id| id.starts_with("pip") || id.starts_with("venv"))).or_else(|| measured().next())
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
