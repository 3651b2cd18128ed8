//! Filling the warm cache of a program, and proving that it is warm.

use std::path::Path;

use super::disk::count_files;
use super::expected;
use super::session::{Halt, Session};
use super::stage::{Change, Stage};
use super::warm::{self, Warmth};
use crate::contenders::{ContenderKind, Program};
use crate::machine::link_mode;
use crate::model::{Operation, WarningKind};

impl Session<'_> {
    /// Fills the cache of a program with all that the scenario needs. When the cache cannot be proven to be warm, the cells that
    /// would be called warm are given up, and for the others there is a warning.
    pub(super) fn prime(&mut self, stage: &mut Stage, program: Program) -> Result<(), Halt> {
        let of_program = |cell: &&super::stage::Cell| cell.alive && cell.kind.program() == program;
        let needs_it =
            |operation| !matches!(operation, Operation::InstallCold | Operation::CreateEnvironment);
        let mut cells = stage.cells.iter().filter(of_program).filter(|cell| needs_it(cell.operation));
        let Some(kind) = cells.next().map(|cell| cell.kind) else { return Ok(()) };
        self.doing(&format!("{}: filling the cache of {}", stage.name, kind.id()));
        match self.fill(stage, kind) {
            Ok(Warmth::Warm) => Ok(()),
            Ok(warmth) => {
                self.not_warm(stage, program, warmth.why().unwrap_or_default());
                Ok(())
            }
            Err(Halt::Interrupted) => Err(Halt::Interrupted),
            Err(Halt::Failed(message)) => {
                for at in 0..stage.cells.len() {
                    let hit = stage.cells.get(at).is_some_and(|cell| {
                        cell.alive && cell.kind.program() == program && needs_it(cell.operation)
                    });
                    if hit {
                        self.give_up(stage, at, &message);
                    }
                }
                Ok(())
            }
        }
    }

    /// Installs everything twice: the first time to fill the cache, the second time to see that all of it comes from there.
    fn fill(&mut self, stage: &mut Stage, kind: ContenderKind) -> Result<Warmth, Halt> {
        let environment = self.new_environment(stage)?;
        let first = self.install(stage, kind, &environment, &stage.list);
        let change = match &stage.change {
            Some(Change::Version { list, .. }) => {
                first.and_then(|()| self.install(stage, kind, &environment, list))
            }
            _ => first,
        };
        if kind.program() == Program::Uv && self.run.machine.link_mode.is_none() {
            self.see_links(&environment);
        }
        self.remove(&environment)?;
        change?;
        let environment = self.new_environment(stage)?;
        let warmth = self.prove(stage, kind, &environment);
        self.remove(&environment)?;
        warmth
    }

    fn prove(&self, stage: &Stage, kind: ContenderKind, environment: &Path) -> Result<Warmth, Halt> {
        let places = stage.places(self, kind.program(), environment, &stage.list);
        let Some(command) = self.kit.command(kind, Operation::InstallWarm, &places) else {
            return Ok(Warmth::Unknown("it installs nothing".to_owned()));
        };
        let before = count_files(&places.cache);
        let expected = stage.expected.len();
        let said = if kind.program() == Program::Uv {
            let answer = self.execute(&command.arg("-v"))?;
            warm::of_verbose_uv(&self.uv_version, &answer.stderr, expected)
        } else {
            let answer = self.execute(&command)?;
            warm::of_pip(&String::from_utf8_lossy(&answer.stdout), expected)
        };
        Ok(said.and(|| warm::of_cache(before, &places.cache)))
    }

    fn see_links(&mut self, environment: &Path) {
        let file_system = self.run.machine.file_system.clone();
        let folders = expected::site_packages(environment);
        self.run.machine.link_mode =
            folders.iter().find_map(|folder| link_mode(folder, file_system.as_deref()));
    }

    fn not_warm(&mut self, stage: &mut Stage, program: Program, why: &str) {
        let mut others = Vec::new();
        for at in 0..stage.cells.len() {
            let Some(cell) = stage.cells.get(at) else { continue };
            if !cell.alive || cell.kind.program() != program {
                continue;
            }
            match cell.operation {
                Operation::InstallWarm => self.refuse(stage, at, why),
                Operation::Resolve | Operation::SyncAfterChange => {
                    others.push((cell.operation, cell.kind));
                }
                _ => {}
            }
        }
        for (operation, kind) in others {
            let place = format!("{} {} {}", stage.name, operation.id(), kind.id());
            let message = format!("measured, but not with a warm cache: {why}");
            self.warn(WarningKind::Cache, Some(place), message);
        }
    }

    /// A run that is not warm is not called so.
    pub(super) fn refuse(&mut self, stage: &mut Stage, at: usize, why: &str) {
        let Some(cell) = stage.cells.get_mut(at) else { return };
        cell.alive = false;
        self.meter.give_up(at);
        let place = format!("{} {} {}", stage.name, cell.operation.id(), cell.kind.id());
        let message = format!("not called warm: {why}");
        if let Some(series) = self.run.series.get_mut(cell.series) {
            series.failure = Some(message.clone());
        }
        self.warn(WarningKind::Cache, Some(place), message);
    }
}
