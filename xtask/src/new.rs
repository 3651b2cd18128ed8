//! `cargo xtask new-source`, `new-tool`, `new-rule`, `new-host`, `new-template`, `new-diagnostic`: skeletons that compile, at their
//! places. What is left to do is what the tests say then, and what the recipe of CONTRIBUTING.md tells.

mod diagnostic;
mod edit;
mod recipes;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::args::Args;
use edit::with_row;

pub(crate) use diagnostic::{REFERENCE, TABLES};
pub(crate) use recipes::{Block, DIAGNOSTIC, RECIPES, Recipe};

/// A file as it is to be.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Makes the skeleton of a kind of thing.
pub(crate) fn run(root: &Path, command: &str, args: &Args) -> Outcome {
    let [name] = args.positional(["NAME"])?;
    let recipe = RECIPES
        .iter()
        .find(|recipe| recipe.command == command)
        .ok_or_else(|| format!("there is no recipe for `{command}`"))?;
    write(root, &plan(root, recipe, name)?, recipe.heading)
}

/// Makes the skeleton of a diagnostic.
pub(crate) fn run_diagnostic(root: &Path, args: &Args) -> Outcome {
    let [of_crate, name] = args.positional(["CRATE", "NAME"])?;
    check_name(name)?;
    write(root, &diagnostic::plan(root, of_crate, name)?, DIAGNOSTIC)
}

/// Whether a block of a recipe is in the text of its file.
pub(crate) fn has_block(text: &str, block: Block) -> bool {
    with_row(text, block, "").is_some()
}

/// What a skeleton changes; nothing is written.
fn plan(root: &Path, recipe: &Recipe, name: &str) -> Outcome<Vec<Change>> {
    check_name(name)?;
    let mut changes: Vec<Change> = Vec::new();
    for (path, text) in recipe.files {
        let path = filled(path, name);
        if root.join(&path).exists() {
            return Err(format!("`{path}` is there already"));
        }
        changes.push(Change { text: filled(text, name), path });
    }
    for row in recipe.rows {
        let planned = changes.iter().position(|change| change.path == row.file);
        let before = planned.map_or_else(|| read(root, row.file), |at| Ok(changes[at].text.clone()))?;
        let text = with_row(&before, row.block, &filled(row.text, name)).ok_or_else(|| {
            format!("`{}` has no place for a row any more; mend `xtask/src/new/recipes.rs`", row.file)
        })?;
        match planned {
            Some(at) => changes[at].text = text,
            None => changes.push(Change { path: row.file.to_owned(), text }),
        }
    }
    Ok(changes)
}

/// Names become those of files, modules and commands.
fn check_name(name: &str) -> Outcome {
    let starts = name.starts_with(|first: char| first.is_ascii_lowercase());
    let rest = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if starts && rest && !name.ends_with('-') {
        return Ok(());
    }
    Err(format!("`{name}` is no name: small letters, digits and `-`, such as `pip-audit`"))
}

fn filled(text: &str, name: &str) -> String {
    let mut title = name.replace('-', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text.replace("@name@", name).replace("@module@", &name.replace('-', "_")).replace("@title@", &title)
}

fn read(root: &Path, path: &str) -> Outcome<String> {
    fs::read_to_string(root.join(path)).map_err(|error| format!("cannot read `{path}`: {error}"))
}

fn write(root: &Path, changes: &[Change], heading: &str) -> Outcome {
    // All of it is formatted before any of it is written.
    let formatted = changes.iter().map(formatted).collect::<Outcome<Vec<_>>>()?;
    for (Change { path, .. }, text) in changes.iter().zip(formatted) {
        let place = root.join(path);
        let failed = |error| format!("cannot write `{path}`: {error}");
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let done = if place.exists() { "row in" } else { "made" };
        fs::write(&place, text).map_err(failed)?;
        println!("{done:<7} {path}");
    }
    println!("\nNow CONTRIBUTING.md, \"{heading}\".");
    Ok(())
}

/// Sources as rustfmt would have them.
fn formatted(change: &Change) -> Outcome<String> {
    if Path::new(&change.path).extension().is_none_or(|ending| ending != "rs") {
        return Ok(change.text.clone());
    }
    let failed = |error| format!("cannot run rustfmt: {error}");
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--config-path"]).arg(crate::root().join("rustfmt.toml"));
    let mut child = rustfmt
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(change.text.as_bytes()).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|error| error.to_string());
    }
    Err(format!("rustfmt refuses `{}`: {}", change.path, String::from_utf8_lossy(&output.stderr)))
}

#[cfg(test)]
mod tests;
