//! The settings of a Python project's tools, from many files into pyproject.toml.

pub mod codes;
mod model;
mod render;
mod report;
mod ruff;
mod section;

pub use model::{Element, Place, Setting, Table, Value};
pub use render::render;
pub use report::{Converted, Outcome, Row};
pub use ruff::{Linters, to_ruff};
pub use section::{Key, Part, Section, comments_above};
