//! A network that is the same every time: each answer is held back, and all of them share one line.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How many bytes go over a limited line at once.
pub(super) const CHUNK: u64 = 16 << 10;

/// The line from a local index to its callers.
#[derive(Debug)]
pub(super) struct Line {
    latency: Duration,
    bytes_per_second: Option<u64>,
    /// When the line will have carried everything that it was given.
    free: Mutex<Option<Instant>>,
}

impl Line {
    pub(super) fn new(latency: Duration, bytes_per_second: Option<u64>) -> Self {
        Self { latency, bytes_per_second: bytes_per_second.map(|rate| rate.max(1)), free: Mutex::default() }
    }

    /// Whether bytes have to be handed to [`carry`](Self::carry) in chunks.
    pub(super) fn is_limited(&self) -> bool {
        self.bytes_per_second.is_some()
    }

    /// Waits as long as a request needs to come and its answer to begin.
    pub(super) fn hold_back(&self) {
        if !self.latency.is_zero() {
            thread::sleep(self.latency);
        }
    }

    /// Waits until the line has carried so many bytes more.
    pub(super) fn carry(&self, bytes: u64) {
        let Some(rate) = self.bytes_per_second else { return };
        #[expect(clippy::cast_precision_loss, reason = "a nanosecond more or less does not matter")]
        let taken = Duration::from_secs_f64((bytes as f64 / rate as f64).min(3600.0));
        let until = {
            let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            // A line that was idle does not make up for it.
            let until = free.map_or(now, |free| free.max(now)) + taken;
            *free = Some(until);
            until
        };
        thread::sleep(until.saturating_duration_since(Instant::now()));
    }
}
