//! Files for a Python project on uv, from templates: CI, containers, scripts, editors, documents.
//!
//! A template is a folder with a manifest; adding one needs no Rust. What is generated fits the project at hand, which
//! comes in as a [`Project`]. Planning changes nothing.
//!
//! ```
//! use uvshift_scaffold::{Catalogue, Existing, Language, Project, Request, plan};
//!
//! # fn main() -> Result<(), uvshift_scaffold::Error> {
//! let catalogue = Catalogue::built_in()?;
//! let project = Project { name: "demo".to_owned(), ..Project::default() };
//! let request = Request { names: vec!["editorconfig".to_owned()], language: Language::En, ..Request::default() };
//! let plan = plan(&catalogue, &project, &request, &Existing::none())?;
//! assert_eq!(plan.files[0].path, ".editorconfig");
//! # Ok(())
//! # }
//! ```

mod project;

mod catalogue;
mod manifest;

mod existing;
mod plan;

mod actions;
mod filters;
mod render;

mod merge;
mod settle;

mod skeleton;
mod variables;

pub mod codes;
mod error;

pub use catalogue::{Catalogue, Template};
pub use error::{Error, TemplateProblem};
pub use existing::{Existing, There};
pub use filters::{FILTERS, command_line};
pub use manifest::{Category, Language, Merge, Note, Output, Question};
pub use plan::{Fate, GeneratedFile, Plan, Request, plan};
pub use project::{Application, Entry, Index, Migration, Project, Repository, Service, Task, Tasks, Tool};
pub use skeleton::init_template;
pub use variables::{Variable, variables, variables_as_markdown};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
