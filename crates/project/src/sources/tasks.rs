//! Commands that Pipenv, PDM and rye run by a short name. uv has no such thing.
//!
//! They go word for word to `[tool.uvshift.scripts]`: nothing reads them there, but whoever types them finds them beside
//! the rest, and no other runner is forced on the project.

use toml_edit::{Item, TableLike};
use uvshift_diagnostics::Diagnostic;

use super::entry::{Document, change, refuse};
use crate::{Reading, codes};
use uvshift_requirements::redacted;

/// Carries the commands of a table. `tool` is what ran them.
pub(super) fn carry_tasks(document: Document<'_>, table: &[&str], tool: &str, out: &mut Reading) {
    let Some(item) = document.toml.get(table) else { return };
    let Some(tasks) = item.as_table_like() else {
        let advice = "make it a table of commands, or remove it";
        return refuse(out, document.from(table), &document.written(table), "it is no table", advice);
    };
    for (name, task) in tasks.iter() {
        let path: Vec<&str> = table.iter().copied().chain([name]).collect();
        let (from, text) = (document.from(&path), document.written(&path));
        let value = document.toml.value(&path).filter(|_| redacted(&text) == text);
        let Some(value) = value else {
            let advice = "take credentials, dates and floats out of the command";
            refuse(out, from, &text, "the command cannot be written down elsewhere", advice);
            continue;
        };
        let why = format!("uv runs no commands by a short name; {}", what_to_type(task, tool));
        change(out, from.clone(), &text, format!("tool.uvshift.scripts.{name}"), why);
        out.manifest.set(&["tool", "uvshift", "scripts"], name, value, &from);
    }
    if !tasks.is_empty() {
        let message = format!("the commands of {tool} are kept as notes in [tool.uvshift.scripts]");
        let from = document.from(table);
        let found = Diagnostic::note(codes::M044, message).in_file(from.file, from.line);
        let help = "type `uv run COMMAND`, or give them to a task runner of your choice";
        out.diagnostics.push(found.with_uv("runs commands, but has no names for them").with_help(help));
    }
}

/// What a person types instead.
fn what_to_type(task: &Item, tool: &str) -> String {
    let command = task.as_str().map(str::to_owned).or_else(|| command_of(task.as_table_like()?));
    match command {
        Some(command) if !command.trim().is_empty() && !command.contains('\n') => {
            format!("type `uv run {}`", command.trim())
        }
        _ => format!("type what {tool} would run behind `uv run`"),
    }
}

fn command_of(table: &dyn TableLike) -> Option<String> {
    table.get("cmd").and_then(Item::as_str).map(str::to_owned)
}
