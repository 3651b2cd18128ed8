//! A project in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A project tree that is removed at the end of the test.
///
/// Beside the project there is room for what a test needs but the project must not hold: caches, wheels, repositories.
#[derive(Debug)]
pub struct Project {
    outside: TempDir,
    path: PathBuf,
}

impl Default for Project {
    fn default() -> Self {
        Self::new()
    }
}

impl Project {
    /// An empty project.
    pub fn new() -> Self {
        let outside = TempDir::with_prefix("uvshift-").expect("a temporary folder can be made");
        // Tools print the real path; a temporary folder behind a link (macOS) would make two names for one file.
        let path = outside.path().canonicalize().expect("the temporary folder exists").join("project");
        fs::create_dir(&path).expect("the project folder can be made");
        Self { outside, path }
    }

    /// A copy of the tree at `folder`, with its modes and links.
    pub fn from_tree(folder: impl AsRef<Path>) -> Self {
        let project = Self::new();
        copy(folder.as_ref(), &project.path);
        project
    }

    /// The folder of the project.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder beside the project, made if it is missing.
    pub fn beside(&self, name: &str) -> PathBuf {
        let folder = self.path.parent().expect("the project has a parent").join(name);
        fs::create_dir_all(&folder).expect("a folder beside the project can be made");
        folder
    }

    /// Writes a file of the project and the folders that lead to it.
    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) -> PathBuf {
        write(&self.path.join(file), content.as_ref())
    }

    /// The bytes of a file of the project.
    pub fn read(&self, file: &str) -> Vec<u8> {
        let path = self.path.join(file);
        fs::read(&path).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()))
    }

    /// The text of a file of the project.
    pub fn text(&self, file: &str) -> String {
        String::from_utf8(self.read(file)).unwrap_or_else(|_| panic!("`{file}` is not UTF-8"))
    }

    /// Whether the project has such a file, folder or link.
    pub fn has(&self, file: &str) -> bool {
        self.path.join(file).symlink_metadata().is_ok()
    }

    /// Keeps the tree after the test, for a developer to look at, and says where it is.
    pub fn keep(self) -> PathBuf {
        let _ = self.outside.keep();
        self.path
    }
}

/// Writes a file and the folders that lead to it.
pub(crate) fn write(path: &Path, content: &[u8]) -> PathBuf {
    let folder = path.parent().expect("a file stands in a folder");
    fs::create_dir_all(folder).expect("the folders of a file can be made");
    fs::write(path, content).unwrap_or_else(|error| panic!("cannot write `{}`: {error}", path.display()));
    path.to_owned()
}

fn copy(from: &Path, to: &Path) {
    let entries =
        fs::read_dir(from).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", from.display()));
    for entry in entries {
        let entry = entry.expect("a folder can be listed");
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("the kind of an entry is known");
        if kind.is_symlink() {
            copy_link(&source, &target);
        } else if kind.is_dir() {
            fs::create_dir(&target).expect("a folder can be made");
            copy(&source, &target);
            fs::set_permissions(&target, entry.metadata().expect("metadata").permissions())
                .expect("a mode can be set");
        } else {
            // Takes the mode along.
            fs::copy(&source, &target)
                .unwrap_or_else(|error| panic!("cannot copy `{}`: {error}", source.display()));
        }
    }
}

#[cfg(unix)]
fn copy_link(source: &Path, target: &Path) {
    let aim = fs::read_link(source).expect("a link can be read");
    std::os::unix::fs::symlink(aim, target).expect("a link can be made");
}

#[cfg(not(unix))]
fn copy_link(source: &Path, target: &Path) {
    // Making links needs a privilege on Windows; the content is what most tests look at.
    fs::copy(source, target).expect("the target of a link can be copied");
}
