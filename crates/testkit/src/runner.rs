//! A runner that runs nothing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use uvshift_process::{CommandSpec, Output, ProcessError, Runner, Status, Stream};

type Answer = dyn FnMut(&CommandSpec) -> Result<Output, ProcessError> + Send;

/// Answers commands with a function and remembers them.
pub struct FakeRunner {
    answer: Mutex<Box<Answer>>,
    calls: Mutex<Vec<CommandSpec>>,
}

impl FakeRunner {
    /// A runner whose commands come to what `answer` says; it may also do to the project what the command would.
    pub fn new(answer: impl FnMut(&CommandSpec) -> Result<Output, ProcessError> + Send + 'static) -> Self {
        Self { answer: Mutex::new(Box::new(answer)), calls: Mutex::default() }
    }

    /// The commands so far, in order.
    pub fn calls(&self) -> Vec<CommandSpec> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The commands so far, as lines.
    pub fn lines(&self) -> Vec<String> {
        self.calls().iter().map(ToString::to_string).collect()
    }
}

impl Runner for FakeRunner {
    fn run_with(
        &self,
        spec: &CommandSpec,
        on_line: &mut dyn FnMut(Stream, &str),
    ) -> Result<Output, ProcessError> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(spec.clone());
        let output = (self.answer.lock().unwrap_or_else(PoisonError::into_inner))(spec)?;
        output.stdout_text().lines().for_each(|line| on_line(Stream::Stdout, line));
        output.stderr.lines().for_each(|line| on_line(Stream::Stderr, line));
        Ok(output)
    }
}

/// What a command could have come to.
pub fn output(code: i32, stdout: &str, stderr: &str) -> Output {
    Output {
        status: Status::exited(code),
        stdout: stdout.into(),
        stderr: stderr.to_owned(),
        left_out: 0,
        duration: Duration::ZERO,
    }
}
