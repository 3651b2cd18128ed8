//! A run as a file: JSON that is ours, and that tools for files of hyperfine read as well.
//!
//! Everything of a run is below our own keys, without loss. `results` is a view of it in the form of hyperfine 1.20, made
//! anew with each writing and never read back. A plain file of hyperfine is read, too: each command becomes a scenario.

mod hyperfine;
mod read;
mod wire;
mod write;

pub use read::from_json;
pub use write::to_json;

/// The version of the form of the file.
pub const VERSION: u64 = 1;

/// What `kind` says in a file of ours.
pub const KIND: &str = "uvshift-bench";

/// Why a file cannot be read as a run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// It is no JSON.
    #[error("line {line}, column {column}: this is no JSON")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// Why.
        source: serde_json::Error,
    },
    /// It is JSON of something else.
    #[error("this is neither a run of uvshift nor a file of hyperfine: it has neither `kind` nor `results`")]
    Unknown,
    /// It is a file of another kind.
    #[error("this is a file of the kind `{kind}`, not `uvshift-bench`")]
    Kind {
        /// What it says it is.
        kind: String,
    },
    /// It was written by a newer uvshift.
    #[error("this file has version {version}, and only version 1 is known here")]
    Version {
        /// The version it says it has.
        version: String,
    },
    /// A field is missing, or holds something else than it should.
    #[error("`{field}` {problem}")]
    Field {
        /// Where it is, such as `series[3].samples[0].wall`.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl FileError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Syntax { .. } => Some("the file may be cut off; a run writes it anew as a whole each time"),
            Self::Unknown | Self::Kind { .. } => {
                Some("give a file that `uvshift bench run --json` or `hyperfine --export-json` wrote")
            }
            Self::Version { .. } => Some("read it with the uvshift that wrote it, or a newer one"),
            Self::Field { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
