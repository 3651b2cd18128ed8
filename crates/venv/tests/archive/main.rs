//! Archives of environments: real ones there and back, hostile ones refused, and runs that are killed.

// Windows makes links only for the privileged.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "tests make, change and tamper with their own files")]

mod forged;
mod killed;
mod secret;
mod support;
mod tampered;
mod there_and_back;
mod trouble;
#[path = "../world/mod.rs"]
mod world;
