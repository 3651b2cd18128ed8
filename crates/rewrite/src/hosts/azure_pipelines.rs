//! Azure Pipelines: each step has a shell of its own, and the machine stays.

use std::collections::BTreeSet;

use crate::context::joined;
use crate::engine::Scope;
use crate::hosts::{Host, Kind};
use crate::model::Rewritten;
use crate::pipeline::{
    Caches, Job, Language, Pipeline, Unit, Way, is_yaml, list_variables, push, rewrite, variables,
};
use crate::yaml::Node;

const MAX_DEPTH: usize = 12;

/// Keys of a step that hold a script.
const SCRIPTS: &[&str] = &["script", "bash", "pwsh", "powershell"];

/// Tasks with a script among their inputs.
const TASKS: &[&str] = &["CmdLine", "Bash", "PowerShell", "BatchScript"];

const WAY: Way = Way { walk, settings, is_together };

/// The host.
pub(crate) const HOST: Host = Host {
    name: "azure-pipelines",
    title: "Azure Pipelines",
    kind: Kind::Edited,
    is: is_azure,
    rewrite: |path, text, context, options| rewrite(path, text, context, options, WAY),
};

fn is_azure(path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let below = [".azure-pipelines/", ".azure/", "azure-pipelines/", ".ado/", ".azuredevops/"];
    let has = |keys: &[&str]| keys.iter().any(|key| text.contains(key));
    let is_template = (below.iter().any(|folder| path.starts_with(folder)) || name.contains("azure"))
        && has(&["steps:", "jobs:", "stages:"])
        && has(&["script:", "task:", "bash:", "template:"]);
    is_yaml(path)
        && (name.starts_with("azure-pipelines") || name.starts_with(".azure-pipelines") || is_template)
}

/// A job: its steps, and what it runs on.
struct Found<'y> {
    steps: Node<'y>,
    is_windows: bool,
    container: Option<&'y str>,
}

/// Whether a file may use templates of this one, or the other way round.
fn is_together(_: &str, other: &str) -> bool {
    other.contains("azure") || other.contains(".ado/")
}

fn walk(pipeline: &mut Pipeline<'_>) {
    let others = pipeline.others;
    let files = others.iter().filter_map(|(path, yaml)| Some((*path, yaml.root()?)));
    let own = pipeline.yaml.root().map(|root| (pipeline.path, root));
    let files: Vec<(&str, Node<'_>)> = own.into_iter().chain(files).collect();
    let is_template = |path: &str, root: Node<'_>| {
        let name = path.rsplit('/').next().unwrap_or(path);
        root.get("steps").is_some() && !name.trim_start_matches('.').starts_with("azure-pipelines")
    };
    for (path, root) in files.iter().filter(|(path, root)| !is_template(path, *root)) {
        file(pipeline, path, *root);
    }
    // A template that no file here uses stands for itself.
    if let Some((path, root)) = own.filter(|(path, root)| is_template(path, *root)) {
        let mut scripts = Vec::new();
        collect(pipeline, root.get("steps").unwrap_or(root), 0, &mut scripts);
        if !scripts.into_iter().any(|script| pipeline.knows(script)) {
            file(pipeline, path, root);
        }
    }
}

fn file<'y>(pipeline: &mut Pipeline<'y>, path: &str, root: Node<'y>) {
    let mut jobs = Vec::new();
    find_jobs(root, false, 0, &mut jobs);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for found in jobs {
        let mut scripts = Vec::new();
        collect(pipeline, found.steps, 0, &mut scripts);
        for template in found.steps.items().filter_map(|step| template_of(pipeline, folder, step)) {
            collect(pipeline, template, 0, &mut scripts);
        }
        let mut job = Pipeline::job(&scripts, found.container);
        let has_task = |step: Node<'_>| {
            step.get("task").and_then(Node::as_str).is_some_and(|it| it.starts_with("UsePython"))
        };
        job.names_python |= found.steps.items().any(has_task);
        let at = At { is_windows: found.is_windows, folder };
        steps(pipeline, &at, found.steps, &mut job, 0);
        pipeline.end(&job);
    }
}

/// Where steps stand.
struct At<'p> {
    is_windows: bool,
    /// The folder of the file, which paths of templates start from.
    folder: &'p str,
}

/// The steps of a template of this repository.
fn template_of<'y>(pipeline: &Pipeline<'y>, folder: &str, step: Node<'y>) -> Option<Node<'y>> {
    let named = step.get("template")?.as_str()?;
    let named = named.strip_suffix("@self").unwrap_or(named);
    let path = match named.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => joined(folder, named)?,
    };
    let own = (pipeline.path == path).then_some(pipeline.yaml);
    let others = pipeline.others;
    let yaml = own.or_else(|| others.iter().find(|(other, _)| **other == path).map(|(_, yaml)| yaml))?;
    yaml.root()?.get("steps")
}

/// Every list of steps with what it runs on: of the file, of jobs, of deployments, of templates.
fn find_jobs<'y>(node: Node<'y>, is_windows: bool, depth: usize, jobs: &mut Vec<Found<'y>>) {
    if depth > MAX_DEPTH {
        return;
    }
    let image = node.at(&["pool", "vmImage"]).or_else(|| node.at(&["pool", "name"])).and_then(Node::as_str);
    let is_windows = match image {
        Some(image) if image.contains(['$', '{']) => is_windows || has_windows(node),
        Some(image) => image.to_ascii_lowercase().contains("win"),
        None => is_windows || has_windows(node),
    };
    let container = node
        .get("container")
        .and_then(|container| container.as_str().or_else(|| container.get("image")?.as_str()));
    if let Some(steps) = node.get("steps").filter(|steps| steps.is_sequence()) {
        jobs.push(Found { steps, is_windows, container });
    }
    for list in ["jobs", "stages"].into_iter().filter_map(|name| node.get(name)) {
        within(list, is_windows, depth + 1, jobs);
    }
    let Some(strategy) = node.get("strategy") else { return };
    for way in ["runOnce", "rolling", "canary"].into_iter().filter_map(|name| strategy.get(name)) {
        for phase in way.entries() {
            find_jobs(phase.value.resolved(), is_windows, depth + 1, jobs);
        }
    }
}

/// Jobs or stages of a list, also those within `${{ if }}` and `${{ each }}`.
fn within<'y>(list: Node<'y>, is_windows: bool, depth: usize, jobs: &mut Vec<Found<'y>>) {
    if depth > MAX_DEPTH {
        return;
    }
    for item in list.items() {
        let condition =
            item.entries().find(|entry| entry.key.as_str().is_some_and(|key| key.starts_with("${{")));
        match condition {
            Some(entry) => within(entry.value, is_windows, depth + 1, jobs),
            None => find_jobs(item, is_windows, depth + 1, jobs),
        }
    }
}

/// Whether a matrix has a machine with Windows.
fn has_windows(node: Node<'_>) -> bool {
    node.get("strategy").is_some_and(|strategy| strategy.raw().to_ascii_lowercase().contains("windows"))
}

/// The script of a step, and its language.
fn script_of(step: Node<'_>, is_windows: bool) -> Option<(Node<'_>, Language)> {
    for key in SCRIPTS {
        if let Some(script) = step.get(key) {
            let is_other = ["pwsh", "powershell"].contains(key) || (*key == "script" && is_windows);
            return Some((script, if is_other { Language::Windows } else { Language::Shell }));
        }
    }
    let task = step.get("task")?.as_str()?;
    let name = task.split('@').next().filter(|name| TASKS.contains(name))?;
    let script = step.at(&["inputs", "script"])?;
    let is_other = name != "Bash" && (name != "CmdLine" || is_windows);
    Some((script, if is_other { Language::Windows } else { Language::Shell }))
}

/// The steps within `${{ if }}` and `${{ each }}`.
fn inner_steps(step: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let entries = step.entries().filter(|entry| entry.key.as_str().is_some_and(|key| key.starts_with("${{")));
    entries.map(|entry| entry.value.resolved()).filter(|value| value.is_sequence())
}

fn collect<'y>(pipeline: &Pipeline<'y>, steps: Node<'y>, depth: usize, scripts: &mut Vec<Node<'y>>) {
    for step in steps.items().map(Node::resolved) {
        if depth > MAX_DEPTH || !pipeline.budget.spend() {
            return;
        }
        scripts.extend(script_of(step, false).map(|(script, _)| script));
        for inner in inner_steps(step) {
            collect(pipeline, inner, depth + 1, scripts);
        }
    }
}

fn steps<'y>(pipeline: &mut Pipeline<'y>, at: &At<'_>, list: Node<'y>, job: &mut Job, depth: usize) {
    for step in list.items().map(Node::resolved) {
        if depth > MAX_DEPTH || !pipeline.budget.spend() {
            return;
        }
        if let Some((script, language)) = script_of(step, at.is_windows) {
            let before = Scope { folder: Some(String::new()), ..job.scope.clone() };
            let folder = step.get("workingDirectory").or_else(|| step.at(&["inputs", "workingDirectory"]));
            job.scope.folder = folder_of(folder.and_then(Node::as_str));
            pipeline.script(script, Unit::Step(step), language, job);
            Pipeline::next_shell(job, &before);
        }
        if let Some(template) = template_of(pipeline, at.folder, step) {
            steps(pipeline, at, template, job, depth + 1);
        }
        for inner in inner_steps(step) {
            let mut own = job.clone();
            steps(pipeline, at, inner, &mut own, depth + 1);
            job.follow(&own);
        }
    }
}

/// The folder that a step works in, from the root.
fn folder_of(working: Option<&str>) -> Option<String> {
    let Some(working) = working else { return Some(String::new()) };
    let roots = ["$(Build.SourcesDirectory)", "$(System.DefaultWorkingDirectory)"];
    let below = roots.iter().find_map(|root| working.strip_prefix(root)).unwrap_or(working);
    if below.contains('$') { None } else { joined("", below.trim_start_matches('/')) }
}

fn settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
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
                Some("variables" | "env") if done.insert(value.span().start) => {
                    if value.is_mapping() {
                        variables(value, keep_old, found);
                    } else {
                        list_variables(value, keep_old, found);
                    }
                }
                Some("inputs") if is_cache(node) && done.insert(value.span().start) => {
                    cache(&names, value, keep_old, found);
                }
                _ => {}
            }
        }
    }
}

fn is_cache(step: Node<'_>) -> bool {
    step.get("task")
        .and_then(Node::as_str)
        .is_some_and(|task| task.starts_with("Cache@") || task.starts_with("CacheBeta@"))
}

/// The inputs of a cache. Its key is a list of strings and files with `|` between them.
fn cache(names: &Caches<'_>, inputs: Node<'_>, keep_old: bool, found: &mut Rewritten) {
    if let Some(key) = inputs.get("key")
        && let Some(new) = key.as_str().and_then(|key| with_lock(names, key))
    {
        push(
            found,
            Some(key.with_value(&new)),
            "cache-key",
            "what is installed is fixed by the lock".to_owned(),
        );
    }
    if let Some(path) = inputs.get("path").filter(|_| !keep_old)
        && let Some(new) = path.as_str().and_then(Caches::kept)
    {
        push(
            found,
            Some(path.with_value(&new)),
            "cache-folder",
            "uv keeps what it downloads there".to_owned(),
        );
    }
}

fn with_lock(names: &Caches<'_>, key: &str) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut changed = false;
    for part in key.split('|') {
        let path = part.trim().trim_start_matches("$(Build.SourcesDirectory)/");
        match names.lock(path) {
            Some(lock) => {
                changed = true;
                let new = part.replace(path, &lock);
                if !parts.iter().any(|there| there.trim() == new.trim()) {
                    parts.push(new);
                }
            }
            None => parts.push(part.to_owned()),
        }
    }
    changed.then(|| parts.join("|").trim_end().to_owned())
}
