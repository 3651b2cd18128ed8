//! `CircleCI`: each `run` of a job has a shell of its own, and everything else of the job stays.

mod orb;

use std::collections::BTreeSet;

use crate::context::joined;
use crate::engine::{Environment, Scope};
use crate::hosts::{Host, Kind};
use crate::install::is_default;
use crate::model::Rewritten;
use crate::pipeline::{
    Caches, Job, Language, Pipeline, Tools, Unit, Way, is_yaml, push, rewrite, set_variables, variables,
};
use crate::pythons;
use crate::script::left;
use crate::yaml::{Entry, Node};

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
        job_of(pipeline, root, &entry);
    }
    for entry in root.get("commands").into_iter().flat_map(Node::entries) {
        // A command that no job of this file uses has been seen by none.
        job_of(pipeline, root, &entry);
    }
}

fn job_of<'y>(pipeline: &mut Pipeline<'y>, root: Node<'y>, entry: &Entry<'y>) {
    let node = entry.value.resolved();
    let Some(steps) = node.get_merged("steps") else { return };
    let image = image(root, node);
    let mut scripts = Vec::new();
    collect(pipeline, root, steps, 0, &mut scripts);
    let mut job = Pipeline::job(&scripts, image.as_deref());
    for place in [Some(node), executor(root, node)].into_iter().flatten() {
        set_variables(&mut job.scope, place.get_merged("environment"));
        let first = place.get_merged("docker").and_then(|docker| docker.items().next());
        set_variables(&mut job.scope, first.and_then(|image| image.resolved().get_merged("environment")));
    }
    job.pythons = pythons_of(root, entry, image.as_deref().unwrap_or_default());
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

/// Every Python that the image of a job can have: parameters have defaults, and workflows give them values.
fn pythons_of(root: Node<'_>, entry: &Entry<'_>, image: &str) -> Vec<String> {
    let (name, node) = (entry.key.as_str().unwrap_or_default(), entry.value.resolved());
    let values = |parameter: &str| {
        let Some(parameter) = parameter.strip_prefix("parameters.") else { return Vec::new() };
        let given = given(root, name, parameter);
        let executor = node.get_merged("executor").and_then(|executor| executor.get(parameter)?.as_str());
        let executor = executor.filter(|value| !value.contains("<<"));
        let places = [Some(node), self::executor(root, node)].into_iter().flatten();
        let defaults = places.filter_map(|place| place.at(&["parameters", parameter, "default"])?.as_str());
        if !given.is_empty() {
            given
        } else if let Some(executor) = executor {
            vec![executor]
        } else {
            defaults.take(1).collect()
        }
    };
    let images = pythons::filled(image, ("<<", ">>"), &values);
    images.iter().filter_map(|image| pythons::of_image(image)).collect()
}

/// The values that workflows give to a parameter of a job.
fn given<'y>(root: Node<'y>, job: &str, parameter: &str) -> Vec<&'y str> {
    let workflows = root.get("workflows").into_iter().flat_map(Node::entries);
    let jobs = workflows.filter_map(|workflow| workflow.value.resolved().get("jobs")).flat_map(Node::items);
    let calls = jobs.filter_map(|item| item.resolved().get(job));
    let values = |call: Node<'y>| {
        let matrix = call.at(&["matrix", "parameters", parameter]);
        let found: Vec<Node<'y>> =
            matrix.or_else(|| call.get(parameter)).map(Node::strings).unwrap_or_default();
        found.into_iter().filter_map(Node::as_str)
    };
    calls.flat_map(values).collect()
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
    match shell.and_then(of_windows) {
        Some(language) => language,
        None if is_windows && shell.is_none() => Language::PowerShell,
        None => Language::Shell,
    }
}

/// The language of a shell of Windows.
fn of_windows(shell: &str) -> Option<Language> {
    let is_powershell = shell.contains("powershell") || shell.contains("pwsh");
    let is_cmd = || shell.contains("cmd");
    is_powershell.then_some(Language::PowerShell).or_else(|| is_cmd().then_some(Language::Cmd))
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
            one_step(pipeline, walk, step, script, job);
            match activated(script_text(script)) {
                Some(environment) => {
                    job.scope.own_environment = Some(environment).filter(|it| !is_default(it));
                    job.scope.environment = Environment::Active;
                }
                None => Pipeline::next_shell(job, &before),
            }
            job.scope.set_by_file(script_text(script));
            job.scope.folder.clone_from(&walk.folder);
            continue;
        }
        if let Some(orb) = &walk.orb
            && orb.installs(pipeline.context, step, job)
        {
            continue;
        }
        let name = step.entries().next().and_then(|entry| entry.key.as_str());
        for inner in inner_steps(walk.root, step) {
            let earlier = job.clone();
            steps_of(pipeline, walk, inner, job, depth + 1);
            if matches!(name, Some("when" | "unless")) {
                pipeline.may_be_skipped(job, &earlier);
            }
        }
    }
}

/// The environment that a script activates for the steps behind it: `echo "source venv/bin/activate" >> $BASH_ENV`.
fn activated(script: &str) -> Option<String> {
    let ends = |letter: char| letter.is_whitespace() || "\"'`;".contains(letter);
    let line = script.lines().find(|line| line.contains("BASH_ENV") && line.contains("/bin/activate"))?;
    let path = line.split(ends).find_map(|word| word.strip_suffix("/bin/activate"))?;
    let path = ["$(pwd)/", "$PWD/", "${PWD}/", "~/project/", "./"]
        .iter()
        .find_map(|start| path.strip_prefix(start))
        .unwrap_or(path);
    Some(path.to_owned())
}

fn script_text(script: Node<'_>) -> &str {
    script.as_str().unwrap_or_default()
}

fn one_step<'y>(
    pipeline: &mut Pipeline<'y>,
    walk: &Walk<'y>,
    step: Node<'y>,
    script: Node<'y>,
    job: &mut Job,
) {
    let run = step.get_merged("run");
    let setting = |name: &str| run?.get_merged(name)?.as_str();
    job.scope.folder = match setting("working_directory") {
        Some(folder) if !folder.contains(['~', '<', '$']) => joined("", folder),
        Some("~/project") => Some(String::new()),
        Some(_) => None,
        None => walk.folder.clone(),
    };
    set_variables(&mut job.scope, run.and_then(|run| run.get_merged("environment")));
    let earlier = matches!(setting("when"), Some("on_fail")).then(|| job.clone());
    let language = setting("shell").and_then(of_windows).unwrap_or(walk.language);
    pipeline.script(script, Unit::Step(step), language, job);
    if let Some(earlier) = earlier {
        pipeline.may_be_skipped(job, &earlier);
    }
}

fn settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
    let Some(root) = pipeline.yaml.root() else { return };
    if let Some(orb) = orb::Orb::of(root) {
        orb.rewrite(pipeline.context, root, found);
    }
    tell_mappings(pipeline, found);
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

/// The orb `path-filtering` has a text of regular expressions, which is only told.
fn tell_mappings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
    let mappings = pipeline.yaml.nodes().filter_map(|node| node.get("mapping"));
    for mapping in mappings {
        let Some(text) = mapping.as_str().filter(|text| !text.contains("pyproject")) else { continue };
        let plain = text.replace("\\.", ".");
        let mut old = pipeline.context.became.keys();
        if let Some(path) = old.find(|path| plain.contains(path.as_str())) {
            let reason = format!(
                "what `{path}` had is in pyproject.toml and uv.lock now, which have to be named here"
            );
            found.left.push(left(mapping.span(), reason));
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
