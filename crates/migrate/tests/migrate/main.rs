//! Whole migrations: project trees in, project trees out, with the real uv and a package index that is made here.
#![expect(clippy::expect_used, reason = "a helper that cannot go on ends the test")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "children report, and what is skipped is said"
)]

mod deps_fix;
mod deps_kill;
mod deps_properties;
mod fixtures;
mod index;
mod kill;
mod own_extras;
mod silence;
mod support;
