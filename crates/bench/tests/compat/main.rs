//! Requirements under pip and under uv: the real tools on a local index, and what the reports make of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the tests write their own folders and start a browser")]
#![expect(clippy::print_stdout, reason = "a test that has to be skipped says so")]

mod fake;
mod real;
mod reports;
mod world;
