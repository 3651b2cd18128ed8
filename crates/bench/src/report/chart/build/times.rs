//! Times of one scenario: every sample, and medians.

use super::{note, sentences, time_tick};
use crate::report::chart::ChartError;
use crate::report::chart::ink::Ink;
use crate::report::chart::plot::{Axis, Body, Group, Plot, Row};
use crate::report::view::{Entry, View, operation};
use crate::report::words;

/// Every sample.
pub(in crate::report) fn distributions_plot(view: &View<'_>, scenario: &str) -> Result<Plot, ChartError> {
    let rows = rows(view, scenario, samples)?;
    let said = rows.iter().map(|row| row.tip.clone()).collect();
    Ok(Plot {
        title: format!("Every sample of {scenario}"),
        subtitle: "Each dot is one run of the command; a ring is far from the others. The upright line is the median, the band goes from the lower \
                   to the upper quartile."
            .to_owned(),
        description: sentences(said),
        groups: vec![Group { heading: String::new(), note: String::new(), rows }],
        axis: Axis {
            label: "wall time (logarithmic)".to_owned(),
            from_zero: false,
            tick: time_tick,
            band: None,
            line: None,
            column: "median".to_owned(),
        },
    })
}

/// Medians as bars.
pub(in crate::report) fn medians_plot(view: &View<'_>, scenario: &str) -> Result<Plot, ChartError> {
    let rows = rows(view, scenario, bar)?;
    let said = rows.iter().map(|row| row.tip.clone()).collect();
    let note = note(view.run, scenario);
    let about = if note.is_empty() { String::new() } else { format!("{note}. ") };
    Ok(Plot {
        title: format!("How long it takes: {scenario}"),
        subtitle: format!(
            "Median wall time, shorter is better. The whisker is the 95\u{a0}% interval of the median.{about}"
        ),
        description: sentences(said),
        groups: vec![Group { heading: String::new(), note: String::new(), rows }],
        axis: Axis {
            label: "wall time".to_owned(),
            from_zero: true,
            tick: time_tick,
            band: None,
            line: None,
            column: "median".to_owned(),
        },
    })
}

fn rows(
    view: &View<'_>,
    scenario: &str,
    body: impl Fn(&Entry<'_>) -> Option<Body>,
) -> Result<Vec<Row>, ChartError> {
    let rows: Vec<Row> = view
        .of_scenario(scenario)
        .map(|entry| {
            let section = operation(entry.series.operation).to_owned();
            let words = entry.time();
            let tip = format!("{section}, {}: {words}{}", entry.row.label, more(entry));
            let ink = Ink::of_contender(&entry.series.contender);
            let body = body(entry).unwrap_or(Body::Nothing);
            Row { section, label: entry.row.label.clone(), ink, body, words, tip }
        })
        .collect();
    if rows.is_empty() {
        let there: Vec<String> = view.scenarios().iter().map(|name| format!("`{name}`")).collect();
        return Err(if there.is_empty() {
            ChartError::Nothing { missing: "the run has no series" }
        } else {
            ChartError::Scenario { name: scenario.to_owned(), there: there.join(", ") }
        });
    }
    if rows.iter().all(|row| row.body == Body::Nothing) {
        return Err(ChartError::Nothing { missing: "no command of this scenario was measured" });
    }
    Ok(rows)
}

fn more(entry: &Entry<'_>) -> String {
    let Some(wall) = &entry.row.wall else { return String::new() };
    let range = format!("{} to {}", words::time(wall.minimum), words::time(wall.maximum));
    format!(" (median of {}, {range})", words::count(wall.count, "sample"))
}

fn samples(entry: &Entry<'_>) -> Option<Body> {
    let wall = entry.row.wall.as_ref()?;
    let mut values: Vec<(f64, bool)> =
        entry.series.samples.iter().map(|sample| (sample.wall, false)).collect();
    for place in &wall.outliers {
        if let Some(value) = values.get_mut(*place) {
            value.1 = true;
        }
    }
    Some(Body::Samples { values, median: wall.median, quartiles: (wall.lower_quartile, wall.upper_quartile) })
}

fn bar(entry: &Entry<'_>) -> Option<Body> {
    let wall = entry.row.wall.as_ref()?;
    let interval = entry.row.median.map(|interval| (interval.low, interval.high));
    Some(Body::Bar { value: wall.median, interval })
}
