//! Which pips are measured.

use super::*;

/// A wheel of a pip that is the real one under another version.
fn put_pip(bench: &Bench, version: &str) {
    let real = std::fs::read_dir(pip_python().ancestors().nth(2).unwrap().join("lib")).unwrap();
    let real = real.flatten().next().unwrap().path().join("site-packages/pip/__pip-runner__.py");
    let runner = format!("import runpy\nrunpy.run_path({:?}, run_name='__main__')\n", real.to_string_lossy());
    let options = WheelOptions {
        modules: vec![("pip/__init__.py".into(), String::new()), ("pip/__pip-runner__.py".into(), runner)],
        ..WheelOptions::default()
    };
    wheel(bench.folder.path().join("wheels"), "pip", version, &options);
}

fn bench() -> Bench {
    let mut bench = Bench::new(&[Operation::InstallCold], &[ContenderKind::Pip, ContenderKind::PipNewest]);
    bench.plan.runs = 1;
    bench
}

#[test]
#[cfg(unix)]
fn the_newest_pip_is_measured_beside_an_old_one() {
    let bench = bench();
    put_pip(&bench, "99.0");
    let run = bench.run();
    let measured: Vec<_> =
        run.series.iter().map(|it| (it.contender.as_str(), it.samples.len(), it.failure.clone())).collect();
    assert_eq!(measured, [("pip", 1, None), ("pip-newest", 1, None)]);
    assert_eq!((&*run.contenders[1].version, &*run.contenders[1].label), ("99.0", "pip 99.0"));
    assert!(kinds(&run).contains("OldPip"), "{:#?}", run.warnings);
}

#[test]
#[cfg(unix)]
fn one_pip_is_measured_once() {
    let bench = bench();
    put_pip(&bench, "26.3");
    let run = bench.run();
    assert_eq!(run.contenders.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["pip"]);
    assert!(!kinds(&run).contains("OldPip") && !kinds(&run).contains("Failed"), "{:#?}", run.warnings);
}

#[test]
fn a_newest_pip_that_cannot_be_had_is_told() {
    let run = bench().run();
    let told = run.warnings.iter().find(|it| it.place.as_deref() == Some("pip-newest")).unwrap();
    assert!(told.message.starts_with("the newest pip cannot be had: "), "{told:?}");
    assert_eq!(find(&run, Operation::InstallCold, "pip").samples.len(), 1);
}
