//! What a Python project really depends on: what its files import, which distributions that means, and what the lock adds.
//!
//! [`scan`](mod@scan) finds every place that names a module, without running anything. [`modules`] says which distribution a module is
//! from, and how it knows. [`analyze`] holds that against what the project declares, and gives [`Finding`]s with their
//! evidence. [`graph`] joins the declared dependencies with the locked ones, and [`draw`] shows them.

mod declared;
mod import;

pub mod scan;

pub mod catalogue;
pub mod modules;

mod analysis;
mod finding;
mod settings;

pub mod draw;
pub mod graph;

pub mod report;

pub mod codes;
mod error;

pub use analysis::{
    Analysis, AnalysisInput, Mentions, Origin, Project, ResolvedImport, Sought, analyze, nothing_mentioned,
    resolve_imports,
};
pub use declared::Declared;
pub use error::Error;
pub use finding::{Action, Class, Evidence, Finding, Rule};
pub use import::{Form, Guards, Import, Need};
pub use settings::Settings;
pub use uvshift_pyproject::Scope;
