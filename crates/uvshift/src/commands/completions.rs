//! `uvshift completions`

use clap::CommandFactory;

use crate::args::{Args, CompletionsArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub(crate) fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let CompletionsArgs { shell } = args;
    let mut script = Vec::new();
    clap_complete::generate(*shell, &mut Args::command(), "uvshift", &mut script);
    Printer::data(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
