//! Which files of a project describe environments of conda.

use crate::Tree;
use crate::names::normalized;

/// An environment file and the group that it is, if it is not the main one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    pub(super) path: String,
    pub(super) group: Option<String>,
}

/// Names of the main file, the usual one first.
const STEMS: [&str; 4] = ["environment", "conda-environment", "conda-env", "conda"];

/// `environment.yml` and, as groups, `environment-dev.yml` and the like. A file that stands alone is the main one.
pub(super) fn environments(tree: &Tree) -> Vec<File> {
    let mut found: Vec<(usize, File)> = Vec::new();
    for path in tree.files() {
        let Some(stem) = path.strip_suffix(".yml").or_else(|| path.strip_suffix(".yaml")) else { continue };
        if path.contains('/') || stem == "conda-lock" || stem.ends_with(".conda-lock") {
            continue;
        }
        let lower = stem.to_ascii_lowercase();
        if let Some(rank) = STEMS.iter().position(|name| *name == lower) {
            found.push((rank, File { path: path.clone(), group: None }));
        } else if let Some(name) = variant(&lower) {
            found.push((STEMS.len(), File { path: path.clone(), group: Some(name) }));
        }
    }
    found.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
    let mut files: Vec<File> = found.into_iter().map(|(_, file)| file).collect();
    if let [only] = files.as_mut_slice() {
        only.group = None;
    }
    // `environment.yml` beside `environment.yaml`: the first one is what conda takes.
    for file in files.iter_mut().skip(1).filter(|file| file.group.is_none()) {
        file.group = Some(normalized(file.path.rsplit_once('.').map_or("", |(stem, _)| stem)));
    }
    files
}

/// The name in `environment-NAME`, `environment_NAME`, `environment.NAME` or `NAME-environment`.
fn variant(stem: &str) -> Option<String> {
    let behind = stem.strip_prefix("environment").and_then(|rest| rest.strip_prefix(['-', '_', '.']));
    let before = || stem.strip_suffix("environment").and_then(|rest| rest.strip_suffix(['-', '_', '.']));
    let name = normalized(behind.or_else(before)?);
    (!name.is_empty()).then_some(name)
}

/// Files that hold builds for one platform, or for several.
pub(super) fn locks(tree: &Tree) -> Vec<String> {
    let is_lock = |path: &&String| {
        let name = path.to_ascii_lowercase();
        if name.contains('/') {
            return false;
        }
        let by_name = matches!(name.as_str(), "conda-lock.yml" | "conda-lock.yaml")
            || name.ends_with(".conda-lock.yml")
            || (name.starts_with("conda-") && matches!(name.rsplit_once('.'), Some((_, "lock"))));
        let may_be_explicit = matches!(name.rsplit_once('.'), Some((_, "txt" | "lock")));
        by_name || (may_be_explicit && is_explicit(tree, path))
    };
    tree.files().iter().filter(is_lock).cloned().collect()
}

/// `@EXPLICIT` on a line of its own begins the list of a `conda list --explicit`.
fn is_explicit(tree: &Tree, path: &str) -> bool {
    let text = tree.text(path).unwrap_or_default();
    text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')) == Some("@EXPLICIT")
}
