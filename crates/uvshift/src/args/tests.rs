//! The reference of the command line is made from the command line.

use std::fmt::Write as _;

use clap::CommandFactory;

use super::Args;

fn reference() -> String {
    let mut text = String::from(
        "# Command line\n\nMade from `uvshift --help`; `UPDATE=1 cargo test -p uvshift` writes it anew.\n",
    );
    let mut command = Args::command().term_width(100);
    command.build();
    section(&mut command, "uvshift", &mut text);
    text
}

fn section(command: &mut clap::Command, name: &str, text: &mut String) {
    let help = command.render_long_help().to_string();
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
    let codes = uvshift_requirements::codes::ALL.iter().chain(uvshift_project::codes::ALL);
    let codes: Vec<&str> = codes.map(|code| code.id()).collect();
    // Those of ini files and of tools come from crates that this one does not use; `cargo xtask tidy` compares them too.
    let headings: Vec<&str> =
        headings.into_iter().filter(|heading| !heading.starts_with(['I', 'T'])).collect();
    assert_eq!(headings, codes);
    for code in uvshift_requirements::codes::ALL.iter().chain(uvshift_project::codes::ALL) {
        assert!(page.contains(&format!("## {}\n\n`{}`:", code.id(), code.name())), "{code}");
    }
}
