//! A run into JSON. The parts stand in the order of the model and the keys within in that of the alphabet; numbers are in
//! their shortest form that reads back as the same.

use serde::Serialize;

use super::wire::WireRun;
use crate::model::Run;

/// The file of this run, with a line end. Credentials in URLs are covered; all else comes back as it was. A number that is infinite or none at all becomes `null`, since JSON knows no other.
pub fn to_json(run: &Run) -> String {
    let WireRun {
        version,
        kind,
        uvshift,
        started,
        finished,
        machine,
        settings,
        contenders,
        scenarios,
        warnings,
        series,
        results,
    } = WireRun::of(run);
    let parts = [
        ("version", value(&version)),
        ("kind", value(&kind)),
        ("uvshift", value(&uvshift)),
        ("started", value(&started)),
        ("finished", value(&finished)),
        ("machine", value(&machine)),
        ("settings", value(&settings)),
        ("contenders", list(&contenders)),
        ("scenarios", list(&scenarios)),
        ("warnings", list(&warnings)),
        ("series", list(&series)),
        ("results", list(&results)),
    ];
    format!("{{\n{}\n}}\n", parts.map(|(key, value)| format!("  \"{key}\": {value}")).join(",\n"))
}

/// Nothing of it can fail: every key is a string.
fn value(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Each entry has a line, so that a file can be looked at and compared by lines.
fn list(entries: &[impl Serialize]) -> String {
    if entries.is_empty() {
        return "[]".to_owned();
    }
    let lines: Vec<String> = entries.iter().map(|entry| format!("    {}", value(entry))).collect();
    format!("[\n{}\n  ]", lines.join(",\n"))
}
