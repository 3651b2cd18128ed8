//! Run external tools (uv, pip, git) with time limits, bounded memory and redacted output.
//!
//! A [`CommandSpec`] says what to run, a [`Runner`] runs it, an [`Output`] says what came of it. No shell is
//! involved, standard input is always empty, and a command that runs too long is ended together with
//! everything it started. Tests hand in a `Runner` of their own.
//!
//! ```
//! use std::time::Duration;
//! use uvshift_process::CommandSpec;
//!
//! let lock = CommandSpec::new("uv")
//!     .args(["lock", "--index", "https://alice:hunter2@index.example/simple"])
//!     .env_remove("PIP_*")
//!     .timeout(Duration::from_mins(2));
//! assert_eq!(lock.to_string(), "uv lock --index 'https://****@index.example/simple'");
//! ```

mod capture;
mod error;
mod find;
mod output;
mod quote;
mod real;
mod redact;
mod run;
mod spec;
pub use error::ProcessError;
pub use find::find_program;
pub use output::{Output, Status};
pub use real::real_path;
pub use run::{Measured, Measurer, Runner, Stream, SystemMeasurer, SystemRunner, launch};
pub use spec::CommandSpec;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
