//! The only place that changes files of environments. Each function is a step that a test can fail or be killed at.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::RecreateError;
use crate::failpoints::step;

/// Deeper than any tree of packages; a deeper one was made to harm.
const MAXIMUM_DEPTH: usize = 100;

/// Copies a file, a link or a folder with all that is in it. Links are copied as links. What is there already stays and is an error.
pub(crate) fn copy_tree(from: &Path, to: &Path) -> Result<(), RecreateError> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(RecreateError::io("create", parent))?;
    }
    step("copy", to).map_err(RecreateError::io("copy to", to))?;
    copy(from, to, 0)
}

fn copy(from: &Path, to: &Path, depth: usize) -> Result<(), RecreateError> {
    let found = from.symlink_metadata().map_err(RecreateError::io("read", from))?;
    if to.symlink_metadata().is_ok() {
        let source = io::Error::from(io::ErrorKind::AlreadyExists);
        return Err(RecreateError::Io { action: "copy to", path: to.to_owned(), source });
    }
    if found.is_symlink() {
        let target = fs::read_link(from).map_err(RecreateError::io("read", from))?;
        return link(&target, to).map_err(RecreateError::io("make the link", to));
    }
    if found.is_file() {
        // Takes the mode along; on file systems that can, the blocks are shared.
        return fs::copy(from, to).map(drop).map_err(RecreateError::io("copy to", to));
    }
    if !found.is_dir() {
        // A socket or pipe has nothing to copy.
        return Ok(());
    }
    if depth > MAXIMUM_DEPTH {
        let source = io::Error::other("the folders are too deep");
        return Err(RecreateError::Io { action: "copy", path: from.to_owned(), source });
    }
    fs::create_dir(to).map_err(RecreateError::io("create", to))?;
    for entry in fs::read_dir(from).map_err(RecreateError::io("read", from))? {
        let entry = entry.map_err(RecreateError::io("read", from))?;
        copy(&entry.path(), &to.join(entry.file_name()), depth + 1)?;
    }
    fs::set_permissions(to, found.permissions()).map_err(RecreateError::io("set the mode of", to))
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn link(target: &Path, at: &Path) -> io::Result<()> {
    // Making links needs a privilege on Windows; the content is what programs look at.
    let beside = at.parent().map_or_else(|| target.to_owned(), |folder| folder.join(target));
    fs::copy(beside, at).map(drop)
}

/// Writes a file in one step: what is read at any moment is the old content or the new one.
///
/// The file gets a new name of its own, since uv links files of environments to those of its cache.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".uvshift-new");
    let new = path.with_file_name(name);
    step("write", &new)?;
    let mut file = File::create(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    if let Ok(old) = path.metadata() {
        fs::set_permissions(&new, old.permissions())?;
    }
    rename(&new, path)
}

/// Writes a file that nobody reads while it is written.
pub(crate) fn replace_plainly(path: &Path, bytes: &[u8]) -> io::Result<()> {
    step("write", path)?;
    File::create(path)?.write_all(bytes)
}

/// Makes a file that is not there yet.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    step("create", path)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a folder, if it is not there.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    step("create the folder", path)?;
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && is_folder(path) => Ok(()),
        other => other,
    }
}

/// Whether a path is a folder and no link to one.
pub(crate) fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|found| found.is_dir())
}

/// Removes an empty folder.
pub(crate) fn remove_folder(path: &Path) -> io::Result<()> {
    step("remove the folder", path)?;
    fs::remove_dir(path)
}

/// Gives a file or folder another name in the same file system, in one step.
#[expect(clippy::disallowed_methods, reason = "an environment is no file of a project")]
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    step("rename", from)?;
    fs::rename(from, to)?;
    step("renamed", to)?;
    for folder in [from.parent(), to.parent()].into_iter().flatten() {
        sync_folder(folder);
    }
    Ok(())
}

/// Makes the names in a folder survive a power cut, where the system can.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        // A file system that cannot do it is no reason to stop.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Removes a file or link, if it is there.
#[expect(clippy::disallowed_methods, reason = "an environment is no file of a project")]
pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    step("remove", path)?;
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Removes a folder with all that is in it, if it is there. Links in it are removed, not followed.
pub(crate) fn remove_tree(path: &Path) -> io::Result<()> {
    step("remove all of", path)?;
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        // Folders of a package may have been installed without the right to write into them.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            unlock(path, 0);
            fs::remove_dir_all(path)
        }
        other => other,
    }
}

/// Gives the owner the right to write into a folder and those below it.
fn unlock(folder: &Path, depth: usize) {
    if depth > MAXIMUM_DEPTH || !is_folder(folder) {
        return;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What stays locked is an error of the removal that follows.
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        unlock(&entry.path(), depth + 1);
    }
}

/// The sizes of all files below a folder, in bytes.
pub(crate) fn size(root: &Path) -> u64 {
    let mut total = 0_u64;
    let mut folders: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(found) = entry.path().symlink_metadata() else { continue };
            if found.is_dir() {
                folders.push(entry.path());
            } else {
                total = total.saturating_add(found.len());
            }
        }
    }
    total
}
