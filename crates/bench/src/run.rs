//! A run of the benchmark: what is asked for, who is told of its progress, and [`run`] itself.

mod error;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use uvshift_process::Measurer;

use crate::contenders::ContenderKind;
use crate::index_settings::IndexSettings;
use crate::model::{Operation, Run, Warning};
use crate::scenario::ScenarioSpec;

pub use error::RunError;

/// What to measure, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// With what, one after the other.
    pub scenarios: Vec<ScenarioSpec>,
    /// The only operations to measure; empty for all that a scenario names.
    pub operations: Vec<Operation>,
    /// Whom to measure.
    pub contenders: Vec<ContenderKind>,
    /// How many times each command is measured.
    pub runs: u32,
    /// How many times each command is run before, unmeasured.
    pub warmups: u32,
    /// The seed of the random order.
    pub seed: u64,
    /// The time limit of one command.
    pub timeout: Duration,
    /// The time limit of the whole run: after the block in which it is reached, no other one begins.
    pub max_time: Option<Duration>,
    /// Whether it is the short form, which is told to readers.
    pub quick: bool,
    /// Where packages come from.
    pub index: IndexSettings,
    /// A private folder for everything that the tools write; missing or empty at the start, empty at the end.
    pub work: PathBuf,
    /// A private folder for the caches of the tools, when they shall be elsewhere than in [`work`](Self::work).
    pub caches: Option<PathBuf>,
}

impl Plan {
    /// The usual number of runs.
    pub const RUNS: u32 = 10;

    /// A full run of these scenarios below the folder `work`.
    pub fn new(scenarios: Vec<ScenarioSpec>, work: impl Into<PathBuf>) -> Self {
        Self {
            scenarios,
            operations: Vec::new(),
            contenders: ContenderKind::USUAL.to_vec(),
            runs: Self::RUNS,
            warmups: 1,
            seed: 0,
            timeout: Duration::from_mins(10),
            max_time: None,
            quick: false,
            index: IndexSettings::default(),
            work: work.into(),
            caches: None,
        }
    }

    /// The short form: three blocks, the fewest contenders, at most three minutes less what it takes to end.
    pub fn quick(scenarios: Vec<ScenarioSpec>, work: impl Into<PathBuf>) -> Self {
        Self {
            contenders: ContenderKind::QUICK.to_vec(),
            runs: 3,
            timeout: Duration::from_mins(1),
            max_time: Some(Duration::from_secs(150)),
            quick: true,
            ..Self::new(scenarios, work)
        }
    }
}

/// The programs to measure.
#[derive(Debug, Clone)]
pub struct Tools {
    /// A Python 3 with pip, absolute. Environments are made with it.
    pub python: PathBuf,
    /// uv, absolute.
    pub uv: PathBuf,
}

/// Who is told how a run goes on. Every function has an empty default.
pub trait Observer {
    /// Something begins: `what` is a short line such as `small: install-cold, pip`.
    fn doing(&mut self, what: &str, progress: Progress) {
        let _ = (what, progress);
    }

    /// A sample was added; `run` holds all so far and can be written as it is.
    fn sample(&mut self, run: &Run, progress: Progress) {
        let _ = (run, progress);
    }

    /// There is something to tell; it is in `Run::warnings` too.
    fn warning(&mut self, warning: &Warning) {
        let _ = warning;
    }
}

/// Tells nobody.
impl Observer for () {}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Commands run, warm-ups included.
    pub done: u32,
    /// Commands to run in all, as far as it is known.
    pub total: u32,
    /// An estimate of the time left; `None` before there is anything to go by.
    pub left: Option<Duration>,
}

/// Measures what `plan` says with `tools`.
///
/// A contender that fails is told in its series and as a warning, and the others go on. When `interrupt` is set (set the flag
/// of the measurer too, so that the running command ends), the run so far is given back with `finished: None`.
///
/// # Errors
/// Only what makes any measurement impossible is an error: a work folder that cannot be used, a Python or uv that does not run.
pub fn run(
    plan: &Plan,
    tools: &Tools,
    measurer: &dyn Measurer,
    observer: &mut dyn Observer,
    interrupt: &AtomicBool,
) -> Result<Run, RunError> {
    let _ = (plan, tools, measurer, observer, interrupt);
    Err(RunError::NotYet)
}
