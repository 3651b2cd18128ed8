//! Measuring one command: time, work of the processors, peak memory.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;
use wait4::{ResUse, Wait4 as _};

use super::launch::{self, Usage};
use super::{TICK, group, start};
use crate::capture::Capture;
use crate::error::ProcessError;
use crate::output::{Output, Status, tail};
use crate::spec::CommandSpec;

/// What one command took, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// How it ended.
    pub status: Status,
    /// From just before the program was started to just after its end was known.
    pub wall: Duration,
    /// Time of the processors in the program and in the children it waited for. On Windows without its children.
    pub user: Duration,
    /// Time of the processors in the kernel for them.
    pub system: Duration,
    /// The peak resident memory, in bytes, of the *largest single process* among the program and the children it waited
    /// for, not of all of them together. On Windows that of the program alone. `None` where the system does not tell.
    pub peak_memory: Option<u64>,
    /// Standard output as it came, secrets included: it is data for the caller, not text for a person.
    pub stdout: Vec<u8>,
    /// Standard error, redacted, with U+FFFD for what is not UTF-8.
    pub stderr: String,
    /// How many bytes of both streams together were left out of the middle because they exceeded the limit.
    pub left_out: u64,
}

impl Measured {
    /// The same without what was measured.
    pub fn into_output(self) -> Output {
        let Self { status, wall, stdout, stderr, left_out, .. } = self;
        Output { status, stdout, stderr, left_out, duration: wall }
    }
}

/// Something that runs a command and measures it. Tests put a double here.
pub trait Measurer: Sync {
    /// Runs a command to its end and tells what it took.
    ///
    /// A command that ends with a status other than 0 is a [`Measured`], not an error. One that ran into its time limit or
    /// was interrupted has no figures, it is an error.
    fn measure(&self, spec: &CommandSpec) -> Result<Measured, ProcessError>;
}

/// Measures commands on this machine, each as a process group of its own.
///
/// What a command writes goes to two nameless temporary files and is read back when it is over: while it runs, this
/// process sleeps in the kernel, but for a thread that looks at the time limit and the interrupt flag every 20 ms. Whatever
/// of the group is left when the command ends is ended too, so that it cannot disturb the next measurement.
#[derive(Debug, Clone)]
pub struct SystemMeasurer {
    folder: PathBuf,
    capture_limit: usize,
    interrupt: Arc<AtomicBool>,
    launcher: Option<Launcher>,
}

/// A program that calls [`launch`](super::launch::launch), and the arguments that have it do so.
#[derive(Debug, Clone)]
struct Launcher {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl SystemMeasurer {
    /// A measurer that has its temporary files in `folder`, which exists, and keeps at most 4 MiB of each stream.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), capture_limit: 4 << 20, interrupt: Arc::default(), launcher: None }
    }

    /// Keeps at most `bytes` of each stream: the first and the last half of them.
    #[must_use]
    pub fn capture_limit(mut self, bytes: usize) -> Self {
        self.capture_limit = bytes;
        self
    }

    /// Ends the running command, and refuses the next ones, once `flag` is set.
    #[must_use]
    pub fn interrupted_by(mut self, flag: Arc<AtomicBool>) -> Self {
        self.interrupt = flag;
        self
    }

    /// Has each command started and measured by a small process: by `program`, which calls [`launch`](crate::launch) when it
    /// is given these arguments. Without it, Linux tells no peak memory of a command below that of this process.
    #[must_use]
    pub fn through<A: Into<OsString>>(
        mut self,
        program: impl Into<PathBuf>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        self.launcher = Some(Launcher { program: program.into(), arguments });
        self
    }

    /// The command as it is started, and the file in which the small process writes down what it took.
    fn launched(&self, spec: &CommandSpec) -> Result<Option<(CommandSpec, NamedTempFile)>, ProcessError> {
        let Some(Launcher { program, arguments }) = &self.launcher else { return Ok(None) };
        let file = NamedTempFile::new_in(&self.folder)
            .map_err(|source| ProcessError::Spawn { command: spec.to_string(), source })?;
        let mut inner = arguments.clone();
        inner.push(file.path().as_os_str().to_owned());
        inner.push(spec.program().to_owned());
        inner.extend_from_slice(spec.arguments());
        Ok(Some((spec.clone().with_program(program, inner), file)))
    }

    /// A file for one stream, twice: for the command to write, and to read back.
    fn stream_file(&self, spec: &CommandSpec) -> Result<(Stdio, File), ProcessError> {
        let open = || {
            let file = tempfile::tempfile_in(&self.folder)?;
            Ok((Stdio::from(file.try_clone()?), file))
        };
        open().map_err(|source| ProcessError::Spawn { command: spec.to_string(), source })
    }
}

impl Measurer for SystemMeasurer {
    fn measure(&self, spec: &CommandSpec) -> Result<Measured, ProcessError> {
        if self.interrupt.load(Ordering::Relaxed) {
            return Err(ProcessError::Interrupted { command: spec.to_string() });
        }
        let (stdout, stdout_file) = self.stream_file(spec)?;
        let (stderr, stderr_file) = self.stream_file(spec)?;
        let launched = self.launched(spec)?;
        let started = Instant::now();
        let child = start(launched.as_ref().map_or(spec, |(launched, _)| launched), stdout, stderr)?;
        let (ended, used, wall) = self.wait(spec, started, child);
        let (stdout, stdout_left_out) = self.read_back(stdout_file);
        let (stderr, stderr_left_out) = self.read_back(stderr_file);
        let stderr = spec.redact(&String::from_utf8_lossy(&stderr));
        let command = || spec.to_string();
        match ended {
            Some(Cut::TimedOut) => {
                let stderr = tail(&stderr);
                return Err(ProcessError::TimedOut { command: command(), after: spec.limit(), stderr });
            }
            Some(Cut::Interrupted) => return Err(ProcessError::Interrupted { command: command() }),
            None => {}
        }
        let ResUse { status, rusage } =
            used.map_err(|source| ProcessError::Wait { command: command(), source })?;
        let usage = match &launched {
            Some((_, file)) => {
                launch::read(file.path(), status).map_err(|source| not_started(spec, source))?
            }
            None => Usage {
                status: Status::from(status),
                wall,
                user: rusage.utime,
                system: rusage.stime,
                peak_memory: rusage.maxrss,
            },
        };
        Ok(Measured {
            status: usage.status,
            wall: usage.wall,
            user: usage.user,
            system: usage.system,
            peak_memory: (usage.peak_memory > 0).then_some(usage.peak_memory),
            stdout,
            stderr,
            left_out: stdout_left_out + stderr_left_out,
        })
    }
}

/// Why the small process could not start the command.
fn not_started(spec: &CommandSpec, source: io::Error) -> ProcessError {
    match source.kind() {
        io::ErrorKind::NotFound => {
            ProcessError::NotFound { program: spec.redact(&spec.program().to_string_lossy()) }
        }
        _ => ProcessError::Spawn { command: spec.to_string(), source },
    }
}

/// Why a command was ended before its time.
#[derive(Clone, Copy)]
enum Cut {
    TimedOut,
    Interrupted,
}

/// What the one who waits and the one who watches tell each other.
#[derive(Default)]
struct Watch {
    exited: bool,
    cut: Option<Cut>,
}

impl SystemMeasurer {
    /// Waits for the end of the command, which the watcher may bring about.
    fn wait(
        &self,
        spec: &CommandSpec,
        started: Instant,
        mut child: Child,
    ) -> (Option<Cut>, io::Result<ResUse>, Duration) {
        let group = group::Group::of(&child);
        let state = (Mutex::new(Watch::default()), Condvar::new());
        thread::scope(|scope| {
            let watcher = thread::Builder::new()
                .name("watcher".to_owned())
                .spawn_scoped(scope, || self.watch(spec, started, group, &state));
            if let Err(error) = watcher {
                // Nobody would end it when its time is over.
                group.kill();
                return (None, child.wait().and(Err(error)), started.elapsed());
            }
            let exited = group::wait_for_exit(&mut child);
            // From here on the watcher sends no signals, so the number of the command may be given back.
            let mut shared = locked(&state.0);
            shared.exited = true;
            let cut = shared.cut;
            #[cfg(unix)]
            group.kill();
            drop(shared);
            let used = exited.and_then(|()| child.wait4());
            let wall = started.elapsed();
            state.1.notify_all();
            (cut, used, wall)
        })
    }

    /// Ends the group when its time is over or the caller wants to stop, first by asking, later by force.
    fn watch(
        &self,
        spec: &CommandSpec,
        started: Instant,
        group: group::Group,
        (shared, changed): &(Mutex<Watch>, Condvar),
    ) {
        let mut asked: Option<Instant> = None;
        let mut watch = locked(shared);
        while !watch.exited {
            let left = spec.limit().saturating_sub(started.elapsed());
            match asked {
                Some(at) if at.elapsed() >= group::GRACE => group.kill(),
                Some(_) => {}
                None => {
                    let interrupted = self.interrupt.load(Ordering::Relaxed);
                    if interrupted || left.is_zero() {
                        watch.cut = Some(if interrupted { Cut::Interrupted } else { Cut::TimedOut });
                        group.ask();
                        asked = Some(Instant::now());
                    }
                }
            }
            let pause = if asked.is_some() { TICK } else { TICK.min(left) };
            watch = changed.wait_timeout(watch, pause).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The first and the last bytes of what a command wrote, and how many are left out between them.
    fn read_back(&self, mut file: File) -> (Vec<u8>, u64) {
        let mut capture = Capture::new(self.capture_limit);
        let half = (self.capture_limit as u64 / 2).max(1);
        // What cannot be read back is as if it had not been said; the figures stand.
        let _ = (|| -> io::Result<()> {
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(0))?;
            let mut head = Vec::new();
            (&mut file).take(half.min(length)).read_to_end(&mut head)?;
            capture.push(&head);
            let rest = length.saturating_sub(half);
            if let Some(skipped) = rest.checked_sub(half) {
                file.seek(SeekFrom::Start(length - half))?;
                capture.skip(skipped);
            }
            let mut end = Vec::new();
            (&mut file).take(half.min(rest)).read_to_end(&mut end)?;
            capture.push(&end);
            Ok(())
        })();
        capture.finish()
    }
}

fn locked(shared: &Mutex<Watch>) -> MutexGuard<'_, Watch> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
