use super::*;
use crate::model::{Warning, WarningKind};
use crate::testing::{run, run_with, series_of};

/// Eight pairs that differ a little, times a factor.
fn walls(factor: f64) -> Vec<f64> {
    [1.0, 1.02, 0.98, 1.01, 0.99, 1.03, 0.97, 1.0].iter().map(|wall| wall * factor).collect()
}

fn sentence(operation: Operation, series: &[(&str, Vec<f64>)]) -> String {
    let series = series.iter().map(|(id, walls)| series_of("medium", operation, id, walls));
    figures(&run_with(series.collect())).groups.remove(0).sentence
}

#[test]
fn a_manager_reads_what_it_comes_to() {
    let found = figures(&run(3, 12));
    assert_eq!(
        found.headline,
        "uv installs medium 50 times as fast as pip with warm caches (47 to 56); 2.1 times when both compile bytecode \
         (2.0 to 2.3). uv installs medium 7.8 times as fast as pip with empty caches (7.5 to 8.1); 1.9 times when both \
         compile bytecode (1.9 to 2.0)."
    );
}

#[test]
fn every_operation_has_its_words() {
    for (operation, expected) in [
        (Operation::Resolve, "uv resolves medium 8.0 times as fast as pip with warm caches (8.0 to 8.0)"),
        (
            Operation::InstallCold,
            "uv installs medium 8.0 times as fast as pip with empty caches (8.0 to 8.0)",
        ),
        (Operation::InstallWarm, "uv installs medium 8.0 times as fast as pip with warm caches (8.0 to 8.0)"),
        (Operation::NoOp, "uv finds medium installed already 8.0 times as fast as pip (8.0 to 8.0)"),
        (
            Operation::SyncAfterChange,
            "uv updates medium 8.0 times as fast as pip after one change (8.0 to 8.0)",
        ),
        (Operation::CreateEnvironment, "uv makes an empty environment 8.0 times as fast as pip (8.0 to 8.0)"),
        (Operation::Command, "uv runs medium 8.0 times as fast as pip (8.0 to 8.0)"),
    ] {
        assert_eq!(sentence(operation, &[("pip", walls(8.0)), ("uv", walls(1.0))]), expected);
    }
}

#[test]
fn caches_are_only_called_warm_where_they_were() {
    let mut run = run_with(vec![
        series_of("medium", Operation::Resolve, "pip", &walls(8.0)),
        series_of("medium", Operation::Resolve, "uv", &walls(1.0)),
    ]);
    let told = |run: &Run| figures(run).groups.remove(0).sentence;
    let mut cold = |place: &str| {
        run.warnings[0] = Warning {
            kind: WarningKind::Cache,
            place: Some(place.to_owned()),
            message: "it grew".to_owned(),
        };
        told(&run)
    };
    let expected =
        "uv resolves medium 8.0 times as fast as pip with caches that were not all warm (8.0 to 8.0)";
    assert_eq!(cold("medium resolve pip"), expected);
    assert_eq!(cold("medium resolve"), expected);
    assert!(cold("medium install-warm pip").contains("with warm caches"));
    assert!(cold("small resolve pip").contains("with warm caches"));
}

#[test]
fn what_is_slower_is_said_to_be() {
    let found = sentence(Operation::Resolve, &[("pip", walls(1.0)), ("uv", walls(2.0))]);
    assert_eq!(found, "pip resolves medium 2.0 times as fast as uv with warm caches (2.0 to 2.0)");
    let pair = [("pip", walls(4.0)), ("uv", walls(1.0)), ("uv-bytecode", walls(8.0))];
    let found = sentence(Operation::InstallWarm, &pair);
    assert!(
        found.ends_with(
            "; but pip is 2.0 times as fast as uv-bytecode when both compile bytecode (2.0 to 2.0)"
        ),
        "{found}"
    );
}

#[test]
fn nothing_is_claimed_whose_interval_includes_one() {
    let mut turned = walls(1.0);
    turned.reverse();
    let found = sentence(Operation::InstallWarm, &[("pip", walls(1.0)), ("uv", turned.clone())]);
    assert!(
        found.starts_with("medium, install-warm: no difference between uv and pip was shown (0.9"),
        "{found}"
    );
    let pair = [("pip", walls(1.0)), ("uv", walls(0.5)), ("uv-bytecode", turned)];
    let found = sentence(Operation::InstallWarm, &pair);
    assert!(found.contains("; no difference was shown when both compile bytecode (0.9"), "{found}");
}

#[test]
fn few_pairs_are_told_as_what_they_are() {
    let first = |factor: f64| walls(factor)[..3].to_vec();
    let found = sentence(Operation::InstallWarm, &[("pip", first(8.0)), ("uv", vec![1.0, 1.1, 1.0])]);
    assert_eq!(
        found,
        "uv installs medium 7.4 to 8.0 times as fast as pip with warm caches, in 3 pairs of runs: too few for an interval"
    );
    let found = sentence(Operation::InstallWarm, &[("pip", first(1.0)), ("uv", vec![2.0, 2.2, 2.0])]);
    assert!(
        found.starts_with("pip installs medium 2.0 to 2.2 times as fast as uv with warm caches, in 3"),
        "{found}"
    );
    let found = sentence(Operation::InstallWarm, &[("pip", first(1.0)), ("uv", vec![1.0, 1.1, 0.9])]);
    assert_eq!(found, "medium, install-warm: too few runs to tell uv from pip (3 pairs)");
}

#[test]
fn bytecode_is_no_matter_where_none_is_made() {
    let all = [("pip", walls(8.0)), ("uv", walls(1.0)), ("uv-bytecode", walls(2.0))];
    assert!(
        sentence(Operation::InstallCold, &all)
            .contains("; 4.0 times when both compile bytecode (4.0 to 4.0)")
    );
    assert!(!sentence(Operation::Resolve, &all).contains("bytecode"));
    let without_pip = [("uv", walls(1.0)), ("uv-bytecode", walls(2.0))];
    assert!(!sentence(Operation::InstallWarm, &without_pip).contains("both"));
}

#[test]
fn pairs_that_do_the_same_work_are_told() {
    let all = [
        ("pip", walls(8.0)),
        ("pip-no-compile", walls(3.0)),
        ("uv", walls(1.0)),
        ("uv-bytecode", walls(2.0)),
    ];
    let found = sentence(Operation::InstallWarm, &all);
    let both = "; 4.0 times when both compile bytecode (4.0 to 4.0); 3.0 times when neither compiles bytecode (3.0 to 3.0)";
    assert!(found.ends_with(both), "{found}");
    // venv puts pip into the environment, which takes most of its time.
    let all = [("pip", walls(8.0)), ("venv-without-pip", walls(1.5)), ("uv", walls(0.5))];
    assert_eq!(
        sentence(Operation::CreateEnvironment, &all),
        "uv makes an empty environment 16 times as fast as pip (16 to 16); 3.0 times when neither puts pip into it (3.0 to 3.0)"
    );
    let only = sentence(Operation::CreateEnvironment, &all[1..]);
    assert_eq!(only, "uv makes an empty environment 3.0 times as fast as venv-without-pip (3.0 to 3.0)");
}

#[test]
fn the_baseline_is_a_pip_or_else_the_first() {
    let baseline = |names: &[&str]| {
        let series = names.iter().map(|id| series_of("medium", Operation::NoOp, id, &walls(1.0)));
        figures(&run_with(series.collect())).groups.remove(0).baseline
    };
    assert_eq!(baseline(&["uv", "pip-newest", "pip"]), "pip");
    assert_eq!(baseline(&["uv", "pip-no-compile", "pip-newest"]), "pip-newest");
    assert_eq!(baseline(&["uv", "venv-without-pip"]), "venv-without-pip");
    assert_eq!(baseline(&["uv", "uv-bytecode"]), "uv");
    // A pip that could not be measured is nothing to compare with.
    let series = vec![
        series_of("medium", Operation::NoOp, "pip", &[]),
        series_of("medium", Operation::NoOp, "uv", &walls(1.0)),
    ];
    let found = figures(&run_with(series));
    assert_eq!((found.groups[0].baseline.as_str(), found.groups[0].sentence.as_str()), ("uv", ""));
    assert_eq!(found.headline, "");
    let series = vec![
        series_of("medium", Operation::InstallWarm, "pip", &[]),
        series_of("medium", Operation::InstallWarm, "uv", &walls(1.0)),
        series_of("medium", Operation::InstallWarm, "uv-bytecode", &walls(4.0)),
    ];
    assert_eq!(figures(&run_with(series)).headline, "");
}

#[test]
fn the_project_comes_first() {
    let series = ["small", "medium", "project"].map(|scenario| {
        ["pip", "uv"].map(|id| {
            series_of(scenario, Operation::NoOp, id, &walls(1.0 + f64::from(u8::from(id == "pip"))))
        })
    });
    let found = figures(&run_with(series.concat()));
    assert!(found.headline.starts_with("uv finds project installed already"), "{}", found.headline);
}

#[test]
fn no_samples_are_no_figures() {
    let found = figures(&run_with(Vec::new()));
    assert_eq!((found.headline.as_str(), found.groups.len()), ("", 0));
    let mut empty = series_of("medium", Operation::NoOp, "uv", &[]);
    empty.failure = Some("uv ended with 2".to_owned());
    let row = figures(&run_with(vec![empty])).groups.remove(0).rows.remove(0);
    assert_eq!((row.wall, row.cpu, row.memory, row.times_as_fast), (None, None, None, None));
    assert_eq!(row.failure.as_deref(), Some("uv ended with 2"));
}

fn kinds(run: &Run) -> Vec<(WarningKind, String)> {
    warnings(run).into_iter().map(|warning| (warning.kind, warning.message)).collect()
}

#[test]
fn samples_tell_what_the_run_does_not_say() {
    let mut noisy = run_with(vec![
        series_of("medium", Operation::NoOp, "pip", &[9.0, 1.0, 1.01, 0.99, 1.0, 1.02]),
        series_of("medium", Operation::NoOp, "uv", &[1.0, 1.5, 0.6]),
        series_of("medium", Operation::NoOp, "uv-bytecode", &[1.0, 1.5, 0.6, 1.2, 0.8, 1.3]),
    ]);
    noisy.warnings.clear();
    noisy.finished = None;
    noisy.settings.quick = true;
    noisy.series[0].samples[1].load = Some(6.0);
    noisy.series[1].failure = Some("the time limit was reached".to_owned());
    let load = "the machine had other things to do: a load of up to 3.0 for each thread of the processor";
    let expected = [
        (WarningKind::Interrupted, "the run was interrupted: what is here was measured before"),
        (WarningKind::Failed, "not measured, or not as often as asked for: medium no-op uv"),
        (WarningKind::Noise, load),
        (WarningKind::FewRuns, "fewer than 6 samples have no interval: medium no-op uv"),
        (WarningKind::FewRuns, "these are figures of the short form, for a first look"),
        (WarningKind::Noise, "samples that spread by more than 10 %: medium no-op uv-bytecode"),
        (WarningKind::SlowFirst, "a first sample that is far slower than the others: medium no-op pip"),
    ];
    assert_eq!(kinds(&noisy), expected.map(|(kind, message)| (kind, message.to_owned())));
}

#[test]
fn what_the_run_says_itself_is_not_said_again() {
    let mut told = run_with(vec![series_of("medium", Operation::NoOp, "uv", &[1.0; 8])]);
    told.series[0].failure = Some("the time limit was reached".to_owned());
    told.finished = None;
    for kind in [WarningKind::Failed, WarningKind::Interrupted] {
        told.warnings.push(Warning { kind, place: None, message: "it was".to_owned() });
    }
    assert_eq!(warnings(&told), told.warnings);
    assert_eq!(warnings(&run(3, 12)), run(3, 12).warnings);
    let mut twice = run_with(vec![series_of("medium", Operation::NoOp, "uv", &[1.0; 3])]);
    twice.warnings = warnings(&twice);
    assert_eq!(warnings(&twice), twice.warnings);
}

#[test]
fn many_places_are_counted() {
    let series = (0..9).map(|number| series_of(&format!("s{number}"), Operation::NoOp, "uv", &[1.0; 3]));
    let found = kinds(&run_with(series.collect()));
    let expected = "fewer than 6 samples have no interval: s0 no-op uv, s1 no-op uv, s2 no-op uv, s3 no-op uv and 5 others";
    assert!(found.contains(&(WarningKind::FewRuns, expected.to_owned())), "{found:?}");
}
