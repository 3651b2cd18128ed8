//! Each trap: a run that steps into it is told, and gives no figure.

use std::sync::Mutex;

use uvshift_process::{CommandSpec, Measured, ProcessError};

use super::*;

/// Measures with the real tools, but changes commands before, or answers after.
struct Meddling<'a, B, A> {
    measurer: SystemMeasurer,
    before: B,
    after: A,
    bench: &'a Bench,
    count: Mutex<u32>,
}

impl<B, A> Measurer for Meddling<'_, B, A>
where
    B: Fn(CommandSpec) -> CommandSpec + Sync,
    A: Fn(u32, &CommandSpec, &mut Measured) + Sync,
{
    fn measure(&self, spec: &CommandSpec) -> Result<Measured, ProcessError> {
        let spec = (self.before)(spec.clone());
        let mut measured = self.measurer.measure(&spec)?;
        let mut count = self.count.lock().unwrap();
        *count += 1;
        (self.after)(*count, &spec, &mut measured);
        Ok(measured)
    }
}

fn meddle(
    bench: &Bench,
    before: impl Fn(CommandSpec) -> CommandSpec + Sync,
    after: impl Fn(u32, &CommandSpec, &mut Measured) + Sync,
) -> Run {
    let meddling = Meddling { measurer: bench.measurer(), before, after, bench, count: Mutex::new(0) };
    super::super::run(&meddling.bench.plan, &Bench::tools(), &meddling, &mut (), &bench.flag).unwrap()
}

#[test]
fn warm_is_warm_with_an_index_that_lets_itself_be_cached() {
    let contenders = [ContenderKind::Pip, ContenderKind::Uv, ContenderKind::UvBytecode];
    let run = Bench::new(&[Operation::InstallWarm, Operation::Resolve], &contenders).with_index(true).run();
    for series in &run.series {
        assert_eq!((series.samples.len(), &series.failure), (2, &None), "{series:#?} {:#?}", run.warnings);
    }
    assert!(!kinds(&run).contains("Cache"), "{:#?}", run.warnings);
}

#[test]
fn a_pip_whose_cache_stays_empty_is_not_called_warm() {
    let operations = [Operation::InstallWarm, Operation::Resolve];
    for bench in [
        Bench::new(&operations, &ContenderKind::QUICK),
        Bench::new(&operations, &ContenderKind::QUICK).with_index(false),
    ] {
        let run = bench.run();
        let pip = find(&run, Operation::InstallWarm, "pip");
        assert!(pip.samples.is_empty(), "{pip:#?}");
        assert!(pip.failure.as_ref().unwrap().starts_with("not called warm: pip "), "{pip:#?}");
        assert!(kinds(&run).contains("Cache"));
        // Versions are still chosen, but nobody is told that the cache was warm.
        assert_eq!(find(&run, Operation::Resolve, "pip").samples.len(), 2);
        let places: Vec<_> = run
            .warnings
            .iter()
            .filter(|it| it.kind == WarningKind::Cache)
            .map(|it| it.place.clone().unwrap())
            .collect();
        assert!(places.contains(&"tiny resolve pip".to_owned()), "{places:?}");
    }
}

#[test]
fn a_uv_whose_cache_is_cold_or_that_says_nothing_is_not_called_warm() {
    let bench = || Bench::new(&[Operation::InstallWarm], &[ContenderKind::Uv]).with_index(true);
    let cold = meddle(
        &bench(),
        |spec| spec,
        |_, spec, measured| {
            if spec.to_string().ends_with(" -v") {
                measured.stderr = measured.stderr.replacen(
                    "Registry requirement already cached",
                    "Identified uncached distribution",
                    1,
                );
            }
        },
    );
    let silent = meddle(&bench(), |spec| spec, |_, _, measured| measured.stderr.clear());
    // Proven warm before, but a measured run fetches something all the same.
    let later = meddle(
        &bench(),
        |spec| spec,
        |_, spec, measured| {
            if spec.to_string().contains("pip install") && !spec.to_string().ends_with(" -v") {
                measured.stderr.insert_str(0, "Prepared 1 package in 3ms\n");
            }
        },
    );
    for run in [cold, silent, later] {
        let uv = find(&run, Operation::InstallWarm, "uv");
        assert!(uv.samples.is_empty() && kinds(&run).contains("Cache"), "{run:#?}");
        assert!(uv.failure.as_ref().unwrap().starts_with("not called warm: uv "), "{uv:#?}");
    }
}

#[test]
fn a_pip_that_downloads_in_a_measured_run_is_not_called_warm() {
    let bench = Bench::new(&[Operation::InstallWarm], &[ContenderKind::Pip]).with_index(true);
    let installs = Mutex::new(0);
    let run = meddle(
        &bench,
        |spec| spec,
        |_, spec, measured| {
            if spec.to_string().contains("__pip-runner__.py install") {
                *installs.lock().unwrap() += 1;
                // The first fills the cache, the second proves that it is full, the third and fourth are measured.
                if *installs.lock().unwrap() == 4 {
                    measured.stdout.extend(b"  Downloading alpha-1.0-py3-none-any.whl (1 kB)\n");
                }
            }
        },
    );
    let pip = find(&run, Operation::InstallWarm, "pip");
    assert_eq!(pip.samples.len(), 1, "{pip:#?}");
    assert!(pip.failure.as_ref().unwrap().starts_with("not called warm: pip downloaded 1 file"), "{pip:#?}");
}

#[test]
fn a_tool_that_does_not_do_its_work_gives_no_figure() {
    let operations = [Operation::InstallCold, Operation::NoOp, Operation::CreateEnvironment];
    let bench = Bench::new(&operations, &[ContenderKind::Uv]);
    // In place of the work, its version is asked for, which ends well and fast.
    let lazy = |word: &'static str| {
        move |spec: CommandSpec| {
            let is_measured = spec.to_string().contains(word);
            if is_measured { CommandSpec::new(uv()).arg("--version") } else { spec }
        }
    };
    let run = meddle(&bench, lazy("/cold/"), |_, _, _| {});
    let failure = find(&run, Operation::InstallCold, "uv").failure.clone().unwrap();
    assert_eq!(failure, "the environment is not as it should be: alpha is missing");
    assert_eq!(find(&run, Operation::NoOp, "uv").samples.len(), 2, "the others go on");
}

#[test]
fn a_no_op_that_installs_is_none() {
    let bench = Bench::new(&[Operation::NoOp], &[ContenderKind::Uv]);
    let run = meddle(
        &bench,
        |spec| spec,
        |_, _, measured| {
            measured.stderr = measured.stderr.replace("Checked ", "Installed ");
        },
    );
    let failure = find(&run, Operation::NoOp, "uv").failure.clone().unwrap();
    assert!(failure.starts_with("it installed something"), "{failure}");
}

#[test]
fn every_command_names_its_python_in_full_and_its_own_folders() {
    let mut bench = Bench::new(&Operation::ALL, &ContenderKind::USUAL);
    bench.plan.runs = 1;
    // The index has no pip, and making environments with pip takes long.
    bench.plan.contenders.retain(|kind| *kind != ContenderKind::PipNewest);
    let lines = Mutex::new(Vec::new());
    meddle(&bench, |spec| spec, |_, spec, _| lines.lock().unwrap().push(spec.clone()));
    let work = bench.plan.work.canonicalize().unwrap();
    let inside = |word: &std::ffi::OsString| Path::new(word).starts_with(&work);
    let after = |spec: &CommandSpec, name: &str| {
        let at = spec.arguments().iter().position(|it| it == name)?;
        spec.arguments().get(at + 1).cloned()
    };
    let lines = lines.into_inner().unwrap();
    assert!(lines.len() > 30, "{}", lines.len());
    for spec in &lines {
        let line = format!("{spec:#}");
        assert!(spec.variables().iter().any(|(name, value)| name == "HOME" && inside(value)), "{line}");
        assert!(spec.removes("PIP_INDEX_URL".as_ref()) && spec.removes("UV_CACHE_DIR".as_ref()), "{line}");
        if let Some(python) = after(spec, "--python") {
            assert!(Path::new(&python).is_absolute(), "{line}");
        }
        if let Some(cache) = after(spec, "--cache-dir") {
            assert!(inside(&cache), "{line}");
        } else {
            assert!(!line.contains(" install") || line.contains("--help"), "{line}");
        }
    }
    // No two cold runs share a cache, and no two installs share an environment.
    let cold: Vec<_> = lines
        .iter()
        .filter_map(|spec| after(spec, "--cache-dir"))
        .filter(|it| it.to_string_lossy().contains("/cold/"))
        .collect();
    assert_eq!(cold.iter().collect::<BTreeSet<_>>().len(), cold.len());
    assert_eq!(cold.len(), 4);
}

#[test]
fn all_contenders_install_the_same_list() {
    let bench = Bench::new(&[Operation::InstallCold], &ContenderKind::QUICK);
    let lists = Mutex::new(BTreeSet::new());
    meddle(
        &bench,
        |spec| spec,
        |_, spec, _| {
            if spec.to_string().contains("/cold/") {
                let list = spec.arguments().last().unwrap();
                let text = std::fs::read_to_string(list).unwrap();
                assert!(spec.arguments().iter().any(|it| it == "--no-deps"));
                lists.lock().unwrap().insert(text);
            }
        },
    );
    assert_eq!(lists.into_inner().unwrap().into_iter().collect::<Vec<_>>(), ["alpha==1.0\nbeta==1.0\n"]);
}

#[test]
#[cfg(target_os = "linux")]
fn caches_on_another_device_are_told() {
    let Ok(elsewhere) = tempfile::tempdir_in("/dev/shm") else { return };
    let mut bench = Bench::new(&[Operation::InstallCold], &[ContenderKind::Uv]);
    bench.plan.caches = Some(elsewhere.path().join("caches"));
    let run = bench.run();
    if run.machine.same_device == Some(false) {
        assert!(kinds(&run).contains("Device"), "{:#?}", run.warnings);
    }
    assert_eq!(find(&run, Operation::InstallCold, "uv").samples.len(), 2);
    assert_eq!(std::fs::read_dir(elsewhere.path().join("caches")).unwrap().count(), 0);
}
