//! Ini files as Python reads them, lossless: setup.cfg, tox.ini and their kin.
//!
//! [`Document::parse`] never fails and does no I/O. It gives the sections, keys and values that Python's
//! `configparser` gives under a [`Dialect`], each with its line, beside every physical line of the text.
//! [`Diagnostic`](uvshift_diagnostics::Diagnostic)s tell what Python would refuse. Sections and keys are taken out
//! by span: every other byte stays.
//!
//! ```
//! use uvshift_ini::{Dialect, Document};
//!
//! let text = "[metadata]\nname = alpha\nurl = https://index.example/%%7Ealpha\n\n[flake8]\nmax-line-length = 99\n";
//! let document = Document::parse(text, &Dialect::SETUPTOOLS);
//! assert!(document.diagnostics().is_empty());
//!
//! let url = document.get("metadata", "url").ok_or("no url")?;
//! assert_eq!((url.value.as_deref(), url.line), (Some("https://index.example/%7Ealpha"), 3));
//! assert_eq!(document.remove_section("metadata").as_deref(), Some("[flake8]\nmax-line-length = 99\n"));
//! # Ok::<(), &str>(())
//! ```

mod dialect;
mod document;

mod interpolate;
mod scan;
mod space;

mod edit;

pub mod codes;

pub use dialect::{Dialect, Interpolation};
pub use document::{Document, Key, Line, LineKind, Part, Section};
pub use edit::Cut;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
