//! What a journal says about a run, as it lies on the disk.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::disk::{self, Flush, NewMode};
use crate::error::Error;
use crate::observe::{self, Observed, Stamp};
use crate::path::TreePath;

const VERSION: u64 = 1;
const NAME: &str = "manifest.json";

/// How far a run got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum JournalState {
    /// It was changing the tree; recovery undoes it.
    Applying,
    /// It is done; rollback undoes it.
    Committed,
    /// It was being undone; recovery finishes that.
    RollingBack,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) id: String,
    pub(crate) state: JournalState,
    /// What the caller wants to find again.
    pub(crate) label: serde_json::Value,
    /// Folders that the run makes, outermost first.
    pub(crate) folders: Vec<TreePath>,
    pub(crate) entries: Vec<Entry>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) path: TreePath,
    /// An external tool writes it, so that its content while the run goes on is anybody's guess.
    pub(crate) external: bool,
    pub(crate) before: Stamp,
    /// What the run itself put there, in order.
    pub(crate) written: Vec<Stamp>,
    /// What was there at the commit.
    pub(crate) after: Option<Stamp>,
}

/// The file: the manifest's text and its checksum, so that a damaged one is never half believed.
#[derive(Serialize, Deserialize)]
struct Envelope {
    version: u64,
    sha256: String,
    manifest: Box<RawValue>,
}

/// Only the version, which must be readable whatever a later version does to the rest.
#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

impl Manifest {
    /// Reads and checks the manifest of the journal `id` in `folder`.
    pub(crate) fn read(folder: &Path, id: &str) -> Result<Self, Error> {
        let corrupt = |problem: String| Error::Corrupt { folder: folder.to_path_buf(), problem };
        let folder_kind = fs::symlink_metadata(folder).map_err(Error::io("look at", folder))?;
        if !folder_kind.is_dir() {
            return Err(corrupt("it is not a folder".to_owned()));
        }
        let bytes = match observe::observe_at(&folder.join(NAME))? {
            Observed::File { bytes, .. } => bytes,
            Observed::Absent => return Err(corrupt(format!("`{NAME}` is missing"))),
            _ => return Err(corrupt(format!("`{NAME}` is not a file"))),
        };
        let unreadable = |error: serde_json::Error| corrupt(format!("`{NAME}` cannot be read: {error}"));
        let found = serde_json::from_slice::<Versioned>(&bytes).map_err(unreadable)?.version;
        if found != VERSION {
            return Err(Error::Version { folder: folder.to_path_buf(), found });
        }
        let envelope: Envelope = serde_json::from_slice(&bytes).map_err(unreadable)?;
        if observe::digest(envelope.manifest.get().as_bytes()) != envelope.sha256 {
            return Err(corrupt(format!("the checksum of `{NAME}` is wrong")));
        }
        let manifest: Self = serde_json::from_str(envelope.manifest.get()).map_err(unreadable)?;
        manifest.check(id).map_err(corrupt)?;
        Ok(manifest)
    }

    /// A checksum proves that nothing was damaged, not that we wrote it: a repository may ship a journal of its own.
    /// What it names must be what this crate would name; paths were checked when they were read.
    fn check(&self, id: &str) -> Result<(), String> {
        if self.id != id {
            return Err(format!("it is the journal `{}` under another name", self.id));
        }
        let mut seen = BTreeSet::new();
        for entry in &self.entries {
            if !seen.insert(&entry.path) {
                return Err(format!("it names `{}` twice", entry.path));
            }
            let stamps = entry.written.iter().chain(&entry.after).chain([&entry.before]);
            for stamp in stamps {
                if let Stamp::File { mode, .. } = stamp
                    && *mode > 0o777
                {
                    return Err(format!("it gives `{}` the special mode {mode:o}", entry.path));
                }
            }
        }
        Ok(())
    }

    fn to_bytes(&self, folder: &Path) -> Result<Vec<u8>, Error> {
        let failed = |error: serde_json::Error| Error::io("write", folder.join(NAME))(error.into());
        let text = serde_json::to_string(self).map_err(failed)?;
        let sha256 = observe::digest(text.as_bytes());
        let envelope =
            Envelope { version: VERSION, sha256, manifest: RawValue::from_string(text).map_err(failed)? };
        let mut bytes = serde_json::to_vec(&envelope).map_err(failed)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Writes the manifest of a journal that does not count yet.
    pub(crate) fn write_first(&self, folder: &Path) -> Result<Flush, Error> {
        disk::write_new(&folder.join(NAME), &self.to_bytes(folder)?, NewMode::Private)
    }

    /// Replaces the manifest in one go. Its text and `also` are on the disk before that; that it counts is certain
    /// only once `folder` is flushed.
    pub(crate) fn replace(&self, folder: &Path, mut also: Vec<Flush>) -> Result<(), Error> {
        let temporary = folder.join(format!("{NAME}.new"));
        if fs::symlink_metadata(&temporary).is_ok() {
            disk::remove_file(&temporary)?;
        }
        also.push(disk::write_new(&temporary, &self.to_bytes(folder)?, NewMode::Private)?);
        disk::flush(also)?;
        disk::rename(&temporary, &folder.join(NAME))
    }

    pub(crate) fn position(&self, path: &str) -> Result<usize, Error> {
        self.entries
            .iter()
            .position(|entry| entry.path.as_str() == path)
            .ok_or_else(|| Error::NotInTransaction { path: path.to_owned() })
    }

    pub(crate) fn paths(&self) -> Vec<TreePath> {
        self.entries.iter().map(|entry| entry.path.clone()).collect()
    }
}

impl Entry {
    /// What the run last put there, or found there.
    pub(crate) fn latest(&self) -> &Stamp {
        self.written.last().unwrap_or(&self.before)
    }
}

/// Where the old content of the entry `index` lies. The name is not read from the manifest, so that a manifest
/// cannot name a file elsewhere.
pub(crate) fn original(folder: &Path, index: usize) -> PathBuf {
    folder.join(format!("original-{index}"))
}

/// Where the new content of the entry `index` waits for its turn.
pub(crate) fn staged(folder: &Path, index: usize) -> PathBuf {
    folder.join(format!("staged-{index}"))
}

/// Reads the old content of the entry `index`, or the text of its link, and checks it against its stamp.
pub(crate) fn read_original(folder: &Path, index: usize, stamp: &Stamp) -> Result<Vec<u8>, Error> {
    let problem = match (observe::observe_at(&original(folder, index))?, stamp) {
        (Observed::Absent, _) => "is missing",
        (found, _) if !found.has_content_of(stamp) => "is not what was stored",
        (Observed::File { bytes, .. }, _) => return Ok(bytes),
        (_, Stamp::Link { target }) => return Ok(target.clone().into_bytes()),
        _ => "is not a file",
    };
    Err(Error::Corrupt { folder: folder.to_path_buf(), problem: format!("`original-{index}` {problem}") })
}
