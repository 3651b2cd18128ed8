//! The flags of `uvshift graph`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::{Format, formats};

/// `uvshift graph`
#[derive(Debug, ClapArgs)]
pub(crate) struct GraphArgs {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// How to print results
    #[arg(long, value_parser = formats(&Format::GRAPH), default_value = "text")]
    pub(crate) format: Format,
    /// Write into this file instead
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) query: GraphQueryArgs,
    #[command(flatten)]
    pub(crate) filter: GraphFilterArgs,
    /// Lock to read; by default uv.lock, pylock.toml, poetry.lock, pdm.lock or Pipfile.lock of the project
    #[arg(long, value_name = "FILE", help_heading = "Sources")]
    pub(crate) lock: Option<PathBuf>,
    /// Environment that tells licences and sizes, and where there is no lock the versions; by default .venv of the project
    #[arg(long, value_name = "DIR", help_heading = "Sources")]
    pub(crate) environment: Option<PathBuf>,
    /// Do not look which files import what
    #[arg(long, help_heading = "Sources")]
    pub(crate) no_imports: bool,
}

/// What is asked of the graph.
#[derive(Debug, ClapArgs)]
#[group(multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct GraphQueryArgs {
    /// Show every shortest way to this package
    #[arg(long, value_name = "PACKAGE", help_heading = "Questions")]
    pub(crate) why: Option<String>,
    /// Show what needs this package, over any number of steps
    #[arg(long, value_name = "PACKAGE", help_heading = "Questions")]
    pub(crate) reverse: Option<String>,
    /// List packages that need each other
    #[arg(long, help_heading = "Questions")]
    pub(crate) cycles: bool,
    /// List packages that are there in several versions
    #[arg(long, help_heading = "Questions")]
    pub(crate) duplicates: bool,
    /// List the packages by licence
    #[arg(long, help_heading = "Questions")]
    pub(crate) licences: bool,
    /// List the packages by size
    #[arg(long, help_heading = "Questions")]
    pub(crate) sizes: bool,
}

/// Which part of the graph is shown.
#[derive(Debug, ClapArgs)]
pub(crate) struct GraphFilterArgs {
    /// Only so many steps from the project; with `--reverse`, from the package
    #[arg(long, value_name = "N", conflicts_with = "why", help_heading = "Filter")]
    pub(crate) depth: Option<usize>,
    /// Begin at this package instead of the project
    #[arg(long, value_name = "PACKAGE", help_heading = "Filter")]
    pub(crate) package: Option<String>,
    /// Only what is always installed and this group (repeatable)
    #[arg(long, value_name = "GROUP", help_heading = "Filter")]
    pub(crate) group: Vec<String>,
    /// Only what is always installed and this extra (repeatable)
    #[arg(long, value_name = "EXTRA", help_heading = "Filter")]
    pub(crate) extra: Vec<String>,
    /// Leave out the dependency groups
    #[arg(long, conflicts_with = "group", help_heading = "Filter")]
    pub(crate) no_dev: bool,
    /// Leave out dependency groups and extras
    #[arg(long, conflicts_with_all = ["group", "extra"], help_heading = "Filter")]
    pub(crate) only_main: bool,
    /// Only what is installed on this platform; what depends on more than is known stays
    #[arg(long, value_enum, value_name = "PLATFORM", help_heading = "Filter")]
    pub(crate) platform: Option<PlatformArg>,
    /// Only what is installed with this Python, such as 3.12
    #[arg(long, value_name = "VERSION", help_heading = "Filter")]
    pub(crate) python: Option<String>,
}

/// An operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlatformArg {
    /// Linux
    Linux,
    /// macOS
    Macos,
    /// Windows
    Windows,
}
