//! Who can be measured.

use crate::model::Operation;

/// A tool in one configuration, as it can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ContenderKind {
    /// The pip of the given Python, as it comes: it compiles bytecode. Environments by `python -m venv`.
    Pip,
    /// The same with `--no-compile`.
    PipNoCompile,
    /// The newest pip, when it is another version than that of the given Python.
    PipNewest,
    /// The newest pip with `--no-compile`.
    PipNewestNoCompile,
    /// `python -m venv --without-pip`: environments only, the counterpart of `uv venv`, which puts no pip into them.
    VenvWithoutPip,
    /// uv as it comes: it compiles no bytecode.
    Uv,
    /// uv with `--compile-bytecode`.
    UvBytecode,
}

/// The program behind a contender. Contenders of one program share its warm cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Program {
    /// The pip of the given Python.
    Pip,
    /// The newest pip.
    PipNewest,
    /// The `venv` module.
    Venv,
    /// uv.
    Uv,
}

impl ContenderKind {
    /// All of them, in the order in which reports have them.
    pub const ALL: [Self; 7] = [
        Self::Pip,
        Self::PipNoCompile,
        Self::PipNewest,
        Self::PipNewestNoCompile,
        Self::VenvWithoutPip,
        Self::Uv,
        Self::UvBytecode,
    ];

    /// Those of a full run: every tool as it comes, and each pair that does the same with bytecode.
    pub const USUAL: [Self; 6] =
        [Self::Pip, Self::PipNoCompile, Self::PipNewest, Self::VenvWithoutPip, Self::Uv, Self::UvBytecode];

    /// Those of a quick run: pip against uv, each as it comes, and uv with the bytecode that pip makes.
    pub const QUICK: [Self; 4] = [Self::Pip, Self::VenvWithoutPip, Self::Uv, Self::UvBytecode];

    /// The name in files and on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Pip => "pip",
            Self::PipNoCompile => "pip-no-compile",
            Self::PipNewest => "pip-newest",
            Self::PipNewestNoCompile => "pip-newest-no-compile",
            Self::VenvWithoutPip => "venv-without-pip",
            Self::Uv => "uv",
            Self::UvBytecode => "uv-bytecode",
        }
    }

    /// The contender with this name.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// Whether it has anything to do with this operation that another contender does not do in the same way: bytecode is
    /// made when packages are installed, and the newest pip makes no environments.
    pub fn takes_part(self, operation: Operation) -> bool {
        match self {
            Self::Pip | Self::Uv => true,
            Self::PipNewest => operation != Operation::CreateEnvironment,
            Self::VenvWithoutPip => operation == Operation::CreateEnvironment,
            Self::PipNoCompile | Self::PipNewestNoCompile | Self::UvBytecode => matches!(
                operation,
                Operation::InstallCold | Operation::InstallWarm | Operation::SyncAfterChange
            ),
        }
    }

    /// Whether it compiles bytecode when it installs.
    pub fn compiles(self) -> bool {
        matches!(self, Self::Pip | Self::PipNewest | Self::UvBytecode)
    }

    pub(crate) fn program(self) -> Program {
        match self {
            Self::Pip | Self::PipNoCompile => Program::Pip,
            Self::PipNewest | Self::PipNewestNoCompile => Program::PipNewest,
            Self::VenvWithoutPip => Program::Venv,
            Self::Uv | Self::UvBytecode => Program::Uv,
        }
    }
}
