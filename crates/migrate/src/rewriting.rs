//! Commands of CI, containers and scripts onto uv, in the same transaction with the same proof as a migration.

mod became;

use std::collections::BTreeMap;
use std::path::Path;

use uvshift_changeset::{Change, ChangeSet, Committed, Transaction, TreePath, failpoint};
use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_rewrite::{Became, Context};
use uvshift_tree::Tree;

use crate::members::joined;
use crate::plan::Resolution;
use crate::project::ReadProject;
use crate::verify::{Cause, Checked, Difference};
use crate::{Error, LockStrategy, Options, Progress, Step};

pub use uvshift_rewrite::{
    Edit as RewriteEdit, FilePlan as RewriteFile, Host as RewriteHost, Kind as HostKind, Left as RewriteLeft,
    Plan as RewritePlan, RewriteOptions, Safety as RewriteSafety, hosts as rewrite_hosts,
};

/// The version of uv that files are to name where no uv is at hand: the one that this program was tested with.
pub const TESTED_UV: &str = "0.13.9";

/// Files that were rewritten.
#[derive(Debug)]
#[non_exhaustive]
pub struct RewriteDone {
    /// The journal, for a rollback.
    pub journal: String,
    /// Every path that is not as before.
    pub changed: Vec<String>,
}

/// Reads the files of a project that hold commands and works out what becomes of them. Changes nothing.
///
/// What a migration made of old files is known from its journal; without one a requirements file counts as carried when
/// pyproject.toml declares everything that it names.
pub fn plan_rewrite(
    root: &Path,
    options: &RewriteOptions,
    uv_version: Option<&str>,
) -> Result<RewritePlan, Error> {
    let tree = Tree::from_disk(root)?;
    let context = context(root, &tree, uv_version.unwrap_or(TESTED_UV))?;
    let became = became::known(root, &tree, &context)?;
    Ok(uvshift_rewrite::plan(&tree, &Context { became, ..context }, options)?)
}

/// The projects of a tree that uv manages. One that a recorded migration left without a lock is among them.
fn context(root: &Path, tree: &Tree, uv_version: &str) -> Result<Context, Error> {
    let context = Context::read(tree, BTreeMap::new(), uv_version)?;
    let has = |folder: &str| context.projects.iter().any(|project| project.folder == folder);
    let migrated = became::migrated_folders(root)?;
    let unlocked: Vec<String> = migrated.into_iter().filter(|folder| !has(folder)).collect();
    if unlocked.is_empty() {
        return Ok(context);
    }
    let mut locked = tree.clone();
    for folder in &unlocked {
        locked.lay_over(&joined(folder, "uv.lock"), Some(Vec::new()));
    }
    let mut context = Context::read(&locked, BTreeMap::new(), uv_version)?;
    let is_unlocked = |folder: &String| unlocked.contains(folder);
    context.projects.iter_mut().for_each(|project| project.locked &= !is_unlocked(&project.folder));
    Ok(context)
}

/// Carries a plan out and reads the result back: every file has to hold what was planned, and a second run has to leave all of
/// it alone. On any difference the project is as it was.
pub fn execute_rewrite(
    root: &Path,
    plan: &RewritePlan,
    options: &RewriteOptions,
    uv_version: Option<&str>,
    progress: &mut dyn Progress,
) -> Result<RewriteDone, Error> {
    progress.step(Step::Apply);
    let mut transaction = Transaction::begin(root, &plan.changes, &[], label(options, uv_version))?;
    let outcome = transaction.apply().map_err(Error::from).and_then(|()| {
        failpoint("rewrite applied");
        progress.step(Step::Verify);
        let mut differences = read_back(root, plan, &plan.changes)?;
        let again = plan_rewrite(root, options, uv_version)?;
        differences.extend(left_over(&again));
        if differences.is_empty() { Ok(()) } else { Err(Error::Verification { differences }) }
    });
    match outcome {
        Ok(()) => {
            let Committed { id, changed } = transaction.commit()?;
            let changed = changed.iter().map(|path| path.as_str().to_owned()).collect();
            Ok(RewriteDone { journal: id, changed })
        }
        Err(error) => {
            progress.step(Step::Undo);
            transaction.undo()?;
            Err(error)
        }
    }
}

/// The tree with its commands as a migration will leave them, so that a file which only they name can go.
pub(crate) fn before_sorting(
    tree: &Tree,
    read: &[ReadProject],
    resolutions: &[Resolution],
    options: &Options,
) -> Result<Tree, Error> {
    let Some(wanted) = &options.rewrite else { return Ok(tree.clone()) };
    let mut expected = tree.clone();
    for ReadProject { project, .. } in read {
        let path = joined(&project.folder, "pyproject.toml");
        expected.lay_over(&path, Some(project.document.to_string().into_bytes()));
    }
    let plan = plan_in(tree, &expected, read, resolutions, options, wanted)?;
    Ok(tree.after(&plan.changes))
}

/// The plan for the commands of a project that is migrated in the same run: for the files as the migration leaves them. Its
/// changes come behind those of the migration.
pub(crate) fn after(
    tree: &Tree,
    changes: &mut ChangeSet,
    read: &[ReadProject],
    resolutions: &[Resolution],
    options: &Options,
) -> Result<Option<RewritePlan>, Error> {
    let Some(wanted) = &options.rewrite else { return Ok(None) };
    let plan = plan_in(tree, &tree.after(changes), read, resolutions, options, wanted)?;
    for change in &plan.changes {
        if let Change::Edit { path, before, after } = change {
            changes.edit(path.as_str(), before.clone(), after.clone())?;
        }
    }
    Ok(Some(plan))
}

fn plan_in(
    old: &Tree,
    new: &Tree,
    read: &[ReadProject],
    resolutions: &[Resolution],
    options: &Options,
    wanted: &RewriteOptions,
) -> Result<RewritePlan, Error> {
    let mut new = new.clone();
    for resolution in resolutions {
        if let Some(ReadProject { project, .. }) = read.get(resolution.project) {
            new.lay_over(&joined(&project.folder, "uv.lock"), Some(Vec::new()));
        }
    }
    let became = became::of_projects(old, read);
    let mut context = Context::read(&new, became, options.uv_version.as_deref().unwrap_or(TESTED_UV))?;
    if options.lock == LockStrategy::None {
        context.projects.iter_mut().for_each(|project| project.locked = false);
    }
    Ok(uvshift_rewrite::plan(&new, &context, wanted)?)
}

/// What there is to say of commands. A file that cannot be read stays as it is, and does not stand in the way of a migration.
pub(crate) fn warnings(plan: &RewritePlan) -> impl Iterator<Item = Diagnostic> + '_ {
    plan.diagnostics.iter().cloned().map(|mut found| {
        found.severity = found.severity.min(Severity::Warning);
        found
    })
}

/// What the journal says of the run.
pub(crate) fn label(options: &RewriteOptions, uv_version: Option<&str>) -> serde_json::Value {
    serde_json::json!({
        "command": "rewrite",
        "version": 1,
        "only": options.only,
        "skip": options.skip,
        "review": options.review,
        "documents": options.documents,
        "uv_version": uv_version,
    })
}

/// The options of a recorded run.
fn options_of(label: &serde_json::Value) -> RewriteOptions {
    let strings = |value: &serde_json::Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    RewriteOptions {
        only: strings(&label["only"]),
        skip: strings(&label["skip"]),
        review: label["review"] == true,
        documents: label["documents"] == true,
    }
}

/// Every file that was planned holds what the changes of the run, which may be more, make of it.
pub(crate) fn read_back(
    root: &Path,
    plan: &RewritePlan,
    changes: &ChangeSet,
) -> Result<Vec<Difference>, Error> {
    let mut differences = Vec::new();
    let last = |wanted: &TreePath| {
        let mut edits = changes.into_iter().filter_map(|change| match change {
            Change::Edit { path, after, .. } if path == wanted => Some(after),
            _ => None,
        });
        edits.next_back()
    };
    for path in plan.changes.paths() {
        let full = path.under(root);
        let found = std::fs::read(&full).map_err(|source| Error::Read { path: full, source })?;
        if last(path) != Some(&found) {
            differences.push(Difference {
                place: path.as_str().to_owned(),
                what: "somebody else wrote it meanwhile".to_owned(),
                cause: Cause::SomebodyElse,
            });
        }
    }
    Ok(differences)
}

/// What a second run would change.
fn left_over(again: &RewritePlan) -> Vec<Difference> {
    let edits = again.files.iter().flat_map(|file| file.made.iter().map(move |edit| (file, edit)));
    edits
        .map(|(file, edit)| Difference {
            place: format!("{}:{}", file.path, file.line(edit.span.start)),
            what: format!("a second run would still change it ({})", edit.rule),
            cause: Cause::Meaning,
        })
        .collect()
}

/// Compares the commands of a project with what the journal says: no command that uv has taken over is back.
pub(crate) fn verify(root: &Path, label: &serde_json::Value, files: &[String]) -> Result<Checked, Error> {
    let again = plan_rewrite(root, &options_of(label), label["uv_version"].as_str())?;
    let mut checked = Checked { settings: files.len(), ..Checked::default() };
    let theirs = left_over(&again);
    let theirs = theirs.into_iter().filter(|found| {
        files
            .iter()
            .any(|file| found.place.strip_prefix(file.as_str()).is_some_and(|rest| rest.starts_with(':')))
    });
    checked.differences.extend(theirs);
    Ok(checked)
}

/// What became of old files, for whoever shows it.
pub(crate) type Known = BTreeMap<String, Became>;
