//! What a bot tells about a repository, made with crates of uvshift.

mod dependencies;
mod migration;
mod requirements;

use std::path::Path;

use serde::Serialize;

pub use dependencies::Finding;
pub use migration::{Directive, Migration, Trial, try_migration};
pub use requirements::{Hint, Requirement};

/// Whatever went wrong; the bot only tells it.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// What the bot prints: its own form, which stays as it is when the crates grow.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Every requirement of the files at the root.
    pub requirements: Vec<Requirement>,
    /// What there is to say about these files.
    pub hints: Vec<Hint>,
    /// Dependencies that nothing imports, and imports that nothing declares.
    pub findings: Vec<Finding>,
    /// What a move to uv would do.
    pub migration: Migration,
}

/// Reads a repository; changes nothing and runs nothing.
pub fn report(root: &Path) -> Result<Report, Error> {
    let files = requirements::read(root)?;
    let findings = dependencies::find(root, &files)?;
    let (requirements, hints) = requirements::rows(&files);
    Ok(Report { requirements, hints, findings, migration: migration::planned(root)? })
}
