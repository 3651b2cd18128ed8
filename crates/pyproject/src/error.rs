//! What can go wrong while reading or editing.

use thiserror::Error;

/// Why a document could not be read, or why an edit was not made. After an error the document is
/// exactly what it was before the call.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is not TOML.
    #[error("invalid TOML at line {line}, column {column}: {message}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// The parser's words.
        message: String,
    },
    /// A key that has to be a table is something else.
    #[error("`{key}` at line {line} is {found}, so nothing can be added to it as to a table")]
    NotATable {
        /// The dotted key.
        key: String,
        /// Line of its definition, from 1.
        line: usize,
        /// What it is instead, with its article.
        found: &'static str,
    },
    /// A key that has to be an array is something else.
    #[error("`{key}` at line {line} is not an array, so nothing can be added to it")]
    NotAnArray {
        /// The dotted key.
        key: String,
        /// Line of its definition, from 1.
        line: usize,
    },
    /// An index or a table with this name, but with another meaning, is there already.
    #[error("`{key}` at line {line} exists already and says something else")]
    Conflict {
        /// The dotted key.
        key: String,
        /// Line of its definition, from 1.
        line: usize,
    },
    /// The way the file is written leaves no place for the addition.
    #[error("`{key}` cannot be written into this file: {reason}")]
    Unsupported {
        /// The dotted key that should have been written.
        key: String,
        /// What stands in the way.
        reason: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Syntax { .. } => Some("correct the file at that place first"),
            Self::NotATable { .. } => Some("write it as a `[table]` and run again"),
            Self::NotAnArray { .. } => Some("write it as an array `[...]` and run again"),
            Self::Conflict { .. } => Some("keep one of the two by hand and run again"),
            Self::Unsupported { .. } => Some("write the table with its own `[header]` and run again"),
        }
    }
}
