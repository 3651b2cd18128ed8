//! The Python of an environment: its version, the program, and what is behind it.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use uvshift_installed::{Environment, Kind};
use uvshift_process::real_path;

use super::Python;

/// The part of a file that is read for one line in it.
const HEAD: u64 = 64 * 1024;

pub(crate) fn of(environment: &Environment) -> Python {
    let executable = executable(&environment.root);
    let base = base(environment, executable.as_deref());
    let told = Some(environment.interpreter.version.clone()).filter(|version| !version.is_empty());
    Python {
        version: told.map(|version| full_version(version, base.as_deref())),
        implementation: Some(implementation(environment, base.as_deref())),
        executable,
        base,
    }
}

/// What made an environment, with its version where it is told.
pub(crate) fn created_by(environment: &Environment) -> Option<String> {
    let with = |name: &str, version: &str| format!("{name} {version}");
    match (environment.kind, &environment.config.uv, &environment.config.virtualenv) {
        (_, Some(version), _) => Some(with("uv", version)),
        (_, _, Some(version)) => Some(with("virtualenv", version)),
        (Kind::Virtual, ..) => Some("venv".to_owned()),
        (Kind::Conda, ..) => {
            Some(conda_version(&environment.root).map_or("conda".into(), |it| with("conda", &it)))
        }
        (Kind::Python, ..) => None,
    }
}

/// The program inside the environment, also when it is a link to nothing.
fn executable(root: &Path) -> Option<PathBuf> {
    let places = ["bin/python", "Scripts/python.exe", "python.exe", "bin/python3", "bin/pypy3", "bin/pypy"];
    places.iter().map(|place| root.join(place)).find(|path| path.symlink_metadata().is_ok())
}

/// The program behind the links. One that was copied into the environment works only with the Python in `home`.
fn base(environment: &Environment, executable: Option<&Path>) -> Option<PathBuf> {
    let behind = real_path(executable?).ok().filter(|path| path.is_file())?;
    let root = real_path(&environment.root).ok()?;
    if environment.kind != Kind::Virtual || !behind.starts_with(&root) {
        return Some(behind);
    }
    let home = Path::new(environment.config.home.as_deref()?);
    let minor = environment.interpreter.minor.as_str();
    let names =
        [format!("python{minor}"), "python3".to_owned(), "python".to_owned(), "python.exe".to_owned()];
    let found = names.iter().map(|name| home.join(name)).find(|path| path.is_file())?;
    real_path(&found).ok()
}

/// A version with all of its parts, where the headers of the base Python know more than `pyvenv.cfg`.
fn full_version(told: String, base: Option<&Path>) -> String {
    if told.split('.').count() > 2 {
        return told;
    }
    let of_header = || {
        let prefix = base?.parent()?.parent()?;
        let header = head(&prefix.join(format!("include/python{told}/patchlevel.h")))?;
        let line = header.lines().find_map(|line| line.trim().strip_prefix("#define PY_VERSION "))?;
        let version = line.trim().trim_matches('"').trim_end_matches('+');
        version.starts_with(&format!("{told}.")).then(|| version.to_owned())
    };
    of_header().unwrap_or(told)
}

fn implementation(environment: &Environment, base: Option<&Path>) -> String {
    if let Some(told) = &environment.config.implementation {
        return told.clone();
    }
    let name = base.and_then(Path::file_name).map(|name| name.to_string_lossy().to_ascii_lowercase());
    match name.as_deref() {
        Some(name) if name.starts_with("pypy") => "PyPy".to_owned(),
        Some(name) if name.starts_with("graalpy") => "GraalVM".to_owned(),
        _ => environment.interpreter.implementation.clone(),
    }
}

/// The version in `conda-meta/history`: `# conda version: 23.1.0`. The first one made the environment.
fn conda_version(root: &Path) -> Option<String> {
    let history = head(&root.join("conda-meta/history"))?;
    let version = history.lines().find_map(|line| line.strip_prefix("# conda version:"))?;
    Some(version.trim().to_owned()).filter(|version| !version.is_empty())
}

fn head(path: &Path) -> Option<String> {
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(HEAD).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
