//! Running a command: the trait, and the one that really does it.

mod group;
mod launch;
mod lines;
mod measure;

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::capture::Capture;
use crate::error::ProcessError;
use crate::output::{Output, Status, tail};
use crate::spec::CommandSpec;
pub use launch::launch;
use lines::LineSplitter;
pub use measure::{Measured, Measurer, SystemMeasurer};

/// One of the two streams that a command writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error, where tools report progress.
    Stderr,
}

/// Something that runs commands, also several at the same time. Tests put a double here.
pub trait Runner: Sync {
    /// Runs a command to its end and hands every line to `on_line` as it comes, redacted and without its line end.
    ///
    /// A command that ends with a status other than 0 is an [`Output`], not an error; see [`Output::checked`].
    fn run_with(
        &self,
        spec: &CommandSpec,
        on_line: &mut dyn FnMut(Stream, &str),
    ) -> Result<Output, ProcessError>;

    /// Runs a command to its end.
    fn run(&self, spec: &CommandSpec) -> Result<Output, ProcessError> {
        self.run_with(spec, &mut |_, _| {})
    }
}

/// Runs commands on this machine, each as a process group of its own.
///
/// Being a group of its own, a command does not hear the Ctrl-C that ends its caller. A caller that wants to pass it on
/// sets the flag of [`interrupted_by`](Self::interrupted_by) in its signal handler.
#[derive(Debug, Clone)]
pub struct SystemRunner {
    capture_limit: usize,
    interrupt: Arc<AtomicBool>,
}

/// How often the end of the command and the interrupt flag are looked at while it says nothing.
const TICK: Duration = Duration::from_millis(20);

/// How long the streams of an ended command may stay open, because something it left behind still holds them.
const LINGER: Duration = Duration::from_millis(500);

impl Default for SystemRunner {
    fn default() -> Self {
        Self { capture_limit: 16 << 20, interrupt: Arc::default() }
    }
}

impl SystemRunner {
    /// A runner that keeps up to 16 MiB of each stream.
    pub fn new() -> Self {
        Self::default()
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
}

impl Runner for SystemRunner {
    fn run_with(
        &self,
        spec: &CommandSpec,
        on_line: &mut dyn FnMut(Stream, &str),
    ) -> Result<Output, ProcessError> {
        if self.interrupt.load(Ordering::Relaxed) {
            return Err(ProcessError::Interrupted { command: spec.to_string() });
        }
        let started = Instant::now();
        let mut child = start(spec, Stdio::piped(), Stdio::piped())?;
        let mut streams = Streams::new(self.capture_limit, spec, on_line);
        let chunks = read_both(&mut child);
        let ended = self.follow(spec, started, &mut child, &chunks, &mut streams);
        if !matches!(ended, Ok(Ending::Exited)) {
            group::end(&mut child);
        }
        let status = child.wait();
        let (stdout, stderr, left_out) = streams.finish();
        let command = || spec.to_string();
        match ended.and_then(|ending| Ok((ending, status?))) {
            Ok((Ending::Exited, status)) => {
                let status = Status::from(status);
                Ok(Output { status, stdout, stderr, left_out, duration: started.elapsed() })
            }
            Ok((Ending::TimedOut, _)) => {
                let stderr = tail(&stderr);
                Err(ProcessError::TimedOut { command: command(), after: spec.limit(), stderr })
            }
            Ok((Ending::Interrupted, _)) => Err(ProcessError::Interrupted { command: command() }),
            Err(source) => Err(ProcessError::Wait { command: command(), source }),
        }
    }
}

/// Why following a command came to an end.
enum Ending {
    Exited,
    TimedOut,
    Interrupted,
}

impl SystemRunner {
    /// Takes in what the command says until it is over, out of time, or to be interrupted.
    fn follow(
        &self,
        spec: &CommandSpec,
        started: Instant,
        child: &mut Child,
        chunks: &Receiver<Chunk>,
        streams: &mut Streams<'_>,
    ) -> io::Result<Ending> {
        let mut silent = false;
        let mut pause = Duration::from_millis(1);
        let mut exited: Option<Instant> = None;
        loop {
            if exited.is_none() && group::has_exited(child)? {
                exited = Some(Instant::now());
            }
            if exited.is_some_and(|at| silent || at.elapsed() >= LINGER) {
                return Ok(Ending::Exited);
            }
            if self.interrupt.load(Ordering::Relaxed) {
                return Ok(Ending::Interrupted);
            }
            let left = spec.limit().saturating_sub(started.elapsed());
            // An exited command is never out of time: it only lingers.
            if left.is_zero() && exited.is_none() {
                return Ok(Ending::TimedOut);
            }
            if silent {
                // Both streams are closed, so the end is near: ask often at first.
                thread::sleep(pause.min(left));
                pause = (pause * 2).min(TICK);
                continue;
            }
            match chunks.recv_timeout(if exited.is_some() { TICK } else { TICK.min(left) }) {
                Ok((stream, bytes)) => streams.take(stream, &bytes),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => silent = true,
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that starts programs")]
fn start(spec: &CommandSpec, stdout: Stdio, stderr: Stdio) -> Result<Child, ProcessError> {
    let mut command = Command::new(spec.program());
    command.args(spec.arguments()).stdin(Stdio::null()).stdout(stdout).stderr(stderr);
    if let Some(folder) = spec.folder() {
        // The system would answer "not found", as if the program were missing.
        if !folder.is_dir() {
            return Err(ProcessError::Folder { folder: folder.to_owned(), command: spec.to_string() });
        }
        command.current_dir(folder);
    }
    for (name, _) in std::env::vars_os().filter(|(name, _)| spec.removes(name)) {
        command.env_remove(name);
    }
    command.envs(spec.variables().iter().map(|(name, value)| (name, value)));
    group::separate(&mut command);
    command.spawn().map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => {
            ProcessError::NotFound { program: spec.redact(&spec.program().to_string_lossy()) }
        }
        _ => ProcessError::Spawn { command: spec.to_string(), source },
    })
}

/// What one read gave.
type Chunk = (Stream, Vec<u8>);

/// Reads both streams at the same time: a command that fills one pipe while the other is read would wait for ever.
fn read_both(child: &mut Child) -> Receiver<Chunk> {
    // Bounded, so that a command that writes faster than its lines are handled is slowed down.
    let (sender, chunks) = sync_channel(16);
    if let Some(stdout) = child.stdout.take() {
        let sender = sender.clone();
        thread::spawn(move || forward(stdout, Stream::Stdout, &sender));
    }
    if let Some(stderr) = child.stderr.take() {
        thread::spawn(move || forward(stderr, Stream::Stderr, &sender));
    }
    chunks
}

fn forward(mut pipe: impl Read, stream: Stream, chunks: &SyncSender<Chunk>) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match pipe.read(&mut buffer) {
            Ok(0) => return,
            // Nobody listens any more when something that outlived the command still holds the pipe.
            Ok(length) if chunks.send((stream, buffer[..length].to_vec())).is_err() => return,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// Both streams on their way to the caller: as lines now, as a whole at the end.
struct Streams<'a> {
    spec: &'a CommandSpec,
    on_line: &'a mut dyn FnMut(Stream, &str),
    stdout: (LineSplitter, Capture),
    stderr: (LineSplitter, Capture),
}

impl<'a> Streams<'a> {
    fn new(limit: usize, spec: &'a CommandSpec, on_line: &'a mut dyn FnMut(Stream, &str)) -> Self {
        let both = || (LineSplitter::default(), Capture::new(limit));
        Self { spec, on_line, stdout: both(), stderr: both() }
    }

    fn take(&mut self, stream: Stream, bytes: &[u8]) {
        let (lines, capture) = match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        };
        capture.push(bytes);
        lines.push(bytes, |line| (self.on_line)(stream, &self.spec.redact(line)));
    }

    /// Hands on what came after the last line end; gives both streams whole and the number of bytes left out.
    fn finish(self) -> (Vec<u8>, String, u64) {
        let Self { spec, on_line, stdout: (out_rest, stdout), stderr: (err_rest, stderr) } = self;
        out_rest.finish(|line| on_line(Stream::Stdout, &spec.redact(line)));
        err_rest.finish(|line| on_line(Stream::Stderr, &spec.redact(line)));
        let (stdout, stdout_left_out) = stdout.finish();
        let (stderr, stderr_left_out) = stderr.finish();
        (stdout, spec.redact(&String::from_utf8_lossy(&stderr)), stdout_left_out + stderr_left_out)
    }
}
