use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::model::{
    Contender, Machine, Operation, Run, Sample, Scenario, Series, Settings, Warning, WarningKind,
};
use crate::testing;

/// A file of hyperfine 1.20 itself: two commands with 5 runs each, one with a parameter.
const HYPERFINE: &str = include_str!("../../testdata/hyperfine-1.20.json");

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn message(text: &str) -> String {
    from_json(text).unwrap_err().to_string()
}

/// The file of a small run with one place changed.
fn changed(pointer: &str, value: Value) -> String {
    let mut file = parsed(&to_json(&testing::run(1, 2)));
    *file.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
    file.to_string()
}

#[test]
fn a_run_comes_back() {
    let run = testing::run(1, 12);
    assert_eq!(from_json(&to_json(&run)).unwrap(), run);
    assert_eq!(to_json(&from_json(&to_json(&run)).unwrap()), to_json(&run));
}

#[test]
fn a_run_that_is_not_finished_comes_back() {
    let mut run = testing::run(1, 3);
    run.finished = None;
    run.machine = Machine::default();
    run.series[0].samples.clear();
    run.series[0].failure = Some("the time limit was reached".to_owned());
    run.series.truncate(4);
    assert_eq!(from_json(&to_json(&run)).unwrap(), run);
}

#[test]
fn the_file_begins_with_what_it_is_and_has_a_line_an_entry() {
    let text = to_json(&testing::run(1, 2));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..3], ["{", "  \"version\": 1,", "  \"kind\": \"uvshift-bench\","]);
    assert_eq!(lines.iter().filter(|line| line.contains("\"samples\":[")).count(), 24);
    assert!(text.ends_with("\n  ]\n}\n"));
}

#[test]
fn results_are_those_of_hyperfine() {
    // hyperfine 1.20 writes these keys, and `parameters` where there are some.
    let of_hyperfine: Vec<String> =
        parsed(HYPERFINE)["results"][0].as_object().unwrap().keys().cloned().collect();
    let mut run = testing::run(1, 5);
    run.series[1].samples.clear();
    run.series[2].samples[0].peak_memory = None;
    let file = parsed(&to_json(&run));
    let results = file["results"].as_array().unwrap();
    // A series without samples is none of them.
    assert_eq!(results.len(), run.series.len() - 1);
    let entry = results[0].as_object().unwrap();
    let ours: Vec<&String> = entry.keys().filter(|key| *key != "parameters").collect();
    let theirs: Vec<&String> = of_hyperfine.iter().filter(|key| *key != "parameters").collect();
    assert_eq!(ours, theirs);
    assert!(results[1].get("memory_usage_byte").is_none());
    let samples = &run.series[0].samples;
    let walls: Vec<f64> = samples.iter().map(|sample| sample.wall).collect();
    assert_eq!(entry["times"], serde_json::json!(walls));
    assert_eq!(entry["exit_codes"], serde_json::json!([0, 0, 0, 0, 0]));
    assert_eq!(entry["parameters"]["operation"], "install-cold");
    let user = samples.iter().map(|sample| sample.user).sum::<f64>() / 5.0;
    assert!((entry["user"].as_f64().unwrap() - user).abs() < 1e-12);
}

#[test]
fn the_figures_of_results_are_those_that_hyperfine_writes_for_the_same_times() {
    let run = from_json(HYPERFINE).unwrap();
    let again = parsed(&to_json(&run));
    for (ours, theirs) in
        again["results"].as_array().unwrap().iter().zip(parsed(HYPERFINE)["results"].as_array().unwrap())
    {
        for key in ["mean", "stddev", "median", "min", "max"] {
            let (found, expected) = (ours[key].as_f64().unwrap(), theirs[key].as_f64().unwrap());
            assert!((found - expected).abs() < 1e-12, "{key}: {found} is not {expected}");
        }
        for key in ["command", "times", "exit_codes", "memory_usage_byte"] {
            assert_eq!(ours[key], theirs[key], "{key}");
        }
    }
}

#[test]
fn one_run_has_no_deviation() {
    let file = parsed(&to_json(&testing::run(1, 1)));
    assert_eq!(file["results"][0]["stddev"], Value::Null);
}

#[test]
fn a_file_of_hyperfine_is_a_run() {
    let run = from_json(HYPERFINE).unwrap();
    assert_eq!(run.scenarios.len(), 2);
    assert_eq!(run.series.len(), 2);
    assert_eq!(run.series[0].samples.len(), 5);
    assert!(run.series.iter().all(|series| series.operation == Operation::Command));
    assert!(run.series[0].samples.iter().all(|sample| sample.peak_memory.is_some_and(|bytes| bytes > 0)));
    assert_eq!(run.warnings[0].kind, WarningKind::Foreign);
    assert_eq!(from_json(&to_json(&run)).unwrap(), run);
}

#[test]
fn the_same_command_twice_is_two_scenarios() {
    let entry = r#"{"command": "a", "times": [1.0]}"#;
    let other = r#"{"command": "a (2)", "times": [1.0]}"#;
    let run = from_json(&format!(r#"{{"results": [{entry}, {other}, {entry}, {entry}]}}"#)).unwrap();
    let names: Vec<&str> = run.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    assert_eq!(names, ["a", "a (2)", "a (3)", "a (4)"]);
    assert!(run.series.iter().zip(&names).all(|(series, name)| series.scenario == *name));
}

#[test]
fn what_is_no_run_is_told_with_a_way_out() {
    let cut = to_json(&testing::run(1, 2));
    let cut = &cut[..cut.len() / 2];
    let error = from_json(cut).unwrap_err();
    assert!(matches!(error, FileError::Syntax { line, .. } if line > 10), "{error:?}");
    assert!(error.hint().is_some());
    assert_eq!(
        message("[1]"),
        "this is neither a run of uvshift nor a file of hyperfine: it has neither `kind` nor `results`"
    );
    assert_eq!(message(r#"{"kind": "other"}"#), "this is a file of the kind `other`, not `uvshift-bench`");
    assert_eq!(
        message(&changed("/version", 2.into())),
        "this file has version 2, and only version 1 is known here"
    );
    assert_eq!(
        message(&changed("/version", "1".into())),
        "this file has version \"1\", and only version 1 is known here"
    );
    assert_eq!(message(r#"{"results": [{"times": [1]}]}"#), "`results[0].command` is missing");
    assert_eq!(message(r#"{"results": [{"command": "a"}]}"#), "`results[0].times` is missing");
    assert_eq!(
        message(r#"{"results": [{"command": "a", "times": [1, -1]}]}"#),
        "`results[0].times[1]` is no time in seconds: -1"
    );
}

#[test]
fn a_wrong_field_is_told_by_its_place() {
    for (pointer, value, expected) in [
        ("/uvshift", Value::Null, "`uvshift` is missing"),
        ("/started", (-1).into(), "`started` is no whole number from 0 to 2 to the power of 64: -1"),
        (
            "/machine/cores",
            "two".into(),
            "`machine.cores` is no whole number from 0 to 2 to the power of 64: \"two\"",
        ),
        (
            "/settings/runs",
            5_000_000_000_u64.into(),
            "`settings.runs` is no whole number of this size: 5000000000",
        ),
        ("/settings/quick", 1.into(), "`settings.quick` is no `true` or `false`: 1"),
        ("/warnings/0/kind", "odd".into(), "`warnings[0].kind` is no kind of warning: \"odd\""),
        ("/series", Value::Object(serde_json::Map::new()), "`series` is no list: {}"),
        ("/series/1/operation", "fly".into(), "`series[1].operation` is no operation: \"fly\""),
        ("/series/1/samples/0/wall", Value::Null, "`series[1].samples[0].wall` is missing"),
        (
            "/series/1/samples/0/wall",
            (-0.5).into(),
            "`series[1].samples[0].wall` is no time in seconds: -0.5",
        ),
        (
            "/series/1/samples/0/user",
            1e300.into(),
            "`series[1].samples[0].user` is no time in seconds: 1e+300",
        ),
        ("/scenarios/0/requirements/1", 3.into(), "`scenarios[0].requirements[1]` is no text: 3"),
    ] {
        assert_eq!(message(&changed(pointer, value)), expected);
    }
    let long = changed("/series/0/operation", "x".repeat(10_000).into());
    assert!(message(&long).len() < 100);
}

#[test]
fn numbers_that_json_does_not_know_are_refused() {
    for number in ["NaN", "Infinity", "1e999"] {
        let text =
            to_json(&testing::run(1, 1)).replacen("\"wall\":", &format!("\"wall\":{number},\"x\":"), 1);
        assert!(matches!(from_json(&text), Err(FileError::Syntax { .. })), "{number}");
    }
    let mut run = testing::run(1, 1);
    run.series[2].samples[0].wall = f64::NAN;
    assert_eq!(message(&to_json(&run)), "`series[2].samples[0].wall` is missing");
}

#[test]
fn more_than_anybody_measures_is_refused() {
    let times = vec!["1"; 10_001].join(",");
    let text = format!(r#"{{"results": [{{"command": "a", "times": [{times}]}}]}}"#);
    assert_eq!(message(&text), "`results[0].times` has 10001 entries, and more than 10000 are not read");
    let entries = vec![r#"{"command": "a", "times": [1]}"#; 2_001].join(",");
    assert_eq!(
        message(&format!(r#"{{"results": [{entries}]}}"#)),
        "`results` has 2001 entries, and more than 2000 are not read"
    );
    let deep = "[".repeat(100_000);
    assert!(matches!(from_json(&deep), Err(FileError::Syntax { .. })));
}

#[test]
fn credentials_do_not_reach_the_file() {
    let mut run = testing::run(1, 1);
    let secret = "a @ https://somebody:hunter2@index.example/a.whl";
    run.scenarios[0].requirements[0] = secret.to_owned();
    run.scenarios[0].description = secret.to_owned();
    run.series[0].command = secret.to_owned();
    run.series[0].failure = Some(secret.to_owned());
    run.warnings[0].message = secret.to_owned();
    let text = to_json(&run);
    assert!(!text.contains("hunter2") && text.contains("index.example/a.whl"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_run_comes_back(run in any_run()) {
        let text = to_json(&run);
        prop_assert_eq!(&from_json(&text).unwrap(), &run);
        prop_assert_eq!(to_json(&from_json(&text).unwrap()), text);
    }

    #[test]
    fn nothing_makes_the_reader_panic(text in "\\PC{0,200}", run in any_run(), from in 0_usize..2_000, to in 0_usize..2_000) {
        let _ = from_json(&text);
        let mut bytes = to_json(&run).into_bytes();
        let (from, to) = (from.min(bytes.len()), to.min(bytes.len()));
        bytes.drain(from.min(to)..from.max(to));
        let _ = from_json(&String::from_utf8_lossy(&bytes));
    }
}

/// Texts without `://`, since credentials of URLs are covered.
fn text() -> impl Strategy<Value = String> {
    "[^/]{0,12}"
}

fn seconds() -> impl Strategy<Value = f64> {
    prop_oneof![0.0..1e9, 0.0..1e-6, Just(0.0), Just(0.1 + 0.2), Just(f64::MIN_POSITIVE), Just(5e-324)]
}

fn any_run() -> impl Strategy<Value = Run> {
    let head = (text(), any::<u64>(), option::of(any::<u64>()), any_machine(), any_settings());
    let contender =
        (text(), text(), text()).prop_map(|(id, label, version)| Contender { id, label, version });
    let scenario = (text(), text(), vec(text(), 0..3), option::of(any::<u32>())).prop_map(
        |(name, description, requirements, packages)| Scenario { name, description, requirements, packages },
    );
    let warning = (proptest::sample::select(WarningKind::ALL.to_vec()), option::of(text()), text())
        .prop_map(|(kind, place, message)| Warning { kind, place, message });
    let lists = (vec(contender, 0..3), vec(scenario, 0..3), vec(any_series(), 0..4), vec(warning, 0..3));
    (head, lists).prop_map(|((uvshift, started, finished, machine, settings), lists)| {
        let (contenders, scenarios, series, warnings) = lists;
        Run { uvshift, started, finished, machine, settings, contenders, scenarios, series, warnings }
    })
}

fn any_machine() -> impl Strategy<Value = Machine> {
    let texts =
        (text(), text(), option::of(text()), option::of(text()), option::of(text()), option::of(text()));
    let numbers =
        (any::<usize>(), option::of(any::<u64>()), option::of(-1e9..1e9), option::of(any::<bool>()));
    (texts, numbers, option::of(text())).prop_map(|(texts, (cores, memory, load, same_device), python)| {
        let (os, architecture, release, processor, file_system, link_mode) = texts;
        Machine {
            os,
            release,
            architecture,
            processor,
            cores,
            memory,
            load,
            file_system,
            same_device,
            link_mode,
            python,
        }
    })
}

fn any_settings() -> impl Strategy<Value = Settings> {
    (any::<u32>(), any::<u32>(), any::<u64>(), seconds(), any::<bool>(), any::<bool>()).prop_map(
        |(runs, warmups, seed, timeout, local_index, quick)| Settings {
            runs,
            warmups,
            seed,
            timeout,
            local_index,
            quick,
        },
    )
}

fn any_series() -> impl Strategy<Value = Series> {
    let operations: Vec<Operation> = Operation::ALL.into_iter().chain([Operation::Command]).collect();
    let sample = (
        any::<u32>(),
        any::<u32>(),
        seconds(),
        seconds(),
        seconds(),
        option::of(any::<u64>()),
        option::of(0.0..1e3),
    )
        .prop_map(|(block, position, wall, user, system, peak_memory, load)| Sample {
            block,
            position,
            wall,
            user,
            system,
            peak_memory,
            load,
        });
    (text(), proptest::sample::select(operations), text(), text(), vec(sample, 0..5), option::of(text()))
        .prop_map(|(scenario, operation, contender, command, samples, failure)| Series {
            scenario,
            operation,
            contender,
            command,
            samples,
            failure,
        })
}
