//! One module a command.

mod bench;
mod check;
mod compat;
mod completions;
mod demo;
mod deps;
mod generate;
mod graph;
mod man;
mod migrate;
mod rewrite;
mod rollback;
mod tools;
mod venv;
mod verify;

use crate::args::Command;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;
use crate::settings::Settings;

pub(crate) fn run(command: Command, settings: &Settings, printer: &mut Printer) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => check::run(args, settings, printer),
        Command::Migrate(args) => migrate::run(args, settings, printer),
        Command::Tools(args) => tools::run(args, settings, printer),
        Command::Deps(args) => deps::run(&args, settings, printer),
        Command::Graph(args) => graph::run(&args, printer),
        Command::Compat(args) => compat::run(&args, settings, printer),
        Command::Bench(args) => bench::run(&args, settings, printer),
        Command::Venv(args) => venv::run(args, settings, printer),
        Command::Generate(args) => generate::run(args, settings, printer),
        Command::Rewrite(args) => rewrite::run(args, settings, printer),
        Command::Verify(args) => verify::run(args, settings, printer),
        Command::Rollback(args) => rollback::run(args, printer),
        Command::Demo(args) => demo::run(args, settings, printer),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    }
}
