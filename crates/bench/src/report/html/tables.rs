//! Every figure and every command.

use std::fmt::Write;

use super::care::Care;
use crate::report::chart::few_words;
use crate::report::page::{Cell, Column, Row, Table, escaped};
use crate::report::view::{Entry, View, operation};
use crate::report::words;
use crate::statistics::{Interval, Ratio};

/// The figures of every series.
pub(super) fn figures(out: &mut String, view: &View<'_>, care: &Care) {
    out.push_str("<section id=\"figures\" class=\"bleed\" aria-labelledby=\"figures-title\">\n<h2 id=\"figures-title\">All figures</h2>\n");
    let columns = vec![
        Column::left("Scenario"),
        Column::left("Operation"),
        Column::left("Who"),
        Column::right("Median").help("The wall time in the middle, from start to end"),
        Column::right("MAD").help("The median distance of the times to their median"),
        Column::right("95\u{a0}% interval").help("Of the median wall time"),
        Column::right("Times as fast")
            .help("The median of the paired ratios of wall times, pip above, with its 95\u{a0}% interval"),
        Column::right("CPU")
            .help("The median time of the processors, in the program, its children and the kernel for them"),
        Column::right("CPU ratio").help("How many times as little time of the processors, paired"),
        Column::right("Peak memory").help("The median of the peak memory of the largest single process"),
        Column::right("Runs"),
        Column::right("Outliers").help("Runs that are more than 14.826 times the MAD away from the median"),
        Column::left("Notes"),
    ];
    let rows = view.entries.iter().map(|entry| row(entry, care)).collect();
    let caption =
        "Times, memory and ratios of every scenario, operation and contender. Ratios are against pip.";
    let table = Table { id: "all", caption, columns, rows, search: true, states: Vec::new() };
    out.push_str(&table.to_html());
    out.push_str("</section>\n");
}

fn row(entry: &Entry<'_>, care: &Care) -> Row {
    let series = entry.series;
    let outliers = entry.row.wall.as_ref().map_or(0, |wall| wall.outliers.len());
    let mut notes = care.tags(series);
    if let Some(failure) = &series.failure {
        let is_told = care.tells(failure);
        let _ = write!(
            notes,
            " <span class=\"{}\">{}</span>",
            if is_told { "tag bad" } else { "bad" },
            if is_told { "failed".to_owned() } else { escaped(failure) }
        );
    }
    Row {
        cells: vec![
            Cell::text(&series.scenario),
            Cell::text(operation(series.operation)).sorting_by(&format!("{:?}", series.operation as u8)),
            Cell::html(name(&entry.row.label)),
            time(entry.row.wall.as_ref().map(|wall| wall.median)).class("main"),
            time(entry.row.wall.as_ref().map(|wall| wall.mad)),
            interval(entry.row.median),
            ratio(entry.row.times_as_fast.as_ref(), true),
            time(entry.row.cpu),
            ratio(entry.row.cpu_ratio.as_ref(), false),
            memory(entry.row.memory),
            count(series.samples.len()),
            count(outliers),
            Cell::html(notes),
        ],
        state: None,
    }
}

/// A name whose options stay on one line each.
fn name(label: &str) -> String {
    const LONGEST: usize = 30;
    let word = |word: &str| {
        let is_option = word.starts_with("--") && word.len() <= LONGEST;
        if is_option { format!("<span class=\"keep\">{}</span>", escaped(word)) } else { escaped(word) }
    };
    label.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

fn time(seconds: Option<f64>) -> Cell {
    Cell::number(&seconds.map_or_else(|| "–".to_owned(), words::time), seconds)
}

fn memory(bytes: Option<f64>) -> Cell {
    Cell::number(&bytes.map_or_else(|| "–".to_owned(), words::memory_of), bytes)
}

fn count(number: usize) -> Cell {
    Cell::number(&number.to_string(), Some(f64::from(u32::try_from(number).unwrap_or(u32::MAX))))
}

fn interval(of: Option<Interval>) -> Cell {
    match of {
        Some(it) => Cell::number(&from_to(it), Some(it.high - it.low)),
        None => Cell::number("–", None),
    }
}

/// From where to where; the unit is told once where it is the same.
fn from_to(interval: Interval) -> String {
    let (low, high) = (words::time(interval.low), words::time(interval.high));
    match (low.rsplit_once(' '), high.rsplit_once(' ')) {
        (Some((number, unit)), Some((_, other))) if unit == other => format!("{number} to {high}"),
        _ => format!("{low} to {high}"),
    }
}

fn ratio(of: Option<&Ratio>, with_interval: bool) -> Cell {
    let Some(ratio) = of else { return Cell::number("–", None) };
    let words = match ratio.interval.filter(|_| with_interval) {
        Some(interval) => format!("{} ({})", words::ratio(ratio.value), words::interval(interval)),
        None if with_interval => format!("{} ({})", words::ratio(ratio.value), few_words(ratio)),
        None => words::ratio(ratio.value),
    };
    let cell = Cell::number(&words, Some(ratio.value));
    match (ratio.is_sure(), ratio.value > 1.0) {
        (false, _) => cell.class("quiet"),
        (true, true) => cell,
        (true, false) => cell.class("bad"),
    }
}

/// What was run.
pub(super) fn commands(out: &mut String, view: &View<'_>) {
    out.push_str("<section id=\"commands\" aria-labelledby=\"commands-title\">\n<h2 id=\"commands-title\">Commands</h2>\n");
    let columns = vec![
        Column::left("Scenario"),
        Column::left("Operation"),
        Column::left("Who"),
        Column::left("Command"),
    ];
    let rows = view
        .entries
        .iter()
        .map(|entry| Row {
            cells: vec![
                Cell::text(&entry.series.scenario),
                Cell::text(operation(entry.series.operation)),
                Cell::html(name(&entry.row.label)),
                Cell::html(format!("<code>{}</code>", escaped(&entry.series.command))),
            ],
            state: None,
        })
        .collect();
    let caption = "What was run, as one would type it. Temporary folders have names in capitals instead of their paths.";
    let table = Table { id: "commands-table", caption, columns, rows, search: true, states: Vec::new() };
    out.push_str(&table.to_html());
    out.push_str("</section>\n");
}
