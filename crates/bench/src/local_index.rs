//! An index on this machine, so that the network does not decide what a benchmark measures.
//!
//! It speaks the simple API (PEP 503, PEP 691, PEP 658) on loopback and hands out what a folder holds. What the folder lacks
//! is fetched once from the indexes above, by the pip of a Python at hand, and kept for ever; see [`Mode`].

mod error;
mod options;

use std::path::PathBuf;
use std::sync::Arc;

use uvshift_process::Runner;

pub use error::LocalIndexError;
pub use options::{Counts, LocalIndexOptions, Mode};

/// A running index. It ends when it is dropped.
pub struct LocalIndex {
    url: String,
}

impl LocalIndex {
    /// Starts an index on a free port of loopback.
    ///
    /// `runner` runs the Python that fetches what is missing. It is started at the first miss, and never in
    /// [`Mode::Frozen`].
    pub fn start(
        options: LocalIndexOptions,
        runner: Arc<dyn Runner + Send + Sync>,
    ) -> Result<Self, LocalIndexError> {
        let _ = (options, runner);
        Err(LocalIndexError::Folder {
            folder: PathBuf::new(),
            source: std::io::ErrorKind::Unsupported.into(),
        })
    }

    /// The address of the simple API, ending in `/`. It has a random part, which keeps others on this machine out.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What pip has to be given after `install` and its kin, so that it takes everything from here and caches it.
    pub fn pip_args(&self) -> Vec<String> {
        Vec::new()
    }

    /// What uv has to be given after `pip install` and its kin, so that it takes everything from here.
    pub fn uv_args(&self) -> Vec<String> {
        Vec::new()
    }

    /// What both need in their environment: no proxy may stand between them and this machine, and the first fetch of a
    /// large file takes longer than they would wait.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// From now on nothing is fetched. What is being fetched is still waited for; the Python ends.
    pub fn freeze(&self) {}

    /// What happened so far.
    pub fn counts(&self) -> Counts {
        Counts::default()
    }

    /// Sets all counts to 0, and gives what they were.
    pub fn take_counts(&self) -> Counts {
        Counts::default()
    }

    /// What could not be fetched and why, without credentials: the last twenty.
    pub fn failures(&self) -> Vec<String> {
        Vec::new()
    }

    /// Ends the index and waits until nothing of it runs.
    pub fn stop(self) {}
}
