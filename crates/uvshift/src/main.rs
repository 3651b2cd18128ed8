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
mod recorded;
mod report;
mod settings;
mod surroundings;
mod uv;
mod wire;

use std::process::ExitCode;

use clap::FromArgMatches as _;
use clap::error::ErrorKind;

/// The first argument of the small process that starts and measures a command. It comes before everything else, so that
/// this process is as small as it can be.
pub(crate) const LAUNCH: &str = "__launch";

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|first| first == LAUNCH) {
        return uvshift_process::launch(words).into();
    }
    let parsed = args::command().try_get_matches().and_then(|found| args::Args::from_arg_matches(&found));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => return not_understood(&error).into(),
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

/// Prints help, or what is wrong with the command line. A closed pipe is the reader's business.
fn not_understood(error: &clap::Error) -> exit::Exit {
    let has_no_command = [ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, ErrorKind::MissingSubcommand]
        .contains(&error.kind());
    if has_no_command && std::env::args_os().count() < 2 {
        printer::talk(args::FIRST_STEPS.trim_end());
        return exit::Exit::Usage;
    }
    let _ = error.print();
    let said = error.to_string();
    if error.kind() == ErrorKind::MissingRequiredArgument
        && ["uvshift generate", "<WHAT>"].iter().all(|it| said.contains(it))
    {
        printer::talk("`uvshift generate list` names the templates.");
    }
    if error.use_stderr() { exit::Exit::Usage } else { exit::Exit::Done }
}
