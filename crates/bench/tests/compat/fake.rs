//! Bounds, interruption and resumption, with tools that only seem to run.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use uvshift_bench::compat::{
    Compat, CompatError, CompatPlan, FailureClass, NotTried, Progress, Status, Verdict, check,
};
use uvshift_process::{CommandSpec, Output, ProcessError, Runner, Stream};
use uvshift_testkit::output;

use crate::world::{World, requested};

/// What comes of requirements under pip (`true`) or uv; `None` for the usual.
type Answer = dyn Fn(&str, bool) -> Option<Result<Output, ProcessError>> + Sync;

/// Tools that choose version 1.0 of whatever is asked, unless told otherwise.
struct Tools {
    /// Which commands were run, by the requirements that they were given.
    asked: AtomicUsize,
    running: AtomicUsize,
    most: AtomicUsize,
    pause: Duration,
    answer: Box<Answer>,
}

impl Tools {
    fn new(answer: impl Fn(&str, bool) -> Option<Result<Output, ProcessError>> + Sync + 'static) -> Self {
        Self {
            asked: AtomicUsize::new(0),
            running: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            pause: Duration::ZERO,
            answer: Box::new(answer),
        }
    }

    fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

fn pip_report(names: &[&str]) -> String {
    let item = |name: &&str| {
        let info = r#""download_info": {"url": "https://index.example/a.whl"}"#;
        format!(r#"{{"metadata": {{"name": "{name}", "version": "1.0"}}, {info}}}"#)
    };
    format!(r#"{{"install": [{}]}}"#, names.iter().map(item).collect::<Vec<_>>().join(","))
}

fn uv_changes(names: &[&str]) -> String {
    let item = |name: &&str| format!(r#"{{"name": "{name}", "version": "1.0", "action": "installed"}}"#);
    format!(r#"{{"changes": [{}]}}"#, names.iter().map(item).collect::<Vec<_>>().join(","))
}

/// The argument after `flag`.
fn after(spec: &CommandSpec, flag: &str) -> Option<String> {
    let mut arguments = spec.arguments().iter().map(|argument| argument.to_string_lossy().into_owned());
    arguments.find(|argument| argument == flag)?;
    arguments.next()
}

impl Runner for Tools {
    fn run_with(&self, spec: &CommandSpec, _: &mut dyn FnMut(Stream, &str)) -> Result<Output, ProcessError> {
        if let Some(script) = after(spec, "-c").filter(|script| script.contains("import json")) {
            assert!(script.contains("platform"));
            let said = r#"{"version": "3.12.1", "implementation": "cpython", "platform": "linux-x86_64", "pip": "26.3"}"#;
            return Ok(output(0, said, ""));
        }
        if spec.arguments().iter().any(|argument| argument == "--version") {
            return Ok(output(0, "uv 0.13.9 (x86_64)\n", ""));
        }
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(running, Ordering::SeqCst);
        std::thread::sleep(self.pause);
        self.asked.fetch_add(1, Ordering::SeqCst);
        let requirements = std::fs::read_to_string(after(spec, "-r").unwrap()).unwrap();
        let report = after(spec, "--report");
        let answer = (self.answer)(requirements.trim(), report.is_some()).unwrap_or_else(|| {
            let names: Vec<&str> =
                requirements.lines().map(|line| line.split(['=', '<', '>', ' ']).next().unwrap()).collect();
            if let Some(path) = &report {
                std::fs::write(path, pip_report(&names)).unwrap();
                Ok(output(0, "", ""))
            } else {
                Ok(output(0, &uv_changes(&names), ""))
            }
        });
        self.running.fetch_sub(1, Ordering::SeqCst);
        answer
    }
}

fn run(plan: &CompatPlan, tools: &Tools) -> Compat {
    check(plan, tools, &|_| {}, &AtomicBool::new(false)).unwrap()
}

fn many(number: usize) -> Vec<String> {
    (0..number).map(|number| format!("package-{number}==1.0")).collect()
}

#[test]
fn three_hundred_requirements_keep_the_bound_and_their_order() {
    let world = World::new();
    let texts = many(300);
    let mut plan = world.plan(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    (plan.parallel, plan.together) = (7, true);
    let mut tools = Tools::new(|_, _| None);
    tools.pause = Duration::from_millis(2);
    let told = std::sync::Mutex::new((HashSet::new(), Vec::new()));
    let observer = |progress: &Progress| {
        let mut told = told.lock().unwrap();
        match progress {
            Progress::Started(place) => assert!(told.0.insert(*place)),
            Progress::Finished { done, all, .. } => {
                assert_eq!(*all, 300);
                told.1.push(*done);
            }
            Progress::Together(number) => assert_eq!(*number, 300),
        }
    };
    let compat = check(&plan, &tools, &observer, &AtomicBool::new(false)).unwrap();
    let most = tools.most.load(Ordering::SeqCst);
    assert!((2..=7).contains(&most), "{most} commands ran at the same time");
    assert_eq!(tools.asked(), 602);
    assert!(compat.agrees());
    let rows: Vec<_> = compat.rows.iter().map(|row| row.requested.text.clone()).collect();
    assert_eq!(rows, texts);
    let (started, done) = told.into_inner().unwrap();
    assert_eq!((started.len(), done.len()), (300, 300));
}

#[test]
fn a_second_run_asks_nothing_twice() {
    let world = World::new();
    let tools = Tools::new(|_, _| None);
    let mut plan = world.plan(&["a==1.0", "b==1.0", "a==1.0"]);
    plan.together = true;
    let first = run(&plan, &tools);
    assert_eq!(tools.asked(), 6);
    let second = run(&plan, &tools);
    assert_eq!(tools.asked(), 0);
    assert!(second.rows.iter().all(|row| row.pip.taken && row.uv.taken));
    assert_eq!(second.rows[0].pip.status, first.rows[0].pip.status);
    // One more requirement is one more question, and a new one for all together.
    plan.requirements = requested(&["a==1.0", "b==1.0", "a==1.0", "c==1.0"]);
    run(&plan, &tools);
    assert_eq!(tools.asked(), 4);
    plan.fresh = true;
    run(&plan, &tools);
    assert_eq!(tools.asked(), 8);
    // Another index is another question.
    plan.fresh = false;
    plan.index.find_links.push("/elsewhere".to_owned());
    run(&plan, &tools);
    assert_eq!(tools.asked(), 8);
}

#[test]
fn a_result_that_was_cut_off_is_asked_again() {
    let world = World::new();
    let tools = Tools::new(|_, _| None);
    let plan = world.plan(&["a==1.0", "b==1.0"]);
    run(&plan, &tools);
    assert_eq!(tools.asked(), 4);
    let path = world.path("state/results.jsonl");
    let results = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, &results[..results.len() - 20]).unwrap();
    run(&plan, &tools);
    assert_eq!(tools.asked(), 1);
    // The new result has its own line.
    run(&plan, &tools);
    assert_eq!(tools.asked(), 0);
}

#[test]
fn what_killed_runs_left_behind_goes() {
    let world = World::new();
    let left = world.path("state/work/ask-old");
    std::fs::create_dir_all(&left).unwrap();
    let young = world.path("state/work/ask-young");
    std::fs::create_dir_all(&young).unwrap();
    let yesterday = std::time::SystemTime::now() - Duration::from_hours(30);
    std::fs::File::open(&left).unwrap().set_modified(yesterday).unwrap();
    run(&world.plan(&["a==1.0"]), &Tools::new(|_, _| None));
    assert!(!left.exists() && young.exists());
}

#[test]
fn what_may_pass_is_asked_again_and_what_lasts_is_not() {
    let world = World::new();
    let tools = Tools::new(|requirements, is_pip| match (requirements, is_pip) {
        ("lost", false) => Some(Ok(output(2, "", "error: Failed to fetch\n  cause: tcp connect error\n"))),
        ("lost", true) => Some(Ok(output(1, "", "ERROR: connection error: refused\n"))),
        ("gone", false) => Some(Ok(output(
            1,
            "",
            "  cause: Because gone was not found in the package registry and you require gone\n",
        ))),
        ("gone", true) => Some(Ok(output(1, "", "ERROR: No matching distribution found for gone\n"))),
        _ => None,
    });
    let mut plan = world.plan(&["lost", "gone"]);
    plan.try_flags = false;
    let first = run(&plan, &tools);
    assert_eq!(tools.asked(), 4);
    let classes: Vec<_> = first.rows.iter().map(|row| &row.uv.status).collect();
    assert!(
        matches!(classes[0], Status::Failed(failure) if failure.class == FailureClass::Network),
        "{classes:?}"
    );
    assert!(matches!(classes[1], Status::Failed(failure) if failure.class == FailureClass::NoSuchPackage));
    run(&plan, &tools);
    assert_eq!(tools.asked(), 2);
}

#[test]
fn a_time_out_is_asked_again_only_with_more_time() {
    let world = World::new();
    let limit = Duration::from_secs(5);
    let tools = Tools::new(move |requirements, is_pip| {
        let stuck = requirements == "stuck" && is_pip;
        stuck.then(|| {
            Err(ProcessError::TimedOut {
                command: "pip".to_owned(),
                after: limit,
                stderr: "half a word".to_owned(),
            })
        })
    });
    let mut plan = world.plan(&["stuck"]);
    plan.timeout = limit;
    let compat = run(&plan, &tools);
    assert_eq!(
        (compat.rows[0].verdict, &compat.rows[0].pip.status),
        (Verdict::OnlyUv, &Status::TimedOut(limit))
    );
    assert!(compat.rows[0].reason.as_deref().unwrap().contains("time limit"));
    assert_eq!(tools.asked(), 2);
    run(&plan, &tools);
    assert_eq!(tools.asked(), 0);
    plan.timeout = Duration::from_secs(10);
    run(&plan, &tools);
    assert_eq!(tools.asked(), 1);
}

#[test]
fn an_interrupted_run_keeps_what_it_has() {
    let world = World::new();
    let interrupt = Arc::new(AtomicBool::new(false));
    let texts = many(20);
    let mut plan = world.plan(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    (plan.parallel, plan.together) = (1, true);
    let flag = Arc::clone(&interrupt);
    let tools = Tools::new(move |requirements, is_pip| {
        if requirements.starts_with("package-5=") && !is_pip {
            flag.store(true, Ordering::SeqCst);
            return Some(Err(ProcessError::Interrupted { command: "uv".to_owned() }));
        }
        None
    });
    let compat = check(&plan, &tools, &|_| {}, &interrupt).unwrap();
    assert!(compat.interrupted && !compat.agrees() && compat.together.is_empty());
    assert_eq!(compat.rows.len(), 20);
    let tally = compat.tally();
    assert_eq!((tally.same, tally.not_tried), (5, 15));
    assert_eq!(compat.rows[19].pip.status, Status::NotTried(NotTried::Interrupted));
    assert_eq!(tools.asked(), 12);
    // The next run goes on: what is missing is 29 answers of 40, and all together.
    let tools = Tools::new(|_, _| None);
    let compat = run(&plan, &tools);
    assert_eq!(tools.asked(), 29 + 2);
    assert!(compat.agrees());
}

#[test]
fn what_cannot_be_checked_at_all_is_an_error_with_a_way_out() {
    let world = World::new();
    let tools = Tools::new(|_, _| None);
    let error = check(&world.plan(&[]), &tools, &|_| {}, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(error, CompatError::Nothing) && error.hint().is_some());
    let mut plan = world.plan(&["a"]);
    plan.uv = world.path("nowhere/uv");
    let runner = uvshift_process::SystemRunner::new();
    let error = check(&plan, &runner, &|_| {}, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(error, CompatError::Tool { tool: "uv", .. }), "{error:?}");
    plan.index.constraints.push(world.path("nowhere.txt"));
    let error = check(&plan, &runner, &|_| {}, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(error, CompatError::Constraints { .. }), "{error:?}");
}

/// Remembers the commands.
struct Watching(Arc<std::sync::Mutex<Vec<CommandSpec>>>, Tools);
impl Runner for Watching {
    fn run_with(
        &self,
        spec: &CommandSpec,
        on_line: &mut dyn FnMut(Stream, &str),
    ) -> Result<Output, ProcessError> {
        self.0.lock().unwrap().push(spec.clone());
        self.1.run_with(spec, on_line)
    }
}

#[test]
fn the_callers_settings_do_not_get_in_and_urls_do_not_get_out() {
    let world = World::new();
    let specs = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut plan = world.plan(&["a @ https://bob:s3cret@index.example/a-1.0-py3-none-any.whl", "b"]);
    plan.index.no_index = false;
    plan.index.find_links.clear();
    plan.index.index_url = Some("https://alice:hunter2@index.example/simple".to_owned());
    plan.index.extra_index_urls = vec!["https://other.example/simple?token=hunter3".to_owned()];
    let tools = Watching(Arc::clone(&specs), Tools::new(|_, _| None));
    let compat = check(&plan, &tools, &|_| {}, &AtomicBool::new(false)).unwrap();
    let shown = format!("{compat:?}") + &crate::world::all_texts(&world.path("state"));
    for secret in ["hunter2", "hunter3", "s3cret"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert_eq!(compat.setting.sources[0], "https://****@index.example/simple");
    let specs = specs.lock().unwrap();
    for spec in specs.iter() {
        for name in ["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX", "PYTHONPATH", "VIRTUAL_ENV"]
        {
            assert!(spec.removes(name.as_ref()), "{name}");
        }
        assert!(!spec.arguments().iter().any(|argument| argument.to_string_lossy().contains("hunter")));
    }
    let asked = specs.iter().filter(|spec| spec.arguments().iter().any(|argument| argument == "-r"));
    for spec in asked {
        let value =
            |name: &str| spec.variables().iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        assert!(value("HOME").unwrap().to_string_lossy().ends_with("home"));
        let index = value("PIP_INDEX_URL").or_else(|| value("UV_DEFAULT_INDEX")).unwrap();
        assert!(index.to_string_lossy().contains("alice:hunter2"));
    }
}
