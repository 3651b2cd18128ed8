//! Requirements under pip and under uv: the real tools on a local index, and what the reports make of it.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests write their own folders and stop when they cannot go on"
)]

mod fake;
mod real;
mod reports;
mod world;
