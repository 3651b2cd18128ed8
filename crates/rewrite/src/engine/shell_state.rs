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
    if let Some((name, value)) = raw.split_once('=') {
        set(name, value, scope);
    }
}

/// Values that are longer name no program.
const MAX_VALUE: usize = 200;

/// No script has more variables that hold a program.
const MAX_VARIABLES: usize = 64;

fn set(name: &str, raw: &str, scope: &mut Scope) {
    let plain = ['"', '\''].iter().find_map(|quote| raw.strip_prefix(*quote)?.strip_suffix(*quote));
    let value = plain.unwrap_or(raw);
    if value.is_empty() || value.len() > MAX_VALUE || value.contains("$(") || value.contains('`') {
        scope.programs.remove(name);
    } else if scope.programs.len() < MAX_VARIABLES || scope.programs.contains_key(name) {
        scope.programs.insert(name.to_owned(), value.to_owned());
    }
}

/// The folder after `cd`; none when it is not known.
fn folder(script: &str, args: &[Word], scope: &Scope) -> Option<String> {
    let word = args.iter().find(|word| !matches!(word.raw(script), "--" | "-P" | "-L"))?;
    if let Some(path) = word.literal() {
        return if path == "-" { None } else { joined(scope.folder.as_deref()?, &path) };
    }
    let (first, rest) = word.parts.split_first()?;
    let rest = Word { span: 0..0, parts: rest.to_vec() }.literal()?;
    let rest = rest.trim_start_matches('/');
    let base = match first {
        Part::Variable { name, operation: None, .. } if ROOTS.contains(&name.as_str()) => Some(String::new()),
        Part::Variable { name, operation: None, .. } => {
            let value = scope.programs.get(name).filter(|value| !value.contains('$'))?;
            joined(scope.folder.as_deref()?, value)
        }
        Part::Template(text) if text.contains("github.workspace") => Some(String::new()),
        Part::Substitution => {
            let raw = word.raw(script);
            if raw.contains("git rev-parse --show-toplevel") {
                Some(String::new())
            } else if raw.contains("dirname") && (raw.contains("$0") || raw.contains("BASH_SOURCE")) {
                scope.script_folder.clone()
            } else {
                None
            }
        }
        _ => None,
    };
    joined(&base?, rest)
}
