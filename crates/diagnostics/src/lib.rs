//! What uvshift has to say about somebody's files: a code, a place, what pip does, what uv does, and a fix.
//!
//! Libraries return [`Diagnostic`]s and never print. A code is stable and is the anchor of its entry in
//! `docs/diagnostics.md`.
//!
//! ```
//! use uvshift_diagnostics::{Code, Diagnostic, Span};
//!
//! const OPTION_AFTER_REQUIREMENT: Code = Code::new("R900", "option-after-requirement");
//!
//! let found = Diagnostic::warning(OPTION_AFTER_REQUIREMENT, "`--pre` after a requirement has no effect")
//!     .at(Span::new(6, 11))
//!     .in_file("requirements.txt", 3)
//!     .with_pip("ignores the option")
//!     .with_help("put `--pre` on a line of its own");
//! assert_eq!(
//!     found.to_string(),
//!     "requirements.txt:3: warning[R900]: `--pre` after a requirement has no effect"
//! );
//! ```

mod code;
mod diagnostic;
mod fix;
mod span;

pub use code::Code;
pub use diagnostic::{Diagnostic, Severity};
pub use fix::{Edit, Fix, Safety};
pub use span::Span;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
