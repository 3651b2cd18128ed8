//! Taskfiles: each command has a shell of its own, and what a task depends on has run before it.

use std::collections::BTreeMap;

use crate::context::joined;
use crate::engine::{Environment, Scope};
use crate::hosts::{Host, Kind};
use crate::pipeline::{Language, Pipeline, Tools, Unit, Way, rewrite};
use crate::yaml::Node;

/// How far dependencies are followed.
const MAX_DEPTH: usize = 12;

const WAY: Way = Way { walk, settings: |_, _| {}, is_together: |_, _| false };

/// The host.
pub(crate) const HOST: Host = Host {
    name: "taskfile",
    title: "Taskfile",
    kind: Kind::Edited,
    is: |path, _| is_taskfile(path),
    rewrite: |path, text, context, options| rewrite(path, text, context, options, WAY),
};

fn is_taskfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")).unwrap_or_default();
    ["Taskfile", "taskfile", "Taskfile.dist", "taskfile.dist"].contains(&stem)
}

/// What is known after each task that has been gone through.
type Known = BTreeMap<String, Scope>;

fn walk(pipeline: &mut Pipeline<'_>) {
    let Some(root) = pipeline.yaml.root() else { return };
    pipeline.tools_go = Tools::OnPath;
    let mut known = Known::new();
    for entry in root.get("tasks").into_iter().flat_map(Node::entries) {
        if let Some(name) = entry.key.as_str() {
            task(pipeline, root, name, &mut known, 0);
        }
    }
}

/// Goes through a task once, after what it depends on.
fn task<'y>(
    pipeline: &mut Pipeline<'y>,
    root: Node<'y>,
    name: &str,
    known: &mut Known,
    depth: usize,
) -> Scope {
    if let Some(scope) = known.get(name) {
        return scope.clone();
    }
    let mut scope = Scope { has_uv: true, host_brings_uv: true, ..Scope::at_root() };
    let Some(node) = root.at(&["tasks", name]).filter(|_| depth < MAX_DEPTH) else { return scope };
    // A circle ends here.
    known.insert(name.to_owned(), scope.clone());
    let folder = node.get("dir").and_then(Node::as_str);
    for dependency in node.get("deps").into_iter().flat_map(Node::items).map(Node::resolved) {
        let named = dependency.as_str().or_else(|| dependency.get("task")?.as_str());
        if let Some(named) = named {
            let after = task(pipeline, root, named, known, depth + 1);
            take(&mut scope, &after);
        }
    }
    scope.folder = folder
        .map_or(Some(String::new()), |folder| if folder.contains("{{") { None } else { joined("", folder) });
    let mut job = Pipeline::job(&[], Some("python"));
    job.is_given_uv();
    job.names_python = false;
    job.scope = scope.clone();
    for command in commands(node) {
        let command = command.resolved();
        let script = command.as_str().map(|_| command).or_else(|| command.get("cmd"));
        if let Some(script) = script {
            let before = Scope { folder: scope.folder.clone(), ..job.scope.clone() };
            let unit = if command.as_str().is_some() { Unit::Item } else { Unit::Step(command) };
            pipeline.script(script, unit, Language::Shell, &mut job);
            Pipeline::next_shell(&mut job, &before);
        } else if let Some(named) = command.get("task").and_then(Node::as_str) {
            let after = task(pipeline, root, named, known, depth + 1);
            take(&mut job.scope, &after);
        }
    }
    pipeline.end(&job);
    known.insert(name.to_owned(), job.scope.clone());
    job.scope
}

/// The commands of a task: a list, a list in its place, or a single one.
fn commands(node: Node<'_>) -> Vec<Node<'_>> {
    if node.as_str().is_some() {
        return vec![node];
    }
    if node.is_sequence() {
        return node.items().collect();
    }
    let list = node.get("cmds").into_iter().flat_map(Node::items);
    list.chain(node.get("cmd")).collect()
}

/// What another task has installed is there.
fn take(scope: &mut Scope, after: &Scope) {
    if let Some(synced) = &after.synced {
        scope.synced.get_or_insert_default().join(synced);
    }
    if after.environment == Environment::Uv && scope.environment == Environment::System {
        scope.environment = Environment::Uv;
    }
    scope.has_additions |= after.has_additions;
    scope.tentative |= after.tentative;
}
