//! Fetching what is missing: a queue, and the Python that works it off.
//!
//! The script in `data/fetch.py` runs as one long-lived process, started at the first miss. One process a file would cost
//! the import of pip's session each time (0.23 s of processor time with pip 26.3), and pip and uv ask for files
//! one by one, so that there are no batches to make. It asks for work over the same port that callers use, since commands
//! get no standard input, and shows a token that it has been given in its environment, where other users cannot see it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use uvshift_process::{CommandSpec, Runner};
use uvshift_requirements::{redacted, split_credentials};

use super::disk::Disk;
use super::names;

const SCRIPT: &str = include_str!("../../data/fetch.py");

/// How long the script waits for work before it asks again.
const POLL: Duration = Duration::from_secs(10);

/// How long one thing may take to be fetched.
const PATIENCE: Duration = Duration::from_hours(1);

/// How long the script may take to end.
const FAREWELL: Duration = Duration::from_secs(5);

/// How many times the script is started before its failure is believed.
const STARTS: u32 = 3;

/// What is to be fetched.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Job {
    id: u64,
    kind: Kind,
    url: String,
    /// The name of the file to write to.
    partial: String,
    /// The largest length, in bytes.
    limit: u64,
    /// The digests that the script has to check.
    hashes: BTreeMap<String, String>,
}

/// What a job is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// A page, which the script turns into JSON.
    Page,
    /// A file, byte for byte.
    File,
}

/// What came of a job, as the script says.
#[derive(Debug, Deserialize)]
pub(super) struct Report {
    id: u64,
    outcome: String,
    #[serde(default)]
    message: String,
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fetched {
    /// It is in the folder of what is being fetched.
    Kept,
    /// The index above does not have it.
    Absent,
    /// It could not be fetched: why, without credentials.
    Failed(String),
}

/// The queue and its worker.
pub(super) struct Fetcher {
    runner: Arc<dyn Runner + Send + Sync>,
    python: PathBuf,
    disk: Arc<Disk>,
    port: u16,
    token: String,
    /// With credentials, for the script alone.
    indexes: Vec<String>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Job>,
    /// Jobs that somebody waits for, with what came of them.
    waited: HashMap<u64, Option<Fetched>>,
    next: u64,
    starts: u32,
    runs: bool,
    stops: bool,
    /// What the last run of the script ended with.
    last: String,
}

impl Fetcher {
    pub(super) fn new(
        runner: Arc<dyn Runner + Send + Sync>,
        python: PathBuf,
        disk: Arc<Disk>,
        (port, token): (u16, String),
        indexes: Vec<String>,
    ) -> Self {
        let (state, changed) = (Mutex::default(), Condvar::new());
        Self { runner, python, disk, port, token, indexes, state, changed }
    }

    /// Fetches into a file with the name `partial`, and waits for it.
    pub(super) fn fetch(
        self: &Arc<Self>,
        kind: Kind,
        url: &str,
        partial: &str,
        limit: u64,
        hashes: BTreeMap<String, String>,
    ) -> Fetched {
        let mut state = self.state();
        if state.stops {
            return Fetched::Failed("nothing is fetched any more".to_owned());
        }
        if !state.runs && !self.start(&mut state) {
            return Fetched::Failed(state.last.clone());
        }
        let id = state.next;
        state.next += 1;
        state.waited.insert(id, None);
        state.queue.push_back(Job {
            id,
            kind,
            url: url.to_owned(),
            partial: partial.to_owned(),
            limit,
            hashes,
        });
        self.changed.notify_all();
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(Some(fetched)) = state.waited.get(&id) {
                let fetched = fetched.clone();
                state.waited.remove(&id);
                // Somebody may wait for the last job.
                self.changed.notify_all();
                return fetched;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || !state.runs || state.stops {
                state.waited.remove(&id);
                state.queue.retain(|job| job.id != id);
                self.changed.notify_all();
                let last = if left.is_zero() { "it took too long".to_owned() } else { state.last.clone() };
                return Fetched::Failed(last);
            }
            state = self.wait(state, left);
        }
    }

    /// What an authorised script is answered.
    pub(super) fn answer(&self, path: &str, body: &[u8]) -> Reply {
        match path {
            "/-/settings" => Reply::Json(serde_json::json!({ "indexes": self.indexes }).to_string()),
            "/-/watch" => self.poll(|_| None),
            "/-/work" => self.poll(|state| {
                state.queue.pop_front().map(|job| serde_json::to_string(&job).unwrap_or_default())
            }),
            "/-/done" => match serde_json::from_slice(body) {
                Ok(report) => self.done(&report),
                Err(_) => Reply::Unknown,
            },
            _ => Reply::Unknown,
        }
    }

    /// Whether this is the script.
    pub(super) fn knows(&self, authorization: Option<&str>) -> bool {
        // Digests are compared, so that the time it takes tells nothing of the token.
        let shown = authorization.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        names::digest(shown.as_bytes()) == names::digest(self.token.as_bytes())
    }

    /// A name for files of this run, which no other run has. It does not tell the token.
    pub(super) fn name(&self) -> String {
        names::digest(self.token.as_bytes()).get(..16).unwrap_or_default().to_owned()
    }

    /// Waits until nothing is being fetched, then ends the script.
    pub(super) fn finish(&self) {
        let mut state = self.state();
        while state.runs && !state.waited.is_empty() {
            state = self.wait(state, POLL);
        }
        drop(state);
        self.stop();
    }

    /// Ends the script; who still waits is told so.
    pub(super) fn stop(&self) {
        let mut state = self.state();
        state.stops = true;
        self.changed.notify_all();
        let deadline = Instant::now() + FAREWELL;
        while state.runs {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.wait(state, left);
        }
    }

    fn done(&self, report: &Report) -> Reply {
        let fetched = match report.outcome.as_str() {
            "kept" => Fetched::Kept,
            "absent" => Fetched::Absent,
            _ => Fetched::Failed(self.shown(&report.message)),
        };
        if let Some(waited) = self.state().waited.get_mut(&report.id) {
            *waited = Some(fetched);
        }
        self.changed.notify_all();
        Reply::Nothing
    }

    fn poll(&self, mut take: impl FnMut(&mut State) -> Option<String>) -> Reply {
        let deadline = Instant::now() + POLL;
        let mut state = self.state();
        loop {
            if state.stops {
                return Reply::Over;
            }
            if let Some(text) = take(&mut state) {
                return Reply::Json(text);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Reply::Nothing;
            }
            state = self.wait(state, left);
        }
    }

    /// Starts the script on a thread of its own. Whether that went well shows when it asks for work.
    fn start(self: &Arc<Self>, state: &mut State) -> bool {
        if state.starts >= STARTS {
            return false;
        }
        let fetcher = Arc::clone(self);
        match thread::Builder::new().name("local-index-fetch".to_owned()).spawn(move || fetcher.run()) {
            Ok(_) => {
                state.starts += 1;
                state.runs = true;
            }
            Err(error) => state.last = error.to_string(),
        }
        state.runs
    }

    fn run(&self) {
        let name = format!("fetch-{}.py", self.name());
        let last = match self.disk.write_partial(&name, SCRIPT.as_bytes()) {
            Err(error) => format!("the script cannot be written: {error}"),
            Ok(script) => {
                let spec = self.command(&script);
                match self.runner.run(&spec).and_then(|output| output.checked(&spec)) {
                    Ok(_) => "the Python that fetches has ended".to_owned(),
                    Err(error) => {
                        let last = error.stderr().and_then(|text| text.lines().last()).unwrap_or_default();
                        self.shown(format!("{error}: {last}").trim_end_matches(": "))
                    }
                }
            }
        };
        self.disk.discard(&name);
        let mut state = self.state();
        state.last = last;
        state.runs = false;
        drop(state);
        self.changed.notify_all();
    }

    fn command(&self, script: &std::path::Path) -> CommandSpec {
        self.secrets(CommandSpec::new(&self.python))
            // Neither the folder it runs in nor variables for Python may bring in other code.
            .arg("-I")
            .arg(script)
            .env("UVSHIFT_FETCH_PORT", self.port.to_string())
            .env("UVSHIFT_FETCH_TOKEN", &self.token)
            .env("UVSHIFT_FETCH_FOLDER", self.disk.partial())
            .secret(&self.token)
            .timeout(Duration::from_hours(24))
    }

    /// Words from outside as they may be shown.
    fn shown(&self, text: &str) -> String {
        redacted(&self.secrets(CommandSpec::new("")).redact(text))
    }

    fn secrets(&self, spec: CommandSpec) -> CommandSpec {
        self.indexes.iter().filter_map(|index| split_credentials(index).1).fold(spec, |spec, credentials| {
            let password = credentials.password.unwrap_or(credentials.username);
            let plain = names::decoded(&password).unwrap_or_default();
            spec.secret(password).secret(plain)
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, limit: Duration) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, limit).unwrap_or_else(PoisonError::into_inner).0
    }
}

/// What the script is answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// Settings or a job.
    Json(String),
    /// Nothing to do for now.
    Nothing,
    /// It shall end.
    Over,
    /// There is no such thing to ask for.
    Unknown,
}
