//! Runs that do not go to their end, or not for everybody.

use std::time::Duration;

use super::*;

/// Remembers, and interrupts after some samples.
#[derive(Default)]
struct Watcher {
    flag: Option<(usize, Arc<AtomicBool>)>,
    samples: Vec<usize>,
    last: Progress,
    warnings: usize,
}

impl Observer for Watcher {
    fn sample(&mut self, run: &Run, progress: Progress) {
        self.samples.push(run.series.iter().map(|series| series.samples.len()).sum());
        self.last = progress;
        if let Some((after, flag)) = &self.flag {
            flag.store(self.samples.len() >= *after, Ordering::Relaxed);
        }
    }

    fn warning(&mut self, _: &Warning) {
        self.warnings += 1;
    }
}

#[test]
fn an_interrupted_run_keeps_what_it_has() {
    let bench =
        Bench::new(&[Operation::CreateEnvironment], &[ContenderKind::Uv, ContenderKind::VenvWithoutPip]);
    let mut watcher = Watcher { flag: Some((3, Arc::clone(&bench.flag))), ..Watcher::default() };
    let run = bench.run_with(&Bench::tools(), &mut watcher);
    assert_eq!((run.finished, watcher.samples.as_slice()), (None, &[1, 2, 3][..]));
    assert_eq!(run.series.iter().map(|series| series.samples.len()).sum::<usize>(), 3);
    assert!(kinds(&run).contains("Interrupted"));
    assert!(run.series.iter().all(|series| series.failure.is_none()), "nobody has failed");
}

#[test]
fn a_run_that_is_interrupted_before_it_begins_has_nothing() {
    let bench = Bench::new(&[Operation::CreateEnvironment], &[ContenderKind::Uv]);
    bench.flag.store(true, Ordering::Relaxed);
    let error = super::super::run(&bench.plan, &Bench::tools(), &bench.measurer(), &mut (), &bench.flag);
    assert!(error.is_err(), "the tools cannot even be asked");
}

#[test]
fn progress_ends_where_it_said() {
    let mut bench =
        Bench::new(&[Operation::CreateEnvironment], &[ContenderKind::Uv, ContenderKind::VenvWithoutPip]);
    bench.plan.warmups = 1;
    let mut watcher = Watcher::default();
    bench.run_with(&Bench::tools(), &mut watcher);
    assert_eq!((watcher.last.done, watcher.last.total, watcher.last.left), (6, 6, Some(Duration::ZERO)));
}

#[test]
#[cfg(unix)]
fn a_contender_that_fails_is_told_and_the_others_go_on() {
    let bench = Bench::new(&[Operation::CreateEnvironment, Operation::InstallCold], &ContenderKind::QUICK);
    // A Python whose `venv` fails, and that is otherwise the real one.
    let python = bench.folder.path().join("python");
    let script = format!(
        "#!/bin/sh\nif [ \"$1 $2\" = '-m venv' ]; then echo 'Error: no https://u:hunter2@index.example' >&2; exit 7; fi\n\
         exec {} \"$@\"\n",
        pip_python().display()
    );
    std::io::Write::write_all(&mut std::fs::File::create(&python).unwrap(), script.as_bytes()).unwrap();
    std::fs::set_permissions(&python, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut watcher = Watcher::default();
    let run = bench.run_with(&Tools { python, uv: uv() }, &mut watcher);
    let failed = find(&run, Operation::CreateEnvironment, "pip");
    assert!(failed.samples.is_empty());
    assert_eq!(failed.failure.as_deref(), Some("exit status 7: Error: no https://****@index.example"));
    assert_eq!(find(&run, Operation::CreateEnvironment, "uv").samples.len(), 2, "{run:#?}");
    assert!(run.finished.is_some() && kinds(&run).contains("Failed"));
    assert_eq!(watcher.warnings, run.warnings.len());
}

#[test]
fn a_command_that_takes_too_long_is_ended() {
    let mut bench = Bench::new(&[Operation::CreateEnvironment], &[ContenderKind::Pip, ContenderKind::Uv]);
    // Enough for uv and for asking versions; putting pip into an environment takes seconds.
    bench.plan.timeout = Duration::from_millis(700);
    let run = bench.run();
    let failure = find(&run, Operation::CreateEnvironment, "pip").failure.clone();
    assert_eq!(failure.as_deref(), Some("it was still running after 0.7 s"));
}

#[test]
fn requirements_that_cannot_be_resolved_fail_their_scenario_alone() {
    let mut bench = Bench::new(&[Operation::InstallCold], &[ContenderKind::Uv, ContenderKind::Pip]);
    let mut impossible = bench.plan.scenarios[0].clone();
    impossible.name = "impossible".into();
    impossible.requirements = Requirements::Texts(vec!["alpha==9".into()]);
    bench.plan.scenarios.insert(0, impossible);
    let run = bench.run();
    let failure = run.find("impossible", Operation::InstallCold, "uv").unwrap().failure.clone().unwrap();
    assert!(failure.starts_with("the requirements cannot be resolved: uv: exit status 1: "), "{failure}");
    assert_eq!(find(&run, Operation::InstallCold, "uv").samples.len(), 2);
}

#[test]
fn the_order_is_random_and_the_seed_gives_it_again() {
    let order_of = |seed| {
        let mut bench =
            Bench::new(&[Operation::CreateEnvironment], &[ContenderKind::Uv, ContenderKind::VenvWithoutPip]);
        bench.plan.runs = 6;
        bench.plan.seed = seed;
        let run = bench.run();
        let samples = &find(&run, Operation::CreateEnvironment, "uv").samples;
        assert_eq!(samples.iter().map(|sample| sample.block).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
        samples.iter().map(|sample| sample.position).collect::<Vec<_>>()
    };
    assert_eq!(order_of(3), order_of(3));
    assert!(order_of(3).contains(&0) && order_of(3).contains(&1));
}

#[test]
fn no_block_begins_when_the_time_is_over() {
    let mut bench =
        Bench::new(&[Operation::CreateEnvironment], &[ContenderKind::Uv, ContenderKind::VenvWithoutPip]);
    bench.plan.runs = 1000;
    bench.plan.max_time = Some(Duration::from_secs(2));
    let run = bench.run();
    let counts: Vec<_> = run.series.iter().map(|series| series.samples.len()).collect();
    assert!(counts[0] < 1000 && counts[0] == counts[1], "only whole blocks: {counts:?}");
    assert!(run.finished.is_some() && kinds(&run).contains("FewRuns"));
    assert!(run.series.iter().all(|it| it.failure.as_ref().unwrap().starts_with("its time was over after ")));
}

#[test]
fn a_scenario_for_other_pythons_is_left_out() {
    let mut bench = Bench::new(&[Operation::CreateEnvironment], &[ContenderKind::Uv]);
    bench.plan.scenarios[0].python = PythonBounds { from: Some(99), below: None };
    let run = bench.run();
    assert!(run.series.is_empty() && kinds(&run).contains("Failed"));
}

#[test]
fn what_makes_any_measurement_impossible_is_an_error() {
    let bench = Bench::new(&[Operation::CreateEnvironment], &[ContenderKind::Uv]);
    let run = |plan: &Plan, tools: &Tools| {
        super::super::run(plan, tools, &bench.measurer(), &mut (), &bench.flag).unwrap_err()
    };
    let nowhere = Tools { uv: bench.folder.path().join("nothing"), ..Bench::tools() };
    assert!(matches!(run(&bench.plan, &nowhere), RunError::Tool { tool: "uv", .. }));
    let full = Plan { work: bench.folder.path().to_owned(), ..bench.plan.clone() };
    assert!(matches!(run(&full, &Bench::tools()), RunError::NotEmpty { .. }));
    let empty = Plan { scenarios: Vec::new(), ..bench.plan.clone() };
    assert!(run(&empty, &Bench::tools()).hint().is_some());
}

#[test]
fn the_short_form_has_few_operations_unless_some_are_asked_for() {
    let bench = Bench::new(&Operation::ALL, &[ContenderKind::Uv]);
    let mut plan = Plan::quick(bench.plan.scenarios.clone(), "work");
    assert_eq!(plan.operations_of(&plan.scenarios[0]), Plan::QUICK);
    plan.operations = vec![Operation::NoOp];
    assert_eq!(plan.operations_of(&plan.scenarios[0]), [Operation::NoOp]);
    assert_eq!(bench.plan.operations_of(&plan.scenarios[0]), Operation::ALL);
}
