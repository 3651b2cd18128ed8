//! What earlier runs left: reading, recovering, rolling back.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::manifest::{self, JournalState, Manifest};
use crate::observe::Stamp;
use crate::path::TreePath;
use crate::restore::{Restoration, SavedFile, Work};
use crate::store::Store;

/// One run, as its journal remembers it.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    /// The name of the journal; later runs have later names.
    pub id: String,
    /// How far the run got.
    pub state: JournalState,
    /// What the caller gave to [`Transaction::begin`](crate::Transaction::begin).
    pub label: serde_json::Value,
    /// Every path of the run, those of external tools included, sorted.
    pub files: Vec<TreePath>,
    folder: PathBuf,
    befores: Vec<Stamp>,
}

impl JournalEntry {
    pub(crate) fn new(folder: &Path, manifest: &Manifest) -> Self {
        Self {
            id: manifest.id.clone(),
            state: manifest.state,
            label: manifest.label.clone(),
            files: manifest.paths(),
            folder: folder.to_path_buf(),
            befores: manifest.entries.iter().map(|entry| entry.before.clone()).collect(),
        }
    }

    /// Where the journal lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What was at `path` before the run: the bytes of a file, the text of a link, none where nothing was.
    ///
    /// # Errors
    /// [`Error::NotInTransaction`] for other paths, [`Error::Corrupt`] if the stored content is damaged.
    pub fn original(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let index = self
            .files
            .iter()
            .position(|file| file.as_str() == path)
            .ok_or_else(|| Error::NotInTransaction { path: path.to_owned() })?;
        match &self.befores[index] {
            Stamp::Absent => Ok(None),
            stamp => manifest::read_original(&self.folder, index, stamp).map(Some),
        }
    }
}

/// The journals of `root`, oldest first. Takes no lock and changes nothing.
///
/// # Errors
/// [`Error::Corrupt`], [`Error::Version`] or [`Error::StateFolder`] if one of them is not what this crate writes.
pub fn journals(root: &Path) -> Result<Vec<JournalEntry>, Error> {
    let store = Store::open(root)?;
    let read = |id: &String| {
        let folder = store.journal(id);
        Manifest::read(&folder, id).map(|manifest| JournalEntry::new(&folder, &manifest))
    };
    store.journals()?.iter().map(read).collect()
}

/// What [`recover`] did with an interrupted run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovery {
    /// The journal, which is gone now.
    pub id: String,
    /// What was done.
    pub kind: RecoveryKind,
    /// What the interrupted run gave to [`Transaction::begin`](crate::Transaction::begin).
    pub label: serde_json::Value,
    /// Every path that was put back.
    pub restored: Vec<TreePath>,
    /// Files that somebody wrote since, and where they are now.
    pub saved: Vec<SavedFile>,
}

/// What [`recover`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecoveryKind {
    /// The run was killed before its commit and is undone.
    Undone,
    /// A rollback was killed and is finished.
    RollbackFinished,
}

/// Whether a run is changing `root` at this moment. An unfinished journal is of a killed run only where none is.
///
/// # Errors
/// What the file system says, and [`Error::StateFolder`] if the state folder is not what we make.
pub fn is_busy(root: &Path) -> Result<bool, Error> {
    Store::open(root)?.is_busy()
}

/// Deals with what a killed run left in `root`. Either way the tree is as it was before that run. None if nothing was
/// to be put back. It may itself be killed: the next call goes on.
///
/// # Errors
/// [`Error::Busy`] if the run is not dead, [`Error::Corrupt`] if the journal is damaged or names what it may not;
/// then nothing is changed. Also what the file system says.
pub fn recover(root: &Path) -> Result<Option<Recovery>, Error> {
    let store = Store::open(root)?;
    if !store.exists() || (pending(&store)?.is_none() && !store.needs_cleaning()?) {
        return Ok(None);
    }
    let _lock = store.lock()?;
    let Some(work) = pending(&store)? else {
        store.clean()?;
        return Ok(None);
    };
    let Restoration { restored, saved, .. } = work.undo(None)?;
    let kind = match work.manifest.state {
        JournalState::RollingBack => RecoveryKind::RollbackFinished,
        JournalState::Applying | JournalState::Committed => RecoveryKind::Undone,
    };
    Ok(Some(Recovery { id: work.manifest.id, kind, label: work.manifest.label, restored, saved }))
}

/// What [`rollback`] does about files that were changed since the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RollbackMode {
    /// Refuse.
    Check,
    /// Set them aside under `.uvshift/backup/<id>/`, then roll back.
    Force,
}

/// What [`rollback`] did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolledBack {
    /// The journal, which is gone now.
    pub id: String,
    /// What the run gave to [`Transaction::begin`](crate::Transaction::begin).
    pub label: serde_json::Value,
    /// Every path that was put back.
    pub restored: Vec<TreePath>,
    /// Files that were changed since the run, and where they are now.
    pub saved: Vec<SavedFile>,
}

/// Undoes the last committed run: every byte, mode and link is as before. Called again, it undoes the one before.
///
/// # Errors
/// [`Error::ChangedSince`] with all files that [`RollbackMode::Check`] would destroy, [`Error::NothingToRollBack`],
/// [`Error::Pending`] if [`recover`] must run first, [`Error::Busy`], [`Error::Corrupt`]; nothing is changed then.
/// Also what the file system says; then [`recover`] finishes the rollback.
pub fn rollback(root: &Path, mode: RollbackMode) -> Result<RolledBack, Error> {
    let store = Store::open(root)?;
    if store.journals()?.is_empty() {
        return Err(Error::NothingToRollBack { root: store.root().to_path_buf() });
    }
    let _lock = store.lock()?;
    if let Some(work) = pending(&store)? {
        return Err(Error::Pending { id: work.manifest.id });
    }
    let Some(id) = store.journals()?.pop() else {
        store.clean()?;
        return Err(Error::NothingToRollBack { root: store.root().to_path_buf() });
    };
    let mut work = Work::read(&store, &id)?;
    if mode == RollbackMode::Check {
        let differences = work.differences_since()?;
        if !differences.is_empty() {
            return Err(Error::ChangedSince { id, differences });
        }
    }
    work.survey(None)?;
    work.begin_rollback()?;
    let Restoration { restored, saved, .. } = work.undo(None)?;
    Ok(RolledBack { id, label: work.manifest.label, restored, saved })
}

/// The last journal whose run did not come to its end.
fn pending(store: &Store) -> Result<Option<Work>, Error> {
    let mut found = None;
    for id in store.journals()? {
        let work = Work::read(store, &id)?;
        if work.manifest.state != JournalState::Committed {
            found = Some(work);
        }
    }
    Ok(found)
}
