//! The contracts of the crate, on real trees.

mod diff_oracle;
mod hazards;
mod kill;
mod model;
mod properties;
mod support;
mod transaction;
