//! One resolution by uv, under the old pins, and a lock that stands without them.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use uvshift_changeset::{Transaction, failpoint};
use uvshift_process::{CommandSpec, Output, Runner};
use uvshift_project::{Pin, without_constraints, write};
use uvshift_pyproject::{Item, PyProject};

use crate::execute::{Progress, Step};
use crate::{Error, Plan, pins};

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
pub struct PythonRaise {
    /// What was inferred.
    pub from: String,
    /// What the packages need.
    pub to: String,
    /// What uv says about it.
    pub why: String,
}

/// How the lock went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockReport {
    /// The text of `uv.lock`.
    pub text: String,
    /// How many packages it holds.
    pub packages: usize,
    /// Pins that were given to the resolution.
    pub pinned: usize,
    /// Pins that could not hold.
    pub unheld: Vec<UnheldPin>,
    /// A raise of `requires-python`.
    pub python: Option<PythonRaise>,
}

pub(crate) struct Made {
    pub(crate) report: LockReport,
    pub(crate) document: PyProject,
}

/// How often a resolution is tried with one pin less or a higher Python.
const ATTEMPTS: usize = 40;

pub(crate) fn lock(
    plan: &Plan,
    uv: &Uv,
    runner: &dyn Runner,
    progress: &mut dyn Progress,
    transaction: &mut Transaction,
) -> Result<Made, Error> {
    progress.step(Step::Lock);
    let mut attempt = Attempt {
        active: pins::constraints(&plan.pins, &plan.manifest, plan.options.lock),
        document: plan.document.clone(),
        unheld: Vec::new(),
        python: None,
    };
    let pinned = attempt.active.len();
    resolve(plan, uv, runner, progress, transaction, &mut attempt)?;
    failpoint("lock resolved");
    let text = settle(plan, uv, runner, progress, transaction, &attempt)?;
    let packages = uvshift_project::Lock::parse(&text)?.len();
    let Attempt { document, unheld, python, .. } = attempt;
    Ok(Made { report: LockReport { text, packages, pinned, unheld, python }, document })
}

struct Attempt {
    active: Vec<Pin>,
    document: PyProject,
    unheld: Vec<UnheldPin>,
    python: Option<PythonRaise>,
}

/// Runs `uv lock` until it finds a solution, giving up what it names as the obstacle, one thing at a time.
fn resolve(
    plan: &Plan,
    uv: &Uv,
    runner: &dyn Runner,
    progress: &mut dyn Progress,
    transaction: &mut Transaction,
    attempt: &mut Attempt,
) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let constrained = with_pins(&attempt.document, &attempt.active)?;
        transaction.write("pyproject.toml", constrained.as_bytes())?;
        failpoint("constraints written");
        let output = run(uv, plan, &["lock"], runner, progress)?;
        if output.success() {
            return Ok(());
        }
        if !relent(plan, &output.stderr, attempt)? {
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

/// Gives up one obstacle that uv names: a Python version that nobody declared, or a pin.
fn relent(plan: &Plan, stderr: &str, attempt: &mut Attempt) -> Result<bool, Error> {
    let message = unwrapped(stderr);
    if !plan.python.declared
        && let Some(needed) = needed_python(&message)
        && let Some(present) = attempt.document.requires_python().map(str::to_owned)
        && lower_bound(&present).is_some_and(|bound| bound < needed)
    {
        let to = format!(">={}.{}", needed.0, needed.1);
        let mut manifest = plan.manifest.clone();
        manifest.metadata.requires_python = Some(to.clone());
        attempt.document = write(&manifest, plan.before.as_ref())?;
        let from = attempt.python.take().map_or(present, |raise| raise.from);
        attempt.python = Some(PythonRaise { from, to, why: sentence_with(&message, "Python") });
        return Ok(true);
    }
    let named = |pin: &Pin| {
        let with_version = format!("{}=={}", pin.name, pin.version);
        message.match_indices(&with_version).any(|(at, text)| {
            let after = message[at + text.len()..].chars().next();
            let before = message[..at].chars().next_back();
            !after.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '+')
                && !before.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '-')
        })
    };
    let missing = |pin: &Pin| message.contains(&format!("no version of {}=={}", pin.name, pin.version));
    let at = attempt.active.iter().position(missing).or_else(|| attempt.active.iter().rposition(named));
    let Some(at) = at else { return Ok(false) };
    let pin = attempt.active.remove(at);
    let why = sentence_with(&message, &format!("{}==", pin.name));
    attempt.unheld.push(UnheldPin { pin, why });
    Ok(true)
}

/// uv wraps its explanation; one line is easier to search.
fn unwrapped(stderr: &str) -> String {
    let noise = ["Using CPython", "Using PyPy", "warning:", "Resolved ", "hint:"];
    stderr
        .lines()
        .filter(|line| !noise.iter().any(|start| line.trim_start().starts_with(start)))
        .flat_map(str::split_whitespace)
        .filter(|word| !matches!(*word, "│" | "╰─▶" | "├─▶" | "×"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// The part of uv's explanation that names something.
fn sentence_with(message: &str, what: &str) -> String {
    let parts = message.split(", ").flat_map(|part| part.split(". "));
    let found = parts.filter(|part| part.contains(what)).find(|part| !part.starts_with("And because we"));
    let text = found.unwrap_or(message);
    let after = |word: &str| text.find(word).map(|at| &text[at + word.len()..]);
    let text = after("Because ").or_else(|| after("because ")).unwrap_or(text);
    format!("uv: {}", text.chars().take(200).collect::<String>())
}

/// The highest `Python>=X.Y` that a package is said to need.
fn needed_python(message: &str) -> Option<(u64, u64)> {
    if !message.contains("does not satisfy Python") {
        return None;
    }
    let bounds =
        message.match_indices("Python>=").filter_map(|(at, text)| version(&message[at + text.len()..]));
    bounds.max()
}

fn lower_bound(requires_python: &str) -> Option<(u64, u64)> {
    let at = requires_python.find(">=")?;
    version(requires_python[at + 2..].trim_start())
}

fn version(text: &str) -> Option<(u64, u64)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(text.len());
    let mut parts = text[..end].split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Writes the final pyproject.toml and makes the lock fit it; uv has the last word.
fn settle(
    plan: &Plan,
    uv: &Uv,
    runner: &dyn Runner,
    progress: &mut dyn Progress,
    transaction: &mut Transaction,
    attempt: &Attempt,
) -> Result<String, Error> {
    progress.step(Step::CheckLock);
    let path = plan.root.join("uv.lock");
    let read = || std::fs::read_to_string(&path).map_err(|source| Error::Read { path: path.clone(), source });
    transaction.write("pyproject.toml", attempt.document.to_string().as_bytes())?;
    failpoint("final written");
    let own_constraints = !attempt.document.uv().constraint_dependencies.is_empty();
    if !attempt.active.is_empty() {
        // With constraints of its own the lock keeps some of them, and only uv can tell which.
        match without_constraints(&read()?).filter(|_| !own_constraints) {
            Some(text) => transaction.write("uv.lock", text.as_bytes())?,
            None => relock(plan, uv, runner, progress)?,
        }
        failpoint("lock settled");
    }
    let mut check = run(uv, plan, &["lock", "--check"], runner, progress)?;
    if !check.success() {
        relock(plan, uv, runner, progress)?;
        check = run(uv, plan, &["lock", "--check"], runner, progress)?;
    }
    if check.success() { read() } else { Err(Error::LockCheck { stderr: check.stderr }) }
}

fn relock(plan: &Plan, uv: &Uv, runner: &dyn Runner, progress: &mut dyn Progress) -> Result<(), Error> {
    let output = run(uv, plan, &["lock"], runner, progress)?;
    if output.success() { Ok(()) } else { Err(Error::LockFailed { stderr: output.stderr }) }
}

fn run(
    uv: &Uv,
    plan: &Plan,
    args: &[&str],
    runner: &dyn Runner,
    progress: &mut dyn Progress,
) -> Result<Output, Error> {
    let spec = uv.command(&plan.root, args);
    Ok(runner.run_with(&spec, &mut |_, line| progress.line(line))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = "  × No solution found when resolving dependencies:\n  ╰─▶ Because the requested Python version (>=3.8) does not satisfy\n      Python>=3.10 and numpy==2.2.0 depends on Python>=3.10, we can conclude\n      that numpy==2.2.0 cannot be used.";

    #[test]
    fn the_needed_python_is_read_from_the_explanation() {
        assert_eq!(needed_python(&unwrapped(MESSAGE)), Some((3, 10)));
        assert_eq!(needed_python("Python>=3.10"), None);
        assert_eq!(lower_bound(">=3.8,<4"), Some((3, 8)));
        assert_eq!(lower_bound("<4"), None);
    }

    #[test]
    fn the_explanation_names_what_it_is_about() {
        let why = sentence_with(&unwrapped(MESSAGE), "numpy==");
        assert!(why.contains("numpy==2.2.0 depends on Python>=3.10"), "{why}");
    }
}
