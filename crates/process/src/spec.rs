//! What to run: program, arguments, folder, environment, time limit and secrets.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::quote::quote;
use crate::redact::redact;

/// A command that has not been run yet.
///
/// [`Display`](fmt::Display) gives a line that can be pasted into a shell, without secrets: `{}` is the program and its
/// arguments, `{:#}` puts the folder and the environment settings before it.
#[derive(Clone, PartialEq, Eq)]
pub struct CommandSpec {
    program: OsString,
    args: Vec<OsString>,
    current_dir: Option<PathBuf>,
    env: Vec<(OsString, OsString)>,
    env_remove: Vec<String>,
    timeout: Duration,
    secrets: Vec<String>,
}

impl CommandSpec {
    /// The time limit of a command that sets none.
    pub const DEFAULT_TIMEOUT: Duration = Duration::from_mins(10);

    /// A command without arguments, in the caller's folder and environment, limited to
    /// [`DEFAULT_TIMEOUT`](Self::DEFAULT_TIMEOUT).
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            current_dir: None,
            env: Vec::new(),
            env_remove: Vec::new(),
            timeout: Self::DEFAULT_TIMEOUT,
            secrets: Vec::new(),
        }
    }

    /// The same with another program and other arguments.
    pub(crate) fn with_program(mut self, program: impl Into<OsString>, args: Vec<OsString>) -> Self {
        self.program = program.into();
        self.args = args;
        self
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds several arguments.
    #[must_use]
    pub fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Runs the command in `folder`.
    #[must_use]
    pub fn current_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.current_dir = Some(folder.into());
        self
    }

    /// Sets a variable, also when [`env_remove`](Self::env_remove) names it; the last value given wins.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        let name = name.into();
        self.env.retain(|(present, _)| *present != name);
        self.env.push((name, value.into()));
        self
    }

    /// Keeps a variable of the caller from the command. A name that ends in `*` stands for all that begin so.
    #[must_use]
    pub fn env_remove(mut self, pattern: impl Into<String>) -> Self {
        self.env_remove.push(pattern.into());
        self
    }

    /// Ends the command and all it started after `limit`.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Names a text that may not be shown: it becomes `****` in the displayed command, in live lines, in errors and
    /// in the captured standard error. Standard output is data and stays as it is.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secrets.push(secret.into());
        // The longest first: a secret that is the beginning of another one may not leave the rest of it visible.
        self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        self
    }

    /// The program as it was given: a name to look up in `PATH`, or a path.
    pub fn program(&self) -> &OsStr {
        &self.program
    }

    /// The arguments, without the program.
    pub fn arguments(&self) -> &[OsString] {
        &self.args
    }

    /// The folder the command runs in, if it is not the caller's.
    pub fn folder(&self) -> Option<&Path> {
        self.current_dir.as_deref()
    }

    /// The variables that are set.
    pub fn variables(&self) -> &[(OsString, OsString)] {
        &self.env
    }

    /// The time limit.
    pub fn limit(&self) -> Duration {
        self.timeout
    }

    /// Whether a variable of the caller is kept from the command.
    pub fn removes(&self, name: &OsStr) -> bool {
        let name = name.to_string_lossy();
        self.env_remove.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(prefix) => name.get(..prefix.len()).is_some_and(|start| same_name(start, prefix)),
            None => same_name(&name, pattern),
        })
    }

    /// `text` with the secrets of this command and the credentials of any URL replaced by `****`.
    pub fn redact(&self, text: &str) -> String {
        redact(text, &self.secrets)
    }

    fn shown(&self, value: &OsStr) -> String {
        // Only a text can be searched for secrets. What is not one keeps its odd bytes, but only if it holds none.
        let lossy = value.to_string_lossy();
        let redacted = self.redact(&lossy);
        if redacted == lossy { quote(value) } else { quote(OsStr::new(&redacted)) }
    }
}

/// Names of variables are compared without case where the system does so.
fn same_name(left: &str, right: &str) -> bool {
    if cfg!(windows) { left.eq_ignore_ascii_case(right) } else { left == right }
}

impl fmt::Display for CommandSpec {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if formatter.alternate() {
            if let Some(folder) = &self.current_dir {
                write!(formatter, "cd {} && ", self.shown(folder.as_os_str()))?;
            }
            for (name, value) in &self.env {
                write!(formatter, "{}={} ", name.to_string_lossy(), self.shown(value))?;
            }
        }
        formatter.write_str(&self.shown(&self.program))?;
        for arg in &self.args {
            write!(formatter, " {}", self.shown(arg))?;
        }
        Ok(())
    }
}

// Written by hand, so that a secret does not reach a log through `{:?}`.
impl fmt::Debug for CommandSpec {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CommandSpec")
            .field("line", &format!("{self:#}"))
            .field("env_remove", &self.env_remove)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_is_the_plain_line_and_the_alternate_one_has_folder_and_variables() {
        let spec = CommandSpec::new("uv")
            .args(["lock", "-p", "3.12"])
            .current_dir("/a b")
            .env("UV_OFFLINE", "0")
            .env("UV_OFFLINE", "1");
        assert_eq!(spec.to_string(), "uv lock -p 3.12");
        assert_eq!(format!("{spec:#}"), "cd '/a b' && UV_OFFLINE=1 uv lock -p 3.12");
    }

    #[test]
    fn secrets_are_in_neither_form_nor_in_debug() {
        let spec =
            CommandSpec::new("tool").arg("--token=abc").env("TOKEN", "abcdef").secret("abc").secret("abcdef");
        for shown in [format!("{spec}"), format!("{spec:#}"), format!("{spec:?}")] {
            assert!(!shown.contains("abc") && !shown.contains("def\""), "{shown}");
        }
        assert_eq!(spec.to_string(), "tool '--token=****'");
    }

    #[test]
    fn names_and_prefixes_are_removed() {
        let spec = CommandSpec::new("uv").env_remove("PIP_*").env_remove("VIRTUAL_ENV");
        for (name, removed) in
            [("PIP_INDEX_URL", true), ("PIP", false), ("VIRTUAL_ENV", true), ("VIRTUAL_ENV_PROMPT", false)]
        {
            assert_eq!(spec.removes(OsStr::new(name)), removed, "{name}");
        }
    }
}
