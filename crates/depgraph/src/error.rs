//! What can go wrong as a whole; what is wrong with one file is a diagnostic.

use std::path::PathBuf;

/// Why a project could not be looked at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A pattern of what to leave out is none.
    #[error("`{pattern}` is not a pattern of files")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// Why.
        source: ignore::Error,
    },
}
