//! Why a command could not be run to its end.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::output::Status;

/// Why a command gave no usable result. Commands and messages in it are redacted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProcessError {
    /// There is no such program.
    #[error("cannot find the program `{program}`")]
    NotFound {
        /// The name or path that was asked for.
        program: String,
    },
    /// The folder to run in is missing or not a folder.
    #[error("cannot run `{command}`: `{}` is not a folder", folder.display())]
    Folder {
        /// The folder that was asked for.
        folder: PathBuf,
        /// The command line.
        command: String,
    },
    /// The system refused to start the program.
    #[error("cannot start `{command}`")]
    Spawn {
        /// The command line.
        command: String,
        /// What the system said.
        source: io::Error,
    },
    /// The system lost the running command.
    #[error("cannot wait for `{command}`")]
    Wait {
        /// The command line.
        command: String,
        /// What the system said.
        source: io::Error,
    },
    /// The command ran into its time limit and was ended with everything it had started.
    #[error("`{command}` was still running after {} s and was ended", after.as_secs_f32())]
    TimedOut {
        /// The command line.
        command: String,
        /// The time limit.
        after: Duration,
        /// The last lines of standard error.
        stderr: String,
    },
    /// The caller asked to stop, and the command was ended with everything it had started.
    #[error("`{command}` was interrupted")]
    Interrupted {
        /// The command line.
        command: String,
    },
    /// The command ended, but not with exit status 0.
    #[error("`{command}` failed ({status})")]
    Failed {
        /// The command line.
        command: String,
        /// How it ended.
        status: Status,
        /// The last lines of standard error.
        stderr: String,
    },
}

impl ProcessError {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotFound { .. } => Some("install the program, or give its full path"),
            Self::Folder { .. } => Some("check that the folder exists and can be entered"),
            Self::Spawn { .. } => Some("check that the file is executable and made for this system"),
            Self::TimedOut { .. } => {
                Some("check the network and the index, then try again, or allow the command more time")
            }
            Self::Failed { .. } => Some("run the command by hand to see all that it says"),
            Self::Wait { .. } | Self::Interrupted { .. } => None,
        }
    }

    /// The last lines that the command wrote to standard error, if it came that far.
    pub fn stderr(&self) -> Option<&str> {
        match self {
            Self::TimedOut { stderr, .. } | Self::Failed { stderr, .. } if !stderr.is_empty() => Some(stderr),
            _ => None,
        }
    }
}
