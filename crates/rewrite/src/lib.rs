//! Commands in CI, containers, scripts and documents: from pip, Poetry and their kin to uv, in place.
//!
//! Reading and planning change nothing. Every change has a rule, a reason and a safety; what is not touched is listed.
//! Everything else in a file stays byte for byte.

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
