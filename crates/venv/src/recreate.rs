//! Making an environment with uv that has exactly what a snapshot has.

mod error;
mod model;

use uvshift_process::Runner;

pub use error::RecreateError;
pub use model::{
    Allowances, Cause, Made, Offer, Progress, PythonChoice, Recreate, Recreated, Refusal, Selection, Step,
    Uv, Way,
};

/// Makes an environment that has exactly the distributions of a snapshot, with `uv venv` and `uv pip install --no-deps`.
pub fn recreate(
    asked: &Recreate<'_>,
    runner: &dyn Runner,
    progress: &mut Progress<'_>,
) -> Result<Recreated, RecreateError> {
    let _ = (asked, runner, progress);
    todo!()
}
