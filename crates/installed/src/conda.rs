//! What conda installed: `conda-meta/*.json`.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::problem::{ProblemKind, Problems};
use crate::{Distribution, files};

/// A package that conda installed, whatever language it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CondaPackage {
    /// The name that conda knows it by.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its build string.
    pub build: String,
    /// Where conda got it, without credentials.
    pub channel: String,
    /// Whether somebody asked for it: it has a `requested_spec`.
    pub requested: bool,
    /// The metadata folders of the Python distributions in it, by file name.
    pub distributions: Vec<String>,
}

/// Every package, by name.
pub(crate) fn packages(root: &Path, problems: &mut Problems) -> Vec<CondaPackage> {
    those(root, |_| true, problems)
}

/// Python alone, whose file is found by its name.
pub(crate) fn python(root: &Path, problems: &mut Problems) -> Vec<CondaPackage> {
    // `python-3.11.7-hab00c5b_0_cpython.json`, and not `python-dateutil-2.9.0-...json`.
    let is_python = |name: &str| {
        name.strip_prefix("python-")
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    };
    those(root, is_python, problems)
}

fn those(root: &Path, wanted: impl Fn(&str) -> bool, problems: &mut Problems) -> Vec<CondaPackage> {
    let folder = root.join("conda-meta");
    let mut packages = Vec::new();
    let names = files::names(&folder, problems).into_iter().filter(|name| wanted(name));
    let paths = names.map(|name| folder.join(name));
    for path in paths.filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        let Some(text) = files::read_text(&path, problems) else { continue };
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => match package(&value) {
                Some(package) => packages.push(package),
                None => problems.add(path, ProblemKind::Json("it has no name".to_owned())),
            },
            Err(error) => problems.add(path, ProblemKind::Json(error.to_string())),
        }
    }
    packages.sort_by(|a, b| a.name.cmp(&b.name));
    packages
}

fn package(value: &Value) -> Option<CondaPackage> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    let specs = value.get("requested_specs").and_then(Value::as_array);
    let files = value.get("files").and_then(Value::as_array).into_iter().flatten();
    let distributions: BTreeSet<String> = files
        .filter_map(Value::as_str)
        .filter_map(|path| path.split('/').rev().nth(1))
        .filter(|folder| folder.ends_with(".dist-info") || folder.ends_with(".egg-info"))
        .map(str::to_owned)
        .collect();
    Some(CondaPackage {
        name: Some(text("name")).filter(|name| !name.is_empty())?.to_owned(),
        version: text("version").to_owned(),
        build: text("build").to_owned(),
        channel: without_secrets(text("channel")),
        requested: !text("requested_spec").is_empty() || specs.is_some_and(|specs| !specs.is_empty()),
        distributions: distributions.into_iter().collect(),
    })
}

/// A URL without user, password and the token of `https://host/t/TOKEN/channel`.
fn without_secrets(url: &str) -> String {
    let (url, _) = uvshift_requirements::split_credentials(url);
    match url.split_once("/t/") {
        Some((host, rest)) => format!("{host}/{}", rest.split_once('/').map_or("", |(_, rest)| rest)),
        None => url,
    }
}

/// Marks the distributions of packages that somebody asked conda for; conda itself writes no `REQUESTED`.
pub(crate) fn mark_requested(distributions: &mut [Distribution], packages: &[CondaPackage]) {
    let asked: BTreeSet<&str> = packages
        .iter()
        .filter(|package| package.requested)
        .flat_map(|package| package.distributions.iter().map(String::as_str))
        .collect();
    for distribution in distributions {
        let folder = distribution.location.file_name().map(|name| name.to_string_lossy());
        distribution.requested |= folder.is_some_and(|folder| asked.contains(&*folder));
    }
}
