//! The flags of `uvshift bench` and `uvshift compat`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::{Format, UvArgs, formats};

/// `uvshift bench`
#[derive(Debug, ClapArgs)]
pub(crate) struct BenchArgs {
    #[command(subcommand)]
    pub(crate) command: BenchCommand,
}

/// What to do about figures.
#[derive(Debug, Subcommand)]
pub(crate) enum BenchCommand {
    /// Measure pip against uv, in turn, with caches of their own
    Run(Box<BenchRunArgs>),
    /// Compare two results and tell what became slower
    Compare(BenchCompareArgs),
    /// Show a result as text, Markdown, CSV, a page or charts
    Report(BenchReportArgs),
}

/// `uvshift bench run`
#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct BenchRunArgs {
    /// The project whose requirements are measured, unless `--scenario` says otherwise
    #[arg(long, value_name = "DIR", default_value = ".", help_heading = "What")]
    pub(crate) project: PathBuf,
    /// Measure this scenario: small, medium, large, cold-cache, warm-cache, parallel, complex, or project (repeatable)
    #[arg(long, value_name = "NAME", help_heading = "What")]
    pub(crate) scenario: Vec<String>,
    /// File of scenarios of your own, in TOML
    #[arg(long, value_name = "FILE", help_heading = "What")]
    pub(crate) scenarios: Option<PathBuf>,
    /// Measure this operation only (repeatable)
    #[arg(long, value_enum, value_name = "NAME", help_heading = "What")]
    pub(crate) operation: Vec<OperationArg>,
    /// List the scenarios, and measure nothing
    #[arg(long, help_heading = "What")]
    pub(crate) list: bool,
    /// The short form: a first look in under three minutes
    #[arg(long, conflicts_with_all = ["runs", "warmups"], help_heading = "How")]
    pub(crate) quick: bool,
    /// How many times each command is measured
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000), help_heading = "How")]
    pub(crate) runs: Option<u32>,
    /// How many times each command is run before, unmeasured
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100), help_heading = "How")]
    pub(crate) warmups: Option<u32>,
    /// Take packages from an index on this machine, filled first, so that the network does not decide
    #[arg(long, help_heading = "How")]
    pub(crate) local_index: bool,
    /// Stop after so many minutes, at the end of a round
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..=10_000), help_heading = "How")]
    pub(crate) max_time: Option<u64>,
    /// End a single command after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=100_000), help_heading = "How")]
    pub(crate) timeout: u64,
    /// The seed of the order and of the intervals
    #[arg(long, value_name = "N", help_heading = "How")]
    pub(crate) seed: Option<u64>,
    /// The Python of the environments, with pip; by default the one in `PATH`
    #[arg(long, value_name = "PATH", help_heading = "How")]
    pub(crate) python: Option<PathBuf>,
    /// Do not measure the newest pip beside that of the Python
    #[arg(long, help_heading = "How")]
    pub(crate) no_newest_pip: bool,
    /// Folder for caches and environments; by default a temporary one
    #[arg(long, value_name = "DIR", help_heading = "How")]
    pub(crate) work_folder: Option<PathBuf>,
    /// Write the result into this file, as JSON
    #[arg(short, long, value_name = "FILE", help_heading = "Result")]
    pub(crate) output: Option<PathBuf>,
    /// Write a page into this file, too
    #[arg(long, value_name = "FILE", help_heading = "Result")]
    pub(crate) html: Option<PathBuf>,
    /// Exit with 1 unless this holds, such as 'install-warm>=3x' (repeatable)
    #[arg(long, value_name = "CONDITION", help_heading = "Result")]
    pub(crate) threshold: Vec<String>,
    #[command(flatten)]
    pub(crate) uv: UvArgs,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OperationArg {
    /// Choosing versions
    Resolve,
    /// Installing with an empty cache
    InstallCold,
    /// Installing with everything in the cache
    InstallWarm,
    /// Installing what is installed
    NoOp,
    /// Installing after one requirement has changed
    SyncAfterChange,
    /// Making an empty environment
    CreateEnvironment,
}

/// `uvshift bench compare`
#[derive(Debug, ClapArgs)]
pub(crate) struct BenchCompareArgs {
    /// The result before: a file of `uvshift bench run` or of hyperfine
    pub(crate) before: PathBuf,
    /// The result after
    pub(crate) after: PathBuf,
    /// How to print results
    #[arg(long, value_parser = formats(&Format::COMPARISON), default_value = "text")]
    pub(crate) format: Format,
    /// Take differences under so many per cent for none
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0)]
    pub(crate) tolerance: f64,
    /// Write into this file instead
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// `uvshift bench report`
#[derive(Debug, ClapArgs)]
pub(crate) struct BenchReportArgs {
    /// The result: a file of `uvshift bench run` or of hyperfine
    pub(crate) result: PathBuf,
    /// How to print results
    #[arg(long, value_parser = formats(&Format::MEASURED), default_value = "text")]
    pub(crate) format: Format,
    /// Which chart SVG and PNG show
    #[arg(long, value_enum, default_value_t = ChartArg::Ratios)]
    pub(crate) chart: ChartArg,
    /// The scenario of a chart; by default the first
    #[arg(long, value_name = "NAME")]
    pub(crate) scenario: Option<String>,
    /// Write into this file instead
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 1 unless this holds, such as 'install-warm>=3x' (repeatable)
    #[arg(long, value_name = "CONDITION")]
    pub(crate) threshold: Vec<String>,
}

/// A chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChartArg {
    /// How many times as long pip takes, with intervals
    Ratios,
    /// Every sample of a scenario
    Distributions,
    /// The medians of a scenario
    Medians,
}

/// `uvshift compat`
#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct CompatArgs {
    /// The project, or a requirements file
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// How to print results
    #[arg(long, value_parser = formats(&Format::COMPAT), default_value = "text")]
    pub(crate) format: Format,
    /// Write into this file instead
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Check this requirement only, by the name of its package (repeatable)
    #[arg(long, value_name = "PACKAGE")]
    pub(crate) only: Vec<String>,
    /// Do not resolve all of them together
    #[arg(long)]
    pub(crate) no_together: bool,
    /// Allow builds from source, which run code of packages
    #[arg(long)]
    pub(crate) allow_builds: bool,
    /// Do not try which flags help
    #[arg(long)]
    pub(crate) no_flags: bool,
    /// How many requirements are checked at the same time
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) jobs: Option<u16>,
    /// Give up on one command after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(crate) timeout: u64,
    /// The Python to resolve for, with pip; by default the one in `PATH`
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,
    /// Take nothing over from an earlier run
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Folder for logs and what is needed to go on after an interruption; by default below the cache of uvshift
    #[arg(long, value_name = "DIR")]
    pub(crate) state_folder: Option<PathBuf>,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    #[command(flatten)]
    pub(crate) uv: UvArgs,
}
