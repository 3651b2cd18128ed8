//! Tables for spreadsheets and data frames, as RFC 4180 has them: a header, commas, lines that end with CR and LF.
//!
//! Times are in seconds, memory in bytes, and what is not known is empty. A text that a spreadsheet would take for a
//! formula gets a `'` before it.

use uvshift_requirements::redacted;

use super::figures::{Group, Row, figures};
use crate::model::{Run, Series};
use crate::statistics::{Interval, Ratio, Summary};

/// A row a sample.
pub fn samples(run: &Run) -> String {
    let mut table = Table::new(&[
        "scenario",
        "operation",
        "contender",
        "label",
        "version",
        "block",
        "position",
        "wall",
        "user",
        "system",
        "peak_memory",
        "load",
    ]);
    for series in &run.series {
        let place = place(run, series);
        for sample in &series.samples {
            let figures = [
                Cell::Number(sample.block.to_string()),
                Cell::Number(sample.position.to_string()),
                number(Some(sample.wall)),
                number(Some(sample.user)),
                number(Some(sample.system)),
                Cell::Number(sample.peak_memory.map(|bytes| bytes.to_string()).unwrap_or_default()),
                number(sample.load),
            ];
            table.row(place.iter().cloned().chain(figures));
        }
    }
    table.text
}

/// A row a contender at an operation of a scenario, with its figures. `times_as_fast` is against `baseline`.
pub fn summary(run: &Run) -> String {
    let mut table = Table::new(&[
        "scenario",
        "operation",
        "contender",
        "label",
        "version",
        "command",
        "samples",
        "median",
        "median_low",
        "median_high",
        "mad",
        "mean",
        "standard_deviation",
        "lower_quartile",
        "upper_quartile",
        "minimum",
        "maximum",
        "outliers",
        "cpu_median",
        "peak_memory_median",
        "baseline",
        "pairs",
        "times_as_fast",
        "times_as_fast_low",
        "times_as_fast_high",
        "cpu_ratio",
        "cpu_ratio_low",
        "cpu_ratio_high",
        "failure",
    ]);
    for group in &figures(run).groups {
        for row in &group.rows {
            let Some(series) = run.find(&group.scenario, group.operation, &row.contender) else { continue };
            table.row(place(run, series).into_iter().chain(of_row(group, row, series)));
        }
    }
    table.text
}

fn place(run: &Run, series: &Series) -> Vec<Cell> {
    let contender = run.contenders.iter().find(|contender| contender.id == series.contender);
    let label = contender.map_or(series.contender.as_str(), |contender| contender.label.as_str());
    let version = contender.map_or("", |contender| contender.version.as_str());
    let operation = series.operation.id();
    [series.scenario.as_str(), operation, series.contender.as_str(), label, version].map(text).to_vec()
}

fn of_row(group: &Group, row: &Row, series: &Series) -> Vec<Cell> {
    let baseline = if row.contender == group.baseline { "" } else { &group.baseline };
    let mut cells = vec![text(&series.command)];
    cells.extend(of_wall(row.wall.as_ref(), row.median));
    cells.extend([number(row.cpu), number(row.memory), text(baseline)]);
    let pairs = row.times_as_fast.map(|ratio| ratio.pairs.to_string());
    cells.push(Cell::Number(pairs.unwrap_or_default()));
    cells.extend(of_ratio(row.times_as_fast));
    cells.extend(of_ratio(row.cpu_ratio));
    cells.push(text(row.failure.as_deref().unwrap_or_default()));
    cells
}

fn of_wall(wall: Option<&Summary>, median: Option<Interval>) -> Vec<Cell> {
    let of = |part: fn(&Summary) -> f64| number(wall.map(part));
    let outliers = wall.map(|wall| wall.outliers.len().to_string());
    vec![
        Cell::Number(wall.map_or(0, |wall| wall.count).to_string()),
        of(|wall| wall.median),
        number(median.map(|interval| interval.low)),
        number(median.map(|interval| interval.high)),
        of(|wall| wall.mad),
        of(|wall| wall.mean),
        number(wall.and_then(|wall| wall.standard_deviation)),
        of(|wall| wall.lower_quartile),
        of(|wall| wall.upper_quartile),
        of(|wall| wall.minimum),
        of(|wall| wall.maximum),
        Cell::Number(outliers.unwrap_or_default()),
    ]
}

pub(super) fn of_ratio(ratio: Option<Ratio>) -> [Cell; 3] {
    let interval = ratio.and_then(|ratio| ratio.interval);
    [
        number(ratio.map(|ratio| ratio.value)),
        number(interval.map(|interval| interval.low)),
        number(interval.map(|interval| interval.high)),
    ]
}

/// A cell of a table.
#[derive(Clone)]
pub(super) enum Cell {
    /// Digits of our own.
    Number(String),
    /// A text from anywhere.
    Text(String),
}

pub(super) fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// The shortest form that reads back as the same number.
pub(super) fn number(value: Option<f64>) -> Cell {
    let finite = value.filter(|value| value.is_finite());
    Cell::Number(finite.map(|value| value.to_string()).unwrap_or_default())
}

/// A table that grows by rows.
pub(super) struct Table {
    pub(super) text: String,
}

impl Table {
    pub(super) fn new(header: &[&str]) -> Self {
        Self { text: format!("{}\r\n", header.join(",")) }
    }

    pub(super) fn row(&mut self, cells: impl Iterator<Item = Cell>) {
        let fields: Vec<String> = cells.map(field).collect();
        self.text.push_str(&fields.join(","));
        self.text.push_str("\r\n");
    }
}

fn field(cell: Cell) -> String {
    match cell {
        Cell::Number(digits) => digits,
        Cell::Text(text) => quoted(&guarded(&redacted(&text))),
    }
}

/// Spreadsheets take a field that begins with one of these for a formula, also behind spaces.
fn guarded(text: &str) -> String {
    let is_formula = text
        .trim_start_matches(' ')
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests;
