//! The settings of a Python project's tools, from many files into pyproject.toml.
//!
//! [`plan`] finds for each tool the file that wins, reads it in that tool's dialect, and plans what moving it would
//! change. It changes nothing.
//!
//! ```
//! use uvshift_toolconfig::{Options, plan};
//! use uvshift_tree::Tree;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let mut tree = Tree::from_disk(folder.path())?;
//! tree.lay_over("mypy.ini", Some(b"[mypy]\nstrict = True\n".to_vec()));
//! let plan = plan(&tree, &Options::default())?;
//! assert_eq!(plan.removed, ["mypy.ini"]);
//! assert_eq!(plan.rows[0].to_string(), "carried  mypy.ini:2  strict = True  -> tool.mypy.strict");
//! # Ok(())
//! # }
//! ```

mod plan;

mod catalogue;
mod configured;
mod find;
mod follow;
mod from_toml;
mod iniconfig;
mod kinds;
mod pre_commit;
mod read;
mod ruff;
mod tools;
mod tox;

mod model;
mod render;
mod report;
mod section;

mod ask;

pub mod codes;
mod error;

pub use ask::{Asked, Copies, Question, TO_RUFF, answers, ask, compared, copies};
pub use configured::{Configured, configured};
pub use error::Error;
pub use follow::{Followed, Gone, follow};
pub use model::{Element, Place, Setting, Table, Value};
pub use plan::{Moved, Options, Plan, plan};
pub use pre_commit::{PreCommit, flake8_plugins, pre_commit};
pub use render::render;
pub use report::{Converted, Outcome, Row};
pub use ruff::{Linters, to_ruff};
pub use section::{Key, Part, Section, comments_above};
pub use tools::names as tool_names;
pub use tox::{TOX_DIALECT, tox_to_toml};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
