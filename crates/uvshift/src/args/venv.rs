//! The flags of `uvshift venv`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::{Format, UvArgs, formats};

/// `uvshift venv`
#[derive(Debug, ClapArgs)]
pub(crate) struct VenvArgs {
    #[command(subcommand)]
    pub(crate) command: VenvCommand,
}

/// What to do with an environment.
#[derive(Debug, Subcommand)]
pub(crate) enum VenvCommand {
    /// Tell what an environment has, from its files; nothing of it is run
    Snapshot(SnapshotArgs),
    /// List the environments of the project, of virtualenvwrapper, Poetry, Pipenv, Hatch, pyenv and conda
    List(ListArgs),
    /// Write one archive from which the environment can be restored
    Backup(BackupArgs),
    /// Restore an environment from an archive, and verify it
    Restore(RestoreArgs),
    /// Make the environment anew with uv at the same place, with the same packages, and compare
    Migrate(VenvMigrateArgs),
}

/// `uvshift venv snapshot`
#[derive(Debug, ClapArgs)]
pub(crate) struct SnapshotArgs {
    /// The environment
    #[arg(default_value = ".venv")]
    pub(crate) environment: PathBuf,
    /// How to print results
    #[arg(long, value_parser = formats(&Format::SNAPSHOT), default_value = "text")]
    pub(crate) format: Format,
}

/// `uvshift venv list`
#[derive(Debug, ClapArgs)]
pub(crate) struct ListArgs {
    /// Project whose environments to list (repeatable)
    #[arg(default_value = ".")]
    pub(crate) path: Vec<PathBuf>,
    /// Look into this folder of environments, too (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(crate) within: Vec<PathBuf>,
    /// List those of the project only
    #[arg(long)]
    pub(crate) project_only: bool,
    /// Tell the size on disk, which takes longer
    #[arg(long)]
    pub(crate) sizes: bool,
}

/// `uvshift venv backup`
#[derive(Debug, ClapArgs)]
pub(crate) struct BackupArgs {
    /// The environment
    #[arg(default_value = ".venv")]
    pub(crate) environment: PathBuf,
    /// The archive to write, or the folder to put it in; by default NAME-DATE-TIME.tar.zst here
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Keep every file, not only what is needed to make the environment anew
    #[arg(long)]
    pub(crate) full: bool,
    /// Replace an archive that is there
    #[arg(long)]
    pub(crate) force: bool,
}

/// `uvshift venv restore`
#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct RestoreArgs {
    /// The archive
    pub(crate) archive: PathBuf,
    /// Where to; by default where the environment was
    pub(crate) environment: Option<PathBuf>,
    /// The Python of the restored environment, such as 3.12 or a path; by default the same as before
    #[arg(long, value_name = "PYTHON")]
    pub(crate) python: Option<String>,
    /// Put it in the place of what is there
    #[arg(long)]
    pub(crate) replace: bool,
    /// Make it anew with uv even where every file is in the archive
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Hold the archive against this SHA-256, as `backup` told it
    #[arg(long, value_name = "DIGEST")]
    pub(crate) sha256: Option<String>,
    #[command(flatten)]
    pub(crate) allow: AllowArgs,
    /// Verify the archive and show what is in it; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) uv: UvArgs,
}

/// `uvshift venv migrate`
#[derive(Debug, ClapArgs)]
pub(crate) struct VenvMigrateArgs {
    /// The environment
    #[arg(default_value = ".venv")]
    pub(crate) environment: PathBuf,
    /// The Python of the new environment, such as 3.12 or a path; by default the same as before
    #[arg(long, value_name = "PYTHON")]
    pub(crate) python: Option<String>,
    /// Keep the old environment beside the new one
    #[arg(long)]
    pub(crate) keep_old: bool,
    /// What becomes of files that no package brought, or that were changed by hand
    #[arg(long, value_enum, default_value_t = LocalFilesArg::Stop)]
    pub(crate) local_files: LocalFilesArg,
    #[command(flatten)]
    pub(crate) allow: AllowArgs,
    /// Show what would be done; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) uv: UvArgs,
}

/// What becomes of files that no package brought, or that were changed by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LocalFilesArg {
    /// If there are any, they are told and nothing is done
    Stop,
    /// They are taken along
    Carry,
    /// They are given up
    Drop,
}

/// What is never tried unless it is asked for.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct AllowArgs {
    /// Look for packages at this index, too (repeatable)
    #[arg(long, value_name = "URL", help_heading = "Packages")]
    pub(crate) index: Vec<String>,
    /// Look for packages in this folder or page, too (repeatable)
    #[arg(long, value_name = "PLACE", help_heading = "Packages")]
    pub(crate) find_links: Vec<String>,
    /// Take each version from whichever index has it, as pip does
    #[arg(long, help_heading = "Packages")]
    pub(crate) any_index: bool,
    /// Allow pre-releases where settings of uv forbid them
    #[arg(long, help_heading = "Packages")]
    pub(crate) pre: bool,
    /// Build this package of an index from source, which runs its code; `:all:` for every one (repeatable)
    #[arg(long, value_name = "PACKAGE", help_heading = "Packages")]
    pub(crate) build: Vec<String>,
    /// Copy the files of this package from the old environment (repeatable)
    #[arg(long, value_name = "PACKAGE", help_heading = "Packages")]
    pub(crate) carry: Vec<String>,
    /// Leave this package out (repeatable)
    #[arg(long, value_name = "PACKAGE", help_heading = "Packages")]
    pub(crate) without: Vec<String>,
    /// Accept that files of this package differ from the old ones; `:all:` for every one (repeatable)
    #[arg(long, value_name = "PACKAGE", help_heading = "Packages")]
    pub(crate) other_files: Vec<String>,
    /// Let uv get the Python if it is not on this machine
    #[arg(long, requires = "python", help_heading = "Packages")]
    pub(crate) download_python: bool,
}
