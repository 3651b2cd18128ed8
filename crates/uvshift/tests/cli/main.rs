//! The command as a user meets it: whole outputs, exit status, and the project afterwards.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a helper that cannot go on ends the test")]

mod bench;
mod demo;
mod deps;
mod first;
mod generate;
mod graph;
mod inventory;
mod newcomer;
mod output;
mod restored;
mod rewrite;
mod schema;
mod support;
mod tools;
mod venv;
