//! Which program a command runs, behind `sudo`, `env`, `python -m`, `${PIP}` and paths.

mod wrappers;

#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::engine::Scope;
use crate::shell::{Command, Part, Word, parse};

use wrappers::Wrapper;

/// Values of variables are looked into so deep.
const MAX_DEPTH: usize = 4;

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
    /// What else stands in front, the outermost first: `env`, `time`, `conda run`, `retry`.
    pub wrappers: Vec<String>,
    /// What follows the program.
    pub args: &'a [Word],
}

impl<'a> Invocation<'a> {
    /// The program of a command; none when it has none, or when it is not known, as in `$CMD install`.
    pub fn of(script: &'a str, command: &'a Command, scope: &Scope) -> Option<Self> {
        let mut found = Self {
            script,
            command,
            program: String::new(),
            program_span: 0..0,
            via: Via::Name,
            sudo: None,
            wrappers: Vec::new(),
            args: &command.words,
        };
        while let Some((wrapper, rest)) = Wrapper::at(script, found.args) {
            if let (Wrapper::Sudo, Some(first)) = (&wrapper, found.args.first()) {
                let end = last_end(found.args, rest).unwrap_or(first.span.end);
                found.sudo = Some(first.span.start..end);
            } else {
                found.wrappers.push(wrapper.name());
            }
            found.args = rest;
        }
        let (word, rest) = found.args.split_first()?;
        let named = Named::of(script, word, scope, 0)?;
        found.program_span = word.span.clone();
        found.args = rest;
        found.via = named.via;
        found.program = named.program;
        if named.module.is_none() && is_python(&found.program) {
            "python".clone_into(&mut found.program);
            found.look_for_module(word);
        } else if let Some(module) = named.module {
            found.program = module;
        }
        Some(found)
    }

    /// `-m pip` behind a Python.
    fn look_for_module(&mut self, python: &Word) {
        let mut rest = self.args;
        while let Some((word, behind)) = rest.split_first() {
            let Some(text) = word.literal() else { return };
            let (module, behind) = match text.as_str() {
                "-m" => match behind.split_first() {
                    Some((module, behind)) => (module.literal(), behind),
                    None => return,
                },
                "-W" | "-X" => {
                    rest = behind.get(1..).unwrap_or_default();
                    continue;
                }
                option if option.starts_with("-c") => return,
                option if option.starts_with("-m") => (option.get(2..).map(str::to_owned), behind),
                option if option.len() > 1 && option.starts_with('-') && !option.starts_with("--") => {
                    rest = behind;
                    continue;
                }
                _ => return,
            };
            let Some(module) = module else { return };
            let end = last_end(self.args, behind).unwrap_or(self.program_span.end);
            self.program_span.end = end;
            self.args = behind;
            self.via = Via::Module(python.raw(self.script).to_owned());
            self.program = plain_name(&module);
            return;
        }
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

    /// From the first word of the command to its last argument: with `sudo`, `env` and kin.
    pub fn whole(&self) -> Range<usize> {
        let start = self.command.words.first().map_or(self.program_span.start, |word| word.span.start);
        start..self.span().end
    }
}

/// A word that names a program.
struct Named {
    program: String,
    via: Via,
    /// The module that a variable such as `PIP="python -m pip"` runs.
    module: Option<String>,
}

impl Named {
    fn of(script: &str, word: &Word, scope: &Scope, depth: usize) -> Option<Self> {
        if let Some(name) = word.literal() {
            return Self::literal(&name);
        }
        if let [Part::Variable { name, operation, .. }] = word.parts.as_slice() {
            let value = match operation {
                None => scope.programs.get(name)?,
                Some(operation) => match scope.programs.get(name) {
                    Some(value) => value,
                    None => operation.strip_prefix(":-").or_else(|| operation.strip_prefix('-'))?,
                },
            };
            return Self::variable(name, value, scope, depth);
        }
        let Some(Part::Literal(end)) = word.parts.last() else { return None };
        let (_, name) = end.rsplit_once('/')?;
        let raw = word.raw(script);
        let raw = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or(raw);
        let (folder, _) = raw.rsplit_once('/')?;
        let via = Via::Path(folder.replace('"', ""));
        (!name.is_empty()).then(|| Self { program: plain_name(name), via, module: None })
    }

    fn literal(name: &str) -> Option<Self> {
        let (via, name) = match name.rsplit_once(['/', '\\']) {
            Some((folder, name)) => (Via::Path(folder.to_owned()), name),
            None => (Via::Name, name),
        };
        (!name.is_empty()).then(|| Self { program: plain_name(name), via, module: None })
    }

    /// The program that the value of a variable names, when the value has nothing else.
    fn variable(variable: &str, value: &str, scope: &Scope, depth: usize) -> Option<Self> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let value = value.trim().trim_matches(['"', '\'']);
        let parsed = parse(value);
        let [command] = parsed.commands.as_slice() else { return None };
        let (first, rest) = command.words.split_first()?;
        let named = Self::of(value, first, scope, depth + 1)?;
        let module = match rest {
            [] => None,
            [.., option, module] if is_python(&named.program) && option.literal()? == "-m" => {
                Some(plain_name(&module.literal()?))
            }
            _ => return None,
        };
        let via = match named.via {
            // The folder tells which environment it is.
            Via::Path(folder) if named.module.is_none() && module.is_none() => Via::Path(folder),
            _ => Via::Variable(variable.to_owned()),
        };
        Some(Self { program: named.program, via, module: module.or(named.module) })
    }
}

/// The end of the last of `all` that is before `rest`, its end.
fn last_end(all: &[Word], rest: &[Word]) -> Option<usize> {
    let count = all.len().checked_sub(rest.len())?;
    all.get(count.checked_sub(1)?).map(|word| word.span.end)
}

/// `pip` for `pip3.12`, `python` for `python3`; other names as they are, without `.exe`.
pub(crate) fn plain_name(name: &str) -> String {
    let name = name.strip_suffix(".exe").unwrap_or(name);
    for plain in ["pip", "python"] {
        let version = name.strip_prefix(plain).map(|rest| rest.strip_prefix('-').unwrap_or(rest));
        let is_version = |rest: &str| {
            rest.trim_end_matches('t').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                && (rest.is_empty() || rest.starts_with(|letter: char| letter.is_ascii_digit()))
        };
        if version.is_some_and(is_version) {
            return plain.to_owned();
        }
    }
    name.to_owned()
}

fn is_python(program: &str) -> bool {
    program == "python" || program == "py" || program.starts_with("pypy")
}
