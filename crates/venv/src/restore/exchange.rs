//! A new environment in the place of an old one, which is whole at every moment: at its place, or beside it.
//!
//! Beside `NAME` there is a folder `.NAME.uvshift-restore` while it lasts. What a run that was killed left in it is put right by
//! the next one, or by [`recover_restore`].

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::archive::{
    ArchiveError, ArchiveProgress, ArchiveStep, ArchiveWatch, create_file, create_folder, create_folders,
    exchange, identity, is_own, metadata, open_lock, remove_file, remove_folder, remove_tree, rename, report,
    sync_folder, sync_system,
};

/// The files of an archive on their way; after the exchange, the old environment.
const STAGED: &str = "staged";

/// Where an exchange in steps has the old environment, while nothing is at its place.
const STAGED_OLD: &str = "staged.old";

/// The old environment, while another one is built at its place.
const ASIDE: &str = "aside";

/// What is known of the old files while another environment is built.
pub(super) const KNOWN: &str = "known";

/// Is there while something is built where nothing was.
const EMPTY: &str = "nothing-before";

/// Tells the folder that was made to build in, so that what somebody else makes there later is left alone.
const BUILDING: &str = "building";

/// Is there once what was built at the place is verified.
const VERIFIED: &str = "verified";

/// Held by the run that works.
const LOCK: &str = "lock";

/// Tells that a restore made the folder.
const MADE: &str = "made-by-uvshift";

/// What that file says.
const MADE_TEXT: &str = "uvshift restore\n";

/// Every name that a restore gives in it.
const NAMES: [&str; 9] = [STAGED, STAGED_OLD, ASIDE, KNOWN, EMPTY, BUILDING, VERIFIED, MADE, LOCK];

/// What was done with what a run that was killed had left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RestoreRecovered {
    /// There was nothing to do.
    Nothing,
    /// What is at the place was whole; what was beside it was removed.
    Cleaned,
    /// The old environment was put back.
    PutBack,
}

/// Puts right what a restore to `at` left that was killed. A restore does so by itself before it begins.
pub fn recover_restore(at: &Path) -> Result<RestoreRecovered, ArchiveError> {
    let beside = beside(at)?;
    if metadata(&beside).map_err(ArchiveError::read(&beside))?.is_none() {
        return Ok(RestoreRecovered::Nothing);
    }
    // Somebody else may have put it there, to have us move it.
    if !is_own(&beside).map_err(ArchiveError::read(&beside))? {
        return Err(ArchiveError::NotReplaced { path: beside, why: "it belongs to somebody else" });
    }
    if !is_made_here(&beside)? {
        return Err(ArchiveError::NotReplaced { path: beside, why: "it was not made by a restore" });
    }
    let lock = lock(&beside)?;
    let recovered = put_right(at, &beside, Maker::Unknown)?;
    drop(lock);
    discard(&beside)?;
    Ok(recovered)
}

/// Whether a folder is one that a restore works in: it says so, and nothing else is in it.
fn is_made_here(beside: &Path) -> Result<bool, ArchiveError> {
    let failed = |source| ArchiveError::Read { path: beside.to_owned(), source };
    let mut is_begun = true;
    for entry in std::fs::read_dir(beside).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        if !NAMES.iter().any(|known| name == *known) {
            return Ok(false);
        }
        is_begun &= name == LOCK;
    }
    // A run may have been killed before it could say so.
    let told = uvshift_installed::read_file(&beside.join(MADE)).0;
    Ok(is_begun || told.is_some_and(|text| text == MADE_TEXT))
}

/// Says that a restore made the folder.
fn sign(beside: &Path) -> Result<(), ArchiveError> {
    let path = beside.join(MADE);
    create_file(&path)
        .and_then(|mut file| file.write_all(MADE_TEXT.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(ArchiveError::write(path))
}

/// Who made what is at the place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Maker {
    /// This run.
    This,
    /// A run that was killed, or somebody since then.
    Unknown,
}

fn put_right(at: &Path, beside: &Path, maker: Maker) -> Result<RestoreRecovered, ArchiveError> {
    let has = |name: &str| {
        let path = beside.join(name);
        Ok::<_, ArchiveError>(metadata(&path).map_err(ArchiveError::read(&path))?.is_some())
    };
    let is_gone = metadata(at).map_err(ArchiveError::read(at))?.is_none();
    if has(STAGED_OLD)? && is_gone {
        move_back(&beside.join(STAGED_OLD), at)?;
        return Ok(RestoreRecovered::PutBack);
    }
    if has(VERIFIED)? {
        return Ok(RestoreRecovered::Cleaned);
    }
    let has_aside = has(ASIDE)?;
    if has_aside || has(EMPTY)? {
        if !is_gone && maker == Maker::Unknown && !is_of_killed_run(at, beside)? {
            let why = "a restore was killed there, and somebody has made something since; what was there before is beside it, \
                       in `aside` of the folder whose name ends in `.uvshift-restore`";
            return Err(ArchiveError::NotReplaced { path: at.to_owned(), why });
        }
        remove(at)?;
    }
    if has_aside {
        move_back(&beside.join(ASIDE), at)?;
        return Ok(RestoreRecovered::PutBack);
    }
    Ok(RestoreRecovered::Cleaned)
}

/// Whether the folder at the place is the one that a run made to build in, or is empty.
fn is_of_killed_run(at: &Path, beside: &Path) -> Result<bool, ArchiveError> {
    let failed = |source| ArchiveError::Read { path: at.to_owned(), source };
    let told = std::fs::read_to_string(beside.join(BUILDING)).unwrap_or_default();
    if identity(at).map_err(failed)?.is_some_and(|identity| identity == told) {
        return Ok(true);
    }
    let found = metadata(at).map_err(failed)?;
    Ok(found.is_some_and(|found| found.is_dir()) && std::fs::read_dir(at).map_err(failed)?.next().is_none())
}

/// The folder beside an environment in which a restore works.
fn beside(at: &Path) -> Result<PathBuf, ArchiveError> {
    match at.file_name().and_then(|name| name.to_str()) {
        Some(name) => Ok(at.with_file_name(format!(".{name}.uvshift-restore"))),
        None => Err(ArchiveError::NotReplaced { path: at.to_owned(), why: "it is no folder with a name" }),
    }
}

/// The folder beside an environment, for this run alone.
pub(super) struct Beside {
    at: PathBuf,
    path: PathBuf,
    _lock: File,
}

impl Beside {
    /// Makes the folder.
    pub(super) fn new(at: &Path) -> Result<Self, ArchiveError> {
        let path = beside(at)?;
        create_folder(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => ArchiveError::Busy { path: at.to_owned() },
            _ => ArchiveError::write(&path)(error),
        })?;
        let lock = lock(&path)?;
        sign(&path)?;
        Ok(Self { at: at.to_owned(), path, _lock: lock })
    }

    /// Makes an empty folder in it.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf, ArchiveError> {
        let folder = self.path.join(name);
        create_folder(&folder).map_err(ArchiveError::write(&folder))?;
        Ok(folder)
    }

    /// Puts right what is at the place and beside it, because of an error, and gives the error.
    pub(super) fn clean_up(self, error: ArchiveError) -> ArchiveError {
        let old = self.path.join(STAGED_OLD);
        let is_between = matches!((metadata(&old), metadata(&self.at)), (Ok(Some(_)), Ok(Some(_))));
        if is_between {
            return ArchiveError::NotPutBack { kept: old, source: Box::new(error) };
        }
        match put_right(&self.at, &self.path, Maker::This) {
            Ok(_) => {
                // What cannot be removed now, the next run removes.
                let _ = discard(&self.path);
                error
            }
            Err(_) => ArchiveError::NotPutBack { kept: self.path, source: Box::new(error) },
        }
    }

    /// Makes the folder to build in, and notes which one it is.
    fn make_place(&self) -> Result<(), ArchiveError> {
        create_folders(&self.at).map_err(ArchiveError::write(&self.at))?;
        let identity = identity(&self.at).map_err(ArchiveError::read(&self.at))?.unwrap_or_default();
        let path = self.path.join(BUILDING);
        create_file(&path)
            .and_then(|mut file| file.write_all(identity.as_bytes()).and_then(|()| file.sync_all()))
            .map_err(ArchiveError::write(path))
    }

    /// Notes that what is at the place is verified. From then on the old environment may go, so that a power cut must not take the
    /// new one: first its files, then the mark, each on the disk before the next.
    fn mark_verified(&self) -> Result<(), ArchiveError> {
        sync_system(&self.at).map_err(ArchiveError::write(&self.at))?;
        sync_parent(&self.at)?;
        let path = self.path.join(VERIFIED);
        create_file(&path).and_then(|file| file.sync_all()).map_err(ArchiveError::write(&path))?;
        let synced = sync_folder(&self.path).map_err(ArchiveError::write(&self.path));
        if synced.is_err() {
            // Without it the old environment is put back.
            remove_file(&path).map_err(ArchiveError::write(&path))?;
        }
        synced
    }

    /// Puts the old environment aside, because the new one can only be built at its place.
    pub(super) fn put_aside(self, occupied: bool) -> Result<Aside, ArchiveError> {
        let put = if occupied {
            rename(&self.at, &self.path.join(ASIDE))
                .map_err(ArchiveError::write(&self.at))
                .and_then(|()| sync_folder(&self.path).map_err(ArchiveError::write(&self.path)))
                .and_then(|()| sync_parent(&self.at))
        } else {
            let path = self.path.join(EMPTY);
            create_file(&path).map(drop).map_err(ArchiveError::write(path))
        };
        match put.and_then(|()| self.make_place()) {
            Ok(()) => Ok(Aside { beside: self, occupied }),
            Err(error) => Err(self.clean_up(error)),
        }
    }
}

fn lock(beside: &Path) -> Result<File, ArchiveError> {
    let path = beside.join(LOCK);
    let file = open_lock(&path).map_err(ArchiveError::write(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(ArchiveError::Busy { path: beside.to_owned() }),
        // Some network file systems have no locks. Then the folder alone says that somebody works there.
        Err(std::fs::TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {
            Ok(file)
        }
        Err(std::fs::TryLockError::Error(error)) => Err(ArchiveError::write(&path)(error)),
    }
}

fn remove(path: &Path) -> Result<(), ArchiveError> {
    remove_tree(path).map_err(ArchiveError::write(path))
}

fn move_back(from: &Path, at: &Path) -> Result<(), ArchiveError> {
    rename(from, at).map_err(ArchiveError::write(at)).and_then(|()| sync_parent(at))
}

fn sync_parent(at: &Path) -> Result<(), ArchiveError> {
    let folder = at.parent().unwrap_or(at);
    sync_folder(folder).map_err(ArchiveError::write(folder))
}

/// Removes what is beside; the marks that say what to do with it go last, and of them the one that something counts.
fn discard(beside: &Path) -> Result<(), ArchiveError> {
    for name in [STAGED, STAGED_OLD, ASIDE, KNOWN] {
        remove(&beside.join(name))?;
    }
    for name in [EMPTY, BUILDING, VERIFIED, MADE, LOCK] {
        let path = beside.join(name);
        remove_file(&path).map_err(ArchiveError::write(&path))?;
    }
    remove_folder(beside).map_err(ArchiveError::write(beside))
}

/// An environment that is written beside its place.
pub(super) struct Staged {
    beside: Beside,
    folder: PathBuf,
}

impl Staged {
    /// Makes the empty folder to write into.
    pub(super) fn new(at: &Path) -> Result<Self, ArchiveError> {
        let beside = Beside::new(at)?;
        match beside.folder(STAGED) {
            Ok(folder) => Ok(Self { beside, folder }),
            Err(error) => Err(beside.clean_up(error)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.folder
    }

    /// Removes what was written, because of the error.
    pub(super) fn drop_with(self, error: ArchiveError) -> ArchiveError {
        self.beside.clean_up(error)
    }

    /// Puts the new environment to its place and holds it against `check`; on an error the old one is put back. Gives what
    /// `check` gives, and where the old one is if it could not be removed.
    pub(super) fn exchange<T>(
        self,
        occupied: bool,
        watch: &mut ArchiveWatch<'_>,
        check: impl FnOnce(&Path) -> Result<T, ArchiveError>,
    ) -> Result<(T, Option<PathBuf>), ArchiveError> {
        let at = self.beside.at.clone();
        let shown = at.to_string_lossy();
        let progress = |step| ArchiveProgress { step, member: &shown, done: 0, total: 0 };
        let exchanged = report(watch, &progress(ArchiveStep::Exchange)).and_then(|()| {
            let done = if occupied { exchange(&self.folder, &at) } else { rename(&self.folder, &at) };
            done.map_err(ArchiveError::write(&at))
        });
        if let Err(error) = exchanged {
            return Err(self.drop_with(error));
        }
        // Nobody is asked any more whether to go on.
        let _ = watch(&progress(ArchiveStep::Clean));
        match sync_parent(&at).and_then(|()| check(&at)) {
            Ok(checked) => {
                let kept = discard(&self.beside.path).is_err().then_some(self.folder);
                Ok((checked, kept.filter(|_| occupied)))
            }
            Err(error) => Err(self.put_back(occupied, error)),
        }
    }

    fn put_back(self, occupied: bool, error: ArchiveError) -> ArchiveError {
        let at = &self.beside.at;
        let back = if occupied { exchange(&self.folder, at) } else { rename(at, &self.folder) };
        match back {
            Ok(()) => self.drop_with(error),
            Err(_) if occupied => ArchiveError::NotPutBack { kept: self.folder, source: Box::new(error) },
            Err(_) => error,
        }
    }
}

/// An old environment that is put aside.
pub(super) struct Aside {
    beside: Beside,
    occupied: bool,
}

impl Aside {
    /// Removes what is at the place and puts the old environment back, because of the error.
    pub(super) fn put_back(self, error: ArchiveError) -> ArchiveError {
        self.beside.clean_up(error)
    }

    /// Removes the old environment; gives where it is if it cannot be removed.
    pub(super) fn forget(self, watch: &mut ArchiveWatch<'_>) -> Result<Option<PathBuf>, ArchiveError> {
        let shown = self.beside.at.to_string_lossy().into_owned();
        if let Err(error) = self.beside.mark_verified() {
            return Err(self.put_back(error));
        }
        let _ = watch(&ArchiveProgress { step: ArchiveStep::Clean, member: &shown, done: 0, total: 0 });
        let kept = discard(&self.beside.path).is_err().then(|| self.beside.path.join(ASIDE));
        Ok(kept.filter(|_| self.occupied))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// What a run that was killed left: names at the place and beside it, folders with `/`.
    fn recovered(left: &[&str]) -> (RestoreRecovered, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("env");
        create_folder(&beside(&at).unwrap()).unwrap();
        sign(&beside(&at).unwrap()).unwrap();
        for name in left {
            let path = folder.path().join(name.replace("BESIDE", ".env.uvshift-restore"));
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent).unwrap();
            }
            if path.ends_with("OURS") {
                let lock = create_file(&path).unwrap();
                let beside = Beside { at: at.clone(), path: beside(&at).unwrap(), _lock: lock };
                beside.make_place().unwrap();
                remove_file(&path).unwrap();
            } else {
                create_file(&path).unwrap();
            }
        }
        let recovered = recover_restore(&at).unwrap();
        assert!(!beside(&at).unwrap().exists());
        let names = if at.exists() { names(&at) } else { Vec::new() };
        (recovered, names)
    }

    #[test]
    fn what_was_verified_is_not_undone_by_what_is_half_removed() {
        use RestoreRecovered::{Cleaned, PutBack};
        for (left, expected, names) in [
            (&["env/new", "BESIDE/verified", "BESIDE/aside/half"][..], Cleaned, &["new"][..]),
            (&["env/half", "BESIDE/aside/old", "BESIDE/OURS"], PutBack, &["old"]),
            (&["BESIDE/aside/old"], PutBack, &["old"]),
            (&["env/old", "BESIDE/known/x"], Cleaned, &["old"]),
            (&["env/half", "BESIDE/nothing-before", "BESIDE/OURS"], Cleaned, &[]),
            (&["env/new", "BESIDE/nothing-before", "BESIDE/verified"], Cleaned, &["new"]),
            (&["env/old", "BESIDE/staged/half"], Cleaned, &["old"]),
            (&["BESIDE/staged/new", "BESIDE/staged.old/old"], PutBack, &["old"]),
            (&["env/new", "BESIDE/staged.old/old"], Cleaned, &["new"]),
        ] {
            let (found, there) = recovered(left);
            assert_eq!(
                (found, there),
                (expected, names.iter().map(|name| (*name).to_owned()).collect()),
                "{left:?}"
            );
        }
    }

    #[test]
    #[cfg(unix)]
    fn what_somebody_made_after_a_killed_run_is_left_alone() {
        for mark in [EMPTY, ASIDE] {
            let folder = tempfile::tempdir().unwrap();
            let at = folder.path().join("env");
            let beside = Beside::new(&at).unwrap();
            beside.folder(mark).unwrap();
            beside.make_place().unwrap();
            rename(&at, &folder.path().join("moved")).unwrap();
            create_folder(&at).unwrap();
            create_file(&at.join("mine")).unwrap();
            let path = beside.path.clone();
            drop(beside);
            let result = recover_restore(&at);
            assert!(matches!(result, Err(ArchiveError::NotReplaced { .. })), "{result:?}");
            assert!(at.join("mine").exists() && path.join(mark).exists());
        }
    }

    #[test]
    fn a_folder_that_no_restore_made_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("env");
        let beside = beside(&at).unwrap();
        let refused = || {
            let result = recover_restore(&at);
            assert!(matches!(result, Err(ArchiveError::NotReplaced { .. })), "{result:?}");
        };
        create_folder(&beside).unwrap();
        create_file(&beside.join("thesis.txt")).unwrap();
        refused();
        assert_eq!(names(&beside), ["thesis.txt"]);
        sign(&beside).unwrap();
        refused();
        rename(&beside.join("thesis.txt"), &beside.join(STAGED)).unwrap();
        rename(&beside.join(MADE), &folder.path().join(MADE)).unwrap();
        refused();
        assert_eq!(names(&beside), [STAGED]);
        rename(&beside.join(STAGED), &beside.join(LOCK)).unwrap();
        assert_eq!(recover_restore(&at).unwrap(), RestoreRecovered::Cleaned);
        assert!(!beside.exists());
    }

    #[test]
    fn an_old_environment_between_two_steps_is_never_removed() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("env");
        create_folder(&at).unwrap();
        let beside = Beside::new(&at).unwrap();
        let old = beside.folder(STAGED_OLD).unwrap();
        let error = beside.clean_up(ArchiveError::Interrupted);
        let ArchiveError::NotPutBack { kept, .. } = error else { panic!("{error:?}") };
        assert!(kept == old && old.exists());
    }
}
