//! Set up, test, tidy and measure uvshift.
//!
//! This program uses no crate of the workspace, so that it builds in seconds and still works when they do not.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "talking to a developer is what this program does"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "those rules are for uvshift, not for the tool that builds it"
)]

mod args;
mod bench;
mod calendar;
mod commands;
mod dist;
mod embed;
mod features;
mod fuzz;
mod metadata;
mod modules;
mod new;
mod pictures;
mod release;
mod run;
mod setup;
mod test;
mod tidy;
mod versions;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What a command ends with: a message for the developer when it fails.
type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match commands::dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}
