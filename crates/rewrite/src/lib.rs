//! Commands in CI, containers, scripts and documents: from pip, Poetry and their kin to uv, in place.
//!
//! Reading and planning change nothing. Every change has a rule, a reason and a safety; what is not touched is listed.
//! Everything else in a file stays byte for byte.

mod actions;
mod context;
mod embedded;
mod jsonc;
mod model;

pub mod shell;
mod yaml;

mod engine;
mod install;
mod invocation;
mod options;

mod data;
mod manager;
mod pipeline;
mod references;
mod rules;
mod script;
mod targets;

mod hosts;

mod callers;
mod generated;
mod plan;

pub mod codes;
mod error;

pub use actions::{Action, actions};
pub use context::{Became, Context, Selection, UvProject};
pub use embedded::{Embedded, Encoding};
pub use engine::{Environment, Outcome, Scope, rewrite_script};
pub use error::Error;
pub use hosts::{Host, Kind, hosts};
pub use invocation::{Invocation, Via};
pub use model::{Edit, Left, RewriteOptions, Rewritten};
pub use options::Options;
pub use plan::{FilePlan, Plan, plan};
pub use rules::{Rule, Verdict, rules};
pub use uvshift_diagnostics::Safety;
