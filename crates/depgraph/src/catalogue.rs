//! What is known of distributions by name: what they are for, and what to watch out for.

mod categories;
mod lines;
mod not_imported;

use std::sync::OnceLock;

pub use categories::category;
use lines::Lines;
pub use not_imported::{NotImported, called, hosts, not_imported};

/// What a distribution is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Nothing of the following: what the project is made of.
    Core,
    /// Databases, drivers, mappers, caches, queues.
    Database,
    /// Web frameworks, servers, clients.
    Web,
    /// Machine learning, numbers, data.
    Ml,
    /// Tests.
    Testing,
    /// Linters, formatters, type checkers.
    Linting,
    /// Development: documents, debugging, building, packaging.
    Development,
    /// Deployment: clouds, containers, monitoring.
    Deployment,
    /// Small tools: dates, text, files, command lines.
    Utilities,
}

impl Category {
    /// Every category, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::Core,
        Self::Database,
        Self::Web,
        Self::Ml,
        Self::Testing,
        Self::Linting,
        Self::Development,
        Self::Deployment,
        Self::Utilities,
    ];

    /// The word that reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Database => "database",
            Self::Web => "web",
            Self::Ml => "ml",
            Self::Testing => "testing",
            Self::Linting => "linting",
            Self::Development => "development",
            Self::Deployment => "deployment",
            Self::Utilities => "utilities",
        }
    }
}

/// A distribution that has been replaced, renamed, or given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Legacy {
    /// Why it is legacy: lower case, no full stop.
    pub why: &'static str,
    /// What to use instead; none where it is not needed any more.
    pub instead: Option<&'static str>,
}

/// Whether a distribution is legacy, by its normalised name.
pub fn legacy(name: &str) -> Option<Legacy> {
    static LINES: Lines = Lines::new(include_str!("../data/legacy.txt"));
    let [instead, why] = LINES.columns(name)?;
    Some(Legacy { why, instead: given(instead) })
}

/// What a distribution needs of the system where no wheel fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemLibraries {
    /// What it is, such as `the client library of MySQL`.
    pub what: &'static str,
    /// Packages of Debian that bring it.
    pub debian: &'static [&'static str],
    /// A distribution with wheels that does the same, if there is one.
    pub instead: Option<&'static str>,
    /// Whether it has wheels for common platforms, so that the libraries are only needed elsewhere.
    pub has_wheels: bool,
}

/// What a distribution needs of the system, by its normalised name.
pub fn system_libraries(name: &str) -> Option<SystemLibraries> {
    static LINES: Lines = Lines::new(include_str!("../data/system_libraries.txt"));
    static ROWS: OnceLock<Vec<SystemLibrariesRow>> = OnceLock::new();
    let rows = ROWS.get_or_init(|| {
        let columns = LINES.names().filter_map(|name| Some((name, LINES.columns(name)?)));
        let rows = columns.map(|(name, [form, debian, instead, what])| {
            let debian = debian.split(' ').filter_map(given).collect();
            SystemLibrariesRow { name, what, debian, instead: given(instead), has_wheels: form == "wheels" }
        });
        rows.collect()
    });
    let row = rows.get(rows.binary_search_by(|row| row.name.cmp(name)).ok()?)?;
    let SystemLibrariesRow { name: _, what, debian, instead, has_wheels } = row;
    Some(SystemLibraries { what, debian, instead: *instead, has_wheels: *has_wheels })
}

/// A line of the table, whose list lives as long as the program.
struct SystemLibrariesRow {
    name: &'static str,
    what: &'static str,
    debian: Vec<&'static str>,
    instead: Option<&'static str>,
    has_wheels: bool,
}

/// The job that a distribution is for, where several compete for it, such as `HTTP client`.
pub fn job(name: &str) -> Option<&'static str> {
    static LINES: Lines = Lines::new(include_str!("../data/jobs.txt"));
    let [job] = LINES.columns(name)?;
    Some(job)
}

/// `-` stands for nothing.
fn given(column: &'static str) -> Option<&'static str> {
    (column != "-").then_some(column)
}

#[cfg(test)]
mod tests;
