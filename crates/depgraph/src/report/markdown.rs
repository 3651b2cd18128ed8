//! Markdown for a comment on a pull request or the summary of a job, in the dialect of GitHub.

mod escape;

use uvshift_diagnostics::{Diagnostic, Severity};

use self::escape::{code, fence, text};
use super::{Report, counted, words};
use crate::{Action, Evidence, Finding, Rule};

/// A comment on GitHub holds at most 65,536 characters.
const LONGEST: usize = 60_000;

/// How many rows a table has before the rest is folded away.
const OPEN_ROWS: usize = 10;

/// How many places a cell names before the rest is folded away.
const OPEN_PLACES: usize = 3;

/// How much is written at most.
#[derive(Debug, Clone, Copy)]
struct Limits {
    rows: usize,
    places: usize,
    commands: usize,
}

/// From everything to little; the first that fits is taken.
const LIMITS: [Limits; 4] = [
    Limits { rows: usize::MAX, places: 50, commands: usize::MAX },
    Limits { rows: 100, places: OPEN_PLACES, commands: 200 },
    Limits { rows: 20, places: 1, commands: 50 },
    Limits { rows: 5, places: 1, commands: 10 },
];

/// A headline with counts, a table for each rule, what could not be read, and the commands that do what can be done by command.
///
/// Long tables are folded away, and cut where the whole would not fit into a comment; the report then says what it leaves out.
pub fn markdown(report: &Report<'_>) -> String {
    let mut out = String::new();
    for limits in LIMITS {
        out = with_limits(report, limits);
        if out.chars().count() <= LONGEST {
            break;
        }
    }
    out
}

fn with_limits(report: &Report<'_>, limits: Limits) -> String {
    let counts = report.counts();
    let headline = if counts.is_empty() { "nothing to report" } else { counts.as_str() };
    let mut out = format!("## Dependencies: {headline}\n\n{}.\n", report.summary.words());
    for rule in Rule::ALL {
        let findings: Vec<&Finding> = report.findings.iter().filter(|finding| finding.rule == rule).collect();
        if !findings.is_empty() {
            out += &section(rule, &findings, limits);
        }
    }
    out += &unread(report.diagnostics, limits);
    out += &commands(report.findings, limits);
    out
}

fn section(rule: Rule, findings: &[&Finding], limits: Limits) -> String {
    let rows = findings.iter().map(|finding| row(finding, limits)).collect::<Vec<_>>();
    let table = tables("| | Package | Class | Where | What to do |\n|---|---|---|---|---|\n", &rows, limits);
    format!(
        "\n### {} ({}): {}\n\n{}\n{table}",
        words::title(rule),
        rule.code(),
        findings.len(),
        words::short(rule)
    )
}

fn row(finding: &Finding, limits: Limits) -> String {
    let mut help = text(&super::sentence(&finding.message, &finding.package));
    if let Some(words) = &finding.help {
        help = format!("{help} {}", text(&super::sentence(words, &finding.package)));
    }
    let cells = [
        mark(finding.severity).to_owned(),
        code(&finding.package),
        finding.class.as_str().to_owned(),
        places(&finding.evidence, limits),
        help,
    ];
    format!("| {} |\n", cells.join(" | "))
}

/// A word for a severity, since colours alone do not reach everybody.
const fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "🔴 error",
        Severity::Warning => "🟡 warning",
        Severity::Note => "🔵 note",
    }
}

fn places(evidence: &[Evidence], limits: Limits) -> String {
    let shown: Vec<String> = evidence.iter().take(limits.places).map(place).collect();
    let (open, folded) = shown.split_at(shown.len().min(OPEN_PLACES));
    let left = evidence.len() - shown.len();
    let rest = if left > 0 { format!("<br>and {left} more") } else { String::new() };
    let open = open.join("<br>");
    if folded.is_empty() {
        return format!("{open}{rest}");
    }
    let count = folded.len() + left;
    format!("{open}<details><summary>{count} more</summary>{}{rest}</details>", folded.join("<br>"))
}

fn place(evidence: &Evidence) -> String {
    match evidence.cell {
        Some(cell) if evidence.line > 0 => {
            format!("{} cell {cell}, line {}", code(&evidence.file), evidence.line)
        }
        Some(cell) => format!("{} cell {cell}", code(&evidence.file)),
        None => code(&super::place(&evidence.file, evidence)),
    }
}

/// A table, of which only the first rows are open.
fn tables(head: &str, rows: &[String], limits: Limits) -> String {
    let shown = rows.get(..limits.rows).unwrap_or(rows);
    let (open, folded) = shown.split_at(if shown.len() > OPEN_ROWS + 1 { OPEN_ROWS } else { shown.len() });
    let open = format!("\n{head}{}", open.concat());
    let folded = match folded.len() {
        0 => String::new(),
        count => {
            let rows = folded.concat();
            format!("\n<details>\n<summary>{count} more</summary>\n\n{head}{rows}\n</details>\n")
        }
    };
    let left = match rows.len() - shown.len() {
        0 => String::new(),
        count => format!("\nLeft out here: {}.\n", counted(count, "more row")),
    };
    format!("{open}{folded}{left}")
}

fn unread(diagnostics: &[Diagnostic], limits: Limits) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let rows = diagnostics.iter().map(|found| {
        let file = found.file.as_deref().unwrap_or_default();
        let place = match found.line {
            Some(line) if !file.is_empty() && line > 0 => code(&format!("{file}:{line}")),
            _ => code(file),
        };
        let message = text(&super::sentences_of(found));
        format!("| {} | {} | {place} | {message} |\n", mark(found.severity), found.code)
    });
    let table = tables("| | Code | Where | What |\n|---|---|---|---|\n", &rows.collect::<Vec<_>>(), limits);
    format!("\n### Not read as a whole: {}\n{table}", diagnostics.len())
}

/// The commands that do what can be done by command, each once.
fn commands(findings: &[Finding], limits: Limits) -> String {
    let mut commands: Vec<String> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for command in findings.iter().filter_map(|finding| finding.action.as_ref()).flat_map(Action::commands) {
        // A requirement with a line end in it is none, and no command.
        if !command.contains(char::is_control) && known.insert(command.clone()) {
            commands.push(command);
        }
    }
    if commands.is_empty() {
        return String::new();
    }
    let left = commands.len().saturating_sub(limits.commands);
    commands.truncate(limits.commands);
    if left > 0 {
        commands.push(format!("# and {}", counted(left, "more command")));
    }
    let block = commands.join("\n");
    let fence = fence(&block);
    format!(
        "\n### Commands\n\n`uvshift deps --fix` carries them out, and `uvshift rollback` undoes that.\n\n{fence}sh\n{block}\n{fence}\n"
    )
}
