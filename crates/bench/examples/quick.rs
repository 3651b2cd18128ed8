//! The short form against the usual index: `cargo run --release --example quick -- PYTHON UV [CERTIFICATE [INDEX]]`. An index
//! over plain HTTP has to be on this machine.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its reader")]

use std::error::Error;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use uvshift_bench::{Observer, Plan, Progress, ScenarioSpec, Tools, Warning, run};
use uvshift_process::SystemMeasurer;

/// Writes a line for everything that it is told.
struct Lines(Instant);

impl Observer for Lines {
    fn doing(&mut self, what: &str, progress: Progress) {
        let left = progress.left.map_or(String::new(), |left| format!(", about {} s left", left.as_secs()));
        let Progress { done, total, .. } = progress;
        eprintln!("{:6.1} s  {done}/{total}{left}: {what}", self.0.elapsed().as_secs_f64());
    }

    fn warning(&mut self, warning: &Warning) {
        eprintln!("warning: {}: {}", warning.place.as_deref().unwrap_or("everywhere"), warning.message);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let mut next = || arguments.next().ok_or("usage: quick PYTHON UV [CERTIFICATE [INDEX]]");
    let tools = Tools { python: next()?.into(), uv: next()?.into() };
    let folder = tempfile::tempdir()?;
    let mut scenarios = ScenarioSpec::built_in()?;
    scenarios.retain(|scenario| scenario.name == "small");
    let mut plan = Plan::quick(scenarios, folder.path().join("work"));
    plan.index.certificate = next().ok().map(Into::into);
    if let Ok(index) = next() {
        plan.index.url = Some(index.to_string_lossy().into_owned());
        plan.index.extra_pip_args = vec!["--trusted-host".into(), "127.0.0.1".into()];
        plan.index.local = true;
    }
    let measurer = SystemMeasurer::new(folder.path());
    let started = Instant::now();
    let run = run(&plan, &tools, &measurer, &mut Lines(started), &AtomicBool::new(false))?;
    println!("{:.1} s in all, {:?}", started.elapsed().as_secs_f64(), run.machine);
    for series in &run.series {
        let mut walls: Vec<f64> = series.samples.iter().map(|sample| sample.wall).collect();
        walls.sort_by(f64::total_cmp);
        let cpu: f64 = series.samples.iter().map(|sample| sample.user + sample.system).sum();
        let memory = series.samples.iter().filter_map(|sample| sample.peak_memory).max().unwrap_or(0) >> 20;
        let runs = u32::try_from(walls.len()).unwrap_or(0);
        println!(
            "{:18} {:16} {walls:.3?} s, processors {:.3} s, {memory} MiB {}",
            series.operation.id(),
            series.contender,
            cpu / f64::from(runs.max(1)),
            series.failure.as_deref().unwrap_or_default()
        );
    }
    Ok(())
}
