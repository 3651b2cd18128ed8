//! The one place of a run that writes and removes, and only below the private folders that the caller has named.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use uvshift_process::real_path;

use super::error::RunError;

/// A private folder: empty when it is taken, emptied when it is given back.
#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
}

impl Disk {
    /// Takes `folder`, which is made when it is missing and has to be empty otherwise.
    pub(super) fn take(folder: &Path) -> Result<Self, RunError> {
        let wrong = |source| RunError::Folder { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(wrong)?;
        // Tools print and compare real paths.
        let root = real_path(folder).map_err(wrong)?;
        if fs::read_dir(&root).map_err(wrong)?.next().is_some() {
            return Err(RunError::NotEmpty { folder: root });
        }
        Ok(Self { root })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// A new folder. That it was not there before is what "cold" means, so one that is there is an error.
    pub(super) fn make_new(&self, path: &str) -> io::Result<PathBuf> {
        let folder = self.root.join(path);
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::create_dir(&folder)?;
        Ok(folder)
    }

    /// A folder, new or not.
    pub(super) fn make(&self, path: &str) -> io::Result<PathBuf> {
        let folder = self.root.join(path);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Writes a file.
    pub(super) fn write(&self, path: &str, content: &str) -> io::Result<PathBuf> {
        let file = self.root.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::File::create(&file)?.write_all(content.as_bytes())?;
        Ok(file)
    }

    /// Removes what is at `path`, which has to be below the folder. What is not there is removed already.
    #[expect(clippy::disallowed_methods, reason = "the private folder of a run is no project")]
    pub(super) fn remove(&self, path: &Path) -> io::Result<()> {
        if !self.holds(path) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "outside of the private folder"));
        }
        match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(found) if found.is_dir() => fs::remove_dir_all(path),
            Ok(_) => fs::remove_file(path),
        }
    }

    /// Whether a path is really below the folder, and not by way of `..` or of a link.
    fn holds(&self, path: &Path) -> bool {
        let Ok(below) = path.strip_prefix(&self.root) else { return false };
        let plain = below.components().all(|part| matches!(part, Component::Normal(_)));
        let parent = path.parent().map(Path::canonicalize);
        let within = match parent {
            Some(Ok(parent)) => parent.starts_with(&self.root),
            // A folder that is not there leads nowhere.
            Some(Err(error)) => error.kind() == io::ErrorKind::NotFound,
            None => false,
        };
        plain && within && below.components().next().is_some()
    }

    /// Removes all that is in the folder, as far as it can be.
    pub(super) fn empty(&self) {
        let Ok(entries) = fs::read_dir(&self.root) else { return };
        for entry in entries.flatten() {
            let _ = self.remove(&entry.path());
        }
    }
}

/// How many files a cache has, links not followed. What uv notes about the Python of each environment is no package and does
/// not count.
pub(super) fn count_files(cache: &Path) -> u64 {
    let notes =
        |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("interpreter-"));
    let mut count = 0;
    let mut folders = vec![cache.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && notes(&entry.path()) => {}
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(_) => count += 1,
                Err(_) => {}
            }
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_empty_folder_is_taken_and_a_new_one_is_new() {
        let outside = tempfile::tempdir().unwrap();
        let disk = Disk::take(&outside.path().join("work")).unwrap();
        disk.make_new("cache/cold").unwrap();
        assert_eq!(disk.make_new("cache/cold").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert!(matches!(Disk::take(disk.root()), Err(RunError::NotEmpty { .. })));
        disk.empty();
        assert!(Disk::take(disk.root()).is_ok());
    }

    #[test]
    fn nothing_outside_is_removed() {
        let outside = tempfile::tempdir().unwrap();
        let root = outside.path().canonicalize().unwrap();
        let disk = Disk::take(&root.join("work")).unwrap();
        let kept = root.join("kept");
        fs::create_dir(&kept).unwrap();
        fs::create_dir(kept.join("below")).unwrap();
        let mut paths = vec![kept.clone(), disk.root().join("../kept"), disk.root().to_owned(), root.clone()];
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&kept, disk.root().join("link")).unwrap();
            paths.push(disk.root().join("link/below"));
        }
        for path in paths {
            assert!(disk.remove(&path).is_err(), "{}", path.display());
        }
        assert!(kept.join("below").exists());
        disk.remove(&disk.root().join("link")).unwrap();
        assert!(kept.join("below").exists() && !disk.root().join("link").exists());
        disk.remove(&disk.root().join("never/was")).unwrap();
    }
}
