//! A run as Markdown, for a pull request or a page of documentation.

use super::figures::{Group, Row, figures, warnings};
use super::table::facts;
use super::words::{memory_of, plain, ratio, time, times_as_fast};
use crate::model::Run;
use crate::statistics::Ratio;

/// The report: the sentence that says it all, the machine, a table a scenario, warnings, and how to read it.
pub fn markdown(run: &Run) -> String {
    let figures = figures(run);
    let headline =
        if figures.headline.is_empty() { "Nothing to compare was measured." } else { &figures.headline };
    let mut lines = vec!["# pip against uv".to_owned(), String::new()];
    lines.extend([format!("**{}**", escaped(headline)), String::new(), format!("{}.", escaped(&facts(run)))]);
    let mut scenario = None;
    for group in &figures.groups {
        if scenario != Some(&group.scenario) {
            lines.extend(heading(run, group));
            scenario = Some(&group.scenario);
        }
        lines.extend(group.rows.iter().map(|row| table_row(group, row)));
    }
    lines.extend(warning_lines(run));
    lines.extend(reading(run));
    lines.join("\n") + "\n"
}

fn heading(run: &Run, group: &Group) -> Vec<String> {
    let scenario = run.scenarios.iter().find(|scenario| scenario.name == group.scenario);
    let description = scenario.map(|scenario| escaped(&scenario.description));
    let description = description.filter(|text| !text.is_empty()).map(|text| format!(": {text}"));
    let requirements = scenario.map(|scenario| scenario.requirements.as_slice()).unwrap_or_default();
    let mut lines =
        vec![String::new(), format!("## {}{}", escaped(&group.scenario), description.unwrap_or_default())];
    if !requirements.is_empty() {
        let names: Vec<String> = requirements.iter().map(|text| escaped(text)).collect();
        lines.extend([String::new(), format!("Requirements: {}.", names.join(", "))]);
    }
    lines.extend([
        String::new(),
        "| Operation | Tool | Median | MAD | CPU | Peak memory | Against the first tool | CPU ratio |"
            .to_owned(),
        "|---|---|--:|--:|--:|--:|---|---|".to_owned(),
    ]);
    lines
}

fn table_row(group: &Group, row: &Row) -> String {
    let (median, mad) = match &row.wall {
        Some(wall) if wall.count > 1 => (time(wall.median), time(wall.mad)),
        Some(wall) => (time(wall.median), String::new()),
        None => ("not measured".to_owned(), String::new()),
    };
    let against = match (&row.times_as_fast, &row.failure) {
        (Some(value), _) => against(value),
        (None, Some(failure)) => format!("failed: {}", escaped(failure)),
        (None, None) if row.contender == group.baseline => "the measure for the others".to_owned(),
        (None, None) => String::new(),
    };
    let cells = [
        group.operation.id().to_owned(),
        escaped(&row.label),
        median,
        mad,
        row.cpu.map(time).unwrap_or_default(),
        row.memory.map(memory_of).unwrap_or_default(),
        against,
        row.cpu_ratio.map(cpu).unwrap_or_default(),
    ];
    format!("| {} |", cells.join(" | "))
}

fn against(value: &Ratio) -> String {
    if value.is_sure() && value.value < 1.0 {
        let other = times_as_fast(&value.inverse());
        return format!("slower: the first is {other}");
    }
    times_as_fast(value)
}

fn cpu(value: Ratio) -> String {
    match value.interval {
        Some(interval) => format!("{} ({})", ratio(value.value), super::words::interval(interval)),
        None => "too few to tell".to_owned(),
    }
}

fn warning_lines(run: &Run) -> Vec<String> {
    let warnings = warnings(run);
    if warnings.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), "## What to know".to_owned(), String::new()];
    lines.extend(warnings.iter().map(|warning| {
        let place = warning.place.as_ref().map(|place| format!("{}: ", escaped(place))).unwrap_or_default();
        format!("- {place}{}", escaped(&warning.message))
    }));
    lines
}

fn reading(run: &Run) -> Vec<String> {
    let text = format!(
        "The median is that of {} runs of each command, the MAD is the median of the distances to it. Every ratio is the \
         median of the ratios of pairs of runs that followed each other, with its interval of 95 % (bootstrap with 10,000 \
         resamples, seed {}). Where the interval includes 1, nothing is claimed. CPU is the time of all processors; the \
         CPU ratio is how many times as much of it the first tool needs. Peak memory is that of the largest single process.",
        run.settings.runs, run.settings.seed
    );
    let version =
        if run.uvshift.is_empty() { String::new() } else { format!(" uvshift {}.", escaped(&run.uvshift)) };
    vec![String::new(), "## How to read it".to_owned(), String::new(), format!("{text}{version}")]
}

/// A text of a file between our own: neither Markdown nor HTML, and on one line.
pub(super) fn escaped(text: &str) -> String {
    let text = plain(text);
    let mut escaped = String::new();
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let is_in_word = before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // Nobody is called by a report.
            '@' => escaped.push_str("&#64;"),
            '_' if is_in_word => escaped.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
        before = character;
    }
    escaped
}

#[cfg(test)]
mod tests;
