//! A run of the benchmark: what is asked for, who is told of its progress, and [`run`] itself.

mod asked;
mod blocks;
mod change;
mod disk;
mod error;
mod expected;
mod kit;
mod meter;
mod order;
mod prime;
mod probe;
mod resolved;
mod session;
mod stage;
mod surroundings;
mod warm;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use uvshift_process::Measurer;

use crate::contenders::ContenderKind;
use crate::index_settings::IndexSettings;
use crate::model::{Operation, Run, Warning, WarningKind};
use crate::scenario::ScenarioSpec;
use blocks::Cut;
use session::{Halt, Session};
use stage::Stage;

pub use error::RunError;

/// What to measure, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// With what, one after the other.
    pub scenarios: Vec<ScenarioSpec>,
    /// The only operations to measure; empty for all that a scenario names, or in the short form for [`Plan::QUICK`].
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

    /// The operations of the short form.
    pub const QUICK: [Operation; 4] =
        [Operation::Resolve, Operation::InstallCold, Operation::InstallWarm, Operation::CreateEnvironment];

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

    /// The short form: three blocks of a few operations with the fewest contenders, without warm-ups of their own (filling
    /// the caches is one), within two and a half minutes.
    pub fn quick(scenarios: Vec<ScenarioSpec>, work: impl Into<PathBuf>) -> Self {
        Self {
            contenders: ContenderKind::QUICK.to_vec(),
            runs: 3,
            warmups: 0,
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
    if plan.scenarios.is_empty() || plan.contenders.is_empty() || plan.runs == 0 {
        return Err(RunError::Nothing { what: "no scenario, no contender, or no run" });
    }
    let mut session = Session::begin(plan, tools, measurer, observer, interrupt)?;
    session.expect_commands();
    let mut interrupted = session.check_interrupt().is_err();
    for (number, spec) in plan.scenarios.iter().enumerate() {
        if interrupted {
            break;
        }
        interrupted = session.scenario(number, spec).is_err();
    }
    if interrupted {
        session.warn(
            WarningKind::Interrupted,
            None,
            "the run was interrupted: what is here was measured before",
        );
    } else {
        session.run.finished = Some(session::now());
    }
    Ok(session.end())
}

impl Plan {
    /// What is measured with a scenario, in the order of reports.
    fn operations_of(&self, spec: &ScenarioSpec) -> Vec<Operation> {
        let asked_for = |it: &Operation| match (self.operations.as_slice(), self.quick) {
            ([], true) => Self::QUICK.contains(it),
            ([], false) => true,
            (operations, _) => operations.contains(it),
        };
        let wanted = |it: &Operation| spec.operations.contains(it) && asked_for(it);
        Operation::ALL.into_iter().filter(wanted).collect()
    }
}

impl Session<'_> {
    /// Counts the commands of all scenarios, before it is known which of them fail.
    fn expect_commands(&mut self) {
        let all = self.plan.scenarios.iter().map(|spec| self.commands_of(spec)).sum();
        self.meter.expect(all);
    }

    fn commands_of(&self, spec: &ScenarioSpec) -> u32 {
        let turns = self.plan.runs.saturating_add(self.plan.warmups);
        let of_operation =
            |operation| self.contenders.iter().filter(|kind| kind.takes_part(operation)).count();
        let cells: usize = self.plan.operations_of(spec).into_iter().map(of_operation).sum();
        u32::try_from(cells).unwrap_or(u32::MAX).saturating_mul(turns)
    }

    /// One scenario from its pins to its last block. The error is an interruption.
    fn scenario(&mut self, number: usize, spec: &ScenarioSpec) -> Result<(), ()> {
        let (minor, place) = (self.python.minor, Some(spec.name.clone()));
        if !spec.python.contain(minor) {
            self.warn(WarningKind::Failed, place, format!("it has no versions for Python 3.{minor}"));
            self.meter.begin_scenario(&[], self.commands_of(spec));
            return Ok(());
        }
        let end = self.end_of_scenario(number);
        let mut stage = self.plan_stage(number, spec);
        let turns = self.plan.runs.saturating_add(self.plan.warmups);
        self.meter.begin_scenario(&vec![turns; stage.cells.len()], self.commands_of(spec));
        let measured = match self.prepare(&mut stage, spec) {
            Ok(()) => self.measure(&mut stage, end),
            Err(Halt::Interrupted) => Err(Cut::Interrupted),
            Err(Halt::Failed(message)) => {
                self.fail_all(&mut stage, &message);
                Ok(())
            }
        };
        self.clear_up(&stage);
        match measured {
            Ok(()) => Ok(()),
            Err(Cut::Interrupted) => Err(()),
            Err(Cut::Time(rounds)) => {
                let message = format!("its time was over after {rounds} of {} blocks", self.plan.runs);
                self.tell_few(&stage, &message);
                self.warn(WarningKind::FewRuns, place, message);
                Ok(())
            }
        }
    }

    /// When the time of a scenario is over: those that are left share what is left.
    fn end_of_scenario(&self, number: usize) -> Option<Instant> {
        let left = self.plan.max_time?.saturating_sub(self.started.elapsed());
        let scenarios = self.plan.scenarios.len().saturating_sub(number);
        let share = left.checked_div(u32::try_from(scenarios).unwrap_or(u32::MAX))?;
        Some(Instant::now() + share)
    }

    /// Those that would have been measured more often.
    fn tell_few(&mut self, stage: &Stage, message: &str) {
        let runs = usize::try_from(self.plan.runs).unwrap_or(usize::MAX);
        for (at, cell) in stage.cells.iter().enumerate() {
            self.meter.give_up(at);
            let series = self.run.series.get_mut(cell.series);
            if let Some(series) = series.filter(|it| it.failure.is_none() && it.samples.len() < runs) {
                series.failure = Some(message.to_owned());
            }
        }
    }

    fn fail_all(&mut self, stage: &mut Stage, message: &str) {
        for at in 0..stage.cells.len() {
            self.meter.give_up(at);
        }
        for cell in &mut stage.cells {
            cell.alive = false;
            if let Some(series) = self.run.series.get_mut(cell.series) {
                series.failure = Some(message.to_owned());
            }
        }
        self.warn(WarningKind::Failed, Some(stage.name.clone()), message);
    }

    fn clear_up(&self, stage: &Stage) {
        for disk in [&self.work, self.caches()] {
            // What stays behind goes at the end of the run, or is told by the caller's own folder.
            let _ = disk.remove(&disk.root().join(stage.folder()));
        }
    }
}

#[cfg(test)]
mod tests;
