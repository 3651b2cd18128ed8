//! GitLab CI: `before_script` and `script` of a job run in one shell, `after_script` in another one.

use std::collections::BTreeSet;

use uvshift_diagnostics::Safety;

use crate::hosts::{Host, Kind};
use crate::model::{Left, Rewritten};
use crate::pipeline::{Caches, Job, Language, Pipeline, Unit, rewrite, variables};
use crate::yaml::Node;

/// Keys of the file that are no jobs.
const GLOBAL: &[&str] = &[
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "types",
    "spec",
];

/// How many jobs a job can go back to by `extends`, and how deep references go.
const MAX_EXTENDS: usize = 12;

/// The host.
pub(crate) const HOST: Host = Host {
    name: "gitlab-ci",
    title: "GitLab CI",
    kind: Kind::Edited,
    is: |path, _| is_gitlab(path),
    rewrite: |_, text, context, _| rewrite(text, context, walk, settings),
};

fn is_gitlab(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let below = [".gitlab/", ".gitlab-ci/", "ci/gitlab/"].iter().any(|folder| path.starts_with(folder));
    is_yaml && (name.ends_with(".gitlab-ci.yml") || name.ends_with(".gitlab-ci.yaml") || below)
}

/// The document that has the jobs: the second one when the first has only `spec`.
fn document<'y>(pipeline: &Pipeline<'y>) -> Option<Node<'y>> {
    pipeline.yaml.documents().find(|root| root.entry("spec").is_none())
}

fn walk(pipeline: &mut Pipeline<'_>) {
    let Some(root) = document(pipeline) else { return };
    let mut seen_hidden = Vec::new();
    for entry in root.entries() {
        let Some(name) = entry.key.as_str() else { continue };
        let job = entry.value.resolved();
        if GLOBAL.contains(&name) || !job.is_mapping() {
            continue;
        }
        if name.starts_with('.') {
            seen_hidden.push(job);
        } else {
            job_of(pipeline, root, job);
        }
    }
    // What no job here uses may be used by another file.
    for job in seen_hidden {
        job_of(pipeline, root, job);
    }
    if root.get("before_script").is_some() || root.at(&["default", "before_script"]).is_some() {
        global(pipeline, root);
    }
}

/// What stands in front of every job, for jobs of other files.
fn global<'y>(pipeline: &mut Pipeline<'y>, root: Node<'y>) {
    let Some(before) = default_of(root, "before_script") else { return };
    let scripts = commands(root, before, 0);
    let mut job = pipeline.job(&scripts, image(root, root).as_deref());
    for script in scripts {
        pipeline.script(script, Unit::Item, Language::Shell, &mut job);
    }
    pipeline.end(&job);
}

fn job_of<'y>(pipeline: &mut Pipeline<'y>, root: Node<'y>, node: Node<'y>) {
    let part = |key: &str| {
        let found = inherited(root, node, key, 0)
            .or_else(|| default_of(root, key).filter(|_| inherits(root, node, key)));
        found.map(|value| commands(root, value, 0)).unwrap_or_default()
    };
    let (before, script, after) = (part("before_script"), part("script"), part("after_script"));
    if script.is_empty() && before.is_empty() {
        return;
    }
    let all: Vec<Node<'y>> = before.iter().chain(&script).chain(&after).copied().collect();
    let mut job: Job = pipeline.job(&all, image(root, node).as_deref());
    let start = job.scope.clone();
    for script in before.into_iter().chain(script) {
        pipeline.script(script, Unit::Item, Language::Shell, &mut job);
    }
    Pipeline::next_shell(&mut job, &start);
    for script in after {
        pipeline.script(script, Unit::Item, Language::Shell, &mut job);
    }
    pipeline.end(&job);
}

/// The value of a key of a job, or of what it extends; the last one that has it wins.
fn inherited<'y>(root: Node<'y>, job: Node<'y>, key: &str, depth: usize) -> Option<Node<'y>> {
    if let Some(found) = job.get_merged(key) {
        return Some(found);
    }
    if depth >= MAX_EXTENDS {
        return None;
    }
    let parents = job.get_merged("extends")?.strings();
    parents.into_iter().rev().find_map(|parent| {
        let parent = root.get(parent.as_str()?)?;
        inherited(root, parent, key, depth + 1)
    })
}

fn default_of<'y>(root: Node<'y>, key: &str) -> Option<Node<'y>> {
    root.at(&["default", key]).or_else(|| root.get(key))
}

/// Whether a job takes a default.
fn inherits(root: Node<'_>, job: Node<'_>, key: &str) -> bool {
    let Some(said) = inherited(root, job, "inherit", 0).and_then(|inherit| inherit.get("default")) else {
        return true;
    };
    if said.is_sequence() {
        return said.strings().iter().any(|name| name.as_str() == Some(key));
    }
    said.as_str() != Some("false")
}

fn image(root: Node<'_>, job: Node<'_>) -> Option<String> {
    let image = inherited(root, job, "image", 0).or_else(|| default_of(root, "image"))?;
    let name = if image.is_mapping() { image.get("name")? } else { image };
    name.as_str().map(str::to_owned)
}

/// The commands of a value: a string, a list, lists in it, and what `!reference` names.
fn commands<'y>(root: Node<'y>, value: Node<'y>, depth: usize) -> Vec<Node<'y>> {
    let value = value.resolved();
    if depth > MAX_EXTENDS {
        return Vec::new();
    }
    if value.as_str().is_some() {
        return vec![value];
    }
    if value.has_tag() {
        return referenced(root, value).map(|found| commands(root, found, depth + 1)).unwrap_or_default();
    }
    value.items().flat_map(|item| commands(root, item, depth + 1)).collect()
}

fn referenced<'y>(root: Node<'y>, reference: Node<'y>) -> Option<Node<'y>> {
    let mut keys = reference.items();
    let mut node = root.get(keys.next()?.as_str()?)?;
    for key in keys {
        let name = key.as_str()?;
        node = inherited(root, node, name, 0)?;
    }
    Some(node)
}

fn settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
    let Some(root) = document(pipeline) else { return };
    tell_includes(root, found);
    if !pipeline.uses_uv() {
        return;
    }
    let keep_old = pipeline.still_installs();
    let mut done = BTreeSet::new();
    for node in std::iter::once(root).chain(root.entries().map(|entry| entry.value.resolved())) {
        if let Some(mapping) =
            node.get("variables").filter(|it| it.is_mapping() && done.insert(it.span().start))
        {
            variables(mapping, keep_old, found);
        }
        if let Some(cache) = node.get("cache").filter(|it| done.insert(it.span().start)) {
            caches(pipeline, cache, found);
        }
    }
    link_mode(root, found);
}

/// One cache, or several.
fn caches(pipeline: &Pipeline<'_>, cache: Node<'_>, found: &mut Rewritten) {
    if cache.is_sequence() {
        for item in cache.items().filter(|item| !item.is_alias()) {
            one_cache(pipeline, item, found);
        }
    } else {
        one_cache(pipeline, cache, found);
    }
}

fn one_cache(pipeline: &Pipeline<'_>, cache: Node<'_>, found: &mut Rewritten) {
    let names = Caches { context: pipeline.context, folder: "" };
    if let Some(files) = cache.at(&["key", "files"]) {
        names.key_files(files, found);
    }
    if let Some(paths) = cache.get("paths") {
        Caches::folders(paths, pipeline.still_installs(), found);
    }
}

/// Between the container and the folder of the build there are no hard links.
fn link_mode(root: Node<'_>, found: &mut Rewritten) {
    let Some(variables) = root.get("variables").filter(|it| it.is_mapping()) else { return };
    let is_set = |name: &str| variables.entry(name).is_some();
    if is_set("UV_LINK_MODE")
        || is_set("UV_CACHE_DIR")
        || found.edits.iter().any(|edit| edit.new.contains("UV_CACHE_DIR"))
    {
        return;
    }
    if let Some(last) = variables.entries().next_back() {
        let reason =
            "the runner's build folder is a volume of its own, which uv cannot link into from its cache";
        let change = last.with_entry_after("UV_LINK_MODE: copy");
        found.edits.push(change.edit("link-mode", reason, Safety::Safe, 0));
    }
}

/// Files of other repositories are not seen.
fn tell_includes(root: Node<'_>, found: &mut Rewritten) {
    let Some(include) = root.get("include") else { return };
    let items: Vec<Node<'_>> = if include.is_sequence() { include.items().collect() } else { vec![include] };
    for item in items {
        let Some(kind) =
            ["template", "project", "remote", "component"].into_iter().find(|kind| item.get(kind).is_some())
        else {
            continue;
        };
        let named = item.get(kind).and_then(Node::as_str).unwrap_or_default();
        let is_python =
            ["python", "pip", "poetry"].iter().any(|word| named.to_ascii_lowercase().contains(word));
        if is_python {
            let reason = "what it includes is not seen, and may still use pip".to_owned();
            found.left.push(Left { span: item.span(), reason, suggestion: None });
        }
    }
}
