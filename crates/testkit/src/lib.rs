//! What the tests of uvshift share: project trees, snapshots of trees, wheels and indexes made on the spot, local git
//! repositories, the pinned uv and pip, and a runner that runs nothing.
//!
//! Everything here panics with a clear message instead of returning errors. It is for tests only and is never published.
//!
//! ```
//! use uvshift_testkit::{Project, assert_same_tree, snapshot};
//!
//! let project = Project::new();
//! project.write("requirements.txt", "flask\n");
//! let before = snapshot(project.path());
//! project.write("requirements.txt", "flask\n");
//! assert_same_tree(&before, &snapshot(project.path()));
//! ```

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on stops"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests write their own temporary folders and start the pinned tools"
)]

mod git;
mod images;
mod project;
mod runner;
mod sdist;
mod snapshot;
mod tools;
mod uv_commands;
mod validators;
mod wheel;
pub use git::{GitRepo, git_repo};
pub use images::Images;
pub use project::Project;
pub use runner::{FakeRunner, output};
pub use sdist::sdist;
pub use snapshot::{Entry, Snapshot, assert_same_tree, snapshot, snapshot_without};
pub use tools::{backends, peer_python, pip_python, tool, uv, uv_command, uv_environment};
pub use uv_commands::uv_accepts;
pub use validators::{Finding, Validation, validate};
pub use wheel::{WheelOptions, flat_index, wheel};

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
