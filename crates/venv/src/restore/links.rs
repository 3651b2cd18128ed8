//! Where the links of a tree lead once it is at its place.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use crate::archive::{Manifest, MemberKind, TREE};

/// A system gives up after so many links, too.
const MOST_LINKS: usize = 40;

/// A tree that is going to stand at `root`.
pub(super) struct Tree<'a> {
    root: &'a Path,
    members: HashMap<PathBuf, &'a MemberKind>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(manifest: &'a Manifest, root: &'a Path) -> Self {
        let members = manifest.members.iter().filter_map(|member| {
            let inner = member.path.strip_prefix(TREE)?.trim_start_matches('/');
            Some((if inner.is_empty() { root.to_owned() } else { root.join(inner) }, &member.kind))
        });
        Self { root, members: members.collect() }
    }

    /// The links that lead nowhere: where they will be, and what they say.
    pub(super) fn dangling(&self) -> Vec<(PathBuf, String)> {
        let mut dangling: Vec<_> = self
            .members
            .iter()
            .filter_map(|(path, kind)| match kind {
                MemberKind::Link { target } if !self.exists(path) => Some((path.clone(), target.clone())),
                _ => None,
            })
            .collect();
        dangling.sort();
        dangling
    }

    /// Whether a path leads to something: in the tree, or outside of it on this system.
    pub(super) fn exists(&self, path: &Path) -> bool {
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            let Some(plain) = without_dots(&path) else { return false };
            if !plain.starts_with(self.root) {
                return plain.exists();
            }
            match self.first_link(&plain) {
                None => return self.members.contains_key(&plain),
                Some((folder, target, rest)) => path = folder.join(target).join(rest),
            }
        }
        false
    }

    /// The first link on the way: the folder that it is in, what it says, and the rest of the way.
    fn first_link(&self, path: &Path) -> Option<(PathBuf, &str, PathBuf)> {
        let mut at = self.root.to_owned();
        let mut parts = path.strip_prefix(self.root).ok()?.components();
        while let Some(part) = parts.next() {
            let folder = at.clone();
            at.push(part);
            if let Some(MemberKind::Link { target }) = self.members.get(&at) {
                return Some((folder, target.as_str(), parts.as_path().to_owned()));
            }
        }
        None
    }
}

/// A path without `.` and `..`, which is right where no link stands before them; `None` where it leads above the root.
fn without_dots(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !plain.pop() {
                    return None;
                }
            }
            other => plain.push(other),
        }
    }
    Some(plain)
}
