//! `pyproject.toml` as a format-preserving document.
//!
//! Readers say what the file says, with line numbers. Writers add, set and take out by span: whatever an edit
//! does not touch keeps its bytes - comments, order, quotes, indentation, line ends, byte order mark. Every
//! edit is read back before it counts; one that would not be valid TOML, or that would change another value,
//! is an error and leaves the document as it was.
//!
//! ```
//! use uvshift_pyproject::{ArrayAt, Item, PyProject, Source, SourceKind};
//!
//! let mut document = PyProject::parse("[project]\nname = \"shop\" # the name on the index\n")?;
//! let flask = Item::new("flask>=3").above("the web framework").trailing("pinned by the platform team");
//! document.add_dependency(ArrayAt::Dependencies, flask)?;
//! document.add_source("tools", &Source::new(SourceKind::Path {
//!     path: "libs/tools".into(),
//!     editable: Some(true),
//!     package: None,
//! }))?;
//! assert_eq!(document.to_string(), r#"[project]
//! name = "shop" # the name on the index
//! dependencies = [
//!     ## the web framework
//!     "flask>=3",  # pinned by the platform team
//! ]
//!
//! [tool.uv.sources]
//! tools = { path = "libs/tools", editable = true }
//! "#);
//! # Ok::<(), uvshift_pyproject::Error>(())
//! ```

mod model;
mod scope;

mod document;
mod error;
mod guard;
mod syntax;

mod place;
mod read;

mod array;
mod locate;
mod remove;
mod render;
mod sources;
mod write;

/// Pieces of TOML text, as this crate writes them.
pub mod text {
    pub use crate::render::{comment_lines, dotted, key, string};
}

pub use document::PyProject;
pub use error::Error;
pub use model::{
    ArrayAt, Entry, GitReference, GroupEntry, Index, Item, Malformed, Source, SourceEntry, SourceKind,
    UvView, Value,
};
pub use scope::Scope;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
