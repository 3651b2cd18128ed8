//! One scenario made ready: its pins, the cells to measure, and what each program needs before.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use uvshift_process::CommandSpec;

use super::asked::{self, Asked};
use super::expected::{self, Packages};
use super::kit::{Places, python_of};
use super::resolved;
use super::session::{Halt, Session};
use crate::contenders::{ContenderKind, Program};
use crate::model::{Operation, Scenario, Series, WarningKind};
use crate::scenario::ScenarioSpec;

/// A scenario while it is measured.
pub(super) struct Stage {
    pub(super) name: String,
    /// The folder of the scenario, in the work folder and in that of the caches.
    folder: String,
    /// The requirements as they were asked for.
    pub(super) requirements: PathBuf,
    /// The pins that every contender installs.
    pub(super) list: PathBuf,
    pub(super) expected: Packages,
    pub(super) change: Option<Change>,
    pub(super) cells: Vec<Cell>,
    /// An empty environment, for choosing versions.
    pub(super) empty: PathBuf,
    serial: u32,
}

/// One series while it is measured.
pub(super) struct Cell {
    pub(super) kind: ContenderKind,
    pub(super) operation: Operation,
    /// Its place in the run.
    pub(super) series: usize,
    /// Whether it is still measured.
    pub(super) alive: bool,
    /// The environment that outlives a single measurement.
    pub(super) kept: Option<PathBuf>,
}

/// What changes for [`Operation::SyncAfterChange`].
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// One pin has another version.
    Version {
        /// The pins with the other version.
        list: PathBuf,
        /// What they come to.
        expected: Packages,
    },
    /// A package that is on the list is not in the environment.
    Added {
        /// Its name.
        name: String,
    },
}

impl Session<'_> {
    /// The series of a scenario, still empty.
    pub(super) fn plan_stage(&mut self, number: usize, spec: &ScenarioSpec) -> Stage {
        let mut cells = Vec::new();
        for operation in self.plan.operations_of(spec) {
            for kind in self.contenders.clone() {
                if kind.takes_part(operation) {
                    let command = self.kit.shown(kind, operation);
                    cells.push(Cell {
                        kind,
                        operation,
                        series: self.run.series.len(),
                        alive: true,
                        kept: None,
                    });
                    self.run.series.push(Series {
                        scenario: spec.name.clone(),
                        operation,
                        contender: kind.id().to_owned(),
                        command,
                        samples: Vec::new(),
                        failure: None,
                    });
                }
            }
        }
        self.run.scenarios.push(Scenario {
            name: spec.name.clone(),
            description: spec.description.clone(),
            requirements: asked::texts(&spec.requirements),
            packages: None,
        });
        Stage {
            name: spec.name.clone(),
            folder: format!("{number}-{}", spec.name),
            requirements: PathBuf::new(),
            list: PathBuf::new(),
            expected: Packages::new(),
            change: None,
            cells,
            empty: PathBuf::new(),
            serial: 0,
        }
    }

    /// Everything that comes before the first measurement of a scenario.
    pub(super) fn prepare(&mut self, stage: &mut Stage, spec: &ScenarioSpec) -> Result<(), Halt> {
        self.doing(&format!("{}: getting ready", stage.name));
        for program in [Program::Uv, Program::Pip, Program::PipNewest] {
            let folder = stage.cache_folder(program);
            self.caches().make(&folder).map_err(|error| failed(&error))?;
        }
        if stage.cells.iter().all(|cell| cell.operation == Operation::CreateEnvironment) {
            return Ok(());
        }
        self.write_requirements(stage, spec)?;
        stage.empty = self.new_environment(stage)?;
        self.pin(stage)?;
        if stage.measures(Operation::SyncAfterChange) {
            stage.change = Some(self.find_change(stage, spec)?);
        }
        for program in [Program::Uv, Program::Pip, Program::PipNewest] {
            self.prime(stage, program)?;
        }
        self.keep_environments(stage)
    }

    /// What was asked for, as a file for both tools.
    fn write_requirements(&mut self, stage: &mut Stage, spec: &ScenarioSpec) -> Result<(), Halt> {
        let unreadable = |error: io::Error| Halt::Failed(format!("the requirements cannot be read: {error}"));
        let (found, left_out) = asked::asked(&spec.requirements).map_err(unreadable)?;
        stage.requirements = match found {
            Asked::File(file) => file,
            Asked::Text(text) => {
                let path = format!("{}/requirements.in", stage.folder);
                self.work.write(&path, &text).map_err(|error| failed(&error))?
            }
        };
        if !left_out.is_empty() {
            let message =
                format!("left out, since they would have to be built here: {}", left_out.join(", "));
            self.warn(WarningKind::Failed, Some(stage.name.clone()), message);
        }
        Ok(())
    }

    /// Resolves once, so that every contender installs the same. pip steps in for what uv cannot resolve.
    fn pin(&mut self, stage: &mut Stage) -> Result<(), Halt> {
        let places = stage.places(self, Program::Uv, &stage.empty, &stage.requirements);
        let by_uv = self.kit.uv_with(&["pip", "compile", "--no-header", "--no-annotate"], &places);
        let mut by_uv = self.kit.surroundings.dress(by_uv.arg(&stage.requirements));
        if let Some(folder) = stage.requirements.parent() {
            by_uv = by_uv.current_dir(folder);
        }
        let text = match self.execute(&by_uv) {
            Ok(answer) => String::from_utf8_lossy(&answer.stdout).into_owned(),
            Err(Halt::Interrupted) => return Err(Halt::Interrupted),
            Err(Halt::Failed(message)) => self.pin_by_pip(stage, &message)?,
        };
        stage.expected = expected::of_pins(&text);
        if stage.expected.is_empty() {
            return Err(Halt::Failed("the requirements come to no packages".to_owned()));
        }
        let path = format!("{}/requirements.txt", stage.folder);
        stage.list = self.work.write(&path, &text).map_err(|error| failed(&error))?;
        let count = u32::try_from(stage.expected.len()).ok();
        if let Some(scenario) = self.run.scenarios.iter_mut().find(|it| it.name == stage.name) {
            scenario.packages = count;
        }
        Ok(())
    }

    fn pin_by_pip(&mut self, stage: &Stage, of_uv: &str) -> Result<String, Halt> {
        let places = stage.places(self, Program::Pip, &stage.empty, &stage.requirements);
        let command = [ContenderKind::Pip, ContenderKind::PipNewest]
            .into_iter()
            .find_map(|kind| self.kit.command(kind, Operation::Resolve, &places));
        let Some(command) = command else {
            return Err(Halt::Failed(format!("the requirements cannot be resolved: {of_uv}")));
        };
        match self.execute(&command) {
            Ok(_) => {}
            Err(Halt::Failed(of_pip)) => {
                let message = format!("the requirements cannot be resolved: uv: {of_uv}; pip: {of_pip}");
                return Err(Halt::Failed(message));
            }
            Err(halt) => return Err(halt),
        }
        let message = format!("uv cannot resolve this, so pip's versions are installed: {of_uv}");
        self.warn(WarningKind::Failed, Some(stage.name.clone()), message);
        resolved::pins_of_report(&places.report).map_err(Halt::Failed)
    }

    /// An empty environment at a path that was never used before.
    pub(super) fn new_environment(&self, stage: &mut Stage) -> Result<PathBuf, Halt> {
        let environment = self.new_path(stage)?;
        let cache = self.caches().root().join(stage.cache_folder(Program::Uv));
        self.execute(&self.kit.environment(&environment, &cache))?;
        Ok(environment)
    }

    /// A path where nothing is.
    pub(super) fn new_path(&self, stage: &mut Stage) -> Result<PathBuf, Halt> {
        stage.serial += 1;
        let folder = self.work.make(&format!("{}/env", stage.folder)).map_err(|error| failed(&error))?;
        Ok(folder.join(format!("e{:05}", stage.serial)))
    }

    /// An empty cache. One that was there before would be an error.
    pub(super) fn new_cache(&self, stage: &mut Stage) -> Result<PathBuf, Halt> {
        stage.serial += 1;
        let path = format!("{}/cold/c{:05}", stage.folder, stage.serial);
        self.caches().make_new(&path).map_err(|error| Halt::Failed(format!("no cold cache: {error}")))
    }

    /// An environment with everything of the list, for those operations that begin with one.
    fn keep_environments(&mut self, stage: &mut Stage) -> Result<(), Halt> {
        for at in 0..stage.cells.len() {
            let Some(cell) = stage.cells.get(at) else { continue };
            let (kind, operation) = (cell.kind, cell.operation);
            if !cell.alive || !matches!(operation, Operation::NoOp | Operation::SyncAfterChange) {
                continue;
            }
            let made = self.filled_environment(stage, kind).and_then(|environment| {
                if operation == Operation::SyncAfterChange {
                    self.take_out_the_added(stage, &environment)?;
                }
                Ok(environment)
            });
            match made {
                Ok(environment) => {
                    if let Some(cell) = stage.cells.get_mut(at) {
                        cell.kept = Some(environment);
                    }
                }
                Err(Halt::Failed(message)) => self.give_up(stage, at, &message),
                Err(halt) => return Err(halt),
            }
        }
        Ok(())
    }

    fn filled_environment(&self, stage: &mut Stage, kind: ContenderKind) -> Result<PathBuf, Halt> {
        let environment = self.new_environment(stage)?;
        self.install(stage, kind, &environment, &stage.list)?;
        Ok(environment)
    }

    /// Installs a list from the warm cache, unmeasured.
    pub(super) fn install(
        &self,
        stage: &Stage,
        kind: ContenderKind,
        environment: &Path,
        list: &Path,
    ) -> Result<(), Halt> {
        let places = stage.places(self, kind.program(), environment, list);
        let command = self.kit.command(kind, Operation::InstallWarm, &places);
        command.map_or(Ok(()), |command| self.execute(&command).map(drop))
    }

    /// For a change that adds a package: takes it out of an environment. Done by uv, unmeasured.
    pub(super) fn take_out_the_added(&self, stage: &Stage, environment: &Path) -> Result<(), Halt> {
        let Some(Change::Added { name }) = &stage.change else { return Ok(()) };
        let spec = CommandSpec::new(&self.kit.uv)
            .args(["pip", "uninstall", "--python"])
            .arg(python_of(environment))
            .arg("--cache-dir")
            .arg(self.caches().root().join(stage.cache_folder(Program::Uv)))
            .arg(name);
        self.execute(&self.kit.surroundings.dress(spec)).map(drop)
    }

    /// No more measurements in this cell, for this reason.
    pub(super) fn give_up(&mut self, stage: &mut Stage, at: usize, message: &str) {
        let Some(cell) = stage.cells.get_mut(at) else { return };
        cell.alive = false;
        self.meter.give_up(at);
        let place = format!("{} {} {}", stage.name, cell.operation.id(), cell.kind.id());
        if let Some(series) = self.run.series.get_mut(cell.series) {
            series.failure = Some(message.to_owned());
        }
        self.warn(WarningKind::Failed, Some(place), message);
    }

    /// Tells what begins.
    pub(super) fn doing(&mut self, what: &str) {
        self.observer.doing(what, self.meter.progress());
    }
}

impl Stage {
    /// Whether any living cell has this operation.
    pub(super) fn measures(&self, operation: Operation) -> bool {
        self.cells.iter().any(|cell| cell.alive && cell.operation == operation)
    }

    /// The operations, each once.
    pub(super) fn operations(&self) -> Vec<Operation> {
        let all: BTreeSet<_> = self.cells.iter().map(|cell| cell.operation).collect();
        all.into_iter().collect()
    }

    /// The warm cache of a program.
    pub(super) fn cache_folder(&self, program: Program) -> String {
        let name = match program {
            Program::Pip => "pip",
            Program::PipNewest => "pip-newest",
            Program::Uv | Program::Venv => "uv",
        };
        format!("{}/cache-{name}", self.folder)
    }

    /// The places of a command with the warm cache of its program.
    pub(super) fn places(
        &self,
        session: &Session<'_>,
        program: Program,
        environment: &Path,
        list: &Path,
    ) -> Places {
        Places {
            environment: environment.to_owned(),
            cache: session.caches().root().join(self.cache_folder(program)),
            list: list.to_owned(),
            report: session.work.root().join(&self.folder).join("report.json"),
        }
    }

    /// The folder of the scenario, below each of the private folders.
    pub(super) fn folder(&self) -> &str {
        &self.folder
    }
}

pub(super) fn failed(error: &io::Error) -> Halt {
    Halt::Failed(format!("the work folder cannot be used: {error}"))
}
