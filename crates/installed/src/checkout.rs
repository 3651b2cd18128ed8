//! What a folder is a git checkout of, from the files of git itself.

use std::fs;
use std::path::{Path, PathBuf};

use crate::origin;

/// A git repository, its commit, and the folder in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The URL of the remote `origin`, or else of the first one, without credentials.
    pub url: String,
    /// The commit that is checked out.
    pub commit: String,
    /// The folder of the project in the repository, with `/` between its parts.
    pub subdirectory: Option<String>,
    /// Whether the URL held something secret, which is gone.
    pub had_credentials: bool,
}

/// Git itself stops at the root; a project is never this deep in its repository.
const MAXIMUM_DEPTH: usize = 12;

/// A file of git that we read is never larger, packed references of large repositories included.
const MAXIMUM_SIZE: u64 = 8 * 1024 * 1024;

impl Checkout {
    /// What a folder is a checkout of; `None` where it is none, or one without a remote or a commit.
    pub fn of(folder: &Path) -> Option<Self> {
        find(folder)
    }
}

/// The checkout that `folder` is in. Worktrees and submodules, whose `.git` is a file, count as none.
pub(crate) fn find(folder: &Path) -> Option<Checkout> {
    let top = folder.ancestors().take(MAXIMUM_DEPTH).find(|folder| folder.join(".git").is_dir())?;
    let git = top.join(".git");
    let (url, had_credentials) = origin::clean(&remote(&read(&git.join("config"))?)?);
    let inner: PathBuf = folder.strip_prefix(top).ok()?.to_owned();
    let parts: Vec<String> =
        inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    Some(Checkout {
        url,
        commit: commit(&git)?,
        subdirectory: (!parts.is_empty()).then(|| parts.join("/")),
        had_credentials,
    })
}

fn read(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    (metadata.is_file() && metadata.len() <= MAXIMUM_SIZE).then(|| fs::read_to_string(path).ok()).flatten()
}

/// `url` of `[remote "origin"]`, or else of the first remote that has one: what pip takes.
fn remote(config: &str) -> Option<String> {
    let (mut section, mut first) = ("", None);
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        } else if section.starts_with("[remote ")
            && let Some((key, value)) = line.split_once('=')
            && key.trim() == "url"
        {
            let url = value.trim().to_owned();
            if section == "[remote \"origin\"]" {
                return Some(url);
            }
            first = first.or(Some(url));
        }
    }
    first
}

/// The commit of `HEAD`: itself, or that of the branch that it names, loose or packed.
fn commit(git: &Path) -> Option<String> {
    let head = read(&git.join("HEAD"))?;
    let head = head.trim();
    let Some(reference) = head.strip_prefix("ref:").map(str::trim) else { return hash(head) };
    // A reference is the name of a file, and so could lead out of the folder.
    if !reference.starts_with("refs/") || reference.split('/').any(|part| part == "..") {
        return None;
    }
    if let Some(loose) = read(&git.join(reference)) {
        return hash(loose.trim());
    }
    let packed = read(&git.join("packed-refs"))?;
    let line = packed.lines().find_map(|line| {
        let (commit, name) = line.split_once(' ')?;
        (name == reference).then_some(commit)
    });
    line.and_then(hash)
}

fn hash(text: &str) -> Option<String> {
    let long = text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    long.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remote_is_the_one_that_pip_takes() {
        let upstream = "[remote \"upstream\"]\n\tfetch = x\n\turl = https://a.example/a\n";
        let other = "[remote \"x\"]\n\turl = https://c.example/c\n";
        let origin = "[remote \"origin\"]\n\turl = https://b.example/b\n";
        assert_eq!(remote(&format!("{upstream}{other}{origin}")).as_deref(), Some("https://b.example/b"));
        assert_eq!(
            remote(&format!("[core]\nurl = no\n{upstream}{other}")).as_deref(),
            Some("https://a.example/a")
        );
        assert_eq!(remote("[core]\nurl = no\n[branch \"main\"]\nremote = origin\n"), None);
    }
}
