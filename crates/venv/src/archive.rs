//! The archive of an environment: one `tar.zst`, its list of members first, checked member by member.
//!
//! An archive is not authenticated: whoever can change it can make its checksums anew. What they show is that it is whole. The
//! SHA-256 of the archive, noted elsewhere, is what shows that it is the same archive.

mod error;
mod hashing;
mod layout;
mod manifest;
mod name;
mod reader;
mod timestamp;
mod writer;

use std::ops::ControlFlow;

pub(crate) use crate::disk::{
    Metadata, create_file, create_folder, create_folders, create_link, exchange, identity, is_own,
    link_modified, metadata, mode_of, modified_of, open_lock, open_to_read, remove_file, remove_folder,
    remove_tree, rename, set_mode, set_modified, sync_folder, sync_system,
};
pub use error::{ArchiveError, ArchiveFault};
pub(crate) use hashing::{Hashing, sha256};
pub(crate) use layout::{
    CONFIGURATION, ENVIRONMENT, FREEZE, INSPECT, MANIFEST, PLATFORM, PYVENV, SNAPSHOT, TREE,
};
pub(crate) use manifest::{Manifest, Member, MemberKind, Texts};
pub(crate) use name::{check as check_name, shown};
pub use reader::{Limits, check_archive};
pub(crate) use reader::{Nowhere, Read, Sink, read};
pub(crate) use timestamp::{compact, rfc3339};
pub(crate) use writer::Writer;

/// How much an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArchiveKind {
    /// What the environment is: enough to build it again with uv.
    Light,
    /// That, and every file of it.
    Full,
}

/// What becomes of something that is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Existing {
    /// It stays, and nothing is done.
    #[default]
    Refuse,
    /// It is replaced in one go, once what replaces it is complete and verified.
    Replace,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ArchiveStep {
    /// Files of the environment are listed and hashed.
    Read,
    /// Members are written to the archive.
    Write,
    /// The archive is read and each member held against its checksum.
    Verify,
    /// Files are written to the folder that becomes the environment.
    Extract,
    /// uv builds the environment.
    Rebuild,
    /// What was restored is held against the archive.
    Check,
    /// The archive or the environment gets its name. From here on the new one is at its place.
    Exchange,
    /// What the new one replaced is removed.
    Clean,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArchiveProgress<'a> {
    /// What is being done.
    pub step: ArchiveStep,
    /// On what: the name of a member, or a path.
    pub member: &'a str,
    /// Bytes of content that this step has done.
    pub done: u64,
    /// Bytes of content that it will do; 0 where nobody knows.
    pub total: u64,
}

/// Is told how far it is, before each member and each mebibyte of a large one; `Break` stops, as if nothing had begun.
pub type ArchiveWatch<'a> = dyn FnMut(&ArchiveProgress<'_>) -> ControlFlow<()> + 'a;

/// Tells how far it is.
pub(crate) fn report(
    watch: &mut ArchiveWatch<'_>,
    progress: &ArchiveProgress<'_>,
) -> Result<(), ArchiveError> {
    match watch(progress) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ArchiveError::Interrupted),
    }
}
