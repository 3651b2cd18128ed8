//! `uvshift venv snapshot`: what an environment has.

use uvshift_venv::{Snapshot, freeze, inspect};

use crate::args::{Format, SnapshotArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::{report, wire};

pub(crate) fn run(args: &SnapshotArgs, printer: &Printer) -> Result<Exit, Failure> {
    let SnapshotArgs { environment, format } = args;
    super::refuse_missing(environment)?;
    let snapshot = Snapshot::read(environment)?;
    match format {
        Format::Freeze => Printer::data(&freeze(&snapshot))?,
        Format::Inspect => Printer::data(&(serde_json::to_string_pretty(&inspect(&snapshot))? + "\n"))?,
        _ => {
            printer.text(&report::venv::snapshot(&snapshot, printer.out, printer.is_verbose()))?;
            printer.json(&wire::venv::Snapshot::of(&snapshot))?;
        }
    }
    if *format != Format::Json {
        for problem in &snapshot.problems {
            printer.warn(&problem.to_string());
        }
    }
    Ok(Exit::Done)
}
