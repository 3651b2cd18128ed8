//! Drone: the commands of a step run in one shell, and each step has a container of its own over the same folder.

use crate::hosts::{Host, Kind};
use crate::model::Rewritten;
use crate::pipeline::{Caches, Language, Pipeline, Unit, Way, rewrite, set_variables, variables};
use crate::pythons;
use crate::yaml::{Node, Yaml};

const AT_ONCE: &str =
    "steps of this pipeline run at the same time, and would make `.venv` in the same folder";

const WAY: Way = Way { walk, settings, is_together: |_, _| false };

/// The host.
pub(crate) const HOST: Host = Host {
    name: "drone",
    title: "Drone",
    kind: Kind::Edited,
    is: |path, _| path == ".drone.yml" || path == ".drone.yaml",
    rewrite: |path, text, context, options| rewrite(path, text, context, options, WAY),
};

/// Pipelines stand in documents of their own.
fn pipelines<'y>(yaml: &'y Yaml<'y>) -> impl Iterator<Item = Node<'y>> {
    yaml.documents().filter(|root| root.get("kind").and_then(Node::as_str) == Some("pipeline"))
}

fn steps(pipeline: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    pipeline.get_merged("steps").into_iter().flat_map(Node::items).map(Node::resolved)
}

fn walk(pipeline: &mut Pipeline<'_>) {
    for root in pipelines(pipeline.yaml) {
        for step in steps(root) {
            if !pipeline.budget.spend() {
                return;
            }
            rewrite_step(pipeline, root, step);
        }
    }
}

fn rewrite_step<'y>(pipeline: &mut Pipeline<'y>, root: Node<'y>, step: Node<'y>) {
    let commands = step.get_merged("commands").map(Node::strings).unwrap_or_default();
    let image = step.get_merged("image").and_then(Node::as_str);
    let mut job = Pipeline::job(&commands, image);
    job.pythons = image.and_then(pythons::of_image).into_iter().collect();
    for place in [root, step] {
        set_variables(&mut job.scope, place.get_merged("environment"));
    }
    for command in commands {
        pipeline.script(command, Unit::Item, language(root), &mut job);
    }
    if steps(root).any(|step| step.entry("depends_on").is_some()) {
        pipeline.doubt(&job, AT_ONCE);
    }
    pipeline.end(&job);
}

/// Windows runs the commands with PowerShell.
fn language(root: Node<'_>) -> Language {
    let system = root.at(&["platform", "os"]).and_then(Node::as_str);
    if system == Some("windows") { Language::PowerShell } else { Language::Shell }
}

fn settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
    if !pipeline.uses_uv() {
        return;
    }
    let keep_old = pipeline.still_installs();
    for root in pipelines(pipeline.yaml) {
        // A step that takes the variables of another one by an anchor has none of its own.
        let places = std::iter::once(root).chain(steps(root));
        for environment in places.filter_map(|place| place.get("environment")).filter(|it| !it.is_alias()) {
            variables(environment, keep_old, found);
        }
        // Plugins that keep folders between builds name them so.
        for folders in steps(root).filter_map(|step| step.at(&["settings", "mount"])) {
            Caches::folders(folders, keep_old, found);
        }
    }
}
