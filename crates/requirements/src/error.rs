//! What can go wrong outside of parsing, which itself never fails.

/// Why bytes could not be read as text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Bytes that the encoding does not have.
    #[error("byte {offset} cannot be decoded as {encoding}")]
    Malformed {
        /// The encoding that was tried.
        encoding: String,
        /// Offset of the first such byte in the file.
        offset: usize,
        /// Whether the file names the encoding itself.
        declared: bool,
    },
    /// A `coding:` comment with an unknown name.
    #[error("unknown encoding `{encoding}`")]
    UnknownEncoding {
        /// The name in the comment.
        encoding: String,
    },
}

impl DecodeError {
    /// What the user can do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Malformed { declared: false, .. } => Some(
                "save the file as UTF-8, or name its encoding in one of the first two lines, for example \
                 `# -*- coding: latin-1 -*-`",
            ),
            Self::Malformed { declared: true, .. } => {
                Some("save the file in the encoding that its first two lines or its byte order mark name")
            }
            Self::UnknownEncoding { .. } => {
                Some("name an encoding that Python knows, or save the file as UTF-8")
            }
        }
    }
}

/// Why a [`Loader`](crate::Loader) has no bytes for a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There is no such file.
    #[error("there is no such file")]
    NotFound,
    /// The path is not within what the loader may read.
    #[error("the path leads out of the project")]
    Outside,
    /// Anything else.
    #[error("the file cannot be read: {message}")]
    Unreadable {
        /// The words of the operating system.
        message: String,
    },
}
