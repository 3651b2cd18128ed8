//! Command lines that name a settings file which goes: scripts, CI, tox, Makefiles.
//!
//! An option or a variable whose value is the file gets pyproject.toml in its place; everything else stays byte for byte.
//! A line that names the file in another way is told of: with an error where a command would fail.

mod commands;
mod options;
mod rest;
mod table;

#[cfg(test)]
mod tests;

use std::ops::Range;

use uvshift_diagnostics::Diagnostic;
use uvshift_tree::Tree;

use crate::model::Place;
use crate::report::{Outcome, Row};

pub(crate) use commands::{edits as command_edits, tell as tell_commands};
pub(crate) use options::{edits as option_edits, occurrences};
pub(crate) use table::{text as text_of, texts as texts_of};

/// Settings that are no longer where they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The file, relative to the project: one that goes, or one whose section went.
    pub file: String,
    /// The file itself goes.
    pub whole: bool,
    /// The tool whose settings they were, such as `mypy`.
    pub tool: String,
    /// The file that has them now, such as `pyproject.toml`.
    pub to: String,
    /// They are settings of ruff now, and the tool itself is not used any more.
    pub to_ruff: bool,
}

/// The files that name settings which are gone, as they are to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Followed {
    /// Paths with the new text of each, in order.
    pub edits: Vec<(String, String)>,
    /// What was changed.
    pub rows: Vec<Row>,
    /// What is left to be done; an error where a command would fail.
    pub diagnostics: Vec<Diagnostic>,
}

/// One replacement in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// What is replaced; an empty span inserts.
    pub(crate) span: Range<usize>,
    /// What stands there then.
    pub(crate) new: String,
    /// What reports show of it.
    pub(crate) shown: Range<usize>,
    /// Whose settings it is about.
    pub(crate) tool: String,
}

/// Lets the files of a project name the new place of settings.
///
/// `.pre-commit-config.yaml` is left to [`pre_commit`](crate::pre_commit()), and so is a file that goes itself. What the
/// tree holds is what is read: a pyproject.toml that was just made has to be laid over it.
///
/// # Errors
/// A file of the tree cannot be read.
pub fn follow(tree: &Tree, gone: &[Gone]) -> Result<Followed, uvshift_tree::Error> {
    let mut followed = Followed::default();
    if gone.is_empty() {
        return Ok(followed);
    }
    let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
    for file in tree.files() {
        let goes = gone.iter().any(|entry| entry.whole && entry.file == *file);
        if goes || rest::is_left_alone(file) {
            continue;
        }
        let Some(mut text) = tree.text(file) else {
            // Too large or not UTF-8: it can name a file, but it is not edited.
            let bytes = tree.read(file)?;
            if bytes.len() <= rest::LARGEST {
                files.push((file, bytes));
            }
            continue;
        };
        if rest::holds_commands(file, &text) {
            let mut edits = options::edits(&text, file, None, gone);
            edits.extend(commands::edits(file, &text, gone));
            edits.sort_by_key(|edit| edit.span.start);
            if !edits.is_empty() {
                followed.rows.extend(rows(file, &text, &edits));
                text = apply(&text, &edits);
                followed.edits.push((file.clone(), text.clone()));
            }
            commands::tell(&text, file, gone, &mut followed.diagnostics);
        }
        files.push((file, text.into_bytes()));
    }
    rest::tell(&files, gone, &mut followed.diagnostics);
    followed.diagnostics.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Ok(followed)
}

/// A text with replacements made, which are in order and apart.
pub(crate) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for edit in edits {
        if edit.span.start < done {
            continue;
        }
        out.push_str(text.get(done..edit.span.start).unwrap_or_default());
        out.push_str(&edit.new);
        done = edit.span.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// A row for each replacement.
pub(crate) fn rows(file: &str, text: &str, edits: &[Edit]) -> Vec<Row> {
    let row = |edit: &Edit| {
        let old = text.get(edit.shown.clone()).unwrap_or_default();
        let start = text.get(edit.shown.start..edit.span.start).unwrap_or_default();
        let new = format!("{start}{}", edit.new);
        Row {
            tool: edit.tool.clone(),
            from: Place::new(file, line_at(text, edit.shown.start)),
            setting: one_line(old),
            to: None,
            outcome: Outcome::Changed(format!("now `{}`", one_line(&new))),
        }
    };
    edits.iter().map(row).collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "\\" && *word != "-").collect::<Vec<_>>().join(" ")
}

/// The line of a byte, counted from 1.
pub(crate) fn line_at(text: &str, at: usize) -> usize {
    text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1
}
