//! Counting what happens.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::options::Counts;

/// How many failures are remembered.
const REMEMBERED: usize = 20;

/// What happened so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) requests: AtomicU64,
    pub(super) hits: AtomicU64,
    pub(super) misses: AtomicU64,
    pub(super) not_modified: AtomicU64,
    pub(super) refused: AtomicU64,
    failed: AtomicU64,
    pub(super) bytes_sent: AtomicU64,
    bytes_fetched: AtomicU64,
    failures: Mutex<VecDeque<String>>,
}

impl Tally {
    pub(super) fn counts(&self) -> Counts {
        self.read(|counter| counter.load(Ordering::Relaxed))
    }

    pub(super) fn take(&self) -> Counts {
        self.read(|counter| counter.swap(0, Ordering::Relaxed))
    }

    pub(super) fn fetched(&self, bytes: u64) {
        add(&self.bytes_fetched, bytes);
    }

    /// Counts a failure and remembers it. The text is free of credentials.
    pub(super) fn failed(&self, text: &str) {
        add(&self.failed, 1);
        self.note(text);
    }

    /// Remembers what is no failure as a whole.
    pub(super) fn note(&self, text: &str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= REMEMBERED {
            failures.pop_front();
        }
        failures.push_back(text.to_owned());
    }

    pub(super) fn failures(&self) -> Vec<String> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn read(&self, counter: impl Fn(&AtomicU64) -> u64) -> Counts {
        Counts {
            requests: counter(&self.requests),
            hits: counter(&self.hits),
            misses: counter(&self.misses),
            not_modified: counter(&self.not_modified),
            refused: counter(&self.refused),
            failed: counter(&self.failed),
            bytes_sent: counter(&self.bytes_sent),
            bytes_fetched: counter(&self.bytes_fetched),
        }
    }
}

/// Adds to a counter.
pub(super) fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}
