//! What becomes of each setting.

use std::fmt;

use crate::model::Place;

/// What became of one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in pyproject.toml and means the same.
    Carried,
    /// It stands in pyproject.toml in another way; the text says how and why.
    Changed(String),
    /// It is not needed or has no counterpart; the text says why nothing is lost by that.
    Dropped(String),
    /// The tool did not see it before, since another file won; the text says which.
    Dead(String),
    /// It stays where it is; the text says why.
    Kept(String),
}

impl Outcome {
    /// The word that reports use.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Carried => "carried",
            Self::Changed(_) => "changed",
            Self::Dropped(_) => "dropped",
            Self::Dead(_) => "dead",
            Self::Kept(_) => "kept",
        }
    }

    /// How or why, where there is something to say.
    pub fn why(&self) -> Option<&str> {
        match self {
            Self::Carried => None,
            Self::Changed(why) | Self::Dropped(why) | Self::Dead(why) | Self::Kept(why) => Some(why),
        }
    }
}

/// One setting, from its old place to its new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The tool, such as `mypy`.
    pub tool: String,
    /// Where it stood.
    pub from: Place,
    /// The setting as it was written, on one line: `max-line-length = 99`.
    pub setting: String,
    /// Where it stands now: `tool.ruff.line-length`.
    pub to: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
}

impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:<7}  {}  {}", self.outcome.word(), self.from, self.setting)?;
        if let Some(to) = &self.to {
            write!(formatter, "  -> {to}")?;
        }
        if let Some(why) = self.outcome.why() {
            write!(formatter, "  ({why})")?;
        }
        Ok(())
    }
}

/// A tool's settings as a table, with what became of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Converted {
    /// The table below `tool.NAME`.
    pub table: crate::model::Table,
    /// What became of each setting.
    pub rows: Vec<Row>,
    /// What there is to say; an error stands in the way of the whole.
    pub diagnostics: Vec<uvshift_diagnostics::Diagnostic>,
}
