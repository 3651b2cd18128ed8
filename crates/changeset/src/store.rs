//! The state folder: its lock, its journals, and how it comes and goes.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::disk::{self, Flush, NewMode};
use crate::error::Error;

/// Everything in the state folder is ours and nothing of it is for version control.
const IGNORE: &[u8] = b"*\n";
/// A journal that is still being written; the tree was not touched yet.
const BUILDING: &str = ".new";
/// A journal that is no longer needed.
const DISCARDED: &str = ".old";
/// Another run may take the folder away between our making it and our locking it; it cannot do so for ever.
const LOCK_ATTEMPTS: usize = 100;

/// `<root>/.uvshift`.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    root: PathBuf,
    folder: PathBuf,
}

/// The right to change the tree. The system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
    #[cfg(windows)]
    _last: FolderLast,
}

/// On some disks, Windows keeps the name of a removed file until it is closed, and with it the folder. Dropped after the file, this
/// takes the folder away if nothing is in it.
#[cfg(windows)]
#[derive(Debug)]
struct FolderLast(PathBuf);

#[cfg(windows)]
impl Drop for FolderLast {
    fn drop(&mut self) {
        // A folder that has something in it stays, as does one in which another run begins.
        let _ = fs::remove_dir(&self.0);
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing would not be enough: a process that another thread is just starting holds a copy of the handle
        // until it runs its program. What fails here ends with the process.
        let _ = self.file.unlock();
    }
}

impl Store {
    /// # Errors
    /// [`Error::Root`] if there is no such folder, [`Error::StateFolder`] if the state folder could lead elsewhere.
    pub(crate) fn open(root: &Path) -> Result<Self, Error> {
        let root = std::path::absolute(root).map_err(|_| Error::Root { path: root.to_path_buf() })?;
        if !fs::metadata(&root).is_ok_and(|metadata| metadata.is_dir()) {
            return Err(Error::Root { path: root });
        }
        let folder = root.join(".uvshift");
        let store = Self { root, folder };
        store.check()?;
        Ok(store)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn exists(&self) -> bool {
        fs::symlink_metadata(&self.folder).is_ok()
    }

    /// Where the journal `id` lies.
    pub(crate) fn journal(&self, id: &str) -> PathBuf {
        self.journals_folder().join(id)
    }

    /// Where the files that a recovery or rollback sets aside go.
    pub(crate) fn backup(&self, id: &str) -> PathBuf {
        self.backups_folder().join(id)
    }

    pub(crate) fn backups_folder(&self) -> PathBuf {
        self.folder.join("backup")
    }

    fn journals_folder(&self) -> PathBuf {
        self.folder.join("journal")
    }

    fn lock_path(&self) -> PathBuf {
        self.folder.join("lock")
    }

    fn ignore_path(&self) -> PathBuf {
        self.folder.join(".gitignore")
    }

    /// A repository may bring a state folder along. Its parts must be what we make, not links out of the tree.
    fn check(&self) -> Result<(), Error> {
        let folders = [self.folder.clone(), self.journals_folder(), self.backups_folder()];
        for path in folders {
            check_kind(&path, fs::Metadata::is_dir, "is not a folder")?;
        }
        for path in [self.lock_path(), self.ignore_path()] {
            check_kind(&path, fs::Metadata::is_file, "is not a file")?;
        }
        Ok(())
    }

    /// Takes the lock, making the state folder if it is missing.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        let path = self.lock_path();
        for _ in 0..LOCK_ATTEMPTS {
            self.check()?;
            disk::ensure_folder(&self.folder)?;
            let file = match disk::open_lock(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => {
                    // A folder that can be made but not filled must not stay; it goes only if it is empty.
                    let _ = disk::remove_folder(&self.folder);
                    return Err(Error::io("open", path)(error));
                }
                Ok(file) => file,
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(Error::Busy { root: self.root.clone() }),
                Err(TryLockError::Error(error)) => return Err(Error::io("lock", path)(error)),
            }
            // The run that had the lock before may have removed the file: then this lock protects nothing.
            if disk::is_at(&file, &path) {
                if let Err(error) = self.write_ignore() {
                    // The first error is the one to report.
                    let _ = self.clean();
                    return Err(error);
                }
                return Ok(Lock {
                    file,
                    #[cfg(windows)]
                    _last: FolderLast(self.folder.clone()),
                });
            }
        }
        Err(Error::Busy { root: self.root.clone() })
    }

    /// Whether a run has the lock. Nothing is made to find out.
    pub(crate) fn is_busy(&self) -> Result<bool, Error> {
        self.check()?;
        let path = self.lock_path();
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(Error::io("open", path)(error)),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(Error::io("lock", path)(error)),
        }
    }

    fn write_ignore(&self) -> Result<(), Error> {
        let path = self.ignore_path();
        match fs::read(&path) {
            // A run that was killed while writing it leaves a part.
            Ok(found) if found != IGNORE && IGNORE.starts_with(&found) => disk::remove_file(&path)?,
            Ok(_) => return Ok(()),
            Err(_) => {}
        }
        disk::write_new(&path, IGNORE, NewMode::Default).map(drop)
    }

    /// The journals that count, oldest first.
    pub(crate) fn journals(&self) -> Result<Vec<String>, Error> {
        let mut names = names_in(&self.journals_folder())?;
        names.retain(|name| is_id(name));
        names.sort();
        Ok(names)
    }

    /// Journals that were never finished or no longer count.
    fn leftovers(&self) -> Result<Vec<PathBuf>, Error> {
        let mut names = names_in(&self.journals_folder())?;
        names
            .retain(|name| [BUILDING, DISCARDED].iter().any(|end| name.strip_suffix(end).is_some_and(is_id)));
        Ok(names.iter().map(|name| self.journals_folder().join(name)).collect())
    }

    /// A name for the next journal, later in order than all before it.
    pub(crate) fn next_id(&self) -> Result<String, Error> {
        let mut names = names_in(&self.journals_folder())?;
        // A backup keeps the name of the journal it belongs to, which must not come to mean another run.
        names.extend(names_in(&self.backups_folder())?);
        let numbers = names.iter().filter_map(|name| name.split('-').next()?.parse::<u64>().ok());
        let number = numbers.max().unwrap_or(0).saturating_add(1);
        Ok(format!("{number:06}-{}", utc_now()))
    }

    /// Makes the folder in which the journal `id` is put together.
    pub(crate) fn start(&self, id: &str) -> Result<PathBuf, Error> {
        disk::ensure_folder(&self.journals_folder())?;
        let folder = self.journals_folder().join(format!("{id}{BUILDING}"));
        disk::create_folder(&folder)?;
        Ok(folder)
    }

    /// Flushes `files`, which are those of the journal `id`, and makes it count.
    pub(crate) fn publish(&self, id: &str, mut files: Vec<Flush>) -> Result<PathBuf, Error> {
        let building = self.journals_folder().join(format!("{id}{BUILDING}"));
        let folder = self.journal(id);
        // The folders above may be as new as the journal.
        files.extend([building.clone(), self.folder.clone(), self.root.clone()].map(Flush::Folder));
        disk::flush(files)?;
        disk::rename(&building, &folder)?;
        if let Err(error) = disk::flush(vec![Flush::Folder(self.journals_folder())]) {
            // The tree was not touched. The first error is the one to report.
            let _ = self.discard(id);
            return Err(error);
        }
        Ok(folder)
    }

    /// Ends the journal `id`: after the rename it does not count, whatever happens to its files.
    pub(crate) fn discard(&self, id: &str) -> Result<(), Error> {
        let discarded = self.journals_folder().join(format!("{id}{DISCARDED}"));
        disk::rename(&self.journal(id), &discarded)?;
        disk::flush(vec![Flush::Folder(self.journals_folder())])?;
        remove_flat(&discarded)
    }

    /// Whether [`Store::clean`] would find something to do.
    pub(crate) fn needs_cleaning(&self) -> Result<bool, Error> {
        Ok(!self.leftovers()?.is_empty() || self.holds_nothing()?)
    }

    /// Removes what earlier runs left, and the state folder itself when nothing else is in it. Needs the lock.
    pub(crate) fn clean(&self) -> Result<(), Error> {
        self.clean_leftovers()?;
        if !self.holds_nothing()? {
            return Ok(());
        }
        for folder in [self.journals_folder(), self.backups_folder()] {
            if fs::symlink_metadata(&folder).is_ok() {
                disk::remove_folder(&folder)?;
            }
        }
        // The lock file goes last, so that it protects the rest to the end.
        for file in [self.ignore_path(), self.lock_path()] {
            if fs::symlink_metadata(&file).is_ok() {
                disk::remove_file(&file)?;
            }
        }
        // Not flushed: what a power cut brings back of it is nothing that counts.
        match disk::remove_folder(&self.folder) {
            // The lock is still open, so its name may still be there. The folder goes when it is let go.
            Err(Error::Io { source, .. })
                if cfg!(windows) && source.kind() == io::ErrorKind::DirectoryNotEmpty =>
            {
                Ok(())
            }
            result => result,
        }
    }

    /// Removes what earlier runs left. Needs the lock.
    pub(crate) fn clean_leftovers(&self) -> Result<(), Error> {
        self.leftovers()?.iter().try_for_each(|folder| remove_flat(folder))
    }

    /// Whether the state folder has only what every run makes in it.
    fn holds_nothing(&self) -> Result<bool, Error> {
        for name in names_in(&self.folder)? {
            let ours = match name.as_str() {
                "lock" => true,
                ".gitignore" => fs::read(self.ignore_path()).is_ok_and(|found| IGNORE.starts_with(&found)),
                "journal" | "backup" => names_in(&self.folder.join(&name))?.is_empty(),
                _ => false,
            };
            if !ours {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn check_kind(
    path: &Path,
    is_right: impl Fn(&fs::Metadata) -> bool,
    problem: &'static str,
) -> Result<(), Error> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => {
            Err(Error::StateFolder { path: path.to_path_buf(), problem: "is a symbolic link" })
        }
        Ok(metadata) if !is_right(&metadata) => Err(Error::StateFolder { path: path.to_path_buf(), problem }),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io("look at", path)(error)),
    }
}

/// The names in a folder; a missing folder has none.
fn names_in(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        result => result.map_err(Error::io("list", folder))?,
    };
    entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()
        .map_err(Error::io("list", folder))
}

/// Removes a journal, which holds no folders.
fn remove_flat(folder: &Path) -> Result<(), Error> {
    for name in names_in(folder)? {
        disk::remove_file(&folder.join(name))?;
    }
    disk::remove_folder(folder)
}

/// Number, date and time: `000001-20260131T120000Z`.
fn is_id(name: &str) -> bool {
    name.split_once('-').is_some_and(|(number, time)| {
        number.len() >= 6
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && !time.is_empty()
            && time.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn utc_now() -> String {
    utc(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs()))
}

/// `seconds` since 1970 as a date and time, by the days-from-civil method of Howard Hinnant.
fn utc(seconds: u64) -> String {
    let (days, second_of_day) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second_of_day / 3_600, second_of_day / 60 % 60, second_of_day % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::{is_id, utc};

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "19700101T000000Z"),
            (951_782_400, "20000229T000000Z"),
            (1_709_251_199, "20240229T235959Z"),
            (1_767_225_600, "20260101T000000Z"),
        ] {
            assert_eq!(utc(seconds), expected);
        }
    }

    #[test]
    fn only_names_of_our_making_are_journals() {
        assert!(is_id("000001-20260101T000000Z"));
        for name in ["", "1-2", "000001", "000001-", "..", "000001-a.new", "000001-../x", ".DS_Store"] {
            assert!(!is_id(name), "{name}");
        }
    }
}
