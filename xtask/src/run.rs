//! Running other programs for the developer to see.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// The cargo that runs this program.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// The command as a line.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let mut words = words.map(OsStr::to_string_lossy);
    let program = words.next().unwrap_or_default();
    // `cargo` says more than the path of the toolchain that it was started from.
    let name = Path::new(&*program).file_stem().map_or(&*program, |stem| stem.to_str().unwrap_or(&program));
    std::iter::once(name.to_owned()).chain(words.map(Cow::into_owned)).collect::<Vec<_>>().join(" ")
}

/// Runs a command whose output goes straight to the terminal.
pub(crate) fn visibly(command: &mut Command) -> Outcome {
    let line = shown(command);
    println!("$ {line}");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("cannot start `{line}`: {error}")),
    }
}

/// Runs a command and gives its standard output; what it said is shown only when it fails.
pub(crate) fn quietly(command: &mut Command) -> Outcome<String> {
    let line = shown(command);
    let output = command.output().map_err(|error| format!("cannot start `{line}`: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{}\n`{line}` failed ({})", String::from_utf8_lossy(&said).trim_end(), output.status))
}

/// Whether a program answers to `--version`.
pub(crate) fn exists(command: &mut Command) -> bool {
    command.arg("--version").output().is_ok_and(|output| output.status.success())
}

/// A program in the environment `name` of `.tools/`.
pub(crate) fn tool(root: &Path, environment: &str, program: &str) -> PathBuf {
    let folder = root.join(".tools").join(environment);
    if cfg!(windows) {
        folder.join("Scripts").join(format!("{program}.exe"))
    } else {
        folder.join("bin").join(program)
    }
}
