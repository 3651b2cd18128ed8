//! `uvshift man`

use clap::{Command, CommandFactory};

use crate::args::{Args, ManArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::printer::Printer;

pub(crate) fn run(args: &ManArgs) -> Result<Exit, Failure> {
    let ManArgs { command, list } = args;
    let mut root = Args::command();
    root.build();
    if *list {
        Printer::data(&names(&root, "uvshift"))?;
        return Ok(Exit::Done);
    }
    let unknown = || Failure::UnknownCommand { given: command.join(" ") };
    let mut asked = &root;
    for word in command {
        asked = asked.find_subcommand(word).ok_or_else(unknown)?;
    }
    let page = std::iter::once("uvshift").chain(command.iter().map(String::as_str)).collect::<Vec<_>>();
    let asked = asked.clone().display_name(page.join("-"));
    let mut text = Vec::new();
    let source = format!("uvshift {}", env!("CARGO_PKG_VERSION"));
    clap_mangen::Man::new(asked).source(source).render(&mut text)?;
    Printer::bytes(&text)?;
    Ok(Exit::Done)
}

/// The names of all commands, a line each.
fn names(command: &Command, name: &str) -> String {
    let inner = command.get_subcommands().filter(|inner| inner.get_name() != "help");
    let inner = inner.map(|inner| names(inner, &format!("{name} {}", inner.get_name())));
    format!("{name}\n{}", inner.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_name_and_a_page() {
        let mut root = Args::command();
        root.build();
        let names = names(&root, "uvshift");
        for name in ["uvshift", "uvshift migrate", "uvshift venv migrate", "uvshift bench run"] {
            assert!(names.lines().any(|line| line == name), "{name}");
        }
        assert!(!names.contains("help"), "{names}");
    }
}
