//! Arguments of `uvshift generate`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

/// `uvshift generate`
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct GenerateArgs {
    #[command(subcommand)]
    pub(crate) command: Option<GenerateCommand>,
    #[command(flatten)]
    pub(crate) files: FilesArgs,
}

/// What to do about templates.
#[derive(Debug, Subcommand)]
pub(crate) enum GenerateCommand {
    /// List the templates with what they make
    List(TemplatesArgs),
    /// Begin a template of one's own: a folder with a manifest and a file
    InitTemplate(InitTemplateArgs),
}

/// Files from templates.
#[derive(Debug, ClapArgs)]
pub(crate) struct FilesArgs {
    /// The templates, or `ci`, `docker`, `developer`, `ide`, `documents` for all of a kind; `uvshift generate list` names them
    #[arg(value_name = "WHAT", required = true)]
    pub(crate) what: Vec<String>,
    /// The project; by default the folder behind the templates, if there is one, or this one
    #[arg(short = 'C', long, value_name = "PATH")]
    pub(crate) project: Option<PathBuf>,
    /// The language of documents
    #[arg(long, value_enum, default_value_t = LanguageArg::En)]
    pub(crate) lang: LanguageArg,
    /// An answer to a question of a template (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) set: Vec<String>,
    /// Numbers and facts that a template asks for, as TOML
    #[arg(long, value_name = "FILE")]
    pub(crate) inputs: Option<PathBuf>,
    /// Put generated files in the place of those that are there
    #[arg(long)]
    pub(crate) force: bool,
    /// Show the plan and the diff; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) templates: OwnTemplates,
}

/// Templates of one's own.
#[derive(Debug, ClapArgs)]
pub(crate) struct OwnTemplates {
    /// Folder with templates of one's own, which go before those of uvshift; by default .uvshift-templates of the project, if it is there
    #[arg(long, value_name = "DIR")]
    pub(crate) templates: Option<PathBuf>,
}

/// `uvshift generate list`
#[derive(Debug, ClapArgs)]
pub(crate) struct TemplatesArgs {
    /// The project
    #[arg(short = 'C', long, default_value = ".", value_name = "PATH")]
    pub(crate) project: PathBuf,
    #[command(flatten)]
    pub(crate) templates: OwnTemplates,
}

/// `uvshift generate init-template`
#[derive(Debug, ClapArgs)]
pub(crate) struct InitTemplateArgs {
    /// The name of the template: letters, digits and hyphens
    pub(crate) name: String,
    /// The project
    #[arg(short = 'C', long, default_value = ".", value_name = "PATH")]
    pub(crate) project: PathBuf,
    /// Do not ask; nothing is asked here anyway
    #[arg(short, long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) templates: OwnTemplates,
}

/// The language of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageArg {
    /// English
    En,
    /// Korean
    Ko,
}
