//! The plan carried out in a transaction, with the lock, and read back.

use std::path::Path;

use serde_json::{Value, json};
use uvshift_changeset::{Change, Committed, Transaction, failpoint};
use uvshift_depgraph::Action;
use uvshift_process::Runner;
use uvshift_project::Lock;
use uvshift_tree::Tree;

use super::FixPlan;
use super::draft::name_of;
use super::expected::Expected;
use crate::verify::{Cause, Checked, Difference};
use crate::{Error, Progress, Step, Uv};

/// A fix that is done.
#[derive(Debug)]
#[non_exhaustive]
pub struct FixDone {
    /// The journal, for a rollback.
    pub journal: String,
    /// Every path that is not as before.
    pub changed: Vec<String>,
    /// Whether uv made the lock anew.
    pub locked: bool,
    /// What was read back.
    pub checked: Checked,
}

/// Carries a plan out in one transaction: the files, then `uv lock` where the plan wants it, then the result is read back from the
/// disk and compared with the plan. On any error the project is as it was, byte for byte.
///
/// # Errors
/// [`Error::UvMissing`], before anything is written, where the plan wants a lock and `uv` is none; [`Error::LockFailed`] where uv
/// finds no solution; [`Error::Verification`] where the result is not what was planned.
pub fn execute_fix(
    root: &Path,
    plan: &FixPlan,
    uv: Option<&Uv>,
    runner: &dyn Runner,
    progress: &mut dyn Progress,
) -> Result<FixDone, Error> {
    let uv = match (plan.lock, uv) {
        (true, None) => return Err(Error::UvMissing),
        (true, uv) => uv,
        (false, _) => None,
    };
    progress.step(Step::Apply);
    let externals: &[&str] = if plan.lock { &["uv.lock"] } else { &[] };
    let mut transaction = Transaction::begin(root, &plan.changes, externals, label(plan))?;
    match proceed(root, plan, uv, runner, progress, &mut transaction) {
        Ok(checked) => {
            let Committed { id, changed } = transaction.commit()?;
            let changed = changed.iter().map(|path| path.as_str().to_owned()).collect();
            Ok(FixDone { journal: id, changed, locked: plan.lock, checked })
        }
        Err(error) => {
            progress.step(Step::Undo);
            transaction.undo()?;
            Err(error)
        }
    }
}

fn proceed(
    root: &Path,
    plan: &FixPlan,
    uv: Option<&Uv>,
    runner: &dyn Runner,
    progress: &mut dyn Progress,
    transaction: &mut Transaction,
) -> Result<Checked, Error> {
    transaction.apply()?;
    failpoint("fix applied");
    if let Some(uv) = uv {
        progress.step(Step::Lock);
        let output = runner.run_with(&uv.command(root, &["lock"]), &mut |_, line| progress.line(line))?;
        failpoint("fix locked");
        if !output.success() {
            return Err(Error::LockFailed { stderr: output.stderr });
        }
    }
    progress.step(Step::Verify);
    let mut checked = Checked::default();
    check_bytes(root, plan, &mut checked)?;
    check_expected(&plan.expected, &mut checked, |file| std::fs::read(root.join(file)).ok());
    if uv.is_some() {
        check_lock(root, plan, &mut checked)?;
    }
    if checked.differences.is_empty() {
        Ok(checked)
    } else {
        Err(Error::Verification { differences: checked.differences })
    }
}

/// Every file holds what was planned.
fn check_bytes(root: &Path, plan: &FixPlan, checked: &mut Checked) -> Result<(), Error> {
    for change in &plan.changes {
        let Change::Edit { path, after, .. } = change else { continue };
        let full = path.under(root);
        let found = std::fs::read(&full).map_err(|source| Error::Read { path: full, source })?;
        if found != *after {
            checked.differ_through(Cause::SomebodyElse, path.as_str(), "somebody else wrote it meanwhile");
        }
    }
    Ok(())
}

fn check_expected(expected: &[Expected], checked: &mut Checked, read: impl Fn(&str) -> Option<Vec<u8>>) {
    for expected in expected {
        checked.requirements += 1;
        if let Some(what) = expected.difference(read(&expected.file).as_deref()) {
            checked.differ(&expected.file, what);
        }
    }
}

/// What was added is locked.
fn check_lock(root: &Path, plan: &FixPlan, checked: &mut Checked) -> Result<(), Error> {
    let path = root.join("uv.lock");
    let text = std::fs::read_to_string(&path).map_err(|source| Error::Read { path, source })?;
    let lock = Lock::parse(&text)?;
    let is_in_pyproject = |name: &str| {
        plan.expected.iter().any(|known| known.file == super::expected::PYPROJECT && known.name == name)
    };
    for action in &plan.fixed {
        let Action::Add { requirement, .. } = action else { continue };
        let Some(name) = name_of(requirement).filter(|name| is_in_pyproject(name)) else { continue };
        if lock.versions(&name).is_empty() {
            checked.differ("uv.lock", format!("`{name}` is not in it"));
        }
    }
    Ok(())
}

/// What the journal says of the run, so that `verify` knows what it was.
fn label(plan: &FixPlan) -> Value {
    json!({
        "command": "deps",
        "version": 1,
        "lock": plan.lock,
        "expected": plan.expected.iter().map(Expected::to_json).collect::<Vec<_>>(),
    })
}

/// Compares a project with what a recorded fix declared in it; uv is asked whether the lock still fits.
pub(crate) fn verify(
    now: &Tree,
    label: &Value,
    uv: Option<&Uv>,
    runner: &dyn Runner,
) -> Result<Checked, Error> {
    let mut checked = Checked::default();
    let recorded = label["expected"].as_array().into_iter().flatten();
    let expected: Vec<Expected> = recorded.filter_map(Expected::from_json).collect();
    check_expected(&expected, &mut checked, |file| now.has(file).then(|| now.read(file).ok()).flatten());
    if let (Some(uv), true) = (uv, label["lock"] == true && now.has("uv.lock")) {
        let output = runner.run(&uv.command(now.root(), &["lock", "--check"]))?;
        if !output.success() {
            checked.differences.push(Difference {
                place: "uv.lock".to_owned(),
                what: "`uv lock --check` does not accept it".to_owned(),
                cause: Cause::Meaning,
            });
        }
    }
    Ok(checked)
}
