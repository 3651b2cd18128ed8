//! Two runs side by side, for people and for programs.

mod wire;

pub use wire::json;

use super::csv::{Cell, Table, number, of_ratio, text as cell};
use super::markdown::escaped;
use super::style::{Role, Style};
use super::table::wrap;
use super::words::{change, count, plain, time};
use crate::compare::{Change, Comparison, Verdict};
use crate::statistics::{Ratio, Summary};

/// The comparison for a terminal: what it comes to, a line a change, warnings below.
pub fn text(comparison: &Comparison, style: &Style<'_>) -> String {
    let mut lines: Vec<String> = wrap(&headline(comparison), style.width, "")
        .iter()
        .map(|line| (style.paint)(Role::Headline, line))
        .collect();
    lines.push(String::new());
    let cells: Vec<[String; 5]> = comparison.changes.iter().map(cells).collect();
    let mut widths = [0; 5];
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for (change, row) in comparison.changes.iter().zip(&cells) {
        let padded: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        lines.push((style.paint)(role(change.verdict), padded.join("  ").trim_end()));
    }
    if !comparison.warnings.is_empty() {
        lines.push(String::new());
    }
    for warning in &comparison.warnings {
        let wrapped = wrap(&format!("warning: {warning}"), style.width, "         ");
        lines.extend(wrapped.iter().map(|line| (style.paint)(Role::Warning, line)));
    }
    lines.join("\n") + "\n"
}

/// The comparison as Markdown.
pub fn markdown(comparison: &Comparison) -> String {
    let mut lines = vec![
        "# Two runs compared".to_owned(),
        String::new(),
        format!("**{}**", escaped(&headline(comparison))),
        String::new(),
        "| Scenario | Operation | Tool | Before | After | Change (95 %) | CPU | Verdict |".to_owned(),
        "|---|---|---|--:|--:|---|---|---|".to_owned(),
    ];
    for change in &comparison.changes {
        let cells = [
            escaped(&change.scenario),
            change.operation.id().to_owned(),
            escaped(&change.contender),
            median(change.before.as_ref()),
            median(change.after.as_ref()),
            of_change(change.wall.as_ref()),
            of_change(change.cpu.as_ref()),
            change.verdict.id().to_owned(),
        ];
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    if !comparison.warnings.is_empty() {
        lines.extend([String::new(), "## What to know".to_owned(), String::new()]);
        lines.extend(comparison.warnings.iter().map(|warning| format!("- {}", escaped(warning))));
    }
    lines.join("\n") + "\n"
}

/// The comparison as a table: a row a change, ratios are after over before.
pub fn csv(comparison: &Comparison) -> String {
    let mut table = Table::new(&[
        "scenario",
        "operation",
        "contender",
        "verdict",
        "before_median",
        "before_samples",
        "after_median",
        "after_samples",
        "ratio",
        "ratio_low",
        "ratio_high",
        "cpu_ratio",
        "cpu_ratio_low",
        "cpu_ratio_high",
    ]);
    for change in &comparison.changes {
        let texts =
            [&change.scenario, change.operation.id(), &change.contender, change.verdict.id()].map(cell);
        let of = |summary: Option<&Summary>| {
            let samples = summary.map_or(0, |summary| summary.count).to_string();
            [number(summary.map(|summary| summary.median)), Cell::Number(samples)]
        };
        let figures = of(change.before.as_ref()).into_iter().chain(of(change.after.as_ref()));
        let ratios = of_ratio(change.wall).into_iter().chain(of_ratio(change.cpu));
        table.row(texts.into_iter().chain(figures).chain(ratios));
    }
    table.text
}

/// Such as `1 slower, 2 faster, 20 the same, 1 unclear (a change counts from 5 % on)`.
fn headline(comparison: &Comparison) -> String {
    if comparison.changes.is_empty() {
        return "nothing was measured in either run".to_owned();
    }
    let named = [
        (Verdict::Slower, "slower"),
        (Verdict::Faster, "faster"),
        (Verdict::Same, "the same"),
        (Verdict::Unclear, "unclear"),
        (Verdict::Missing, "in one run only"),
    ];
    let parts: Vec<String> = named
        .into_iter()
        .map(|(verdict, words)| (comparison.count(verdict), words))
        .filter(|(number, _)| *number > 0)
        .map(|(number, words)| format!("{number} {words}"))
        .collect();
    let total = count(comparison.changes.len(), "measurement");
    let bound = format!("{:.1}", comparison.effect * 100.0);
    let bound = bound.trim_end_matches('0').trim_end_matches('.');
    format!(
        "of {total}: {} (a change counts from {bound} % on, and where its interval excludes none)",
        parts.join(", ")
    )
}

fn cells(change: &Change) -> [String; 5] {
    let place = format!("{} {} {}", plain(&change.scenario), change.operation.id(), plain(&change.contender));
    let medians = format!("{} -> {}", median(change.before.as_ref()), median(change.after.as_ref()));
    let cpu = match change.cpu.filter(Ratio::is_sure) {
        Some(cpu) => format!("CPU {}", self::change(cpu.value)),
        None => String::new(),
    };
    [change.verdict.id().to_owned(), place, medians, of_change(change.wall.as_ref()), cpu]
}

fn median(summary: Option<&Summary>) -> String {
    summary.map_or_else(|| "-".to_owned(), |summary| time(summary.median))
}

/// Such as `+15 % (+12 % to +18 %)`.
fn of_change(ratio: Option<&Ratio>) -> String {
    let Some(ratio) = ratio else { return String::new() };
    match ratio.interval {
        Some(interval) => {
            format!("{} ({} to {})", change(ratio.value), change(interval.low), change(interval.high))
        }
        None => "too few samples".to_owned(),
    }
}

fn role(verdict: Verdict) -> Role {
    match verdict {
        Verdict::Slower => Role::Worse,
        Verdict::Faster => Role::Better,
        Verdict::Same | Verdict::Unclear => Role::Faint,
        Verdict::Missing => Role::Warning,
    }
}

#[cfg(test)]
mod tests;
