//! Sets of requirements to measure with, as data: those that come along, and those of a user's file.

mod read;

use std::path::PathBuf;

use crate::model::Operation;

pub use read::ScenarioError;

/// A set of requirements and what is measured with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioSpec {
    /// `small`, `medium`, `project`, ...; letters, digits, `-` and `_`.
    pub name: String,
    /// For people.
    pub description: String,
    /// What is measured with it.
    pub operations: Vec<Operation>,
    /// What is installed.
    pub requirements: Requirements,
    /// The pin that takes the place of the one of the same package for [`Operation::SyncAfterChange`], such as
    /// `click==8.1.7`. `None`: a neighbouring version of the first requirement is looked for.
    pub change: Option<String>,
    /// The Pythons it has versions for.
    pub python: PythonBounds,
}

/// Requirements, as texts or as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirements {
    /// Each a PEP 508 text.
    Texts(Vec<String>),
    /// A requirements file, which both tools read themselves.
    File(PathBuf),
}

/// Minor versions of Python 3: from this one on, and below that one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PythonBounds {
    /// The first minor version of Python 3 that it has versions for.
    pub from: Option<u32>,
    /// The first one that it no longer has versions for.
    pub below: Option<u32>,
}

impl PythonBounds {
    /// Whether they hold for Python 3.`minor`.
    pub fn contain(self, minor: u32) -> bool {
        self.from.is_none_or(|from| from <= minor) && self.below.is_none_or(|below| minor < below)
    }
}

impl ScenarioSpec {
    /// The requirements of a user's project, measured with every operation.
    pub fn of_project(requirements: Requirements) -> Self {
        Self {
            name: "project".to_owned(),
            description: "the requirements of this project".to_owned(),
            operations: Operation::ALL.to_vec(),
            requirements,
            change: None,
            python: PythonBounds::default(),
        }
    }

    /// The scenarios that come along.
    pub fn built_in() -> Result<Vec<Self>, ScenarioError> {
        Self::read(include_str!("../data/scenarios.toml"))
    }

    /// The scenarios of a TOML text. Errors tell the line.
    pub fn read(text: &str) -> Result<Vec<Self>, ScenarioError> {
        read::read(text)
    }
}

#[cfg(test)]
mod tests;
