//! The files of a project, read on demand, with what stood there before laid over them if asked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::Error;

/// Files above this size are no requirements file, no CI configuration and no script.
const LARGEST_TEXT: u64 = 1 << 20;

/// Folders that hold other people's files or the output of tools.
const NOT_OURS: [&str; 14] = [
    ".git",
    ".hg",
    ".uvshift",
    ".venv",
    "venv",
    "env",
    ".env",
    "node_modules",
    ".tox",
    ".nox",
    "site-packages",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
];

/// A project folder: which files it has and what is in them.
///
/// Paths are relative to the root, with `/` between their parts.
#[derive(Debug, Clone)]
pub struct Tree {
    root: PathBuf,
    files: Vec<String>,
    overlay: BTreeMap<String, Option<Vec<u8>>>,
}

impl Tree {
    /// Lists the files below `root`, without what `.gitignore` leaves out and without environments and caches.
    pub fn from_disk(root: &Path) -> Result<Self, Error> {
        if !root.is_dir() {
            return Err(Error::NotAFolder { path: root.to_owned() });
        }
        let mut walk = WalkBuilder::new(root);
        walk.hidden(false).parents(false).git_global(false).require_git(false).follow_links(false);
        walk.filter_entry(|entry| {
            let name = entry.file_name().to_string_lossy();
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            entry.depth() == 0
                || !is_folder
                || !(NOT_OURS.contains(&name.as_ref()) || entry.path().join("pyvenv.cfg").is_file())
        });
        let mut files = Vec::new();
        for entry in walk.build() {
            let entry = entry.map_err(|source| Error::Walk { path: root.to_owned(), source })?;
            if entry.file_type().is_some_and(|kind| kind.is_file())
                && let Ok(relative) = entry.path().strip_prefix(root)
            {
                files.push(slashed(relative));
            }
        }
        files.sort_unstable();
        Ok(Self { root: root.to_owned(), files, overlay: BTreeMap::new() })
    }

    /// The same tree with one file as it was: these bytes, or not there at all.
    pub fn lay_over(&mut self, path: &str, contents: Option<Vec<u8>>) {
        let there = self.files.binary_search_by(|file| file.as_str().cmp(path));
        match (there, contents.is_some()) {
            (Err(at), true) => self.files.insert(at, path.to_owned()),
            (Ok(at), false) => drop(self.files.remove(at)),
            _ => {}
        }
        self.overlay.insert(path.to_owned(), contents);
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Every file, sorted.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// Whether the file is in the tree, or at least on disk where `.gitignore` hides it.
    pub fn has(&self, path: &str) -> bool {
        match self.overlay.get(path) {
            Some(contents) => contents.is_some(),
            None => {
                self.files.binary_search_by(|file| file.as_str().cmp(path)).is_ok()
                    || self.root.join(path).is_file()
            }
        }
    }

    /// Whether there is a folder of this name.
    pub fn has_folder(&self, path: &str) -> bool {
        let inside = format!("{}/", path.trim_end_matches('/'));
        self.files.iter().any(|file| file.starts_with(&inside)) || self.root.join(path).is_dir()
    }

    /// The bytes of a file.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        if let Some(contents) = self.overlay.get(path) {
            return contents.clone().ok_or_else(|| Error::Missing { path: path.to_owned() });
        }
        let full = self.root.join(path);
        std::fs::read(&full).map_err(|source| Error::Read { path: full, source })
    }

    /// The text of a file if it is there, not too large, and UTF-8.
    pub fn text(&self, path: &str) -> Option<String> {
        if !self.has(path) {
            return None;
        }
        let too_large = !self.overlay.contains_key(path)
            && std::fs::metadata(self.root.join(path)).is_ok_and(|found| found.len() > LARGEST_TEXT);
        if too_large {
            return None;
        }
        String::from_utf8(self.read(path).ok()?).ok()
    }
}

/// A relative path with `/` between its parts.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}
