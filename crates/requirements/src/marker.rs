//! Environment markers by packaging's grammar, and where pip and `pep508_rs` read them differently.

mod evaluate;
mod grid;
mod literal;
mod scan;
mod semantics;
mod tree;

pub use evaluate::EvaluationError;
pub use scan::{MarkerOperator, MarkerVariable};
pub use semantics::{MarkerConcern, MarkerConcernKind};
pub use tree::{Marker, MarkerError, Operand};

pub(crate) use scan::scan;
pub(crate) use semantics::{Judge, concerns, tree};
