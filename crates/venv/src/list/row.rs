//! What a list tells of one environment, without reading what is installed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use uvshift_installed::{Environment, Error, Kind, Problem, ProblemKind, read_file};
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
        broken: broken(&environment, &python),
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

fn broken(environment: &Environment, python: &crate::Python) -> Option<Broken> {
    if environment.kind != Kind::Virtual {
        // An environment of conda need not have a Python, and one that it has is in it.
        return None;
    }
    if python.executable.is_none() {
        return Some(Broken::NoPython);
    }
    let Some(base) = &python.base else {
        return Some(Broken::PythonGone { home: environment.config.home.as_deref().map(PathBuf::from) });
    };
    if environment.site_packages.is_empty() {
        return Some(Broken::NoPackages);
    }
    other_python(environment, base)
}

/// `python3.12` behind the links, and packages in `lib/python3.11` only: somebody replaced the base Python.
fn other_python(environment: &Environment, base: &Path) -> Option<Broken> {
    let now = minor(base.file_name()?.to_str()?)?.to_owned();
    let folders = environment.site_packages.iter();
    let made_for: Vec<&str> =
        folders.filter_map(|folder| minor(folder.parent()?.file_name()?.to_str()?)).collect();
    let first = (*made_for.first()?).to_owned();
    (!made_for.contains(&now.as_str())).then_some(Broken::OtherPython { made_for: first, now })
}

/// `3.11` of `python3.11`; of the threaded build, `3.13t`, too.
fn minor(name: &str) -> Option<&str> {
    let version = name.strip_suffix(".exe").unwrap_or(name).strip_prefix("python")?;
    let (major, minor) = version.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(major) && is_number(minor.trim_end_matches('t'))).then_some(version)
}
