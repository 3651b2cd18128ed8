//! One model for the lock files of Python: `uv.lock`, `pylock.toml` (PEP 751), `poetry.lock`, `Pipfile.lock` and `pdm.lock`.
//!
//! [`parse`] tells the kind from the name of the file, or from its contents, and gives a [`Lock`]: packages with
//! version, source, marker, groups, edges and hashes, each with its line. Reading only; no I/O.
//!
//! ```
//! use uvshift_lockfile::{LockKind, Source, parse};
//!
//! let text = r#"
//! [[package]]
//! name = "Flask"
//! version = "3.0.3"
//! groups = ["main"]
//! markers = "sys_platform == 'linux'"
//! files = [{ file = "flask-3.0.3.tar.gz", hash = "sha256:aa" }]
//!
//! [package.dependencies]
//! click = ">=8"
//!
//! [metadata]
//! lock-version = "2.1"
//! "#;
//! let lock = parse("poetry.lock", text)?;
//! assert_eq!(lock.kind, LockKind::Poetry);
//! let [flask] = lock.versions("flask") else { panic!() };
//! assert_eq!((flask.version.as_deref(), flask.line), (Some("3.0.3"), 2));
//! assert_eq!(flask.source, Source::Index(None));
//! assert_eq!(flask.dependencies[0].specifier.as_deref(), Some(">=8"));
//! # Ok::<(), uvshift_lockfile::Error>(())
//! ```

mod model;
mod parse;

mod pdm;
mod pipfile;
mod poetry;
mod pylock;
mod uv;

mod json;
mod table;

mod cut;
mod error;

pub use cut::without_constraints;
pub use error::Error;
pub use model::{Edge, EdgeScope, Lock, LockKind, LockMetadata, Package, Source};
pub use parse::parse;
pub use pdm::parse_pdm;
pub use pipfile::parse_pipfile;
pub use poetry::parse_poetry;
pub use pylock::parse_pylock;
pub use uv::parse_uv;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
