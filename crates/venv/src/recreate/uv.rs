//! The commands of uv, and what it says.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;
use uvshift_process::{CommandSpec, Output, ProcessError, Runner};

use super::requirement::Task;
use super::{Progress, PythonChoice, Recreate, RecreateError, Step};
use crate::Snapshot;

/// Downloads of many gigabytes over a slow line take that long.
const LONG: Duration = Duration::from_hours(2);

/// Variables that would make another environment of it: they add to or take away from what is asked for, or name another place.
const NOT_FOR_UV: [&str; 16] = [
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "CONDA_DEFAULT_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "UV_PYTHON",
    "UV_SYSTEM_PYTHON",
    "UV_VENV_SEED",
    "UV_VENV_CLEAR",
    "UV_VENV_RELOCATABLE",
    "UV_CONSTRAINT",
    "UV_OVERRIDE",
    "UV_EXCLUDE",
    "UV_NO_EDITABLE",
    "UV_WORKING_DIR",
    "UV_PROJECT",
];

/// The Python that an environment gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// What `--python` is given.
    pub(crate) request: OsString,
    /// Whether uv may download it.
    may_download: bool,
}

/// The Python that was chosen; [`RecreateError::PythonGone`] where it is to be the same and is not there.
pub(crate) fn wanted(snapshot: &Snapshot, choice: &PythonChoice) -> Result<Wanted, RecreateError> {
    match choice {
        PythonChoice::Other(request) => Ok(Wanted { request: request.into(), may_download: false }),
        PythonChoice::Download(request) => Ok(Wanted { request: request.into(), may_download: true }),
        PythonChoice::Same => {
            let base = super::base::find(snapshot);
            let (Some(path), _) = base else {
                return Err(RecreateError::PythonGone { root: snapshot.root.clone(), home: base.1 });
            };
            Ok(Wanted { request: path.into(), may_download: false })
        }
    }
}

/// `uv venv`.
pub(crate) fn venv(asked: &Recreate<'_>, wanted: &Wanted) -> CommandSpec {
    let mut spec = command(asked).args(["venv", "--no-project", "--allow-existing"]);
    if !wanted.may_download {
        spec = spec.arg("--no-python-downloads");
    }
    if asked.snapshot.system_site_packages {
        spec = spec.arg("--system-site-packages");
    }
    let name = asked.snapshot.root.file_name().unwrap_or_default();
    let prompt = asked.snapshot.prompt.as_ref().map_or_else(|| name.to_owned(), OsString::from);
    // With `=`, a prompt may begin with a dash.
    let mut prompt_argument = OsString::from("--prompt=");
    prompt_argument.push(prompt);
    spec.arg(prompt_argument).arg("--python").arg(&wanted.request).arg(asked.at)
}

/// `uv pip install` of a requirements file.
pub(crate) fn install(asked: &Recreate<'_>, python: &Path, file: &Path) -> CommandSpec {
    let mut spec = command(asked).args(["pip", "install", "--no-deps", "--python"]).arg(python);
    if asked.allow.prereleases {
        spec = spec.args(["--prerelease", "allow"]);
    }
    if asked.allow.any_index {
        spec = spec.args(["--index-strategy", "unsafe-best-match"]);
    }
    for host in &asked.indexes.trusted_hosts {
        spec = spec.arg("--allow-insecure-host").arg(host);
    }
    spec.arg("--requirements").arg(file).timeout(LONG)
}

/// uv without a task, in its folder, with its variables.
pub(crate) fn command(asked: &Recreate<'_>) -> CommandSpec {
    let mut spec = CommandSpec::new(asked.uv.program).current_dir(asked.uv.folder);
    for name in NOT_FOR_UV {
        spec = spec.env_remove(name);
    }
    for secret in asked.indexes.secrets() {
        spec = spec.secret(secret);
    }
    for (name, value) in asked.uv.variables {
        spec = spec.env(name, value);
    }
    // Progress bars are for terminals, and colours would be parts of its words.
    spec.env("UV_NO_PROGRESS", "1").env("NO_COLOR", "1")
}

/// A requirements file that nobody else can read, with the indexes and the lines of the tasks. It goes when it is dropped.
pub(crate) fn requirements<'t>(
    asked: &Recreate<'_>,
    tasks: impl IntoIterator<Item = &'t Task>,
) -> Result<NamedTempFile, RecreateError> {
    let mut lines = asked.indexes.lines(asked.uv.folder);
    for task in tasks {
        lines.extend(task.lines.iter().cloned());
    }
    let mut text = lines.join("\n");
    text.push('\n');
    let folder = std::env::temp_dir();
    let mut file = tempfile::Builder::new()
        .prefix("uvshift-")
        .suffix(".txt")
        .tempfile()
        .map_err(RecreateError::io("write into", &folder))?;
    file.write_all(text.as_bytes()).map_err(RecreateError::io("write", file.path()))?;
    Ok(file)
}

/// Runs uv and hands on what it says.
pub(crate) fn run(
    spec: &CommandSpec,
    runner: &dyn Runner,
    progress: &mut Progress<'_>,
) -> Result<Output, RecreateError> {
    let result = runner.run_with(spec, &mut |_, line| progress(Step::Line(line)));
    result.map_err(|error| match error {
        ProcessError::NotFound { program } => RecreateError::UvMissing { program },
        error => error.into(),
    })
}

/// The program of an environment.
pub(crate) fn python_of(root: &Path) -> PathBuf {
    super::model::programs(root).join(if cfg!(windows) { "python.exe" } else { "python" })
}

/// More of what uv says is no reason any more.
const LONGEST_REASON: usize = 1500;

/// What uv says went wrong: from `error:` on, without the advice for its own command line.
pub(crate) fn reason(stderr: &str) -> String {
    let start = stderr.find("error:").map_or(0, |at| at + "error:".len());
    let mut lines: Vec<&str> = Vec::new();
    for line in stderr.get(start..).unwrap_or_default().lines() {
        if line.starts_with("hint:") {
            break;
        }
        lines.push(line.trim_end());
    }
    let text = lines.join("\n").trim().to_owned();
    match text.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// The warnings of uv, each in one line.
pub(crate) fn warnings(stderr: &str) -> Vec<String> {
    let warnings = stderr.lines().filter_map(|line| line.strip_prefix("warning:"));
    warnings.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Whether uv says that the disk is full.
pub(crate) fn is_disk_full(stderr: &str) -> bool {
    [
        "No space left on device",
        "os error 28",
        "not enough space on the disk",
        "Disk quota exceeded",
        "File too large",
    ]
    .iter()
    .any(|text| stderr.contains(text))
}
