//! What a list tells of one environment, without reading what is installed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use uvshift_installed::{Environment, Error, Problem, ProblemKind, read_file};
use uvshift_requirements::normalize_name;

use super::search::Candidate;
use super::{Broken, Found, size};
use crate::snapshot::python;

pub(super) fn read(
    candidate: &Candidate,
    active: Option<&Path>,
    with_size: bool,
) -> (Option<Found>, Vec<Problem>) {
    let path = &candidate.path;
    let mut environment = match Environment::outline(path) {
        Ok(environment) => environment,
        Err(error) => return (None, vec![Problem { path: path.clone(), kind: kind_of(&error) }]),
    };
    let mut problems = std::mem::take(&mut environment.problems);
    let python = python::of(&environment);
    let size = with_size.then(|| size::on_disk(path, &mut problems));
    let found = Found {
        name: path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        prompt: environment.config.prompt.clone(),
        place: candidate.place,
        project: candidate.project.clone().or_else(|| project(path, &mut problems)),
        kind: environment.kind,
        created_by: python::created_by(&environment),
        packages: count(&environment, &mut problems),
        size,
        modified: modified(&environment),
        broken: Broken::of(
            environment.kind,
            &python,
            &environment.site_packages,
            environment.config.home.as_deref(),
        ),
        active: active == Some(&candidate.real),
        python: python.version,
        path: path.clone(),
    };
    (Some(found), problems)
}

fn kind_of(error: &Error) -> ProblemKind {
    match error {
        Error::Read { source, .. } => ProblemKind::Unreadable(source.to_string()),
        _ => ProblemKind::NotAnEnvironment,
    }
}

/// virtualenvwrapper, pew and pipenv write the folder of the project into `.project`.
fn project(path: &Path, problems: &mut Vec<Problem>) -> Option<PathBuf> {
    let (text, mut told) = read_file(&path.join(".project"));
    problems.append(&mut told);
    let line = text.as_deref()?.lines().next()?.trim().to_owned();
    Some(PathBuf::from(line)).filter(|folder| folder.is_absolute())
}

/// The distributions by the names of their metadata: as many as a snapshot has, unless those names are odd.
fn count(environment: &Environment, problems: &mut Vec<Problem>) -> usize {
    let mut names = BTreeSet::new();
    for folder in &environment.site_packages {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let kind = ProblemKind::Unreadable(error.to_string());
                problems.push(Problem { path: folder.clone(), kind });
                continue;
            }
        };
        names
            .extend(entries.flatten().filter_map(|entry| distribution(&entry.file_name().to_string_lossy())));
    }
    names.len()
}

fn distribution(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let stem = match ending {
        "dist-info" | "egg-info" | "egg" => stem.split('-').next()?,
        "egg-link" => stem,
        _ => return None,
    };
    // What pip could not remove to the end starts with a tilde.
    (!stem.starts_with('~')).then(|| normalize_name(stem))
}

/// Installing and removing change the folder of packages.
fn modified(environment: &Environment) -> Option<SystemTime> {
    let marks = ["pyvenv.cfg", "conda-meta/history"].map(|mark| environment.root.join(mark));
    let paths = marks.iter().chain(&environment.site_packages);
    paths.filter_map(|path| fs::metadata(path).ok()?.modified().ok()).max()
}
