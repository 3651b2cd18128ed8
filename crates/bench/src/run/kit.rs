//! The programs: what they are, and the command of each contender for each operation.

use std::path::{Path, PathBuf};

use uvshift_process::CommandSpec;

use super::surroundings::Surroundings;
use crate::contenders::{ContenderKind, Program};
use crate::index_settings::IndexSettings;
use crate::model::Operation;

/// Everything that commands are made of.
#[derive(Debug)]
pub(super) struct Kit {
    /// The Python that environments are made with.
    pub(super) python: PathBuf,
    pub(super) uv: PathBuf,
    /// What a Python is given to run the pip of the given Python.
    pub(super) pip: Option<PathBuf>,
    /// The same for the newest pip.
    pub(super) pip_newest: Option<PathBuf>,
    pub(super) index: IndexSettings,
    pub(super) surroundings: Surroundings,
}

/// The files and folders of one command.
#[derive(Debug, Clone)]
pub(super) struct Places {
    /// The environment.
    pub(super) environment: PathBuf,
    /// The cache.
    pub(super) cache: PathBuf,
    /// The requirements file.
    pub(super) list: PathBuf,
    /// Where pip reports what it would install.
    pub(super) report: PathBuf,
}

/// The Python of an environment. Always its full path: `-p v2` would mean Python 2 to uv.
pub(super) fn python_of(environment: &Path) -> PathBuf {
    if cfg!(windows) { environment.join("Scripts/python.exe") } else { environment.join("bin/python") }
}

impl Kit {
    /// The command of a contender for an operation, ready to run. `None` when the contender has no part in it.
    pub(super) fn command(
        &self,
        kind: ContenderKind,
        operation: Operation,
        places: &Places,
    ) -> Option<CommandSpec> {
        let bare = match operation {
            Operation::CreateEnvironment => self.create(kind, places),
            Operation::Resolve => self.resolve(kind.program(), places)?,
            _ => self.install(kind, places)?,
        };
        let dressed = self.surroundings.dress(bare);
        // Paths in a user's file are meant from where it stands.
        let folder = places.list.parent().filter(|it| operation == Operation::Resolve && it.is_absolute());
        Some(match folder {
            Some(folder) => dressed.current_dir(folder),
            None => dressed,
        })
    }

    /// The same for people: programs by their names, temporary folders as placeholders.
    pub(super) fn shown(&self, kind: ContenderKind, operation: Operation) -> String {
        let runner = |pip: &PathBuf| Path::new("PIP").join(pip.file_name().unwrap_or_default());
        let kit = Self {
            python: "python".into(),
            uv: "uv".into(),
            pip: self.pip.as_ref().map(runner),
            pip_newest: self.pip_newest.as_ref().map(runner),
            index: self.index.clone(),
            surroundings: Surroundings::new(
                &self.index,
                Path::new("HOME"),
                Path::new("TMP"),
                CommandSpec::DEFAULT_TIMEOUT,
            ),
        };
        let list = if operation == Operation::Resolve { "requirements.in" } else { "requirements.txt" };
        let places = Places {
            environment: "ENV".into(),
            cache: "CACHE".into(),
            list: list.into(),
            report: "REPORT".into(),
        };
        kit.command(kind, operation, &places).map(|spec| spec.to_string()).unwrap_or_default()
    }

    /// An empty environment, made fast and without being measured: the same kind for every contender.
    pub(super) fn environment(&self, environment: &Path, cache: &Path) -> CommandSpec {
        self.surroundings.dress(
            CommandSpec::new(&self.uv)
                .args(["venv", "--no-project", "--python"])
                .arg(&self.python)
                .arg("--cache-dir")
                .arg(cache)
                .arg(environment),
        )
    }

    fn create(&self, kind: ContenderKind, places: &Places) -> CommandSpec {
        match kind.program() {
            Program::Uv => CommandSpec::new(&self.uv)
                .args(["venv", "--no-project", "--python"])
                .arg(&self.python)
                .arg("--cache-dir")
                .arg(&places.cache)
                .arg(&places.environment),
            Program::Venv => {
                CommandSpec::new(&self.python).args(["-m", "venv", "--without-pip"]).arg(&places.environment)
            }
            Program::Pip | Program::PipNewest => {
                CommandSpec::new(&self.python).args(["-m", "venv"]).arg(&places.environment)
            }
        }
    }

    /// Choosing versions and installing nothing. Neither command writes into the environment; pip needs `--ignore-installed`
    /// for that its contents do not matter, `uv pip compile` does not look at them.
    fn resolve(&self, program: Program, places: &Places) -> Option<CommandSpec> {
        Some(match program {
            Program::Venv => return None,
            Program::Uv => self.uv_with(&["pip", "compile"], places).arg(&places.list),
            Program::Pip | Program::PipNewest => self
                .pip_with(program, places)?
                .args(["--dry-run", "--ignore-installed", "--report"])
                .arg(&places.report)
                .arg("-r")
                .arg(&places.list),
        })
    }

    /// Installing exactly what the list has, with `--no-deps`: the list is complete, and the resolver is measured apart.
    fn install(&self, kind: ContenderKind, places: &Places) -> Option<CommandSpec> {
        let spec = match kind.program() {
            Program::Venv => return None,
            Program::Uv => self.uv_with(&["pip", "install"], places),
            program => self.pip_with(program, places)?,
        };
        let spec = match kind {
            ContenderKind::PipNoCompile | ContenderKind::PipNewestNoCompile => spec.arg("--no-compile"),
            ContenderKind::UvBytecode => spec.arg("--compile-bytecode"),
            _ => spec,
        };
        Some(spec.args(["--no-deps", "-r"]).arg(&places.list))
    }

    /// `uv` with a subcommand, the environment, the cache and the index.
    pub(super) fn uv_with(&self, subcommand: &[&str], places: &Places) -> CommandSpec {
        let spec = CommandSpec::new(&self.uv)
            .args(subcommand)
            .arg("--python")
            .arg(python_of(&places.environment))
            .arg("--cache-dir")
            .arg(&places.cache);
        self.index.links(spec, ("UV_FIND_LINKS", ",")).args(&self.index.extra_uv_args)
    }

    /// `pip install` in the environment, which needs no pip of its own.
    fn pip_with(&self, program: Program, places: &Places) -> Option<CommandSpec> {
        let pip = if program == Program::Pip { self.pip.as_ref()? } else { self.pip_newest.as_ref()? };
        let spec = CommandSpec::new(python_of(&places.environment))
            .arg(pip)
            .arg("install")
            .arg("--cache-dir")
            .arg(&places.cache);
        Some(self.index.links(spec, ("PIP_FIND_LINKS", " ")).args(&self.index.extra_pip_args))
    }
}
