//! For a terminal, in plain characters.

use std::fmt::Write as _;

use super::{
    built, difference_words, headline, helping, in_vain, is_fine, long, place, remedy_lines, short, summary,
    symbol, together_sentence, verdict_sentence, verdict_words,
};
use crate::compat::model::{Attempt, Compat, Difference, Outcome, Row, Together};
use crate::report::words::plain;

/// A column is no wider than this.
const WIDTH: usize = 44;

/// More differences than these are in the other forms of the report.
const DIFFERENCES: usize = 12;

pub(in crate::compat) fn text(compat: &Compat) -> String {
    let mut out = format!("{}\n\n", headline(&compat.setting));
    matrix(&mut out, &compat.rows);
    for row in compat.rows.iter().filter(|row| !is_fine(row.verdict)) {
        explain_row(&mut out, row);
    }
    for together in &compat.together {
        explain_together(&mut out, compat, together);
    }
    from_source(&mut out, &compat.rows);
    let _ = writeln!(out, "\n{}", summary(compat));
    for together in &compat.together {
        let _ = writeln!(out, "{}", together_sentence(together));
    }
    out
}

/// A line a requirement: symbol, text, both versions, how they compare.
fn matrix(out: &mut String, rows: &[Row]) {
    let cells: Vec<[String; 5]> = rows
        .iter()
        .map(|row| {
            let name = row.name.as_deref();
            [
                symbol(row.verdict).to_string(),
                cut(&plain(&row.requested.text)),
                short(name, &row.pip),
                short(name, &row.uv),
                verdict_words(row.verdict).to_owned(),
            ]
        })
        .collect();
    let head = [" ", "requirement", "pip", "uv", "compared"].map(str::to_owned);
    let width = |column: usize| {
        let lengths = cells.iter().chain([&head]).filter_map(|row| row.get(column));
        lengths.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3].map(width);
    for row in [&head].into_iter().chain(&cells) {
        let mut line = String::new();
        for (place, cell) in row.iter().enumerate() {
            let width = widths.get(place).copied().unwrap_or(0);
            let _ = write!(line, "{cell:<width$}  ");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= WIDTH {
        return text.to_owned();
    }
    text.chars().take(WIDTH - 3).chain("...".chars()).collect()
}

fn explain_row(out: &mut String, row: &Row) {
    let place = place(row).map(|place| format!(" ({place})")).unwrap_or_default();
    let _ = writeln!(out, "\n{}{place}: {}", plain(&row.requested.text), verdict_sentence(row.verdict));
    both(out, &row.pip, &row.uv);
    differences(out, &row.differences);
    line(out, "why", row.reason.as_deref());
    flags(out, &row.attempts, row.reason.as_deref());
    for remedy in &row.remedies {
        for (place, text) in remedy_lines(remedy).iter().enumerate() {
            line(out, if place == 0 { "remedy" } else { "" }, Some(text));
        }
    }
    for outcome in [&row.pip, &row.uv] {
        line(out, "log", outcome.log.as_deref());
    }
}

/// A resolution only reads metadata: whether a build works is seen at installation.
fn from_source(out: &mut String, rows: &[Row]) {
    let built: Vec<(&Row, String)> = rows.iter().filter_map(|row| Some((row, built(row)?))).collect();
    if !built.is_empty() {
        out.push_str("\nbuilt from source when they are installed, which was not tried:\n");
    }
    for (row, names) in built {
        let _ = writeln!(out, "  {}: {names}", plain(&row.requested.text));
    }
}

fn explain_together(out: &mut String, compat: &Compat, together: &Together) {
    if is_fine(together.verdict) {
        return;
    }
    let _ = writeln!(out, "\n{}", together_sentence(together));
    both(out, &together.pip, &together.uv);
    differences(out, &together.differences);
    line(out, "why", together.reason.as_deref());
    flags(out, &together.attempts, together.reason.as_deref());
    let left_out: Vec<String> = together
        .left_out
        .iter()
        .filter_map(|place| compat.rows.get(*place))
        .map(|row| plain(&row.requested.text))
        .collect();
    if !left_out.is_empty() {
        line(out, "left out", Some(&left_out.join(", ")));
    }
}

fn both(out: &mut String, pip: &Outcome, uv: &Outcome) {
    line(out, "pip", long(pip).as_deref());
    line(out, "uv", long(uv).as_deref());
}

fn differences(out: &mut String, differences: &[Difference]) {
    for difference in differences.iter().take(DIFFERENCES) {
        line(out, "differs", Some(&difference_words(difference)));
    }
    if let Some(more) = differences.len().checked_sub(DIFFERENCES).filter(|more| *more > 0) {
        line(out, "", Some(&format!("and {more} more")));
    }
}

fn flags(out: &mut String, attempts: &[Attempt], reason: Option<&str>) {
    let helping = helping(attempts, reason);
    for sentence in &helping {
        line(out, "helps", Some(sentence));
    }
    let vain = in_vain(attempts);
    if reason.is_none() && helping.is_empty() && !vain.is_empty() {
        line(out, "no help", Some(&vain.join("; ")));
    }
}

fn line(out: &mut String, label: &str, text: Option<&str>) {
    if let Some(text) = text {
        let _ = writeln!(out, "  {label:<9}{}", plain(text));
    }
}
