//! What somebody did to an environment by hand: files that no package brought, and files that are not as they were installed.

mod activation;
mod own;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256, Sha384, Sha512};
use uvshift_installed::{Origin, ProblemKind};

use crate::record::{self, Installed};
use crate::recreate::finish::url_safe_base64;
use crate::{Error, Snapshot};
use own::Owned;

/// A file or folder of an environment that an installation of the same packages would not give.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LocalChange {
    /// Its path, relative to the environment.
    pub path: PathBuf,
    /// What is the matter with it.
    pub kind: LocalKind,
    /// In bytes; of a folder, of all in it.
    pub size: u64,
}

/// What is the matter with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LocalKind {
    /// Its content is not what was installed.
    Patched {
        /// The distribution that it belongs to.
        package: String,
    },
    /// It was installed and is gone. Installing brings it back.
    Deleted {
        /// The distribution that it belonged to.
        package: String,
    },
    /// No package brought it.
    Loose,
    /// A script that activates the environment, with lines of somebody's own.
    Activation,
    /// What an interrupted or repeated installation left: a second one of the same distribution, or one half removed. Python does
    /// not use it.
    Leftover,
    /// The source of an editable install that is inside the environment; it is always taken along.
    Source {
        /// The distribution.
        package: String,
    },
}

impl LocalChange {
    /// Whether something would be lost that only the user can decide on.
    pub fn needs_decision(&self) -> bool {
        matches!(self.kind, LocalKind::Patched { .. } | LocalKind::Loose | LocalKind::Activation)
    }
}

/// Deeper than any tree of packages; what is deeper is told as a whole.
const MAXIMUM_DEPTH: usize = 60;

/// Finds them, by path. Every file of the environment is looked at, and those that `RECORD` has a hash of are read.
///
/// Bytecode in `__pycache__` and what every environment is made with (activation, links to Python) do not count.
pub fn local_changes(snapshot: &Snapshot) -> Result<Vec<LocalChange>, Error> {
    let mut changes = Vec::new();
    for package in &snapshot.packages {
        for file in record::files(package, &snapshot.root) {
            changes.extend(changed(&snapshot.root, &package.name, &file));
        }
    }
    let sources = sources(snapshot);
    let owned = Owned::of(snapshot);
    let walk = Walk { snapshot, owned: &owned, sources: sources.iter().map(|found| &*found.path).collect() };
    walk.folder(Path::new(""), 0, &mut changes);
    changes.extend(activation::changed(&snapshot.root));
    changes.extend(sources);
    changes.sort_by(|left, right| left.path.cmp(&right.path));
    changes.dedup();
    Ok(changes)
}

fn changed(root: &Path, package: &str, file: &Installed) -> Option<LocalChange> {
    if record::is_bytecode(&file.path) {
        return None;
    }
    let path = root.join(&file.path);
    let package = package.to_owned();
    let Ok(found) = fs::metadata(&path) else {
        return Some(LocalChange { path: file.path.clone(), kind: LocalKind::Deleted { package }, size: 0 });
    };
    let expected = file.hash.as_deref()?;
    let other_size = file.size.is_some_and(|size| size != found.len());
    // A pipe or a device, which a link may lead to, could be read for ever.
    let is_other =
        other_size || !found.is_file() || hash(&path, expected).is_some_and(|hash| hash != expected);
    is_other.then(|| LocalChange {
        path: file.path.clone(),
        kind: LocalKind::Patched { package },
        size: found.len(),
    })
}

/// The hash of a file in the algorithm of another hash; `None` where it is unknown or the file cannot be read.
fn hash(path: &Path, like: &str) -> Option<String> {
    let (name, digest) = like.split_once('=')?;
    let found = match name {
        "sha256" => digested::<Sha256>(path).ok()?,
        "sha384" => digested::<Sha384>(path).ok()?,
        "sha512" => digested::<Sha512>(path).ok()?,
        _ => return None,
    };
    // Some tools pad.
    let padding = digest.len() - digest.trim_end_matches('=').len();
    Some(format!("{name}={found}{}", "=".repeat(padding)))
}

fn digested<D: Digest>(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = D::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let length = file.read(&mut buffer)?;
        match buffer.get(..length) {
            Some(bytes) if length > 0 => digest.update(bytes),
            _ => return Ok(url_safe_base64(&digest.finalize())),
        }
    }
}

/// The sources of editable installs inside the environment, as pip makes them for `-e git+URL`: `src/NAME`.
fn sources(snapshot: &Snapshot) -> Vec<LocalChange> {
    let mut found: Vec<LocalChange> = Vec::new();
    for package in &snapshot.packages {
        let Origin::Directory { path, .. } = &package.origin else { continue };
        let Ok(inner) = path.strip_prefix(&snapshot.root) else { continue };
        // All of a checkout is taken along, not only the folder of the project in it.
        let parts = if inner.starts_with("src") { 2 } else { 1 };
        let top: PathBuf = inner.components().take(parts).collect();
        if !top.as_os_str().is_empty() && !found.iter().any(|known| known.path == top) {
            let (_, size) = contents(&snapshot.root.join(&top), 0);
            found.push(LocalChange {
                path: top,
                kind: LocalKind::Source { package: package.name.clone() },
                size,
            });
        }
    }
    found
}

/// The walk through everything that is there.
struct Walk<'a> {
    snapshot: &'a Snapshot,
    owned: &'a Owned,
    sources: BTreeSet<&'a Path>,
}

impl Walk<'_> {
    fn folder(&self, inner: &Path, depth: usize, changes: &mut Vec<LocalChange>) {
        let entries = fs::read_dir(self.snapshot.root.join(inner)).into_iter().flatten().flatten();
        for entry in entries {
            let path = inner.join(entry.file_name());
            if record::is_bytecode(&path) || self.sources.contains(&*path) || self.owned.has(&path) {
                continue;
            }
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && depth < MAXIMUM_DEPTH && self.owned.has_something_in(&path) {
                self.folder(&path, depth + 1, changes);
                continue;
            }
            if is_folder && self.sources.iter().any(|source| source.starts_with(&path)) {
                self.folder(&path, depth + 1, changes);
                continue;
            }
            let (files, size) = contents(&entry.path(), 0);
            if files > 0 {
                changes.push(LocalChange { kind: self.kind(&path), path, size });
            }
        }
    }

    /// Whether Python makes use of it.
    fn kind(&self, path: &Path) -> LocalKind {
        let path = self.snapshot.root.join(path);
        let is_leftover = self.snapshot.problems.iter().any(|problem| {
            matches!(problem.kind, ProblemKind::Duplicate(_) | ProblemKind::Leftover) && problem.path == path
        });
        if is_leftover { LocalKind::Leftover } else { LocalKind::Loose }
    }
}

/// How many files something has in it, bytecode aside, and their size.
fn contents(path: &Path, depth: usize) -> (u64, u64) {
    let Ok(found) = path.symlink_metadata() else { return (0, 0) };
    if !found.is_dir() {
        return (1, found.len());
    }
    let (mut files, mut size) = (0_u64, 0_u64);
    if depth > MAXIMUM_DEPTH {
        return (1, 0);
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        if entry.file_name() != "__pycache__" {
            let (more, length) = contents(&entry.path(), depth + 1);
            files = files.saturating_add(more);
            size = size.saturating_add(length);
        }
    }
    (files, size)
}

#[cfg(test)]
mod tests;
