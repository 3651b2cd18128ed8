//! What came of a command.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::error::ProcessError;
use crate::spec::CommandSpec;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The exit status; `None` when a signal ended the command.
    pub code: Option<i32>,
    /// The number of the signal that ended the command (Unix only).
    pub signal: Option<i32>,
}

impl Status {
    /// A command that ended by itself with `code`.
    pub fn exited(code: i32) -> Self {
        Self { code: Some(code), signal: None }
    }

    /// Whether the command ended with exit status 0.
    pub fn success(self) -> bool {
        self.code == Some(0)
    }
}

impl From<std::process::ExitStatus> for Status {
    fn from(status: std::process::ExitStatus) -> Self {
        #[cfg(unix)]
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        #[cfg(not(unix))]
        let signal = None;
        Self { code: status.code(), signal }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.code, self.signal) {
            (Some(code), _) => write!(formatter, "exit status {code}"),
            (None, Some(signal)) => write!(formatter, "ended by signal {signal}"),
            (None, None) => formatter.write_str("ended without a status"),
        }
    }
}

/// What a command said and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// How it ended.
    pub status: Status,
    /// Standard output as it came, secrets included: it is data for the caller, not text for a person.
    pub stdout: Vec<u8>,
    /// Standard error, redacted, with U+FFFD for what is not UTF-8.
    pub stderr: String,
    /// How many bytes of both streams together were left out of the middle because they exceeded the limit. Where
    /// they stood, the stream says so.
    pub left_out: u64,
    /// From the start to the end of the command.
    pub duration: Duration,
}

impl Output {
    /// Whether the command ended with exit status 0.
    pub fn success(&self) -> bool {
        self.status.success()
    }

    /// Standard output as text, with U+FFFD for what is not UTF-8.
    pub fn stdout_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.stdout)
    }

    /// This output, or [`ProcessError::Failed`] when the command `spec` did not end with exit status 0.
    pub fn checked(self, spec: &CommandSpec) -> Result<Self, ProcessError> {
        if self.success() {
            return Ok(self);
        }
        let stderr = tail(&self.stderr);
        Err(ProcessError::Failed { command: spec.to_string(), status: self.status, stderr })
    }
}

/// The last twenty lines: enough to hold the message of any tool, short enough to be read.
pub(crate) fn tail(text: &str) -> String {
    let text = text.trim_end();
    let start = text.rmatch_indices('\n').nth(19).map_or(0, |(at, _)| at + 1);
    text[start..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_last_twenty_lines() {
        let text = (1..=30).map(|number| number.to_string()).collect::<Vec<_>>().join("\n") + "\n";
        assert!(tail(&text).starts_with("11\n") && tail(&text).ends_with("\n30"));
        assert_eq!(tail("one\n\n"), "one");
        assert_eq!(tail(""), "");
    }
}
