//! GitHub Actions: workflows and composite actions.
//!
//! A job is one machine with one environment: its changes are made together or not at all.

mod caches;
mod callers;
mod job;
mod new_step;
mod python;
mod scripts;
mod setup;
mod step;

use std::collections::BTreeSet;

use crate::actions::Action;
use crate::context::Context;
use crate::hosts::{Host, Kind};
use crate::model::{RewriteOptions, Rewritten};
use crate::pipeline::Filters;
use crate::yaml::{Node, Yaml};
use callers::Callers;

/// The host.
pub(crate) const HOST: Host = Host {
    name: "github-actions",
    title: "GitHub Actions",
    kind: Kind::Edited,
    is: |path, _| is_workflow(path) || is_action(path),
    rewrite,
};

fn is_yaml(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| matches!(ending, "yml" | "yaml"))
}

fn is_workflow(path: &str) -> bool {
    let name = path.rsplit_once(".github/workflows/").map(|(_, name)| name);
    is_yaml(path) && name.is_some_and(|name| !name.contains('/'))
}

fn is_action(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "action.yml" | "action.yaml")
}

/// What the jobs of a file share.
pub(super) struct File<'y> {
    pub(super) yaml: &'y Yaml<'y>,
    pub(super) root: Node<'y>,
    pub(super) context: &'y Context,
    pub(super) found: Rewritten,
    /// The number of the job that is being rewritten.
    pub(super) group: u32,
    /// The files that call it.
    callers: Callers,
    /// The folders that several jobs keep in a cache.
    pub(super) shared: BTreeSet<String>,
    /// Every `*name`.
    pub(super) aliases: Vec<Node<'y>>,
    /// How many edits the jobs before it have.
    pub(super) first: usize,
}

impl File<'_> {
    /// What stands behind `uses:` of a step that is new: the commit, as setup-uv's own documents have it.
    pub(super) fn setup_uv() -> String {
        Action::named("astral-sh/setup-uv").map_or_else(String::new, Action::by_commit)
    }
}

fn rewrite(path: &str, text: &str, context: &Context, options: &RewriteOptions) -> Rewritten {
    let yaml = match Yaml::parse(text) {
        Ok(yaml) => yaml,
        Err(problem) => {
            return Rewritten { diagnostics: vec![problem.diagnostic()], ..Rewritten::default() };
        }
    };
    let Some(root) = yaml.root() else { return Rewritten::default() };
    let found = Rewritten::default();
    let aliases = yaml.nodes().filter(|node| node.is_alias()).collect();
    let callers = Callers::of(path, context);
    let shared = caches::shared(root.get("jobs"));
    let mut file = File { yaml: &yaml, root, context, found, group: 0, callers, shared, aliases, first: 0 };
    if is_workflow(path) {
        let jobs = root.get("jobs");
        // What an alias stands for is rewritten where it stands itself.
        for entry in jobs.into_iter().flat_map(Node::entries).filter(|entry| !entry.value.is_alias()) {
            job::rewrite(&mut file, job::Home::Job(entry.value));
        }
        let filters = Filters::new(context, text, &file.found, options.review, filters(root));
        filters.rewrite(&mut file.found);
    } else if let Some(runs) = root.get("runs").filter(|runs| is_composite(*runs)) {
        job::rewrite(&mut file, job::Home::Action(runs));
    }
    file.found
}

/// The paths of files with which a workflow starts.
fn filters(root: Node<'_>) -> Vec<Node<'_>> {
    let on = root.get("on").into_iter().flat_map(Node::entries);
    on.filter_map(|event| event.value.resolved().get("paths")).collect()
}

fn is_composite(runs: Node<'_>) -> bool {
    runs.get("using").and_then(Node::as_str) == Some("composite")
}

#[cfg(test)]
mod tests;
