//! Read the Docs: `python.install` knows uv; what else is run is in `build.jobs` or `build.commands`.

use std::collections::BTreeSet;

use uvshift_diagnostics::Safety;

use crate::context::{Became, Context, Selection, UvProject, joined};
use crate::hosts::{Host, Kind};
use crate::model::{Left, Rewritten};
use crate::pipeline::{Language, Pipeline, Unit, Way, rewrite};
use crate::yaml::{Change, Node, newline};

/// The jobs of a build, in the order in which they run.
const JOBS: &[&str] = &[
    "post_checkout",
    "pre_system_dependencies",
    "post_system_dependencies",
    "pre_create_environment",
    "create_environment",
    "post_create_environment",
    "pre_install",
    "install",
    "post_install",
    "pre_build",
    "build",
    "post_build",
];

const WAY: Way = Way { walk, settings, is_together: |_, _| false };

/// The host.
pub(crate) const HOST: Host = Host {
    name: "readthedocs",
    title: "Read the Docs",
    kind: Kind::Edited,
    is: |path, _| {
        let name = path.rsplit('/').next().unwrap_or(path);
        [".readthedocs.yaml", ".readthedocs.yml", "readthedocs.yaml", "readthedocs.yml"].contains(&name)
    },
    rewrite: |path, text, context, options| rewrite(path, text, context, options, WAY),
};

fn walk(pipeline: &mut Pipeline<'_>) {
    let Some(build) = pipeline.yaml.root().and_then(|root| root.get("build")) else { return };
    if let Some(commands) = build.get("commands") {
        let scripts = commands.strings();
        let mut job = Pipeline::job(&scripts, Some("python"));
        // Read the Docs tells uv which Python to take.
        job.names_python = false;
        for script in scripts {
            // Each command has a shell of its own.
            let before = job.scope.clone();
            pipeline.script(script, Unit::Item, Language::Shell, &mut job);
            Pipeline::next_shell(&mut job, &before);
        }
        pipeline.end(&job);
    }
}

fn settings(pipeline: &Pipeline<'_>, found: &mut Rewritten) {
    let Some(root) = pipeline.yaml.root() else { return };
    let context = pipeline.context;
    tell_jobs(root, context, found);
    let Some(install) = root.at(&["python", "install"]).filter(|install| install.is_sequence()) else {
        return;
    };
    let items: Vec<Node<'_>> = install.items().map(Node::resolved).collect();
    if items.is_empty() || items.iter().any(|item| item.get("method").and_then(Node::as_str) == Some("uv")) {
        return;
    }
    match whole(context, &items) {
        Ok((project, selection)) => replace(root, install, project, &selection, found),
        Err(reason) => {
            let suggestion = items
                .iter()
                .any(|item| names_old_file(context, *item))
                .then(|| "- method: uv\n  command: sync".to_owned());
            if suggestion.is_some() {
                found.left.push(Left { span: install.span(), reason, suggestion });
            }
        }
    }
}

fn names_old_file(context: &Context, item: Node<'_>) -> bool {
    let file = item.get("requirements").and_then(Node::as_str);
    file.is_none_or(|file| context.became("", file).is_some())
}

/// What all the items install of one project; else why that is not known.
fn whole<'c>(context: &'c Context, items: &[Node<'_>]) -> Result<(&'c UvProject, Selection), String> {
    let mut selection = Selection::default();
    let mut found: Option<&UvProject> = None;
    for item in items {
        let path = item.get("path").and_then(Node::as_str);
        let file = item.get("requirements").and_then(Node::as_str);
        let (folder, part) = match (path, file) {
            (Some(path), _) => {
                let extras = item.get("extra_requirements").map(Node::strings).unwrap_or_default();
                let extras: BTreeSet<String> =
                    extras.iter().filter_map(|it| it.as_str().map(str::to_owned)).collect();
                let folder = joined("", path).ok_or("the path leads out of the repository")?;
                (folder, Selection { extras, ..Selection::main() })
            }
            (None, Some(file)) => match context.became("", file) {
                Some(Became::Selection(part)) => {
                    let folder =
                        file.trim_start_matches("./").rsplit_once('/').map_or("", |(folder, _)| folder);
                    (folder.to_owned(), part.clone())
                }
                Some(Became::Constraints) => continue,
                None => {
                    return Err(format!(
                        "{file} is a requirements file still, and uv can be given only one thing to install"
                    ));
                }
            },
            (None, None) => return Err("an item names neither a path nor a file".to_owned()),
        };
        let project = context.project(&folder).ok_or("no project of uv is there")?;
        if path.is_some() && project.folder != folder {
            return Err(format!("{folder} is no project of uv"));
        }
        if found.is_some_and(|before| before.folder != project.folder) {
            return Err(
                "Read the Docs takes only one item when it is for uv, and these are several projects"
                    .to_owned(),
            );
        }
        if part.extras.iter().any(|extra| !project.extras.contains(extra)) {
            return Err("an extra is not one of the project".to_owned());
        }
        found = Some(project);
        selection.join(&part);
    }
    found.map(|project| (project, selection)).ok_or_else(|| "nothing is installed".to_owned())
}

/// One item for uv in the place of all.
fn replace(
    root: Node<'_>,
    install: Node<'_>,
    project: &UvProject,
    selection: &Selection,
    found: &mut Rewritten,
) {
    let yaml = install.yaml();
    let newline = newline(yaml.text());
    let column = install.column();
    let step = " ".repeat(yaml.indentation());
    let mut lines = vec!["- method: uv".to_owned(), "  command: sync".to_owned()];
    if !project.folder.is_empty() {
        lines.push(format!("  path: {}", yaml.scalar(&project.folder)));
    }
    let groups: Vec<&String> = selection.groups.difference(&project.default_groups).collect();
    for (name, values) in [("groups", groups), ("extras", selection.extras.iter().collect())] {
        if !values.is_empty() {
            lines.push(format!("  {name}:"));
            lines.extend(values.iter().map(|value| format!("  {step}- {}", yaml.scalar(value))));
        }
    }
    let indent = " ".repeat(column);
    let (span, first) = if install.is_flow() {
        let start = install.span().start;
        (start..install.span().end, format!("{newline}{indent}"))
    } else {
        (install.span(), String::new())
    };
    let new = format!("{first}{}", lines.join(&format!("{newline}{indent}")));
    let mut doubts = Vec::new();
    let extra: Vec<&str> = project.default_groups.difference(&selection.groups).map(String::as_str).collect();
    if !extra.is_empty() {
        doubts.push(format!("the default group {} is installed, too", extra.join(", ")));
    }
    if !selection.main {
        doubts.push("the dependencies of the project are installed, too".to_owned());
    }
    for (tool, program) in [("sphinx", "sphinx"), ("mkdocs", "mkdocs")] {
        if root.get(tool).is_some() && !has(project, selection, program) {
            doubts.push(format!(
                "Read the Docs no longer installs {program} by itself: the project has to declare it"
            ));
        }
    }
    if !project.locked {
        doubts.push("there is no uv.lock".to_owned());
    }
    let safety = if doubts.is_empty() { Safety::Safe } else { Safety::NeedsReview };
    let mut reason = "Read the Docs runs `uv sync` for `method: uv`, of which it takes one item".to_owned();
    for doubt in doubts {
        reason.push_str("; ");
        reason.push_str(&doubt);
    }
    found.edits.push(Change { span, new }.edit("readthedocs-install", reason, safety, 0));
}

/// Whether what is installed has a distribution.
fn has(project: &UvProject, selection: &Selection, distribution: &str) -> bool {
    let parts = project.declared.get(distribution).map(Vec::as_slice).unwrap_or_default();
    let installed: BTreeSet<&String> = selection.groups.union(&project.default_groups).collect();
    parts.iter().any(|part| {
        part.extras.is_subset(&selection.extras) && part.groups.iter().all(|group| installed.contains(group))
    })
}

/// What is run between the steps of Read the Docs runs in its environment, which may be pip's or uv's.
fn tell_jobs(root: Node<'_>, context: &Context, found: &mut Rewritten) {
    if context.projects.is_empty() {
        return;
    }
    for (name, job) in JOBS.iter().filter_map(|name| Some((name, root.at(&["build", "jobs", name])?))) {
        let nested: Vec<Node<'_>> =
            job.entries().flat_map(|entry| entry.value.resolved().strings()).collect();
        for command in job.strings().into_iter().chain(nested) {
            let text = command.as_str().unwrap_or_default();
            let installs = ["pip install", "poetry ", "pipenv ", "pdm "].iter().any(|it| text.contains(it));
            if installs && !crate::pipeline::mentions_uv(text) {
                found.left.push(Left {
                    span: command.span(),
                    reason: format!(
                        "it runs in the environment of Read the Docs, as part of `{name}`; `python.install` with \
                         `method: uv` can do it"
                    ),
                    suggestion: Some("python:\n  install:\n    - method: uv\n      command: sync".to_owned()),
                });
            }
        }
    }
}
