//! What charts and pages show of a run: the figures of every report, with their series, and who is compared with whom.

mod pair;

use super::figures::{Figures, Row, figures};
use super::words;
use crate::model::{Operation, Run, Series, Warning};
use crate::statistics::{Bootstrap, Ratio};

pub(crate) use pair::{Condition, Pair};

/// What is shown of a run.
#[derive(Debug, Clone)]
pub(crate) struct View<'a> {
    /// The run.
    pub(crate) run: &'a Run,
    /// An entry for each series: by scenario, operation, contender.
    pub(crate) entries: Vec<Entry<'a>>,
    /// Who is compared with whom: by scenario, operation, condition.
    pub(crate) pairs: Vec<Pair<'a>>,
}

/// A series with its figures.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    /// The series.
    pub(crate) series: &'a Series,
    /// Its figures.
    pub(crate) row: Row,
}

impl<'a> View<'a> {
    /// What is shown of this run. Intervals are resampled by its seed.
    pub(crate) fn of(run: &'a Run) -> Self {
        let bootstrap = Bootstrap::seeded(run.settings.seed);
        let (mut entries, mut pairs) = (Vec::new(), Vec::new());
        let Figures { groups, .. } = figures(run);
        let has_pip = run.contenders.iter().any(|contender| contender.id.starts_with("pip"));
        let mut scenarios: Vec<String> = Vec::new();
        for group in &groups {
            if !scenarios.contains(&group.scenario) {
                scenarios.push(group.scenario.clone());
            }
        }
        let mut groups: Vec<_> = groups
            .into_iter()
            .map(|group| (scenarios.iter().position(|name| *name == group.scenario), group))
            .collect();
        groups.sort_by_key(|(place, group)| (*place, group.operation));
        for (_, group) in groups {
            // A ratio to another uv, where pip failed, is none to pip.
            let is_against_pip = !has_pip || group.baseline.starts_with("pip");
            let is_here = |it: &&Series| it.scenario == group.scenario && it.operation == group.operation;
            let here: Vec<Entry> = run
                .series
                .iter()
                .filter(is_here)
                .zip(group.rows)
                .map(|(series, row)| Entry {
                    series,
                    row: if is_against_pip { row } else { without_ratios(row) },
                })
                .collect();
            pairs.extend(pair::pairs(&here, &group.baseline, &bootstrap));
            entries.extend(here);
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

impl Entry<'_> {
    /// The median time, or why there is none.
    pub(crate) fn time(&self) -> String {
        match &self.row.wall {
            Some(wall) => words::time(wall.median),
            None if self.series.samples.is_empty() => "not measured".to_owned(),
            None => "unusable".to_owned(),
        }
    }
}

fn without_ratios(row: Row) -> Row {
    Row { times_as_fast: None, cpu_ratio: None, ..row }
}

/// A ratio that can be shown: a file may hold any number.
fn usable(ratio: Ratio) -> Option<Ratio> {
    (ratio.value.is_finite() && ratio.value > 0.0).then_some(ratio)
}

/// Whether a warning is about single series, and this is one of them.
pub(crate) fn is_about(warning: &Warning, series: &Series) -> bool {
    let mine = [series.scenario.as_str(), series.operation.id(), series.contender.as_str()];
    let place = warning.place.as_deref().unwrap_or_default();
    let mut parts = place.split(['/', ',', ':', ' ']).filter(|part| !part.is_empty()).peekable();
    parts.peek().is_some() && parts.all(|part| mine.contains(&part))
}

/// The name of a contender in a run, for people.
pub(crate) fn label_in<'a>(run: &'a Run, id: &str) -> Option<&'a str> {
    run.contenders.iter().find(|contender| contender.id == id).map(|contender| contender.label.as_str())
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
