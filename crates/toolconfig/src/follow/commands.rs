//! Commands that read settings without naming them.

use std::ops::Range;

use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::follow::{Edit, Gone, line_at, table};

/// Options of bandit that take a value.
const BANDIT_VALUES: [&str; 20] = [
    "-x",
    "--exclude",
    "-b",
    "--baseline",
    "-f",
    "--format",
    "-o",
    "--output",
    "-s",
    "--skip",
    "-t",
    "--tests",
    "-p",
    "--profile",
    "-n",
    "--number",
    "-a",
    "--aggregate",
    "--msg-template",
    "--severity-level",
];

/// Words that start another program.
const RUNNERS: [&str; 22] = [
    "uv",
    "uvx",
    "run",
    "poetry",
    "pipenv",
    "pdm",
    "hatch",
    "rye",
    "python",
    "python3",
    "-m",
    "exec",
    "env",
    "sudo",
    "time",
    "session.run",
    "c.run",
    "ctx.run",
    "RUN",
    "CMD",
    "then",
    "do",
];

/// Keys whose value is a name and no command.
const NAMES: [&str; 8] = ["name", "id", "description", "uses", "deps", "dependencies", "dev", "requires"];

/// A command of a text.
struct Command {
    word: Range<usize>,
    /// The rest of the command, up to the end of its logical line.
    rest: Range<usize>,
}

/// `-c pyproject.toml` for the commands of bandit that found `.bandit` by themselves.
pub(crate) fn edits(file: &str, text: &str, gone: &[Gone]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for entry in bandit(gone) {
        for command in commands(file, text, "bandit") {
            if reads(text, &command, &entry.file) == Reads::Yes {
                edits.push(insertion(text, &command, entry));
            }
        }
    }
    edits
}

/// What there is to say about commands that stay.
pub(crate) fn tell(text: &str, file: &str, gone: &[Gone], diagnostics: &mut Vec<Diagnostic>) {
    for entry in bandit(gone) {
        let unclear = commands(file, text, "bandit").into_iter();
        for command in unclear.filter(|command| reads(text, command, &entry.file) == Reads::Unclear) {
            let message = format!("this command may have read `{}` by itself, which goes", entry.file);
            let help = format!("write `bandit -c {}` if it did", entry.to);
            let line = line_at(text, command.word.start);
            diagnostics.push(
                Diagnostic::warning(codes::BANDIT_BY_ITSELF, message).in_file(file, line).with_help(help),
            );
        }
    }
    let mut told: Vec<usize> = Vec::new();
    for entry in gone.iter().filter(|entry| entry.to_ruff) {
        let names = table::tool(&entry.tool).map(|tool| tool.commands.as_slice()).unwrap_or_default();
        for command in names.iter().flat_map(|name| commands(file, text, name)) {
            if told.contains(&command.word.start) {
                continue;
            }
            told.push(command.word.start);
            let message = format!("this command still runs {}, whose settings are ruff's now", entry.tool);
            let instead = if entry.tool == "black" { "ruff format" } else { "ruff check" };
            let help = format!("run `{instead}` there, and install ruff in place of {}", entry.tool);
            let line = line_at(text, command.word.start);
            diagnostics.push(
                Diagnostic::warning(codes::REPLACED_COMMAND, message).in_file(file, line).with_help(help),
            );
        }
    }
}

fn bandit(gone: &[Gone]) -> impl Iterator<Item = &Gone> {
    let is_ini = |entry: &&Gone| entry.tool == "bandit" && !entry.to_ruff && entry.whole;
    gone.iter().filter(is_ini).filter(|entry| entry.file.rsplit('/').next() == Some(".bandit"))
}

/// The commands of a text that start a program.
fn commands(file: &str, text: &str, name: &str) -> Vec<Command> {
    let is_makefile = super::rest::is_makefile(file);
    let of_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.' | '/');
    let found = text.match_indices(name).filter_map(|(start, _)| {
        let end = start + name.len();
        let (before, after) = (text.get(..start)?, text.get(end..)?);
        let is_word =
            !before.ends_with(|letter: char| of_word(letter) && letter != '/') && !after.starts_with(of_word);
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let lead = before.get(line..)?;
        let is_recipe = !is_makefile || lead.starts_with(['\t', ' ']) || lead.contains('=');
        if !is_word || !is_recipe || !starts_command(lead) {
            return None;
        }
        let rest = end..end + end_of_command(after);
        has_argument(text.get(rest.clone())?).then_some(Command { word: start..end, rest })
    });
    found.collect()
}

/// Whether what stands before a word on its line makes it the start of a command.
fn starts_command(lead: &str) -> bool {
    if lead.trim_start().starts_with(['#', ';']) || lead.trim_start().starts_with("//") || lead.contains(" #")
    {
        return false;
    }
    let segment = lead.rfind([';', '|', '&']).map_or(lead, |at| lead.get(at + 1..).unwrap_or_default());
    let parts = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ',' | '(' | '[' | '{');
    let words: Vec<&str> = segment.split(parts).filter(|word| !word.is_empty()).collect();
    words.iter().enumerate().all(|(index, word)| {
        let next = words.get(index + 1).copied();
        let is_key =
            word.ends_with([':', '=']) || next.is_some_and(|next| matches!(next, "=" | ":" | "+=" | ":="));
        let key = word.trim_end_matches([':', '=']);
        let is_mark = matches!(*word, "-" | "@" | "@-" | "=" | ":" | "+=" | ":=" | ">" | "&&" | "||");
        let is_assignment = word.contains('=') && !word.starts_with('-');
        let is_folder = word.ends_with('/');
        is_mark
            || is_folder
            || is_assignment && !is_key
            || is_key && !NAMES.contains(&key)
            || RUNNERS.contains(word)
            || word.starts_with("python")
            || word.ends_with("envpython}")
    })
}

/// A command has something behind it that is no version, so that the name of a requirement is none.
fn has_argument(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['"', '\'', ',', ' ', '\t', '\\', '\n', '\r']);
    rest.starts_with(|letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '.' | '$' | '{' | '/'))
}

/// How long a command goes on: to the end of the line, further behind a backslash or within a list.
fn end_of_command(after: &str) -> usize {
    let is_list = after.starts_with(['"', '\'']);
    if is_list {
        let end = after.find([')', ']']).or_else(|| after.find('\n'));
        return end.unwrap_or(after.len());
    }
    let mut end = 0;
    for line in after.split_inclusive('\n') {
        if let Some(at) = line.find([';', '|', '&', '"', '\'']) {
            return end + at;
        }
        end += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    end
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    Yes,
    No,
    Unclear,
}

/// Whether bandit finds an ini file by itself: it looks below each of its targets, unless it is given one.
fn reads(text: &str, command: &Command, ini: &str) -> Reads {
    let rest = text.get(command.rest.clone()).unwrap_or_default();
    if rest.contains("--ini") {
        return Reads::No;
    }
    let parts = |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | ',' | '\\');
    let mut words = rest.split(parts).filter(|word| !word.is_empty());
    let mut targets: Vec<&str> = Vec::new();
    while let Some(word) = words.next() {
        match word.split('=').next().unwrap_or(word) {
            "-h" | "--help" | "--version" => return Reads::No,
            "-c" | "--configfile" => {
                return if rest.contains("pyproject.toml") { Reads::No } else { Reads::Unclear };
            }
            _ if BANDIT_VALUES.contains(&word) => drop(words.next()),
            _ if word.starts_with('-') => {}
            _ => targets.push(word),
        }
    }
    let folder = ini.rsplit_once('/').map_or("", |(folder, _)| folder);
    let holds = |target: &&str| {
        let target = target.trim_start_matches("./").trim_end_matches(['/', '.']);
        target.is_empty() || folder == target || folder.starts_with(&format!("{target}/"))
    };
    if targets.iter().any(holds) {
        Reads::Yes
    } else if targets.is_empty() || targets.iter().any(|target| target.contains(['$', '{', '%', '*'])) {
        Reads::Unclear
    } else {
        Reads::No
    }
}

fn insertion(text: &str, command: &Command, gone: &Gone) -> Edit {
    let at = command.word.end;
    let quote =
        text.get(at..).and_then(|after| after.chars().next()).filter(|letter| matches!(letter, '"' | '\''));
    let (at, new) = match quote {
        Some(quote) => (at + 1, format!(", {quote}-c{quote}, {quote}{}{quote}", gone.to)),
        None => (at, format!(" -c {}", gone.to)),
    };
    Edit { span: at..at, new, shown: command.word.start..at, tool: gone.tool.clone() }
}
