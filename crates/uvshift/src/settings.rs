//! Flags and environment together. Nothing else in uvshift reads the environment.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::args::{Color, Format, GlobalArgs};

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

/// What every command needs to know of its surroundings.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) format: Format,
    pub(crate) verbosity: Verbosity,
    pub(crate) colour: Colour,
    pub(crate) terminal: Terminal,
    /// `PATH`
    pub(crate) path: OsString,
    /// `UVSHIFT_UV`
    pub(crate) uv: Option<PathBuf>,
    /// Where a private copy of uv lives.
    pub(crate) cache: Option<PathBuf>,
}

/// Whether each stream is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour {
    pub(crate) stdout: bool,
    pub(crate) stderr: bool,
}

/// What a person can see and answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terminal {
    /// Questions can be asked.
    pub(crate) prompts: bool,
    /// Progress can be shown.
    pub(crate) progress: bool,
}

impl Settings {
    pub(crate) fn from_environment(global: &GlobalArgs) -> Self {
        let GlobalArgs { format, quiet, verbose, color, no_progress } = global;
        let verbosity = match (quiet, verbose) {
            (true, _) => Verbosity::Quiet,
            (false, true) => Verbosity::Verbose,
            (false, false) => Verbosity::Normal,
        };
        let (stdout, stderr) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let coloured = |terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && variable("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        Self {
            format: *format,
            verbosity,
            colour: Colour { stdout: coloured(stdout) && *format == Format::Text, stderr: coloured(stderr) },
            terminal: Terminal {
                prompts: std::io::stdin().is_terminal() && stderr && *format == Format::Text,
                progress: stderr && !no_progress && verbosity != Verbosity::Quiet,
            },
            path: variable("PATH").unwrap_or_default(),
            uv: variable("UVSHIFT_UV").filter(|path| !path.is_empty()).map(PathBuf::from),
            cache: etcetera::choose_base_strategy().ok().map(|base| base.cache_dir().join("uvshift")),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}
