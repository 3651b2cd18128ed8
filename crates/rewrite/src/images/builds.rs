//! What images are built from: compose files, workflows and commands tell.

use super::{ImageNotes, Mount, ending};
use crate::context::joined;
use crate::plan::line_of;
use crate::yaml::{Node, Yaml};

/// Options of `docker build` with a value behind them.
const WITH_VALUE: &[&str] = &[
    "-t",
    "--tag",
    "--build-arg",
    "--target",
    "--platform",
    "--cache-from",
    "--cache-to",
    "--label",
    "--network",
    "-o",
    "--output",
    "--progress",
    "--secret",
    "--ssh",
    "--add-host",
    "--iidfile",
    "-m",
    "--memory",
    "--build-context",
    "--builder",
    "--annotation",
    "--attest",
    "--metadata-file",
    "--shm-size",
    "--ulimit",
    "--isolation",
    "--format",
    "--layers",
];

/// Whether a file may tell, by its name.
pub(super) fn is_wanted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    is_compose(path)
        || is_workflow(path)
        || matches!(name, "Makefile" | "justfile" | ".gitlab-ci.yml")
        || ending(path) == "sh"
}

fn is_compose(path: &str) -> bool {
    (crate::hosts::compose::HOST.is)(path, "")
}

fn is_workflow(path: &str) -> bool {
    path.starts_with(".github/workflows/") && matches!(ending(path), "yml" | "yaml")
}

/// Notes what a file tells.
pub(super) fn read(path: &str, text: &str, notes: &mut ImageNotes) {
    if is_compose(path) {
        compose(path, text, notes);
        return;
    }
    if is_workflow(path) && text.contains("docker/build-push-action") {
        workflow(text, notes);
    }
    if text.contains(" build") || text.contains(" bud") {
        commands(text, notes);
    }
}

fn note(notes: &mut ImageNotes, file: String, folder: String) {
    notes.contexts.entry(file).or_default().insert(folder);
}

fn compose(path: &str, text: &str, notes: &mut ImageNotes) {
    let Ok(yaml) = Yaml::parse(text) else { return };
    let Some(services) = yaml.root().and_then(|root| root.get("services")) else { return };
    let above = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for entry in services.entries() {
        let service = entry.value.resolved();
        let Some(build) = service.get_merged("build") else { continue };
        let written = build.as_str().or_else(|| build.get("context")?.as_str()).unwrap_or(".");
        let file = build.get("dockerfile").and_then(Node::as_str).unwrap_or("Dockerfile");
        let Some(folder) = joined(above, written).filter(|_| !written.contains('$')) else { continue };
        let Some(file) = joined(&folder, file) else { continue };
        let mounts = service.get_merged("volumes").into_iter().flat_map(Node::items).filter_map(|volume| {
            let short = || volume.as_str().and_then(target_of);
            let target = volume.get("target").and_then(Node::as_str).or_else(short)?;
            let line = line_of(text, volume.span().start);
            let target = target.trim_end_matches('/').to_owned();
            Some(Mount { target, path: path.to_owned(), line })
        });
        notes.mounts.entry(file.clone()).or_default().extend(mounts);
        note(notes, file, folder);
    }
}

/// The folder in the image of `SOURCE:TARGET:MODE`, or of an anonymous volume.
fn target_of(volume: &str) -> Option<&str> {
    volume.split(':').rev().find(|part| part.starts_with('/'))
}

/// `docker/build-push-action`, wherever it stands.
fn workflow(text: &str, notes: &mut ImageNotes) {
    let Ok(yaml) = Yaml::parse(text) else { return };
    let jobs = yaml.root().and_then(|root| root.get("jobs"));
    let steps = jobs.into_iter().flat_map(Node::entries).filter_map(|job| job.value.get("steps"));
    for step in steps.flat_map(Node::items) {
        let uses = step.get("uses").and_then(Node::as_str).unwrap_or_default();
        if !uses.starts_with("docker/build-push-action") {
            continue;
        }
        let with = |name| step.at(&["with", name]).and_then(Node::as_str);
        let Some(folder) = with("context").map_or(Some(String::new()), |folder| plain("", folder)) else {
            continue;
        };
        let file = match with("file") {
            Some(file) => plain("", file),
            None => joined(&folder, "Dockerfile"),
        };
        if let Some(file) = file {
            note(notes, file, folder);
        }
    }
}

/// A path without anything that only shows when it runs.
fn plain(folder: &str, path: &str) -> Option<String> {
    joined(folder, path).filter(|_| !path.contains(['$', '{', ':', '`']))
}

/// `docker build`, and those of the same words, in any text: from the root, as far as is seen.
fn commands(text: &str, notes: &mut ImageNotes) {
    let text = text.replace("\\\r\n", " ").replace("\\\n", " ");
    for line in text.lines().filter(|line| !line.contains("cd ")) {
        let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect();
        let Some(at) =
            words.iter().position(|word| matches!(*word, "docker" | "podman" | "buildah" | "nerdctl"))
        else {
            continue;
        };
        let mut rest = words.iter().skip(at + 1).copied().peekable();
        rest.next_if(|word| matches!(*word, "buildx" | "image"));
        if rest.next_if(|word| matches!(*word, "build" | "bud")).is_none() {
            continue;
        }
        if let Some((file, folder)) = build(rest) {
            note(notes, file, folder);
        }
    }
}

/// The file and the folder that the words of a build name.
fn build<'w>(mut words: impl Iterator<Item = &'w str>) -> Option<(String, String)> {
    let (mut file, mut folder) = (None, None);
    while let Some(word) = words.next() {
        if matches!(word, "-f" | "--file") {
            file = Some(words.next()?);
        } else if let Some(named) = word.strip_prefix("--file=") {
            file = Some(named);
        } else if WITH_VALUE.contains(&word) {
            words.next();
        } else if matches!(word, "&&" | ";" | "||" | "|") {
            break;
        } else if !word.starts_with('-') {
            folder = folder.or(Some(word));
        } else if word == "-" {
            return None;
        }
    }
    let folder = plain("", folder?)?;
    let file = match file {
        Some(file) => plain("", file)?,
        None => joined(&folder, "Dockerfile")?,
    };
    Some((file, folder))
}
