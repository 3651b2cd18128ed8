//! Applies a plan in one transaction, has uv make the lock, and keeps the result only if it is proven.

use uvshift_changeset::{Committed, Transaction, failpoint};
use uvshift_process::Runner;
use uvshift_project::{BuildBackend, Lock, Role};
use uvshift_pyproject::PyProject;

use crate::lock::{LockReport, Uv, lock};
use crate::members::joined;
use crate::traces::{self, EggInfos};
use crate::verify::{Cause, Checked, check, check_hashes};
use crate::wheel_proof::{ProjectWheel, Proof};
use crate::{Error, LockStrategy, Members, PinReport, Plan, environment, pins, rewriting};

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
    /// The wheel is built before and after, and compared.
    Build,
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
    /// What came of the wheel of each project.
    pub wheels: Vec<ProjectWheel>,
}

/// Carries a plan out. On any error the project is as it was.
///
/// `uv` is needed unless the plan's options leave the lock out.
///
/// ```
/// use uvshift_migrate::{LockStrategy, Options, Planned, RollbackMode, Silent, SystemRunner, execute, plan, rollback};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let root = folder.path();
/// # std::fs::write(root.join("requirements.txt"), "flask>=3\n")?;
/// let options = Options { lock: LockStrategy::None, ..Options::default() };
/// let Planned::Plan(plan) = plan(root, &options)? else { panic!("a pip project") };
/// let done = execute(&plan, None, &SystemRunner::new(), &mut Silent)?;
/// assert_eq!(done.changed, ["pyproject.toml", "requirements.txt"]);
/// assert_eq!(done.checked.requirements, 1);
///
/// rollback(root, RollbackMode::Check)?;
/// assert_eq!(std::fs::read_to_string(root.join("requirements.txt"))?, "flask>=3\n");
/// # Ok(())
/// # }
/// ```
pub fn execute(
    plan: &Plan,
    uv: Option<&Uv>,
    runner: &dyn Runner,
    progress: &mut dyn Progress,
) -> Result<Done, Error> {
    progress.step(Step::Apply);
    let externals = externals(plan);
    let externals: Vec<&str> = externals.iter().map(String::as_str).collect();
    let egg_infos = EggInfos::before(plan);
    let mut transaction = Transaction::begin(&plan.root, &plan.changes, &externals, label(plan))?;
    let outcome = proceed(plan, uv, runner, progress, &mut transaction);
    egg_infos.sweep(plan);
    match outcome {
        Ok(Proven { pins, lock, checked, wheels }) => {
            let Committed { id, changed } = transaction.commit()?;
            let changed = changed.iter().map(|path| path.as_str().to_owned()).collect();
            Ok(Done { journal: id, changed, pins, lock, checked, wheels })
        }
        Err(error) => {
            progress.step(Step::Undo);
            transaction.undo()?;
            Err(error)
        }
    }
}

/// What uv may write: the locks, and what builds renew when uv asks them for dynamic metadata.
fn externals(plan: &Plan) -> Vec<String> {
    let locks = plan.resolutions.iter().map(|resolution| &plan.projects[resolution.project].folder);
    let mut externals: Vec<String> = locks.map(|folder| joined(folder, "uv.lock")).collect();
    for resolution in &plan.resolutions {
        let pyproject = joined(&plan.projects[resolution.project].folder, "pyproject.toml");
        if !plan.changes.paths().any(|path| path.as_str() == pyproject) {
            // It says all already, and holds the old pins while uv locks.
            externals.push(pyproject);
        }
    }
    externals.extend(traces::renewed(plan));
    externals
}

struct Proven {
    pins: Vec<PinReport>,
    lock: Option<LockReport>,
    checked: Checked,
    wheels: Vec<ProjectWheel>,
}

fn proceed(
    plan: &Plan,
    uv: Option<&Uv>,
    runner: &dyn Runner,
    progress: &mut dyn Progress,
    transaction: &mut Transaction,
) -> Result<Proven, Error> {
    let proof = Proof::before(&plan.root, plan.options.wheel, &plan.projects);
    transaction.apply()?;
    let mut documents: Vec<PyProject> =
        plan.projects.iter().map(|project| project.document.clone()).collect();
    let mut report: Option<LockReport> = None;
    if plan.options.lock != LockStrategy::None {
        let uv = uv.ok_or(Error::UvMissing)?;
        for resolution in &plan.resolutions {
            failpoint("before lock");
            let made = lock(plan, resolution, uv, runner, progress, transaction)?;
            failpoint("after lock");
            documents[resolution.project] = made.document;
            match &mut report {
                Some(report) => report.join(made.report),
                None => report = Some(made.report),
            }
        }
    }
    progress.step(Step::Verify);
    let (pins, checked) = prove(plan, &documents, report.as_ref())?;
    if proof.is_wanted() {
        progress.step(Step::Build);
    }
    let wheels = proof.after(plan, &documents, uv, runner)?;
    Ok(Proven { pins, lock: report, checked, wheels })
}

/// Reads the result back from the disk and compares it with the source.
fn prove(
    plan: &Plan,
    expected: &[PyProject],
    lock: Option<&LockReport>,
) -> Result<(Vec<PinReport>, Checked), Error> {
    let mut checked = Checked::default();
    for (project, expected) in plan.projects.iter().zip(expected) {
        let place = joined(&project.folder, "pyproject.toml");
        let path = plan.root.join(&place);
        let text = std::fs::read_to_string(&path).map_err(|source| Error::Read { path, source })?;
        checked.join(check(project, &PyProject::parse(&text)?), &project.folder);
        if text != expected.to_string() {
            checked.differ_through(Cause::SomebodyElse, place, "somebody else wrote it meanwhile");
        }
    }
    if let Some(rewrite) = &plan.rewrite {
        checked.differences.extend(rewriting::read_back(&plan.root, rewrite, &plan.changes)?);
    }
    let mut reports = Vec::new();
    for (resolution, (_, text)) in plan.resolutions.iter().zip(lock.into_iter().flat_map(|lock| &lock.texts))
    {
        let locked = Lock::parse(text)?;
        check_hashes(&resolution.manifest, &locked, &mut checked);
        let unheld = lock.map(|lock| lock.unheld.as_slice()).unwrap_or_default();
        reports.extend(pins::compare(&resolution.pins, &resolution.manifest, &locked, unheld));
    }
    if checked.differences.is_empty() {
        Ok((reports, checked))
    } else {
        Err(Error::Verification { differences: checked.differences })
    }
}

/// What the journal says of the run, so that `verify` reads the old files the same way.
fn label(plan: &Plan) -> serde_json::Value {
    let files = plan.projects.iter().flat_map(|project| {
        project.layout.files.iter().map(|file| (joined(&project.folder, &file.path), file))
    });
    let roles = files.map(|(path, file)| {
        let role = match &file.role {
            Role::Main => "main".to_owned(),
            Role::Group(name) => format!("group {name}"),
            Role::Constraints => "constraints".to_owned(),
            Role::Compiled { source, .. } => format!("compiled from {source}"),
            Role::LeftAlone => "left alone".to_owned(),
        };
        (path, serde_json::Value::String(role))
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
        "installed": environment::to_json(&plan.installed),
        "built": options.built.as_ref().map(|built| (built.metadata.clone(), built.entry_points.clone())),
        "members": match options.members {
            Members::Alone => "alone",
            Members::Workspace => "workspace",
            Members::Separate => "separate",
        },
        "rewrite": options.rewrite.as_ref().map(|rewrite| {
            crate::rewriting::label(rewrite, options.uv_version.as_deref())
        }),
        "tools": options.tools.as_ref().map(crate::tools::label),
        "pins": plan.resolutions.iter().map(|resolution| {
            resolution.pins.iter().map(|pin| (pin.name.clone(), pin.version.clone())).collect::<Vec<_>>()
        }).collect::<Vec<_>>(),
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
