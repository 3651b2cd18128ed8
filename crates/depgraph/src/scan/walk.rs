//! The files of a folder that can hold Python.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder};
use uvshift_diagnostics::Diagnostic;

use crate::{Error, codes};

/// Suffixes of files that hold Python.
pub(super) const SUFFIXES: [&str; 7] = ["py", "pyw", "pyi", "pyx", "pxd", "pxi", "ipynb"];

/// Files to read.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// The paths, relative to the root with `/` between their parts, sorted.
    pub(super) files: Vec<Arc<str>>,
    /// What cannot be read.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Lists what can hold Python: files by their suffix, and those without one.
pub(super) fn walk(root: &Path, exclude: &[String]) -> Result<Walked, Error> {
    // Said here, since the walk would only call it an unreadable entry.
    std::fs::read_dir(root).map_err(|source| Error::Read { path: root.to_owned(), source })?;
    let excluded = excluded(root, exclude)?;
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false).parents(false).git_global(false).require_git(false).follow_links(false);
    walk.filter_entry(move |entry| entry.depth() == 0 || is_ours(entry, &excluded));
    let mut walked = Walked::default();
    let mut links = Vec::new();
    for entry in walk.build() {
        match entry {
            Ok(entry) => {
                let Some(kind) = entry.file_type() else { continue };
                let path = entry.path();
                if kind.is_symlink() {
                    links.push(path.to_owned());
                } else if kind.is_file() && can_hold_python(path) {
                    walked.files.push(relative(root, path));
                }
            }
            Err(error) => walked.diagnostics.push(unreadable(root, &error)),
        }
    }
    follow(root, links, &mut walked);
    walked.files.sort_unstable();
    Ok(walked)
}

fn excluded(root: &Path, patterns: &[String]) -> Result<Gitignore, Error> {
    let mut builder = GitignoreBuilder::new(root);
    for pattern in patterns {
        builder
            .add_line(None, pattern)
            .map_err(|source| Error::Pattern { pattern: pattern.clone(), source })?;
    }
    builder.build().map_err(|source| Error::Pattern { pattern: patterns.join(", "), source })
}

fn is_ours(entry: &DirEntry, excluded: &Gitignore) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    if excluded.matched(entry.path(), is_folder).is_ignore() {
        return false;
    }
    !is_folder || uvshift_tree::is_ours(entry.path())
}

fn can_hold_python(path: &Path) -> bool {
    match path.extension() {
        Some(suffix) => SUFFIXES.iter().any(|known| suffix.eq_ignore_ascii_case(known)),
        None => true,
    }
}

/// Takes links to files of the project along, and says which others lead elsewhere.
fn follow(root: &Path, links: Vec<PathBuf>, walked: &mut Walked) {
    let Ok(top) = root.canonicalize() else { return };
    for link in links {
        let path = relative(root, &link);
        let reason = match link.canonicalize() {
            Ok(found) if !found.starts_with(&top) => "it leads out of the project",
            Ok(found) if found.is_dir() => "it leads to a folder",
            Ok(found) if found.is_file() => {
                if can_hold_python(&link) {
                    walked.files.push(path);
                }
                continue;
            }
            Ok(_) => "it leads to what is no file",
            Err(_) => "it leads nowhere, or in a circle",
        };
        if link.is_dir() || can_hold_python(&link) {
            let message = format!("this link is not followed: {reason}");
            walked.diagnostics.push(Diagnostic::note(codes::LINK_NOT_FOLLOWED, message).in_file(&*path, 1));
        }
    }
}

fn unreadable(root: &Path, error: &ignore::Error) -> Diagnostic {
    let mut inner = error;
    let mut path = None;
    loop {
        match inner {
            ignore::Error::WithPath { path: found, err } => {
                path = Some(relative(root, found));
                inner = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => inner = err,
            _ => break,
        }
    }
    let diagnostic = Diagnostic::warning(codes::UNREADABLE, format!("cannot be read: {inner}"));
    match path {
        Some(path) => diagnostic.in_file(&*path, 1),
        None => diagnostic,
    }
}

/// The path below the root, with `/` between its parts.
pub(super) fn relative(root: &Path, path: &Path) -> Arc<str> {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/").into()
}
