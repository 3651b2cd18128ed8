//! Arguments of `uvshift rewrite`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::UvArgs;

/// `uvshift rewrite`
#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(crate) struct RewriteArgs {
    /// The project
    #[arg(default_value = ".")]
    pub(crate) path: PathBuf,
    /// Files of this kind only, such as github-actions; see `--list` (repeatable)
    #[arg(long, value_name = "KIND")]
    pub(crate) only: Vec<String>,
    /// No files of this kind (repeatable)
    #[arg(long, value_name = "KIND")]
    pub(crate) skip: Vec<String>,
    /// Make the changes that a person has to look at, too
    #[arg(long)]
    pub(crate) review: bool,
    /// Commands in documents, too: code blocks of Markdown and reStructuredText
    #[arg(long)]
    pub(crate) docs: bool,
    /// List the kinds of files, and what is done with each; change nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// Show the plan and the diff; change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    #[command(flatten)]
    pub(crate) uv: UvArgs,
}
