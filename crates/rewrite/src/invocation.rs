//! Which program a command runs, behind `sudo`, `env`, `python -m`, `${PIP}` and paths.

use std::ops::Range;

use crate::engine::Scope;
use crate::shell::{Command, Word};

/// How a program is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// By its name: `pip`, `pip3`, `pip3.12`.
    Name,
    /// As a module of a Python: `python3 -m pip`; the Python as it is written.
    Module(String),
    /// By a path: `.venv/bin/pip`, `"$VENV/bin/pip"`; the folder as it is written.
    Path(String),
    /// By a variable that the script sets: `$PIP`.
    Variable(String),
}

/// A command with the program that it runs.
#[derive(Debug, Clone)]
pub struct Invocation<'a> {
    /// The script.
    pub script: &'a str,
    /// The command.
    pub command: &'a Command,
    /// The program: `pip` for `pip3`, `python3.12 -m pip` and `$PIP`; `python` for `python3`; else the name as it is.
    pub program: String,
    /// The words that name the program, in bytes: `python3 -m pip`. Not `sudo`, `env` and assignments.
    pub program_span: Range<usize>,
    /// How it is named.
    pub via: Via,
    /// Whether `sudo` stands in front; its span with its options, when it does.
    pub sudo: Option<Range<usize>>,
    /// What follows the program.
    pub args: &'a [Word],
}

impl<'a> Invocation<'a> {
    /// The program of a command; none when it has none, or when it is not known, as in `$CMD install`.
    pub fn of(script: &'a str, command: &'a Command, scope: &Scope) -> Option<Self> {
        let _ = (script, command, scope);
        None
    }

    /// From the program to its last argument, in bytes, without redirections behind.
    pub fn span(&self) -> Range<usize> {
        let end = self.args.last().map_or(self.program_span.end, |word| word.span.end);
        self.program_span.start..end
    }

    /// The first argument that is no option, such as `install`.
    pub fn subcommand(&self) -> Option<String> {
        self.args.iter().filter_map(Word::literal).find(|word| !word.starts_with('-'))
    }
}
