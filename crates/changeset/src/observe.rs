//! What is on the disk, and how it compares with what should be.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::disk::{self, Owner};
use crate::error::{DifferenceKind, Error};
use crate::path::TreePath;

/// What is at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Observed {
    Absent,
    File {
        bytes: Vec<u8>,
        mode: u32,
        owner: Option<Owner>,
    },
    Link(PathBuf),
    Folder,
    /// A device, a pipe or a socket.
    Special,
}

/// What was or should be at a path, small enough to keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Stamp {
    Absent,
    File { size: u64, sha256: String, mode: u32, owner: Option<Owner> },
    Link { target: String },
}

/// Looks at `path`, which must be reachable without passing through a link.
pub(crate) fn observe(root: &Path, path: &TreePath) -> Result<Observed, Error> {
    for parent in path.ancestors() {
        let place = parent.under(root);
        let metadata = match fs::symlink_metadata(&place) {
            Ok(metadata) => metadata,
            Err(error) if is_missing(&error) => return Ok(Observed::Absent),
            Err(error) => return Err(Error::io("look at", place)(error)),
        };
        if metadata.is_symlink() {
            let target = fs::read_link(&place).map_err(Error::io("read the link", place))?;
            return Err(Error::SymlinkedParent { path: path.clone(), link: parent, target });
        }
        if !metadata.is_dir() {
            return Err(Error::NotAFolder { path: path.clone(), parent });
        }
    }
    observe_at(&path.under(root))
}

/// Looks at `place` itself, never at what a link there leads to.
pub(crate) fn observe_at(place: &Path) -> Result<Observed, Error> {
    let metadata = match fs::symlink_metadata(place) {
        Ok(metadata) => metadata,
        Err(error) if is_missing(&error) => return Ok(Observed::Absent),
        Err(error) => return Err(Error::io("look at", place)(error)),
    };
    if metadata.is_symlink() {
        Ok(Observed::Link(fs::read_link(place).map_err(Error::io("read the link", place))?))
    } else if metadata.is_dir() {
        Ok(Observed::Folder)
    } else if metadata.is_file() {
        let bytes = fs::read(place).map_err(Error::io("read", place))?;
        Ok(Observed::File { bytes, mode: disk::mode_of(&metadata), owner: disk::owner_of(&metadata) })
    } else {
        Ok(Observed::Special)
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

impl Observed {
    /// What to keep of it.
    pub(crate) fn stamp(&self, path: &TreePath) -> Result<Stamp, Error> {
        match self {
            Self::Absent => Ok(Stamp::Absent),
            Self::File { bytes, mode, owner } => Ok(Stamp::file(bytes, *mode, *owner)),
            Self::Link(target) => match target.to_str() {
                Some(target) => Ok(Stamp::Link { target: target.to_owned() }),
                None => Err(Error::Symlink { path: path.clone(), target: target.clone() }),
            },
            Self::Folder | Self::Special => Err(self.not_a_file(path)),
        }
    }

    pub(crate) fn not_a_file(&self, path: &TreePath) -> Error {
        let found = match self {
            Self::Absent => "missing",
            Self::File { .. } => "a file",
            Self::Link(target) => return Error::Symlink { path: path.clone(), target: target.clone() },
            Self::Folder => "a folder",
            Self::Special => "a special file",
        };
        Error::NotAFile { path: path.clone(), found }
    }

    /// In what it differs from `stamp`. The owner is not compared: only root could restore it.
    pub(crate) fn difference(&self, stamp: &Stamp) -> Option<DifferenceKind> {
        match (self, stamp) {
            (Self::Absent, Stamp::Absent) => None,
            (Self::Absent, _) => Some(DifferenceKind::Missing),
            (_, Stamp::Absent) => Some(DifferenceKind::Exists),
            (Self::File { bytes, mode, .. }, Stamp::File { size, sha256, mode: expected, .. }) => {
                if u64::try_from(bytes.len()) != Ok(*size) || digest(bytes) != *sha256 {
                    Some(DifferenceKind::Content)
                } else {
                    (mode != expected).then_some(DifferenceKind::Mode)
                }
            }
            (Self::Link(found), Stamp::Link { target }) => {
                (found.to_str() != Some(target.as_str())).then_some(DifferenceKind::Content)
            }
            _ => Some(DifferenceKind::Kind),
        }
    }

    /// Whether it holds what `stamp` says, whatever its mode.
    pub(crate) fn has_content_of(&self, stamp: &Stamp) -> bool {
        matches!(self.difference(stamp), None | Some(DifferenceKind::Mode))
    }
}

impl Stamp {
    pub(crate) fn file(bytes: &[u8], mode: u32, owner: Option<Owner>) -> Self {
        Self::File { size: bytes.len() as u64, sha256: digest(bytes), mode, owner }
    }
}

/// SHA-256 in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
