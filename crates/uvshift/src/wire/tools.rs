//! What `tools` prints.

use serde::Serialize;
use uvshift_migrate::{Answer, ToolOutcome, ToolPlan, ToolRow, ToolsDone};

use super::rows::{change, diagnostic};
use super::{Change, VERSION, WireDiagnostic};

/// What `tools` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "tools"))]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(crate) struct Tools {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "tools")))]
    command: &'static str,
    /// How far it is.
    status: ToolsStatus,
    /// The tools whose settings move.
    tools: Vec<Moved>,
    /// Every setting, and what becomes of it.
    settings: Vec<Setting>,
    /// What there is to say; what stops the move comes first.
    diagnostics: Vec<WireDiagnostic>,
    /// What is written.
    changes: Vec<Change>,
    /// A unified diff, only of what was not applied.
    diff: Option<String>,
    /// Files that go.
    removed: Vec<String>,
    /// Files that stay with less in them, or with other commands.
    edited: Vec<String>,
    /// With `--verify`: what each tool said.
    asked: Vec<AskedTool>,
    /// The run that a rollback undoes.
    journal: Option<String>,
}

/// How far a move of settings is.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum ToolsStatus {
    /// It was not asked for, or not agreed to; nothing is written.
    Planned,
    /// It is done.
    Moved,
    /// Something has to be decided first; nothing is written.
    NeedsDecision,
    NothingToDo,
}

/// A tool whose settings move.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "tool"))]
struct Moved {
    /// The tool.
    tool: String,
    /// The file that won; null if only settings go that no tool saw.
    from: Option<String>,
    /// Its table now.
    to: String,
}

/// What a tool said of its settings, before and after.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "asked_tool"))]
struct AskedTool {
    /// The tool.
    tool: String,
    /// What it said.
    answer: ToolAnswer,
    /// Its words, or what differs.
    words: Vec<String>,
}

/// What a tool said.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum ToolAnswer {
    /// It sees the same settings as before.
    Same,
    /// It is in no environment that could be asked.
    NotAsked,
    /// It refused its old settings already.
    RefusedBefore,
    /// What it sees now is not what it saw.
    Differs,
}

/// What becomes of one setting of a tool.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "setting"))]
struct Setting {
    /// The tool.
    tool: String,
    /// The file that it stood in.
    file: String,
    /// The line, counted from 1; null for what is from a table of another tool.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: Option<usize>,
    /// The setting as it was written, on one line.
    text: String,
    /// Where it stands now.
    to: Option<String>,
    /// What becomes of it.
    outcome: SettingOutcome,
    /// How or why, where there is something to say.
    why: Option<String>,
}

/// What becomes of a setting.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum SettingOutcome {
    /// It stands in pyproject.toml and means the same.
    Carried,
    /// It stands there in another way.
    Changed,
    /// It is not needed, or has no counterpart.
    Dropped,
    /// The tool did not see it before, since another file won.
    Dead,
    /// It stays where it is.
    Kept,
}

impl Tools {
    pub(crate) fn planned(plan: &ToolPlan, diff: bool) -> Self {
        let status = match (plan.blockers.is_empty(), plan.changes.is_empty()) {
            (false, _) => ToolsStatus::NeedsDecision,
            (true, true) => ToolsStatus::NothingToDo,
            (true, false) => ToolsStatus::Planned,
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
            status: ToolsStatus::Moved,
            asked: answers.iter().map(asked).collect(),
            journal: Some(done.journal.clone()),
            ..Self::planned(plan, false)
        }
    }
}

fn asked((tool, answer): &(String, Answer)) -> AskedTool {
    let (answer, words) = match answer {
        Answer::Same => (ToolAnswer::Same, Vec::new()),
        Answer::NotAsked => (ToolAnswer::NotAsked, Vec::new()),
        Answer::RefusedBefore(words) => (ToolAnswer::RefusedBefore, vec![words.clone()]),
        Answer::Differs(found) => (ToolAnswer::Differs, found.clone()),
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
        outcome: match row.outcome {
            ToolOutcome::Carried => SettingOutcome::Carried,
            ToolOutcome::Changed(_) => SettingOutcome::Changed,
            ToolOutcome::Dropped(_) => SettingOutcome::Dropped,
            ToolOutcome::Dead(_) => SettingOutcome::Dead,
            ToolOutcome::Kept(_) => SettingOutcome::Kept,
        },
        why: row.outcome.why().map(str::to_owned),
    }
}
