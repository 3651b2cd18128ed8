//! Development containers: the commands of their life, the interpreter that the editor is told of.

use uvshift_diagnostics::{Diagnostic, Safety, Span};

use crate::codes;
use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::hosts::{Host, Kind};
use crate::jsonc::{self, Kind as Json, Value};
use crate::model::{Edit, RewriteOptions, Rewritten};
use crate::script::{self, Argument};

/// The commands in the container, in the order in which they run.
const COMMANDS: &[&str] = &[
    "onCreateCommand",
    "updateContentCommand",
    "postCreateCommand",
    "postStartCommand",
    "postAttachCommand",
];

const INTERPRETERS: &[&str] = &["python.defaultInterpreterPath", "python.pythonPath"];

/// The host.
pub(crate) const HOST: Host = Host {
    name: "devcontainer",
    title: "development containers",
    kind: Kind::Edited,
    is: |path, _| is_devcontainer(path),
    rewrite: |_, text, context, _: &RewriteOptions| rewrite(text, context),
};

fn is_devcontainer(path: &str) -> bool {
    path == ".devcontainer.json"
        || (path.starts_with(".devcontainer/") && path.ends_with("devcontainer.json"))
}

fn rewrite(text: &str, context: &Context) -> Rewritten {
    let mut found = Rewritten::default();
    let file = match jsonc::parse(text) {
        Ok(file) => file,
        Err(problem) => {
            found.diagnostics.push(
                Diagnostic::error(
                    codes::UNREADABLE,
                    format!("this is no JSON that can be read: {}", problem.message),
                )
                .at(Span::new(problem.at, problem.at)),
            );
            return found;
        }
    };
    if let Some(command) = file.get("initializeCommand") {
        // It runs on the machine of the user, before there is a container.
        let mut scope = Scope { has_uv: true, host_brings_uv: true, ..Scope::at_root() };
        each(command, text, &mut scope, context, &mut found);
    }
    let before = found.edits.len();
    let brings_uv = brings_uv(&file);
    let mut scope = Scope { has_uv: brings_uv, host_brings_uv: brings_uv, ..Scope::at_root() };
    for name in COMMANDS {
        let Some(command) = file.get(name) else { continue };
        let needs_uv = !scope.has_uv;
        let start = found.edits.len();
        each(command, text, &mut scope, context, &mut found);
        if needs_uv && found.edits.len() > start && uses_uv(&found, start) {
            bring_uv(command, text, context, &mut found, start);
            scope.has_uv = true;
        }
    }
    if found.edits.len() > before && scope.environment == Environment::Uv {
        interpreter(&file, text, &mut found);
    }
    together(&mut found, before);
    found
}

/// One command: a script, a list of words, or several of both under names, which run side by side.
fn each(command: &Value, text: &str, scope: &mut Scope, context: &Context, found: &mut Rewritten) {
    match &command.kind {
        Json::String(_) => string(command, text, scope, context, found),
        Json::Array(items) => words(items, text, scope, context, found),
        Json::Object(members) => {
            let before = scope.clone();
            for member in members {
                let mut scope_of_one = before.clone();
                match &member.value.kind {
                    Json::Array(items) => words(items, text, &mut scope_of_one, context, found),
                    _ => string(&member.value, text, &mut scope_of_one, context, found),
                }
                if let Some(synced) = scope_of_one.synced {
                    scope.synced.get_or_insert_default().join(&synced);
                    scope.environment = scope_of_one.environment;
                }
                scope.has_additions |= scope_of_one.has_additions;
                scope.has_uv |= scope_of_one.has_uv;
            }
        }
        Json::Plain(_) => {}
    }
}

fn string(command: &Value, text: &str, scope: &mut Scope, context: &Context, found: &mut Rewritten) {
    let Some(embedded) = command.script(text) else { return };
    let start = found.edits.len();
    let done = script::rewrite(&embedded, scope, context, found);
    if done.is_empty {
        found.edits.truncate(start);
        found.left.push(script::left(command.span.clone(), "nothing of this is needed with uv: it can go"));
    }
}

fn words(items: &[Value], text: &str, scope: &mut Scope, context: &Context, found: &mut Rewritten) {
    let Some(arguments) = arguments(items) else { return };
    let Some(new) = script::rewrite_words(&arguments, scope, context, found) else { return };
    let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
    let span = first.span.start..last.span.end;
    if new.words.is_empty() {
        found.left.push(script::left(span, "nothing of this is needed with uv: it can go"));
        return;
    }
    let between = separator(items, text);
    let strings: Vec<String> = new.words.iter().map(|word| json_string(word)).collect();
    let edit = Edit {
        span,
        new: strings.join(&between),
        rule: new.rule,
        reason: new.reason,
        safety: new.safety,
        together: 0,
    };
    found.edits.push(edit);
}

/// Strings as words; none when something is no string.
pub(crate) fn arguments(items: &[Value]) -> Option<Vec<Argument>> {
    let argument = |item: &Value| Some(Argument { text: item.as_str()?.to_owned(), span: item.span.clone() });
    items.iter().map(argument).collect()
}

/// What stands between two items, when it is nothing but a comma and white space.
pub(crate) fn separator(items: &[Value], text: &str) -> String {
    let between =
        items.first().zip(items.get(1)).and_then(|(one, two)| text.get(one.span.end..two.span.start));
    between.filter(|between| between.trim() == ",").unwrap_or(", ").to_owned()
}

/// A text as a string of JSON.
pub(crate) fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether the container has uv already: by a feature, or by its image.
fn brings_uv(file: &Value) -> bool {
    let is_uv = |name: &str| {
        let name = name.split(['@', ':']).next().unwrap_or(name);
        name.rsplit('/').next() == Some("uv")
    };
    let features = file
        .get("features")
        .is_some_and(|features| features.members().iter().any(|feature| is_uv(&feature.name)));
    features || file.get("image").and_then(Value::as_str).is_some_and(|image| image.contains("astral-sh/uv"))
}

fn uses_uv(found: &Rewritten, start: usize) -> bool {
    let new = found.edits.get(start..).unwrap_or_default();
    new.iter().any(|edit| edit.new.contains("uv"))
}

/// Puts uv into the container before the first command that needs it.
fn bring_uv(command: &Value, text: &str, context: &Context, found: &mut Rewritten, start: usize) {
    let first = found.edits.get(start..).unwrap_or_default().iter().map(|edit| edit.span.start).min();
    let string = match &command.kind {
        Json::Object(members) => members.iter().map(|member| &member.value).find(|value| {
            first.is_some_and(|first| value.span.contains(&first)) && matches!(value.kind, Json::String(_))
        }),
        Json::String(_) => Some(command),
        _ => None,
    };
    let reason = "nothing in the container brings uv, so it is installed first, as the packages were";
    let Some(embedded) = string.and_then(|string| string.script(text)) else {
        for edit in found.edits.iter_mut().skip(start) {
            edit.safety = Safety::NeedsReview;
            edit.reason.push_str("; something has to bring uv into the container, such as a feature");
        }
        return;
    };
    let at = embedded.span(&(0..0)).start;
    let new = embedded.encode(&format!("{} && ", script::install_uv(embedded.text(), context)));
    match found.edits.iter_mut().skip(start).find(|edit| edit.span.start == at) {
        Some(edit) => {
            edit.new.insert_str(0, &new);
            edit.reason = format!("{}; {reason}", edit.reason);
        }
        None => found.edits.push(Edit {
            span: at..at,
            new,
            rule: "bring-uv",
            reason: reason.to_owned(),
            safety: Safety::Safe,
            together: 0,
        }),
    }
}

/// The interpreter that the editor is told of is the one of the environment then.
fn interpreter(file: &Value, text: &str, found: &mut Rewritten) {
    let nested = ["customizations", "vscode", "settings"];
    let within = nested.iter().try_fold(file, |value, name| value.get(name));
    for settings in [file.get("settings"), within].into_iter().flatten() {
        for name in INTERPRETERS {
            let Some(value) = settings.get(name) else { continue };
            let Some(path) = value.as_str().filter(|path| !path.contains(".venv")) else { continue };
            let quoted_with = text.get(value.span.start..=value.span.start);
            if quoted_with != Some("\"") || path.contains("conda") {
                continue;
            }
            found.edits.push(Edit {
                span: value.span.clone(),
                new: "\"${containerWorkspaceFolder}/.venv/bin/python\"".to_owned(),
                rule: "devcontainer-interpreter",
                reason: "the packages are in the project's environment `.venv`".to_owned(),
                safety: Safety::Safe,
                together: 0,
            });
        }
    }
}

/// What is changed in the container goes together: an interpreter without its packages helps nobody. What is for review
/// does not hold up the rest.
fn together(found: &mut Rewritten, from: usize) {
    let number = found.edits.iter().map(|edit| edit.together).max().unwrap_or(0) + 1;
    let is_added = |edit: &Edit| ["bring-uv", "devcontainer-interpreter"].contains(&edit.rule);
    let edits = found.edits.get_mut(from..).unwrap_or_default();
    let any_safe = edits.iter().any(|edit| edit.safety == Safety::Safe && !is_added(edit));
    for edit in edits.iter_mut().filter(|edit| edit.safety == Safety::Safe || !any_safe) {
        edit.together = number;
    }
}
