//! Applies a plan in one transaction, has uv make the lock, and keeps the result only if it is proven.

use std::path::Path;

use uvshift_changeset::{Committed, Transaction, failpoint};
use uvshift_process::Runner;
use uvshift_project::{BuildBackend, Lock, Role};
use uvshift_pyproject::PyProject;

use crate::lock::{LockReport, Uv, lock};
use crate::verify::{Cause, Checked, check, check_hashes};
use crate::{Error, LockStrategy, PinReport, Plan, pins};

/// What is being done, for a progress display.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The changes are written.
    Apply,
    /// uv resolves.
    Lock,
    /// uv checks its lock.
    CheckLock,
    /// The result is compared with the source.
    Verify,
    /// The project is put back.
    Undo,
}

/// Hears how a migration goes.
pub trait Progress {
    /// A step begins.
    fn step(&mut self, step: Step);
    /// uv says something.
    fn line(&mut self, line: &str);
}

/// Says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn step(&mut self, _step: Step) {}
    fn line(&mut self, _line: &str) {}
}

/// A migration that is done.
#[derive(Debug)]
pub struct Done {
    /// The journal, for a rollback.
    pub journal: String,
    /// Every path that is not as before.
    pub changed: Vec<String>,
    /// What became of each pin; empty without a lock.
    pub pins: Vec<PinReport>,
    /// How the lock went; none without one.
    pub lock: Option<LockReport>,
    /// What was compared.
    pub checked: Checked,
}

/// Carries a plan out. On any error the project is as it was.
///
/// `uv` is needed unless the plan's options leave the lock out.
pub fn execute(
    plan: &Plan,
    uv: Option<&Uv>,
    runner: &dyn Runner,
    progress: &mut dyn Progress,
) -> Result<Done, Error> {
    progress.step(Step::Apply);
    let externals = externals(&plan.root);
    let externals: Vec<&str> = externals.iter().map(String::as_str).collect();
    let mut transaction = Transaction::begin(&plan.root, &plan.changes, &externals, label(plan))?;
    match proceed(plan, uv, runner, progress, &mut transaction) {
        Ok((pins, lock, checked)) => {
            let Committed { id, changed } = transaction.commit()?;
            let changed = changed.iter().map(|path| path.as_str().to_owned()).collect();
            Ok(Done { journal: id, changed, pins, lock, checked })
        }
        Err(error) => {
            progress.step(Step::Undo);
            transaction.undo()?;
            Err(error)
        }
    }
}

/// What uv may write: the lock, and the `egg-info` that setuptools renews when uv asks it for dynamic metadata.
fn externals(root: &Path) -> Vec<String> {
    let mut externals = vec!["uv.lock".to_owned()];
    for folder in ["", "src/", "lib/"] {
        for name in names_in(&root.join(folder)).filter(|name| name.ends_with(".egg-info")) {
            let place = format!("{folder}{name}");
            let inside = root.join(&place);
            let files = names_in(&inside).filter(|file| inside.join(file).is_file());
            externals.extend(files.map(|file| format!("{place}/{file}")));
        }
    }
    externals
}

fn names_in(folder: &Path) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok())
}

type Proven = (Vec<PinReport>, Option<LockReport>, Checked);

fn proceed(
    plan: &Plan,
    uv: Option<&Uv>,
    runner: &dyn Runner,
    progress: &mut dyn Progress,
    transaction: &mut Transaction,
) -> Result<Proven, Error> {
    transaction.apply()?;
    let mut document = plan.document.clone();
    let mut report = None;
    if plan.options.lock != LockStrategy::None {
        let uv = uv.ok_or(Error::UvMissing)?;
        failpoint("before lock");
        let made = lock(plan, uv, runner, progress, transaction)?;
        failpoint("after lock");
        document = made.document;
        report = Some(made.report);
    }
    progress.step(Step::Verify);
    let (pins, checked) = prove(plan, &document, report.as_ref())?;
    Ok((pins, report, checked))
}

/// Reads the result back from the disk and compares it with the source.
fn prove(
    plan: &Plan,
    expected: &PyProject,
    lock: Option<&LockReport>,
) -> Result<(Vec<PinReport>, Checked), Error> {
    let path = plan.root.join("pyproject.toml");
    let text = std::fs::read_to_string(&path).map_err(|source| Error::Read { path, source })?;
    let result = PyProject::parse(&text)?;
    let mut checked = check(&plan.layout, &plan.manifest, &plan.ledger, plan.before.as_ref(), &result);
    if text != expected.to_string() {
        checked.differ_through(Cause::SomebodyElse, "pyproject.toml", "somebody else wrote it meanwhile");
    }
    let mut reports = Vec::new();
    if let Some(report) = lock {
        let locked = Lock::parse(&report.text)?;
        check_hashes(&plan.manifest, &locked, &mut checked);
        reports = pins::compare(&plan.pins, &plan.manifest, &locked, &report.unheld);
    }
    if checked.differences.is_empty() {
        Ok((reports, checked))
    } else {
        Err(Error::Verification { differences: checked.differences })
    }
}

/// What the journal says of the run, so that `verify` reads the old files the same way.
fn label(plan: &Plan) -> serde_json::Value {
    let roles = plan.layout.files.iter().map(|file| {
        let role = match &file.role {
            Role::Main => "main".to_owned(),
            Role::Group(name) => format!("group {name}"),
            Role::Constraints => "constraints".to_owned(),
            Role::Compiled { source, .. } => format!("compiled from {source}"),
            Role::LeftAlone => "left alone".to_owned(),
        };
        (file.path.clone(), serde_json::Value::String(role))
    });
    let options = &plan.options;
    serde_json::json!({
        "command": "migrate",
        "version": 1,
        "roles": roles.collect::<serde_json::Map<_, _>>(),
        "main": options.main,
        "groups": options.groups,
        "constraints": options.constraints,
        "ignore": options.ignore,
        "first_index": options.index_strategy == uvshift_project::IndexStrategy::FirstIndex,
        "skip_refused": options.skip_refused,
        "backend": backend_word(options.backend),
        "built": options.built.as_ref().map(|built| (built.metadata.clone(), built.entry_points.clone())),
        "pins": plan.pins.iter().map(|pin| (pin.name.clone(), pin.version.clone())).collect::<Vec<_>>(),
    })
}

/// The word of the command line for a build backend.
pub(crate) const fn backend_word(backend: BuildBackend) -> &'static str {
    match backend {
        BuildBackend::Keep => "keep",
        BuildBackend::Hatchling => "hatchling",
        BuildBackend::UvBuild => "uv-build",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test makes its files")]
    fn what_setuptools_renews_is_put_back_too() {
        let folder = tempfile::tempdir().unwrap();
        let info = folder.path().join("src").join("demo.egg-info");
        std::fs::create_dir_all(info.join("inner")).unwrap();
        std::fs::write(info.join("SOURCES.txt"), "").unwrap();
        assert_eq!(externals(folder.path()), ["uv.lock", "src/demo.egg-info/SOURCES.txt"]);
        assert_eq!(externals(&folder.path().join("nowhere")), ["uv.lock"]);
    }
}
