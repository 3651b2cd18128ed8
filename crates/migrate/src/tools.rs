//! Tool settings into pyproject.toml, in the same transaction with the same proof as a migration.

mod proof;

use std::collections::BTreeMap;
use std::path::Path;

use uvshift_changeset::{Change, ChangeSet, Committed, Transaction, failpoint};
use uvshift_pyproject::PyProject;
use uvshift_tree::Tree;

use crate::verify::{Cause, Checked, Difference};
use crate::{Error, Options, Progress, Step};

pub use proof::{Answer, ask_tools, differences as answers_differ};
pub use uvshift_toolconfig::{
    Moved as ToolMoved, Options as ToolOptions, Outcome as ToolOutcome, Plan as ToolPlan, Row as ToolRow,
    tool_names,
};

/// Settings that were moved.
#[derive(Debug)]
#[non_exhaustive]
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

/// Whether any tool has settings here, in whatever file.
pub fn has_tool_settings(root: &Path) -> Result<bool, Error> {
    Ok(!uvshift_toolconfig::configured(&Tree::from_disk(root)?).is_empty())
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

/// The plan for the tools of a project that is migrated in the same run: for the files as the migration leaves them. Its
/// changes come behind those of the migration.
pub(crate) fn after(
    tree: &Tree,
    changes: &mut ChangeSet,
    options: &Options,
) -> Result<Option<ToolPlan>, Error> {
    let Some(options) = &options.tools else { return Ok(None) };
    let mut plan = uvshift_toolconfig::plan(&tree.after(changes), options)?;
    name_old_lines(&mut plan, changes);
    for change in &plan.changes {
        match change {
            Change::Create { path, bytes, .. } => changes.create(path.as_str(), bytes.clone())?,
            Change::Edit { path, before, after } => {
                changes.edit(path.as_str(), before.clone(), after.clone())?;
            }
            Change::Delete { path, before } => changes.delete(path.as_str(), before.clone())?,
            _ => {}
        }
    }
    Ok(Some(plan))
}

/// Places in files that the migration has shortened become those of the files as their owner knows them.
fn name_old_lines(plan: &mut ToolPlan, changes: &ChangeSet) {
    for change in changes {
        let Change::Edit { path, before, after } = change else { continue };
        let (before, after) = (String::from_utf8_lossy(before), String::from_utf8_lossy(after));
        let old: Vec<&str> = before.lines().collect();
        let mut next = 0;
        // Each line of the new text is found behind the one before it; a line that is new keeps its number.
        let places: Vec<usize> = after
            .lines()
            .enumerate()
            .map(|(index, line)| match old.iter().skip(next).position(|known| *known == line) {
                Some(at) => {
                    next += at + 1;
                    next
                }
                None => index + 1,
            })
            .collect();
        let place = |line: usize| places.get(line.wrapping_sub(1)).copied().unwrap_or(line);
        for row in plan.rows.iter_mut().filter(|row| row.from.file == path.as_str()) {
            row.from.line = place(row.from.line);
        }
        for found in plan.diagnostics.iter_mut().chain(&mut plan.blockers) {
            if found.file.as_deref() == Some(path.as_str()) {
                found.line = found.line.map(place);
            }
        }
    }
}

/// pyproject.toml as a plan leaves it, if the plan changes it.
pub(crate) fn document(plan: &ToolPlan) -> Option<Result<PyProject, Error>> {
    let bytes = plan.changes.iter().rev().find_map(|change| match change {
        Change::Create { path, bytes: after, .. } | Change::Edit { path, after, .. } => {
            (path.as_str() == "pyproject.toml").then_some(after)
        }
        _ => None,
    })?;
    Some(PyProject::parse(&String::from_utf8_lossy(bytes)).map_err(Error::from))
}

/// What the journal says of the run, so that `verify` knows what it was.
pub(crate) fn label(options: &ToolOptions) -> serde_json::Value {
    serde_json::json!({
        "command": "tools",
        "version": 1,
        "only": options.only,
        "skip": options.skip,
        "to_ruff": options.to_ruff,
        "pre_commit": options.pre_commit,
        "uv_version": options.uv_version,
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
        pre_commit: label["pre_commit"] == true,
        uv_version: label["uv_version"].as_str().map(str::to_owned),
    }
}

fn read_back(root: &Path, plan: &ToolPlan, options: &ToolOptions) -> Result<Vec<Difference>, Error> {
    let mut differences = Vec::new();
    // A file may be changed twice: once for its settings, once for the commands in it.
    let mut planned: BTreeMap<&str, &[u8]> = BTreeMap::new();
    for change in &plan.changes {
        if let Change::Create { path, bytes: after, .. } | Change::Edit { path, after, .. } = change {
            planned.insert(path.as_str(), after);
        }
    }
    for (path, after) in planned {
        let full = root.join(path);
        let found = std::fs::read(&full).map_err(|source| Error::Read { path: full, source })?;
        if found != after {
            differences.push(Difference {
                place: path.to_owned(),
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
    let Some(planned) = document(&plan).transpose()? else { return Ok(checked) };
    let found = PyProject::parse(&now.text("pyproject.toml").ok_or(Error::NoPyProject)?)?;
    for moved in &plan.moved {
        checked.settings += 1;
        let tool = moved.to.split('.').nth(1).unwrap_or_default();
        if planned.value(&["tool", tool]) != found.value(&["tool", tool]) {
            checked.differ(format!("tool.{tool}"), "is not what the old files say");
        }
    }
    for left in left_over(now, &plan, &options)? {
        checked.differ(left.place, left.what);
    }
    Ok(checked)
}
