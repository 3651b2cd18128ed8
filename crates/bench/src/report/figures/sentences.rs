//! What may be said of figures, in sentences that a manager understands. Nothing is claimed whose interval includes 1.

use super::{Alike, Group};
use crate::model::{Operation, Run, WarningKind};
use crate::report::words::{self, count, interval, plain, ratio};
use crate::statistics::Ratio;

/// The operations that a reader asks for first.
const FIRST: [Operation; 7] = [
    Operation::InstallWarm,
    Operation::InstallCold,
    Operation::Resolve,
    Operation::SyncAfterChange,
    Operation::NoOp,
    Operation::CreateEnvironment,
    Operation::Command,
];

/// The scenarios that a reader asks for first; after them the first one of the run.
const MAIN: [&str; 2] = ["project", "medium"];

/// The sentences of the main scenario, at most two: with warm caches and with empty ones, where both were measured.
pub(super) fn headline(run: &Run, groups: &[Group]) -> String {
    let has_sentence =
        |name: &str| groups.iter().any(|group| group.scenario == name && !group.sentence.is_empty());
    let of_run = run.scenarios.iter().map(|scenario| scenario.name.as_str());
    let of_groups = groups.iter().map(|group| group.scenario.as_str());
    let Some(main) = MAIN.into_iter().chain(of_run).chain(of_groups).find(|name| has_sentence(name)) else {
        return String::new();
    };
    let find = |operation: Operation| {
        let mut here = groups.iter().filter(|group| group.scenario == main && group.operation == operation);
        here.find(|group| !group.sentence.is_empty()).map(|group| format!("{}.", group.sentence))
    };
    let sentences: Vec<String> = FIRST.into_iter().filter_map(find).take(2).collect();
    sentences.join(" ")
}

/// What may be said of one scenario and operation; empty with a single contender.
pub(super) fn of_group(run: &Run, group: &Group) -> String {
    let Group { scenario, operation, baseline, rows, alike, .. } = group;
    // One uv against another one, because no pip could be measured, is not what anybody asked.
    if *operation != Operation::Command && (baseline == "uv" || baseline.starts_with("uv-")) {
        return String::new();
    }
    let compared = |id: &str| rows.iter().find(|row| row.contender == id && row.times_as_fast.is_some());
    let main = compared("uv").or_else(|| rows.iter().find(|row| row.times_as_fast.is_some()));
    let Some((main, value)) = main.and_then(|row| Some((row, row.times_as_fast?))) else {
        return String::new();
    };
    let place = Place { scenario, operation: *operation, is_warm: is_warm(run, scenario, *operation) };
    let mut sentence = claim(&place, &main.contender, baseline, &value);
    // A pair that the sentence has told already is not told again.
    for pair in alike.iter().filter(|pair| pair.contender != main.contender || pair.other != *baseline) {
        sentence.push_str(&parity(pair));
    }
    sentence
}

/// Whether no run of these is known to have had a cache in another state than it should.
fn is_warm(run: &Run, scenario: &str, operation: Operation) -> bool {
    let place = format!("{scenario} {}", operation.id());
    let is_here =
        |text: &str| text.strip_prefix(&place).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let of_caches = run.warnings.iter().filter(|warning| warning.kind == WarningKind::Cache);
    !of_caches.filter_map(|warning| warning.place.as_deref()).any(is_here)
}

struct Place<'a> {
    scenario: &'a str,
    operation: Operation,
    is_warm: bool,
}

fn claim(place: &Place<'_>, contender: &str, baseline: &str, value: &Ratio) -> String {
    let Some(limits) = value.interval else { return few(place, contender, baseline, value) };
    if !value.is_sure() {
        let range = interval(limits);
        return format!(
            "{}: no difference between {contender} and {baseline} was shown ({range} times)",
            place.name()
        );
    }
    if value.value > 1.0 {
        place.faster(contender, baseline, value)
    } else {
        place.faster(baseline, contender, &value.inverse())
    }
}

/// With too few pairs, what they were is told, and that it is not more than that.
fn few(place: &Place<'_>, contender: &str, baseline: &str, value: &Ratio) -> String {
    let pairs = count(value.pairs, "pair");
    let Some(range) = value.range.filter(|range| !range.contains(1.0)) else {
        return format!("{}: too few runs to tell {contender} from {baseline} ({pairs})", place.name());
    };
    let said = if range.low > 1.0 {
        place.says(contender, baseline, &words::range(range))
    } else {
        let turned = value.inverse().range.map(words::range).unwrap_or_default();
        place.says(baseline, contender, &turned)
    };
    format!("{said}, in {pairs} of runs: too few for an interval")
}

impl Place<'_> {
    /// Such as `uv installs medium 8.4 times as fast as pip with warm caches (7.9 to 9.0)`.
    fn faster(&self, winner: &str, loser: &str, value: &Ratio) -> String {
        let range = value.interval.map(interval).unwrap_or_default();
        format!("{} ({range})", self.says(winner, loser, &ratio(value.value)))
    }

    fn says(&self, winner: &str, loser: &str, times: &str) -> String {
        let scenario = plain(self.scenario);
        let warm = if self.is_warm { " with warm caches" } else { " with caches that were not all warm" };
        let (verb, how) = match self.operation {
            Operation::Resolve => (format!("resolves {scenario}"), warm),
            Operation::InstallCold => (format!("installs {scenario}"), " with empty caches"),
            Operation::InstallWarm => (format!("installs {scenario}"), warm),
            Operation::NoOp => (format!("finds {scenario} installed already"), ""),
            Operation::SyncAfterChange => (format!("updates {scenario}"), " after one change"),
            Operation::CreateEnvironment => ("makes an empty environment".to_owned(), ""),
            Operation::Command => (format!("runs {scenario}"), ""),
        };
        format!("{} {verb} {times} times as fast as {}{how}", plain(winner), plain(loser))
    }

    fn name(&self) -> String {
        format!("{}, {}", plain(self.scenario), self.operation.id())
    }
}

/// What comes of it when both do the same work.
fn parity(pair: &Alike) -> String {
    let Alike { other, contender, times_as_fast: value, why } = pair;
    let Some(limits) = value.interval else {
        let range = value.range.map(words::range).unwrap_or_default();
        return format!("; {range} times {why}");
    };
    let range = interval(limits);
    if !value.is_sure() {
        return format!("; no difference was shown {why} ({range} times)");
    }
    if value.value > 1.0 {
        return format!("; {} times {why} ({range})", ratio(value.value));
    }
    let turned = value.inverse();
    let range = turned.interval.map(interval).unwrap_or_default();
    format!(
        "; but {} is {} times as fast as {} {why} ({range})",
        plain(other),
        ratio(turned.value),
        plain(contender)
    )
}
