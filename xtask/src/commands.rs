//! The commands of `cargo xtask`, as one table. `cargo xtask tidy` reads it too: documents may only name what is here.

use std::fmt::Write as _;

use crate::args::Args;
use crate::{
    Outcome, bench, dist, embed, features, fuzz, modules, new, pictures, release, root, setup, test, tidy,
};

/// One command of `cargo xtask`.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    usage: &'static str,
    about: &'static str,
    /// Flags without a value.
    pub(crate) flags: &'static [&'static str],
    /// Flags with a value.
    pub(crate) options: &'static [&'static str],
    run: fn(&Args) -> Outcome,
}

/// All commands, in the order of the help.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "setup",
        usage: "setup",
        about: "Install what the tests need into `.tools/`: pinned uv, pip, validators (see xtask/tools.txt)",
        flags: &[],
        options: &[],
        run: |args| args.positional([]).and_then(|[]| setup::run(&root())).map(|_| ()),
    },
    Command {
        name: "test",
        usage: "test [--fast] [-p CRATE] [--online]",
        about: "Set up, format, lint, tidy and run every test; stops at the first step that fails\n\
                --fast      only formatting, tidy and the tests themselves; with `-p` also the lints\n\
                -p CRATE    only this crate (may be repeated)\n\
                --online    afterwards migrate real projects, which needs a package index",
        flags: &["--fast", "--online"],
        options: &["-p"],
        run: |args| test::run(&root(), args),
    },
    Command {
        name: "tidy",
        usage: "tidy",
        about: "Check layers, file sizes, error types, manifests, and that documents name only what exists",
        flags: &[],
        options: &[],
        run: |args| args.positional([]).and_then(|[]| tidy::run(&root())),
    },
    Command {
        name: "embed",
        usage: "embed",
        about: "Package the crates, build `examples/embed` with what would be published, and test it",
        flags: &[],
        options: &[],
        run: |args| args.positional([]).and_then(|[]| embed::run(&root())),
    },
    Command {
        name: "features",
        usage: "features",
        about: "Check each crate without its features and with each of them alone, and that no dependency needs a newer Rust",
        flags: &[],
        options: &[],
        run: |args| args.positional([]).and_then(|[]| features::run(&root())),
    },
    Command {
        name: "bench",
        usage: "bench requirements | migrate | imports [--runs N] [--lines N]",
        about: "Run uvshift beside its peers and print ratios\n\
                requirements   parse 100,000 lines; pip 26.3 parses a part of them\n\
                migrate        migrate projects of pip, pip-tools, Poetry, Pipenv and setup.py; migrate-to-uv and\n\
                               uv-migrator (when it is there) do the same\n\
                imports        what thousands of files import, beside deptry and `ruff analyze graph`; needs a package index",
        flags: &[],
        options: &["--runs", "--lines"],
        run: |args| bench::run(&root(), args),
    },
    Command {
        name: "dist",
        usage: "dist [--target TRIPLE] [--zig] [--sdist] | dist --join DIR | dist --try WHEEL",
        about: "Make what a release hands out for the machine at hand, in `target/dist`: archive, wheel, bill, checksums\n\
                --target TRIPLE   for another machine\n\
                --zig             have zig link, for an old glibc or for musl\n\
                --sdist           pack the sources, too\n\
                --join DIR        check that DIR has everything of every machine; write its checksums and the formula\n\
                --try WHEEL       install a wheel and run it: the start, the demo, the hook and the action",
        flags: &["--zig", "--sdist"],
        options: &["--target", "--join", "--try"],
        run: |args| dist::run(&root(), args),
    },
    Command {
        name: "release",
        usage: "release VERSION [--dry-run] [--list]",
        about: "Put VERSION into every place, turn the change log, pack every crate, and say what a person does then\n\
                --dry-run   do it in a copy and change nothing here\n\
                --list      look into the packages without compiling them",
        flags: &["--dry-run", "--list"],
        options: &[],
        run: |args| release::run(&root(), args),
    },
    Command {
        name: "fuzz",
        usage: "fuzz TARGET|all SECONDS",
        about: "Run a fuzz target of `fuzz/`, or all of them, for some seconds each",
        flags: &[],
        options: &[],
        run: |args| fuzz::run(&root(), args),
    },
    Command {
        name: "modules",
        usage: "modules [--check N]",
        about: "Make the tables of modules and distributions from published data, which needs a package index\n\
                --check N   only compare N rows with the wheels that they are about",
        flags: &[],
        options: &["--check"],
        run: |args| modules::run(&root(), args),
    },
    Command {
        name: "pictures",
        usage: "pictures",
        about: "Record the demo as `docs/pictures/demo.svg`, which needs a package index",
        flags: &[],
        options: &[],
        run: |args| args.positional([]).and_then(|[]| pictures::run(&root())),
    },
    Command {
        name: "new-source",
        usage: "new-source NAME",
        about: "A kind of file that lists dependencies: reader, row, fixture",
        flags: &[],
        options: &[],
        run: |args| new::run(&root(), "new-source", args),
    },
    Command {
        name: "new-tool",
        usage: "new-tool NAME",
        about: "A tool whose settings move into pyproject.toml: data, rows, fixture",
        flags: &[],
        options: &[],
        run: |args| new::run(&root(), "new-tool", args),
    },
    Command {
        name: "new-rule",
        usage: "new-rule NAME",
        about: "A rule for a program's commands: rule, row, case",
        flags: &[],
        options: &[],
        run: |args| new::run(&root(), "new-rule", args),
    },
    Command {
        name: "new-host",
        usage: "new-host NAME",
        about: "A kind of file that commands stand in: host, row, fixture",
        flags: &[],
        options: &[],
        run: |args| new::run(&root(), "new-host", args),
    },
    Command {
        name: "new-template",
        usage: "new-template NAME",
        about: "A template: manifest and text",
        flags: &[],
        options: &[],
        run: |args| new::run(&root(), "new-template", args),
    },
    Command {
        name: "new-diagnostic",
        usage: "new-diagnostic CRATE NAME",
        about: "A diagnostic of a crate: the next code, and its entry in docs/diagnostics.md",
        flags: &[],
        options: &[],
        run: |args| new::run_diagnostic(&root(), args),
    },
];

/// What the commands are for, as the help has them.
const SECTIONS: &[(&str, &[&str])] = &[
    ("Every day", &["setup", "test", "tidy"]),
    (
        "Begin with something new (the recipes are in CONTRIBUTING.md)",
        &["new-source", "new-tool", "new-rule", "new-host", "new-template", "new-diagnostic"],
    ),
    ("Look deeper", &["embed", "features", "fuzz", "bench"]),
    ("Make what is committed", &["modules", "pictures"]),
    ("Release", &["dist", "release"]),
];

/// Runs the command that `words` name.
pub(crate) fn dispatch(words: &[String]) -> Outcome {
    let Some((name, rest)) = words.split_first() else {
        return Err(help());
    };
    if matches!(name.as_str(), "help" | "-h" | "--help") {
        print!("{}", help());
        return Ok(());
    }
    let command = COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| format!("there is no `cargo xtask {name}`\n\n{}", help()))?;
    if rest.iter().any(|word| word == "-h" || word == "--help") {
        print!("{}", command_help(command));
        return Ok(());
    }
    let args = Args::parse(rest, command.flags, command.options)
        .map_err(|message| format!("{message}\n\n{}", command_help(command)))?;
    (command.run)(&args)
}

fn help() -> String {
    let mut text = "Usage: cargo xtask COMMAND\n".to_owned();
    for (section, names) in SECTIONS {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "\n{section}:");
        for command in names.iter().filter_map(|name| COMMANDS.iter().find(|it| it.name == *name)) {
            let about = command.about.lines().next().unwrap_or_default();
            let _ = writeln!(text, "  {:<16}{about}", command.name);
        }
    }
    text.push_str("\n`cargo xtask COMMAND --help` tells more.\n");
    text
}

fn command_help(command: &Command) -> String {
    format!("Usage: cargo xtask {}\n\n{}\n", command.usage, command.about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_the_help_with_all_it_takes() {
        for command in COMMANDS {
            assert_eq!(help().matches(&format!("\n  {} ", command.name)).count(), 1, "{}", command.name);
            let shown = command_help(command);
            for flag in command.flags.iter().chain(command.options) {
                assert!(shown.contains(flag), "{flag}");
            }
        }
    }

    #[test]
    fn unknown_commands_and_flags_are_refused() {
        let refused =
            |words: &[&str]| dispatch(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert!(refused(&["tset"]).unwrap_err().contains("there is no `cargo xtask tset`"));
        assert!(refused(&["tidy", "--fix"]).unwrap_err().contains("--fix"));
        assert!(refused(&["tidy", "more"]).is_err());
        assert_eq!(refused(&["new-rule"]).unwrap_err(), "`NAME` is missing");
        assert_eq!(refused(&[]).unwrap_err(), help());
        assert!(refused(&["test", "--help"]).is_ok());
    }
}
