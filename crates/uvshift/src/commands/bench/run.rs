//! `uvshift bench run`: measures.

mod index;
mod observer;
mod plan;

use std::path::Path;
use std::sync::atomic::Ordering;

use uvshift_bench::report::{html, style::Style, table};
use uvshift_bench::statistics::FEWEST;
use uvshift_bench::threshold::{Threshold, parse_threshold};
use uvshift_bench::{Run, Tools, file};
use uvshift_process::SystemMeasurer;

use super::report::{checks, judged, width};
use crate::args::BenchRunArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{can_write, write};
use crate::printer::Printer;
use crate::settings::Settings;
use crate::{interrupt, uv};
use observer::Watcher;

pub(crate) fn run(args: &BenchRunArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    if args.list {
        return plan::list(args, printer);
    }
    let thresholds = thresholds(args)?;
    for file in [&args.output, &args.html].into_iter().flatten() {
        can_write(file)?;
    }
    let runner = interrupt::runner();
    let uv = uv::find_or_install(&args.uv, settings, printer, &runner)?.ok_or(Failure::NoUv)?;
    let tools =
        Tools { python: uv::named_python(args.python.as_deref(), settings, &runner)?, uv: uv.program };
    let work = Work::of(args)?;
    let mut plan = plan::of(args, &tools.python, &work.path(), printer)?;
    let flag = interrupt::flag();
    let measurer = SystemMeasurer::new(work.outside()).interrupted_by(flag.clone());
    let measurer = match std::env::current_exe() {
        Ok(program) => measurer.through(program, [crate::LAUNCH]),
        // Where nobody tells where uvshift is, the peak memory of small commands is told too high.
        Err(_) => measurer,
    };
    let local = if args.local_index {
        Some(index::filled(&mut plan, &tools, &measurer, settings, printer)?)
    } else {
        None
    };
    let mut watcher = Watcher::new(settings, printer, args.output.as_deref());
    let result = uvshift_bench::run(&plan, &tools, &measurer, &mut watcher, &flag);
    watcher.finish();
    let mut run = result?;
    if let Some(local) = local {
        local.close(&mut run);
    }
    show(&run, args, printer)?;
    let judged = judged(&checks(&run, &thresholds), printer);
    Ok(match () {
        () if flag.load(Ordering::SeqCst) => Exit::Outside,
        () if run.series.iter().all(|series| series.samples.is_empty()) => Exit::Outside,
        () => judged,
    })
}

/// The thresholds, with enough runs for an interval that can decide them.
fn thresholds(args: &BenchRunArgs) -> Result<Vec<Threshold>, Failure> {
    let few = args.quick || args.runs.is_some_and(|runs| (runs as usize) < FEWEST);
    if few && !args.threshold.is_empty() {
        return Err(Failure::FewRuns { least: FEWEST });
    }
    args.threshold.iter().map(|text| Ok(parse_threshold(text)?)).collect()
}

fn show(run: &Run, args: &BenchRunArgs, printer: &Printer) -> Result<(), Failure> {
    let json = file::to_json(run);
    let paint = |role, text: &str| super::report::paint(printer.out, role, text);
    printer.text(&table::table(run, &Style { width: width(), paint: &paint }))?;
    if printer.is_json() {
        Printer::data(&json)?;
    }
    if let Some(place) = &args.output {
        write(place, json.as_bytes())?;
        printer.say(&format!("wrote {}; `uvshift bench report {0}` shows it again", place.display()));
    }
    if let Some(place) = &args.html {
        write(place, html::page(run).as_bytes())?;
        printer.say(&format!("wrote {}", place.display()));
    }
    if args.output.is_none() && !printer.is_json() {
        printer.say(
            "The result was not kept; `--output FILE` keeps it for `uvshift bench compare` and `report`.",
        );
    }
    Ok(())
}

/// The folder for caches and environments, and one beside it for what the measuring itself writes.
struct Work {
    folder: tempfile::TempDir,
}

impl Work {
    fn of(args: &BenchRunArgs) -> Result<Self, Failure> {
        let mut builder = tempfile::Builder::new();
        let builder = builder.prefix("uvshift-bench-");
        let folder = match &args.work_folder {
            Some(folder) => builder.tempdir_in(folder),
            None => builder.tempdir(),
        };
        let failed = |source| Failure::Write {
            path: args.work_folder.clone().unwrap_or_else(std::env::temp_dir),
            source,
        };
        let folder = folder.map_err(failed)?;
        std::fs::create_dir(folder.path().join("output")).map_err(failed)?;
        Ok(Self { folder })
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("work")
    }

    fn outside(&self) -> std::path::PathBuf {
        self.folder.path().join("output")
    }
}

/// A path that holds wherever a command runs.
pub(super) fn absolute(path: &Path) -> std::path::PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
