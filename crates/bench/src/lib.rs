//! pip against uv, measured honestly.
//!
//! A [`Run`] holds everything that was measured and on what. Nothing here prints.

pub mod compare;
pub mod compat;
mod contenders;
pub mod file;
mod index_settings;
mod local_index;
mod machine;
mod model;
pub mod report;
mod run;
mod scenario;
pub mod statistics;
#[cfg(test)]
mod testing;
pub mod threshold;

pub use contenders::ContenderKind;
pub use index_settings::IndexSettings;
pub use local_index::{Counts, LocalIndex, LocalIndexError, LocalIndexOptions, Mode};
pub use model::{
    Contender, Machine, Operation, Run, Sample, Scenario, Series, Settings, Warning, WarningKind,
};
pub use run::{Observer, Plan, Progress, RunError, Tools, run};
pub use scenario::{PythonBounds, Requirements, ScenarioError, ScenarioSpec};
