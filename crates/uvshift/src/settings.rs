//! Flags and environment together. Nothing else in uvshift reads the environment.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use etcetera::BaseStrategy;
use uvshift_migrate::inventory::Day;

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
    /// The day in UTC, or that of `SOURCE_DATE_EPOCH`.
    pub(crate) today: Day,
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
            Color::Auto => {
                terminal && variable("NO_COLOR").is_none_or(|value| value.is_empty()) && console_has_colours()
            }
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
            today: Day::of_unix(now()),
        }
    }
}

/// Seconds since 1970. `SOURCE_DATE_EPOCH` makes the same output come out tomorrow, as it does for builds.
pub(crate) fn now() -> u64 {
    let given = variable("SOURCE_DATE_EPOCH").and_then(|value| value.to_str()?.trim().parse().ok());
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    given.unwrap_or_else(clock)
}

/// Whether the console shows colours. One of Windows has to be told first that there will be some.
fn console_has_colours() -> bool {
    #[cfg(windows)]
    return anstyle_query::windows::enable_ansi_colors().unwrap_or(true);
    #[cfg(not(windows))]
    true
}

/// The home of the user.
pub(crate) fn home() -> Option<PathBuf> {
    etcetera::home_dir().ok()
}

#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}
