//! VS Code: the tasks of a project; of its settings, what names an interpreter or an installer is told.

use uvshift_diagnostics::{Diagnostic, Span};

use crate::codes;
use crate::context::{Context, joined};
use crate::engine::Scope;
use crate::hosts::devcontainer::{arguments, json_string, separator};
use crate::hosts::{Host, Kind};
use crate::jsonc::{self, Value};
use crate::model::{Edit, Left, RewriteOptions, Rewritten};
use crate::script::{self, Argument};

/// Settings with what uv's way is.
const SETTINGS: &[(&str, &str)] = &[
    ("python.defaultInterpreterPath", "uv keeps the environment of the project in `.venv`"),
    (
        "python.pythonPath",
        "uv keeps the environment of the project in `.venv`, and VS Code no longer reads this",
    ),
    ("python.venvPath", "uv keeps the environment of the project in `.venv`"),
    ("python.poetryPath", "Poetry is no longer used"),
    ("python.pipenvPath", "Pipenv is no longer used"),
    ("python-envs.defaultPackageManager", "packages are installed with uv"),
    ("python-envs.defaultEnvManager", "the environment is made by uv"),
];

/// The host.
pub(crate) const HOST: Host = Host {
    name: "vscode",
    title: "VS Code",
    kind: Kind::Edited,
    is: |path, _| is_tasks(path) || is_settings(path) || is_workspace(path),
    rewrite: |path, text, context, _: &RewriteOptions| rewrite(path, text, context),
};

fn is_tasks(path: &str) -> bool {
    path == ".vscode/tasks.json" || path.ends_with("/.vscode/tasks.json")
}

fn is_settings(path: &str) -> bool {
    path == ".vscode/settings.json" || path.ends_with("/.vscode/settings.json")
}

fn is_workspace(path: &str) -> bool {
    path.ends_with(".code-workspace")
}

fn rewrite(path: &str, text: &str, context: &Context) -> Rewritten {
    let mut found = Rewritten::default();
    let file = match jsonc::parse(text) {
        Ok(file) => file,
        Err(problem) => {
            let message = format!("this is no JSON that can be read: {}", problem.message);
            let at = Span::new(problem.at, problem.at);
            found.diagnostics.push(Diagnostic::error(codes::UNREADABLE, message).at(at));
            return found;
        }
    };
    let folder = path.rsplit_once(".vscode/").map_or("", |(folder, _)| folder.trim_end_matches('/'));
    let section = |name: &str| if is_workspace(path) { file.get(name) } else { Some(&file) };
    if !is_settings(path)
        && let Some(tasks) = section("tasks")
    {
        for task in tasks.get("tasks").into_iter().flat_map(Value::items) {
            task_of(task, folder, text, context, &mut found);
        }
    }
    if !is_tasks(path)
        && let Some(settings) = section("settings")
    {
        tell_settings(settings, context, &mut found);
    }
    found
}

/// A task, with what it says for one operating system only.
fn task_of(task: &Value, folder: &str, text: &str, context: &Context, found: &mut Rewritten) {
    let is_shell = task.get("type").and_then(Value::as_str) != Some("process");
    for place in [Some(task), task.get("linux"), task.get("osx"), task.get("windows")].into_iter().flatten() {
        let Some(command) = place.get("command") else { continue };
        if plain(command).as_str().is_some_and(|command| command.starts_with("py -m ")) {
            let reason = "the launcher `py` is only known on Windows; there, uv needs no launcher";
            found.left.push(script::left(command.span.clone(), reason));
            continue;
        }
        let options = place.get("options").or_else(|| task.get("options"));
        let working = options.and_then(|options| options.get("cwd")).and_then(Value::as_str);
        let mut scope = Scope {
            folder: folder_of(folder, working),
            has_uv: true,
            host_brings_uv: true,
            ..Scope::default()
        };
        let args = place.get("args").or_else(|| task.get("args")).map(Value::items).unwrap_or_default();
        if args.is_empty() && is_shell {
            let Some(embedded) = plain(command).script(text) else { continue };
            let start = found.edits.len();
            let done = script::rewrite(&embedded, &mut scope, context, found);
            if done.is_empty {
                found.edits.truncate(start);
                found.left.push(script::left(
                    command.span.clone(),
                    "nothing of this task is needed with uv: it can go",
                ));
            }
        } else {
            words(command, args, text, &mut scope, context, found);
        }
    }
}

/// A command or an argument: a string, or an object that says how it is quoted.
fn plain(value: &Value) -> &Value {
    value.get("value").unwrap_or(value)
}

/// The folder that a task works in.
fn folder_of(folder: &str, working: Option<&str>) -> Option<String> {
    let Some(working) = working else { return Some(folder.to_owned()) };
    let below = working
        .strip_prefix("${workspaceFolder}")
        .or_else(|| working.strip_prefix("${workspaceRoot}"))
        .map_or(working, |below| below.trim_start_matches('/'));
    if below.contains("${") { None } else { joined(folder, below) }
}

fn words(
    command: &Value,
    args: &[Value],
    text: &str,
    scope: &mut Scope,
    context: &Context,
    found: &mut Rewritten,
) {
    let program = plain(command);
    let Some(name) = program.as_str() else { return };
    let Some(mut rest) = arguments(args) else { return };
    if scope.folder.as_deref() == Some("") {
        for argument in &mut rest {
            // The same file, as it is named from the folder that the task works in.
            if let Some(path) = argument.text.strip_prefix("${workspaceFolder}/") {
                argument.text = path.to_owned();
            }
        }
    }
    let mut all = vec![Argument { text: name.to_owned(), span: program.span.clone() }];
    all.extend(rest);
    let Some(new) = script::rewrite_words(&all, scope, context, found) else { return };
    let Some((program_then, args_then)) = new.words.split_first() else {
        found
            .left
            .push(script::left(command.span.clone(), "nothing of this task is needed with uv: it can go"));
        return;
    };
    let strings: Vec<String> = args_then.iter().map(|word| json_string(word)).collect();
    let strings = strings.join(&separator(args, text));
    let mut edits = vec![(program.span.clone(), json_string(program_then))];
    match args.first().zip(args.last()) {
        Some((first, last)) => edits.push((first.span.start..last.span.end, strings)),
        None if args_then.is_empty() => {}
        None => {
            let new = format!(",{}\"args\": [{strings}]", before_line(text, command.span.start));
            edits.push((command.span.end..command.span.end, new));
        }
    }
    let together = found.edits.iter().map(|edit| edit.together).max().unwrap_or(0) + 1;
    for (span, text) in edits {
        found.edits.push(Edit {
            span,
            new: text,
            rule: new.rule,
            reason: new.reason.clone(),
            safety: new.safety,
            together,
        });
    }
}

/// What is put before another member: a new line as the one of a place begins, or a blank when that line has more in front.
fn before_line(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let indent = line.get(..line.len() - line.trim_start().len()).unwrap_or_default();
    if line.trim_start().starts_with("\"command\"") { format!("\n{indent}") } else { " ".to_owned() }
}

fn tell_settings(settings: &Value, context: &Context, found: &mut Rewritten) {
    if context.projects.is_empty() {
        return;
    }
    for member in settings.members() {
        let Some((_, reason)) = SETTINGS.iter().find(|(name, _)| *name == member.name) else { continue };
        let value = member.value.as_str().unwrap_or_default();
        if value.contains(".venv") || value.ends_with(":uv") {
            continue;
        }
        let interpreter = "\"${workspaceFolder}/.venv/bin/python\"";
        let suggestion = (member.name == "python.defaultInterpreterPath").then(|| interpreter.to_owned());
        let span = member.name_span.start..member.value.span.end;
        found.left.push(Left { span, reason: (*reason).to_owned(), suggestion });
    }
}
