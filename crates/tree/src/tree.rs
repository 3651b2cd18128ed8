//! The files of a project, read on demand, with what stood there before laid over them if asked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use uvshift_changeset::{Change, ChangeSet};
use uvshift_requirements::{IncludeTarget, include_target};

use crate::Error;

/// Files above this size are no requirements file, no CI configuration and no script.
const LARGEST_TEXT: u64 = 1 << 20;

/// Folders that hold other people's files or the output of tools.
const NOT_OURS: [&str; 17] = [
    ".git",
    ".hg",
    ".svn",
    ".uvshift",
    ".venv",
    "venv",
    "env",
    ".env",
    "node_modules",
    ".tox",
    ".nox",
    ".eggs",
    "site-packages",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".ipynb_checkpoints",
];

/// A project folder: which files it has and what is in them.
///
/// Paths are relative to the root, with `/` between their parts.
#[derive(Debug, Clone)]
pub struct Tree {
    root: PathBuf,
    files: Vec<String>,
    links: Vec<String>,
    overlay: BTreeMap<String, Option<Vec<u8>>>,
    /// How many folders above this one still belong to the project as a whole.
    depth: usize,
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
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            entry.depth() == 0 || !is_folder || is_ours(entry.path())
        });
        let (mut files, mut links) = (Vec::new(), Vec::new());
        for entry in walk.build() {
            let entry = entry.map_err(|source| Error::Walk { path: root.to_owned(), source })?;
            let Ok(relative) = entry.path().strip_prefix(root) else { continue };
            let Some(kind) = entry.file_type() else { continue };
            if kind.is_file() {
                files.push(slashed(relative));
            } else if kind.is_symlink() {
                links.push(slashed(relative));
            }
        }
        let mut tree = Self { root: root.to_owned(), files, links, overlay: BTreeMap::new(), depth: 0 };
        let inside: Vec<String> = tree.links.iter().filter(|link| tree.is_read(link)).cloned().collect();
        tree.files.extend(inside);
        tree.files.sort_unstable();
        Ok(tree)
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

    /// The same tree with its files as a plan would leave them.
    #[must_use]
    pub fn after(&self, changes: &ChangeSet) -> Self {
        let mut after = self.clone();
        for change in changes {
            match change {
                Change::Create { path, bytes, .. } | Change::Edit { path, after: bytes, .. } => {
                    after.lay_over(path.as_str(), Some(bytes.clone()));
                }
                Change::Delete { path, .. } => after.lay_over(path.as_str(), None),
                Change::Rename { from, to } => {
                    let contents = after.read(from.as_str()).ok();
                    after.lay_over(from.as_str(), None);
                    after.lay_over(to.as_str(), contents);
                }
                // Links are not read through what is laid over, and modes are no contents.
                _ => {}
            }
        }
        after
    }

    /// What lies in a folder, as a tree of its own; the empty folder is the root.
    #[must_use]
    pub fn below(&self, folder: &str) -> Self {
        if folder.is_empty() {
            return self.clone();
        }
        let inside = |path: &String| path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned);
        Self {
            root: self.root.join(folder),
            files: self.files.iter().filter_map(inside).collect(),
            links: self.links.iter().filter_map(inside).collect(),
            overlay: self
                .overlay
                .iter()
                .map(|(path, contents)| {
                    let outside = || format!("{}{path}", "../".repeat(folder.split('/').count()));
                    (inside(path).unwrap_or_else(outside), contents.clone())
                })
                .collect(),
            depth: self.depth + folder.split('/').count(),
        }
    }

    /// Where an include line of a file points. A file above this folder that belongs to the whole counts as local.
    pub fn include(&self, from: &str, target: &str) -> IncludeTarget {
        match include_target(from, target) {
            IncludeTarget::Outside(path) if self.is_shared(&path) => IncludeTarget::Local(path),
            found => found,
        }
    }

    fn is_shared(&self, path: &str) -> bool {
        let above = path.split('/').take_while(|part| *part == "..").count();
        if above == 0 || above > self.depth {
            return false;
        }
        let top = self.root.join("../".repeat(self.depth));
        let lies_within = match (top.canonicalize(), self.root.join(path).canonicalize()) {
            (Ok(top), Ok(found)) => found.starts_with(top) && found.is_file(),
            _ => false,
        };
        self.overlay.get(path).map_or(lies_within, Option::is_some)
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether the file is a symbolic link, which is read but never removed.
    pub fn is_link(&self, path: &str) -> bool {
        self.links.iter().any(|link| link == path)
    }

    /// Symbolic links that are not read: they lead out of the project, to a folder, or nowhere.
    pub fn unread_links(&self) -> impl Iterator<Item = &str> {
        self.links.iter().map(String::as_str).filter(|link| !self.is_read(link))
    }

    fn is_read(&self, link: &str) -> bool {
        self.root.join(link).is_file() && !self.leads_out(link)
    }

    /// Whether a path that looks like one of the project is somewhere else through a symbolic link.
    fn leads_out(&self, path: &str) -> bool {
        match (self.root.canonicalize(), self.root.join(path).canonicalize()) {
            (Ok(root), Ok(found)) => !found.starts_with(root),
            _ => false,
        }
    }

    /// Every file, sorted, with the links that stay within the project.
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
        // What the walk has listed lies in the project; anything else is looked at first. A path with `..` says so itself.
        let listed = self.files.binary_search_by(|file| file.as_str().cmp(path)).is_ok();
        if !listed && !path.starts_with("..") && self.leads_out(path) {
            return Err(Error::LeadsOut { path: path.to_owned() });
        }
        let full = self.root.join(path);
        std::fs::read(&full).map_err(|source| Error::Read { path: full, source })
    }

    /// The bytes of a file if it is there, not too large, and text in some encoding, as far as bytes tell.
    pub fn text_bytes(&self, path: &str) -> Option<Vec<u8>> {
        if !self.has(path) || self.is_too_large(path) {
            return None;
        }
        self.read(path).ok().filter(|bytes| !bytes.contains(&0))
    }

    /// The text of a file if it is there, not too large, and UTF-8.
    pub fn text(&self, path: &str) -> Option<String> {
        if !self.has(path) || self.is_too_large(path) {
            return None;
        }
        String::from_utf8(self.read(path).ok()?).ok()
    }

    fn is_too_large(&self, path: &str) -> bool {
        !self.overlay.contains_key(path)
            && std::fs::metadata(self.root.join(path)).is_ok_and(|found| found.len() > LARGEST_TEXT)
    }
}

/// Whether a folder holds files of the project: no history, no environment (one has a `pyvenv.cfg`), no packages of others, and no
/// cache or other output of a tool. A package of the project, with an `__init__.py`, can have any of their names.
pub fn is_ours(folder: &Path) -> bool {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let is_others = NOT_OURS.contains(&name.as_ref()) && !folder.join("__init__.py").is_file();
    !(is_others || folder.join("pyvenv.cfg").is_file())
}

/// A relative path with `/` between its parts.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_laid_over() {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = Tree::from_disk(folder.path()).unwrap();
        tree.lay_over("old.cfg", Some(b"1".to_vec()));
        tree.lay_over("gone.cfg", Some(b"2".to_vec()));
        let mut changes = ChangeSet::new();
        changes.create("new.toml", "a").unwrap();
        changes.edit("new.toml", "a", "b").unwrap();
        changes.rename("old.cfg", "named.cfg").unwrap();
        changes.delete("gone.cfg", "2").unwrap();
        let after = tree.after(&changes);
        assert_eq!(after.files(), ["named.cfg", "new.toml"]);
        assert_eq!(
            (after.read("new.toml").unwrap(), after.read("named.cfg").unwrap()),
            (b"b".to_vec(), b"1".to_vec())
        );
        assert_eq!(tree.files(), ["gone.cfg", "old.cfg"]);
    }

    #[test]
    fn links_are_read_within_the_project_and_not_beyond() {
        let outside = tempfile::tempdir().unwrap();
        let inside = tempfile::tempdir().unwrap();
        let (outside, root) = (outside.path(), inside.path());
        #[expect(clippy::disallowed_methods, reason = "the test makes its files")]
        let write = |path: &Path| std::fs::write(path, "flask\n").unwrap();
        write(&outside.join("secret.txt"));
        write(&root.join("base.txt"));
        std::os::unix::fs::symlink("base.txt", root.join("requirements.txt")).unwrap();
        std::os::unix::fs::symlink(outside.join("secret.txt"), root.join("requirements-dev.txt")).unwrap();
        let tree = Tree::from_disk(root).unwrap();
        assert_eq!(tree.files(), ["base.txt", "requirements.txt"]);
        assert!(tree.is_link("requirements.txt") && !tree.is_link("base.txt"));
        assert_eq!(tree.read("requirements.txt").unwrap(), b"flask\n");
        assert!(matches!(tree.read("requirements-dev.txt"), Err(Error::LeadsOut { .. })));
        assert_eq!(tree.text("requirements-dev.txt"), None);
        assert_eq!(tree.unread_links().collect::<Vec<_>>(), ["requirements-dev.txt"]);
    }
}
