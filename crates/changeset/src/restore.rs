//! Putting a tree back as a journal remembers it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::disk::{self, Flush};
use crate::error::{Difference, DifferenceKind, Error};
use crate::manifest::{self, Entry, JournalState, Manifest};
use crate::observe::{Observed, Stamp, observe};
use crate::path::TreePath;
use crate::store::Store;

/// A file that was neither as before nor as the run left it, and was set aside rather than overwritten.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SavedFile {
    /// Where it was.
    pub path: TreePath,
    /// Where it is now.
    pub backup: PathBuf,
}

/// What a restoration did.
#[derive(Debug, Default)]
pub(crate) struct Restoration {
    pub(crate) restored: Vec<TreePath>,
    pub(crate) saved: Vec<SavedFile>,
    /// Folders whose names are other ones now.
    changed: BTreeSet<PathBuf>,
}

/// A journal that can be worked with.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) store: Store,
    pub(crate) folder: PathBuf,
    pub(crate) manifest: Manifest,
}

impl Work {
    pub(crate) fn read(store: &Store, id: &str) -> Result<Self, Error> {
        let folder = store.journal(id);
        let manifest = Manifest::read(&folder, id)?;
        Ok(Self { store: store.clone(), folder, manifest })
    }

    /// Makes certain that a recovery will finish what is about to begin.
    pub(crate) fn begin_rollback(&mut self) -> Result<(), Error> {
        self.manifest.state = JournalState::RollingBack;
        self.manifest.replace(&self.folder, Vec::new())?;
        disk::flush(vec![Flush::Folder(self.folder.clone())])
    }

    /// Restores the tree, ends the journal, and takes the state folder away when nothing else is in it.
    ///
    /// `touched` says of each entry whether this run can have changed it; without it every one is looked at.
    pub(crate) fn undo(&self, touched: Option<&[bool]>) -> Result<Restoration, Error> {
        let restored = self.restore(touched)?;
        self.store.discard(&self.manifest.id)?;
        self.store.clean()?;
        Ok(restored)
    }

    /// Reads everything that [`Work::undo`] will need and changes nothing, so that a damaged journal or a tree that
    /// cannot be restored is found before the first change.
    pub(crate) fn survey(&self, touched: Option<&[bool]>) -> Result<Vec<usize>, Error> {
        let mut todo = Vec::new();
        for (index, entry) in self.manifest.entries.iter().enumerate() {
            if touched.is_some_and(|touched| !touched.get(index).copied().unwrap_or(true)) {
                continue;
            }
            if self.look(entry)?.difference(&entry.before).is_none() {
                continue;
            }
            if entry.before != Stamp::Absent {
                manifest::read_original(&self.folder, index, &entry.before)?;
            }
            todo.push(index);
        }
        Ok(todo)
    }

    /// In what the tree differs from what the run left.
    pub(crate) fn differences_since(&self) -> Result<Vec<Difference>, Error> {
        let mut differences = Vec::new();
        for entry in &self.manifest.entries {
            let kind = match self.look(entry) {
                Ok(found) => found.difference(entry.after.as_ref().unwrap_or_else(|| entry.latest())),
                Err(Error::SymlinkedParent { .. } | Error::NotAFolder { .. }) => Some(DifferenceKind::Kind),
                Err(error) => return Err(error),
            };
            // Nothing of anybody's is lost: the tool makes it again, and it is set aside all the same.
            let came_later = kind == Some(DifferenceKind::Exists) && entry.external;
            let kind = kind.filter(|_| !(came_later && entry.before == Stamp::Absent));
            differences.extend(kind.map(|kind| Difference { path: entry.path.clone(), kind }));
        }
        Ok(differences)
    }

    /// What is at the entry's path. A folder that the run itself made there is as good as nothing: it goes away when
    /// the files in it are gone.
    fn look(&self, entry: &Entry) -> Result<Observed, Error> {
        match observe(self.store.root(), &entry.path) {
            Ok(Observed::Folder) if self.manifest.folders.contains(&entry.path) => Ok(Observed::Absent),
            // The file gave way to a folder that is not made yet, or the other way round.
            Err(Error::NotAFolder { parent, .. } | Error::SymlinkedParent { link: parent, .. })
                if self.manifest.folders.contains(&parent) && entry.before == Stamp::Absent =>
            {
                Ok(Observed::Absent)
            }
            result => result,
        }
    }

    fn restore(&self, touched: Option<&[bool]>) -> Result<Restoration, Error> {
        let todo = self.survey(touched)?;
        let mut restored = Restoration::default();
        let (new, old): (Vec<usize>, Vec<usize>) =
            todo.into_iter().partition(|&index| self.manifest.entries[index].before == Stamp::Absent);
        for index in new {
            self.take_away(&self.manifest.entries[index], &mut restored)?;
            self.note(index, &mut restored);
        }
        self.remove_folders(&mut restored)?;
        for index in old {
            self.put_back(index, &mut restored)?;
            self.note(index, &mut restored);
        }
        self.remove_strays()?;
        // Only what is certain to be restored lets the journal go.
        let changed = std::mem::take(&mut restored.changed).into_iter();
        disk::flush(changed.filter(|folder| folder.is_dir()).map(Flush::Folder).collect())?;
        Ok(restored)
    }

    fn note(&self, index: usize, restored: &mut Restoration) {
        let path = &self.manifest.entries[index].path;
        restored.restored.push(path.clone());
        restored.changed.extend(path.under(self.store.root()).parent().map(Path::to_path_buf));
    }

    /// Makes the entry's place free.
    fn take_away(&self, entry: &Entry, restored: &mut Restoration) -> Result<(), Error> {
        let found = self.look(entry)?;
        if found == Observed::Absent {
            return Ok(());
        }
        if self.is_foreign(entry, &found) {
            return self.set_aside(&entry.path, restored);
        }
        disk::remove_file(&entry.path.under(self.store.root()))
    }

    fn put_back(&self, index: usize, restored: &mut Restoration) -> Result<(), Error> {
        let entry = &self.manifest.entries[index];
        let root = self.store.root();
        for parent in entry.path.ancestors() {
            // Somebody may have removed the folder since.
            disk::ensure_folder(&parent.under(root))?;
        }
        // The folders of the run are gone by now, so that one that is still here holds somebody else's files.
        let found = observe(root, &entry.path)?;
        if found != Observed::Absent && self.is_foreign(entry, &found) {
            self.set_aside(&entry.path, restored)?;
        }
        // Renaming what is stored needs no space: undoing works on a full disk.
        let source = manifest::original(&self.folder, index);
        if let Stamp::File { mode, owner, .. } = &entry.before {
            disk::set_owner(&source, *owner)?;
            disk::set_mode(&source, *mode)?;
        }
        disk::move_over(&source, &entry.path.under(root))
    }

    /// Whether somebody else put it there, so that it must not be lost.
    fn is_foreign(&self, entry: &Entry, found: &Observed) -> bool {
        match found {
            Observed::Absent => false,
            Observed::Folder | Observed::Special => true,
            // What a tool leaves when it is killed is nothing to keep.
            Observed::File { .. } if entry.external && self.manifest.state == JournalState::Applying => false,
            Observed::File { .. } | Observed::Link(_) => {
                let known = entry.written.iter().chain(&entry.after).chain([&entry.before]);
                !known.into_iter().any(|stamp| found.has_content_of(stamp))
            }
        }
    }

    fn set_aside(&self, path: &TreePath, restored: &mut Restoration) -> Result<(), Error> {
        let folder = self.store.backup(&self.manifest.id);
        disk::ensure_folder(&self.store.backups_folder())?;
        disk::ensure_folder(&folder)?;
        for parent in path.ancestors() {
            disk::ensure_folder(&parent.under(&folder))?;
        }
        let place = path.under(&folder);
        let mut backup = place.clone();
        // A name is taken if an earlier try was killed after setting something else aside.
        let mut number = 1;
        while fs::symlink_metadata(&backup).is_ok() {
            let mut name = place.clone().into_os_string();
            name.push(format!(".{number}"));
            backup = PathBuf::from(name);
            number += 1;
        }
        disk::move_over(&path.under(self.store.root()), &backup)?;
        let above = backup.ancestors().skip(1).take_while(|folder| *folder != self.store.root());
        restored.changed.extend(above.map(Path::to_path_buf));
        restored.saved.push(SavedFile { path: path.clone(), backup });
        Ok(())
    }

    /// Removes the folders that the run made, unless somebody put something there.
    fn remove_folders(&self, restored: &mut Restoration) -> Result<(), Error> {
        for folder in self.manifest.folders.iter().rev() {
            let place = folder.under(self.store.root());
            let is_empty = observe(self.store.root(), folder).is_ok_and(|found| found == Observed::Folder)
                && fs::read_dir(&place).is_ok_and(|mut entries| entries.next().is_none());
            if is_empty {
                disk::remove_folder(&place)?;
                restored.changed.extend(place.parent().map(Path::to_path_buf));
            }
        }
        Ok(())
    }

    /// Removes what a kill leaves where a file had to be copied to another file system.
    fn remove_strays(&self) -> Result<(), Error> {
        for entry in &self.manifest.entries {
            if observe(self.store.root(), &entry.path).is_err() {
                continue;
            }
            let stray = disk::stray_beside(&entry.path.under(self.store.root()));
            if let Some(stray) =
                stray.filter(|stray| fs::symlink_metadata(stray).is_ok_and(|found| !found.is_dir()))
            {
                disk::remove_file(&stray)?;
            }
        }
        Ok(())
    }
}
