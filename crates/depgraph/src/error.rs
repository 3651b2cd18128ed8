//! What can go wrong as a whole; what is wrong with one file is a diagnostic.

use std::path::PathBuf;

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Read { .. } => None,
            Self::Pattern { .. } => Some("patterns are those of .gitignore, such as `legacy/` or `*_pb2.py`"),
            Self::Setting { .. } | Self::UnknownSetting { .. } => {
                Some("the settings are exclude, development, ignore, per-rule-ignores and modules")
            }
            Self::UnknownRule { .. } => Some(
                "the rules are unused, missing, transitive, misplaced, declared-twice, conflicting, unpinned, legacy, \
                 system-libraries and overlapping",
            ),
        }
    }
}

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
    /// A setting has another type.
    #[error("`tool.uvshift.{key}` in pyproject.toml must be {expected}")]
    Setting {
        /// The key below `tool.uvshift`.
        key: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A setting that is none.
    #[error("`tool.uvshift.deps` has no setting `{key}`")]
    UnknownSetting {
        /// The key.
        key: String,
    },
    /// A rule that is none.
    #[error("`{name}` in `tool.uvshift.deps.{key}` is no rule")]
    UnknownRule {
        /// The key of the setting.
        key: String,
        /// The name as written.
        name: String,
    },
}
