//! Bitbucket Pipelines: the script of a step runs in one shell, and each step has a container of its own.

use std::collections::BTreeSet;

use uvshift_diagnostics::Safety;

use crate::hosts::{Host, Kind};
use crate::model::{Left, Rewritten};
use crate::pipeline::{
    Budget, Caches, Language, Pipeline, Unit, Way, push, rewrite, set_variables, variables,
};
use crate::pythons;
use crate::script::left;
use crate::yaml::{Change, Node, newline};

const MAX_DEPTH: usize = 8;

/// Where uv keeps what it downloads.
const OF_UV: &str = "~/.cache/uv";

const WAY: Way = Way { walk, settings, is_together: |_, _| false };

/// The host.
pub(crate) const HOST: Host = Host {
    name: "bitbucket",
    title: "Bitbucket Pipelines",
    kind: Kind::Edited,
    is: |path, _| path == "bitbucket-pipelines.yml" || path == "bitbucket-pipelines.yaml",
    rewrite: |path, text, context, options| rewrite(path, text, context, options, WAY),
};

/// Every step of the file.
fn steps_of<'y>(budget: &Budget, root: Node<'y>) -> Vec<Node<'y>> {
    let mut steps = Vec::new();
    for entry in root.get("pipelines").into_iter().flat_map(Node::entries) {
        let value = entry.value.resolved();
        find(budget, value, 0, &mut steps);
        for named in value.entries() {
            find(budget, named.value.resolved(), 0, &mut steps);
        }
    }
    // What is only defined may be used by another file.
    if let Some(defined) = root.at(&["definitions", "steps"]) {
        find(budget, defined, 0, &mut steps);
    }
    let mut seen = BTreeSet::new();
    steps.retain(|step| seen.insert(step.span().start));
    steps
}

fn find<'y>(budget: &Budget, list: Node<'y>, depth: usize, steps: &mut Vec<Node<'y>>) {
    for item in list.items().map(Node::resolved) {
        if depth > MAX_DEPTH || !budget.spend() {
            return;
        }
        if let Some(step) = item.get("step") {
            steps.push(step);
        }
        for group in ["parallel", "stage"].into_iter().filter_map(|name| item.get(name)) {
            find(budget, group.get("steps").unwrap_or(group), depth + 1, steps);
        }
    }
}

fn commands(list: Option<Node<'_>>) -> Vec<Node<'_>> {
    let items = list.into_iter().flat_map(Node::items).map(Node::resolved);
    // A list within the list is how anchors of several commands are used.
    items
        .flat_map(|item| if item.is_sequence() { item.strings() } else { vec![item] })
        .filter(|item| item.as_str().is_some())
        .collect()
}

fn walk(pipeline: &mut Pipeline<'_>) {
    let Some(root) = pipeline.yaml.root() else { return };
    for step in steps_of(&pipeline.budget, root) {
        let script = commands(step.get_merged("script"));
        let after = commands(step.get_merged("after-script"));
        let all: Vec<Node<'_>> = script.iter().chain(&after).copied().collect();
        let image = image(step).or_else(|| image(root));
        let mut job = Pipeline::job(&all, image);
        job.pythons = image.and_then(pythons::of_image).into_iter().collect();
        for place in [root, step] {
            set_variables(&mut job.scope, place.get_merged("variables"));
            set_variables(&mut job.scope, place.get_merged("environment"));
        }
        let start = job.scope.clone();
        for script in script {
            pipeline.script(script, Unit::Item, Language::Shell, &mut job);
        }
        Pipeline::next_shell(&mut job, &start);
        for script in after {
            pipeline.script(script, Unit::Item, Language::Shell, &mut job);
        }
        pipeline.end(&job);
    }
}

fn image(node: Node<'_>) -> Option<&str> {
    let image = node.get_merged("image")?;
    image.as_str().or_else(|| image.get("name")?.as_str())
}

fn settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
    let Some(root) = pipeline.yaml.root() else { return };
    if pipeline.uses_uv() {
        used_settings(pipeline, root, found);
    }
    let conditions = pipeline.yaml.nodes().filter_map(|node| node.at(&["condition", "changesets"]));
    pipeline.filters(conditions.filter_map(|it| it.get("includePaths")).collect(), found);
}

fn used_settings(pipeline: &Pipeline<'_>, root: Node<'_>, found: &mut Rewritten) {
    let keep_old = pipeline.still_installs();
    let mut uses = false;
    let mut done = BTreeSet::new();
    for caches in steps_of(&pipeline.budget, root).into_iter().filter_map(|step| step.get_merged("caches")) {
        if done.insert(caches.span().start) {
            uses |= used_caches(caches, keep_old, found);
        }
    }
    if let Some(defined) = root.at(&["definitions", "caches"]) {
        let there = if uses { OF_UV } else { "" };
        own_caches(pipeline, defined, keep_old, there, found);
    }
    if uses {
        define_cache(root, found);
    }
    for environment in ["variables", "environment"].into_iter().filter_map(|name| root.get(name)) {
        variables(environment, keep_old, found);
    }
}

/// The built-in cache `pip` becomes the one named `uv`, which the file has to define.
fn used_caches(list: Node<'_>, keep_old: bool, found: &mut Rewritten) -> bool {
    let names = list.strings();
    let has_uv = names.iter().any(|name| name.as_str() == Some("uv"));
    let Some(pip) = names.into_iter().find(|name| name.as_str() == Some("pip")) else { return false };
    let change = match (keep_old, has_uv) {
        (true, true) => return false,
        (true, false) => pip.with_item_after("- uv"),
        (false, true) => pip.without_item(),
        (false, false) => Some(pip.with_value("uv")),
    };
    push(found, change, "cache-folder", "uv does not use what pip keeps".to_owned());
    !has_uv
}

/// Caches that the file defines: a folder, or a folder with files for its key.
fn own_caches(
    pipeline: &Pipeline<'_>,
    defined: Node<'_>,
    keep_old: bool,
    there: &str,
    found: &mut Rewritten,
) {
    let names = Caches { context: pipeline.context, folder: "" };
    for entry in defined.entries() {
        let value = entry.value.resolved();
        if let Some(files) = value.at(&["key", "files"]) {
            names.key_files(files, found);
        }
        let path = if value.is_mapping() { value.get("path") } else { Some(value) };
        let Some(path) = path.filter(|_| !keep_old) else { continue };
        let Some(new) = path.as_str().and_then(Caches::kept) else { continue };
        if new == there {
            found.left.push(left(
                entry.span(),
                "uv does not use what is kept here; the cache `uv` takes its place",
            ));
        } else {
            let reason = "uv keeps what it downloads there".to_owned();
            push(found, Some(path.with_value(&new)), "cache-folder", reason);
        }
    }
}

/// Bitbucket has no cache for uv of its own.
fn define_cache(root: Node<'_>, found: &mut Rewritten) {
    let reason = "Bitbucket has a cache for pip of its own, and none for uv";
    let caches = root.at(&["definitions", "caches"]);
    if caches.is_some_and(|caches| caches.entry("uv").is_some()) {
        return;
    }
    let step = " ".repeat(root.yaml().indentation());
    let change = if let Some(last) = caches.and_then(|caches| caches.entries().next_back()) {
        Some(last.with_entry_after("uv: ~/.cache/uv"))
    } else if let Some(first) =
        root.get("definitions").and_then(|it| it.entries().next()).filter(|_| caches.is_none())
    {
        let new = format!("caches:\n{step}uv: ~/.cache/uv");
        Some(before(first.key, &new))
    } else {
        let pipelines = root.entry("pipelines").filter(|_| root.entry("definitions").is_none());
        pipelines.map(|entry| {
            before(entry.key, &format!("definitions:\n{step}caches:\n{step}{step}uv: ~/.cache/uv\n"))
        })
    };
    match change {
        Some(change) => found.edits.push(change.edit("cache-folder", reason, Safety::Safe, 0)),
        None => found.left.push(Left {
            span: root.span().start..root.span().start,
            reason: reason.to_owned(),
            suggestion: Some("definitions: {caches: {uv: ~/.cache/uv}}".to_owned()),
        }),
    }
}

/// Lines in front of a key, as far in as it is.
fn before(key: Node<'_>, lines: &str) -> Change {
    let text = key.yaml().text();
    let at = key.whole().start;
    let indent = " ".repeat(key.column());
    let newline = newline(text);
    let lines: Vec<String> = lines.split('\n').map(|line| format!("{line}{newline}{indent}")).collect();
    Change { span: at..at, new: lines.concat() }
}
