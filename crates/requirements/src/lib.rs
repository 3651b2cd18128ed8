//! Lossless parser for pip requirements and constraints files, with pip 26.3 as the reference.
//!
//! [`parse`] never fails and does no I/O. It gives a [`Document`] that prints its input byte for byte, and whose
//! lines say what pip makes of them: a [`Requirement`] with its source text, an [`Include`], options for the whole
//! run, or an [`Invalid`] line. [`Diagnostic`](uvshift_diagnostics::Diagnostic)s tell where pip and uv disagree.
//!
//! ```
//! use uvshift_requirements::{LineKind, Target, parse};
//!
//! let text = "-c constraints.txt\nDjango[argon2] >=4.2,<5 ; python_version>='3.8'  # web\n";
//! let document = parse(text);
//! assert_eq!(document.to_string(), text);
//!
//! let LineKind::Requirement(django) = document.lines()[1].kind() else { panic!() };
//! assert_eq!(django.normalized_name().as_deref(), Some("django"));
//! assert_eq!(django.extras().collect::<Vec<_>>(), ["argon2"]);
//! assert_eq!(django.specifier(), ">=4.2,<5");
//! assert_eq!(django.marker(), Some("python_version>='3.8'"));
//! assert_eq!(django.target(), Target::Index);
//! ```
//!
//! [`decode`] turns bytes into text as pip does, and [`resolve`] follows `-r` and `-c` over a [`Loader`].

mod classify;
pub mod codes;
mod decode;
mod diagnose;
mod document;
mod error;
mod lines;
mod marker;
pub mod meaning;
mod option;
mod parse;
mod pep508;
mod redact;
mod requirement;
mod resolve;
mod shell;
mod text;
mod url;
mod variables;
mod version;

pub use decode::{Decoded, Encoding, decode};
pub use document::{Document, GlobalOption, Include, IncludeKind, Invalid, InvalidReason, Line, LineKind};
pub use error::{DecodeError, LoadError};
pub use marker::{
    EvaluationError, Marker, MarkerConcern, MarkerConcernKind, MarkerError, MarkerOperator, MarkerVariable,
    Operand,
};
pub use parse::parse;
pub use redact::redacted;
pub use requirement::{Hash, HashAlgorithm, Hashes, Requirement, SpecifierError, Target, WheelName};
pub use resolve::{
    Edge, EdgeTarget, File, IncludeTarget, Loader, Options, Resolved, Role, VariablePolicy, include_target,
    resolve,
};
pub use text::normalize_name;
pub use url::{Credentials, Vcs, VcsUrl, split_credentials};
pub use variables::{Variable, variables};
pub use version::{Operator, Specifier};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
