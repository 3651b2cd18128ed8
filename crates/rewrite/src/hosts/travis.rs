//! Travis CI: the phases of a job run in one shell, in the environment that Travis makes for Python.

use uvshift_diagnostics::Safety;

use crate::engine::{Environment, Scope};
use crate::hosts::{Host, Kind};
use crate::model::{Left, Rewritten};
use crate::pipeline::{self, Caches, Language, Pipeline, Tools, Unit, Way, push, rewrite};
use crate::pythons::is_refused;
use crate::yaml::{Change, Node, newline};

/// The phases, in the order in which they run.
const PHASES: &[&str] = &[
    "before_install",
    "install",
    "before_script",
    "script",
    "after_success",
    "after_failure",
    "before_deploy",
    "after_deploy",
    "after_script",
];

const WAY: Way = Way { walk, settings, is_together: |_, _| false };

/// The host.
pub(crate) const HOST: Host = Host {
    name: "travis",
    title: "Travis CI",
    kind: Kind::Edited,
    is: |path, _| path == ".travis.yml",
    rewrite: |path, text, context, options| rewrite(path, text, context, options, WAY),
};

fn walk(pipeline: &mut Pipeline<'_>) {
    let Some(root) = pipeline.yaml.root() else { return };
    pipeline.tools_go = if root.get("language").and_then(Node::as_str) == Some("python") {
        Tools::Active
    } else {
        Tools::System
    };
    job(pipeline, root, root);
    for node in jobs_of(root) {
        if PHASES.iter().any(|phase| node.get_merged(phase).is_some()) {
            job(pipeline, root, node);
        }
    }
}

fn jobs_of(root: Node<'_>) -> Vec<Node<'_>> {
    let lists = [root.at(&["jobs", "include"]), root.at(&["matrix", "include"])];
    lists.into_iter().flatten().flat_map(Node::items).map(Node::resolved).collect()
}

fn job<'y>(pipeline: &mut Pipeline<'y>, root: Node<'y>, node: Node<'y>) {
    let commands = |phase: &&str| {
        node.get_merged(phase).or_else(|| root.get_merged(phase)).map(Node::strings).unwrap_or_default()
    };
    let scripts: Vec<Node<'y>> = PHASES.iter().flat_map(commands).collect();
    let is_python = language(root, node) == Some("python");
    let mut job = Pipeline::job(&scripts, is_python.then_some("python"));
    if is_python {
        // Travis makes an environment and activates it.
        job.scope.environment = Environment::Active;
        job.scope.own_environment = Some("$VIRTUAL_ENV".to_owned());
    }
    job.pythons = pythons_of(root, node);
    for place in [root, node] {
        set_variables(&mut job.scope, place.get_merged("env"));
    }
    for script in scripts {
        pipeline.script(script, Unit::Item, Language::Shell, &mut job);
    }
    pipeline.end(&job);
}

fn language<'y>(root: Node<'y>, node: Node<'y>) -> Option<&'y str> {
    node.get_merged("language").or_else(|| root.get_merged("language"))?.as_str()
}

fn settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
    let Some(root) = pipeline.yaml.root() else { return };
    tell_default_install(pipeline, root, found);
    tell_versions(root, found);
    tell_old_versions(pipeline, root, found);
    if !pipeline.uses_uv() {
        return;
    }
    for node in std::iter::once(root).chain(jobs_of(root)) {
        if let Some(entry) = node.entry("cache").filter(|entry| !entry.value.is_alias()) {
            cache(entry.key, entry.value, pipeline.still_installs(), found);
        }
    }
}

/// The Pythons of a job; the jobs of a matrix that have no phases of their own are those of the file.
fn pythons_of(root: Node<'_>, node: Node<'_>) -> Vec<String> {
    let is_root = node.span() == root.span();
    let legs = jobs_of(root).into_iter().filter(|leg| is_root && leg.get("python").is_some());
    let legs: Vec<Node<'_>> =
        legs.filter(|leg| !PHASES.iter().any(|it| leg.get_merged(it).is_some())).collect();
    let own = node.get_merged("python").or_else(|| root.get_merged("python"));
    let pythons = own.into_iter().chain(legs.into_iter().filter_map(|leg| leg.get("python")));
    pythons.flat_map(Node::strings).filter_map(Node::as_str).map(str::to_owned).collect()
}

/// `env: PIP_INDEX_URL=...`, lists of that, `global` and what stands in a matrix.
fn set_variables(scope: &mut Scope, env: Option<Node<'_>>) {
    let Some(env) = env else { return };
    let below = ["global", "jobs", "matrix"].into_iter().filter_map(|name| env.get(name));
    for place in std::iter::once(env).chain(below) {
        pipeline::set_variables(scope, Some(place));
        for text in place.strings().into_iter().filter_map(Node::as_str) {
            for (name, _) in text.split_whitespace().filter_map(|word| word.split_once('=')) {
                scope.set(name);
            }
        }
        for entry in place.items().map(Node::resolved).flat_map(Node::entries) {
            scope.set(entry.key.as_str().unwrap_or_default());
        }
    }
}

/// Without `install`, Travis installs requirements.txt with pip.
fn tell_default_install(pipeline: &Pipeline<'_>, root: Node<'_>, found: &mut Rewritten) {
    let has_install =
        std::iter::once(root).chain(jobs_of(root)).any(|node| node.get_merged("install").is_some());
    let became = pipeline.context.became("", "requirements.txt").is_some();
    let Some(language) = root.entry("language").filter(|entry| entry.value.as_str() == Some("python")) else {
        return;
    };
    if has_install || !became {
        return;
    }
    found.left.push(Left {
        span: language.span(),
        reason: "without `install`, Travis runs `pip install -r requirements.txt`, and that file is in pyproject.toml now"
            .to_owned(),
        suggestion: Some(format!(
            "install:\n  - pip install uv=={}\n  - uv sync --locked",
            pipeline.context.uv_version
        )),
    });
}

/// `3.10` without quotes is the number 3.1.
fn tell_versions(root: Node<'_>, found: &mut Rewritten) {
    let matrix = jobs_of(root).into_iter().filter_map(|job| job.get("python"));
    for version in root.get("python").into_iter().chain(matrix).flat_map(Node::strings) {
        if version.is_plain() && version.as_str().is_some_and(|it| it.starts_with("3.") && it.ends_with('0'))
        {
            found.left.push(Left {
                span: version.span(),
                reason: "without quotes this is a number, and its last zero is lost".to_owned(),
                suggestion: version.as_str().map(|it| format!("\"{it}\"")),
            });
        }
    }
}

/// Versions with which uv stops, because the project does not take them.
fn tell_old_versions(pipeline: &Pipeline<'_>, root: Node<'_>, found: &mut Rewritten) {
    let project = pipeline.context.project("");
    let Some(requires) = project.and_then(|project| project.requires_python.as_deref()) else { return };
    let places = std::iter::once(root).chain(jobs_of(root)).filter_map(|node| node.get("python"));
    for version in places.flat_map(Node::strings) {
        if version.as_str().is_some_and(|it| is_refused(it, requires)) {
            let reason = format!("the project asks for Python {requires}, so that uv stops with this one");
            found.left.push(Left { span: version.span(), reason, suggestion: None });
        }
    }
}

/// `cache: pip`, `cache: {pip: true}`, `cache: {directories: [...]}`.
fn cache(key: Node<'_>, value: Node<'_>, keep_old: bool, found: &mut Rewritten) {
    const FOLDER: &str = "$HOME/.cache/uv";
    let reason = "uv keeps what it downloads there".to_owned();
    if let Some(folders) = value.get("directories") {
        Caches::folders(folders, keep_old, found);
        return;
    }
    let yaml = key.yaml();
    let indent = " ".repeat(key.column() + yaml.indentation());
    let newline = newline(yaml.text());
    if value.as_str() == Some("pip") && !keep_old {
        let start = key.whole().end + 1;
        let list = format!(
            "{newline}{indent}directories:{newline}{indent}{}- {FOLDER}",
            " ".repeat(yaml.indentation())
        );
        push(found, Some(Change { span: start..value.span().end, new: list }), "cache-folder", reason);
    } else if let Some(pip) = value.entry("pip").filter(|_| value.is_mapping() && !value.is_flow()) {
        let list = format!("directories:{newline}{indent}{}- {FOLDER}", " ".repeat(yaml.indentation()));
        let change =
            if keep_old { pip.with_entry_after(&list) } else { Change { span: pip.span(), new: list } };
        found.edits.push(change.edit("cache-folder", reason, Safety::Safe, 0));
    } else if value.raw().contains("pip") {
        found.left.push(Left {
            span: value.span(),
            reason,
            suggestion: Some(format!("directories: [{FOLDER}]")),
        });
    }
}
