//! Paths that name a place inside the tree and nowhere else.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A relative path with `/` between its components that cannot leave the tree.
///
/// Refused are absolute paths, empty components, `.` and `..`, backslashes and colons (they mean drives, streams
/// and separators on Windows), NUL, and `.git` and `.uvshift` in any case: version control and our own journal
/// are not for a change set to touch.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TreePath(String);

impl TreePath {
    /// Checks and keeps `path`.
    ///
    /// # Errors
    /// [`Error::Path`] with the reason.
    pub fn new(path: &str) -> Result<Self, Error> {
        match problem(path) {
            None => Ok(Self(path.to_owned())),
            Some(problem) => Err(Error::Path { path: path.to_owned(), problem }),
        }
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The place of this path under `root`.
    pub fn under(&self, root: &Path) -> PathBuf {
        // Joining component by component gives the separators of the platform.
        self.0.split('/').fold(root.to_path_buf(), |path, component| path.join(component))
    }

    /// The folders above this path, outermost first: `a` and `a/b` for `a/b/c`.
    pub fn ancestors(&self) -> impl Iterator<Item = TreePath> + '_ {
        self.0.match_indices('/').map(|(index, _)| Self(self.0[..index].to_owned()))
    }
}

fn problem(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("it is empty");
    }
    if path.starts_with('/') {
        return Some("it is absolute");
    }
    if path.contains('\\') {
        return Some("it has a backslash; components are separated by `/`");
    }
    if path.contains(':') {
        return Some("it has a colon, which names a drive or a stream on Windows");
    }
    if path.contains('\0') {
        return Some("it has a NUL character");
    }
    path.split('/').find_map(component_problem)
}

fn component_problem(component: &str) -> Option<&'static str> {
    // Windows drops trailing dots and spaces, so `.git.` would open `.git` there.
    let name = component.trim_end_matches(['.', ' ']);
    if component.is_empty() {
        Some("it has an empty component")
    } else if component == ".." {
        Some("it leaves the tree through `..`")
    } else if component == "." {
        Some("it has a `.` component")
    } else if name.is_empty() {
        Some("it has a component of dots and spaces only")
    } else if name.eq_ignore_ascii_case(".git") || name.eq_ignore_ascii_case("git~1") {
        Some("it is inside `.git`, which belongs to version control")
    } else if name.eq_ignore_ascii_case(".uvshift") || name.eq_ignore_ascii_case("uvshif~1") {
        Some("it is inside `.uvshift`, which holds the journal")
    } else {
        None
    }
}

impl TryFrom<String> for TreePath {
    type Error = Error;

    fn try_from(path: String) -> Result<Self, Error> {
        Self::new(&path)
    }
}

impl From<TreePath> for String {
    fn from(path: TreePath) -> Self {
        path.0
    }
}

impl Deref for TreePath {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for TreePath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for TreePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TreePath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_tree_or_touch_the_machinery_are_refused() {
        for path in [
            "",
            "/etc/passwd",
            "..",
            "a/../b",
            "a/..",
            "a//b",
            "a/",
            "./a",
            ".",
            ".git",
            "a/.git/config",
            ".GIT/x",
            ".git. /x",
            "GIT~1/x",
            ".uvshift/journal",
            "x/.UvShift",
            "a\\b",
            "C:/x",
            "a\0b",
            "a/... /b",
        ] {
            let error = TreePath::new(path).expect_err(path);
            assert!(matches!(error, Error::Path { .. }), "{path}: {error}");
        }
    }

    #[test]
    fn ordinary_paths_are_kept_as_written() {
        for path in ["a", "a/b.c", ".github/workflows/ci.yml", ".gitignore", "..a", "a b/ü", ".git2"] {
            assert_eq!(TreePath::new(path).expect(path).as_str(), path);
        }
    }

    #[test]
    fn ancestors_are_outermost_first() {
        let path = TreePath::new("a/b/c").expect("a path");
        let ancestors: Vec<String> = path.ancestors().map(String::from).collect();
        assert_eq!(ancestors, ["a", "a/b"]);
    }
}
