//! What stands beside an environment while it is exchanged: a lock, a journal, and the old environment.
//!
//! The folder is `.venv.uvshift` for `.venv`. In it are `rehearsal`, which is the new environment at another place; `journal.json`,
//! which is there from before the old environment is moved until after it is gone; `old`, which is the old environment as it
//! was; `failed` and `trash`, which are being removed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{MigrateError, OldEnvironment};
use crate::recreate::{MARKER, disk};

/// The folder beside an environment.
pub(super) struct State {
    /// Where the environment belongs.
    pub(super) place: PathBuf,
    folder: PathBuf,
}

/// What the journal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    /// The run.
    pub(super) id: String,
    /// How far it is.
    pub(super) phase: Phase,
    /// What becomes of the old environment.
    pub(super) old: OldEnvironment,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// The old environment is being moved, or the new one is being made. The old one counts.
    Exchange,
    /// The new environment is complete and the same. It counts.
    Verified,
}

/// A run has it as long as it works, and so have the programs that it started: one that outlives a killed run would write into the
/// environment that is put back.
pub(super) struct Lock(File);

/// The names that may be in the folder.
const NAMES: [&str; 8] =
    ["lock", ".gitignore", "journal.json", "journal.json.uvshift-new", "old", "rehearsal", "failed", "trash"];

/// A run that ends removes the lock file; whoever waits for it takes the next one.
const LOCK_ATTEMPTS: usize = 10;

impl State {
    pub(super) fn beside(place: &Path) -> Self {
        Self { place: place.to_owned(), folder: beside(place, ".uvshift") }
    }

    pub(super) fn is_there(&self) -> bool {
        self.folder.symlink_metadata().is_ok()
    }

    pub(super) fn rehearsal(&self) -> PathBuf {
        self.folder.join("rehearsal")
    }

    pub(super) fn old(&self) -> PathBuf {
        self.folder.join("old")
    }

    fn journal_path(&self) -> PathBuf {
        self.folder.join("journal.json")
    }

    /// The name under which the old environment of a run is kept.
    pub(super) fn kept(&self, id: &str) -> PathBuf {
        beside(&self.place, &format!(".uvshift-old-{id}"))
    }

    /// Makes the folder and takes the lock.
    pub(super) fn lock(&self) -> Result<Lock, MigrateError> {
        for _ in 0..LOCK_ATTEMPTS {
            self.check()?;
            disk::create_folder(&self.folder).map_err(failed("create", &self.folder))?;
            let path = self.folder.join("lock");
            let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
            let file = match opened {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other.map_err(failed("create", &path))?,
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(MigrateError::Busy { path: self.place.clone() }),
                Err(TryLockError::Error(error)) => return Err(failed("lock", &path)(error)),
            }
            // The run that had it before may have removed the file: then this lock protects nothing.
            if is_at(&file, &path) {
                pass_on(&file);
                let lock = Lock(file);
                let ignore = self.folder.join(".gitignore");
                disk::replace_plainly(&ignore, b"*\n").map_err(failed("write", &ignore))?;
                return Ok(lock);
            }
        }
        Err(MigrateError::Busy { path: self.place.clone() })
    }

    /// Removes the folder, if nothing that counts is in it, and lets go of the lock.
    pub(super) fn close(&self, lock: Lock) {
        // What stays is removed by the next run, so that no error of it is worth more than what was done.
        let _ = disk::remove_tree(&self.folder.join("rehearsal"));
        let _ = disk::remove_tree(&self.folder.join("failed"));
        let _ = disk::remove_tree(&self.folder.join("trash"));
        if !self.journal_path().exists() && self.old().symlink_metadata().is_err() {
            for name in [".gitignore", "journal.json.uvshift-new", "lock"] {
                let _ = disk::remove_file(&self.folder.join(name));
            }
            let _ = disk::remove_folder(&self.folder);
        }
        let Lock(file) = lock;
        // Programs that got it from us and live on may not keep the next run away.
        let _ = file.unlock();
        drop(file);
        if cfg!(windows) {
            // On some disks, the name of a removed file stays until it is closed. A folder with something in it stays.
            let _ = disk::remove_folder(&self.folder);
        }
    }

    /// Whether the folder is one of ours.
    fn check(&self) -> Result<(), MigrateError> {
        if !self.is_there() {
            return Ok(());
        }
        if !disk::is_folder(&self.folder) {
            return Err(self.strange("it is no folder"));
        }
        let entries = std::fs::read_dir(&self.folder).map_err(failed("read", &self.folder))?;
        for entry in entries.flatten() {
            let name = entry.file_name();
            if !NAMES.iter().any(|known| name == *known) {
                return Err(self.strange(&format!("it has `{}`", name.to_string_lossy())));
            }
        }
        Ok(())
    }

    /// What a run wrote down; `None` where there is none that counts.
    pub(super) fn journal(&self) -> Result<Option<Journal>, MigrateError> {
        let path = self.journal_path();
        let text = match path.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("read", &path)(error)),
            Ok(_) => uvshift_installed::read_file(&path).0.unwrap_or_default(),
        };
        parse(&text).map(Some).ok_or_else(|| self.strange("its journal is none of this version"))
    }

    pub(super) fn write(&self, journal: &Journal) -> Result<(), MigrateError> {
        let phase = match journal.phase {
            Phase::Exchange => "exchange",
            Phase::Verified => "verified",
        };
        let keep = journal.old == OldEnvironment::Keep;
        let text = json!({"version": 1, "id": journal.id, "phase": phase, "keep": keep}).to_string();
        let path = self.journal_path();
        disk::replace(&path, text.as_bytes()).map_err(failed("write", &path))
    }

    fn forget(&self) -> Result<(), MigrateError> {
        let path = self.journal_path();
        disk::remove_file(&path).map_err(failed("remove", &path))
    }

    /// Moves the environment aside.
    pub(super) fn put_aside(&self) -> Result<(), MigrateError> {
        let moved = disk::rename(&self.place, &self.old());
        moved.map_err(|source| MigrateError::Locked { path: self.place.clone(), source })
    }

    /// Makes the folder of the new environment, with the mark that it is not finished.
    pub(super) fn start(&self, id: &str) -> Result<(), MigrateError> {
        disk::create_folder(&self.place).map_err(failed("create", &self.place))?;
        let marker = self.place.join(MARKER);
        disk::create(&marker, id.as_bytes()).map_err(failed("write", &marker))
    }

    /// Puts the old environment back, if it is not at its place.
    pub(super) fn put_back(&self, id: &str) -> Result<(), MigrateError> {
        let (old, failed) = (self.old(), self.folder.join("failed"));
        if old.symlink_metadata().is_err() {
            return self.forget();
        }
        if self.place.symlink_metadata().is_ok() {
            if !self.is_unfinished(id) {
                return Err(MigrateError::Stranger { path: self.place.clone(), old });
            }
            let not_back =
                |source| MigrateError::NotPutBack { path: self.place.clone(), old: old.clone(), source };
            disk::remove_tree(&failed).map_err(not_back)?;
            // In one step, so that what was begun never looks like something else.
            disk::rename(&self.place, &failed).map_err(not_back)?;
        }
        let back = disk::rename(&old, &self.place);
        back.map_err(|source| MigrateError::NotPutBack { path: self.place.clone(), old, source })?;
        self.forget()
    }

    /// Whether what is at the place was begun by the run and not finished.
    fn is_unfinished(&self, id: &str) -> bool {
        if !disk::is_folder(&self.place) {
            return false;
        }
        match uvshift_installed::read_file(&self.place.join(MARKER)).0 {
            Some(text) => text == id || text.is_empty(),
            None => std::fs::read_dir(&self.place).is_ok_and(|mut entries| entries.next().is_none()),
        }
    }

    /// Does the rest of a run whose new environment counts. Where the old one is afterwards, if it is anywhere.
    pub(super) fn finish(&self, journal: &Journal) -> Result<Option<PathBuf>, MigrateError> {
        let marker = self.place.join(MARKER);
        disk::remove_file(&marker).map_err(failed("remove", &marker))?;
        let old = self.old();
        let mut kept = Some(self.kept(&journal.id)).filter(|_| journal.old == OldEnvironment::Keep);
        if disk::is_folder(&old) {
            match &kept {
                Some(kept) => disk::rename(&old, kept).map_err(failed("rename", &old))?,
                None => kept = self.throw_away(&old),
            }
        }
        // What could not be removed is removed by the next run, which has to know that the new environment counts.
        if old.symlink_metadata().is_err() {
            self.forget()?;
        }
        Ok(kept)
    }

    /// Removes the old environment; where something of it is left, if it cannot be removed.
    fn throw_away(&self, old: &Path) -> Option<PathBuf> {
        let trash = self.folder.join("trash");
        // A half removed environment must not look like a whole one, so it gets another name first.
        let done = disk::remove_tree(&trash)
            .and_then(|()| disk::rename(old, &trash))
            .and_then(|()| disk::remove_tree(&trash));
        done.err().map(|_| if old.exists() { old.to_owned() } else { trash })
    }

    fn strange(&self, why: &str) -> MigrateError {
        MigrateError::State { path: self.folder.clone(), why: why.to_owned() }
    }
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> MigrateError {
    let path = path.to_owned();
    move |source| MigrateError::Io { action, path, source }
}

/// A name beside an environment: its own with an ending.
fn beside(place: &Path, ending: &str) -> PathBuf {
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    place.with_file_name(name)
}

fn parse(text: &str) -> Option<Journal> {
    let value: Value = serde_json::from_str(text).ok()?;
    let phase = match value.get("phase")?.as_str()? {
        "exchange" => Phase::Exchange,
        "verified" => Phase::Verified,
        _ => return None,
    };
    let id = value.get("id")?.as_str()?.to_owned();
    // It becomes a part of a name.
    let is_plain = !id.is_empty()
        && id.len() < 64
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let keep = value.get("keep")?.as_bool()?;
    let old = if keep { OldEnvironment::Keep } else { OldEnvironment::Remove };
    (is_plain && value.get("version")?.as_u64()? == 1).then_some(Journal { id, phase, old })
}

/// Whether the file that is open is still the one with this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(open), Ok(named)) = (file.metadata(), path.symlink_metadata()) else { return false };
    (open.dev(), open.ino()) == (named.dev(), named.ino())
}

#[cfg(windows)]
fn is_at(file: &File, path: &Path) -> bool {
    use winapi_util::file::information;
    let Ok(named) = File::open(path) else { return false };
    let (Ok(open), Ok(named)) = (information(file), information(&named)) else { return false };
    (open.volume_serial_number(), open.file_index()) == (named.volume_serial_number(), named.file_index())
}

/// Lets the programs that are started from now on hold the lock, too.
#[cfg(unix)]
fn pass_on(file: &File) {
    // Where it cannot be passed on, the lock still keeps other runs away while this one lives.
    let _ = rustix::io::fcntl_setfd(file, rustix::io::FdFlags::empty());
}

#[cfg(not(unix))]
fn pass_on(_: &File) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::beside(&folder.path().join(".venv"));
        let lock = state.lock().unwrap();
        assert_eq!(state.journal().unwrap(), None);
        for (phase, old) in
            [(Phase::Exchange, OldEnvironment::Keep), (Phase::Verified, OldEnvironment::Remove)]
        {
            let journal = Journal { id: "17-4".to_owned(), phase, old };
            state.write(&journal).unwrap();
            assert_eq!(state.journal().unwrap(), Some(journal));
        }
        assert!(matches!(state.lock(), Err(MigrateError::Busy { .. })));
        state.forget().unwrap();
        state.close(lock);
        assert!(!state.is_there());
    }

    #[test]
    fn a_strange_journal_is_an_error() {
        for text in [
            "",
            "[]",
            r#"{"version": 2, "id": "1", "phase": "exchange", "keep": false}"#,
            r#"{"version": 1, "id": "../../x", "phase": "exchange", "keep": true}"#,
            r#"{"version": 1, "id": "1", "phase": "other", "keep": false}"#,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_folder_of_somebody_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::beside(&folder.path().join("env"));
        let path = folder.path().join("env.uvshift");
        std::fs::create_dir(&path).unwrap();
        disk::create(&path.join("notes.txt"), b"mine").unwrap();
        assert!(matches!(state.lock(), Err(MigrateError::State { .. })));
        assert!(path.join("notes.txt").exists());
    }
}
