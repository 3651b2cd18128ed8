//! A result as the state folder keeps it, and the key that says to which question it is the answer.

use std::fmt::Write as _;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::model::{Chosen, Failure, FailureClass, Outcome, Status};

/// The version of the form and of what the keys are made of.
const VERSION: u32 = 1;

/// An answer of a tool that will be the same tomorrow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    version: u32,
    /// Stands for tool, Python, index, flags and requirements.
    pub(super) key: String,
    at: u64,
    seconds: f64,
    log: Option<String>,
    answer: Answer,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    Resolved(Vec<Package>),
    Failed { class: String, message: String, about: Option<String> },
    TimedOut { limit: f64 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Package {
    name: String,
    version: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    from_source: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    direct: bool,
}

impl Record {
    /// The record of an outcome; `None` for what may be another one tomorrow.
    pub(super) fn of(key: &str, outcome: &Outcome) -> Option<Self> {
        let answer = match &outcome.status {
            Status::Resolved(chosen) => Answer::Resolved(chosen.iter().map(package).collect()),
            Status::Failed(failure) if !failure.class.may_pass() => Answer::Failed {
                class: failure.class.id().to_owned(),
                message: failure.message.clone(),
                about: failure.about.clone(),
            },
            Status::TimedOut(limit) => Answer::TimedOut { limit: limit.as_secs_f64() },
            Status::Failed(_) | Status::NotTried(_) => return None,
        };
        let Outcome { status: _, seconds, at, taken: _, log } = outcome;
        Some(Self {
            version: VERSION,
            key: key.to_owned(),
            at: *at,
            seconds: *seconds,
            log: log.clone(),
            answer,
        })
    }

    /// The outcome, unless it is a time-out and there is more time now.
    pub(super) fn outcome(&self, limit: Duration) -> Option<Outcome> {
        let status = match &self.answer {
            Answer::Resolved(packages) => Status::Resolved(packages.iter().map(chosen).collect()),
            Answer::Failed { class, message, about } => Status::Failed(Failure {
                class: FailureClass::of_id(class)?,
                message: message.clone(),
                about: about.clone(),
            }),
            Answer::TimedOut { limit: before } => {
                let before = Duration::try_from_secs_f64(*before).ok()?;
                if limit > before {
                    return None;
                }
                Status::TimedOut(before)
            }
        };
        Some(Outcome { status, seconds: self.seconds, at: self.at, taken: true, log: self.log.clone() })
    }

    pub(super) fn to_line(&self) -> String {
        // A record is of texts and numbers alone, which always have a JSON form.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    pub(super) fn of_line(line: &[u8]) -> Option<Self> {
        let record: Self = serde_json::from_slice(line).ok()?;
        (record.version == VERSION).then_some(record)
    }
}

/// The key of a question: what all `parts` say, in their order.
pub(super) fn key(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(VERSION.to_le_bytes());
    // Another uvshift may read the same output in another way.
    hash.update(env!("CARGO_PKG_VERSION").as_bytes());
    for part in parts {
        // With its length, so that no two lists of parts are one text.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn package(chosen: &Chosen) -> Package {
    let Chosen { name, version, from_source, direct } = chosen.clone();
    Package { name, version, from_source, direct }
}

fn chosen(package: &Package) -> Chosen {
    let Package { name, version, from_source, direct } = package.clone();
    Chosen { name, version, from_source, direct }
}
