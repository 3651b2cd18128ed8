//! An index on this machine, so that the network does not decide what a benchmark measures.
//!
//! It speaks the simple API (PEP 503, PEP 691, PEP 658) on loopback and hands out what a folder holds. What the folder lacks
//! is fetched once from the indexes above, by the pip of a Python at hand, and kept; see [`Mode`].

mod disk;
mod error;
mod fetch;
mod http;
mod line;
mod listen;
mod names;
mod options;
mod page;
mod range;
mod serve;
mod store;
mod tally;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uvshift_process::Runner;

use disk::Disk;
use fetch::Fetcher;
use line::Line;
use listen::Listener;
use serve::Service;
use store::{Source, Store};
use tally::Tally;

pub use error::LocalIndexError;
pub use options::{Counts, LocalIndexOptions, Mode};

/// A running index. It ends when it is dropped.
pub struct LocalIndex {
    service: Arc<Service>,
    url: String,
    listener: Listener,
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
        let age = (options.mode, options.refresh_after);
        let line = Line::new(options.latency, options.bytes_per_second);
        let LocalIndexOptions { folder, upstreams, find_links, python, .. } = options;
        let sources = sources(&upstreams, &find_links)?;
        let indexes = remote(&upstreams, &find_links);
        let disk = Disk::open(&folder).map_err(|source| LocalIndexError::Folder { folder, source })?;
        let disk = Arc::new(disk);
        let listen = |source| LocalIndexError::Listen { source };
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(listen)?;
        let port = socket.local_addr().map_err(listen)?.port();
        let token = || random().map_err(listen);
        let fetcher = Fetcher::new(runner, python, Arc::clone(&disk), (port, token()?), indexes);
        let tally = Arc::new(Tally::default());
        let prefix = format!("/{}/", token()?);
        let service = Arc::new(Service {
            store: Store::new(disk, sources, Arc::new(fetcher), Arc::clone(&tally), age),
            line,
            tally,
            hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}")],
            prefix: prefix.clone(),
        });
        let listener = Listener::start(socket, Arc::clone(&service)).map_err(listen)?;
        Ok(Self { service, url: format!("http://127.0.0.1:{port}{prefix}simple/"), listener })
    }

    /// The address of the simple API, ending in `/`. It has a random part, which keeps out whoever has not been told it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What pip has to be given after `install` and its kin, so that it takes everything from here and caches it.
    ///
    /// `--trusted-host` is what makes a cache possible: without it pip caches nothing that comes over plain HTTP. A pip before
    /// 21.3 caches nothing from here in any case, so that its warm runs are cold.
    pub fn pip_args(&self) -> Vec<String> {
        ["--index-url", &self.url, "--trusted-host", "127.0.0.1"].map(str::to_owned).to_vec()
    }

    /// What uv has to be given after `pip install` and its kin, so that it takes everything from here.
    pub fn uv_args(&self) -> Vec<String> {
        ["--default-index", &self.url].map(str::to_owned).to_vec()
    }

    /// What both need in their environment: no proxy may stand between them and this machine, and the first fetch of a
    /// large file takes longer than they would wait. Who names [`url`](Self::url) in `PIP_INDEX_URL` and `UV_DEFAULT_INDEX`
    /// beside these needs no arguments.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        [
            ("NO_PROXY", "127.0.0.1,localhost"),
            ("no_proxy", "127.0.0.1,localhost"),
            ("PIP_TRUSTED_HOST", "127.0.0.1"),
            ("PIP_DEFAULT_TIMEOUT", "600"),
            ("UV_HTTP_TIMEOUT", "600"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
    }

    /// From now on nothing is fetched. What is being fetched is still waited for; the Python ends.
    pub fn freeze(&self) {
        self.service.freeze();
    }

    /// What happened so far.
    pub fn counts(&self) -> Counts {
        self.service.tally.counts()
    }

    /// Sets all counts to 0, and gives what they were.
    pub fn take_counts(&self) -> Counts {
        self.service.tally.take()
    }

    /// What could not be fetched and why, without credentials: the last twenty.
    pub fn failures(&self) -> Vec<String> {
        self.service.tally.failures()
    }

    /// Ends the index and waits until nothing of it runs. Dropping it does the same.
    pub fn stop(self) {}
}

impl Drop for LocalIndex {
    fn drop(&mut self) {
        self.service.store.fetcher.stop();
        self.listener.stop();
    }
}

/// The addresses in the order in which they count.
fn sources(upstreams: &[String], find_links: &[String]) -> Result<Vec<Source>, LocalIndexError> {
    let mut sources = Vec::new();
    for (number, url) in upstreams.iter().enumerate() {
        if !is_remote(url) && !url.starts_with("file://") {
            return Err(LocalIndexError::Upstream { number: number + 1 });
        }
        sources.push(Source::remote(url, true));
    }
    for (number, place) in find_links.iter().enumerate() {
        match folder(place) {
            Some(folder) => sources.push(Source::Folder(folder)),
            None if is_remote(place) => sources.push(Source::remote(place, false)),
            None => return Err(LocalIndexError::Upstream { number: upstreams.len() + number + 1 }),
        }
    }
    Ok(sources)
}

/// The addresses that the Python may need credentials for.
fn remote(upstreams: &[String], find_links: &[String]) -> Vec<String> {
    upstreams.iter().chain(find_links.iter().filter(|place| is_remote(place))).cloned().collect()
}

fn is_remote(url: &str) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https"))
}

/// The folder that a place of links means, if it is on this machine.
fn folder(place: &str) -> Option<PathBuf> {
    let path = match place.strip_prefix("file://") {
        // `file:///C:/wheels` is a drive, `file:///wheels` is a path from the root.
        Some(path) => {
            let path = names::decoded(path.strip_prefix("localhost").unwrap_or(path))?;
            let drive = path.as_bytes().get(2) == Some(&b':');
            PathBuf::from(if cfg!(windows) && drive { path.get(1..)? } else { &path })
        }
        None if place.contains("://") => return None,
        None => Path::new(place).to_owned(),
    };
    Some(path)
}

/// 128 bits that nobody can guess.
fn random() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(names::hexadecimal(&bytes))
}
