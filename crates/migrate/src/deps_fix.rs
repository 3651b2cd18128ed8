//! Findings about dependencies mended: the requirement added, taken out or moved where it is declared, in one transaction.

mod draft;
mod execute;
mod expected;
mod pyproject;
mod remarks;
mod requirements;
mod sorted;

use std::collections::BTreeSet;
use std::path::Path;

use uvshift_changeset::ChangeSet;
use uvshift_depgraph::Action;
use uvshift_pyproject::PyProject;
use uvshift_tree::Tree;

use self::draft::Draft;
use self::expected::Expected;
use crate::Error;

pub(crate) use execute::verify;
pub use execute::{FixDone, execute_fix};

/// What a fix would do.
#[derive(Debug)]
pub struct FixPlan {
    /// The changes of files.
    pub changes: ChangeSet,
    /// The actions that the changes carry out.
    pub fixed: Vec<Action>,
    /// The actions that they do not, with the reasons.
    pub left: Vec<NotFixed>,
    /// What remains to be done by hand afterwards.
    pub notes: Vec<String>,
    /// Whether uv makes the lock anew in the same transaction. That is so where there is a `uv.lock`; whoever sets it to false
    /// leaves a lock that does not fit.
    pub lock: bool,
    /// What the files say afterwards.
    expected: Vec<Expected>,
}

/// An action that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFixed {
    /// The action.
    pub action: Action,
    /// Why not: lower case, no full stop.
    pub reason: String,
    /// What to do by hand.
    pub help: String,
}

impl FixPlan {
    /// What would change, as a unified diff.
    pub fn diff(&self) -> String {
        uvshift_project::redacted(&self.changes.diff())
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Works out how the files of a project change when the actions are carried out, in their order. Changes nothing.
///
/// A requirement is looked for where its scope is declared: in pyproject.toml and in the requirements files. What setup.py,
/// Poetry or a Pipfile declares, what has hashes, and what a tool has compiled is left for the user, with what to do.
///
/// # Errors
/// What keeps the project from being read. An action that cannot be carried out is no error, but in [`FixPlan::left`].
pub fn plan_fix(root: &Path, actions: &[Action]) -> Result<FixPlan, Error> {
    let tree = Tree::from_disk(root)?;
    let mut draft = Draft::read(&tree)?;
    let (mut fixed, mut left) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for action in actions {
        // Two findings can ask for the same.
        if !seen.insert(format!("{action:?}")) {
            continue;
        }
        // An action is carried out as a whole or not at all.
        let mut next = draft.clone();
        match next.carry_out(action) {
            Ok(()) => {
                draft = next;
                fixed.push(action.clone());
            }
            Err(refusal) => left.push(NotFixed {
                action: action.clone(),
                reason: refusal.reason,
                help: refusal.help.unwrap_or_else(|| by_hand(action)),
            }),
        }
    }
    let lock = tree.has("uv.lock");
    let changes = draft.changes()?;
    let mut notes = draft.notes();
    notes.extend(workspace_above(root).filter(|_| !lock && !changes.is_empty()));
    Ok(FixPlan { changes, notes, expected: draft.into_expected(), fixed, left, lock })
}

fn by_hand(action: &Action) -> String {
    format!("run `{}`, or change the file by hand", action.commands().join(" && "))
}

/// What to do about the lock of a workspace that the project is a member of: it lies outside, where nothing is written.
fn workspace_above(root: &Path) -> Option<String> {
    let root = root.canonicalize().ok()?;
    let is_workspace = |folder: &&Path| {
        let text = std::fs::read_to_string(folder.join("pyproject.toml")).unwrap_or_default();
        let document = PyProject::parse(&text).ok();
        document.is_some_and(|found| found.get(&["tool", "uv", "workspace"]).is_some())
    };
    let above = root.ancestors().skip(1).find(is_workspace)?;
    let folder = "../".repeat(root.strip_prefix(above).ok()?.components().count());
    let lock = above.join("uv.lock").is_file().then(|| format!("`{folder}uv.lock`"))?;
    Some(format!("{lock} is the lock of a workspace and does not know of it: run `uv lock`"))
}
