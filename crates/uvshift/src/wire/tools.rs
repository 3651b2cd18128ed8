//! What `tools` prints.

use serde::Serialize;
use uvshift_migrate::{Answer, ToolPlan, ToolRow, ToolsDone};

use super::rows::{change, diagnostic};
use super::{Change, VERSION, WireDiagnostic};

/// What `tools` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "tools"))]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(crate) struct Tools {
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "tools")))]
    command: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["planned", "moved", "needs-decision", "nothing-to-do"])))]
    status: &'static str,
    tools: Vec<Moved>,
    settings: Vec<Setting>,
    diagnostics: Vec<WireDiagnostic>,
    changes: Vec<Change>,
    /// Only of what was not applied.
    diff: Option<String>,
    removed: Vec<String>,
    /// Files that stay with less in them, or with other commands.
    edited: Vec<String>,
    /// With `--verify`: what each tool said.
    asked: Vec<AskedTool>,
    journal: Option<String>,
}

/// A tool whose settings move.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "tool"))]
struct Moved {
    tool: String,
    /// The file that won; none if only settings go that no tool saw.
    from: Option<String>,
    to: String,
}

/// What a tool said of its settings, before and after.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "asked_tool"))]
struct AskedTool {
    tool: String,
    #[cfg_attr(test, schemars(extend("enum" = ["same", "not-asked", "refused-before", "differs"])))]
    answer: &'static str,
    words: Vec<String>,
}

/// What becomes of one setting of a tool.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "setting"))]
struct Setting {
    tool: String,
    file: String,
    /// None for what is from a table of another tool.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: Option<usize>,
    text: String,
    to: Option<String>,
    #[cfg_attr(test, schemars(extend("enum" = ["carried", "changed", "dropped", "dead", "kept"])))]
    outcome: &'static str,
    why: Option<String>,
}

impl Tools {
    pub(crate) fn planned(plan: &ToolPlan, diff: bool) -> Self {
        let status = match (plan.blockers.is_empty(), plan.changes.is_empty()) {
            (false, _) => "needs-decision",
            (true, true) => "nothing-to-do",
            (true, false) => "planned",
        };
        let moved = |moved: &uvshift_migrate::ToolMoved| Moved {
            tool: moved.tool.clone(),
            from: moved.from.clone(),
            to: moved.to.clone(),
        };
        Self {
            version: VERSION,
            command: "tools",
            status,
            tools: plan.moved.iter().map(moved).collect(),
            settings: plan.rows.iter().map(setting).collect(),
            diagnostics: plan.blockers.iter().chain(&plan.diagnostics).map(diagnostic).collect(),
            changes: plan.changes.iter().map(change).collect(),
            diff: diff.then(|| uvshift_project::redacted(&plan.changes.diff())),
            removed: plan.removed.clone(),
            edited: plan.edited.clone(),
            asked: Vec::new(),
            journal: None,
        }
    }

    pub(crate) fn done(plan: &ToolPlan, done: &ToolsDone, answers: &[(String, Answer)]) -> Self {
        Self {
            status: "moved",
            asked: answers.iter().map(asked).collect(),
            journal: Some(done.journal.clone()),
            ..Self::planned(plan, false)
        }
    }
}

fn asked((tool, answer): &(String, Answer)) -> AskedTool {
    let (answer, words) = match answer {
        Answer::Same => ("same", Vec::new()),
        Answer::NotAsked => ("not-asked", Vec::new()),
        Answer::RefusedBefore(words) => ("refused-before", vec![words.clone()]),
        Answer::Differs(found) => ("differs", found.clone()),
    };
    AskedTool { tool: tool.clone(), answer, words }
}

fn setting(row: &ToolRow) -> Setting {
    Setting {
        tool: row.tool.clone(),
        file: row.from.file.clone(),
        line: (row.from.line > 0).then_some(row.from.line),
        text: row.setting.clone(),
        to: row.to.clone(),
        outcome: row.outcome.word(),
        why: row.outcome.why().map(str::to_owned),
    }
}
