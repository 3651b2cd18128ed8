//! What Poetry, Pipenv, PDM and rye have in common: a program with commands that install, run, add and lock.

mod change;
mod export;
mod install;
mod run;

pub(crate) use change::{Change, Table, add, remove};
pub(crate) use export::export;
pub(crate) use install::{Install, Lock, named_group};
pub(crate) use run::{because, run, run_prefix};

use crate::context::{Context, UvProject, joined};
use crate::engine::Scope;
use crate::invocation::Invocation;
use crate::options::{OptionValue, Options};
use crate::rules::Verdict;
use crate::shell::{Joint, Word};

/// A call of a program that has commands.
pub(crate) struct Call<'a> {
    /// The script.
    pub(crate) script: &'a str,
    /// The command, such as `install`.
    pub(crate) name: String,
    /// What stands between the program and the command.
    pub(crate) before: &'a [Word],
    /// What follows the command.
    pub(crate) args: &'a [Word],
}

impl<'a> Call<'a> {
    /// The command behind options; `values` are those that take a value. None when there is none, or it is not known.
    pub(crate) fn of(invocation: &Invocation<'a>, values: &[&str]) -> Option<Self> {
        let script = invocation.script;
        let mut at = 0;
        while let Some(word) = invocation.args.get(at) {
            let raw = word.raw(script);
            if !raw.starts_with('-') {
                let (before, args) = (invocation.args.get(..at)?, invocation.args.get(at + 1..)?);
                return Some(Self { script, name: word.literal()?, before, args });
            }
            at += if values.contains(&raw) { 2 } else { 1 };
        }
        None
    }

    /// The arguments of the command.
    pub(crate) fn options(&self, flags: &[&str], values: &[&str]) -> Options<'a> {
        Options::split(self.script, self.args, flags, values)
    }

    /// The arguments of the command as they are written.
    pub(crate) fn rest(&self) -> &'a str {
        written(self.script, self.args)
    }
}

/// Words as they are written, with what stands between them.
pub(crate) fn written<'a>(script: &'a str, words: &[Word]) -> &'a str {
    match (words.first(), words.last()) {
        (Some(first), Some(last)) => script.get(first.span.start..last.span.end).unwrap_or_default(),
        _ => "",
    }
}

/// Where a program is told to work, as it is written.
pub(crate) fn directory<'a>(options: &[&Options<'a>], names: &[&str]) -> Option<&'a str> {
    options.iter().find_map(|options| options.values(names).last().map(|value| value.raw))
}

/// The project of the folder that a command works in; `directory` as it is written.
pub(crate) fn project<'c>(
    scope: &Scope,
    context: &'c Context,
    directory: Option<&str>,
) -> Option<&'c UvProject> {
    let folder = scope.folder.as_deref()?;
    let folder = match directory {
        Some(directory) => joined(folder, directory.trim_matches(['"', '\'']))?,
        None => folder.to_owned(),
    };
    context.project(&folder)
}

/// What is said where no project is on uv.
pub(crate) fn no_project(program: &str) -> Verdict {
    Verdict::left(format!("no uv project is known here, and without one uv has nothing for {program}"))
}

/// What is said of an option that nothing is known of.
pub(crate) fn unknown_option(program: &str, script: &str, word: &Word) -> Verdict {
    Verdict::left(format!("uvshift does not know what `{}` of {program} is in uv", word.raw(script)))
}

/// A command that stays, with what could be tried.
pub(crate) fn left(reason: impl Into<String>, suggestion: impl Into<String>) -> Verdict {
    Verdict::Left { reason: reason.into(), suggestion: Some(suggestion.into()) }
}

/// Whether something reads what a command prints: it is in `$(...)`, or its output is piped or sent to a file.
pub(crate) fn is_read(invocation: &Invocation<'_>) -> bool {
    let command = invocation.command;
    let behind =
        invocation.script.get(command.span.end..).unwrap_or_default().trim_start_matches([' ', '\t']);
    let piped = behind.starts_with('|') && !behind.starts_with("||");
    let within = command.within.contains(&crate::shell::Block::Substitution);
    let sent = command.redirections.iter().any(|found| {
        let to_nothing = found.target.literal().is_some_and(|target| target == "/dev/null" || target == "2");
        matches!(found.operator.as_str(), ">" | ">>" | "&>" | "1>" | ">|") && !to_nothing
    });
    piped || within || sent
}

/// The place of the environment, for what asks for it: whole, as the tools that are replaced print it.
pub(crate) fn place_of_environment(scope: &Scope, project: &UvProject) -> Verdict {
    let reason = "uv has no command for the place of the environment, which is `.venv` of the project";
    if scope.folder.as_ref() == Some(&project.folder) {
        return Verdict::review("echo \"$PWD/.venv\"", reason);
    }
    left(reason, "the folder `.venv` of the project")
}

/// Whether a command reads what another one prints.
pub(crate) fn is_fed(invocation: &Invocation<'_>) -> bool {
    invocation.command.joined_by == Joint::Pipe
}

impl OptionValue<'_> {
    /// The value without quotes, when it is literal.
    pub(crate) fn literal(&self) -> Option<String> {
        let word = self.word.literal()?;
        if !word.starts_with('-') || self.raw.starts_with('-') {
            return Some(word);
        }
        let value = match word.strip_prefix("--") {
            Some(long) => long.split_once('=')?.1,
            None => word.get(2..)?.trim_start_matches('='),
        };
        Some(value.to_owned())
    }
}

/// The parts of literal values that are lists: `a,b`, `a b`. The value as it is written, where it is not literal.
pub(crate) fn lists(values: &[&OptionValue<'_>]) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    for value in values {
        let Some(text) = value.literal() else { return Err(value.raw.to_owned()) };
        found.extend(text.split([',', ' ']).filter(|part| !part.is_empty()).map(str::to_owned));
    }
    Ok(found)
}

/// Words of a command, those that are empty left out.
pub(crate) fn joined_words<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
