//! Runs with the real pip and uv on wheels made on the spot, and with tools that misbehave.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tempfile::TempDir;
use uvshift_process::SystemMeasurer;
use uvshift_testkit::{WheelOptions, pip_python, uv, wheel};

use super::*;
use crate::model::Series;
use crate::scenario::{PythonBounds, Requirements};

mod index;
mod pips;
mod states;
mod traps;

/// A folder for a run and what it needs.
struct Bench {
    folder: TempDir,
    plan: Plan,
    flag: Arc<AtomicBool>,
}

impl Bench {
    /// `alpha` 1 and 2, which needs `beta`, as wheels in a folder.
    fn new(operations: &[Operation], contenders: &[ContenderKind]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let wheels = folder.path().join("wheels");
        let options = WheelOptions::requiring(["beta"]);
        wheel(&wheels, "alpha", "1.0", &options);
        wheel(&wheels, "alpha", "2.0", &options);
        wheel(&wheels, "beta", "1.0", &WheelOptions::default());
        let scenario = ScenarioSpec {
            name: "tiny".into(),
            description: "two small wheels".into(),
            operations: operations.to_vec(),
            requirements: Requirements::Texts(vec!["alpha==1.0".into()]),
            change: Some("alpha==2.0".into()),
            python: PythonBounds::default(),
        };
        let mut plan = Plan::new(vec![scenario], folder.path().join("work"));
        plan.runs = 2;
        plan.warmups = 0;
        plan.contenders = contenders.to_vec();
        plan.index.no_index = true;
        plan.index.find_links = vec![wheels.to_string_lossy().into_owned()];
        Self { folder, plan, flag: Arc::default() }
    }

    fn tools() -> Tools {
        Tools { python: pip_python(), uv: uv() }
    }

    fn measurer(&self) -> SystemMeasurer {
        SystemMeasurer::new(self.folder.path()).interrupted_by(Arc::clone(&self.flag))
    }

    fn run(&self) -> Run {
        self.run_with(&Self::tools(), &mut ())
    }

    fn run_with(&self, tools: &Tools, observer: &mut dyn Observer) -> Run {
        let run = super::run(&self.plan, tools, &self.measurer(), observer, &self.flag).unwrap();
        // Whatever happened, the folder is given back as it was taken.
        assert_eq!(std::fs::read_dir(&self.plan.work).unwrap().count(), 0);
        run
    }
}

fn kinds(run: &Run) -> BTreeSet<String> {
    run.warnings.iter().map(|warning| format!("{:?}", warning.kind)).collect()
}

fn find<'a>(run: &'a Run, operation: Operation, contender: &str) -> &'a Series {
    run.find("tiny", operation, contender).unwrap_or_else(|| panic!("{operation:?} {contender}"))
}

#[test]
fn every_operation_is_measured_with_the_real_tools() {
    use Operation::{InstallCold, NoOp, Resolve, SyncAfterChange};
    let operations = [Resolve, InstallCold, NoOp, SyncAfterChange];
    let contenders = [ContenderKind::Uv, ContenderKind::Pip, ContenderKind::UvBytecode];
    let run = Bench::new(&operations, &contenders).run();
    for series in &run.series {
        assert_eq!((series.samples.len(), &series.failure), (2, &None), "{series:#?}");
        for sample in &series.samples {
            assert!(sample.wall > 0.0 && sample.user + sample.system > 0.0, "{sample:?}");
            assert!(!cfg!(unix) || sample.peak_memory.is_some_and(|bytes| bytes > 1 << 20), "{sample:?}");
        }
    }
    let of = |operation| {
        let series = run.series.iter().filter(|series| series.operation == operation);
        series.map(|series| series.contender.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of(Resolve), ["pip", "uv"]);
    assert_eq!(of(InstallCold), ["pip", "uv", "uv-bytecode"]);
    assert_eq!(of(NoOp), ["pip", "uv"]);
    assert_eq!(of(SyncAfterChange), ["pip", "uv", "uv-bytecode"]);
    assert_eq!(run.scenarios[0].packages, Some(2));
    assert!(run.finished.is_some() && run.machine.python.is_some() && run.machine.link_mode.is_some());
    assert!(kinds(&run).contains("Bytecode"));
}

#[test]
fn environments_are_made_with_and_without_pip() {
    let mut bench = Bench::new(&[Operation::CreateEnvironment], &ContenderKind::QUICK);
    bench.plan.runs = 1;
    let run = bench.run();
    let samples: Vec<_> = run.series.iter().map(|it| (it.contender.as_str(), it.samples.len())).collect();
    assert_eq!(samples, [("pip", 1), ("venv-without-pip", 1), ("uv", 1)]);
}

#[test]
fn commands_are_shown_without_paths_of_this_machine() {
    let bench = Bench::new(&[Operation::InstallCold], &[ContenderKind::Pip, ContenderKind::UvBytecode]);
    let run = bench.run();
    let command = |contender| {
        find(&run, Operation::InstallCold, contender)
            .command
            .replace(&*bench.folder.path().to_string_lossy(), "TEMP")
    };
    let python = if cfg!(windows) { "ENV/Scripts/python.exe" } else { "ENV/bin/python" };
    assert_eq!(
        command("pip"),
        format!(
            "{python} PIP/__pip-runner__.py install --cache-dir CACHE --no-index --find-links TEMP/wheels --no-deps \
             -r requirements.txt"
        )
    );
    assert_eq!(
        command("uv-bytecode"),
        format!(
            "uv pip install --python {python} --cache-dir CACHE --no-index --find-links TEMP/wheels \
             --compile-bytecode --no-deps -r requirements.txt"
        )
    );
}

#[test]
fn bytecode_is_made_by_those_that_say_so() {
    struct Looker(Vec<(String, bool)>);
    impl Measurer for Looking<'_> {
        fn measure(
            &self,
            spec: &uvshift_process::CommandSpec,
        ) -> Result<uvshift_process::Measured, uvshift_process::ProcessError> {
            let measured = self.measurer.measure(spec);
            let line = spec.to_string();
            if line.contains("/cold/") {
                let environments = self.work.join("0-tiny/env");
                let compiled =
                    std::fs::read_dir(environments).unwrap().flatten().any(|it| has_bytecode(&it.path()));
                self.seen.lock().unwrap().0.push((line, compiled));
            }
            measured
        }
    }
    struct Looking<'a> {
        measurer: SystemMeasurer,
        work: &'a Path,
        seen: std::sync::Mutex<Looker>,
    }
    let contenders = ContenderKind::ALL.into_iter().filter(|it| !it.id().contains("newest"));
    let mut bench = Bench::new(&[Operation::InstallCold], &contenders.collect::<Vec<_>>());
    bench.plan.runs = 1;
    let looking = Looking { measurer: bench.measurer(), work: &bench.plan.work, seen: Looker(vec![]).into() };
    super::run(&bench.plan, &Bench::tools(), &looking, &mut (), &bench.flag).unwrap();
    let seen = looking.seen.into_inner().unwrap().0;
    assert_eq!(seen.len(), 4);
    for (line, compiled) in seen {
        let is_uv = line.contains("pip install");
        let expected =
            if is_uv { line.contains("--compile-bytecode") } else { !line.contains("--no-compile") };
        assert_eq!(compiled, expected, "{line}");
    }
}

/// Whether there is bytecode of a package that was installed.
fn has_bytecode(environment: &Path) -> bool {
    expected::site_packages(environment).iter().any(|site| site.join("alpha/__pycache__").is_dir())
}

#[test]
fn requirements_may_be_a_file_and_a_change_is_found() {
    let mut bench = Bench::new(&[Operation::SyncAfterChange], &[ContenderKind::Uv]);
    let file = bench.folder.path().join("requirements.txt");
    std::io::Write::write_all(&mut std::fs::File::create(&file).unwrap(), b"# mine\nalpha  # the newest\n")
        .unwrap();
    bench.plan.scenarios = vec![ScenarioSpec {
        change: None,
        name: "tiny".into(),
        ..ScenarioSpec::of_project(Requirements::File(file))
    }];
    bench.plan.operations = vec![Operation::SyncAfterChange];
    let run = bench.run();
    assert_eq!(run.scenarios[0].requirements, ["alpha"]);
    let series = find(&run, Operation::SyncAfterChange, "uv");
    assert_eq!((series.samples.len(), &series.failure), (2, &None), "{:#?}", run.warnings);
}

#[test]
fn without_another_version_a_package_is_added() {
    let mut bench = Bench::new(&[Operation::SyncAfterChange], &[ContenderKind::Uv, ContenderKind::Pip]);
    bench.plan.scenarios[0].requirements = Requirements::Texts(vec!["beta".into()]);
    bench.plan.scenarios[0].change = None;
    let run = bench.run();
    for contender in ["uv", "pip"] {
        let series = find(&run, Operation::SyncAfterChange, contender);
        assert_eq!((series.samples.len(), &series.failure), (2, &None), "{:#?}", run.warnings);
    }
}
