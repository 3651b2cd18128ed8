//! Why nothing could be measured at all.

use std::io;
use std::path::PathBuf;

use uvshift_process::ProcessError;

/// Why nothing could be measured at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// There is nothing to measure.
    #[error("there is nothing to measure: {what}")]
    Nothing {
        /// What is missing.
        what: &'static str,
    },
    /// The private folder holds something already.
    #[error("the work folder `{}` is not empty", folder.display())]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
    },
    /// The private folder cannot be used.
    #[error("cannot use `{}`", path.display())]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Python or uv does not run.
    #[error("cannot ask {tool} for its version")]
    Tool {
        /// `Python` or `uv`
        tool: &'static str,
        /// What came of it.
        source: ProcessError,
    },
    /// Python or uv gave an answer that is not understood.
    #[error("{tool} gave an answer that is not understood: `{answer}`")]
    Answer {
        /// `Python` or `uv`
        tool: &'static str,
        /// The beginning of the answer.
        answer: String,
    },
}

impl RunError {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Nothing { .. } => Some("name at least one scenario, operation and contender"),
            Self::NotEmpty { .. } => Some("name an empty folder, or one that does not exist yet"),
            Self::Folder { .. } => Some("check that the folder can be written and has room"),
            Self::Tool { source, .. } => source.hint(),
            Self::Answer { .. } => Some("check that it is a Python 3.8 or newer, or uv"),
        }
    }
}
