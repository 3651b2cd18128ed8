//! Azure Pipelines: each step has a shell of its own, and the machine stays.

use std::collections::BTreeSet;

use crate::context::joined;
use crate::engine::Scope;
use crate::hosts::{Host, Kind};
use crate::model::Rewritten;
use crate::pipeline::{
    Caches, Job, Language, Pipeline, Unit, Way, is_yaml, list_variables, push, rewrite, set_variables,
    variables,
};
use crate::pythons;
use crate::yaml::{Node, Yaml};

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
    /// The file, the stage, the job: what the steps stand in, which has variables and a matrix.
    within: Vec<Node<'y>>,
}

/// Whether a file may use templates of this one, or the other way round.
fn is_together(_: &str, other: &str) -> bool {
    (other.contains("azure") || other.contains(".ado/")) && !other.starts_with(".github/")
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
    find_jobs(root, false, &[], &mut jobs);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for mut found in jobs {
        found.container = found.container.map(|name| image_of(root, name));
        let mut scripts = Vec::new();
        collect(pipeline, found.steps, 0, &mut scripts);
        for template in found.steps.items().filter_map(|step| template_of(pipeline, folder, step)) {
            collect(pipeline, template, 0, &mut scripts);
        }
        let mut job = Pipeline::job(&scripts, found.container);
        job.names_python |= found.steps.items().any(|step| is_task(step, "UsePythonVersion"));
        job.pythons = pythons_of(&found, root);
        for node in &found.within {
            set_variables(&mut job.scope, node.get("variables"));
            variables_of_files(pipeline, folder, *node, &mut job);
        }
        let at = At { is_windows: found.is_windows, folder };
        steps(pipeline, &at, found.steps, &mut job, 0);
        pipeline.end(&job);
    }
}

fn is_task(step: Node<'_>, name: &str) -> bool {
    let task = step.get("task").and_then(Node::as_str);
    task.is_some_and(|task| task.split('@').next() == Some(name))
}

/// Variables that stand in another file: `variables: [{template: variables.yml}]`.
fn variables_of_files(pipeline: &Pipeline<'_>, folder: &str, node: Node<'_>, job: &mut Job) {
    for item in node.get("variables").into_iter().flat_map(Node::items) {
        let root = file_of(pipeline, folder, item.resolved()).and_then(Yaml::root);
        set_variables(&mut job.scope, root.and_then(|root| root.get("variables")));
    }
}

/// The image of a container, which `resources` may give a name.
fn image_of<'y>(root: Node<'y>, name: &'y str) -> &'y str {
    let containers = root.at(&["resources", "containers"]);
    let mut named = containers.into_iter().flat_map(Node::items).map(Node::resolved);
    let found = named.find(|it| it.get("container").and_then(Node::as_str) == Some(name));
    found.and_then(|it| it.get("image")?.as_str()).unwrap_or(name)
}

/// What a parameter of a file can be: its default, and the values that it allows.
fn parameter<'y>(root: Node<'y>, name: &str) -> Vec<&'y str> {
    let Some(parameters) = root.get("parameters") else { return Vec::new() };
    if let Some(default) = parameters.get(name) {
        return default.as_str().into_iter().collect();
    }
    let mut items = parameters.items().map(Node::resolved);
    let Some(item) = items.find(|item| item.get("name").and_then(Node::as_str) == Some(name)) else {
        return Vec::new();
    };
    let allowed = item.get("values").into_iter().flat_map(Node::strings);
    item.get("default").into_iter().chain(allowed).filter_map(Node::as_str).collect()
}

/// Every version of Python that a job asks for, as far as it is known.
fn pythons_of(found: &Found<'_>, root: Node<'_>) -> Vec<String> {
    let values = |name: &str| {
        let matrices = found.within.iter().filter_map(|node| node.at(&["strategy", "matrix"]));
        let legs =
            matrices.flat_map(Node::entries).filter_map(|leg| leg.value.resolved().get(name)?.as_str());
        let legs: Vec<&str> = legs.collect();
        let set = found.within.iter().filter_map(|node| variable(node.get("variables")?, name));
        if legs.is_empty() { set.collect() } else { legs }
    };
    let tasks = found.steps.items().map(Node::resolved).filter(|step| is_task(*step, "UsePythonVersion"));
    let asked = tasks.filter_map(|step| step.at(&["inputs", "versionSpec"])?.as_str());
    let given = |name: &str| {
        name.trim().strip_prefix("parameters.").map(|name| parameter(root, name)).unwrap_or_default()
    };
    let filled = |text: &str| -> Vec<String> {
        let filled = pythons::filled(text, ("${{", "}}"), &given);
        filled.iter().flat_map(|text| pythons::filled(text, ("$(", ")"), &values)).collect()
    };
    let mut pythons: Vec<String> = asked.flat_map(filled).collect();
    let images = found.container.map(filled).unwrap_or_default();
    pythons.extend(images.iter().filter_map(|image| pythons::of_image(image)));
    pythons
}

/// The value of a variable, of a mapping or of a list.
fn variable<'y>(variables: Node<'y>, name: &str) -> Option<&'y str> {
    let in_list = || {
        let mut items = variables.items().map(Node::resolved);
        let item = items.find(|item| item.get("name").and_then(Node::as_str) == Some(name));
        item.and_then(|item| item.get("value"))
    };
    variables.get(name).or_else(in_list)?.as_str()
}

/// Whether a step runs only under a condition that is not about what went before.
fn is_conditional(step: Node<'_>) -> bool {
    let Some(condition) = step.get("condition") else { return false };
    let condition = condition.as_str().unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    !matches!(condition.as_str(), "" | "succeeded()" | "always()" | "succeededorfailed()" | "true")
}

/// Where steps stand.
struct At<'p> {
    is_windows: bool,
    /// The folder of the file, which paths of templates start from.
    folder: &'p str,
}

/// The steps of a template of this repository.
fn template_of<'y>(pipeline: &Pipeline<'y>, folder: &str, step: Node<'y>) -> Option<Node<'y>> {
    file_of(pipeline, folder, step)?.root()?.get("steps")
}

/// The file of this repository that is named as a template.
fn file_of<'y>(pipeline: &Pipeline<'y>, folder: &str, step: Node<'y>) -> Option<&'y Yaml<'y>> {
    let named = step.get("template")?.as_str()?;
    let named = named.strip_suffix("@self").unwrap_or(named);
    let path = match named.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => joined(folder, named)?,
    };
    let own = (pipeline.path == path).then_some(pipeline.yaml);
    let others = pipeline.others;
    own.or_else(|| others.iter().find(|(other, _)| **other == path).map(|(_, yaml)| yaml))
}

/// Every list of steps with what it runs on: of the file, of jobs, of deployments, of templates.
fn find_jobs<'y>(node: Node<'y>, is_windows: bool, above: &[Node<'y>], jobs: &mut Vec<Found<'y>>) {
    if above.len() > MAX_DEPTH {
        return;
    }
    let around: Vec<Node<'y>> = above.iter().copied().chain([node]).collect();
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
        jobs.push(Found { steps, is_windows, container, within: around.clone() });
    }
    for list in ["jobs", "stages"].into_iter().filter_map(|name| node.get(name)) {
        within(list, is_windows, &around, jobs);
    }
    let Some(strategy) = node.get("strategy") else { return };
    for way in ["runOnce", "rolling", "canary"].into_iter().filter_map(|name| strategy.get(name)) {
        for phase in way.entries() {
            find_jobs(phase.value.resolved(), is_windows, &around, jobs);
        }
    }
}

/// Jobs or stages of a list, also those within `${{ if }}` and `${{ each }}`.
fn within<'y>(list: Node<'y>, is_windows: bool, above: &[Node<'y>], jobs: &mut Vec<Found<'y>>) {
    if above.len() > MAX_DEPTH {
        return;
    }
    for item in list.items() {
        let condition =
            item.entries().find(|entry| entry.key.as_str().is_some_and(|key| key.starts_with("${{")));
        match condition {
            Some(entry) => {
                let around: Vec<Node<'y>> = above.iter().copied().chain([item]).collect();
                within(entry.value, is_windows, &around, jobs);
            }
            None => find_jobs(item, is_windows, above, jobs),
        }
    }
}

/// Whether a matrix has a machine with Windows.
fn has_windows(node: Node<'_>) -> bool {
    node.get("strategy").is_some_and(|strategy| strategy.raw().to_ascii_lowercase().contains("windows"))
}

/// The script of a step, and its language.
fn script_of(step: Node<'_>, is_windows: bool) -> Option<(Node<'_>, Language)> {
    let native = if is_windows { Language::Cmd } else { Language::Shell };
    for key in SCRIPTS {
        if let Some(script) = step.get(key) {
            let language = match *key {
                "pwsh" | "powershell" => Language::PowerShell,
                "script" => native,
                _ => Language::Shell,
            };
            return Some((script, language));
        }
    }
    let task = step.get("task")?.as_str()?;
    let name = task.split('@').next().filter(|name| TASKS.contains(name))?;
    let script = step.at(&["inputs", "script"])?;
    let language = match name {
        "Bash" => Language::Shell,
        "CmdLine" => native,
        "PowerShell" => Language::PowerShell,
        _ => Language::Cmd,
    };
    Some((script, language))
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
        let earlier = is_conditional(step).then(|| job.clone());
        if is_task(step, "PipAuthenticate") {
            job.scope.set("PIP_EXTRA_INDEX_URL");
        }
        if let Some((script, language)) = script_of(step, at.is_windows) {
            one_step(pipeline, step, script, language, job);
        }
        if let Some(template) = template_of(pipeline, at.folder, step) {
            steps(pipeline, at, template, job, depth + 1);
        }
        if let Some(earlier) = earlier {
            pipeline.may_be_skipped(job, &earlier);
        }
        for inner in inner_steps(step) {
            let earlier = job.clone();
            steps(pipeline, at, inner, job, depth + 1);
            pipeline.may_be_skipped(job, &earlier);
        }
    }
}

fn one_step<'y>(
    pipeline: &mut Pipeline<'y>,
    step: Node<'y>,
    script: Node<'y>,
    language: Language,
    job: &mut Job,
) {
    let before = Scope { folder: Some(String::new()), ..job.scope.clone() };
    let folder = step.get("workingDirectory").or_else(|| step.at(&["inputs", "workingDirectory"]));
    job.scope.folder = folder_of(folder.and_then(Node::as_str));
    set_variables(&mut job.scope, step.get("env"));
    pipeline.script(script, Unit::Step(step), language, job);
    Pipeline::next_shell(job, &before);
    job.scope.set_by_file(script.as_str().unwrap_or_default());
}

/// The folder that a step works in, from the root.
fn folder_of(working: Option<&str>) -> Option<String> {
    let Some(working) = working else { return Some(String::new()) };
    let roots = ["$(Build.SourcesDirectory)", "$(System.DefaultWorkingDirectory)"];
    let below = roots.iter().find_map(|root| working.strip_prefix(root)).unwrap_or(working);
    if below.contains('$') { None } else { joined("", below.trim_start_matches('/')) }
}

fn settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
    if pipeline.uses_uv() {
        used_settings(pipeline, found);
    }
    let Some(root) = pipeline.yaml.root() else { return };
    let starts = ["trigger", "pr"].into_iter().filter_map(|name| root.at(&[name, "paths", "include"]));
    pipeline.filters(starts.collect(), found);
}

fn used_settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
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
