//! The command as a user meets it: whole outputs, exit status, and the project afterwards.
#![cfg(unix)]

mod output;
mod restored;
mod schema;
mod support;
