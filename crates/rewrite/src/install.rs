//! What `pip` is told to install, and how uv is told the same.

pub(crate) mod args;
pub(crate) mod options;
pub(crate) mod plain;
pub(crate) mod project;
pub(crate) mod target;
pub(crate) mod wanted;

#[cfg(test)]
mod tests;

use crate::engine::Scope;
use crate::invocation::{Invocation, Via};

/// Which environment a command of pip works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The one that uv finds by itself: `.venv`, or what is active.
    Found,
    /// The Python on `PATH`, which is no virtual environment.
    System,
    /// The environment in a folder, as it is written: `venv` for `venv/bin/pip`.
    Folder(String),
    /// A Python that is named: `python3.12 -m pip`.
    Python(String),
}

impl Place {
    /// Where the command works.
    pub(crate) fn of(invocation: &Invocation<'_>, scope: &Scope) -> Self {
        let folder = match &invocation.via {
            Via::Path(folder) => bin_parent(folder).or_else(|| bin_parent(&resolved(folder, scope)?)),
            Via::Module(python) => folder_of_python(python, scope),
            Via::Variable(_) | Via::Name => None,
        };
        if let Some(folder) = folder {
            let folder = value_of(&folder, scope);
            return if is_default(&folder) { Self::Found } else { Self::Folder(folder) };
        }
        if scope.environment == crate::engine::Environment::Active {
            let on_path =
                scope.on_path.clone().filter(|folder| scope.own_environment.as_ref() == Some(folder));
            return on_path.map_or(Self::Found, Self::Folder);
        }
        if let Via::Module(python) = &invocation.via {
            let named = python.trim_matches(['"', '\'']);
            let is_plain = matches!(named, "python" | "python3" | "py");
            if !is_plain && !named.starts_with('$') {
                return Self::Python(python.clone());
            }
        }
        match scope.environment {
            crate::engine::Environment::System => Self::System,
            _ => Self::Found,
        }
    }

    /// Whether the environment is named by its path.
    pub(crate) fn is_named(invocation: &Invocation<'_>, scope: &Scope) -> bool {
        match &invocation.via {
            Via::Path(folder) => bin_parent(folder).or_else(|| resolved(folder, scope)).is_some(),
            Via::Module(python) => folder_of_python(python, scope).is_some(),
            Via::Variable(_) | Via::Name => false,
        }
    }

    /// The flag of `uv pip` for it.
    pub(crate) fn flag(&self) -> Option<String> {
        match self {
            Self::Found => None,
            Self::System => Some("--system".to_owned()),
            Self::Folder(folder) => Some(format!("--python {}", quoted(folder))),
            Self::Python(python) => Some(format!("--python {python}")),
        }
    }
}

/// A text as it can stand in a command: in double quotes when a variable is in it.
pub(crate) fn quoted(text: &str) -> String {
    let is_plain = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, '/' | '.' | '-' | '_' | '~' | '+' | ':' | '@')
    };
    if text.chars().all(is_plain) { text.to_owned() } else { format!("\"{text}\"") }
}

/// `venv` for `venv/bin`.
fn bin_parent(folder: &str) -> Option<String> {
    let (parent, last) = folder.trim_end_matches('/').rsplit_once(['/', '\\'])?;
    let system = ["/usr", "/usr/local", "/opt/python", ""];
    (matches!(last, "bin" | "Scripts") && !system.contains(&parent)).then(|| parent.to_owned())
}

/// The environment of `.venv/bin/python`, or of a variable that holds such a path.
fn folder_of_python(python: &str, scope: &Scope) -> Option<String> {
    let python = &python.replace(['"', '\''], "");
    if let Some((folder, _)) = python.rsplit_once(['/', '\\']) {
        return bin_parent(folder).or_else(|| bin_parent(&resolved(folder, scope)?));
    }
    let name =
        python.strip_prefix("${").and_then(|name| name.strip_suffix('}')).or(python.strip_prefix('$'))?;
    let (folder, _) = scope.programs.get(name)?.rsplit_once('/')?;
    bin_parent(folder).or_else(|| bin_parent(&resolved(folder, scope)?))
}

/// How often variables in values are looked up.
const MAX_DEPTH: usize = 4;

/// A path that begins with a variable, such as `$(BIN)` where that is `$(VENV)/bin`; none when nothing is known of it.
fn resolved(path: &str, scope: &Scope) -> Option<String> {
    let mut path = path.to_owned();
    // An environment whose own place is not known still has the name of a variable.
    let mut named = None;
    for _ in 0..MAX_DEPTH {
        let Some(next) = looked_up(&path, scope) else { break };
        path = next;
        if named.is_none() && path.starts_with('$') && bin_parent(&path).is_some() {
            named = Some(path.clone());
        }
    }
    if path.contains(['$', ' ']) { named } else { Some(path) }
}

/// A path with the value of the variable that it begins with.
fn looked_up(path: &str, scope: &Scope) -> Option<String> {
    let (first, rest) = path.split_once('/').map_or((path, ""), |(first, rest)| (first, rest));
    let name = first.strip_prefix('$')?;
    let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
    let value = scope.programs.get(name)?.trim_end_matches('/');
    Some(if rest.is_empty() { value.to_owned() } else { format!("{value}/{rest}") })
}

/// Whether uv works on this folder by itself.
pub(crate) fn is_default(folder: &str) -> bool {
    matches!(folder.strip_prefix("./").unwrap_or(folder), ".venv")
}

/// Whether a distribution is a program that needs nothing of the project.
pub(crate) fn is_standalone(distribution: &str) -> bool {
    crate::data::is_standalone(distribution)
}

/// A path whose variable in front is known; else as it is written.
pub(crate) fn value_of(path: &str, scope: &Scope) -> String {
    let (first, rest) = path.split_once('/').map_or((path, ""), |(first, rest)| (first, rest));
    let name = first.strip_prefix("${").and_then(|name| name.strip_suffix('}')).or(first.strip_prefix('$'));
    let value = name.and_then(|name| scope.programs.get(name)).filter(|value| !value.contains('$'));
    match value {
        Some(value) if rest.is_empty() => value.clone(),
        Some(value) => format!("{value}/{rest}"),
        None => path.to_owned(),
    }
}
