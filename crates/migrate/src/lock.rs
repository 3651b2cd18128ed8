//! One resolution by uv, under the old pins, and a lock that stands without them.

mod explanation;
mod relent;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use uvshift_changeset::{Transaction, failpoint};
use uvshift_process::{CommandSpec, Output, Runner};
use uvshift_project::{Pin, without_constraints};
use uvshift_pyproject::{Item, PyProject};

use self::relent::{Attempt, relent};
use crate::execute::{Progress, Step};
use crate::members::joined;
use crate::{Error, Plan, Project, Resolution, pins};

/// How uv is run.
#[derive(Debug, Clone)]
pub struct Uv {
    /// The program.
    pub program: PathBuf,
    /// Variables to set, such as `UV_CACHE_DIR`.
    pub env: Vec<(OsString, OsString)>,
    /// How long one run may take.
    pub timeout: Duration,
}

impl Uv {
    /// uv with the variables of the caller and half an hour for a resolution.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), env: Vec::new(), timeout: Duration::from_mins(30) }
    }

    pub(crate) fn command(&self, plan_root: &std::path::Path, args: &[&str]) -> CommandSpec {
        let mut spec = CommandSpec::new(&self.program)
            .args(args.iter().copied())
            .args(["--color", "never", "--no-progress"])
            .current_dir(plan_root)
            // An environment that happens to be active is not the project's.
            .env_remove("VIRTUAL_ENV")
            .timeout(self.timeout);
        for (name, value) in &self.env {
            spec = spec.env(name, value);
        }
        spec
    }
}

/// A pin that could not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnheldPin {
    /// The pin.
    pub pin: Pin,
    /// What uv says about it.
    pub why: String,
}

/// `requires-python` had to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PythonRaise {
    /// What was inferred.
    pub from: String,
    /// What the packages need.
    pub to: String,
    /// What uv says about it.
    pub why: String,
}

/// A dependency group, or the whole lock, that holds only for newer Pythons than the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLimit {
    /// The group; none for the whole lock.
    pub group: Option<String>,
    /// The Python versions, such as `>=3.12`.
    pub limit: String,
    /// What uv says about it.
    pub why: String,
}

/// Two dependency groups that cannot be installed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupsApart {
    /// Both.
    pub groups: [String; 2],
    /// What uv says about it.
    pub why: String,
}

/// How the lock went.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockReport {
    /// The text of each `uv.lock`, with its path.
    pub texts: Vec<(String, String)>,
    /// How many packages it holds.
    pub packages: usize,
    /// Pins that were given to the resolution.
    pub pinned: usize,
    /// Pins that could not hold.
    pub unheld: Vec<UnheldPin>,
    /// What needs newer Pythons than the project.
    pub groups: Vec<GroupLimit>,
    /// Groups that are resolved apart from each other.
    pub apart: Vec<GroupsApart>,
    /// A raise of `requires-python`.
    pub python: Option<PythonRaise>,
}

impl LockReport {
    /// Takes the report about another lock in.
    pub(crate) fn join(&mut self, other: Self) {
        let Self { texts, packages, pinned, unheld, groups, apart, python } = other;
        self.texts.extend(texts);
        self.packages += packages;
        self.pinned += pinned;
        self.unheld.extend(unheld);
        self.groups.extend(groups);
        self.apart.extend(apart);
        self.python = self.python.take().or(python);
    }
}

pub(crate) struct Made {
    pub(crate) report: LockReport,
    pub(crate) document: PyProject,
}

/// What is resolved, and where.
#[derive(Clone, Copy)]
struct Job<'a> {
    plan: &'a Plan,
    project: &'a Project,
    uv: &'a Uv,
    runner: &'a dyn Runner,
}

impl Job<'_> {
    fn path(&self, file: &str) -> String {
        joined(&self.project.folder, file)
    }

    fn run(&self, args: &[&str], progress: &mut dyn Progress) -> Result<Output, Error> {
        let folder = self.plan.root.join(&self.project.folder);
        let spec = self.uv.command(&folder, args);
        Ok(self.runner.run_with(&spec, &mut |_, line| progress.line(line))?)
    }

    fn relock(&self, progress: &mut dyn Progress) -> Result<(), Error> {
        let output = self.run(&["lock"], progress)?;
        if output.success() { Ok(()) } else { Err(Error::LockFailed { stderr: output.stderr }) }
    }
}

/// How often a resolution is tried with one pin less or a higher Python.
const ATTEMPTS: usize = 40;

pub(crate) fn lock(
    plan: &Plan,
    resolution: &Resolution,
    uv: &Uv,
    runner: &dyn Runner,
    progress: &mut dyn Progress,
    transaction: &mut Transaction,
) -> Result<Made, Error> {
    progress.step(Step::Lock);
    let project = &plan.projects[resolution.project];
    let job = Job { plan, project, uv, runner };
    let mut attempt = Attempt {
        active: pins::constraints(&resolution.pins, &resolution.manifest, plan.options.lock),
        manifest: project.manifest.clone(),
        document: project.document.clone(),
        unheld: Vec::new(),
        groups: Vec::new(),
        apart: Vec::new(),
        python: None,
    };
    let pinned = attempt.active.len();
    resolve(job, progress, transaction, &mut attempt)?;
    failpoint("lock resolved");
    let text = settle(job, progress, transaction, &attempt)?;
    let packages = uvshift_project::Lock::parse(&text)?.len();
    let Attempt { document, unheld, groups, apart, python, .. } = attempt;
    let texts = vec![(job.path("uv.lock"), text)];
    Ok(Made { report: LockReport { texts, packages, pinned, unheld, groups, apart, python }, document })
}

/// Runs `uv lock` until it finds a solution, giving up what it names as the obstacle, one thing at a time.
fn resolve(
    job: Job<'_>,
    progress: &mut dyn Progress,
    transaction: &mut Transaction,
    attempt: &mut Attempt,
) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let constrained = with_pins(&attempt.document, &attempt.active)?;
        transaction.write(job.path("pyproject.toml").as_str(), constrained.as_bytes())?;
        failpoint("constraints written");
        let output = job.run(&["lock"], progress)?;
        if output.success() {
            return Ok(());
        }
        if !relent(job.project, &output.stderr, attempt)? {
            return Err(Error::LockFailed { stderr: output.stderr });
        }
        progress.line("a pin or the Python version stands in the way; trying without");
    }
    Err(Error::LockFailed {
        stderr: format!("no solution after {ATTEMPTS} attempts with fewer and fewer pins"),
    })
}

fn with_pins(document: &PyProject, pins: &[Pin]) -> Result<String, Error> {
    if pins.is_empty() {
        return Ok(document.to_string());
    }
    let items: Vec<Item> = pins.iter().map(|pin| Item::new(pin_text(pin))).collect();
    Ok(document.with_constraints(&items)?.to_string())
}

fn pin_text(pin: &Pin) -> String {
    match &pin.marker {
        Some(marker) => format!("{}=={} ; {marker}", pin.name, pin.version),
        None => format!("{}=={}", pin.name, pin.version),
    }
}

/// Writes the final pyproject.toml and makes the lock fit it; uv has the last word.
fn settle(
    job: Job<'_>,
    progress: &mut dyn Progress,
    transaction: &mut Transaction,
    attempt: &Attempt,
) -> Result<String, Error> {
    progress.step(Step::CheckLock);
    let lock = job.path("uv.lock");
    let path = job.plan.root.join(&lock);
    let read = || std::fs::read_to_string(&path).map_err(|source| Error::Read { path: path.clone(), source });
    transaction.write(job.path("pyproject.toml").as_str(), attempt.document.to_string().as_bytes())?;
    failpoint("final written");
    let own_constraints = !attempt.document.uv().constraint_dependencies.is_empty();
    if !attempt.active.is_empty() {
        // With constraints of its own the lock keeps some of them, and only uv can tell which.
        match without_constraints(&read()?).filter(|_| !own_constraints) {
            Some(text) => transaction.write(lock.as_str(), text.as_bytes())?,
            None => job.relock(progress)?,
        }
        failpoint("lock settled");
    }
    let mut check = job.run(&["lock", "--check"], progress)?;
    if !check.success() {
        job.relock(progress)?;
        check = job.run(&["lock", "--check"], progress)?;
    }
    if check.success() { read() } else { Err(Error::LockCheck { stderr: check.stderr }) }
}
