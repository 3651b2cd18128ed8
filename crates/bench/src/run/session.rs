//! What one run carries along: the plan, the tools, the folders, the progress, and the result so far.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use uvshift_process::{CommandSpec, Measured, Measurer, ProcessError};

use super::disk::Disk;
use super::error::RunError;
use super::kit::Kit;
use super::meter::Meter;
use super::probe::{self, Maker, Pip, Python};
use super::surroundings::Surroundings;
use super::{Observer, Plan, Tools};
use crate::contenders::{ContenderKind, Program};
use crate::model::{Contender, Machine, Operation, Run, Settings, Warning, WarningKind};

/// The oldest pip that is not called old when the newest one is not known.
const NOT_OLD: u32 = 25;

/// Why something was not measured.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// The caller wants to stop.
    Interrupted,
    /// A line for people.
    Failed(String),
}

/// One run on its way.
pub(super) struct Session<'a> {
    pub(super) plan: &'a Plan,
    pub(super) observer: &'a mut dyn Observer,
    measurer: &'a dyn Measurer,
    interrupt: &'a AtomicBool,
    pub(super) work: Disk,
    caches: Option<Disk>,
    pub(super) kit: Kit,
    pub(super) uv_version: String,
    pub(super) python: Python,
    /// Those of the plan that can be measured here.
    pub(super) contenders: Vec<ContenderKind>,
    pub(super) meter: Meter,
    pub(super) started: Instant,
    pub(super) run: Run,
}

impl<'a> Session<'a> {
    /// Takes the folders, asks the tools and gets the pips ready.
    pub(super) fn begin(
        plan: &'a Plan,
        tools: &'a Tools,
        measurer: &'a dyn Measurer,
        observer: &'a mut dyn Observer,
        interrupt: &'a AtomicBool,
    ) -> Result<Self, RunError> {
        let started = Instant::now();
        let work = Disk::take(&plan.work)?;
        let caches = plan.caches.as_deref().map(Disk::take).transpose()?;
        let folder = |name: &str| {
            work.make(name).map_err(|source| RunError::Folder { path: work.root().join(name), source })
        };
        let (home, temporary) = (folder("home")?, folder("tmp")?);
        let surroundings = Surroundings::new(&plan.index, &home, &temporary, plan.timeout);
        let python = probe::python(tools, &surroundings, measurer)?;
        let uv_version = probe::uv(tools, &surroundings, measurer)?;
        let kit = Kit {
            python: tools.python.clone(),
            uv: tools.uv.clone(),
            pip: None,
            pip_newest: None,
            index: plan.index.clone(),
            surroundings,
        };
        let cache_root = caches.as_ref().map_or(work.root(), Disk::root);
        let mut machine = Machine::read(work.root(), cache_root, measurer);
        machine.python = Some(python.version.clone());
        let run = empty_run(plan, machine);
        let contenders = Vec::new();
        let meter = Meter::default();
        let mut session = Self {
            plan,
            observer,
            measurer,
            interrupt,
            work,
            caches,
            kit,
            uv_version,
            python,
            contenders,
            meter,
            started,
            run,
        };
        session.warn_of_machine();
        session.find_contenders(tools);
        Ok(session)
    }

    /// The folder in which caches are.
    pub(super) fn caches(&self) -> &Disk {
        self.caches.as_ref().unwrap_or(&self.work)
    }

    /// Removes what is below one of the private folders.
    pub(super) fn remove(&self, path: &Path) -> Result<(), Halt> {
        let disk = if path.starts_with(self.work.root()) { &self.work } else { self.caches() };
        disk.remove(path).map_err(|error| Halt::Failed(format!("cannot clear up: {error}")))
    }

    /// Runs a command to a good end.
    pub(super) fn execute(&self, spec: &CommandSpec) -> Result<Measured, Halt> {
        self.check_interrupt()?;
        let measured = self.measurer.measure(spec);
        // When the caller wants to stop, whatever came of the command says nothing about it.
        if matches!(measured, Err(ProcessError::Interrupted { .. })) {
            return Err(Halt::Interrupted);
        }
        let good = probe::checked(measured, spec);
        if good.is_err() {
            self.check_interrupt()?;
        }
        good.map_err(Halt::Failed)
    }

    pub(super) fn check_interrupt(&self) -> Result<(), Halt> {
        if self.interrupt.load(Ordering::Relaxed) { Err(Halt::Interrupted) } else { Ok(()) }
    }

    /// Adds a warning and tells it.
    pub(super) fn warn(&mut self, kind: WarningKind, place: Option<String>, message: impl Into<String>) {
        let warning = Warning { kind, place, message: message.into() };
        if !self.run.warnings.contains(&warning) {
            self.observer.warning(&warning);
            self.run.warnings.push(warning);
        }
    }

    /// Gives the folders back as they were taken: empty.
    pub(super) fn end(self) -> Run {
        self.work.empty();
        if let Some(caches) = &self.caches {
            caches.empty();
        }
        self.run
    }

    fn warn_of_machine(&mut self) {
        let machine = &self.run.machine;
        let noise = noise(machine.load, machine.cores);
        if machine.same_device == Some(false) {
            let message = "caches and environments are on different devices, so uv copies files instead of linking them";
            self.warn(WarningKind::Device, None, message);
        }
        if let Some(message) = noise {
            self.warn(WarningKind::Noise, None, message);
        }
    }

    /// Which contenders of the plan can be measured here, each once and in the usual order.
    fn find_contenders(&mut self, tools: &Tools) {
        let wanted = |kind: &ContenderKind| self.plan.contenders.contains(kind);
        let wanted: Vec<_> = ContenderKind::ALL.into_iter().filter(wanted).collect();
        let needs = |program| wanted.iter().any(|kind| kind.program() == program);
        let (pip, newest) = (needs(Program::Pip), needs(Program::PipNewest));
        let given = if pip || newest { self.given_pip(tools) } else { None };
        let newest = if newest { self.newest_pip(tools, given.as_ref()) } else { None };
        self.warn_of_old_pip(given.as_ref().filter(|_| pip), newest.as_ref());
        for kind in wanted {
            let version = match kind.program() {
                Program::Uv => Some(self.uv_version.clone()),
                Program::Venv => Some(self.python.version.clone()),
                Program::Pip => given.as_ref().map(|pip| pip.version.clone()),
                Program::PipNewest => newest.as_ref().map(|pip| pip.version.clone()),
            };
            if let Some(version) = version {
                let label = label(kind, &version);
                self.run.contenders.push(Contender { id: kind.id().to_owned(), label, version });
                self.contenders.push(kind);
            }
        }
        self.warn_of_bytecode();
        self.kit.pip = given.map(|pip| pip.start);
        self.kit.pip_newest = newest.map(|pip| pip.start);
    }

    fn make<T>(&self, tools: &Tools, make: impl FnOnce(&Maker<'_>) -> T) -> T {
        make(&Maker {
            plan: self.plan,
            tools,
            surroundings: &self.kit.surroundings,
            measurer: self.measurer,
            disk: &self.work,
            cache: &self.caches().root().join("cache-of-pips"),
        })
    }

    fn given_pip(&mut self, tools: &Tools) -> Option<Pip> {
        match self.make(tools, |maker| probe::pip_of(&self.python, maker)) {
            Ok(Some(pip)) => Some(pip),
            Ok(None) => {
                let message = format!("Python {} has no pip", self.python.version);
                self.warn(WarningKind::Failed, Some("pip".to_owned()), message);
                None
            }
            Err(message) => {
                let message =
                    format!("the pip of this Python cannot be run in other environments: {message}");
                self.warn(WarningKind::Failed, Some("pip".to_owned()), message);
                None
            }
        }
    }

    /// The newest pip, unless it is the one that is there already.
    fn newest_pip(&mut self, tools: &Tools, given: Option<&Pip>) -> Option<Pip> {
        self.observer.doing("the newest pip", self.meter.progress());
        match self.make(tools, |maker| maker.make("newest", "pip")) {
            Ok(pip) if given.is_some_and(|given| given.version == pip.version) => None,
            Ok(pip) => Some(pip),
            Err(message) => {
                let message = format!("the newest pip cannot be had: {message}");
                self.warn(WarningKind::Failed, Some("pip-newest".to_owned()), message);
                None
            }
        }
    }

    fn warn_of_old_pip(&mut self, given: Option<&Pip>, newest: Option<&Pip>) {
        let year = |pip: &Pip| pip.version.split('.').next().and_then(|year| year.parse::<u32>().ok());
        let Some((pip, of_given)) = given.and_then(|pip| Some((pip, year(pip)?))) else { return };
        let oldest = newest.and_then(year).unwrap_or(NOT_OLD);
        if of_given < oldest {
            let version = &pip.version;
            let message =
                format!("pip {version} is old; a newer one is faster, which makes uv's lead smaller");
            self.warn(WarningKind::OldPip, Some("pip".to_owned()), message);
        }
    }

    fn warn_of_bytecode(&mut self) {
        let has = |kind| self.contenders.contains(&kind);
        let installs = Operation::ALL.into_iter().filter(|it| ContenderKind::UvBytecode.takes_part(*it));
        let installs = installs.into_iter().any(|it| self.measures(it));
        let pips = has(ContenderKind::Pip) || has(ContenderKind::PipNewest);
        if !installs || !pips || !has(ContenderKind::Uv) {
            return;
        }
        let pairs = if has(ContenderKind::UvBytecode) {
            "`uv-bytecode` is the one that does the same work as `pip`"
        } else if has(ContenderKind::PipNoCompile) {
            "`pip-no-compile` is the one that does the same work as `uv`"
        } else {
            "no contender here does the same work as the other one"
        };
        let message = format!("pip compiles bytecode when it installs and uv does not: {pairs}");
        self.warn(WarningKind::Bytecode, None, message);
    }

    /// Whether the plan has the operation for any scenario.
    fn measures(&self, operation: Operation) -> bool {
        self.plan.scenarios.iter().any(|it| self.plan.operations_of(it).contains(&operation))
    }
}

fn label(kind: ContenderKind, version: &str) -> String {
    match kind {
        ContenderKind::Pip | ContenderKind::PipNewest => format!("pip {version}"),
        ContenderKind::PipNoCompile | ContenderKind::PipNewestNoCompile => {
            format!("pip {version} --no-compile")
        }
        ContenderKind::VenvWithoutPip => format!("venv of Python {version} --without-pip"),
        ContenderKind::Uv => format!("uv {version}"),
        ContenderKind::UvBytecode => format!("uv {version} --compile-bytecode"),
    }
}

fn empty_run(plan: &Plan, machine: Machine) -> Run {
    Run {
        uvshift: env!("CARGO_PKG_VERSION").to_owned(),
        started: now(),
        finished: None,
        machine,
        settings: Settings {
            runs: plan.runs,
            warmups: plan.warmups,
            seed: plan.seed,
            timeout: plan.timeout.as_secs_f64(),
            local_index: plan.index.local,
            quick: plan.quick,
        },
        contenders: Vec::new(),
        scenarios: Vec::new(),
        series: Vec::new(),
        warnings: Vec::new(),
    }
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// What to say of a machine that has more to do than it can at the same time.
fn noise(load: Option<f64>, cores: usize) -> Option<String> {
    let limit = f64::from(u32::try_from(cores).unwrap_or(u32::MAX));
    let load = load.filter(|load| *load > limit)?;
    Some(format!("the load was {load:.1} at the start, with {cores} processors"))
}

#[cfg(test)]
mod tests {
    use super::noise;

    #[test]
    fn a_load_above_the_number_of_processors_is_noise() {
        assert_eq!(noise(Some(2.0), 2), None);
        assert!(noise(Some(2.1), 2).is_some_and(|message| message.contains("2.1")));
        assert_eq!(noise(None, 2), None);
    }
}
