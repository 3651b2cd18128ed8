//! What the shell itself does to the scope: working folder and variables.

use super::Scope;
use crate::context::joined;
use crate::shell::{Assignment, Command, Part, Word};

/// Variables of CI that hold the root of the repository.
const ROOTS: &[&str] = &[
    "GITHUB_WORKSPACE",
    "CI_PROJECT_DIR",
    "TRAVIS_BUILD_DIR",
    "BUILD_SOURCESDIRECTORY",
    "BITBUCKET_CLONE_DIR",
    "CIRCLE_WORKING_DIRECTORY",
    "WORKSPACE",
    "READTHEDOCS_REPOSITORY_PATH",
    "SYSTEM_DEFAULTWORKINGDIRECTORY",
];

/// Takes note of `cd`, `pushd`, `popd`, `export` and assignments. `stack` holds the folders of `pushd`.
pub(super) fn note(script: &str, command: &Command, scope: &mut Scope, stack: &mut Vec<Option<String>>) {
    let Some((first, rest)) = command.words.split_first() else {
        for assignment in &command.assignments {
            assign(script, assignment, scope);
        }
        return;
    };
    let first = first.literal();
    match first.as_deref() {
        Some("cd") => scope.folder = folder(script, rest, scope),
        Some("pushd") => {
            stack.push(scope.folder.take());
            let before = Scope { folder: stack.last().cloned().flatten(), ..scope.clone() };
            scope.folder = folder(script, rest, &before);
        }
        Some("popd") => scope.folder = stack.pop().flatten(),
        Some("export" | "local" | "declare" | "readonly" | "typeset") => {
            for word in rest {
                assign_raw(word.raw(script), scope);
            }
        }
        Some("unset") => {
            for name in rest.iter().filter_map(Word::literal) {
                scope.programs.remove(&name);
                scope.settings.remove(name.as_str());
            }
        }
        _ => {}
    }
}

fn assign(script: &str, assignment: &Assignment, scope: &mut Scope) {
    let raw = assignment.value.raw(script);
    set(&assignment.name, raw, scope);
}

fn assign_raw(raw: &str, scope: &mut Scope) {
    match raw.split_once('=') {
        Some((name, value)) => set(name, value, scope),
        None => scope.set(raw),
    }
}

/// Values that are longer name no program.
const MAX_VALUE: usize = 200;

/// No script has more variables that hold a program.
const MAX_VARIABLES: usize = 64;

fn set(name: &str, raw: &str, scope: &mut Scope) {
    let plain = ['"', '\''].iter().find_map(|quote| raw.strip_prefix(*quote)?.strip_suffix(*quote));
    let value = plain.unwrap_or(raw);
    scope.finds_tools |= name == "PATH" && value.contains(".local/bin");
    if value.is_empty() {
        scope.settings.remove(name);
    } else {
        scope.set(name);
    }
    let is_known = is_place(value) || !(value.contains("$(") || value.contains('`'));
    if value.is_empty() || value.len() > MAX_VALUE || !is_known {
        scope.programs.remove(name);
    } else if scope.programs.len() < MAX_VARIABLES || scope.programs.contains_key(name) {
        scope.programs.insert(name.to_owned(), value.to_owned());
    }
}

/// The folder after `cd`; none when it is not known.
fn folder(script: &str, args: &[Word], scope: &Scope) -> Option<String> {
    let word = args.iter().find(|word| !matches!(word.raw(script), "--" | "-P" | "-L"))?;
    if word.raw(script) == "-" { None } else { path_of(script, word, scope) }
}

/// The path that a word names, from the root of the repository; none when it is not known.
pub(crate) fn path_of(script: &str, word: &Word, scope: &Scope) -> Option<String> {
    if let Some(path) = word.literal() {
        return joined(scope.folder.as_deref()?, &path);
    }
    let (first, rest) = word.parts.split_first()?;
    let rest = Word { span: 0..0, parts: rest.to_vec() }.literal()?;
    let base = match first {
        Part::Variable { name, operation: None, .. } if ROOTS.contains(&name.as_str()) => String::new(),
        Part::Variable { name, operation: None, .. } => {
            let value = scope.programs.get(name)?;
            if is_place(value) {
                place(value, scope)?
            } else if value.contains('$') {
                return None;
            } else {
                joined(scope.folder.as_deref()?, value)?
            }
        }
        Part::Template(text) if text.contains("github.workspace") => String::new(),
        Part::Substitution => place(word.raw(script), scope)?,
        _ => return None,
    };
    joined(&base, rest.trim_start_matches('/'))
}

/// Whether a value is a folder that is told by the script's own place, the repository, or where one is.
fn is_place(value: &str) -> bool {
    let inner = value.strip_prefix("$(").and_then(|value| value.strip_suffix(')'));
    let is_own = value.contains("dirname") && (value.contains("$0") || value.contains("BASH_SOURCE"));
    inner.is_some_and(|inner| is_own || matches!(inner, "pwd" | "git rev-parse --show-toplevel"))
}

/// The folder that is told so.
fn place(raw: &str, scope: &Scope) -> Option<String> {
    if raw.contains("git rev-parse --show-toplevel") {
        return Some(String::new());
    }
    if raw.contains("$(pwd)") && !raw.contains("dirname") {
        return scope.folder.clone();
    }
    let (_, behind) = raw.split_once("dirname")?;
    if !(behind.contains("$0") || behind.contains("BASH_SOURCE")) {
        return None;
    }
    // `$(cd "$(dirname "$0")/.." && pwd)`
    let (_, behind) = behind.split_once(')')?;
    let end = behind.find(['"', ' ', '&', ')', ';', '\'']).unwrap_or(behind.len());
    let below = if raw.contains("cd ") { behind.get(..end)?.trim_start_matches('/') } else { "" };
    joined(scope.script_folder.as_deref()?, below)
}
