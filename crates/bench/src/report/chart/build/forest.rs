//! Ratios of pip to uv.

use super::{note, ratio_tick, ratio_words, sentences};
use crate::model::Run;
use crate::report::chart::ChartError;
use crate::report::chart::ink::Ink;
use crate::report::chart::plot::{Axis, Body, Group, Plot, Row};
use crate::report::view::{Condition, Pair, View, operation};
use crate::report::words;
use crate::statistics::Ratio;

/// What one sees.
const EXPLAINED: &str = "Of commands that ran in the same block: the median of the ratios of their wall times, and its 95\u{a0}% interval. A ring claims \
    nothing: the interval has 1 in it, or there are too few pairs for one, and the band goes from the smallest to the largest.";

/// What the mark of some rows means, where there is one.
pub(in crate::report) fn care_note(view: &View<'_>, pairs: &[&Pair<'_>]) -> &'static str {
    let has_mark = pairs.iter().any(|pair| pair.needs_care(view.run));
    if has_mark { " † A warning is about one of the two." } else { "" }
}

/// Every pair of the run.
pub(in crate::report) fn forest_plot(view: &View<'_>) -> Result<Plot, ChartError> {
    plot(view, &view.pairs.iter().collect::<Vec<_>>())
}

/// These pairs.
pub(in crate::report) fn plot(view: &View<'_>, pairs: &[&Pair<'_>]) -> Result<Plot, ChartError> {
    if pairs.iter().all(|pair| pair.ratio.is_none()) {
        return Err(ChartError::Nothing { missing: "no two contenders were measured in the same block" });
    }
    let (slow, fast) = sides(pairs);
    let said = pairs.iter().map(|pair| tip(pair)).collect();
    Ok(Plot {
        title: if fast == "uv" {
            "uv against pip: how many times as fast".to_owned()
        } else {
            format!("How many times as fast as {slow}")
        },
        subtitle: format!("{EXPLAINED}{}", care_note(view, pairs)),
        description: sentences(said),
        groups: groups(view, pairs),
        axis: Axis {
            label: "times as fast (logarithmic)".to_owned(),
            from_zero: false,
            tick: ratio_tick,
            band: None,
            line: Some((1.0, format!("← {slow} is faster"), format!("{fast} is faster →"))),
            column: "times as fast (95\u{a0}%)".to_owned(),
        },
    })
}

/// What stands above and below the line of all ratios.
fn sides<'a>(pairs: &[&'a Pair<'_>]) -> (&'a str, &'a str) {
    let is_known = pairs.iter().all(|pair| pair.condition != Condition::Others);
    match pairs.first() {
        Some(_) if is_known => ("pip", "uv"),
        Some(first) if pairs.iter().all(|pair| pair.slow.label == first.slow.label) => {
            (first.slow.label.as_str(), "the other")
        }
        _ => ("the first", "the other"),
    }
}

/// A group for each scenario.
fn groups(view: &View<'_>, pairs: &[&Pair<'_>]) -> Vec<Group> {
    let groups = pairs.chunk_by(|a, b| a.fast.series.scenario == b.fast.series.scenario);
    groups
        .filter_map(|pairs| {
            let heading = pairs.first()?.fast.series.scenario.clone();
            let note = note(view.run, &heading);
            Some(Group { heading, note, rows: pairs.iter().map(|pair| row(view.run, pair)).collect() })
        })
        .collect()
}

fn row(run: &Run, pair: &Pair<'_>) -> Row {
    let (body, words) = match &pair.ratio {
        Some(ratio) => (body(ratio), ratio_words(ratio)),
        None => (Body::Nothing, why_not(pair).to_owned()),
    };
    let ink = match pair.condition {
        Condition::AsTheyCome | Condition::NewestPip => Ink::Uv,
        Condition::WithBytecode | Condition::NewestPipWithBytecode => Ink::UvToo,
        Condition::WithoutBytecode | Condition::WithoutPip | Condition::Others => Ink::Other,
    };
    let section = operation(pair.fast.series.operation).to_owned();
    let mark = if pair.needs_care(run) { " †" } else { "" };
    Row { section, label: pair.words() + mark, ink, body, words, tip: tip(pair) }
}

fn body(ratio: &Ratio) -> Body {
    Body::Point {
        value: ratio.value,
        interval: ratio.interval.map(|interval| (interval.low, interval.high)),
        range: ratio.range.map(|range| (range.low, range.high)),
        is_sure: ratio.is_sure(),
    }
}

fn tip(pair: &Pair<'_>) -> String {
    let series = pair.fast.series;
    let said = pair.ratio.as_ref().map_or_else(|| why_not(pair).to_owned(), words::times_as_fast);
    let place = operation(series.operation).to_lowercase();
    format!("{}, {place}, {} against {}: {said}", series.scenario, pair.fast.label, pair.slow.label)
}

fn why_not(pair: &Pair<'_>) -> &'static str {
    match (pair.slow.series.samples.is_empty(), pair.fast.series.samples.is_empty()) {
        (false, false) => "no pairs",
        _ => "not measured",
    }
}
