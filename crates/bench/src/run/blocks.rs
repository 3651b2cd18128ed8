//! The measuring: blocks in which every contender runs once, in random order.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use uvshift_process::Measured;

use super::expected::{self, difference};
use super::kit::Places;
use super::order::order;
use super::resolved;
use super::session::{Halt, Session};
use super::stage::{Change, Stage};
use super::warm;
use crate::contenders::Program;
use crate::machine;
use crate::model::{Operation, Sample, WarningKind};

/// Why a scenario came to an end before all its blocks.
pub(super) enum Cut {
    /// Its time was over, after so many whole rounds.
    Time(u32),
    /// The caller wants to stop.
    Interrupted,
}

impl Session<'_> {
    /// Warm-ups, then the blocks. Each round has one block of every operation, so that a run that is cut short has about as
    /// many samples of each.
    pub(super) fn measure(&mut self, stage: &mut Stage, end: Option<Instant>) -> Result<(), Cut> {
        for _ in 0..self.plan.warmups {
            self.round(stage, None, 0, end)?;
        }
        for block in 0..self.plan.runs {
            self.round(stage, Some(block), block, end)?;
        }
        Ok(())
    }

    fn round(
        &mut self,
        stage: &mut Stage,
        block: Option<u32>,
        rounds: u32,
        end: Option<Instant>,
    ) -> Result<(), Cut> {
        let operations = stage.operations();
        let number = block.map_or(u32::MAX, |block| block);
        for at in order(self.plan.seed, &stage.name, number, operations.len()) {
            let Some(operation) = operations.get(at) else { continue };
            if !self.has_time(stage, *operation, end) {
                return Err(Cut::Time(rounds));
            }
            self.block(stage, *operation, block).map_err(|()| Cut::Interrupted)?;
        }
        Ok(())
    }

    /// Whether a block of this operation would end in time, to go by those before.
    fn has_time(&self, stage: &Stage, operation: Operation, end: Option<Instant>) -> bool {
        let Some(end) = end else { return true };
        let cells =
            stage.cells.iter().enumerate().filter(|(_, cell)| cell.alive && cell.operation == operation);
        let needed: Duration = cells.filter_map(|(at, _)| self.meter.mean(at)).sum();
        Instant::now() + needed < end
    }

    /// One block: every contender once. The order is that of the seed; who has failed before is left out of it.
    fn block(&mut self, stage: &mut Stage, operation: Operation, block: Option<u32>) -> Result<(), ()> {
        let cells: Vec<usize> = (0..stage.cells.len())
            .filter(|at| stage.cells.get(*at).is_some_and(|it| it.operation == operation))
            .collect();
        let place = format!("{} {}", stage.name, operation.id());
        let mut position = 0;
        for turn in order(self.plan.seed, &place, block.unwrap_or(u32::MAX), cells.len()) {
            let Some(at) = cells.get(turn).copied() else { continue };
            if !stage.cells.get(at).is_some_and(|cell| cell.alive) {
                continue;
            }
            self.turn(stage, at, block, position)?;
            position += 1;
        }
        Ok(())
    }

    /// One command of one contender. The error is an interruption.
    fn turn(&mut self, stage: &mut Stage, at: usize, block: Option<u32>, position: u32) -> Result<(), ()> {
        let Some(cell) = stage.cells.get(at) else { return Ok(()) };
        let (kind, operation, series) = (cell.kind, cell.operation, cell.series);
        self.doing(&format!("{}: {}, {}", stage.name, operation.id(), kind.id()));
        let started = Instant::now();
        match self.attempt(stage, at) {
            Err(Refusal::Halt(Halt::Interrupted)) => return Err(()),
            Err(Refusal::Halt(Halt::Failed(message))) => self.give_up(stage, at, &message),
            Err(Refusal::NotWarm(why)) => self.refuse(stage, at, &why),
            Ok((measured, load)) => {
                self.meter.ran(at, started.elapsed());
                if let Some(block) = block {
                    let sample = sample(&measured, block, position, load);
                    if let Some(series) = self.run.series.get_mut(series) {
                        series.samples.push(sample);
                    }
                    self.observer.sample(&self.run, self.meter.progress());
                }
            }
        }
        Ok(())
    }

    /// Sets the state, measures, looks at the result, and takes the state back; only the command itself is timed.
    fn attempt(&mut self, stage: &mut Stage, at: usize) -> Result<(Measured, Option<f64>), Refusal> {
        let Some(cell) = stage.cells.get(at) else { return Err(Halt::Failed(String::new()).into()) };
        let (kind, operation) = (cell.kind, cell.operation);
        let places = self.set_up(stage, at)?;
        let command = self.kit.command(kind, operation, &places);
        let command = command.ok_or_else(|| Halt::Failed("there is no such command".to_owned()))?;
        let load = machine::load();
        let measured = self.execute(&command).map_err(Refusal::Halt);
        let looked_at =
            measured.and_then(|measured| self.look_at(stage, at, &places, &measured).map(|()| measured));
        if !matches!(looked_at, Err(Refusal::Halt(Halt::Interrupted))) {
            self.take_back(stage, at, &places)?;
        }
        Ok((looked_at?, load))
    }

    fn set_up(&self, stage: &mut Stage, at: usize) -> Result<Places, Halt> {
        let Some(cell) = stage.cells.get(at) else { return Err(Halt::Failed(String::new())) };
        let (program, operation, kept) = (cell.kind.program(), cell.operation, cell.kept.clone());
        let (environment, list) = match operation {
            Operation::Resolve => (stage.empty.clone(), stage.requirements.clone()),
            Operation::InstallCold | Operation::InstallWarm => {
                (self.new_environment(stage)?, stage.list.clone())
            }
            Operation::CreateEnvironment => (self.new_path(stage)?, PathBuf::new()),
            _ => {
                let kept = kept.ok_or_else(|| Halt::Failed("its environment is not there".to_owned()))?;
                let list = match &stage.change {
                    Some(Change::Version { list, .. }) if operation == Operation::SyncAfterChange => list,
                    _ => &stage.list,
                };
                (kept, list.clone())
            }
        };
        let mut places = stage.places(self, program, &environment, &list);
        if operation == Operation::InstallCold {
            places.cache = self.new_cache(stage)?;
        }
        if operation == Operation::Resolve {
            self.remove(&places.report)?;
        }
        Ok(places)
    }

    /// Every figure is thrown away whose command did not do what it should have done.
    fn look_at(
        &mut self,
        stage: &Stage,
        at: usize,
        places: &Places,
        measured: &Measured,
    ) -> Result<(), Refusal> {
        let Some(cell) = stage.cells.get(at) else { return Ok(()) };
        let stdout = String::from_utf8_lossy(&measured.stdout);
        let is_uv = cell.kind.program() == Program::Uv;
        if cell.operation == Operation::InstallWarm {
            let warmth = if is_uv {
                warm::of_quiet_uv(&self.uv_version, &measured.stderr)
            } else {
                warm::of_pip(&stdout, stage.expected.len())
            };
            if let Some(why) = warmth.why() {
                return Err(Refusal::NotWarm(why.to_owned()));
            }
        }
        if cell.operation == Operation::NoOp {
            let busy =
                |line: &str| line.starts_with("Installed ") || line.starts_with("Successfully installed ");
            if stdout.lines().chain(measured.stderr.lines()).any(busy) {
                return Err(
                    Halt::Failed("it installed something although everything was there".into()).into()
                );
            }
        }
        let expected = match (cell.operation, &stage.change) {
            (Operation::Resolve, _) => return self.look_at_pins(stage, at, places, &stdout),
            (Operation::CreateEnvironment, _) => {
                let made = super::kit::python_of(&places.environment).exists();
                let missing = || Halt::Failed("it made no environment".to_owned()).into();
                return if made { Ok(()) } else { Err(missing()) };
            }
            (Operation::SyncAfterChange, Some(Change::Version { expected, .. })) => expected,
            _ => &stage.expected,
        };
        match difference(expected, &expected::of_environment(&places.environment)) {
            None => Ok(()),
            Some(wrong) => {
                Err(Halt::Failed(format!("the environment is not as it should be: {wrong}")).into())
            }
        }
    }

    /// A resolver has to come to something. When that is not what the others have come to, the reader is told.
    fn look_at_pins(
        &mut self,
        stage: &Stage,
        at: usize,
        places: &Places,
        stdout: &str,
    ) -> Result<(), Refusal> {
        let Some(cell) = stage.cells.get(at) else { return Ok(()) };
        let pins = if cell.kind.program() == Program::Uv {
            stdout.to_owned()
        } else {
            resolved::pins_of_report(&places.report).map_err(Halt::Failed)?
        };
        let found = expected::of_pins(&pins);
        if found.is_empty() {
            return Err(Halt::Failed("it chose no versions".to_owned()).into());
        }
        if let Some(wrong) = difference(&stage.expected, &found) {
            let place = format!("{} resolve {}", stage.name, cell.kind.id());
            let message = format!("it does not choose what is installed in the other operations: {wrong}");
            self.warn(WarningKind::Failed, Some(place), message);
        }
        Ok(())
    }

    /// The state before the next turn. What only a single turn needed is removed.
    fn take_back(&self, stage: &Stage, at: usize, places: &Places) -> Result<(), Halt> {
        let Some(cell) = stage.cells.get(at) else { return Ok(()) };
        match cell.operation {
            Operation::Resolve | Operation::NoOp => Ok(()),
            Operation::SyncAfterChange => self.undo_change(stage, at, &places.environment),
            Operation::InstallCold => {
                self.remove(&places.cache)?;
                self.remove(&places.environment)
            }
            _ => self.remove(&places.environment),
        }
    }

    /// By the same tool, so that it finds at the next turn what it would have left itself.
    fn undo_change(&self, stage: &Stage, at: usize, environment: &Path) -> Result<(), Halt> {
        let Some(cell) = stage.cells.get(at) else { return Ok(()) };
        match &stage.change {
            Some(Change::Version { .. }) => self.install(stage, cell.kind, environment, &stage.list),
            Some(Change::Added { .. }) => self.take_out_the_added(stage, environment),
            None => Ok(()),
        }
    }
}

/// Why a turn gave no sample.
enum Refusal {
    Halt(Halt),
    NotWarm(String),
}

impl From<Halt> for Refusal {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

fn sample(measured: &Measured, block: u32, position: u32, load: Option<f64>) -> Sample {
    Sample {
        block,
        position,
        wall: measured.wall.as_secs_f64(),
        user: measured.user.as_secs_f64(),
        system: measured.system.as_secs_f64(),
        peak_memory: measured.peak_memory,
        load,
    }
}
