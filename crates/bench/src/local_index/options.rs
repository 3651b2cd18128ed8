//! What a local index is told, and what it tells.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use uvshift_process::CommandSpec;

/// Whether a local index may fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// What is missing is fetched from the indexes above and kept.
    Fill,
    /// Nothing is fetched. What is missing is answered with 404 and counted as a miss.
    Frozen,
}

/// What a local index serves and from where.
#[derive(Clone)]
pub struct LocalIndexOptions {
    /// Where everything is kept. It is made if it is missing, for the user alone where the system can do that. Several runs
    /// may share it.
    pub folder: PathBuf,
    /// The simple indexes above, such as `https://index.example/simple/`. Files of all are merged. Credentials in them are
    /// used and never shown or kept.
    pub upstreams: Vec<String>,
    /// Folders of distributions, `file:` URLs of such folders, or URLs of pages with links to files.
    pub find_links: Vec<String>,
    /// The Python whose pip fetches. Its certificates, proxies, netrc and keyring hold, and pip's configuration.
    pub python: PathBuf,
    /// Whether anything may be fetched.
    pub mode: Mode,
    /// How old a page may be before [`Mode::Fill`] asks for it again, once in a run. When nobody answers, the one that is there
    /// is good enough. Files are never fetched again.
    pub refresh_after: Duration,
    /// How long every answer is held back, as a network would.
    pub latency: Duration,
    /// How many bytes a second all answers together may have; `None` for as fast as it goes.
    pub bytes_per_second: Option<u64>,
}

impl LocalIndexOptions {
    /// Options that fill `folder` from one index, with pages of at most a day and without any delay.
    pub fn new(folder: impl Into<PathBuf>, python: impl Into<PathBuf>, upstream: impl Into<String>) -> Self {
        Self {
            folder: folder.into(),
            upstreams: vec![upstream.into()],
            find_links: Vec::new(),
            python: python.into(),
            mode: Mode::Fill,
            refresh_after: Duration::from_hours(24),
            latency: Duration::ZERO,
            bytes_per_second: None,
        }
    }
}

// Written by hand, so that credentials do not reach a log through `{:?}`.
impl fmt::Debug for LocalIndexOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |urls: &[String]| {
            let spec = CommandSpec::new("");
            urls.iter().map(|url| spec.redact(url)).collect::<Vec<_>>()
        };
        formatter
            .debug_struct("LocalIndexOptions")
            .field("folder", &self.folder)
            .field("upstreams", &shown(&self.upstreams))
            .field("find_links", &shown(&self.find_links))
            .field("python", &self.python)
            .field("mode", &self.mode)
            .field("refresh_after", &self.refresh_after)
            .field("latency", &self.latency)
            .field("bytes_per_second", &self.bytes_per_second)
            .finish()
    }
}

/// What happened at a local index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests that were understood, refused ones included.
    pub requests: u64,
    /// Requests that were answered with something: from the folder, or after it had been fetched.
    pub hits: u64,
    /// How many times something was not in the folder, whether it was fetched then or not. A measured run has none.
    pub misses: u64,
    /// Answers that said that the caller's copy is still good (304), a part of the hits.
    pub not_modified: u64,
    /// Requests that were refused: another method, a path that leads out, a head that is too long, another host.
    pub refused: u64,
    /// Misses that could not be fetched. [`LocalIndex::failures`](crate::LocalIndex::failures) tells why.
    pub failed: u64,
    /// Bytes of bodies that were sent.
    pub bytes_sent: u64,
    /// Bytes that were fetched and kept.
    pub bytes_fetched: u64,
}
