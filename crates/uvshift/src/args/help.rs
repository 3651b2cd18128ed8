//! What `uvshift` and `uvshift --help` say: the commands by what they are for, on one screen.

use std::fmt::Write as _;

use clap::{Command, CommandFactory};

use super::Args;

/// The commands by what they are for. Those of a first day come first.
const GROUPS: [(&str, &[&str]); 5] = [
    ("Move a project", &["check", "migrate", "verify", "rollback", "demo"]),
    ("Around the code", &["rewrite", "generate", "tools"]),
    ("Dependencies and environments", &["deps", "graph", "compat", "venv"]),
    ("Measure", &["bench"]),
    ("This program", &["completions", "help"]),
];

/// What somebody reads who types `uvshift` and nothing else.
pub(crate) const FIRST_STEPS: &str = "\
uvshift moves a Python project from pip to uv, and proves that nothing was lost.

In the folder of your project:
  uvshift check              what is here, and what stands in the way; changes nothing
  uvshift migrate --dry-run  what would change, line by line; changes nothing
  uvshift migrate            move the project: it shows the plan and asks first
  uvshift rollback           undo the last run, byte for byte

To see it on a small project first:
  uvshift demo               migrates an example in ./uvshift-demo

All commands: uvshift --help
";

/// The command line, with its commands in groups.
pub(crate) fn command() -> Command {
    let command = Args::command();
    let template = template(&command);
    command.help_template(template)
}

fn template(command: &Command) -> String {
    let header = command.get_styles().get_header();
    let literal = command.get_styles().get_literal();
    let mut text = String::from("{about-with-newline}\n{usage-heading} {usage}\n");
    for (title, names) in GROUPS {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "\n{header}{title}:{header:#}");
        for name in names {
            let about = about(command, name);
            let _ = writeln!(text, "  {literal}{name:<11}{literal:#}  {about}");
        }
    }
    let _ = write!(text, "\n{header}Options:{header:#}\n{{options}}{{after-help}}");
    text
}

fn about(command: &Command, name: &str) -> String {
    let found = command.find_subcommand(name).and_then(Command::get_about);
    found.map_or_else(
        || "Print the help of a command, as in `uvshift help migrate`".to_owned(),
        ToString::to_string,
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_command_is_in_one_group() {
        let command = Args::command();
        let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
        let all: BTreeSet<&str> = shown.map(Command::get_name).chain(["help"]).collect();
        let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        assert_eq!(grouped.iter().copied().collect::<BTreeSet<_>>(), all);
        assert_eq!(grouped.len(), all.len());
    }

    #[test]
    fn the_help_fits_a_screen() {
        let help = command().term_width(100).render_help().to_string();
        assert!(help.lines().count() <= 40, "{} lines\n{help}", help.lines().count());
        let wide = help.lines().find(|line| line.chars().count() > 100);
        assert_eq!(wide, None, "{help}");
    }

    #[test]
    fn what_a_newcomer_is_told_to_type_exists() {
        let lines = FIRST_STEPS.lines().filter_map(|line| line.strip_prefix("  "));
        for line in lines {
            let typed = line.split("  ").next().unwrap_or_default();
            assert!(command().try_get_matches_from(typed.split_whitespace()).is_ok(), "{typed}");
        }
    }
}
