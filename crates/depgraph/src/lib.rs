//! What a Python project really depends on: what its files import, which distributions that means, and what the lock adds.
//!
//! [`scan`](mod@scan) finds every place that names a module, without running anything. [`modules`] says which distribution a module is
//! from, and how it knows. [`analyze`] holds that against what the project declares, and gives [`Finding`]s with their
//! evidence. [`graph`] joins the declared dependencies with the locked ones, and [`draw`] shows them.
//!
//! ```
//! use uvshift_depgraph::scan::{Scan, scan_file};
//! use uvshift_depgraph::{AnalysisInput, Project, PyProject, Rule, Settings, analyze, nothing_mentioned};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let document = PyProject::parse("[project]\nname = \"shop\"\ndependencies = [\"flask>=3\", \"requests\"]\n")?;
//! let file = scan_file("shop.py", b"import flask\nimport yaml\n").ok_or("no Python")?;
//! let scan = Scan { files: vec![file], ..Scan::default() };
//! let (projects, settings) = ([Project::of_pyproject(&document)], Settings::default());
//! let findings = analyze(&AnalysisInput::new(&scan, &projects, &settings), &nothing_mentioned).findings;
//! let is_told = |rule, package| findings.iter().any(|it| it.rule == rule && it.package == package);
//! assert!(is_told(Rule::Missing, "pyyaml") && is_told(Rule::Unused, "requests"));
//! # Ok(())
//! # }
//! ```

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
pub use uvshift_pyproject::{PyProject, Scope};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
