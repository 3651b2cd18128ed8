//! The plan: an ordered list of changes that nobody has made yet.

use crate::diff;
use crate::error::Error;
use crate::net::{Content, Net};
use crate::path::TreePath;

/// One planned change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// A new file.
    Create {
        /// Where.
        path: TreePath,
        /// Its content.
        bytes: Vec<u8>,
        /// Its permission bits; none for the default of the system.
        mode: Option<u32>,
    },
    /// New content for a file; its mode and owner stay.
    Edit {
        /// Where.
        path: TreePath,
        /// The content the plan was made for.
        before: Vec<u8>,
        /// The new content.
        after: Vec<u8>,
    },
    /// A file goes away; its folder stays.
    Delete {
        /// Where.
        path: TreePath,
        /// The content the plan was made for.
        before: Vec<u8>,
    },
    /// A file or link gets another name.
    Rename {
        /// The old name.
        from: TreePath,
        /// The new name.
        to: TreePath,
    },
    /// A new symbolic link.
    Symlink {
        /// Where.
        path: TreePath,
        /// The text of the link.
        target: String,
    },
    /// A symbolic link goes away; what it leads to stays.
    DeleteSymlink {
        /// Where.
        path: TreePath,
        /// The text of the link the plan was made for.
        target: String,
    },
    /// Other permission bits for a file.
    SetMode {
        /// Where.
        path: TreePath,
        /// The bits the plan was made for.
        before: u32,
        /// The new bits.
        after: u32,
    },
}

impl Change {
    /// The path that the change is about; the new one of a rename.
    pub fn path(&self) -> &TreePath {
        match self {
            Self::Create { path, .. }
            | Self::Edit { path, .. }
            | Self::Delete { path, .. }
            | Self::Symlink { path, .. }
            | Self::DeleteSymlink { path, .. }
            | Self::SetMode { path, .. }
            | Self::Rename { to: path, .. } => path,
        }
    }
}

/// How much a [`ChangeSet`] does, each file counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// New files and links.
    pub created: usize,
    /// Files with other content or mode.
    pub edited: usize,
    /// Files and links that go away.
    pub deleted: usize,
    /// Files and links with another name, edited or not.
    pub renamed: usize,
    /// Lines that the diff adds.
    pub lines_added: usize,
    /// Lines that the diff takes away.
    pub lines_removed: usize,
}

/// An ordered list of changes to a tree. Making one touches no disk.
///
/// Each change is checked when it is added: its path must be one that [`TreePath`] accepts, and it must fit the
/// changes before it.
#[derive(Debug, Clone, Default)]
pub struct ChangeSet {
    changes: Vec<Change>,
    net: Net,
}

impl ChangeSet {
    /// A set without changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Plans a new file with the default mode of the system. Nothing may be at `path`.
    ///
    /// # Errors
    /// [`Error::Path`] or [`Error::Conflict`]; so for every method that adds a change.
    pub fn create(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Result<(), Error> {
        self.add_file(path, bytes.into(), None)
    }

    /// Plans a new file with the permission bits `mode`, such as `0o755`. The bits have no effect on Windows.
    pub fn create_with_mode(
        &mut self,
        path: &str,
        bytes: impl Into<Vec<u8>>,
        mode: u32,
    ) -> Result<(), Error> {
        check_mode(path, mode)?;
        self.add_file(path, bytes.into(), Some(mode))
    }

    /// Plans `after` as the new content of a file that holds `before`. Mode and owner stay as they are. An edit
    /// that changes nothing is not kept.
    pub fn edit(
        &mut self,
        path: &str,
        before: impl Into<Vec<u8>>,
        after: impl Into<Vec<u8>>,
    ) -> Result<(), Error> {
        let (path, before, after) = (TreePath::new(path)?, before.into(), after.into());
        if before == after {
            return Ok(());
        }
        self.net.edit(&path, &before, &after)?;
        self.changes.push(Change::Edit { path, before, after });
        Ok(())
    }

    /// Plans that a file that holds `before` goes away. Its folder stays, even when it becomes empty.
    pub fn delete(&mut self, path: &str, before: impl Into<Vec<u8>>) -> Result<(), Error> {
        let (path, before) = (TreePath::new(path)?, before.into());
        self.net.delete(&path, &Content::File(before.clone()))?;
        self.changes.push(Change::Delete { path, before });
        Ok(())
    }

    /// Plans another name for a file or link. Nothing may be at `to`. Folders are not renamed.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), Error> {
        let (from, to) = (TreePath::new(from)?, TreePath::new(to)?);
        self.net.rename(&from, &to)?;
        self.changes.push(Change::Rename { from, to });
        Ok(())
    }

    /// Plans a new symbolic link with the text `target`. Nothing may be at `path`.
    pub fn symlink(&mut self, path: &str, target: &str) -> Result<(), Error> {
        let (path, target) = (TreePath::new(path)?, target.to_owned());
        if target.is_empty() || target.contains('\0') {
            return Err(Error::Conflict {
                path,
                problem: "a link target may not be empty or have a NUL character",
            });
        }
        self.net.create(&path, Content::Link(target.clone()), None)?;
        self.changes.push(Change::Symlink { path, target });
        Ok(())
    }

    /// Plans that a symbolic link with the text `target` goes away. What it leads to stays.
    pub fn delete_symlink(&mut self, path: &str, target: &str) -> Result<(), Error> {
        let (path, target) = (TreePath::new(path)?, target.to_owned());
        self.net.delete(&path, &Content::Link(target.clone()))?;
        self.changes.push(Change::DeleteSymlink { path, target });
        Ok(())
    }

    /// Plans the permission bits `after` for a file that has `before`. No effect on Windows.
    pub fn set_mode(&mut self, path: &str, before: u32, after: u32) -> Result<(), Error> {
        check_mode(path, before)?;
        check_mode(path, after)?;
        let path = TreePath::new(path)?;
        self.net.set_mode(&path, before, after)?;
        self.changes.push(Change::SetMode { path, before, after });
        Ok(())
    }

    /// Demands that the file at `path`, which a change of this set is about, has the permission bits `mode` when
    /// the set is applied. Without it any mode will do. No effect on Windows.
    pub fn expect_mode(&mut self, path: &str, mode: u32) -> Result<(), Error> {
        let path = TreePath::new(path)?;
        self.net.expect_mode(&path, mode)
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many changes were planned.
    pub fn len(&self) -> usize {
        self.changes.len()
    }

    /// The changes in the order they were planned.
    pub fn iter(&self) -> std::slice::Iter<'_, Change> {
        self.changes.iter()
    }

    /// Every path that the set names, each once, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &TreePath> {
        self.net.paths()
    }

    /// The set as a unified diff in git's style: `git apply` makes the changes of it. Several changes to one file
    /// come out as one. Line ends are kept as they are; a file that is not UTF-8 text is named as binary.
    pub fn diff(&self) -> String {
        diff::render(&self.net)
    }

    /// How much the set does.
    pub fn summary(&self) -> Summary {
        diff::summarize(&self.net)
    }

    pub(crate) fn net(&self) -> &Net {
        &self.net
    }

    fn add_file(&mut self, path: &str, bytes: Vec<u8>, mode: Option<u32>) -> Result<(), Error> {
        let path = TreePath::new(path)?;
        self.net.create(&path, Content::File(bytes.clone()), mode)?;
        self.changes.push(Change::Create { path, bytes, mode });
        Ok(())
    }
}

impl<'a> IntoIterator for &'a ChangeSet {
    type Item = &'a Change;
    type IntoIter = std::slice::Iter<'a, Change>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Setuid, setgid and sticky bits have no business in a project's files.
fn check_mode(path: &str, mode: u32) -> Result<(), Error> {
    if mode > 0o777 { Err(Error::SpecialMode { path: TreePath::new(path)?, mode }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
