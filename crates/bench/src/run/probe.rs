//! Asking the tools what they are, and getting the pips ready.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use uvshift_process::{CommandSpec, Measured, Measurer, ProcessError};

use super::disk::Disk;
use super::error::RunError;
use super::expected;
use super::surroundings::Surroundings;
use super::{Plan, Tools};

/// What a Python says of itself.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Python {
    /// Such as `3.11.7`.
    pub(super) version: String,
    /// The minor version.
    pub(super) minor: u32,
    /// The folder of its pip.
    pub(super) pip: Option<PathBuf>,
    /// The version of its pip.
    pub(super) pip_version: Option<String>,
}

const QUESTION: &str = "
import json, os, platform, sys
pip = version = None
try:
    import pip as module
    pip, version = os.path.dirname(os.path.abspath(module.__file__)), module.__version__
except ImportError:
    pass
if sys.version_info[0] != 3:
    sys.exit('this is not Python 3')
print(json.dumps({'version': platform.python_version(), 'minor': sys.version_info[1], 'pip': pip, 'pip_version': version}))
";

/// Asks the given Python.
pub(super) fn python(
    tools: &Tools,
    surroundings: &Surroundings,
    measurer: &dyn Measurer,
) -> Result<Python, RunError> {
    // Isolated, so that nothing of the folder or the user is imported.
    let spec = surroundings.dress(CommandSpec::new(&tools.python).args(["-I", "-c", QUESTION]));
    let answer = ask("Python", &spec, measurer)?;
    serde_json::from_str(&answer).map_err(|_| RunError::Answer { tool: "Python", answer: beginning(&answer) })
}

/// The version of uv.
pub(super) fn uv(
    tools: &Tools,
    surroundings: &Surroundings,
    measurer: &dyn Measurer,
) -> Result<String, RunError> {
    let answer = ask("uv", &surroundings.dress(CommandSpec::new(&tools.uv).arg("--version")), measurer)?;
    let version = answer.strip_prefix("uv ").and_then(|rest| rest.split_whitespace().next());
    version.map(str::to_owned).ok_or_else(|| RunError::Answer { tool: "uv", answer: beginning(&answer) })
}

fn ask(tool: &'static str, spec: &CommandSpec, measurer: &dyn Measurer) -> Result<String, RunError> {
    let answer = measurer.measure(spec).map_err(|source| RunError::Tool { tool, source })?;
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    answer.into_output().checked(spec).map_err(|source| RunError::Tool { tool, source })?;
    Ok(text)
}

fn beginning(text: &str) -> String {
    text.trim().chars().take(80).collect()
}

/// A pip that any Python can run: what to hand to it, and its version.
#[derive(Debug, Clone)]
pub(super) struct Pip {
    pub(super) start: PathBuf,
    pub(super) version: String,
}

/// The pip of the given Python. `None`: it has none.
///
/// Since 22.2, pip comes with a file that runs exactly this copy of pip in another environment; it is what `pip --python` starts,
/// and saves the process that starts it. A private copy of the same version stands in for an older one.
pub(super) fn pip_of(python: &Python, maker: &Maker<'_>) -> Result<Option<Pip>, String> {
    let (Some(folder), Some(version)) = (&python.pip, &python.pip_version) else { return Ok(None) };
    let start = folder.join("__pip-runner__.py");
    if start.is_file() {
        return Ok(Some(Pip { start, version: version.clone() }));
    }
    maker.make("given", &format!("pip=={version}")).map(Some)
}

/// Puts pips into folders of their own.
pub(super) struct Maker<'a> {
    pub(super) plan: &'a Plan,
    pub(super) tools: &'a Tools,
    pub(super) surroundings: &'a Surroundings,
    pub(super) measurer: &'a dyn Measurer,
    pub(super) disk: &'a Disk,
    pub(super) cache: &'a Path,
}

impl Maker<'_> {
    /// Installs `requirement`, which is of pip, into the folder `name`. The error is a line for people.
    pub(super) fn make(&self, name: &str, requirement: &str) -> Result<Pip, String> {
        let folder = self.disk.make_new(&format!("pips/{name}")).map_err(|error| error.to_string())?;
        let index = &self.plan.index;
        let mut spec = CommandSpec::new(&self.tools.uv)
            .args(["pip", "install", "--no-deps", "--compile-bytecode", "--python"])
            .arg(&self.tools.python)
            .arg("--target")
            .arg(&folder)
            .arg("--cache-dir")
            .arg(self.cache)
            .args(&index.extra_uv_args);
        spec = index.links(spec, ("UV_FIND_LINKS", ","));
        let spec = self.surroundings.dress(spec.arg(requirement));
        checked(self.measurer.measure(&spec), &spec)?;
        let packages = expected::in_folder(&folder);
        let version = packages.get("pip").cloned().flatten();
        let version = version.ok_or_else(|| "it was not where uv had put it".to_owned())?;
        let runner = folder.join("pip/__pip-runner__.py");
        let start = if runner.is_file() { runner } else { folder.join("pip") };
        Ok(Pip { start, version })
    }
}

/// A command that ended well, or a line that says why not.
pub(super) fn checked(
    measured: Result<Measured, ProcessError>,
    spec: &CommandSpec,
) -> Result<Measured, String> {
    let measured = measured.map_err(|error| in_words(&error))?;
    if measured.status.success() {
        return Ok(measured);
    }
    // pip tells some of its errors on standard output.
    let said = if measured.stderr.trim().is_empty() {
        spec.redact(&String::from_utf8_lossy(&measured.stdout))
    } else {
        measured.stderr
    };
    Err(format!("{}: {}", measured.status, essence(&said)))
}

/// An error with what the command said at the end.
pub(super) fn in_words(error: &ProcessError) -> String {
    match (error, error.stderr()) {
        (ProcessError::TimedOut { after, .. }, _) => {
            format!("it was still running after {} s", after.as_secs_f64())
        }
        (_, Some(stderr)) => format!("{error}: {}", essence(stderr)),
        (ProcessError::Spawn { source, .. } | ProcessError::Wait { source, .. }, None) => {
            format!("{error}: {source}")
        }
        (_, None) => error.to_string(),
    }
}

/// The line that says what is wrong: the first error, or the last line.
fn essence(text: &str) -> String {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines().find(|line| {
        let line = line.to_ascii_lowercase();
        line.starts_with("error") || line.starts_with('×') || line.contains("error:")
    });
    error.or_else(|| lines().next_back()).unwrap_or("it said nothing").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_with_the_error_is_shown() {
        assert_eq!(
            essence("Collecting x\nERROR: No matching distribution\nhint\n"),
            "ERROR: No matching distribution"
        );
        assert_eq!(essence("a\nb\n\n"), "b");
        assert_eq!(essence(" \n"), "it said nothing");
    }
}
