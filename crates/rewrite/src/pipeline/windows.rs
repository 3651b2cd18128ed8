//! Scripts for cmd and PowerShell: commands that mean the same to a shell are rewritten, everything else is told.

use std::ops::Range;

use crate::context::Context;
use crate::engine::{Environment, Outcome, Scope, rewrite_script};
use crate::install::is_default;
use crate::model::{Edit, Left};
use crate::script::left;

use super::commands::told;

/// Why a command for Windows stays.
pub(crate) const WINDOWS: &str = "only simple commands are rewritten for cmd and PowerShell";

/// Words that begin what is no simple command.
const KEYWORDS: &[&str] = &[
    "if", "for", "foreach", "while", "case", "source", "export", "set", "function", "then", "fi", "try",
    "do", "switch", "param", "goto", "setlocal",
];

/// Programs that install packages or make environments.
const INSTALLERS: &[&str] = &[
    "pip",
    "pip3",
    "poetry",
    "pipenv",
    "pdm",
    "hatch",
    "rye",
    "virtualenv",
    "venv",
    "activate",
    "conda",
    "tox",
    "nox",
];

/// Programs that run in an environment.
const PROGRAMS: &[&str] =
    &["python", "python3", "py", "pytest", "coverage", "mypy", "ruff", "flake8", "black"];

/// A script for cmd or PowerShell, a command a line.
pub(crate) fn by_lines(script: &str, scope: &mut Scope, context: &Context) -> Outcome {
    let mut all = Outcome { is_empty: true, ..Outcome::default() };
    let is_flat = !script.lines().any(opens_or_goes_on);
    let mut at = 0;
    for line in script.split_inclusive('\n') {
        let mut outcome = one_line(line.trim_end(), is_flat, scope, context);
        let command = line.trim_end();
        let whole_line = outcome.is_empty && !outcome.edits.is_empty() && line.len() < script.len();
        if whole_line && let Some(first) = outcome.edits.first().cloned() {
            outcome.edits = vec![Edit { span: 0..line.len(), new: String::new(), ..first }];
        }
        all.is_empty &= command.trim().is_empty() || (outcome.is_empty && !outcome.edits.is_empty());
        all.uses_uv |= outcome.uses_uv;
        all.edits
            .extend(outcome.edits.into_iter().map(|edit| Edit { span: shifted(&edit.span, at), ..edit }));
        all.left.extend(outcome.left.into_iter().map(|left| Left { span: shifted(&left.span, at), ..left }));
        at += line.len();
    }
    all.is_empty &= !all.edits.is_empty();
    all
}

/// A line; `is_flat`: no line of the script opens a block, or goes on in the next one.
fn one_line(line: &str, is_flat: bool, scope: &mut Scope, context: &Context) -> Outcome {
    let lower = line.trim_start().to_ascii_lowercase();
    if lower.starts_with('#') || lower.starts_with("rem ") || lower.starts_with("::") {
        return Outcome::default();
    }
    settings(line, scope);
    if is_flat && let Some(folder) = activated(line) {
        scope.own_environment = if is_default(&folder) { None } else { Some(folder) };
        scope.environment = Environment::Active;
        return Outcome::default();
    }
    if lower.starts_with("set-location") || lower.starts_with("push-location") {
        scope.folder = None;
        return Outcome::default();
    }
    // To the parser of shells a `\` takes the letter behind it for itself.
    let command = line.replace('\\', "/");
    if is_flat && is_simple(&command) {
        let before = scope.clone();
        let mut outcome = rewrite_script(&command, scope, context);
        for edit in &mut outcome.edits {
            edit.new = as_written(&edit.new, line);
        }
        if outcome.problem.is_none() && outcome.edits.iter().all(|edit| is_portable(&edit.new)) {
            return outcome;
        }
        *scope = before;
    }
    let mut outcome = told(&command, scope, context, WINDOWS);
    if outcome.problem.take().is_some() || (outcome.left.is_empty() && !is_simple(&command)) {
        outcome.left.extend(is_about(&lower, scope).then(|| left(place(line), WINDOWS)));
    }
    outcome
}

/// A new command with the words of the old one as they were written, `\` and all.
fn as_written(new: &str, line: &str) -> String {
    let words = line.split_whitespace().filter(|word| word.contains('\\'));
    words.fold(new.to_owned(), |new, word| new.replace(&word.replace('\\', "/"), word))
}

/// A line without the blanks in front.
fn place(line: &str) -> Range<usize> {
    line.len() - line.trim_start().len()..line.len()
}

fn shifted(span: &Range<usize>, by: usize) -> Range<usize> {
    span.start + by..span.end + by
}

/// Whether a line opens or ends a block, or goes on in the next one.
fn opens_or_goes_on(line: &str) -> bool {
    let line = line.trim();
    line.ends_with(['{', '(', '`', '^']) || line.starts_with(['}', ')']) || line.ends_with("@\"")
}

/// Takes note of `$env:PIP_INDEX_URL = ...` and `set PIP_INDEX_URL=...`.
fn settings(line: &str, scope: &mut Scope) {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    for word in line.split(|letter| !is_part(letter)).filter(|word| word.starts_with("PIP_")) {
        scope.set(word);
    }
}

/// The environment that a line activates: `call venv\Scripts\activate.bat`, `& .\.venv\Scripts\Activate.ps1`.
fn activated(line: &str) -> Option<String> {
    let line = line.trim();
    let starts = ["call ", "& ", ". ", "source ", "CALL ", "Call "];
    let path = starts.iter().find_map(|start| line.strip_prefix(start)).unwrap_or(line).trim();
    let path = path.trim_matches(['"', '\'']).replace('\\', "/");
    let ends = ["/scripts/activate", "/scripts/activate.bat", "/scripts/activate.ps1", "/bin/activate"];
    let lower = path.to_ascii_lowercase();
    let end = ends.iter().find(|end| lower.ends_with(**end))?;
    let folder = path.get(..path.len() - end.len())?;
    let folder = folder.strip_prefix("./").unwrap_or(folder);
    // Two commands, or a folder that only the shell knows.
    (!folder.is_empty() && !folder.contains([' ', ';', '&', '|', '$', '%', '('])).then(|| folder.to_owned())
}

/// Whether a script means the same to a shell, to cmd and to PowerShell.
fn is_simple(command: &str) -> bool {
    let first = command.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    !without_templates(command).contains(['$', '`', '{', '}', '^', '@', '(', ')', '<', '%', '#', ';', '|'])
        && !KEYWORDS.contains(&first.as_str())
}

/// A text without `${{ ... }}`, which the host fills in before any shell reads it.
fn without_templates(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::new();
    while let Some(start) = rest.find("${{") {
        plain.push_str(rest.get(..start).unwrap_or_default());
        rest = rest.get(start..).unwrap_or_default();
        let end = rest.find("}}").map_or(rest.len(), |end| end + 2);
        rest = rest.get(end..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// Whether cmd and PowerShell read a new command as a shell does.
fn is_portable(new: &str) -> bool {
    let first = new.split_whitespace().next().unwrap_or_default();
    let plain = without_templates(new);
    !plain.contains(['$', '`', '(', ';', '|']) && !plain.contains("&&") && !first.contains('=')
}

/// Whether a line has to do with what changes around it.
fn is_about(line: &str, scope: &Scope) -> bool {
    if ["echo", "write-host", "write-output"].iter().any(|start| line.starts_with(start)) {
        return false;
    }
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '-';
    let mut words = line.split(|letter| !is_part(letter));
    let in_uv = scope.environment == Environment::Uv;
    words.any(|word| INSTALLERS.contains(&word) || (in_uv && PROGRAMS.contains(&word)))
}
