//! A row a requirement, as RFC 4180 has it. A text that a spreadsheet would take for a formula gets a `'` before it.

use super::{difference_words, helping, remedy_lines};
use crate::compat::model::{Compat, NotTried, Outcome, Row, Status};
use crate::report::words::plain;

const HEAD: [&str; 18] = [
    "requirement",
    "file",
    "line",
    "name",
    "verdict",
    "pip_status",
    "pip_version",
    "pip_message",
    "pip_seconds",
    "uv_status",
    "uv_version",
    "uv_message",
    "uv_seconds",
    "differences",
    "reason",
    "flags_that_help",
    "remedies",
    "logs",
];

pub(in crate::compat) fn csv(compat: &Compat) -> String {
    let mut out = HEAD.join(",") + "\r\n";
    for row in &compat.rows {
        let cells: Vec<String> = cells(row).iter().map(|cell| quoted(&unarmed(&plain(cell)))).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

fn cells(row: &Row) -> [String; 18] {
    let [pip_status, pip_version, pip_message, pip_seconds] = outcome(row, &row.pip);
    let [uv_status, uv_version, uv_message, uv_seconds] = outcome(row, &row.uv);
    let differences: Vec<String> = row.differences.iter().map(difference_words).collect();
    let remedies: Vec<String> = row.remedies.iter().map(|remedy| remedy_lines(remedy).join("; ")).collect();
    let logs: Vec<&str> = [&row.pip, &row.uv].iter().filter_map(|outcome| outcome.log.as_deref()).collect();
    [
        row.requested.text.clone(),
        row.requested.file.clone().unwrap_or_default(),
        row.requested.line.map(|line| line.to_string()).unwrap_or_default(),
        row.name.clone().unwrap_or_default(),
        row.verdict.id().to_owned(),
        pip_status,
        pip_version,
        pip_message,
        pip_seconds,
        uv_status,
        uv_version,
        uv_message,
        uv_seconds,
        differences.join("; "),
        row.reason.clone().unwrap_or_default(),
        helping(&row.attempts, None).join("; "),
        remedies.join(" | "),
        logs.join(" "),
    ]
}

/// Status, version, message and seconds.
fn outcome(row: &Row, outcome: &Outcome) -> [String; 4] {
    let version = row.name.as_deref().and_then(|name| outcome.version_of(name)).unwrap_or_default();
    let (status, message) = match &outcome.status {
        Status::Resolved(_) => ("resolved", String::new()),
        Status::Failed(failure) => (failure.class.id(), failure.message.clone()),
        Status::TimedOut(_) => ("timed-out", String::new()),
        Status::NotTried(NotTried::NeedsBuild) => ("not-tried", "needs a build".to_owned()),
        Status::NotTried(NotTried::Interrupted) => ("not-tried", "interrupted".to_owned()),
    };
    [status.to_owned(), version.to_owned(), message, format!("{:.3}", outcome.seconds)]
}

/// Spreadsheets calculate what begins like a formula, also behind white space.
fn unarmed(text: &str) -> String {
    let dangerous =
        text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    if dangerous || text.starts_with(['\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\r', '\n', '\'']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
