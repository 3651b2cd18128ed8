//! SARIF 2.1.0, for the schema, the validator of its authors, and code scanning of GitHub.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use uvshift_depgraph::{Rule, report};
use uvshift_diagnostics::Severity;

use crate::{evidence, finding, report as report_of, run, sample, tool};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_finding_is_a_result_of_a_described_rule() {
    let (findings, diagnostics) = sample();
    let log = parsed(&report::sarif(&report_of(&findings, &diagnostics), "1.2.3"));
    assert_eq!((&log["version"], log["runs"].as_array().unwrap().len()), (&"2.1.0".into(), 1));
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!((&driver["name"], &driver["version"]), (&"uvshift".into(), &"1.2.3".into()));
    for rule in driver["rules"].as_array().unwrap() {
        for key in ["id", "name", "helpUri"] {
            assert!(rule[key].as_str().is_some_and(|text| !text.is_empty()), "{rule}");
        }
        for key in ["shortDescription", "fullDescription", "help"] {
            let text = rule[key]["text"].as_str().unwrap();
            // What GitHub shows at most.
            assert!(!text.is_empty() && text.len() <= 1024, "{rule}");
        }
        assert!(
            ["error", "warning", "note"].contains(&rule["defaultConfiguration"]["level"].as_str().unwrap())
        );
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(&findings) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], driver["rules"][index]["id"]);
        assert_eq!(result["ruleId"], finding.rule.code().id());
        assert_eq!(result["properties"]["package"], finding.package.as_str());
        assert_eq!(result["properties"]["class"], "required");
    }
    let invocation = &run["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(invocation.as_array().unwrap().len(), diagnostics.len());
    for notification in invocation.as_array().unwrap() {
        let index = usize::try_from(notification["descriptor"]["index"].as_u64().unwrap()).unwrap();
        assert_eq!(notification["descriptor"]["id"], driver["notifications"][index]["id"]);
    }
}

#[test]
fn places_are_paths_of_the_repository() {
    let (findings, diagnostics) = sample();
    let log = parsed(&report::sarif(&report_of(&findings, &diagnostics), "1"));
    let results = log["runs"][0]["results"].as_array().unwrap();
    let physical = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(physical["artifactLocation"]["uri"], "services/a%20b/src/a.py");
    assert_eq!(physical["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    assert_eq!(physical["region"], serde_json::json!({ "startLine": 3 }));
    let text = results[0]["message"]["text"].as_str().unwrap();
    assert!(text.contains("uv remove requests && uv add --dev 'requests[socks]"), "{text}");
    assert_eq!(results[0]["properties"]["commands"][0], "uv remove requests");
    // A cell of a notebook has no line in the file; the message names it.
    let notebook = &results[10];
    let physical = &notebook["locations"][0]["physicalLocation"];
    assert_eq!(physical["artifactLocation"]["uri"], "services/a%20b/notebooks/a%20b%23c%3F.ipynb");
    assert!(physical["region"].is_null());
    assert!(notebook["message"]["text"].as_str().unwrap().contains("cell 4, line 2"), "{notebook}");
    let related = notebook["relatedLocations"].as_array().unwrap();
    assert_eq!(related.len(), 4);
    assert_eq!(related[1]["physicalLocation"]["artifactLocation"]["uri"], "services/a%20b/src/%C3%BC.py");
    assert!(related[1]["physicalLocation"]["region"].is_null());
    assert_eq!(related[3]["physicalLocation"]["region"]["startLine"], 8);
    assert_eq!(log["runs"][0]["automationDetails"]["id"], "uvshift-deps/services/a%20b/");
}

#[test]
fn a_fingerprint_stays_when_lines_move_and_is_no_other_ones() {
    let prints = |findings: &[_]| -> Vec<Value> {
        let log = parsed(&report::sarif(&report_of(findings, &[]), "1"));
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|result| result["partialFingerprints"]["uvshiftFinding/v1"].clone()).collect()
    };
    let (mut findings, _) = sample();
    findings.push(findings[0].clone());
    let before = prints(&findings);
    let different: BTreeSet<&str> = before.iter().map(|print| print.as_str().unwrap()).collect();
    assert_eq!(different.len(), findings.len());
    for place in findings.iter_mut().flat_map(|finding| &mut finding.evidence) {
        place.line += 40;
    }
    assert_eq!(prints(&findings), before);
}

/// GitHub refuses a run with more than 25,000 results, and takes no more than 100 locations of one.
#[test]
fn the_limits_of_github_are_kept() {
    let place = || vec![evidence("a.py", 1, None)];
    let mut findings = vec![finding(Rule::Unpinned, "a", Severity::Note, place()); 25_001];
    let places = (1..=1_500).map(|line| evidence("a.py", line, None)).collect();
    findings.push(finding(Rule::Missing, "b", Severity::Error, places));
    let text = report::sarif(&report_of(&findings, &[]), "1");
    let log = parsed(&text);
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 25_000);
    assert_eq!(results[0]["level"], "error", "the most severe ones come first");
    assert_eq!(results[0]["relatedLocations"].as_array().unwrap().len(), 100);
    let told = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(told.starts_with("2 more results are left out"), "{told}");
}

const SCHEMA_CHECK: &str = "\
import json, sys, fastjsonschema
schema = json.load(open(sys.argv[1]))
fastjsonschema.compile(schema)(json.load(sys.stdin))
";

/// The schema and the validator are those of the npm package `@microsoft/sarif-multitool-linux`.
#[test]
fn the_authors_of_sarif_have_nothing_to_say() {
    let (Some(schema), Some(python)) = (tool("sarif/sarif-2.1.0.json"), tool("tools/bin/python")) else {
        eprintln!(
            "SKIPPED: the files of the npm package @microsoft/sarif-multitool-linux are not in .tools/sarif"
        );
        return;
    };
    let (findings, diagnostics) = sample();
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("full.sarif", report::sarif(&report_of(&findings, &diagnostics), "1.2.3")),
        ("empty.sarif", report::sarif(&report_of(&[], &[]), "1.2.3")),
    ] {
        let output = run(Command::new(&python).args(["-I", "-c", SCHEMA_CHECK]).arg(&schema), &text);
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        // The check itself works: a level that is none is refused.
        let broken = text.replace("\"level\": \"error\"", "\"level\": \"fatal\"");
        let output = run(Command::new(&python).args(["-I", "-c", SCHEMA_CHECK]).arg(&schema), &broken);
        assert!(!output.status.success(), "{name}");
        let (log, said) = (folder.path().join(name), folder.path().join("said.sarif"));
        std::fs::write(&log, &text).unwrap();
        let mut command = Command::new(schema.with_file_name("Sarif.Multitool"));
        command.arg("validate").arg(&log).arg("--output").arg(&said).args(["--log", "ForceOverwrite"]);
        // Notes are about what a log could hold besides, such as snippets, and about pages that it cannot reach.
        command.args(["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]);
        command.env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
        let output = run(&mut command, "");
        let said = parsed(std::fs::read_to_string(&said).unwrap().trim_start_matches('\u{feff}'));
        let results = said["runs"][0]["results"].as_array().unwrap().iter();
        // A place without a line is one on purpose: a cell of a notebook, a file as a whole.
        let others: Vec<&Value> = results.filter(|result| result["ruleId"] != "SARIF2017").collect();
        assert!(others.is_empty(), "{name}: {others:#?}\n{output:?}");
    }
}
