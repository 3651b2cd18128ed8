//! The files that commands stand in: a host a file.

mod azure_pipelines;
mod bitbucket;
mod circleci;
pub(crate) mod compose;
mod dependabot;
mod devcontainer;
pub(crate) mod dockerfile;
mod dockerignore;
mod documents;
mod drone;
mod github_actions;
mod gitlab_ci;
mod jenkinsfile;
mod justfile;
mod makefile;
mod noxfile;
mod powershell;
mod pre_commit;
mod procfile;
mod readthedocs;
mod renovate;
mod shell_script;
mod taskfile;
mod tox;
mod travis;
mod vagrantfile;
mod vscode;

use crate::context::Context;
use crate::model::{RewriteOptions, Rewritten};

/// Whether a host's files are edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Its files are edited in place.
    Edited,
    /// What would have to change is told, with a patch where one can be made, and nothing is edited.
    Reported,
    /// As edited, when the user asks for documents.
    Document,
}

/// A kind of files.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Host {
    /// Its name, such as `github-actions`; its file is `hosts/github_actions.rs`.
    pub name: &'static str,
    /// What people call it, such as `GitHub Actions`.
    pub title: &'static str,
    /// Whether its files are edited.
    pub kind: Kind,
    /// Whether a file of this path, from the root, is one of them; `text` tells in doubt.
    pub is: fn(path: &str, text: &str) -> bool,
    /// What becomes of a file.
    pub rewrite: fn(path: &str, text: &str, context: &Context, options: &RewriteOptions) -> Rewritten,
}

/// Every host. A file belongs to the first one that takes it.
pub fn hosts() -> &'static [Host] {
    &[
        github_actions::HOST,
        dependabot::HOST,
        dockerfile::HOST,
        renovate::HOST,
        devcontainer::HOST,
        vscode::HOST,
        gitlab_ci::HOST,
        documents::HOST,
        compose::HOST,
        dockerignore::HOST,
        noxfile::HOST,
        pre_commit::HOST,
        tox::HOST,
        vagrantfile::HOST,
        shell_script::HOST,
        makefile::HOST,
        justfile::HOST,
        procfile::HOST,
        powershell::HOST,
        circleci::HOST,
        azure_pipelines::HOST,
        bitbucket::HOST,
        travis::HOST,
        taskfile::HOST,
        readthedocs::HOST,
        jenkinsfile::HOST,
        drone::HOST,
    ]
}
