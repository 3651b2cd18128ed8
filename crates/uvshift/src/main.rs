//! The `uvshift` command: moves a Python project from pip to uv and proves that nothing was lost.

mod args;
mod commands;
#[cfg(test)]
mod documents;
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

/// The first argument of the small process that starts and measures a command. It comes before everything else, so that
/// this process is as small as it can be.
pub(crate) const LAUNCH: &str = "__launch";

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|first| first == LAUNCH) {
        return uvshift_process::launch(words).into();
    }
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
