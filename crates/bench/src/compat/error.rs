//! Why a check could not be made at all.

use std::io;
use std::path::PathBuf;

use uvshift_process::ProcessError;

/// Why a check could not be made. A requirement that fails is not an error: it is in the result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompatError {
    /// There is nothing to check.
    #[error("there are no requirements to check")]
    Nothing,
    /// A tool could not be asked who it is.
    #[error("cannot ask {tool} for its version")]
    Tool {
        /// `Python`, `pip` or `uv`
        tool: &'static str,
        /// What went wrong.
        source: ProcessError,
    },
    /// A tool did not say who it is.
    #[error("{tool} does not tell its version: `{said}`")]
    Version {
        /// `Python`, `pip` or `uv`
        tool: &'static str,
        /// What it said instead, shortened.
        said: String,
    },
    /// The Python has no pip.
    #[error("`{}` has no pip", python.display())]
    NoPip {
        /// The interpreter.
        python: PathBuf,
    },
    /// Before 22.2, pip could not report what it would install.
    #[error("pip {version} cannot report what it would install")]
    OldPip {
        /// Its version.
        version: String,
    },
    /// The state folder or a file in it cannot be used.
    #[error("cannot {action} `{}`", path.display())]
    State {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A constraints file cannot be read.
    #[error("cannot read the constraints `{}`", path.display())]
    Constraints {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl CompatError {
    /// What a person can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Nothing => Some("name a file of requirements or a project that has some"),
            Self::NoPip { .. } | Self::Tool { tool: "pip", .. } => {
                Some("give a Python that has pip, or install pip into it with `python -m ensurepip`")
            }
            Self::Tool { tool: "uv", .. } => Some("install uv, or pass `--uv <PATH>`"),
            Self::Tool { .. } | Self::Version { .. } => Some("give the path of a working Python interpreter"),
            Self::OldPip { .. } => Some("use a Python whose pip is 22.2 or newer"),
            Self::State { .. } => Some("give a state folder that can be written"),
            Self::Constraints { .. } => Some("check the path of the constraints file"),
        }
    }
}
