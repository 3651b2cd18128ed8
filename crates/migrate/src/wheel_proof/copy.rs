//! Copies of a project outside of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What is copied of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// What a build can see, without the history, environments, caches and the output of earlier builds.
    Sources,
    /// Everything, for a tree that is a copy itself.
    Everything,
}

/// Folders that hold other people's files or the output of tools, wherever they are.
const NOT_SOURCES: [&str; 15] = [
    ".git",
    ".hg",
    ".svn",
    ".uvshift",
    ".venv",
    "venv",
    "node_modules",
    ".tox",
    ".nox",
    "__pycache__",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".hypothesis",
    ".eggs",
];

/// A project with more files or bytes than this is not copied.
const MOST_FILES: usize = 200_000;
const MOST_BYTES: u64 = 4 << 30;

/// Copies the tree at `from` to `to`, with modes and links. Files that git ignores come along: a build may need them.
pub(super) fn tree(from: &Path, to: &Path, what: What) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let mut left = (MOST_FILES, MOST_BYTES);
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(from.join(&folder))? {
            let entry = entry?;
            let relative = folder.join(entry.file_name());
            let (kind, target) = (entry.file_type()?, to.join(&relative));
            if kind.is_dir() {
                if what == What::Everything || is_source(from, &relative) {
                    fs::create_dir_all(&target)?;
                    folders.push(relative);
                }
            } else if kind.is_symlink() {
                link(from, &entry.path(), &target)?;
            } else if kind.is_file() {
                let bytes = fs::copy(entry.path(), &target)?;
                left = take(left, bytes)?;
            }
        }
    }
    Ok(())
}

fn take((files, bytes): (usize, u64), size: u64) -> io::Result<(usize, u64)> {
    let left = files.checked_sub(1).zip(bytes.checked_sub(size));
    left.ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, "it is too large"))
}

fn is_source(root: &Path, relative: &Path) -> bool {
    let name = relative.file_name().unwrap_or_default();
    let place = root.join(relative);
    // The output of an earlier build has these names, and so may a package.
    let is_output = ["build", "dist"].iter().any(|output| relative == Path::new(output))
        && !place.join("__init__.py").exists();
    !is_output && !NOT_SOURCES.iter().any(|other| name == *other) && !place.join("pyvenv.cfg").exists()
}

/// Makes the same link. One that leads out of the project by a relative way leads to the same place from the copy.
fn link(root: &Path, from: &Path, to: &Path) -> io::Result<()> {
    let target = fs::read_link(from)?;
    let leads_out = || match (from.canonicalize(), root.canonicalize()) {
        (Ok(real), Ok(root)) => (!real.starts_with(root)).then_some(real),
        _ => None,
    };
    let target = if target.is_absolute() { target } else { leads_out().unwrap_or(target) };
    make_link(&target, to)
}

#[cfg(unix)]
fn make_link(target: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, place)
}

#[cfg(not(unix))]
fn make_link(target: &Path, place: &Path) -> io::Result<()> {
    let target = place.parent().map_or_else(|| target.to_owned(), |folder| folder.join(target));
    if target.is_file() { fs::copy(target, place).map(drop) } else { Ok(()) }
}

/// Brings files of a copy to the state that they have in the project, whether that is there or gone.
#[expect(clippy::disallowed_methods, reason = "a file of a copy goes, none of the project")]
pub(super) fn lay_over(root: &Path, copy: &Path, paths: &[&str]) -> io::Result<()> {
    for path in paths {
        let (from, to) = (root.join(path), copy.join(path));
        if to.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
            fs::remove_file(&to)?;
        }
        let Ok(found) = from.symlink_metadata() else { continue };
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        if found.is_symlink() {
            link(root, &from, &to)?;
        } else if found.is_file() {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}
