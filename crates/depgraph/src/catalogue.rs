//! What is known of distributions by name: what they are for, and what to watch out for.

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

/// The category of a distribution: by the table, then by its classifiers (`Topic :: ...`, `Framework :: ...`), then core.
pub fn category(name: &str, classifiers: &[String]) -> Category {
    let _ = (name, classifiers);
    Category::Core
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
    let _ = name;
    None
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
    let _ = name;
    None
}

/// The job that a distribution is for, where several compete for it, such as `HTTP client`.
pub fn job(name: &str) -> Option<&'static str> {
    let _ = name;
    None
}

/// Why nothing needs to import a distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotImported {
    /// A command that is run, such as `gunicorn` or `black`.
    Tool,
    /// A plug-in that its host finds by itself, such as `pytest-cov`: the normalised name of the host.
    Plugin(String),
    /// Type stubs (`types-X`, `X-stubs`): the normalised name of what they are for.
    Stub(String),
    /// A driver, back end or data that another distribution loads by name, such as `psycopg2-binary` for `SQLAlchemy` or `tzdata`.
    Runtime,
}

/// Why nothing needs to import a distribution, by its normalised name; none where somebody should.
pub fn not_imported(name: &str) -> Option<NotImported> {
    let _ = name;
    None
}
