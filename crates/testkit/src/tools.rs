//! The pinned tools that `cargo xtask setup` installs.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Project;

/// A program of an environment of `.tools/` (see `xtask/tools.txt`). Panics when it is not installed.
pub fn tool(environment: &str, program: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.canonicalize().expect("the workspace exists");
    let folder = root.join(".tools").join(environment);
    let path = if cfg!(windows) {
        folder.join("Scripts").join(format!("{program}.exe"))
    } else {
        folder.join("bin").join(program)
    };
    assert!(path.exists(), "this test needs `{}`: run `cargo xtask setup`", path.display());
    path
}

/// The pinned uv.
pub fn uv() -> PathBuf {
    tool("tools", "uv")
}

/// A Python that has the pinned pip, for `-m pip`.
pub fn pip_python() -> PathBuf {
    tool("pip", "python")
}

/// The Python beside the peers of the benchmarks.
pub fn peer_python() -> PathBuf {
    tool("peer", "python")
}

/// A folder of wheels with the common build backends and all that they need, for `--find-links` or `UV_FIND_LINKS` of a
/// build without a package index. Panics when it is not there.
pub fn backends() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/backends");
    assert!(folder.exists(), "this test needs `{}`: run `cargo xtask setup`", folder.display());
    folder.canonicalize().expect("the folder of backends exists")
}

/// What uv needs in its environment to be offline, repeatable and blind to the developer's own settings. Its cache and home
/// stand beside the project.
pub fn uv_environment(project: &Project) -> Vec<(&'static str, OsString)> {
    let home = project.beside("home");
    vec![
        ("UV_OFFLINE", "1".into()),
        ("UV_CACHE_DIR", project.beside("uv-cache").into()),
        ("UV_PYTHON", pip_python().into()),
        ("UV_PYTHON_DOWNLOADS", "never".into()),
        ("UV_NO_PROGRESS", "1".into()),
        ("NO_COLOR", "1".into()),
        ("XDG_CONFIG_HOME", home.join("config").into()),
        ("XDG_CONFIG_DIRS", home.join("system").into()),
        ("HOME", home.into()),
    ]
}

/// The pinned uv in the folder of `project`, with [`uv_environment`] and none of the caller's `UV_*` and `PIP_*`.
pub fn uv_command(project: &Project) -> Command {
    let mut command = Command::new(uv());
    command.current_dir(project.path());
    scrub(&mut command);
    command.envs(uv_environment(project));
    command
}

/// Takes away what would make a tool behave differently on another machine.
pub(crate) fn scrub(command: &mut Command) {
    const PREFIXES: [&str; 4] = ["UV_", "PIP_", "PYTHON", "GIT_"];
    const NAMES: [&str; 4] = ["VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "PYENV_VERSION"];
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if PREFIXES.iter().any(|prefix| text.starts_with(prefix)) || NAMES.map(OsStr::new).contains(&&*name) {
            command.env_remove(&name);
        }
    }
}
