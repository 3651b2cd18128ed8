//! Graphs of locks and environments: what they say, beside the tools that made them, and hostile ones.
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]

mod hostile;
mod locks;
mod model;
mod real;
