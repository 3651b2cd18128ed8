//! Files that go on calling pip after the move.

use std::collections::BTreeSet;

use uvshift_diagnostics::Code;
use uvshift_project::Provenance;

use super::super::codes;
use super::super::model::{Inventory, Place, Program, Risk, RiskSeverity};
use super::{counted, joined_words, risk};

pub(super) fn risks(inventory: &Inventory) -> Vec<Risk> {
    let Inventory { ci, containers, scripts, .. } = inventory;
    [
        (codes::CI_CALLS_PIP, RiskSeverity::Medium, "CI", ci),
        (codes::IMAGE_CALLS_PIP, RiskSeverity::Medium, "container", containers),
        (codes::SCRIPT_CALLS_PIP, RiskSeverity::Low, "script", scripts),
    ]
    .into_iter()
    .filter_map(|(code, severity, what, places)| of_area(code, severity, what, places))
    .collect()
}

fn of_area(code: Code, severity: RiskSeverity, area: &str, places: &[Place]) -> Option<Risk> {
    let calls = || places.iter().flat_map(|place| &place.calls);
    let programs: BTreeSet<Program> = calls().map(|call| call.program).collect();
    if programs.is_empty() {
        return None;
    }
    let names: Vec<&str> = programs.iter().map(|program| program.as_str()).collect();
    let lines: BTreeSet<(&str, usize)> = places
        .iter()
        .flat_map(|place| place.calls.iter().map(move |call| (place.path.as_str(), call.line)))
        .collect();
    let what = format!(
        "{} {}",
        counted(lines.len(), &format!("{area} line"), "calls", "call"),
        joined_words(&names)
    );
    let why = "such a line goes on installing from the old files, or fails where they are gone; what it installs is not what uv.lock holds";
    let found = lines.into_iter().map(|(path, line)| Provenance::new(path, line));
    Some(risk(code, severity, what, why, mitigation(&programs)).at(found))
}

/// What to write instead, for the programs that are called.
fn mitigation(programs: &BTreeSet<Program>) -> String {
    let advice = |program: &Program| match program {
        Program::Pip | Program::EasyInstall => {
            "write `uv sync --locked`, and `uv pip install` for what is not declared"
        }
        Program::PipTools => "write `uv lock` instead of pip-compile, `uv sync` instead of pip-sync",
        Program::Virtualenv => "leave the environment to `uv sync`, or make it with `uv venv`",
        Program::SetupPy => "write `uv build` or `uv sync` instead of setup.py",
        Program::Poetry | Program::Pipenv | Program::Pdm => {
            "write `uv sync --locked` and `uv run` instead of the commands of the old manager"
        }
        Program::Conda => "keep conda for what is not Python, and let `uv sync` install the rest",
    };
    let mut parts: Vec<&str> = Vec::new();
    for program in programs {
        let text = advice(program);
        if !parts.contains(&text) {
            parts.push(text);
        }
    }
    format!("`uvshift migrate` or `uvshift rewrite` changes what is safe; by hand, {}", parts.join("; "))
}
