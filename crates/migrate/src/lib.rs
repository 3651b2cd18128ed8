//! The whole move of one project from pip to uv: detect, plan, apply, lock, verify, commit or undo.
//!
//! [`plan`] reads and changes nothing. [`execute`] changes the project in one transaction, has uv make the lock,
//! compares the result with the source, and puts everything back on a difference.
//!
//! ```
//! use uvshift_migrate::{Options, Planned, plan};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # std::fs::write(folder.path().join("requirements.txt"), "flask>=3\n")?;
//! let options = Options { python: Some(">=3.10".to_owned()), ..Options::default() };
//! let Planned::Plan(plan) = plan(folder.path(), &options)? else { panic!("a pip project") };
//! assert!(plan.diff().contains("+    \"flask>=3\","));
//! assert_eq!(plan.removed, ["requirements.txt"]);
//! # Ok(())
//! # }
//! ```

mod deps;
mod environment;
mod graph;
mod members;
mod metadata;
mod old_files;
mod options;
mod plan;
mod project;
mod rewriting;

mod deps_fix;
mod execute;
mod lock;
mod pins;
mod tools;
mod traces;
mod verify;
mod wanted;
mod wheel_proof;

mod facts;
pub mod inventory;

mod error;

pub use deps::{Deps, DepsOptions};
pub use deps_fix::{FixDone, FixPlan, NotFixed, execute_fix, plan_fix};
pub use error::Error;
pub use execute::{Done, Progress, Silent, Step, execute};
pub use facts::{facts, facts_on};
pub use graph::{GraphReport, graph};
pub use lock::{GroupLimit, GroupsApart, LockReport, PythonRaise, UnheldPin, Uv};
pub use members::{Members, PROJECT_FILES};
pub use options::{LockStrategy, OldFiles, Options};
pub use pins::{PinReport, PinState, PinSummary};
pub use plan::{Nothing, Plan, Planned, PythonChoice, Resolution, plan};
pub use project::Project;
pub use rewriting::{
    HostKind, RewriteDone, RewriteEdit, RewriteFile, RewriteHost, RewriteLeft, RewriteOptions, RewritePlan,
    RewriteSafety, TESTED_UV, execute_rewrite, plan_rewrite, rewrite_hosts,
};
pub use tools::{
    Answer, ToolMoved, ToolOptions, ToolOutcome, ToolPlan, ToolRow, ToolsDone, answers_differ, ask_tools,
    execute_tools, has_tool_settings, plan_tools, tool_names,
};
pub use uvshift_changeset::{RollbackMode, RolledBack, recover, rollback};
pub use uvshift_process::{Runner, SystemRunner};
pub use uvshift_project::{Entry, Ledger, Outcome};
pub use verify::{Cause, Checked, Difference, verify};
pub use wanted::{Wanted, WantedLine};
pub use wheel_proof::{ProjectWheel, WheelProof, WheelReport, backend_metadata};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
