//! Tool settings into pyproject.toml, in the same transaction with the same proof as a migration.

use std::path::Path;

use uvshift_changeset::{Change, Committed, Transaction, failpoint};
use uvshift_pyproject::PyProject;
use uvshift_tree::Tree;

use crate::verify::{Cause, Checked, Difference};
use crate::{Error, Progress, Step};

pub use uvshift_toolconfig::{
    Moved as ToolMoved, Options as ToolOptions, Outcome as ToolOutcome, Plan as ToolPlan, Row as ToolRow,
    tool_names,
};

/// Settings that were moved.
#[derive(Debug)]
pub struct ToolsDone {
    /// The journal, for a rollback.
    pub journal: String,
    /// Every path that is not as before.
    pub changed: Vec<String>,
}

/// Reads the settings of a project's tools and works out what moving them would do. Changes nothing.
pub fn plan_tools(root: &Path, options: &ToolOptions) -> Result<ToolPlan, Error> {
    Ok(uvshift_toolconfig::plan(&Tree::from_disk(root)?, options)?)
}

/// Carries a plan out and reads the result back: every file has to hold what was planned, and every tool has to find its
/// settings in pyproject.toml. Then `ask` may ask the tools themselves. On any difference the project is as it was.
pub fn execute_tools(
    root: &Path,
    plan: &ToolPlan,
    options: &ToolOptions,
    progress: &mut dyn Progress,
    ask: &mut dyn FnMut() -> Result<Vec<Difference>, Error>,
) -> Result<ToolsDone, Error> {
    progress.step(Step::Apply);
    let mut transaction = Transaction::begin(root, &plan.changes, &[], label(options))?;
    let outcome = transaction.apply().map_err(Error::from).and_then(|()| {
        failpoint("tools applied");
        progress.step(Step::Verify);
        let mut differences = read_back(root, plan, options)?;
        differences.extend(ask()?);
        if differences.is_empty() { Ok(()) } else { Err(Error::Verification { differences }) }
    });
    match outcome {
        Ok(()) => {
            let Committed { id, changed } = transaction.commit()?;
            let changed = changed.iter().map(|path| path.as_str().to_owned()).collect();
            Ok(ToolsDone { journal: id, changed })
        }
        Err(error) => {
            progress.step(Step::Undo);
            transaction.undo()?;
            Err(error)
        }
    }
}

/// What the journal says of the run, so that `verify` knows what it was.
fn label(options: &ToolOptions) -> serde_json::Value {
    serde_json::json!({
        "command": "tools",
        "version": 1,
        "only": options.only,
        "skip": options.skip,
        "to_ruff": options.to_ruff,
    })
}

/// The options of a recorded run.
pub(crate) fn options_of(label: &serde_json::Value) -> ToolOptions {
    let strings = |value: &serde_json::Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    ToolOptions {
        only: strings(&label["only"]),
        skip: strings(&label["skip"]),
        to_ruff: label["to_ruff"] == true,
    }
}

fn read_back(root: &Path, plan: &ToolPlan, options: &ToolOptions) -> Result<Vec<Difference>, Error> {
    let mut differences = Vec::new();
    for change in &plan.changes {
        let (Change::Create { path, bytes: after, .. } | Change::Edit { path, after, .. }) = change else {
            continue;
        };
        let full = root.join(path.as_str());
        let found = std::fs::read(&full).map_err(|source| Error::Read { path: full, source })?;
        if found != *after {
            differences.push(Difference {
                place: path.as_str().to_owned(),
                what: "somebody else wrote it meanwhile".to_owned(),
                cause: Cause::SomebodyElse,
            });
        }
    }
    differences.extend(left_over(&Tree::from_disk(root)?, plan, options)?);
    Ok(differences)
}

/// What a second run would still move: a tool of the first that does not find its settings in pyproject.toml.
fn left_over(tree: &Tree, plan: &ToolPlan, options: &ToolOptions) -> Result<Vec<Difference>, Error> {
    let again = uvshift_toolconfig::plan(tree, options)?;
    let moved = |tool: &String| plan.moved.iter().any(|moved| moved.tool == *tool);
    let left = again.moved.iter().filter(|left| moved(&left.tool) && left.from.is_some());
    Ok(left
        .map(|left| Difference {
            place: left.from.clone().unwrap_or_default(),
            what: format!("{} still reads its settings there", left.tool),
            cause: Cause::Meaning,
        })
        .collect())
}

/// Compares what the tools of the old project saw with what pyproject.toml says now.
pub(crate) fn verify(old: &Tree, now: &Tree, label: &serde_json::Value) -> Result<Checked, Error> {
    let options = options_of(label);
    let plan = uvshift_toolconfig::plan(old, &options)?;
    let mut checked = Checked::default();
    let planned = plan.changes.iter().find_map(|change| match change {
        Change::Create { path, bytes: after, .. } | Change::Edit { path, after, .. }
            if path.as_str() == "pyproject.toml" =>
        {
            Some(String::from_utf8_lossy(after).into_owned())
        }
        _ => None,
    });
    let (Some(planned), Some(found)) = (planned, now.text("pyproject.toml")) else {
        return Err(Error::NoPyProject);
    };
    let (planned, found) = (PyProject::parse(&planned)?, PyProject::parse(&found)?);
    for tool in planned.tools() {
        checked.settings += 1;
        if planned.value(&["tool", tool]) != found.value(&["tool", tool]) {
            checked.differ(format!("tool.{tool}"), "is not what the old files say");
        }
    }
    for left in left_over(now, &plan, &options)? {
        checked.differ(left.place, left.what);
    }
    Ok(checked)
}
