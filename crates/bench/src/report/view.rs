//! The figures of a run, computed once for charts and pages, in the order in which these have them.

mod pair;

use std::collections::HashMap;

use super::words;
use crate::model::{Operation, Run, Series};
use crate::statistics::{Bootstrap, Interval, Measure, Ratio, Summary, median_interval, paired_ratio};

pub(crate) use pair::{Condition, Pair};

/// The figures of a run.
#[derive(Debug, Clone)]
pub(crate) struct View<'a> {
    /// The run.
    pub(crate) run: &'a Run,
    /// An entry for each series: by scenario, operation, contender.
    pub(crate) entries: Vec<Entry<'a>>,
    /// Who is compared with whom: by scenario, operation, condition.
    pub(crate) pairs: Vec<Pair<'a>>,
}

/// The figures of a series.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    /// The series.
    pub(crate) series: &'a Series,
    /// The name of the contender, for people.
    pub(crate) label: &'a str,
    /// The times from start to end; `None` where there is no sample, or one that is no number.
    pub(crate) wall: Option<Summary>,
    /// The interval of the median of these.
    pub(crate) wall_interval: Option<Interval>,
    /// The time of the processors.
    pub(crate) cpu: Option<Summary>,
    /// The peak memory, in bytes.
    pub(crate) memory: Option<Summary>,
    /// How many times as fast as the first contender of this operation it is; `None` for that, and where there is no pair.
    pub(crate) ratio: Option<Ratio>,
    /// The same of the time of the processors.
    pub(crate) cpu_ratio: Option<Ratio>,
}

impl<'a> View<'a> {
    /// The figures of a run. Intervals are resampled by the seed of the run.
    pub(crate) fn of(run: &'a Run) -> Self {
        let places = Places::of(run);
        let mut series: Vec<&Series> = run.series.iter().collect();
        series.sort_by_key(|series| places.key(series));
        let bootstrap = Bootstrap::seeded(run.settings.seed);
        let (mut entries, mut pairs) = (Vec::new(), Vec::new());
        for together in series.chunk_by(|a, b| (&a.scenario, a.operation) == (&b.scenario, b.operation)) {
            let labelled: Vec<(&Series, &str)> =
                together.iter().map(|series| (*series, places.label(series))).collect();
            let base = labelled.iter().find(|it| it.0.contender == "pip").or(labelled.first()).map(|it| it.0);
            entries.extend(labelled.iter().map(|(series, label)| Entry::of(series, label, base, &bootstrap)));
            pairs.extend(pair::pairs(&labelled, base, &bootstrap));
        }
        Self { run, entries, pairs }
    }

    /// The names of the scenarios that have series, in order.
    pub(crate) fn scenarios(&self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.entries.iter().map(|entry| entry.series.scenario.as_str()).collect();
        names.dedup();
        names
    }

    /// The entries of a scenario.
    pub(crate) fn of_scenario(&self, name: &str) -> impl Iterator<Item = &Entry<'a>> {
        self.entries.iter().filter(move |entry| entry.series.scenario == name)
    }
}

impl<'a> Entry<'a> {
    fn of(series: &'a Series, label: &'a str, base: Option<&Series>, bootstrap: &Bootstrap) -> Self {
        let summary = |measure: Measure| Summary::of(&measure.values(series));
        let base = base.filter(|base| base.contender != series.contender);
        let ratio = |measure| usable(paired_ratio(base?, series, measure, bootstrap)?);
        Self {
            series,
            label,
            wall: summary(Measure::Wall),
            wall_interval: median_interval(&Measure::Wall.values(series), bootstrap),
            cpu: summary(Measure::Cpu),
            memory: summary(Measure::PeakMemory),
            ratio: ratio(Measure::Wall),
            cpu_ratio: ratio(Measure::Cpu),
        }
    }

    /// The median time, or why there is none.
    pub(crate) fn time(&self) -> String {
        match &self.wall {
            Some(wall) => words::time(wall.median),
            None if self.series.samples.is_empty() => "not measured".to_owned(),
            None => "unusable".to_owned(),
        }
    }
}

/// A ratio that can be shown: a file may hold any number.
fn usable(ratio: Ratio) -> Option<Ratio> {
    (ratio.value.is_finite() && ratio.value > 0.0).then_some(ratio)
}

/// An operation in words.
pub(crate) fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Resolve => "Resolve",
        Operation::InstallCold => "Install, cold cache",
        Operation::InstallWarm => "Install, warm cache",
        Operation::NoOp => "Install, nothing to do",
        Operation::SyncAfterChange => "Sync after one change",
        Operation::CreateEnvironment => "Create environment",
        Operation::Command => "Command",
    }
}

/// Where scenarios and contenders stand in a report, and what these are called.
struct Places<'a> {
    scenarios: HashMap<&'a str, usize>,
    contenders: HashMap<&'a str, (usize, &'a str)>,
}

impl<'a> Places<'a> {
    fn of(run: &'a Run) -> Self {
        let scenarios = run.scenarios.iter().map(|it| it.name.as_str()).zip(0..).collect();
        let contenders = run.contenders.iter().zip(0..);
        let contenders = contenders.map(|(it, place)| (it.id.as_str(), (place, it.label.as_str()))).collect();
        Self { scenarios, contenders }
    }

    /// What nobody has described comes last.
    fn key(&self, series: &'a Series) -> (usize, &'a str, Operation, usize, &'a str) {
        let scenario = self.scenarios.get(series.scenario.as_str()).copied().unwrap_or(usize::MAX);
        let contender = self.contenders.get(series.contender.as_str()).map_or(usize::MAX, |it| it.0);
        (scenario, &series.scenario, series.operation, contender, &series.contender)
    }

    fn label(&self, series: &'a Series) -> &'a str {
        self.contenders.get(series.contender.as_str()).map_or(&series.contender, |it| it.1)
    }
}
