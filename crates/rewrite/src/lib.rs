//! Commands in CI, containers, scripts and documents: from pip, Poetry and their kin to uv, in place.
//!
//! Reading and planning change nothing. Every change has a rule, a reason and a safety; what is not touched is listed.
//! Everything else in a file stays byte for byte.
//!
//! ```
//! use std::collections::BTreeMap;
//! use uvshift_rewrite::{Context, RewriteOptions, plan};
//! use uvshift_tree::Tree;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let mut tree = Tree::from_disk(folder.path())?;
//! tree.lay_over("pyproject.toml", Some(b"[project]\nname = \"shop\"\nversion = \"1\"\n[tool.uv]\npackage = false\n".to_vec()));
//! tree.lay_over("uv.lock", Some(b"version = 1\n".to_vec()));
//! tree.lay_over("Makefile", Some(b"test:\n\tpoetry run pytest\n".to_vec()));
//! let context = Context::read(&tree, BTreeMap::new(), "0.13.9")?;
//! let plan = plan(&tree, &context, &RewriteOptions::default())?;
//! assert!(plan.changes.diff().contains("+\tuv run pytest"), "{}", plan.changes.diff());
//! # Ok(())
//! # }
//! ```

mod actions;
mod callers;
pub mod codes;
mod context;
mod data;
mod embedded;
mod engine;
mod error;
mod generated;
mod hosts;
mod images;
mod install;
mod invocation;
mod jsonc;
mod manager;
mod model;
mod options;
mod pipeline;
mod plan;
mod pythons;
mod references;
mod rules;
mod script;
pub mod shell;
mod targets;
mod yaml;

pub use actions::{Action, actions};
pub use context::{Became, Context, Selection, UvProject};
pub use embedded::{Embedded, Encoding};
pub use engine::{Environment, Outcome, Scope, rewrite_script};
pub use error::Error;
pub use hosts::{Host, Kind, hosts};
pub use images::ImageNotes;
pub use invocation::{Invocation, Via};
pub use model::{Edit, Left, RewriteOptions, Rewritten};
pub use options::Options;
pub use plan::{FilePlan, Plan, plan};
pub use rules::{Rule, Verdict, rules};
pub use uvshift_diagnostics::Safety;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
