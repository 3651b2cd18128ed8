//! The tools themselves say what they see: before in the old files, after in pyproject.toml.

mod compare;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use uvshift_changeset::{Change, ChangeSet};
use uvshift_process::{CommandSpec, ProcessError, Runner};
use uvshift_tree::Tree;

pub use compare::compared;

use crate::ruff::rules::catalogue;
use crate::tools;

/// Instead of a tool: flake8 before, ruff after.
pub const TO_RUFF: &str = "flake8 to ruff";

/// The program that asks. It takes questions as arguments and writes a line of JSON for each.
const PROGRAM: &str = include_str!("ask/ask.py");

/// How long one run may take. Nothing of a project runs, so the imports of the tools are what takes time.
const LIMIT: Duration = Duration::from_mins(5);

/// What a tool sees in two folders.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The tool, or [`TO_RUFF`].
    pub tool: String,
    /// Its answer in the old folder: an object with `settings`, or with `error`, or with `missing`.
    pub before: Value,
    /// Its answer in the new folder.
    pub after: Value,
    /// What is not the same, each with its place; empty if everything is.
    pub differences: Vec<String>,
}

impl Asked {
    /// Whether the tool could not be asked, since it is not in the environment.
    pub fn is_missing(&self) -> bool {
        [&self.before, &self.after].iter().any(|answer| answer["missing"] == true)
    }

    /// What the tool said if it refused its old settings already; then there is nothing to compare.
    pub fn refused_before(&self) -> Option<&str> {
        self.before["error"].as_str()
    }
}

/// A tool and a folder to ask it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The tool.
    pub tool: String,
    /// Where it is asked. It is only read.
    pub folder: PathBuf,
}

/// Two folders with the settings of a project, and nothing else of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copies {
    /// The settings as they are.
    pub old: PathBuf,
    /// The settings as a change leaves them.
    pub new: PathBuf,
    /// The files that go. What named one of them may name pyproject.toml afterwards.
    pub gone: Vec<String>,
}

/// Asks each tool in both folders, with one run of Python, and compares.
///
/// `python` is a command that starts a Python with the tools, to which arguments can be added.
pub fn ask(
    runner: &dyn Runner,
    python: &[String],
    copies: &Copies,
    tools: &[&str],
) -> Result<Vec<Asked>, ProcessError> {
    let mut questions = Vec::new();
    for &tool in tools {
        let (before, after) = if tool == TO_RUFF { ("flake8", "ruff") } else { (tool, tool) };
        questions.push(Question { tool: before.to_owned(), folder: copies.old.clone() });
        questions.push(Question { tool: after.to_owned(), folder: copies.new.clone() });
    }
    let answers = answers(runner, python, &questions)?;
    let pairs = tools.iter().zip(answers.chunks_exact(2));
    Ok(pairs
        .map(|(tool, pair)| Asked {
            tool: (*tool).to_owned(),
            before: pair[0].clone(),
            after: pair[1].clone(),
            differences: compared(tool, &pair[0], &pair[1], &copies.gone),
        })
        .collect())
}

/// The answers to questions, in their order. What a tool does not answer is an `error`.
pub fn answers(
    runner: &dyn Runner,
    python: &[String],
    questions: &[Question],
) -> Result<Vec<Value>, ProcessError> {
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let (program, prefix) =
        python.split_first().map_or(("python", python), |(first, rest)| (first.as_str(), rest));
    let mut spec = CommandSpec::new(program)
        .args(prefix)
        // Isolated, so that neither the folder nor the user's own packages stand before the environment.
        .args(["-I", "-X", "utf8", "-c", PROGRAM])
        .timeout(LIMIT);
    if questions.iter().any(|question| question.tool == "flake8") {
        spec = spec.arg(format!("--codes={}", flake8_codes().join(",")));
    }
    spec = spec
        .args(questions.iter().map(|question| format!("{}\t{}", question.tool, question.folder.display())));
    let output = runner.run(&spec)?.checked(&spec)?;
    let text = output.stdout_text();
    let mut lines = text.lines();
    let silent = || json!({ "error": "it gave no answer" });
    let answer = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| silent());
    Ok(questions.iter().map(|_| lines.next().map_or_else(silent, answer)).collect())
}

/// The codes that both flake8 and ruff may report under the same name.
fn flake8_codes() -> Vec<&'static str> {
    catalogue().rules.keys().map(String::as_str).filter(|code| compare::family(code).is_some()).collect()
}

/// Lays the settings of a project, as they are before and after a change, into two folders below `into`: the files that
/// tools look into and those that change. Code is not among them. The change may have been made already.
pub fn copies(tree: &Tree, changes: &ChangeSet, into: &Path) -> io::Result<Copies> {
    let mut before: Files = BTreeMap::new();
    for path in tools::files().filter(|path| tree.has(path)) {
        before.insert(path.to_owned(), tree.read(path).map_err(io::Error::other)?);
    }
    let mut seen: Vec<&str> = Vec::new();
    for change in changes {
        // Of a file that changes twice the first change knows what it was.
        if seen.contains(&change.path().as_str()) {
            continue;
        }
        seen.push(change.path().as_str());
        match change {
            Change::Create { path, .. } => drop(before.remove(path.as_str())),
            Change::Edit { path, before: bytes, .. } | Change::Delete { path, before: bytes } => {
                before.insert(path.as_str().to_owned(), bytes.clone());
            }
            _ => {}
        }
    }
    let after = changed(before.clone(), changes);
    // The name of the folder stays, since some tools know it.
    let name = tree.root().file_name().unwrap_or_else(|| OsStr::new("project"));
    let gone = before.keys().filter(|path| !after.contains_key(*path)).cloned().collect();
    let copies = Copies { old: into.join("old").join(name), new: into.join("new").join(name), gone };
    lay(&copies.old, &before)?;
    lay(&copies.new, &after)?;
    Ok(copies)
}

/// Files with their bytes.
type Files = BTreeMap<String, Vec<u8>>;

fn changed(mut files: Files, changes: &ChangeSet) -> Files {
    for change in changes {
        match change {
            Change::Create { path, bytes, .. } | Change::Edit { path, after: bytes, .. } => {
                files.insert(path.as_str().to_owned(), bytes.clone());
            }
            Change::Delete { path, .. } => drop(files.remove(path.as_str())),
            Change::Rename { from, to } => {
                if let Some(bytes) = files.remove(from.as_str()) {
                    files.insert(to.as_str().to_owned(), bytes);
                }
            }
            // Links and modes hold no settings.
            _ => {}
        }
    }
    files
}

#[expect(clippy::disallowed_methods, reason = "the files are copies, none of them in the project")]
fn lay(folder: &Path, files: &Files) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (path, bytes) in files {
        let target = folder.join(path);
        target.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(target, bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
