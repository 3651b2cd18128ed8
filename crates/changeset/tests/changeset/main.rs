//! The contracts of the crate, on real trees. They need modes, links and kills; what holds everywhere is in
//! `portable.rs`.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a helper that cannot go on ends the test")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "children report, and what is skipped is said"
)]
#![expect(clippy::disallowed_methods, reason = "tests make and change trees, and run themselves")]

mod damaged;
mod diff_oracle;
mod hazards;
mod kill;
mod model;
mod properties;
mod support;
mod transaction;
