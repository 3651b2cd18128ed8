//! Two snapshots compared: what an environment was, and what it is now.

mod model;

pub use model::{Compared, Comparison, Difference, DifferenceKind, Weight};

use crate::Snapshot;

/// How `after` differs from `before`. Files are looked at, nothing is run.
pub fn compare(before: &Snapshot, after: &Snapshot) -> Comparison {
    let _ = (before, after);
    Comparison::default()
}
