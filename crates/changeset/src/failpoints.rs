//! Steps that tests count, fail and kill at.
//!
//! Every change to the file system goes through `around` or `around_write`. Without the feature `failpoints`
//! both do nothing but run what they are given, so that a build without it has no hook to reach.

#[cfg(feature = "failpoints")]
mod hook;

#[cfg(feature = "failpoints")]
pub use hook::{Fault, Step, freeze_from, kill_at, record, with_hook};

#[cfg(feature = "failpoints")]
pub(crate) use hook::{around, around_write};

use std::fmt;

/// What a step does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// Make a folder.
    CreateFolder,
    /// Make a file and write its content.
    Write,
    /// Give another name, replacing what has that name.
    Rename,
    /// Remove a file or link.
    RemoveFile,
    /// Remove an empty folder.
    RemoveFolder,
    /// Make a symbolic link.
    Symlink,
    /// Set permission bits.
    SetMode,
    /// Set the owner.
    SetOwner,
    /// Flush a file to the disk. Several flushes in a row are one: all of them are announced before the first is done.
    SyncFile,
    /// Flush a folder's names to the disk.
    SyncFolder,
    /// Open or make the lock file.
    Lock,
    /// Something that the caller does between our steps, such as running a tool.
    Outside,
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

/// Marks a step of the caller, for kill tests that cover it too. Does nothing without the feature `failpoints`.
#[cfg_attr(
    not(feature = "failpoints"),
    inline(always),
    expect(clippy::inline_always, reason = "it is empty")
)]
pub fn failpoint(name: &str) {
    #[cfg(feature = "failpoints")]
    // The caller's step has nothing to fail; a kill does not come back.
    let _ = around(Operation::Outside, std::path::Path::new(name), || Ok(()));
    #[cfg(not(feature = "failpoints"))]
    let _ = name;
}

#[cfg(not(feature = "failpoints"))]
pub(crate) fn around<T>(
    _operation: Operation,
    _path: &std::path::Path,
    run: impl FnOnce() -> std::io::Result<T>,
) -> std::io::Result<T> {
    run()
}

#[cfg(not(feature = "failpoints"))]
pub(crate) fn around_write<T>(
    _path: &std::path::Path,
    bytes: &[u8],
    run: impl FnOnce(&[u8]) -> std::io::Result<T>,
) -> std::io::Result<T> {
    run(bytes)
}
