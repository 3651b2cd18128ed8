//! `.pre-commit-config.yaml`: hooks that name settings, that ruff replaces, and whose revision is to match the lock.
//!
//! A file is edited in place. What it means is read with `serde_yaml`, before and after: only what was meant to differ does.

mod fresh;
mod hooks;
mod list;
mod names;
mod pins;
mod replaced;
mod scalar;
mod shape;
mod table;
mod wanted;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_yaml::Value;
use uvshift_diagnostics::Diagnostic;

use crate::codes;
use crate::follow::{Edit, Gone, apply};
use crate::model::Place;
use crate::pre_commit::hooks::Hook;
pub(crate) use crate::pre_commit::hooks::normalised;
use crate::pre_commit::shape::Shape;
pub(crate) use crate::pre_commit::table::tools as hooked_tools;
use crate::pre_commit::wanted::Wanted;
use crate::report::{Outcome, Row};

/// What is known about a project's hooks.
#[derive(Debug, Clone, Copy)]
pub struct PreCommit<'a> {
    /// The file as it is; none where there is none.
    pub text: Option<&'a str>,
    /// Settings that are no longer where they were.
    pub gone: &'a [Gone],
    /// The tools whose place ruff takes.
    pub to_ruff: &'a [String],
    /// The locked versions by normalised name; hooks of these get that revision.
    pub versions: &'a BTreeMap<String, String>,
    /// The version of uv, where its hook is wanted.
    pub uv_version: Option<&'a str>,
    /// The tools in use, for a new file.
    pub tools: &'a [String],
}

/// The work on one file.
struct Work<'a> {
    file: &'a str,
    given: &'a PreCommit<'a>,
    wanted: Wanted,
    rows: Vec<Row>,
    diagnostics: Vec<Diagnostic>,
}

/// The file as it is to be, if it changes, with what was done and what there is to say.
///
/// An error says that something had to change and could not be changed safely; the file is left as it is then.
pub fn pre_commit(file: &str, given: &PreCommit<'_>) -> (Option<String>, Vec<Row>, Vec<Diagnostic>) {
    let mut work = Work { file, given, wanted: Wanted::default(), rows: Vec::new(), diagnostics: Vec::new() };
    let after = match given.text {
        Some(text) => work.edit(text),
        None => work.generate(),
    };
    (after, work.rows, work.diagnostics)
}

/// The arguments of the first hook with an id; none where there is no such hook.
pub(crate) fn hook_arguments(text: &str, id: &str) -> Option<Vec<String>> {
    let value = serde_yaml::from_str::<Value>(text).ok()?;
    let hooks = hooks::all(&value, None);
    let hook = hooks.iter().find(|hook| hook.id == id)?;
    Some(hook.strings("args").unwrap_or_default())
}

/// The plugins of flake8 that its hooks install, by their normalised names.
pub fn flake8_plugins(text: &str) -> Vec<String> {
    let Ok(value) = serde_yaml::from_str::<Value>(text) else { return Vec::new() };
    let hooks = hooks::all(&value, None);
    let dependencies = hooks
        .iter()
        .filter(|hook| hook.id == "flake8")
        .filter_map(|hook| hook.strings("additional_dependencies"));
    let mut plugins: Vec<String> = dependencies
        .flatten()
        .map(|requirement| hooks::name_of(&requirement))
        .filter(|name| !name.is_empty())
        .collect();
    plugins.sort();
    plugins.dedup();
    plugins
}

impl Work<'_> {
    fn edit(&mut self, text: &str) -> Option<String> {
        let Ok(value) = serde_yaml::from_str::<Value>(text) else {
            self.unreadable(text);
            return None;
        };
        let shape = Shape::read(text);
        let hooks = hooks::all(&value, shape.as_ref());
        self.replace(&hooks);
        let stays = |hook: &&Hook<'_>| !self.wanted.gone.contains(&(hook.repo, hook.number));
        let staying: Vec<&Hook<'_>> = hooks.iter().filter(stays).collect();
        for hook in &staying {
            self.follow(hook);
        }
        self.pin(&staying);
        self.add_uv(&value, &staying);
        if self.wanted.is_empty() {
            self.tell_of_names(text, &value);
            return None;
        }
        let Some((after, value)) = settled(text, &value, shape.as_ref(), &self.wanted) else {
            self.not_editable();
            return None;
        };
        self.tell_of_names(&after, &value);
        Some(after)
    }

    fn unreadable(&mut self, text: &str) {
        let is_named = self.given.gone.iter().any(|gone| text.contains(&gone.file));
        if is_named || !self.given.to_ruff.is_empty() {
            self.diagnostics.push(
                Diagnostic::error(
                    codes::HOOKS_NOT_EDITABLE,
                    format!("`{}` cannot be read as YAML", self.file),
                )
                .in_file(self.file, 1)
                .with_help("correct the file first; `pre-commit validate-config` must accept it"),
            );
        }
    }

    fn not_editable(&mut self) {
        let todo: Vec<String> = self
            .rows
            .drain(..)
            .map(|row| format!("{}: {}", row.setting, row.outcome.why().unwrap_or_default()))
            .collect();
        let message = format!("`{}` is written in a form that is not edited safely", self.file);
        self.diagnostics.push(
            Diagnostic::error(codes::HOOKS_NOT_EDITABLE, message)
                .in_file(self.file, 1)
                .with_help(format!("make the changes by hand, and run again: {}", todo.join("; "))),
        );
    }

    fn row(&mut self, tool: &str, line: usize, setting: String, outcome: Outcome) {
        self.rows.push(Row {
            tool: tool.to_owned(),
            from: Place::new(self.file, line),
            setting,
            to: None,
            outcome,
        });
    }
}

/// The text with everything that is wanted, and what it means; none unless just that is different.
fn settled(text: &str, value: &Value, shape: Option<&Shape<'_>>, wanted: &Wanted) -> Option<(String, Value)> {
    let expected = wanted.applied(value)?;
    let patches = wanted.patches(text, shape?, value)?;
    let edits: Vec<Edit> = patches
        .into_iter()
        .map(|(span, new)| Edit { shown: span.clone(), span, new, tool: String::new() })
        .collect();
    let after = apply(text, &edits);
    let found: Value = serde_yaml::from_str(&after).ok()?;
    (found == expected).then_some((after, found))
}
