//! Two runs: the later against the earlier one.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{note, ratio_tick, sentences};
use crate::compare::{Change, Comparison, Verdict};
use crate::model::Run;
use crate::report::chart::ChartError;
use crate::report::chart::ink::Ink;
use crate::report::chart::plot::{Axis, Body, Group, Plot, Row};
use crate::report::view::{label_in, operation};
use crate::report::words;
use crate::statistics::Ratio;

/// Every change.
pub(in crate::report) fn comparison_plot(
    before: &Run,
    after: &Run,
    comparison: &Comparison,
) -> Result<Plot, ChartError> {
    if comparison.changes.iter().all(|change| change.wall.is_none()) {
        return Err(ChartError::Nothing { missing: "nothing was measured in both runs" });
    }
    let mut changes: Vec<&Change> = comparison.changes.iter().collect();
    let places: HashMap<&str, usize> =
        before.scenarios.iter().chain(&after.scenarios).rev().map(|it| it.name.as_str()).zip(0..).collect();
    changes.sort_by_key(|it| (Reverse(places.get(it.scenario.as_str())), &it.scenario, it.operation));
    let said = changes.iter().map(|change| tip(change, before, after)).collect();
    let groups = changes.chunk_by(|a, b| a.scenario == b.scenario).filter_map(|changes| {
        let heading = changes.first()?.scenario.clone();
        let note = note(after, &heading);
        Some(Group { heading, note, rows: changes.iter().map(|change| row(change, before, after)).collect() })
    });
    let bound = 1.0 + comparison.effect.clamp(0.0, 1e6);
    Ok(Plot {
        title: "What changed between two runs".to_owned(),
        subtitle: format!(
            "Median wall time of the later run divided by that of the earlier one, and the 95\u{a0}% interval of it. A change counts from {} on (beyond \
             the grey band), and only if its interval has no 1 in it; all else is a ring.",
            words::change(bound).trim_start_matches('+')
        ),
        description: sentences(said),
        groups: groups.collect(),
        axis: Axis {
            label: "time after / time before (logarithmic)".to_owned(),
            from_zero: false,
            tick: ratio_tick,
            band: Some((1.0 / bound, bound)),
            line: Some((1.0, "← faster than before".to_owned(), "slower than before →".to_owned())),
            column: "change (95\u{a0}%)".to_owned(),
        },
    })
}

fn row(change: &Change, before: &Run, after: &Run) -> Row {
    let body = change.wall.as_ref().map_or(Body::Nothing, |ratio| Body::Point {
        value: ratio.value,
        interval: ratio.interval.map(|interval| (interval.low, interval.high)),
        range: None,
        is_sure: matches!(change.verdict, Verdict::Slower | Verdict::Faster),
    });
    Row {
        section: operation(change.operation).to_owned(),
        label: contender(change, before, after),
        ink: match change.verdict {
            Verdict::Slower => Ink::Bad,
            Verdict::Faster => Ink::Good,
            _ => Ink::Other,
        },
        body,
        words: change_words(change),
        tip: tip(change, before, after),
    }
}

fn tip(change: &Change, before: &Run, after: &Run) -> String {
    let place = operation(change.operation).to_lowercase();
    let contender = contender(change, before, after);
    format!("{}, {place}, {contender}: {}, {}", change.scenario, change.verdict.id(), change_words(change))
}

/// A change and its interval, or where nothing was measured.
pub(in crate::report) fn change_words(change: &Change) -> String {
    match &change.wall {
        Some(ratio) => ratio_words(ratio),
        None if change.before.is_some() => "before only".to_owned(),
        None if change.after.is_some() => "after only".to_owned(),
        None => "not measured".to_owned(),
    }
}

/// A ratio as a change, and its interval.
pub(in crate::report) fn ratio_words(ratio: &Ratio) -> String {
    let limits = ratio.interval.map(|it| format!("{} to {}", words::change(it.low), words::change(it.high)));
    let limits = limits.unwrap_or_else(|| "too few runs".to_owned());
    // A true minus is as wide as a plus, so that columns of changes stand below each other.
    format!("{} ({limits})", words::change(ratio.value)).replace('-', "−")
}

/// The name of a contender; both where it was called differently before.
pub(in crate::report) fn contender(change: &Change, before: &Run, after: &Run) -> String {
    match (label_in(before, &change.contender), label_in(after, &change.contender)) {
        (Some(old), Some(new)) if old != new => format!("{old} → {new}"),
        (old, new) => new.or(old).unwrap_or(&change.contender).to_owned(),
    }
}
