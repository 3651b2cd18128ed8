//! Workflow commands of GitHub Actions, which become annotations of files.

use uvshift_diagnostics::{Diagnostic, Severity};

use super::{Report, one_line, sentences, sentences_of};
use crate::{Evidence, Finding};

/// How many annotations of each type GitHub shows of one step.
const SHOWN: usize = 10;

/// How many further places a message names.
const PLACES: usize = 3;

/// One workflow command (`::error file=...,line=...,title=...::message`) for each finding and diagnostic, errors first, and
/// nothing else.
///
/// GitHub shows the first ten errors, warnings and notices of a step. Where there are more, a notice says how many there are in
/// all; it stands at the end, or before the other notices where these alone are more than GitHub shows.
pub fn github(report: &Report<'_>) -> String {
    let findings = report.findings.iter().map(|finding| (finding.severity, of_finding(report, finding)));
    let diagnostics = report.diagnostics.iter().map(|found| (found.severity, of_diagnostic(report, found)));
    let mut commands: Vec<(Severity, String)> = findings.chain(diagnostics).collect();
    commands.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    if severities.into_iter().any(|severity| report.count(severity) > SHOWN) {
        let notices = report.count(Severity::Note);
        let at = if notices < SHOWN { commands.len() } else { commands.len() - notices };
        commands.insert(at, (Severity::Note, of_all(report)));
    }
    commands.into_iter().flat_map(|(_, command)| [command, "\n".to_owned()]).collect()
}

fn of_finding(report: &Report<'_>, finding: &Finding) -> String {
    let Finding { rule, package, severity, evidence, .. } = finding;
    // The line of a cell is no line of the file.
    let line = |place: &Evidence| if place.cell.is_some() { 0 } else { place.line };
    let at = evidence.first().map(|first| (first.file.as_str(), line(first)));
    let title = format!("{} {}: {package}", rule.code(), rule.name());
    command(report, *severity, at, &title, &sentences(report, finding, PLACES))
}

fn of_diagnostic(report: &Report<'_>, diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, severity, file, line, .. } = diagnostic;
    let at = file.as_deref().map(|file| (file, line.unwrap_or(0)));
    command(report, *severity, at, &format!("{code} {}", code.name()), &sentences_of(diagnostic))
}

fn of_all(report: &Report<'_>) -> String {
    let text = format!(
        "{} in all; GitHub shows the first {SHOWN} of each type. {}.",
        report.counts(),
        report.summary.words()
    );
    command(report, Severity::Note, None, "More findings than are shown", &text)
}

fn command(
    report: &Report<'_>,
    severity: Severity,
    at: Option<(&str, usize)>,
    title: &str,
    message: &str,
) -> String {
    let name = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some((file, line)) = at {
        properties.push(format!("file={}", property(&report.path(file))));
        if line > 0 {
            properties.push(format!("line={line}"));
        }
    }
    properties.push(format!("title={}", property(&one_line(title))));
    format!("::{name} {}::{}", properties.join(","), data(&one_line(message)))
}

/// The escapes of a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The escapes of the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
