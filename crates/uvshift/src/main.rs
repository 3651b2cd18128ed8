//! The `uvshift` command: moves a Python project from pip to uv and proves that nothing was lost.

mod args;
mod commands;
mod exit;
mod failure;
mod interrupt;
mod output;
mod paint;
mod printer;
mod progress;
mod report;
mod settings;
mod surroundings;
mod uv;
mod wire;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let code = if error.use_stderr() { exit::Exit::Usage } else { exit::Exit::Done };
            // A closed pipe is the reader's business.
            let _ = error.print();
            return code.into();
        }
    };
    let settings = settings::Settings::from_environment(&args.global);
    let mut printer = printer::Printer::new(&settings);
    match commands::run(args.command, &settings, &mut printer) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            printer.failure(&failure);
            failure.exit().into()
        }
    }
}
