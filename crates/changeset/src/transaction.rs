//! Changing a tree so that it can always be put back.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::disk::{self, Flush, NewMode};
use crate::error::{Difference, Error};
use crate::journal::JournalEntry;
use crate::manifest::{self, Entry, JournalState, Manifest};
use crate::observe::{Observed, Stamp, observe};
use crate::path::TreePath;
use crate::plan::{self, Plan, PlannedEntry, Wanted};
use crate::restore::{Restoration, SavedFile, Work};
use crate::set::ChangeSet;
use crate::store::{Lock, Store};

/// A change set on its way into the tree.
///
/// [`Transaction::begin`] journals, [`Transaction::apply`] changes the tree, [`Transaction::commit`] keeps the result
/// and [`Transaction::undo`] puts everything back. A transaction that is dropped is undone as well as that goes; one
/// whose process is killed is undone by [`recover`](crate::recover()).
#[derive(Debug)]
pub struct Transaction {
    work: Work,
    wanted: Vec<Option<Wanted>>,
    /// Which entries can have changed through this run.
    touched: Vec<bool>,
    phase: Phase,
    /// Folders of the tree whose names must be on the disk before the commit is.
    unflushed: BTreeSet<PathBuf>,
    /// How many files [`Transaction::write`] staged.
    writes: usize,
    // Last, so that the lock outlives everything else.
    _lock: Lock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Begun,
    Applied,
    Finished,
}

/// A run that is done and can be rolled back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The journal.
    pub id: String,
    /// Every path whose content, mode or existence is not as before.
    pub changed: Vec<TreePath>,
}

/// A run that was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Undone {
    /// Every path that was put back.
    pub restored: Vec<TreePath>,
    /// Files that somebody else wrote meanwhile, and where they are now.
    pub saved: Vec<SavedFile>,
}

impl Transaction {
    /// Takes the lock, compares the tree with what `set` was made for, and stores everything that is needed to go
    /// forth and back: the old files, and the new ones, so that a full disk is found while nothing is changed yet.
    ///
    /// `externals` are files that a tool will write while the transaction runs, such as `uv.lock`; they are put back
    /// like all others. `label` is kept in the journal for the caller; `serde_json::Value::Null` will do. Outside the state folder nothing is changed.
    ///
    /// # Errors
    /// [`Error::Changed`] with all files that are not as planned, [`Error::Busy`] if another run has the lock,
    /// [`Error::Pending`] if [`recover`](crate::recover()) must run first, and what the file system says. The tree is as
    /// it was, without a state folder if it had none.
    pub fn begin(
        root: &Path,
        set: &ChangeSet,
        externals: &[&str],
        label: serde_json::Value,
    ) -> Result<Self, Error> {
        let store = Store::open(root)?;
        let lock = store.lock()?;
        match prepare(&store, set, externals, label) {
            Ok((work, wanted)) => Ok(Self {
                touched: vec![false; wanted.len()],
                work,
                wanted,
                phase: Phase::Begun,
                unflushed: BTreeSet::new(),
                writes: 0,
                _lock: lock,
            }),
            Err(error) => {
                // The first error is the one to report; what cannot be removed now goes with the next run.
                let _ = store.clean();
                Err(error)
            }
        }
    }

    /// Changes the tree. Each file is compared once more, then replaced in one go. What is on the disk
    /// of it before the commit does not matter, since the journal is, so that only the commit waits for the disk.
    ///
    /// # Errors
    /// [`Error::Changed`] if a file is not as it was at the beginning, or what the file system says. The transaction
    /// must then be undone or dropped.
    pub fn apply(&mut self) -> Result<(), Error> {
        if self.phase != Phase::Begun {
            return Err(Error::OutOfOrder { problem: "a transaction is applied once" });
        }
        let (going, coming): (Vec<usize>, Vec<usize>) = (0..self.wanted.len())
            .filter(|&index| self.wanted[index].is_some())
            .partition(|&index| matches!(self.wanted[index], Some(Wanted::Absent)));
        let root = self.work.store.root().to_path_buf();
        for index in going {
            let path = self.start(index)?;
            if self.work.manifest.entries[index].before != Stamp::Absent {
                disk::remove_file(&path)?;
            }
        }
        for folder in &self.work.manifest.folders {
            let place = folder.under(&root);
            disk::create_folder(&place)?;
            self.unflushed.extend(place.parent().map(Path::to_path_buf));
        }
        for index in coming {
            let path = self.start(index)?;
            disk::move_over(&manifest::staged(&self.work.folder, index), &path)?;
        }
        for (touched, entry) in self.touched.iter_mut().zip(&self.work.manifest.entries) {
            // From here on the tools may write.
            *touched |= entry.external;
        }
        self.phase = Phase::Applied;
        Ok(())
    }

    /// Gives a file of the transaction new content, such as a temporary one for a tool to read. Its mode stays.
    ///
    /// # Errors
    /// [`Error::NotInTransaction`], [`Error::Changed`] if somebody else wrote it, or what the file system says; then
    /// the file has its old or its new content.
    pub fn write(&mut self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        if self.phase != Phase::Applied {
            return Err(Error::OutOfOrder {
                problem: "a file is rewritten only after the transaction is applied",
            });
        }
        let index = self.work.manifest.position(path)?;
        let found = observe(self.work.store.root(), &self.work.manifest.entries[index].path)?;
        self.check_ours(index, &found)?;
        let (mode, owner) = match &found {
            Observed::File { mode, owner, .. } => (NewMode::Exactly(*mode), *owner),
            Observed::Absent => (NewMode::Default, None),
            other => return Err(other.not_a_file(&self.work.manifest.entries[index].path)),
        };
        self.writes += 1;
        let staged = self.work.folder.join(format!("write-{}", self.writes));
        let written = disk::write_new(&staged, bytes, mode)?;
        disk::set_owner(&staged, owner)?;
        let stamp = stamp_of(&staged, &self.work.manifest.entries[index].path)?;
        // Journalled first, so that a recovery knows the content for ours and does not set it aside.
        self.work.manifest.entries[index].written.push(stamp);
        if let Err(error) = self.work.manifest.replace(&self.work.folder, vec![written]) {
            self.work.manifest.entries[index].written.pop();
            return Err(error);
        }
        let place = self.work.manifest.entries[index].path.under(self.work.store.root());
        self.touched[index] = true;
        self.unflushed.extend(place.parent().map(Path::to_path_buf));
        disk::move_over(&staged, &place)
    }

    /// Keeps the result. What is in the tree now, also of the files of external tools, is flushed and remembered, so
    /// that a rollback can tell whether anybody changed it since.
    ///
    /// # Errors
    /// [`Error::Changed`] if somebody else changed a file meanwhile, or what the file system says. Everything is undone
    /// then, as well as that goes.
    pub fn commit(mut self) -> Result<Committed, Error> {
        if self.phase != Phase::Applied {
            return Err(Error::OutOfOrder { problem: "a transaction is committed after it is applied" });
        }
        let mut changed = Vec::new();
        let mut flushes = Vec::new();
        for index in 0..self.work.manifest.entries.len() {
            let entry = &self.work.manifest.entries[index];
            let found = observe(self.work.store.root(), &entry.path)?;
            let after = if entry.external {
                self.take_external(index, &found, &mut flushes)?
            } else {
                self.check_ours(index, &found)?
            };
            let entry = &mut self.work.manifest.entries[index];
            if found.difference(&entry.before).is_some() {
                changed.push(entry.path.clone());
            }
            entry.after = Some(after);
        }
        self.work.manifest.state = JournalState::Committed;
        let folders = std::mem::take(&mut self.unflushed);
        // A folder may have gone since: a file in it gave way to nothing, or it to a file.
        flushes.extend(folders.into_iter().filter(|folder| folder.is_dir()).map(Flush::Folder));
        self.work.manifest.replace(&self.work.folder, flushes)?;
        disk::flush(vec![Flush::Folder(self.work.folder.clone())])?;
        self.phase = Phase::Finished;
        Ok(Committed { id: self.work.manifest.id.clone(), changed })
    }

    /// Puts every byte, mode and link back, and takes the journal away.
    ///
    /// # Errors
    /// What the file system says; the journal then stays, and [`recover`](crate::recover()) tries again.
    pub fn undo(mut self) -> Result<Undone, Error> {
        let Restoration { restored, saved, .. } = self.put_back()?;
        Ok(Undone { restored, saved })
    }

    /// The journal: what was there before.
    pub fn journal(&self) -> JournalEntry {
        JournalEntry::new(&self.work.folder, &self.work.manifest)
    }

    fn put_back(&mut self) -> Result<Restoration, Error> {
        self.phase = Phase::Finished;
        if self.says_committed() {
            // A kill in the middle of the following must not leave half of it under the name "committed".
            self.work.begin_rollback()?;
        }
        self.work.undo(Some(&self.touched))
    }

    /// Whether a commit failed so late that the journal on the disk already counts as committed.
    fn says_committed(&self) -> bool {
        self.work.manifest.state == JournalState::Committed
            && Manifest::read(&self.work.folder, &self.work.manifest.id)
                .map_or(true, |manifest| manifest.state != JournalState::Applying)
    }

    /// Compares the entry once more with what was found at the beginning and counts it as touched.
    fn start(&mut self, index: usize) -> Result<PathBuf, Error> {
        let entry = &self.work.manifest.entries[index];
        let found = match observe(self.work.store.root(), &entry.path) {
            // Its folder was a file; that one has gone by the time this matters.
            Err(Error::NotAFolder { .. } | Error::SymlinkedParent { .. })
                if matches!(self.wanted[index], Some(Wanted::Absent)) && entry.before == Stamp::Absent =>
            {
                Observed::Absent
            }
            // So was its place: this is the folder that stands there now.
            Ok(Observed::Folder) if self.work.manifest.folders.contains(&entry.path) => Observed::Absent,
            result => result?,
        };
        if let Some(kind) = found.difference(&entry.before) {
            return Err(Error::Changed { differences: vec![Difference { path: entry.path.clone(), kind }] });
        }
        let path = entry.path.under(self.work.store.root());
        self.unflushed.extend(path.parent().map(Path::to_path_buf));
        self.touched[index] = true;
        Ok(path)
    }

    /// A file that only we write must hold what we wrote.
    fn check_ours(&self, index: usize, found: &Observed) -> Result<Stamp, Error> {
        let entry = &self.work.manifest.entries[index];
        let is_our_folder = *found == Observed::Folder && self.work.manifest.folders.contains(&entry.path);
        let found = if is_our_folder { &Observed::Absent } else { found };
        match found.difference(entry.latest()) {
            Some(kind) if !entry.external => {
                Err(Error::Changed { differences: vec![Difference { path: entry.path.clone(), kind }] })
            }
            _ => Ok(entry.latest().clone()),
        }
    }

    /// What the external tool left; it is to be flushed.
    fn take_external(
        &mut self,
        index: usize,
        found: &Observed,
        flushes: &mut Vec<Flush>,
    ) -> Result<Stamp, Error> {
        let path = &self.work.manifest.entries[index].path;
        let place = path.under(self.work.store.root());
        let stamp = found.stamp(path)?;
        if matches!(stamp, Stamp::File { mode, .. } if mode > 0o777) || matches!(stamp, Stamp::Link { .. }) {
            return Err(found.not_a_file(path));
        }
        if matches!(stamp, Stamp::File { .. }) {
            flushes.push(Flush::open(&place)?);
        }
        self.unflushed.extend(place.parent().map(Path::to_path_buf));
        Ok(stamp)
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if self.phase != Phase::Finished {
            // There is nobody to tell. What fails here is tried again by the next recovery.
            let _ = self.put_back();
        }
    }
}

/// Everything that [`Transaction::begin`] does under the lock.
fn prepare(
    store: &Store,
    set: &ChangeSet,
    externals: &[&str],
    label: serde_json::Value,
) -> Result<(Work, Vec<Option<Wanted>>), Error> {
    for id in store.journals()? {
        if Manifest::read(&store.journal(&id), &id)?.state != JournalState::Committed {
            return Err(Error::Pending { id });
        }
    }
    store.clean_leftovers()?;
    let Plan { entries: planned, folders } = plan::plan(store.root(), set, externals)?;
    let id = store.next_id()?;
    let folder = store.start(&id)?;
    let mut files = Vec::new();
    let mut entries = Vec::with_capacity(planned.len());
    for (index, entry) in planned.iter().enumerate() {
        entries.push(store_entry(&folder, index, entry, &mut files)?);
    }
    let manifest = Manifest { id: id.clone(), state: JournalState::Applying, label, folders, entries };
    files.push(manifest.write_first(&folder)?);
    let folder = store.publish(&id, files)?;
    let wanted = planned.into_iter().map(|entry| entry.wanted).collect();
    Ok((Work { store: store.clone(), folder, manifest }, wanted))
}

/// Stores the old content of an entry and its new one.
fn store_entry(
    folder: &Path,
    index: usize,
    entry: &PlannedEntry,
    files: &mut Vec<Flush>,
) -> Result<Entry, Error> {
    let original = manifest::original(folder, index);
    match (&entry.found, &entry.before) {
        (Observed::File { bytes, .. }, _) => files.push(disk::write_new(&original, bytes, NewMode::Private)?),
        (_, Stamp::Link { target }) => disk::symlink(target, &original)?,
        _ => {}
    }
    let staged = manifest::staged(folder, index);
    let written = match &entry.wanted {
        None => Vec::new(),
        Some(Wanted::Absent) => vec![Stamp::Absent],
        Some(Wanted::File { bytes, mode, owner }) => {
            files.push(disk::write_new(&staged, bytes, mode.map_or(NewMode::Default, NewMode::Exactly))?);
            disk::set_owner(&staged, *owner)?;
            vec![stamp_of(&staged, &entry.path)?]
        }
        Some(Wanted::Link(target)) => {
            disk::symlink(target, &staged)?;
            vec![Stamp::Link { target: target.clone() }]
        }
    };
    Ok(Entry {
        path: entry.path.clone(),
        external: entry.external,
        before: entry.before.clone(),
        written,
        after: None,
    })
}

/// The stamp of a staged file, read back because only the system knows the default mode.
fn stamp_of(staged: &Path, path: &TreePath) -> Result<Stamp, Error> {
    crate::observe::observe_at(staged)?.stamp(path)
}
