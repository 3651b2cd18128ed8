//! Variables that held a program which no recipe runs any more.

use std::ops::Range;

use uvshift_diagnostics::Safety;

use super::MAX_VARIABLES;
use super::read::{Makefile, Variable};
use crate::model::{Edit, Rewritten};
use crate::plan::{apply, made};

/// Programs that uv takes the place of.
const OLD: [&str; 9] =
    ["pip", "pip3", "pip-compile", "pip-sync", "poetry", "pipenv", "virtualenv", "pdm", "hatch"];

/// How often what goes is followed to what only that used.
const MAX_ROUNDS: usize = 8;

/// Adds their removal to what was found, and that of those which an earlier run left behind.
pub(super) fn unused(path: &str, text: &str, makefile: &Makefile, found: &mut Rewritten) {
    if makefile.includes || exports_all(text) {
        return;
    }
    for _ in 0..MAX_ROUNDS {
        let after = |review: bool| apply(text, &made(&found.edits, review));
        let (Some(safe), Some(all)) = (after(false), after(true)) else { return };
        let variables = makefile.variables.iter().take(MAX_VARIABLES);
        let variables = variables.filter(|variable| !variable.is_exported && !variable.is_local);
        let free = |variable: &&Variable| {
            let is_there =
                |edit: &Edit| edit.span.start < variable.line.end && variable.line.start < edit.span.end;
            is_installer(text, variable) && !found.edits.iter().any(is_there)
        };
        let removals = variables.filter(free).filter_map(|variable| removal(text, variable, &safe, &all));
        let mut removals: Vec<Edit> = removals.collect();
        if !path.ends_with("akefile") {
            // Whoever includes this file may use what it holds.
            for edit in &mut removals {
                edit.safety = Safety::NeedsReview;
            }
        }
        if removals.is_empty() {
            return;
        }
        found.edits.extend(removals);
    }
}

/// A bare `export` shows every variable to every recipe.
fn exports_all(text: &str) -> bool {
    text.contains(".EXPORT_ALL_VARIABLES") || text.lines().any(|line| line.trim() == "export")
}

fn is_installer(text: &str, variable: &Variable) -> bool {
    let value = text.get(variable.value.clone()).unwrap_or_default();
    value.split(['/', ' ']).any(|word| OLD.contains(&word))
}

/// That of a variable, given the text with the safe changes made, and with all of them.
fn removal(text: &str, variable: &Variable, safe: &str, all: &str) -> Option<Edit> {
    let name = variable.name.as_str();
    let was_used = uses(text, name);
    if uses(all, name) || (!was_used && mentions(all, "uv") == 0) {
        return None;
    }
    let is_composed = ["$($", "${$"].iter().any(|start| text.contains(start));
    let is_gone = was_used && mentions(safe, name) == 1 && !is_composed;
    let reason = if uses(safe, name) {
        format!("nothing uses `{name}` any more once what is for review is changed")
    } else {
        format!("nothing uses `{name}` any more")
    };
    Some(Edit {
        span: with_blank(text, variable),
        new: String::new(),
        rule: "makefile-variable",
        reason,
        safety: if is_gone { Safety::Safe } else { Safety::NeedsReview },
        together: 0,
    })
}

/// The line, and the empty one behind it when there is another in front or it is the first of the file.
fn with_blank(text: &str, variable: &Variable) -> Range<usize> {
    let Range { start, mut end } = variable.line.clone();
    let before = text.get(..start).unwrap_or_default();
    if (before.is_empty() || before.ends_with("\n\n"))
        && text.get(end..).is_some_and(|behind| behind.starts_with('\n'))
    {
        end += 1;
    }
    start..end
}

fn uses(text: &str, name: &str) -> bool {
    text.contains(&format!("$({name})")) || text.contains(&format!("${{{name}}}"))
}

/// How often a text has a word, in a comment or wherever else.
fn mentions(text: &str, name: &str) -> usize {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.split(|letter| !is_part(letter)).filter(|word| *word == name).count()
}
