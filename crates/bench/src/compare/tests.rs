use super::*;
use crate::file::from_json;
use crate::model::WarningKind;
use crate::statistics::Interval;
use crate::testing::{run, run_with, series_of, slower};

fn ratio(value: f64, low: f64, high: f64) -> Ratio {
    Ratio { value, interval: Some(Interval { low, high }), range: None, pairs: 10, dropped: 0 }
}

/// As by default, but quicker.
fn options() -> CompareOptions {
    CompareOptions {
        bootstrap: Bootstrap { resamples: 1_000, ..Bootstrap::seeded(0) },
        ..CompareOptions::default()
    }
}

#[test]
fn the_verdict_follows_the_rule() {
    for (value, low, high, expected) in [
        // The interval excludes 1, and the effect is over 5 %.
        (1.10, 1.06, 1.15, Verdict::Slower),
        (1.06, 1.001, 1.20, Verdict::Slower),
        (0.90, 0.85, 0.94, Verdict::Faster),
        (0.94, 0.80, 0.999, Verdict::Faster),
        // It excludes 1, but the effect is smaller: surely, or not surely.
        (1.03, 1.02, 1.04, Verdict::Same),
        (1.04, 1.01, 1.13, Verdict::Unclear),
        // It includes 1: surely no effect, or not surely.
        (1.01, 0.98, 1.03, Verdict::Same),
        (1.00, 1.00, 1.00, Verdict::Same),
        (1.30, 0.99, 1.60, Verdict::Unclear),
        (1.30, 1.00, 1.60, Verdict::Unclear),
        (0.70, 0.40, 1.01, Verdict::Unclear),
    ] {
        assert_eq!(Verdict::of(Some(&ratio(value, low, high)), 0.05), expected, "{value} {low} {high}");
    }
    assert_eq!(Verdict::of(None, 0.05), Verdict::Missing);
    let few = Ratio { interval: None, ..ratio(5.0, 5.0, 5.0) };
    assert_eq!(Verdict::of(Some(&few), 0.05), Verdict::Unclear);
    assert_eq!(Verdict::of(Some(&ratio(1.10, 1.06, 1.15)), 0.20), Verdict::Same);
}

#[test]
fn a_run_is_the_same_as_itself_and_slower_when_it_is_slower() {
    let before = run(1, 12);
    let same = compare(&before, &before, &options());
    assert_eq!(same.count(Verdict::Slower) + same.count(Verdict::Faster), 0);
    assert!(!same.has_regressions() && same.changes.len() == 24);

    let after = slower(&before, "uv", 1.5);
    let found = compare(&before, &after, &options());
    assert!(found.has_regressions());
    for change in &found.changes {
        let is_uv = change.contender == "uv";
        assert_eq!(change.verdict == Verdict::Slower, is_uv, "{change:?}");
        let expected = if is_uv { 1.5 } else { 1.0 };
        assert!((change.wall.unwrap().value - expected).abs() < 1e-9);
        assert!((change.cpu.unwrap().value - expected).abs() < 1e-9);
    }
    let back = compare(&after, &before, &options());
    assert_eq!(back.count(Verdict::Faster), 8);
    assert!(!back.has_regressions());
}

#[test]
fn what_only_one_run_has_is_missing() {
    let series = |name: &str| series_of("medium", Operation::Resolve, name, &[1.0; 8]);
    let before = run_with(vec![series("pip"), series("uv")]);
    let after = run_with(vec![series("uv"), series("uv-bytecode")]);
    let found = compare(&before, &after, &options());
    let told: Vec<(&str, Verdict, bool, bool)> = found
        .changes
        .iter()
        .map(|change| {
            (change.contender.as_str(), change.verdict, change.before.is_some(), change.after.is_some())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("pip", Verdict::Missing, true, false),
            ("uv", Verdict::Same, true, true),
            ("uv-bytecode", Verdict::Missing, false, true)
        ]
    );
}

#[test]
fn too_few_samples_are_unclear() {
    let of = |wall| run_with(vec![series_of("medium", Operation::Resolve, "uv", &[wall; 5])]);
    let found = compare(&of(1.0), &of(9.0), &options());
    assert_eq!(found.changes[0].verdict, Verdict::Unclear);
    let nothing = run_with(vec![series_of("medium", Operation::Resolve, "uv", &[])]);
    assert_eq!(compare(&nothing, &of(1.0), &options()).changes[0].verdict, Verdict::Missing);
}

#[test]
fn what_may_not_be_compared_is_said() {
    let before = run(1, 6);
    assert_eq!(
        compare(&before, &before, &options()).warnings,
        [
            "of 24 intervals of 95 %, about 1 lies beside the truth by chance: measure again before acting on a single change"
        ]
    );
    let mut after = before.clone();
    after.machine.processor = Some("Another Processor".to_owned());
    after.machine.python = None;
    after.machine.same_device = Some(false);
    after.settings.quick = true;
    after.contenders[1].version = "0.14.0".to_owned();
    after.contenders.remove(2);
    after.scenarios[0].requirements.push("flask".to_owned());
    after.scenarios[1].name = "large".to_owned();
    after.finished = None;
    let warnings = compare(&before, &after, &options()).warnings.join("\n");
    for expected in [
        "the processors differ: An Example Processor 3000, then Another Processor",
        "the Pythons differ: 3.12.11, then not known",
        "the devices of caches and environments differ: one device, then two devices",
        "the forms differ: the full form, then the short form",
        "the versions of uv differ: 0.13.9, then 0.14.0",
        "the contender uv-bytecode is in the first run only",
        "the scenario small does not hold the same: its times may not be compared",
        "the scenario large is in the second run only",
        "the scenario medium is in the first run only",
        "the second run was interrupted",
    ] {
        assert!(warnings.contains(expected), "{expected} is not in\n{warnings}");
    }
}

#[test]
fn everything_slower_speaks_of_the_machine() {
    let before = run(1, 12);
    let mut after = before.clone();
    for name in ["pip", "uv", "uv-bytecode"] {
        after = slower(&after, name, 1.4);
    }
    let warnings = compare(&before, &after, &options()).warnings.join("\n");
    assert!(warnings.contains("everything is slower, whatever the tool"), "{warnings}");
    let one = compare(&before, &slower(&before, "uv", 1.4), &options()).warnings.join("\n");
    assert!(!one.contains("everything"), "{one}");
}

#[test]
fn files_of_hyperfine_are_compared_by_their_commands() {
    let file = |times: &str| {
        from_json(&format!(r#"{{"results": [{{"command": "make", "times": [{times}]}}]}}"#)).unwrap()
    };
    let before = file("1.0, 1.01, 0.99, 1.02, 0.98, 1.0, 1.0");
    let after = file("1.3, 1.31, 1.29, 1.32, 1.28, 1.3, 1.3");
    assert_eq!(before.warnings[0].kind, WarningKind::Foreign);
    let found = compare(&before, &after, &options());
    assert_eq!(found.changes[0].verdict, Verdict::Slower);
    // hyperfine tells the mean of the processor times only, of which no interval can be made.
    assert_eq!(found.changes[0].cpu, None);
    assert!(found.warnings[0].contains("a file of hyperfine"), "{:?}", found.warnings);
}

#[test]
fn what_does_not_work_any_more_is_a_regression() {
    let before = run(1, 8);
    let mut after = before.clone();
    after.series[0].samples.clear();
    after.series[0].failure = Some("exit status 1".to_owned());
    let found = compare(&before, &after, &options());
    assert!(found.has_regressions() && found.has_common());
    assert!(
        found.warnings.iter().any(|warning| warning.ends_with("not after: exit status 1")),
        "{:?}",
        found.warnings
    );
    // The other way round, something works again.
    assert!(!compare(&after, &before, &options()).changes.iter().any(|change| change.failed.is_some()));
    let nothing = run_with(Vec::new());
    let found = compare(&before, &nothing, &options());
    assert!(!found.has_common());
}
