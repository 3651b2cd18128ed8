//! What a run of the benchmark is: who was measured, on what, how, and every single sample.

/// Everything that one run measured. What is printed, drawn and compared comes from this alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The version of uvshift.
    pub uvshift: String,
    /// Seconds since 1970.
    pub started: u64,
    /// Seconds since 1970; `None` while it runs or when it was interrupted.
    pub finished: Option<u64>,
    /// Where it ran.
    pub machine: Machine,
    /// How it was measured.
    pub settings: Settings,
    /// Who was measured.
    pub contenders: Vec<Contender>,
    /// With what.
    pub scenarios: Vec<Scenario>,
    /// The samples: one series for each scenario, operation and contender.
    pub series: Vec<Series>,
    /// What a reader has to know before believing a figure.
    pub warnings: Vec<Warning>,
}

/// The machine and its state.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Machine {
    /// `linux`, `macos`, `windows`
    pub os: String,
    /// The name of the release, such as `Debian GNU/Linux 12`.
    pub release: Option<String>,
    /// `x86_64`, `aarch64`
    pub architecture: String,
    /// The model of the processor.
    pub processor: Option<String>,
    /// How many threads it has at hand.
    pub cores: usize,
    /// Memory, in bytes.
    pub memory: Option<u64>,
    /// The load average over one minute at the start.
    pub load: Option<f64>,
    /// The file system that environments were made on, such as `ext4`.
    pub file_system: Option<String>,
    /// Whether caches and environments share a device, without which uv copies instead of linking.
    pub same_device: Option<bool>,
    /// How uv puts files into environments: `clone`, `hardlink`, `copy`, `symlink`.
    pub link_mode: Option<String>,
    /// The version of the Python of the environments.
    pub python: Option<String>,
}

/// How it was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How many times each command was measured.
    pub runs: u32,
    /// How many times each command was run before, unmeasured.
    pub warmups: u32,
    /// The seed of the order and of the bootstrap.
    pub seed: u64,
    /// The time limit of one command, in seconds.
    pub timeout: f64,
    /// Whether packages came from an index on this machine.
    pub local_index: bool,
    /// Whether it is the short form, whose figures are for a first look.
    pub quick: bool,
}

/// A tool in one configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contender {
    /// `pip`, `pip-newest`, `uv`, `uv-bytecode`
    pub id: String,
    /// For people: `pip 26.3`, `uv 0.13.9 --compile-bytecode`.
    pub label: String,
    /// The version of the tool.
    pub version: String,
}

/// A set of requirements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// `small`, `medium`, `project`, ...
    pub name: String,
    /// For people.
    pub description: String,
    /// The requirements, each a PEP 508 text.
    pub requirements: Vec<String>,
    /// How many packages they came to, where that is known.
    pub packages: Option<u32>,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Choosing versions, with a warm cache, installing nothing.
    Resolve,
    /// Installing into an empty environment with an empty cache.
    InstallCold,
    /// Installing into an empty environment with everything in the cache.
    InstallWarm,
    /// Installing what is installed already.
    NoOp,
    /// Installing after one requirement has changed.
    SyncAfterChange,
    /// Making an empty environment.
    CreateEnvironment,
    /// Any command: a file of hyperfine does not tell what its commands do. It is never measured here.
    Command,
}

/// The samples of one contender at one operation of one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The name of the scenario.
    pub scenario: String,
    /// What was measured.
    pub operation: Operation,
    /// The id of the contender.
    pub contender: String,
    /// The command, as a line that can be pasted into a shell; temporary folders are named by placeholders.
    pub command: String,
    /// The samples, in the order of their blocks.
    pub samples: Vec<Sample>,
    /// Why it has no samples, or fewer than asked for.
    pub failure: Option<String>,
}

/// One command, run once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The block: each contender ran once in it, in random order. Samples of one block are a pair.
    pub block: u32,
    /// The place in the block, from 0.
    pub position: u32,
    /// From start to end, in seconds.
    pub wall: f64,
    /// Time of the processors in the program and its children, in seconds.
    pub user: f64,
    /// Time of the processors in the kernel for them, in seconds.
    pub system: f64,
    /// The peak memory of the largest single process, in bytes.
    pub peak_memory: Option<u64>,
    /// The load average over one minute before the start.
    pub load: Option<f64>,
}

/// What a reader has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// What it is about.
    pub kind: WarningKind,
    /// The scenario, operation and contender, as far as it concerns single ones.
    pub place: Option<String>,
    /// One sentence.
    pub message: String,
}

/// What a warning is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WarningKind {
    /// The machine had other things to do.
    Noise,
    /// Some samples are far from the others.
    Outliers,
    /// The first sample is much slower than the others.
    SlowFirst,
    /// There are too few samples for an interval.
    FewRuns,
    /// The state of a cache could not be proven.
    Cache,
    /// Caches and environments are on different devices.
    Device,
    /// The pip that is compared with is old.
    OldPip,
    /// One tool compiles bytecode and the other does not.
    Bytecode,
    /// A contender could not be measured.
    Failed,
    /// The run was interrupted.
    Interrupted,
    /// The file is one of another program, which does not tell how it measured.
    Foreign,
}

impl Operation {
    /// All that are measured, in the order in which reports have them.
    pub const ALL: [Self; 6] = [
        Self::Resolve,
        Self::InstallCold,
        Self::InstallWarm,
        Self::NoOp,
        Self::SyncAfterChange,
        Self::CreateEnvironment,
    ];

    /// The name in files and on the command line, such as `install-cold`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::InstallCold => "install-cold",
            Self::InstallWarm => "install-warm",
            Self::NoOp => "no-op",
            Self::SyncAfterChange => "sync-after-change",
            Self::CreateEnvironment => "create-environment",
            Self::Command => "command",
        }
    }

    /// The operation with this name.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Command]).find(|operation| operation.id() == id)
    }
}

impl WarningKind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Noise,
        Self::Outliers,
        Self::SlowFirst,
        Self::FewRuns,
        Self::Cache,
        Self::Device,
        Self::OldPip,
        Self::Bytecode,
        Self::Failed,
        Self::Interrupted,
        Self::Foreign,
    ];

    /// The name in files, such as `slow-first`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Noise => "noise",
            Self::Outliers => "outliers",
            Self::SlowFirst => "slow-first",
            Self::FewRuns => "few-runs",
            Self::Cache => "cache",
            Self::Device => "device",
            Self::OldPip => "old-pip",
            Self::Bytecode => "bytecode",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Foreign => "foreign",
        }
    }

    /// The kind with this name.
    pub fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

impl Run {
    /// The series of a scenario, an operation and a contender.
    pub fn find(&self, scenario: &str, operation: Operation, contender: &str) -> Option<&Series> {
        self.series.iter().find(|series| {
            series.scenario == scenario && series.operation == operation && series.contender == contender
        })
    }
}
