//! Exchanging an environment for one that uv made, at the same place.

mod error;
mod model;

use std::path::Path;

use uvshift_process::Runner;

pub use error::MigrateError;
pub use model::{LocalFiles, Migrate, Migrated, OldEnvironment, Plan, Recovered, Sizes};

use crate::Progress;

/// What [`migrate`] would do. Reads files and runs nothing.
pub fn plan(asked: &Migrate<'_>) -> Result<Plan, MigrateError> {
    let _ = asked;
    todo!()
}

/// Makes the environment anew at its place.
pub fn migrate(
    asked: &Migrate<'_>,
    runner: &dyn Runner,
    progress: &mut Progress<'_>,
) -> Result<Migrated, MigrateError> {
    let _ = (asked, runner, progress);
    todo!()
}

/// Puts right what a run left that was killed: the old environment is put back, or the new one is finished.
pub fn recover(path: &Path) -> Result<Recovered, MigrateError> {
    let _ = path;
    todo!()
}
