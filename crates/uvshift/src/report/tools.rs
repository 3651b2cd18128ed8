//! What people read of tool settings.

use std::fmt::Write as _;

use uvshift_migrate::{Answer, ToolOutcome, ToolPlan, ToolRow, ToolsDone};

use crate::paint::Paint;

/// Which tool's settings are from where, and what becomes of those that are not simply carried.
pub(crate) fn tools(plan: &ToolPlan, paint: Paint, verbose: bool) -> String {
    let mut text = String::new();
    if !plan.moved.is_empty() {
        let _ = writeln!(text, "{}", paint.bold("Tools"));
    }
    let width = plan.moved.iter().map(|moved| moved.tool.chars().count()).max().unwrap_or(0);
    for moved in &plan.moved {
        let stayed = if moved.to == "tool.ruff" && moved.tool != "ruff" {
            "pyproject.toml"
        } else {
            "pyproject.toml has them already; dead ones go"
        };
        let from = moved.from.as_deref().unwrap_or(stayed);
        let _ = writeln!(text, "  {:<width$}  {from} {}", moved.tool, paint.dim(&format!("-> {}", moved.to)));
    }
    if !plan.rows.is_empty() {
        let _ = writeln!(text, "{}  {}", paint.bold("Settings"), counts(&plan.rows, paint));
    }
    for row in &plan.rows {
        if verbose || row.outcome != ToolOutcome::Carried {
            text.push_str(&line(row, paint));
        }
    }
    for (label, files) in [("Removed", &plan.removed), ("Edited", &plan.edited)] {
        // With something in the way nothing goes.
        if !files.is_empty() && plan.blockers.is_empty() {
            let _ = writeln!(text, "{}  {}", paint.bold(label), files.join(", "));
        }
    }
    text
}

fn counts(rows: &[ToolRow], paint: Paint) -> String {
    let count = |word: &str| rows.iter().filter(|row| row.outcome.word() == word).count();
    let mut parts = vec![paint.green(&format!("{} carried", count("carried")))];
    for word in ["changed", "dropped", "dead", "kept"] {
        if count(word) > 0 {
            parts.push(paint.yellow(&format!("{} {word}", count(word))));
        }
    }
    parts.join(", ")
}

fn line(row: &ToolRow, paint: Paint) -> String {
    let word = format!("{:<7}", row.outcome.word());
    let word = if row.outcome == ToolOutcome::Carried { paint.green(&word) } else { paint.yellow(&word) };
    let to = row.to.as_ref().map(|to| format!("-> {to}"));
    let rest: Vec<String> = to.into_iter().chain(row.outcome.why().map(str::to_owned)).collect();
    // What is from a table has no line of its own.
    let place = if row.from.line == 0 { row.from.file.clone() } else { row.from.to_string() };
    format!("  {word}  {place}  {}\n           {}\n", row.setting, paint.dim(&rest.join("; ")))
}

/// What was done, at a glance, and how to undo it.
pub(crate) fn tools_done(
    plan: &ToolPlan,
    done: &ToolsDone,
    answers: &[(String, Answer)],
    path: &str,
    paint: Paint,
) -> String {
    let mut text =
        format!("{}\n", paint.green("The settings are in pyproject.toml; every tool finds them there."));
    let _ = writeln!(text, "  settings  {}", counts(&plan.rows, paint));
    for (tool, answer) in answers {
        let words = match answer {
            Answer::Same => paint.green("sees the same as before"),
            Answer::NotAsked => paint.yellow("was not asked: it is in no environment at hand"),
            Answer::RefusedBefore(words) => {
                paint.yellow(&format!("refused its old settings already: {words}"))
            }
            Answer::Differs(found) => paint.red(&format!("sees something else: {}", found.join("; "))),
        };
        let _ = writeln!(text, "  asked     {tool} {words}");
    }
    let _ = writeln!(text, "  changed   {}", done.changed.join(", "));
    let place = if path == "." { String::new() } else { format!(" {path}") };
    let _ = writeln!(text, "\nUndo:  uvshift rollback{place}");
    text
}
