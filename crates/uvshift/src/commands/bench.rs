//! `uvshift bench`: pip against uv, measured.

mod compare;
mod report;
mod run;

use crate::args::{BenchArgs, BenchCommand};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::Settings;

pub(crate) fn run(args: &BenchArgs, settings: &Settings, printer: &Printer) -> Result<Exit, Failure> {
    match &args.command {
        BenchCommand::Run(args) => run::run(args, settings, printer),
        BenchCommand::Compare(args) => compare::run(args, printer),
        BenchCommand::Report(args) => report::run(args, printer),
    }
}
