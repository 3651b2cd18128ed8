//! The one writer to the terminal: data to stdout, talk to stderr.

use std::io::{self, Write};

use serde::Serialize;
use uvshift_diagnostics::{Diagnostic, Severity};

use crate::args::Format;
use crate::failure::Failure;
use crate::paint::Paint;
use crate::settings::{Settings, Verbosity};
use crate::{interrupt, wire};

/// Writes results and talk.
#[derive(Debug)]
pub(crate) struct Printer {
    format: Format,
    verbosity: Verbosity,
    prompts: bool,
    pub(crate) out: Paint,
    pub(crate) err: Paint,
}

impl Printer {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            format: settings.format,
            verbosity: settings.verbosity,
            prompts: settings.terminal.prompts,
            out: Paint::new(settings.colour.stdout),
            err: Paint::new(settings.colour.stderr),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    pub(crate) fn is_verbose(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }

    /// Text for people; nothing with another `--format` or with `--quiet`.
    pub(crate) fn text(&self, text: &str) -> io::Result<()> {
        if self.format != Format::Text || self.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        Self::data(text)
    }

    /// The result itself, whatever the verbosity.
    pub(crate) fn data(text: &str) -> io::Result<()> {
        Self::bytes(text.as_bytes())
    }

    /// The result itself, which need not be text.
    pub(crate) fn bytes(content: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        closed_is_fine(out.write_all(content).and_then(|()| out.flush()))
    }

    /// The result for programs.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        if !self.is_json() {
            return Ok(());
        }
        // Written as it is made: the imports of a large project are many.
        let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
        match serde_json::to_writer_pretty(&mut out, value) {
            Err(error) if error.is_io() => return Ok(closed_is_fine(Err(error.into()))?),
            written => written?,
        }
        Ok(closed_is_fine(out.write_all(b"\n").and_then(|()| out.flush()))?)
    }

    /// A word to the person.
    pub(crate) fn say(&self, text: &str) {
        if self.verbosity != Verbosity::Quiet {
            talk(text);
        }
    }

    /// A warning that has no code.
    pub(crate) fn warn(&self, text: &str) {
        if self.verbosity != Verbosity::Quiet {
            talk(&format!("{}: {text}", self.err.yellow("warning")));
        }
    }

    /// A diagnostic with what pip does, what uv does, and what to do.
    pub(crate) fn diagnostic(&self, found: &Diagnostic) {
        let least = match self.verbosity {
            Verbosity::Quiet => Severity::Error,
            Verbosity::Normal => Severity::Warning,
            Verbosity::Verbose => Severity::Note,
        };
        // What the parser notes about pip and uv is settled by the migration; what the project notes is not.
        let of_project = found.code.id().starts_with(['M', 'T']) && self.verbosity != Verbosity::Quiet;
        if self.is_json() || (found.severity < least && !of_project) {
            return;
        }
        let paint = self.err;
        let label = format!("{}[{}]", found.severity, found.code);
        let label = match found.severity {
            Severity::Error => paint.red(&label),
            Severity::Warning => paint.yellow(&label),
            Severity::Note => paint.cyan(&label),
        };
        let place = match (&found.file, found.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: "),
            (Some(file), None) => format!("{file}: "),
            _ => String::new(),
        };
        talk(&format!("{label}: {place}{}", found.message));
        for (what, text) in [("pip", &found.pip), ("uv", &found.uv), ("help", &found.help)] {
            if let Some(text) = text {
                talk(&format!("  {} {text}", paint.dim(&format!("{what}:"))));
            }
        }
    }

    /// An error with its causes and the way out.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.is_json() {
            let shown = self.json(&wire::Failed::of(failure));
            if shown.is_ok() {
                return;
            }
        }
        talk(&format!("{}: {failure}", self.err.red("error")));
        for cause in failure.causes() {
            talk(&format!("  {} {cause}", self.err.dim("cause:")));
        }
        if let Failure::Migrate(uvshift_migrate::Error::Verification { differences }) = failure {
            for difference in differences {
                talk(&format!("  {}: {}", difference.place, difference.what));
            }
        }
        if let Some(hint) = failure.hint() {
            talk(&format!("  {} {hint}", self.err.cyan("help:")));
        }
    }

    /// Asks a question; no where nobody can answer, and where Ctrl-C is the answer.
    pub(crate) fn confirm(&self, question: &str) -> io::Result<bool> {
        if !self.prompts {
            return Ok(false);
        }
        let mut err = io::stderr().lock();
        write!(err, "{} [y/N] ", self.err.bold(question))?;
        err.flush()?;
        let Some(answer) = interrupt::line()? else {
            writeln!(err)?;
            return Ok(false);
        };
        Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    }

    pub(crate) fn can_ask(&self) -> bool {
        self.prompts
    }
}

/// Talk that cannot be written has nowhere to be reported.
pub(crate) fn talk(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// A reader such as `head` may leave early.
fn closed_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
