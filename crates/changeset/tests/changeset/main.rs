//! The contracts of the crate, on real trees. They need modes, links and kills; what holds everywhere is in
//! `portable.rs`.
#![cfg(unix)]

mod diff_oracle;
mod hazards;
mod kill;
mod model;
mod properties;
mod support;
mod transaction;
