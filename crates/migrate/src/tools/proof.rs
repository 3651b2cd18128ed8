//! The tools themselves are asked what they see, before and after.

use std::path::{Path, PathBuf};

use uvshift_process::Runner;
use uvshift_toolconfig::{Asked, Plan, TO_RUFF, ask, copies};
use uvshift_tree::Tree;

use crate::verify::Cause;
use crate::{Difference, Error, Uv};

/// What a tool said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It sees the same settings as before.
    Same,
    /// It is in no environment that could be asked.
    NotAsked,
    /// It refused its old settings already, in these words.
    RefusedBefore(String),
    /// What it sees now is not what it saw, here.
    Differs(Vec<String>),
}

/// Asks every tool whose settings move, in copies of the settings alone. No code of the project runs.
///
/// `python` comes first, else the project's own environment; what that has not, uv gets into an environment of its own.
pub fn ask_tools(
    root: &Path,
    plan: &Plan,
    python: Option<&Path>,
    uv: Option<&Uv>,
    runner: &dyn Runner,
) -> Result<Vec<(String, Answer)>, Error> {
    let copy_error = |source| Error::Copy { path: root.to_owned(), source };
    let folder = tempfile::Builder::new().prefix("uvshift-tools-").tempdir().map_err(copy_error)?;
    let copies = copies(&Tree::from_disk(root)?, &plan.changes, folder.path()).map_err(copy_error)?;
    let tools = questions(plan);
    let mut asked: Vec<Asked> = Vec::new();
    if let Some(python) = python.map(Path::to_owned).or_else(|| own_python(root)) {
        asked = ask(runner, &[python.display().to_string()], &copies, &tools)?;
        asked.retain(|asked| !asked.is_missing());
    }
    let left: Vec<&str> =
        tools.iter().copied().filter(|tool| asked.iter().all(|asked| asked.tool != *tool)).collect();
    if let (Some(uv), false, None) = (uv, left.is_empty(), python) {
        asked.extend(ask(runner, &with_uv(uv, &left), &copies, &left)?);
    }
    let answer = |tool: &str| match asked.iter().find(|asked| asked.tool == tool) {
        None => Answer::NotAsked,
        Some(asked) if asked.is_missing() => Answer::NotAsked,
        Some(asked) => match asked.refused_before() {
            Some(words) => Answer::RefusedBefore(words.to_owned()),
            None if asked.differences.is_empty() => Answer::Same,
            None => Answer::Differs(asked.differences.clone()),
        },
    };
    Ok(tools.into_iter().map(|tool| (tool.to_owned(), answer(tool))).collect())
}

/// What of the answers is a difference.
pub fn differences(answers: &[(String, Answer)]) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (tool, answer) in answers {
        let Answer::Differs(found) = answer else { continue };
        differences.extend(found.iter().map(|what| Difference {
            place: tool.clone(),
            what: format!("sees something else now: {what}"),
            cause: Cause::Tool,
        }));
    }
    differences
}

/// The tools to ask. isort and black that went to ruff have nothing to be compared with.
fn questions(plan: &Plan) -> Vec<&str> {
    let mut tools: Vec<&str> = Vec::new();
    for moved in plan.moved.iter().filter(|moved| moved.from.is_some()) {
        let to_ruff = moved.to == "tool.ruff" && moved.tool != "ruff";
        match moved.tool.as_str() {
            "flake8" if to_ruff => tools.push(TO_RUFF),
            // pyright is a program of another language that has no way to show its settings.
            tool if !to_ruff && tool != "pyright" => tools.push(tool),
            _ => {}
        }
    }
    tools
}

/// The Python of the project's own environment.
fn own_python(root: &Path) -> Option<PathBuf> {
    let program = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    [".venv", "venv"].iter().map(|folder| root.join(folder).join(program)).find(|path| path.is_file())
}

/// A command of uv that starts a Python which has these tools.
fn with_uv(uv: &Uv, tools: &[&str]) -> Vec<String> {
    let mut command = vec![uv.program.display().to_string()];
    command.extend(["run", "--quiet", "--no-project", "--isolated"].map(str::to_owned));
    for tool in tools {
        let distributions: &[&str] = match *tool {
            TO_RUFF => &["flake8", "ruff"],
            "bumpversion" => &["bump-my-version"],
            tool => &[tool],
        };
        for distribution in distributions {
            command.extend(["--with".to_owned(), (*distribution).to_owned()]);
        }
    }
    command.push("python".to_owned());
    command
}
