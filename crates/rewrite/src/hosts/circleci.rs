//! `CircleCI`: each `run` of a job has a shell of its own, and everything else of the job stays.

mod orb;

use std::collections::BTreeSet;

use crate::context::joined;
use crate::engine::Scope;
use crate::hosts::{Host, Kind};
use crate::model::Rewritten;
use crate::pipeline::{Caches, Job, Language, Pipeline, Tools, Unit, Way, is_yaml, push, rewrite, variables};
use crate::yaml::Node;

/// How deep steps stand in each other, and how far commands are followed.
const MAX_DEPTH: usize = 12;

const WAY: Way = Way { walk, settings, is_together: |_, _| false };

/// The host.
pub(crate) const HOST: Host = Host {
    name: "circleci",
    title: "CircleCI",
    kind: Kind::Edited,
    is: |path, _| {
        path == ".circleci/config.yml"
            || (path.starts_with(".circleci/") && is_yaml(path))
            || path == "circle.yml"
    },
    rewrite: |path, text, context, options| rewrite(path, text, context, options, WAY),
};

/// What a job is walked with.
struct Walk<'y> {
    root: Node<'y>,
    /// The folder that the job works in.
    folder: Option<String>,
    /// The name under which the Python orb is used, and its version.
    orb: Option<orb::Orb<'y>>,
    language: Language,
}

fn walk(pipeline: &mut Pipeline<'_>) {
    let Some(root) = pipeline.yaml.root() else { return };
    // Convenience images and machines have `~/.local/bin` on `PATH`.
    pipeline.tools_go = Tools::OnPath;
    for entry in root.get("jobs").into_iter().flat_map(Node::entries) {
        job_of(pipeline, root, entry.value.resolved());
    }
    for entry in root.get("commands").into_iter().flat_map(Node::entries) {
        // A command that no job of this file uses has been seen by none.
        job_of(pipeline, root, entry.value.resolved());
    }
}

fn job_of<'y>(pipeline: &mut Pipeline<'y>, root: Node<'y>, node: Node<'y>) {
    let Some(steps) = node.get_merged("steps") else { return };
    let image = image(root, node);
    let mut scripts = Vec::new();
    collect(pipeline, root, steps, 0, &mut scripts);
    let mut job = Pipeline::job(&scripts, image.as_deref());
    let walk =
        Walk { root, folder: Some(String::new()), orb: orb::Orb::of(root), language: language(root, node) };
    steps_of(pipeline, &walk, steps, &mut job, 0);
    pipeline.end(&job);
}

/// The image of a job, by itself or by its executor.
fn image(root: Node<'_>, node: Node<'_>) -> Option<String> {
    let own = |node: Node<'_>| {
        let first = node.get_merged("docker")?.items().next()?.resolved();
        first.get_merged("image")?.as_str().map(str::to_owned)
    };
    own(node).or_else(|| own(executor(root, node)?))
}

fn executor<'y>(root: Node<'y>, node: Node<'y>) -> Option<Node<'y>> {
    let named = node.get_merged("executor")?;
    let name = named.as_str().or_else(|| named.get("name")?.as_str())?;
    root.at(&["executors", name])
}

/// Executors of the Windows orb run PowerShell.
fn language(root: Node<'_>, node: Node<'_>) -> Language {
    let named = node.get_merged("executor");
    let name =
        named.and_then(|named| named.as_str().or_else(|| named.get("name")?.as_str())).unwrap_or_default();
    let shell = [Some(node), executor(root, node)]
        .into_iter()
        .flatten()
        .find_map(|node| node.get_merged("shell")?.as_str());
    let is_windows = name.starts_with("win/") || name.contains("windows");
    if shell.map_or(is_windows, |shell| shell.contains("powershell") || shell.contains("cmd")) {
        Language::Windows
    } else {
        Language::Shell
    }
}

/// The script of a `run` step.
fn command(step: Node<'_>) -> Option<Node<'_>> {
    let run = step.get_merged("run")?;
    if run.as_str().is_some() {
        Some(run)
    } else {
        run.get_merged("command").filter(|it| it.as_str().is_some())
    }
}

fn collect<'y>(
    pipeline: &Pipeline<'y>,
    root: Node<'y>,
    steps: Node<'y>,
    depth: usize,
    scripts: &mut Vec<Node<'y>>,
) {
    for step in steps.items().map(Node::resolved) {
        if depth > MAX_DEPTH || !pipeline.budget.spend() {
            return;
        }
        scripts.extend(command(step));
        for inner in inner_steps(root, step) {
            collect(pipeline, root, inner, depth + 1, scripts);
        }
    }
}

/// The steps that a step stands for: those of a condition, of a command of the file, and steps given to a command.
fn inner_steps<'y>(root: Node<'y>, step: Node<'y>) -> Vec<Node<'y>> {
    let entry = step.entries().next();
    let Some(name) = step.as_str().or_else(|| entry.as_ref()?.key.as_str()) else { return Vec::new() };
    let value = entry.map(|entry| entry.value.resolved());
    if ["when", "unless"].contains(&name) {
        return value.and_then(|value| value.get("steps")).into_iter().collect();
    }
    if name == "run" {
        return Vec::new();
    }
    let mut found: Vec<Node<'y>> = root.at(&["commands", name, "steps"]).into_iter().collect();
    let given = value.into_iter().flat_map(Node::entries).map(|entry| entry.value.resolved());
    found.extend(
        given.filter(|given| {
            given.is_sequence() && given.items().any(|item| command(item.resolved()).is_some())
        }),
    );
    found
}

fn steps_of<'y>(pipeline: &mut Pipeline<'y>, walk: &Walk<'y>, steps: Node<'y>, job: &mut Job, depth: usize) {
    for item in steps.items() {
        if depth > MAX_DEPTH || !pipeline.budget.spend() {
            return;
        }
        let step = item.resolved();
        let before = Scope { folder: walk.folder.clone(), ..job.scope.clone() };
        if let Some(script) = command(step) {
            let run = step.get_merged("run");
            let setting = |name: &str| run?.get_merged(name)?.as_str();
            let folder = setting("working_directory");
            job.scope.folder = match folder {
                Some(folder) if !folder.contains(['~', '<', '$']) => joined("", folder),
                Some("~/project") => Some(String::new()),
                Some(_) => None,
                None => walk.folder.clone(),
            };
            let shell = setting("shell");
            let is_other = shell.is_some_and(|shell| shell.contains("powershell") || shell.contains("cmd"));
            let language = if is_other { Language::Windows } else { walk.language };
            pipeline.script(script, Unit::Step(step), language, job);
            let script = script.as_str().unwrap_or_default();
            if !(script.contains("BASH_ENV") && script.contains("activate")) {
                Pipeline::next_shell(job, &before);
            }
            job.scope.folder.clone_from(&walk.folder);
            continue;
        }
        if let Some(orb) = &walk.orb
            && orb.installs(pipeline.context, step, job)
        {
            continue;
        }
        let is_condition =
            step.entries().next().and_then(|entry| entry.key.as_str()).is_some_and(|name| name != "when");
        for inner in inner_steps(walk.root, step) {
            let mut own = job.clone();
            steps_of(pipeline, walk, inner, &mut own, depth + 1);
            if is_condition || step.as_str().is_some() || own.scope.synced.is_none() {
                *job = own;
            } else {
                // What a condition installs may not be there.
                job.follow(&own);
            }
        }
    }
}

fn settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
    let Some(root) = pipeline.yaml.root() else { return };
    if let Some(orb) = orb::Orb::of(root) {
        orb.rewrite(pipeline.context, root, found);
    }
    if !pipeline.uses_uv() {
        return;
    }
    let keep_old = pipeline.still_installs();
    let names = Caches { context: pipeline.context, folder: "" };
    let mut done = BTreeSet::new();
    for node in pipeline.yaml.nodes() {
        for entry in node.entries() {
            let value = entry.value.resolved();
            match entry.key.as_str() {
                Some("environment") if value.is_mapping() && done.insert(value.span().start) => {
                    variables(value, keep_old, found);
                }
                Some("restore_cache" | "save_cache") if done.insert(value.span().start) => {
                    cache(&names, value, keep_old, found);
                }
                _ => {}
            }
        }
    }
}

/// The key, or keys, and the folders of a cache.
fn cache(names: &Caches<'_>, cache: Node<'_>, keep_old: bool, found: &mut Rewritten) {
    for key in ["key", "keys"].into_iter().filter_map(|name| cache.get(name)).flat_map(Node::strings) {
        let Some(new) = key.as_str().and_then(|key| names.checksums(key)) else { continue };
        let reason = "what is installed is fixed by the lock".to_owned();
        push(found, Some(key.with_value(&new)), "cache-key", reason);
    }
    if let Some(paths) = cache.get("paths") {
        Caches::folders(paths, keep_old, found);
    }
}
