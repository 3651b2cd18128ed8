//! The reference of the command line is made from the command line.

use std::fmt::Write as _;

use clap::{Parser, Subcommand};

use super::{Args, Format, GlobalArgs, formats};

/// A command line like ours with one command that has formats of its own.
#[derive(Debug, Parser)]
struct Small {
    #[command(flatten)]
    global: GlobalArgs,
    #[command(subcommand)]
    command: SmallCommand,
}

#[derive(Debug, Subcommand)]
enum SmallCommand {
    Plain,
    Draws {
        #[arg(long, value_parser = formats(&[Format::Text, Format::Svg]), default_value = "text")]
        format: Format,
    },
}

fn small(words: &[&str]) -> Result<(Format, Option<Format>), String> {
    let all = std::iter::once("small").chain(words.iter().copied());
    let found = Small::try_parse_from(all).map_err(|error| error.to_string())?;
    let own = match found.command {
        SmallCommand::Plain => None,
        SmallCommand::Draws { format } => Some(format),
    };
    Ok((found.global.format, own))
}

#[test]
fn a_command_can_have_formats_of_its_own() {
    assert_eq!(small(&["plain"]), Ok((Format::Text, None)));
    assert_eq!(small(&["plain", "--format", "json"]), Ok((Format::Json, None)));
    assert_eq!(small(&["--format", "json", "plain"]), Ok((Format::Json, None)));
    assert_eq!(small(&["draws"]), Ok((Format::Text, Some(Format::Text))));
    // The settings, which look at the global value, see what the command was given.
    assert_eq!(small(&["draws", "--format", "svg"]), Ok((Format::Svg, Some(Format::Svg))));
    let refused = small(&["plain", "--format", "svg"]).unwrap_err();
    assert!(refused.contains("[possible values: text, json]"), "{refused}");
    let refused = small(&["draws", "--format", "json"]).unwrap_err();
    assert!(refused.contains("[possible values: text, svg]"), "{refused}");
}

#[test]
fn no_other_command_takes_them() {
    let refused = Args::try_parse_from(["uvshift", "check", "--format", "svg"]).unwrap_err().to_string();
    assert!(refused.contains("[possible values: text, json]"), "{refused}");
}

fn reference() -> String {
    let mut text = String::from(
        "# Command line\n\nMade from `uvshift --help`; `UPDATE=1 cargo test -p uvshift` writes it anew.\n",
    );
    let mut command = super::command().term_width(100);
    command.build();
    section(&mut command, "uvshift", &mut text);
    text
}

fn section(command: &mut clap::Command, name: &str, text: &mut String) {
    // No option of the command itself has more to say than a line.
    let help = if name == "uvshift" { command.render_help() } else { command.render_long_help() };
    let help = help.to_string();
    let help: String = help.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    // Writing into a string cannot fail.
    let _ = write!(text, "\n## `{name}`\n\n```text\n{}\n```\n", help.trim_end());
    for inner in command.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
        let name = format!("{name} {}", inner.get_name());
        section(inner, &name, text);
    }
}

#[test]
fn the_reference_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cli.md");
    #[expect(clippy::disallowed_methods, reason = "the test rewrites its snapshot when asked")]
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, reference()).unwrap();
    }
    let page = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    assert_eq!(page, reference(), "run `UPDATE=1 cargo test -p uvshift`");
}

#[test]
fn every_code_is_documented_and_every_entry_has_a_code() {
    let page = include_str!("../../../../docs/diagnostics.md");
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let codes = || {
        let of_projects = uvshift_requirements::codes::ALL.iter().chain(uvshift_project::codes::ALL);
        let of_imports = of_projects.chain(uvshift_depgraph::codes::ALL);
        of_imports.chain(uvshift_rewrite::codes::ALL).chain(uvshift_scaffold::codes::ALL)
    };
    let known: Vec<&str> = codes().map(|code| code.id()).collect();
    // Those of ini files, of tools and of the inventory come from crates that this one does not use; `cargo xtask tidy` compares
    // them too.
    let headings: Vec<&str> =
        headings.into_iter().filter(|heading| !heading.starts_with(['I', 'T', 'C'])).collect();
    assert_eq!(headings, known);
    for code in codes() {
        assert!(page.contains(&format!("## {}\n\n`{}`:", code.id(), code.name())), "{code}");
    }
}
