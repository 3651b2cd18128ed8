use proptest::prelude::*;

use super::*;
use crate::testing::{run, run_with, series_of};

fn parsed(text: &str) -> Threshold {
    parse_threshold(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn ratio(above: &str, below: &str) -> Subject {
    Subject::Ratio(above.to_owned(), below.to_owned())
}

fn median(name: &str) -> Subject {
    Subject::Median(name.to_owned())
}

/// The threshold of a text is that: scenario, operation, measure, subject, side, bound.
fn check(
    text: &str,
    scenario: Option<&str>,
    operation: Operation,
    (measure, subject): (Measure, Subject),
    (side, bound): (Side, f64),
) {
    let found = parsed(text);
    assert_eq!(found.text, text.trim());
    assert_eq!(found.scenario.as_deref(), scenario, "{text}");
    assert_eq!((found.operation, found.measure, found.side), (operation, measure, side), "{text}");
    assert_eq!(found.subject, subject, "{text}");
    assert!((found.bound - bound).abs() < 1e-9, "{text}: {}", found.bound);
}

#[test]
fn a_bound_in_x_is_one_of_a_ratio() {
    use Operation::{InstallCold, InstallWarm, NoOp, Resolve};
    let wall = |above, below| (Measure::Wall, ratio(above, below));
    check("install-warm>=3x", None, InstallWarm, wall("pip", "uv"), (Side::AtLeast, 3.0));
    check("uv:install-warm >= 5x", None, InstallWarm, wall("pip", "uv"), (Side::AtLeast, 5.0));
    check("uv-bytecode:install-warm>2x", None, InstallWarm, wall("pip", "uv-bytecode"), (Side::Above, 2.0));
    check("uv/pip:resolve<=0.5x", None, Resolve, wall("uv", "pip"), (Side::AtMost, 0.5));
    let created = wall("venv-without-pip", "uv");
    check(
        "venv-without-pip/uv:create-environment>=3x",
        None,
        Operation::CreateEnvironment,
        created,
        (Side::AtLeast, 3.0),
    );
    check("old/new:resolve<1x", None, Resolve, wall("old", "new"), (Side::Below, 1.0));
    let cpu = (Measure::Cpu, ratio("pip", "uv"));
    let text = " medium : install-cold : pip / uv : cpu >= 1.5 x ";
    check(text, Some("medium"), InstallCold, cpu, (Side::AtLeast, 1.5));
    check("no-op:memory>=1x", None, NoOp, (Measure::PeakMemory, ratio("pip", "uv")), (Side::AtLeast, 1.0));
}

#[test]
fn other_bounds_are_those_of_a_median() {
    use Operation::{InstallWarm, Resolve};
    let wall = |name| (Measure::Wall, median(name));
    let memory = |name| (Measure::PeakMemory, median(name));
    check("medium:install-warm<=2s", Some("medium"), InstallWarm, wall("uv"), (Side::AtMost, 2.0));
    check("install-warm:pip<250ms", None, InstallWarm, wall("pip"), (Side::Below, 0.25));
    check("install-warm:wall<=1.5min", None, InstallWarm, wall("uv"), (Side::AtMost, 90.0));
    check("install-warm:cpu<=500us", None, InstallWarm, (Measure::Cpu, median("uv")), (Side::AtMost, 0.0005));
    check("resolve:uv-bytecode<=200MiB", None, Resolve, memory("uv-bytecode"), (Side::AtMost, 209_715_200.0));
    check("resolve:memory<=1GiB", None, Resolve, memory("uv"), (Side::AtMost, 1_073_741_824.0));
    check("uvicorn:resolve<=1s", Some("uvicorn"), Resolve, wall("uv"), (Side::AtMost, 1.0));
}

#[test]
fn what_is_no_threshold_is_told() {
    for (text, expected) in [
        ("", "`` has no `>=`, `>`, `<=` or `<`"),
        ("install-warm", "`install-warm` has no `>=`, `>`, `<=` or `<`"),
        ("install-warm=3x", "`install-warm=3x` has no `>=`, `>`, `<=` or `<`"),
        ("install-warm=>3x", "`install-warm=` names no operation"),
        ("install-warm>=", "`` is no number with a unit"),
        ("install-warm>=3", "`3` is no number with a unit"),
        ("install-warm>=x", "`x` is no number with a unit"),
        ("install-warm>=-3x", "`-3x` is no number with a unit"),
        ("install-warm>=1e3x", "`1e3x` is no number with a unit"),
        ("install-warm>=infx", "`infx` is no number with a unit"),
        ("install-warm>=1.2.3x", "`1.2.3x` is no number with a unit"),
        ("install-warm>=>3x", "`>3x` is no number with a unit"),
        ("install-warm<=2MB", "`2MB` is no number with a unit"),
        (">=3x", "`` names no operation"),
        ("medium>=3x", "`medium` names no operation"),
        ("command<=3s", "`command` names no operation"),
        ("medium::install-warm>=3x", "there is an empty name in `medium::install-warm`"),
        ("pip/:install-warm>=3x", "there is an empty name in `pip/`"),
        ("a/b/c:install-warm>=3x", "there is an empty name in `a/b/c`"),
        ("install-warm:no-op>=3x", "`no-op` is a second operation"),
        ("small:medium:no-op>=3x", "`medium` is a second scenario"),
        ("pip:uv:no-op>=3x", "`uv` is a second contender"),
        ("cpu:wall:no-op>=3x", "`wall` is a second measure"),
        ("pip/uv:no-op<=3s", "`pip/uv:no-op<=3s` bounds a ratio by a time or by memory"),
        ("uv/uv:no-op>=3x", "`uv/uv:no-op>=3x` bounds the ratio of a contender to itself"),
        ("pip:no-op>=3x", "`pip:no-op>=3x` bounds the ratio of pip to itself"),
        ("cpu:no-op<=3MiB", "`cpu:no-op<=3MiB` bounds a time by memory"),
        ("memory:no-op<=3s", "`memory:no-op<=3s` bounds memory by a time"),
    ] {
        let error = parse_threshold(text).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
        assert!(!error.hint().is_empty());
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", place in "[a-z:/-]{0,20}", value in "[0-9.a-zA-Z]{0,10}") {
        let _ = parse_threshold(&text);
        let _ = parse_threshold(&format!("{place}>={value}"));
    }
}

fn outcomes(run: &crate::model::Run, text: &str) -> Vec<(Option<String>, Outcome)> {
    evaluate(run, &parsed(text)).into_iter().map(|check| (check.scenario, check.outcome)).collect()
}

#[test]
fn each_scenario_that_has_the_operation_is_checked() {
    let run = run(1, 12);
    let scenarios = |outcome| vec![(Some("small".to_owned()), outcome), (Some("medium".to_owned()), outcome)];
    assert_eq!(outcomes(&run, "install-warm>=3x"), scenarios(Outcome::Passed));
    assert_eq!(outcomes(&run, "install-warm>=500x"), scenarios(Outcome::Failed));
    assert_eq!(outcomes(&run, "small:install-warm:uv<=2s"), [(Some("small".to_owned()), Outcome::Passed)]);
    assert_eq!(outcomes(&run, "resolve:uv<=1ms"), [(Some("medium".to_owned()), Outcome::Failed)]);
    assert_eq!(outcomes(&run, "resolve:uv<=1GiB"), [(Some("medium".to_owned()), Outcome::Passed)]);
    assert_eq!(outcomes(&run, "resolve:uv:cpu>=1min"), [(Some("medium".to_owned()), Outcome::Failed)]);
}

#[test]
fn a_bound_within_the_interval_is_undecided() {
    let walls = [1.0, 1.1, 0.9, 1.05, 0.95, 1.0, 1.02, 0.97];
    let run = run_with(vec![
        series_of("medium", Operation::NoOp, "pip", &walls.map(|wall| 3.0 * wall)),
        series_of("medium", Operation::NoOp, "uv", &walls),
    ]);
    let only = |text: &str| outcomes(&run, text)[0].1;
    assert_eq!(only("no-op:uv<=1.01s"), Outcome::Undecided);
    assert_eq!(only("no-op:uv<=1.2s"), Outcome::Passed);
    assert_eq!(only("no-op:uv<=0.8s"), Outcome::Failed);
    assert_eq!(only("no-op>=2.9x"), Outcome::Passed);
    assert_eq!(only("no-op>3.1x"), Outcome::Failed);
    // Equal series have no width, and the bound itself counts or not.
    let equal = run_with(vec![series_of("medium", Operation::NoOp, "uv", &[1.0; 8])]);
    assert_eq!(outcomes(&equal, "no-op:uv<=1s")[0].1, Outcome::Passed);
    assert_eq!(outcomes(&equal, "no-op:uv<1s")[0].1, Outcome::Failed);
}

#[test]
fn too_few_samples_decide_nothing() {
    let few = run_with(vec![series_of("medium", Operation::NoOp, "uv", &[1.0; 5])]);
    let check = evaluate(&few, &parsed("no-op:uv<=2s")).remove(0);
    assert_eq!((check.outcome, check.value, check.interval), (Outcome::Undecided, Some(1.0), None));
    assert_eq!(
        check.message,
        "medium no-op: the median of uv is 1.00 s (5 samples, too few for an interval), which does not decide whether it is at most 2.00 s"
    );
}

#[test]
fn what_was_not_measured_does_not_pass() {
    let run = run(1, 12);
    for (text, expected) in [
        ("large:install-warm>=3x", "there is no scenario large"),
        ("small:resolve>=3x", "resolve was not measured for pip and uv together"),
        ("resolve:uv-newest<=3s", "resolve was not measured for uv-newest"),
    ] {
        let checks = evaluate(&run, &parsed(text));
        assert_eq!(checks.len(), 1);
        assert_eq!((checks[0].outcome, checks[0].message.as_str()), (Outcome::NotMeasured, expected));
    }
}

#[test]
fn a_scenario_that_failed_is_not_passed_over() {
    let series = |scenario: &str, contender: &str, seconds: f64| {
        series_of(scenario, Operation::InstallWarm, contender, &[seconds; 8])
    };
    let mut cold = series("medium", "pip", 1.0);
    cold.samples.clear();
    cold.failure = Some("not called warm".to_owned());
    let run = run_with(vec![
        series("small", "pip", 4.0),
        series("small", "uv", 1.0),
        cold,
        series("medium", "uv", 1.0),
    ]);
    let found = evaluate(&run, &parsed("install-warm>=3x"));
    let outcomes: Vec<_> = found.iter().map(|check| (check.scenario.as_deref(), check.outcome)).collect();
    assert_eq!(outcomes, [(Some("small"), Outcome::Passed), (Some("medium"), Outcome::NotMeasured)]);
    assert!(found[1].message.contains("not called warm"), "{}", found[1].message);
    let mut untold = run;
    untold.series[2].failure = None;
    assert_eq!(evaluate(&untold, &parsed("install-warm>=3x"))[1].outcome, Outcome::NotMeasured);
}
