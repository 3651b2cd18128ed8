//! The command line. The doc comments here are its help.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, Resettable, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

mod bench;
mod generate;
mod graph;
mod help;
mod rewrite;
mod venv;

pub(crate) use bench::{
    BenchArgs, BenchCommand, BenchCompareArgs, BenchReportArgs, BenchRunArgs, ChartArg, CompatArgs,
    OperationArg,
};
pub(crate) use generate::{
    FilesArgs, GenerateArgs, GenerateCommand, InitTemplateArgs, LanguageArg, OwnTemplates, TemplatesArgs,
};
pub(crate) use graph::{GraphArgs, GraphFilterArgs, GraphQueryArgs, PlatformArg};
pub(crate) use help::{FIRST_STEPS, command};
pub(crate) use rewrite::RewriteArgs;
pub(crate) use venv::{
    AllowArgs, BackupArgs, ListArgs, LocalFilesArg, RestoreArgs, SnapshotArgs, VenvArgs, VenvCommand,
    VenvMigrateArgs,
};

/// Move a Python project from pip to uv, and prove that nothing was lost.
#[derive(Debug, Parser)]
#[command(name = "uvshift", version, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "Exit status: 0 done; 1 findings, or something needs your decision; 2 usage; \
3 something outside failed, all is restored; 4 a difference was found, all is restored; 10 nothing to do.";

/// Flags of every command.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct GlobalArgs {
    /// How to print results
    #[arg(long, global = true, value_parser = common_formats(), default_value = "text")]
    pub(crate) format: Format,
    /// Print errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print every directive, and what uv says
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// Show no progress bars
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
}

/// How results are printed. No command has them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs; see docs/json.md
    Json,
    /// A tree of lines, as text is
    Tree,
    /// For Graphviz
    Dot,
    /// A flowchart for Mermaid, as in Markdown
    Mermaid,
    /// A picture
    Svg,
    /// A page with a picture that can be searched, in one file
    Html,
    /// Tables for a pull request or a wiki
    Markdown,
    /// Annotations of a workflow of GitHub
    Github,
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// For spreadsheets
    Csv,
    /// A picture of dots
    Png,
    /// What `pip freeze --all` prints
    Freeze,
    /// What `pip inspect` prints, as far as files tell
    Inspect,
}

impl Format {
    /// What every command can do.
    pub(crate) const COMMON: [Self; 2] = [Self::Text, Self::Json];
    /// What `uvshift deps` can do.
    pub(crate) const DEPS: [Self; 5] = [Self::Text, Self::Json, Self::Markdown, Self::Github, Self::Sarif];
    /// What `uvshift graph` can do.
    pub(crate) const GRAPH: [Self; 7] =
        [Self::Text, Self::Json, Self::Tree, Self::Dot, Self::Mermaid, Self::Svg, Self::Html];
    /// What `uvshift venv snapshot` can do.
    pub(crate) const SNAPSHOT: [Self; 4] = [Self::Text, Self::Json, Self::Freeze, Self::Inspect];
    /// What `uvshift bench report` can do.
    pub(crate) const MEASURED: [Self; 7] =
        [Self::Text, Self::Json, Self::Markdown, Self::Csv, Self::Html, Self::Svg, Self::Png];
    /// What `uvshift bench compare` can do.
    pub(crate) const COMPARISON: [Self; 7] = Self::MEASURED;
    /// What `uvshift compat` can do.
    pub(crate) const COMPAT: [Self; 5] = [Self::Text, Self::Json, Self::Markdown, Self::Csv, Self::Html];
}

/// The formats of every command. What each is for would make every help a page longer.
fn common_formats() -> impl TypedValueParser<Value = Format> + use<> {
    let values = Format::COMMON.iter().filter_map(ValueEnum::to_possible_value);
    let values: Vec<_> = values.map(|value| value.help(Resettable::Reset)).collect();
    PossibleValuesParser::new(values).try_map(|given| Format::from_str(&given, false))
}

/// Takes some of the formats. A command with formats of its own has an argument `format` like the global one, which clap then
/// does not hand down; what it is given is the global value all the same, and [`Settings`](crate::settings::Settings) has it.
fn formats(allowed: &[Format]) -> impl TypedValueParser<Value = Format> + use<> {
    let values: Vec<_> = allowed.iter().filter_map(ValueEnum::to_possible_value).collect();
    PossibleValuesParser::new(values).try_map(|given| Format::from_str(&given, false))
}

/// When colour is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    // No doc comments: clap would give each a line of its own in every help. `Auto`: on a terminal, unless `NO_COLOR` is set.
    Auto,
    Always,
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what is here and what stands in the way; change nothing
    Check(CheckArgs),
    /// Move the project to uv: plan, apply, lock, verify
    Migrate(MigrateArgs),
    /// Move the settings of tools into pyproject.toml, where each sees the same
    Tools(ToolsArgs),
    /// Turn commands of CI, containers and scripts into commands of uv, in place
    Rewrite(RewriteArgs),
    /// Write files from templates: CI, containers, scripts, editors, documents
    Generate(GenerateArgs),
    /// Hold what the files import against what is declared
    Deps(DepsArgs),
    /// Show what the project depends on: a tree, a picture, or why a package is there
    Graph(GraphArgs),
    /// Resolve every requirement with pip and with uv, and tell where they differ
    Compat(CompatArgs),
    /// Snapshot, back up, restore or list environments, or make one anew with uv
    Venv(VenvArgs),
    /// Measure pip against uv, and show and compare what was measured
    Bench(BenchArgs),
    /// Compare the migrated project with what the journal holds of the old one
    Verify(VerifyArgs),
    /// Undo the last run, byte for byte
    Rollback(RollbackArgs),
    /// Migrate a bundled pip project in ./uvshift-demo
    Demo(DemoArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print a page of the manual
    #[command(hide = true)]
    Man(ManArgs),
}

/// Which files play which part, and what else the project does not say.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct SourceArgs {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Requirements file that holds what the project needs to run (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Layout")]
    pub(crate) main: Vec<String>,
    /// Requirements file that is a dependency group (repeatable)
    #[arg(long, value_name = "GROUP=FILE", help_heading = "Layout")]
    pub(crate) group: Vec<String>,
    /// Constraints file (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Layout")]
    pub(crate) constraints: Vec<String>,
    /// Requirements file that is not to be read (repeatable)
    #[arg(long, value_name = "FILE", help_heading = "Layout")]
    pub(crate) ignore: Vec<String>,
    /// Python versions that the project supports, such as 3.10 or '>=3.10,<3.14'
    #[arg(long, value_name = "VERSION", help_heading = "Resolution")]
    pub(crate) python: Option<String>,
    /// Environment whose versions hold in the lock; where no file says what the project depends on, it does
    #[arg(long, value_name = "DIR", help_heading = "Resolution")]
    pub(crate) from_venv: Option<PathBuf>,
    /// Output of `pip freeze` whose versions hold in the lock; where no file says what the project depends on, it does
    #[arg(long, value_name = "FILE", help_heading = "Resolution")]
    pub(crate) freeze: Option<PathBuf>,
    /// How uv chooses among several indexes
    #[arg(long, value_enum, default_value_t = IndexStrategyArg::BestMatch, help_heading = "Resolution")]
    pub(crate) index_strategy: IndexStrategyArg,
    /// Which build backend a package is to have
    #[arg(long, value_enum, default_value_t = BuildBackendArg::Keep, help_heading = "Package")]
    pub(crate) build_backend: BuildBackendArg,
    #[command(flatten)]
    pub(crate) members: MembersArgs,
}

/// What becomes of the projects in folders below.
#[derive(Debug, Clone, ClapArgs)]
#[group(multiple = false)]
pub(crate) struct MembersArgs {
    /// Take the projects in folders below as members of one workspace with one lock
    #[arg(long, help_heading = "Layout")]
    pub(crate) workspace: bool,
    /// Migrate the projects in folders below too, each with a lock of its own
    #[arg(long, help_heading = "Layout")]
    pub(crate) separate: bool,
}

/// Which build backend a package is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BuildBackendArg {
    /// The one that it has
    Keep,
    /// hatchling
    Hatchling,
    /// The one of uv
    UvBuild,
}

/// How uv chooses among several indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IndexStrategyArg {
    /// The best version of all indexes, as pip does
    BestMatch,
    /// The first index that has the package, as uv does
    FirstIndex,
}

/// `uvshift check`
#[derive(Debug, ClapArgs)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) sources: SourceArgs,
}

/// `uvshift migrate`
#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct MigrateArgs {
    #[command(flatten)]
    pub(crate) sources: SourceArgs,
    /// Show the plan and the diff; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// What to do about uv.lock
    #[command(flatten)]
    pub(crate) lock: LockArgs,
    /// What to do about the old files
    #[command(flatten)]
    pub(crate) old: OldFilesArgs,
    /// Let the build backend run the project's code (setup.py): for what cannot be read, and to compare the wheels
    #[arg(long, help_heading = "Package")]
    pub(crate) run_build: bool,
    /// Do not build and compare the wheels of before and after
    #[arg(long, conflicts_with = "run_build", help_heading = "Package")]
    pub(crate) no_wheel_check: bool,
    /// Do this in the same run, too (repeatable)
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) with: Vec<WithArg>,
    /// With `--with tools`: have ruff take the place of flake8, isort, black, pydocstyle and autoflake
    #[arg(long, requires = "with")]
    pub(crate) to_ruff: bool,
    /// Leave commands of CI, containers and scripts as they are; `uvshift rewrite` does this alone
    #[arg(long)]
    pub(crate) no_rewrite: bool,
    /// Migrate the rest when lines are refused; their files stay
    #[arg(long)]
    pub(crate) skip_refused: bool,
    #[command(flatten)]
    pub(crate) uv: UvArgs,
}

/// What else a migration does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WithArg {
    /// Move the settings of tools into pyproject.toml, as `uvshift tools` does
    Tools,
}

/// Flags about the lock.
#[derive(Debug, ClapArgs)]
#[group(multiple = false)]
pub(crate) struct LockArgs {
    /// Do not make uv.lock
    #[arg(long, help_heading = "Resolution")]
    pub(crate) no_lock: bool,
    /// Lock the newest versions that the requirements allow, whatever was pinned
    #[arg(long, help_heading = "Resolution")]
    pub(crate) upgrade: bool,
}

/// Flags about the old files.
#[derive(Debug, ClapArgs)]
#[group(multiple = false)]
pub(crate) struct OldFilesArgs {
    /// Keep the old requirements files
    #[arg(long)]
    pub(crate) keep_old_files: bool,
    /// Remove the old requirements files even where the project still names them
    #[arg(long)]
    pub(crate) remove_old_files: bool,
}

/// Flags about uv.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct UvArgs {
    // Not a doc comment, because its brackets are no Markdown.
    #[arg(long, value_name = "PATH", help_heading = "uv", help = "The uv program to use [env: UVSHIFT_UV]")]
    pub(crate) uv: Option<PathBuf>,
    /// Get a private copy of uv through pip if there is none
    #[arg(long, help_heading = "uv")]
    pub(crate) install_uv: bool,
}

/// `uvshift tools`
#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct ToolsArgs {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Move the settings of this tool only (repeatable)
    #[arg(long, value_name = "TOOL")]
    pub(crate) only: Vec<String>,
    /// Leave this tool where it is (repeatable)
    #[arg(long, value_name = "TOOL")]
    pub(crate) skip: Vec<String>,
    /// Have ruff take the place of flake8, isort, black, pydocstyle and autoflake
    #[arg(long)]
    pub(crate) to_ruff: bool,
    /// Keep hooks of pre-commit at the locked versions, with uv's own hook; make .pre-commit-config.yaml if there is none
    #[arg(long)]
    pub(crate) pre_commit: bool,
    /// Ask the tools themselves what they see, before and after; on a difference all is put back
    #[arg(long, help_heading = "Proof")]
    pub(crate) verify: bool,
    /// With `--verify`: the Python whose tools are asked; by default that of .venv, then one that uv makes
    #[arg(long, value_name = "PATH", requires = "verify", help_heading = "Proof")]
    pub(crate) python: Option<PathBuf>,
    /// Show the plan and the diff; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) uv: UvArgs,
}

/// `uvshift deps`
#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct DepsArgs {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// How to print results
    #[arg(long, value_parser = formats(&Format::DEPS), default_value = "text")]
    pub(crate) format: Format,
    /// Environment that tells which distribution a module is from; by default .venv of the project
    #[arg(long, value_name = "DIR", help_heading = "Analysis")]
    pub(crate) environment: Option<PathBuf>,
    /// Python versions that the project supports, such as 3.10 or '>=3.10,<3.14'
    #[arg(long, value_name = "VERSION", help_heading = "Analysis")]
    pub(crate) python: Option<String>,
    /// Leave out files that match this pattern, as in .gitignore (repeatable)
    #[arg(long, value_name = "PATTERN", help_heading = "Analysis")]
    pub(crate) exclude: Vec<String>,
    /// Check this rule only, by name or code (repeatable)
    #[arg(long, value_name = "RULE", help_heading = "Analysis")]
    pub(crate) only: Vec<String>,
    /// Do not check this rule, by name or code (repeatable)
    #[arg(long, value_name = "RULE", help_heading = "Analysis")]
    pub(crate) ignore: Vec<String>,
    /// List every import, too
    #[arg(long)]
    pub(crate) imports: bool,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Add, remove and move requirements where that is safe, as one undoable step
    #[arg(long, help_heading = "Fix")]
    pub(crate) fix: bool,
    /// With `--fix`: show the plan and the diff; change nothing
    #[arg(long, requires = "fix", help_heading = "Fix")]
    pub(crate) dry_run: bool,
    /// With `--fix`: do not ask
    #[arg(short, long, requires = "fix", help_heading = "Fix")]
    pub(crate) yes: bool,
    /// With `--fix`: do not bring uv.lock up to date
    #[arg(long, requires = "fix", help_heading = "Fix")]
    pub(crate) no_lock: bool,
    #[command(flatten)]
    pub(crate) uv: UvArgs,
}

/// `uvshift verify`
#[derive(Debug, ClapArgs)]
pub(crate) struct VerifyArgs {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) uv: UvArgs,
}

/// `uvshift rollback`
#[derive(Debug, ClapArgs)]
pub(crate) struct RollbackArgs {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Show what would be put back; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask, with `--force` either; without it nothing is asked
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Set files that were changed since aside in .uvshift/backup, then roll back
    #[arg(long)]
    pub(crate) force: bool,
}

/// `uvshift demo`
#[derive(Debug, ClapArgs)]
pub(crate) struct DemoArgs {
    /// Where to put the demo project
    #[arg(default_value = "uvshift-demo")]
    pub(crate) path: PathBuf,
    #[arg(long, value_name = "PATH", help = "The uv program to use [env: UVSHIFT_UV]")]
    pub(crate) uv: Option<PathBuf>,
}

/// `uvshift completions`
#[derive(Debug, ClapArgs)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// `uvshift man`
#[derive(Debug, ClapArgs)]
pub(crate) struct ManArgs {
    /// The command; without one, the page about uvshift
    pub(crate) command: Vec<String>,
    /// Print the names of all commands instead
    #[arg(long, conflicts_with = "command")]
    pub(crate) list: bool,
}

#[cfg(test)]
mod tests;
