//! A small process between the measuring one and the command, for the sake of the peak memory.
//!
//! On Linux the peak memory of a process counts what its parent had when it was started: a process begins as a copy of its
//! parent, and keeps the peak of that copy when it becomes another program (`exec_mmap` of the kernel hands it on). A large
//! process could not measure a small command. So the command is started by a small one, which measures it and writes
//! down what it saw.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::output::Status;

/// What a program is that serves [`SystemMeasurer::through`](crate::SystemMeasurer::through): it hands over the arguments
/// behind those that it was told, does nothing else, and ends with what this gives.
///
/// The arguments are a file to write to, a program and its arguments. The program gets the environment, the folder and the
/// streams of this process.
#[expect(clippy::disallowed_methods, reason = "it stands in for the one place that starts programs")]
pub fn launch(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let mut arguments = arguments.into_iter();
    let (Some(file), Some(program)) = (arguments.next(), arguments.next()) else { return 2 };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    let started = Instant::now();
    let text = match command.spawn().and_then(Wait4::wait4) {
        Ok(used) => {
            let wall = started.elapsed();
            let usage = Usage {
                status: Status::from(used.status),
                wall,
                user: used.rusage.utime,
                system: used.rusage.stime,
                peak_memory: used.rusage.maxrss,
            };
            usage.to_text()
        }
        Err(error) => format!("error {}\n", error.raw_os_error().unwrap_or(0)),
    };
    let write = || OpenOptions::new().write(true).truncate(true).open(file)?.write_all(text.as_bytes());
    if write().is_ok() { 0 } else { 3 }
}

/// What a launched command took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    pub(super) status: Status,
    pub(super) wall: Duration,
    pub(super) user: Duration,
    pub(super) system: Duration,
    /// In bytes; 0 where the system does not tell.
    pub(super) peak_memory: u64,
}

impl Usage {
    fn to_text(self) -> String {
        let Self { status, wall, user, system, peak_memory } = self;
        let mut text = String::new();
        let numbers = [wall.as_nanos(), user.as_nanos(), system.as_nanos(), u128::from(peak_memory)];
        for number in numbers {
            // Writing into a string cannot fail.
            let _ = write!(text, "{number} ");
        }
        let shown = |number: Option<i32>| number.map_or_else(|| "-".to_owned(), |number| number.to_string());
        let _ = writeln!(text, "{} {}", shown(status.code), shown(status.signal));
        text
    }

    fn of_text(text: &str) -> Option<Self> {
        let mut words = text.strip_suffix('\n')?.split(' ');
        let mut next = || words.next();
        let time = |word: Option<&str>| Some(Duration::from_nanos(word?.parse().ok()?));
        let (wall, user, system) = (time(next())?, time(next())?, time(next())?);
        let peak_memory = next()?.parse().ok()?;
        let (code, signal) = (next()?.parse().ok(), next()?.parse().ok());
        Some(Self { status: Status { code, signal }, wall, user, system, peak_memory })
    }
}

/// What the small process wrote down. `ended` is how it ended itself.
pub(super) fn read(file: &Path, ended: ExitStatus) -> io::Result<Usage> {
    let text = std::fs::read_to_string(file)?;
    if let Some(code) = text.strip_prefix("error ") {
        return Err(io::Error::from_raw_os_error(code.trim().parse().unwrap_or(0)));
    }
    let lost = || io::Error::other(format!("the process between said nothing and ended with {ended}"));
    Usage::of_text(&text).ok_or_else(lost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_is_read_back() {
        for status in [Status::exited(3), Status { code: None, signal: Some(9) }] {
            let usage = Usage {
                status,
                wall: Duration::from_nanos(1_234_567_890_123),
                user: Duration::from_millis(7),
                system: Duration::ZERO,
                peak_memory: 40 << 20,
            };
            assert_eq!(Usage::of_text(&usage.to_text()), Some(usage));
        }
        assert_eq!(Usage::of_text("1 2 3 4 5\n"), None);
        assert_eq!(Usage::of_text(""), None);
    }
}
