//! Exchanging an environment for one that uv made, at the same place.
//!
//! Programs and activation scripts of an environment hold its path, so the new one has to be made where the old one is. First it is
//! made somewhere else, to see that all goes well and to have everything in uv's cache; the old one is at its place meanwhile.
//! Then the old one is moved aside, in one step, and the new one is made at the place, compared, and counts from then on. Whatever goes
//! wrong before, the old one is moved back. A journal beside the environment says how far it is, so that [`recover`] can do the same
//! after a run that was killed.

mod error;
mod exchange;
mod keep;
mod model;
mod modules;
mod place;
mod planning;
mod state;

use std::path::Path;

use uvshift_process::Runner;

pub use error::MigrateError;
pub use model::{LocalFiles, Migrate, Migrated, OldEnvironment, Plan, Recovered, Sizes};

use crate::Progress;
use state::{Phase, State};

/// What [`migrate`] would do. Reads files and runs nothing.
pub fn plan(asked: &Migrate<'_>) -> Result<Plan, MigrateError> {
    planning::plan(asked, &place::of(asked.path)?)
}

/// Makes the environment anew at its place. On an error the old one is there as it was, unless the error says where it is.
///
/// What a run that was killed has left is put right first, as [`recover`] does.
pub fn migrate(
    asked: &Migrate<'_>,
    runner: &dyn Runner,
    progress: &mut Progress<'_>,
) -> Result<Migrated, MigrateError> {
    let place = place::of(asked.path)?;
    let state = State::beside(&place);
    if !state.is_there() {
        // Says what is wrong with the environment before anything is made beside it.
        place::snapshot(&place)?;
    }
    let lock = state.lock()?;
    let result = put_right(&state).and_then(|_| exchange::run(asked, &state, runner, progress));
    state.close(lock);
    result.map(|mut done| {
        // What could not be removed at first may be gone now.
        done.kept = done.kept.filter(|path| path.symlink_metadata().is_ok());
        done
    })
}

/// Puts right what a run left that was killed: the old environment is put back, or the new one is finished.
///
/// [`MigrateError::Busy`] where a run, or uv that a killed run has started, still works.
pub fn recover(path: &Path) -> Result<Recovered, MigrateError> {
    let place = place::of(path)?;
    let state = State::beside(&place);
    if !state.is_there() {
        return Ok(Recovered::Nothing);
    }
    let lock = state.lock()?;
    let result = put_right(&state);
    state.close(lock);
    result
}

fn put_right(state: &State) -> Result<Recovered, MigrateError> {
    let Some(journal) = state.journal()? else { return Ok(Recovered::Untouched) };
    let was_aside = state.old().symlink_metadata().is_ok();
    let is_there = state.place.symlink_metadata().is_ok();
    // Somebody may have removed the new environment since; then the old one is better than none.
    if journal.phase == Phase::Verified && (is_there || !was_aside) {
        state.finish(&journal)?;
        return Ok(Recovered::Finished);
    }
    state.put_back(&journal.id)?;
    Ok(if was_aside { Recovered::PutBack } else { Recovered::Untouched })
}
