//! SARIF 2.1.0, as code scanning of GitHub and others read it.

mod rules;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use uvshift_diagnostics::{Diagnostic, Severity};

use self::rules::{diagnostic_codes, notification, rule, rule_index};
use super::{Report, one_line, place, sentences, sentences_of};
use crate::{Action, Evidence, Finding};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Where this program lives.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The base that paths are relative to: the root of the repository.
const BASE: &str = "%SRCROOT%";

/// More results than this in a run, and GitHub refuses the file.
const RESULTS: usize = 25_000;

/// More locations than this in a result, and GitHub leaves the rest out.
const LOCATIONS: usize = 100;

/// The report as one run of SARIF 2.1.0 by the tool `uvshift` of this version.
///
/// Findings are its results. What could not be read are notifications of its only invocation, since it is about the run and not
/// about the project. At most 25,000 results are written, the most severe first; a notification says how many are left out.
pub fn sarif(report: &Report<'_>, version: &str) -> String {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    let left_out = findings.len().saturating_sub(RESULTS);
    if left_out > 0 {
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        findings.truncate(RESULTS);
    }
    let mut seen = BTreeMap::new();
    let results: Vec<Value> =
        findings.into_iter().map(|finding| result(report, finding, &mut seen)).collect();
    let codes = diagnostic_codes(report.diagnostics);
    let mut notifications: Vec<Value> = report
        .diagnostics
        .iter()
        .map(|found| of_diagnostic(report, found, codes.binary_search(&found.code).unwrap_or_default()))
        .collect();
    if left_out > 0 {
        let text = format!("{left_out} more results are left out: a run holds at most {RESULTS}.");
        notifications.push(json!({ "level": "warning", "message": { "text": text } }));
    }
    let run = json!({
        "tool": { "driver": {
            "name": "uvshift",
            "informationUri": REPOSITORY,
            "version": version,
            "semanticVersion": version,
            "rules": crate::Rule::ALL.map(rule),
            "notifications": codes.into_iter().map(notification).collect::<Vec<_>>(),
        } },
        "automationDetails": { "id": automation(report.folder) },
        "originalUriBaseIds": { BASE: { "description": { "text": "The root of the repository." } } },
        "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": notifications }],
        "results": results,
        "properties": {
            "files": report.summary.files,
            "imports": report.summary.imports,
            "declaredPackages": report.summary.packages,
        },
    });
    format!("{:#}\n", json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

/// What sets the runs about several projects of a repository apart.
fn automation(folder: &str) -> String {
    if folder.is_empty() { "uvshift-deps/".to_owned() } else { format!("uvshift-deps/{}/", uri(folder)) }
}

fn result(report: &Report<'_>, finding: &Finding, seen: &mut BTreeMap<String, usize>) -> Value {
    let Finding { rule, package, class, severity, evidence, .. } = finding;
    let mut result = Map::new();
    result.insert("ruleId".to_owned(), json!(rule.code().id()));
    result.insert("ruleIndex".to_owned(), json!(rule_index(*rule)));
    result.insert("level".to_owned(), json!(level(*severity)));
    result.insert("message".to_owned(), message(&sentences(report, finding, 0)));
    let mut places = evidence.iter();
    // GitHub refuses a result that is nowhere.
    let first = places.next().map(|first| (first.file.as_str(), line_of(first)));
    let (file, line) = first.unwrap_or(("pyproject.toml", 0));
    result.insert("locations".to_owned(), json!([location(report, file, line)]));
    let related: Vec<Value> =
        places.take(LOCATIONS).enumerate().map(|(index, place)| related(report, index, place)).collect();
    if !related.is_empty() {
        result.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    let fingerprint = fingerprint(report, finding, seen);
    result.insert("partialFingerprints".to_owned(), json!({ "uvshiftFinding/v1": fingerprint }));
    let commands = finding.action.as_ref().map(Action::commands);
    let mut properties = json!({ "package": package, "class": class.as_str() });
    if let (Some(commands), Some(properties)) = (commands, properties.as_object_mut()) {
        properties.insert("commands".to_owned(), json!(commands));
    }
    result.insert("properties".to_owned(), properties);
    Value::Object(result)
}

/// What stays the same when lines move: the rule, the package, the file; a number where these are not enough.
fn fingerprint(report: &Report<'_>, finding: &Finding, seen: &mut BTreeMap<String, usize>) -> String {
    let file = finding.evidence.first().map(|first| report.path(&first.file)).unwrap_or_default();
    let key = format!("{}:{}:{file}", finding.rule.code(), finding.package);
    let count = seen.entry(key.clone()).or_default();
    *count += 1;
    format!("{key}:{count}")
}

fn related(report: &Report<'_>, index: usize, evidence: &Evidence) -> Value {
    let mut location = location(report, &evidence.file, line_of(evidence));
    if let Some(location) = location.as_object_mut() {
        location.insert("id".to_owned(), json!(index + 1));
        let cell = evidence
            .cell
            .map(|_| format!(" ({})", place(&report.path(&evidence.file), evidence)))
            .unwrap_or_default();
        let text = format!("{}: {}{cell}", evidence.form, evidence.text);
        location.insert("message".to_owned(), message(&one_line(&text)));
    }
    location
}

/// The line of a cell is no line of the file.
fn line_of(evidence: &Evidence) -> usize {
    if evidence.cell.is_some() { 0 } else { evidence.line }
}

fn location(report: &Report<'_>, file: &str, line: usize) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&report.path(file)), "uriBaseId": BASE } });
    if let (true, Some(physical)) = (line > 0, physical.as_object_mut()) {
        physical.insert("region".to_owned(), json!({ "startLine": line }));
    }
    json!({ "physicalLocation": physical })
}

fn of_diagnostic(report: &Report<'_>, diagnostic: &Diagnostic, index: usize) -> Value {
    let Diagnostic { code, severity, file, line, .. } = diagnostic;
    let mut notification = json!({
        "descriptor": { "id": code.id(), "index": index },
        "level": level(*severity),
        "message": message(&sentences_of(diagnostic)),
    });
    if let (Some(file), Some(notification)) = (file, notification.as_object_mut()) {
        let location = location(report, file, line.unwrap_or_default());
        notification.insert("locations".to_owned(), json!([location]));
    }
    notification
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A plain text message: braces stand for arguments unless they are doubled, and `[text](target)` is a link.
fn message(text: &str) -> Value {
    json!({ "text": text.replace('{', "{{").replace('}', "}}").replace("](", "] (") })
}

/// A path as a relative reference (RFC 3986): everything but unreserved characters and `/` is encoded.
fn uri(path: &str) -> String {
    let letter = |byte: u8| {
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if is_plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    path.bytes().map(letter).collect()
}
