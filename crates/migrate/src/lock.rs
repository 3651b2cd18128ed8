//! One resolution by uv, under the old pins, and a lock that stands without them.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use uvshift_changeset::{Transaction, failpoint};
use uvshift_process::{CommandSpec, Output, Runner};
use uvshift_project::{Pin, without_constraints, write};
use uvshift_pyproject::{Item, PyProject};

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
    /// The text of each `uv.lock`, with its path.
    pub texts: Vec<(String, String)>,
    /// How many packages it holds.
    pub packages: usize,
    /// Pins that were given to the resolution.
    pub pinned: usize,
    /// Pins that could not hold.
    pub unheld: Vec<UnheldPin>,
    /// A raise of `requires-python`.
    pub python: Option<PythonRaise>,
}

impl LockReport {
    /// Takes the report about another lock in.
    pub(crate) fn join(&mut self, other: Self) {
        let Self { texts, packages, pinned, unheld, python } = other;
        self.texts.extend(texts);
        self.packages += packages;
        self.pinned += pinned;
        self.unheld.extend(unheld);
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
        document: project.document.clone(),
        unheld: Vec::new(),
        python: None,
    };
    let pinned = attempt.active.len();
    resolve(job, progress, transaction, &mut attempt)?;
    failpoint("lock resolved");
    let text = settle(job, progress, transaction, &attempt)?;
    let packages = uvshift_project::Lock::parse(&text)?.len();
    let Attempt { document, unheld, python, .. } = attempt;
    let texts = vec![(job.path("uv.lock"), text)];
    Ok(Made { report: LockReport { texts, packages, pinned, unheld, python }, document })
}

struct Attempt {
    active: Vec<Pin>,
    document: PyProject,
    unheld: Vec<UnheldPin>,
    python: Option<PythonRaise>,
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

/// Gives up one obstacle that uv names: a Python version that nobody declared, or a pin.
fn relent(project: &Project, stderr: &str, attempt: &mut Attempt) -> Result<bool, Error> {
    let message = unwrapped(stderr);
    if !project.python.declared
        && let Some(needed) = needed_python(&message)
        && let Some(present) = attempt.document.requires_python().map(str::to_owned)
        && lower_bound(&present).is_some_and(|bound| bound < needed)
    {
        let to = format!(">={}.{}", needed.0, needed.1);
        let mut manifest = project.manifest.clone();
        manifest.metadata.requires_python = Some(to.clone());
        attempt.document = write(&manifest, project.before.as_ref())?;
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
    let missing = |pin: &Pin| is_missing(&message, pin);
    let old_python = |pin: &Pin| floor(&message, pin).is_some();
    let pins = &attempt.active;
    let at = pins.iter().position(missing).or_else(|| pins.iter().position(old_python));
    let Some(at) = at.or_else(|| pins.iter().rposition(named)) else { return Ok(false) };
    give_up(&message, at, attempt);
    Ok(true)
}

/// Gives up a pin: for the Python versions or platforms for which it cannot hold if uv tells them, else altogether.
fn give_up(message: &str, at: usize, attempt: &mut Attempt) {
    let pin = attempt.active[at].clone();
    let mut why = sentence_with(message, &format!("{}==", pin.name));
    let known = |limit: &String| pin.marker.as_ref().is_some_and(|marker| marker.contains(limit));
    // One attempt to hold for a part; a version that is nowhere to be had, or that fails in part after part, goes.
    let again =
        attempt.unheld.iter().any(|other| other.pin.name == pin.name && other.pin.version == pin.version);
    let hopeless = again || is_missing(message, &pin);
    let floor =
        floor(message, &pin).map(|(major, minor)| format!("python_full_version >= '{major}.{minor}'"));
    if let Some(limit) = floor.filter(|limit| !known(limit)) {
        // The file could not be installed below that version, so none of its pins says anything about it. With
        // the others still in force uv would look for ancient versions to go with them.
        let file = &pin.from.file;
        attempt
            .active
            .iter_mut()
            .filter(|other| other.from.file == *file)
            .for_each(|pin| narrow(pin, &limit));
        why = format!("the pins of {file} hold where {limit}; {why}");
    } else if let Some(limit) = split(message).and_then(outside).filter(|_| !hopeless) {
        narrow(&mut attempt.active[at], &limit);
        why = format!("holds only where {limit}; {why}");
    } else {
        attempt.active.remove(at);
    }
    attempt.unheld.push(UnheldPin { pin, why });
}

fn is_missing(message: &str, pin: &Pin) -> bool {
    message.contains(&format!("no version of {}=={}", pin.name, pin.version))
}

fn narrow(pin: &mut Pin, limit: &str) {
    pin.marker = Some(match &pin.marker {
        Some(marker) => format!("({marker}) and ({limit})"),
        None => limit.to_owned(),
    });
}

/// The Python version that a pin is said to need.
fn floor(message: &str, pin: &Pin) -> Option<(u64, u64)> {
    let words = format!("{}=={} depends on Python>=", pin.name, pin.version);
    let (_, rest) = message.split_once(&words)?;
    version(rest)
}

/// The markers of the part of the resolution that failed, if it was not the whole.
fn split(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("for split (markers: ")?;
    // A marker holds parentheses of its own.
    let mut depth = 1_usize;
    let end = rest.find(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some(&rest[..end])
}

/// The opposite of a marker that joins plain comparisons with `and`.
fn outside(marker: &str) -> Option<String> {
    let parts: Option<Vec<String>> = marker.split(" and ").map(negated).collect();
    Some(parts?.join(" or "))
}

fn negated(comparison: &str) -> Option<String> {
    let (variable, rest) = comparison.trim().split_once(' ')?;
    let (operator, value) = rest.split_once(' ')?;
    let quoted = value.len() > 1 && value.starts_with('\'') && value[1..].find('\'') == Some(value.len() - 2);
    let plain = variable.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let opposite = match operator {
        "==" => "!=",
        "!=" => "==",
        "<" => ">=",
        ">=" => "<",
        ">" => "<=",
        "<=" => ">",
        _ => return None,
    };
    (quoted && plain).then(|| format!("{variable} {opposite} {value}"))
}

/// uv wraps its explanation; one line is easier to search. It also writes a pin with a marker as
/// `name{marker}==1.0`; without the marker it is named like every other pin.
fn unwrapped(stderr: &str) -> String {
    let noise = ["Using CPython", "Using PyPy", "warning:", "Resolved ", "hint:"];
    let text = stderr
        .lines()
        .filter(|line| !noise.iter().any(|start| line.trim_start().starts_with(start)))
        .flat_map(str::split_whitespace)
        .filter(|word| !matches!(*word, "│" | "╰─▶" | "├─▶" | "×"))
        .collect::<Vec<_>>()
        .join(" ");
    let mut plain = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for letter in text.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
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
    fn a_pin_under_a_marker_is_named_like_any_other() {
        let text =
            "Because trio:docs depends on sphinx{python_full_version < '3.12'}==9.0.4 and\n  sphinx==8.1.3";
        assert_eq!(unwrapped(text), "Because trio:docs depends on sphinx==9.0.4 and sphinx==8.1.3");
    }

    #[test]
    fn the_part_that_failed_is_turned_into_where_a_pin_can_hold() {
        let message = "error: No solution found when resolving dependencies for split (markers: python_full_version == '3.8.*' and sys_platform == 'win32') cause: Because";
        let found = split(message).and_then(outside);
        assert_eq!(found.as_deref(), Some("python_full_version != '3.8.*' or sys_platform != 'win32'"));
        assert_eq!(
            split("for split (markers: (a == 'b' or c == 'd') and e == 'f') x"),
            Some("(a == 'b' or c == 'd') and e == 'f'")
        );
        assert_eq!(outside("(a == 'b' or c == 'd') and e == 'f'"), None);
        assert_eq!(outside("a == 'b' or c == 'd'"), None);
        assert_eq!(split("No solution found"), None);
    }

    #[test]
    fn a_pin_for_newer_pythons_limits_the_pins_of_its_file() {
        let pin = |file: &str, name: &str, marker: Option<&str>| Pin {
            name: name.to_owned(),
            version: "2.2.0".to_owned(),
            marker: marker.map(str::to_owned),
            from: uvshift_project::Provenance::new(file, 1),
        };
        let document = PyProject::parse("[project]\nname = \"a\"\n").unwrap();
        let active = vec![
            pin("dev.txt", "babel", Some("os_name == 'nt'")),
            pin("dev.txt", "numpy", None),
            pin("other.txt", "six", None),
        ];
        let mut attempt = Attempt { active, document, unheld: Vec::new(), python: None };
        let message = unwrapped(MESSAGE);
        assert_eq!(floor(&message, &attempt.active[1]), Some((3, 10)));
        give_up(&message, 1, &mut attempt);
        let markers = |attempt: &Attempt| -> Vec<String> {
            attempt.active.iter().map(|pin| pin.marker.clone().unwrap_or_default()).collect()
        };
        assert_eq!(
            markers(&attempt),
            ["(os_name == 'nt') and (python_full_version >= '3.10')", "python_full_version >= '3.10'", ""]
        );
        assert!(attempt.unheld[0].why.starts_with("the pins of dev.txt hold where"), "{:?}", attempt.unheld);
        // What was narrowed and still fails goes.
        give_up(&message, 1, &mut attempt);
        assert_eq!(attempt.active.len(), 2);
    }

    #[test]
    fn the_explanation_names_what_it_is_about() {
        let why = sentence_with(&unwrapped(MESSAGE), "numpy==");
        assert!(why.contains("numpy==2.2.0 depends on Python>=3.10"), "{why}");
    }
}
