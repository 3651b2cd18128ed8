//! Making an environment with uv that has exactly what a snapshot has.

pub(crate) mod base;
pub(crate) mod carry;
mod diagnose;
pub(crate) mod disk;
mod error;
pub(crate) mod finish;
mod model;
mod requirement;
mod uv;

use std::path::Path;

use uvshift_installed::Kind;
use uvshift_process::Runner;

pub use error::RecreateError;
pub(crate) use model::programs;
pub use model::{
    Allowances, Cause, Made, Offer, Progress, PythonChoice, Recreate, Recreated, Refusal, Selection, Step,
    Uv, Way,
};
pub(crate) use requirement::Task;
pub(crate) use uv::{Wanted, install as install_command, python_of, venv as venv_command, wanted};

use crate::Snapshot;

/// A file in a folder that an environment may be made in though something is there: it says that the folder is ours.
pub(crate) const MARKER: &str = ".uvshift-unfinished";

/// Makes an environment that has exactly the distributions of a snapshot, with `uv venv` and `uv pip install --no-deps`.
///
/// Packages of an index are asked for with `===` and are not built from source unless [`Allowances::build`] has them;
/// repositories are asked for by commit, archives by their hashes, and folders are installed as they are now. Where a package
/// cannot be had, [`RecreateError::Refused`] tells all such packages and what would help. On an error nothing is left
/// at the place, unless it was there before.
///
/// Marks of what was asked for (`REQUESTED`) and the old `direct_url.json` are brought over, since uv marks everything and
/// forgets the name of a branch. `INSTALLER` says `uv`.
pub fn recreate(
    asked: &Recreate<'_>,
    runner: &dyn Runner,
    progress: &mut Progress<'_>,
) -> Result<Recreated, RecreateError> {
    if asked.snapshot.kind == Kind::Conda {
        return Err(RecreateError::Conda { root: asked.snapshot.root.clone() });
    }
    let wanted = uv::wanted(asked.snapshot, asked.python)?;
    // An archive of somebody may tell names that are none: nothing is made then. Other reasons may go when `first` is there.
    let (_, mut refusals) = tasks(asked.snapshot, asked.allow);
    if !asked.first.is_empty() {
        refusals.retain(|refusal| refusal.cause == Cause::Unclear);
    }
    if refusals.iter().any(|refusal| refusal.cause == Cause::Unclear) {
        return Err(RecreateError::Refused { refusals });
    }
    let was_there = is_ours(asked.at)?;
    let made = make(asked, &wanted, runner, progress);
    if made.is_err() && !was_there {
        // The first error is the one to report.
        let _ = disk::remove_tree(asked.at);
    }
    made
}

/// What is done for each package, and the packages for which nothing can be done.
pub(crate) fn tasks(snapshot: &Snapshot, allow: &Allowances) -> (Vec<Task>, Vec<Refusal>) {
    let (mut tasks, mut refusals) = (Vec::new(), Vec::new());
    for package in &snapshot.packages {
        match requirement::task(package, allow) {
            Ok(task) => tasks.push(task),
            Err(refusal) => refusals.push(refusal),
        }
    }
    (tasks, refusals)
}

/// Whether the folder is there, and empty but for our own marker.
fn is_ours(at: &Path) -> Result<bool, RecreateError> {
    let entries = match std::fs::read_dir(at) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(RecreateError::io("read", at)(error)),
    };
    for entry in entries {
        let entry = entry.map_err(RecreateError::io("read", at))?;
        if entry.file_name() != MARKER {
            return Err(RecreateError::Occupied { path: at.to_owned() });
        }
    }
    Ok(true)
}

fn make(
    asked: &Recreate<'_>,
    wanted: &Wanted,
    runner: &dyn Runner,
    progress: &mut Progress<'_>,
) -> Result<Recreated, RecreateError> {
    progress(Step::Creating);
    let created = uv::run(&uv::venv(asked, wanted), runner, progress)?;
    if !created.success() {
        return Err(not_created(asked, wanted, &created.stderr));
    }
    let mut notes = uv::warnings(&created.stderr);
    for path in asked.first {
        if let Some(old) = asked.old_tree {
            disk::copy_tree(&old.join(path), &asked.at.join(path))?;
        }
    }
    // Folders inside the environment are there only now.
    let (tasks, refusals) = tasks(asked.snapshot, asked.allow);
    if !refusals.is_empty() {
        return Err(RecreateError::Refused { refusals });
    }
    let for_uv: Vec<&Task> = tasks.iter().filter(|task| !task.lines.is_empty()).collect();
    if !for_uv.is_empty() {
        progress(Step::Installing { packages: for_uv.len() });
        notes.extend(install(asked, for_uv, runner, progress)?);
    }
    carry::packages(asked, &tasks)?;
    finish::metadata(asked)?;
    let snapshot = Snapshot::read(asked.at)?;
    let packages = tasks
        .iter()
        .map(|task| Made { name: task.name.clone(), version: task.version.clone(), way: task.way })
        .collect();
    Ok(Recreated { snapshot, packages, notes })
}

fn install(
    asked: &Recreate<'_>,
    tasks: Vec<&Task>,
    runner: &dyn Runner,
    progress: &mut Progress<'_>,
) -> Result<Vec<String>, RecreateError> {
    let python = uv::python_of(asked.at);
    let file = uv::requirements(asked, tasks.iter().copied())?;
    let output = uv::run(&uv::install(asked, &python, file.path()), runner, progress)?;
    if output.success() {
        return Ok(uv::warnings(&output.stderr));
    }
    if uv::is_disk_full(&output.stderr) {
        return Err(RecreateError::DiskFull { path: asked.at.to_owned() });
    }
    let refusals = diagnose::refusals(asked, tasks, output.stderr, &python, (runner, progress))?;
    Err(RecreateError::Refused { refusals })
}

fn not_created(asked: &Recreate<'_>, wanted: &Wanted, stderr: &str) -> RecreateError {
    if uv::is_disk_full(stderr) {
        return RecreateError::DiskFull { path: asked.at.to_owned() };
    }
    RecreateError::PythonRefused {
        python: wanted.request.to_string_lossy().into_owned(),
        reason: uv::reason(stderr),
    }
}
