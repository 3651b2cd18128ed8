//! Trees, their pictures, and uv.

#![expect(clippy::disallowed_methods, reason = "tests make trees, run themselves and look for uv")]

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use uvshift_migrate::Uv;

/// One thing in a tree.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Thing {
    Folder { mode: u32 },
    File { bytes: Vec<u8>, mode: u32 },
    Link(PathBuf),
}

impl std::fmt::Debug for Thing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder { mode } => write!(formatter, "folder {mode:o}"),
            Self::File { bytes, mode } => {
                write!(formatter, "file {mode:o} {:?}", String::from_utf8_lossy(bytes))
            }
            Self::Link(target) => write!(formatter, "link to {}", target.display()),
        }
    }
}

pub(crate) type Picture = BTreeMap<String, Thing>;

/// Everything below `root`.
pub(crate) fn picture(root: &Path) -> Picture {
    let mut found = Picture::new();
    walk(root, "", &mut found);
    found
}

/// Everything below `root` but our own state.
pub(crate) fn picture_of_project(root: &Path) -> Picture {
    let mut found = picture(root);
    found.retain(|path, _| path != ".uvshift" && !path.starts_with(".uvshift/"));
    found
}

fn walk(folder: &Path, prefix: &str, found: &mut Picture) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().to_str().expect("a UTF-8 name"));
        let metadata = fs::symlink_metadata(entry.path()).expect("metadata");
        if metadata.is_symlink() {
            found.insert(name, Thing::Link(fs::read_link(entry.path()).expect("a link")));
        } else if metadata.is_dir() {
            found.insert(name.clone(), Thing::Folder { mode: mode(&metadata) });
            walk(&entry.path(), &format!("{name}/"), found);
        } else {
            let bytes = fs::read(entry.path()).expect("a file");
            found.insert(name, Thing::File { bytes, mode: mode(&metadata) });
        }
    }
}

#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o7777
}

#[cfg(not(unix))]
fn mode(metadata: &fs::Metadata) -> u32 {
    u32::from(metadata.permissions().readonly())
}

/// Where two pictures differ, one line each.
pub(crate) fn differences(expected: &Picture, found: &Picture) -> Vec<String> {
    let mut lines = Vec::new();
    for (path, thing) in expected {
        match found.get(path) {
            None => lines.push(format!("{path} is missing")),
            Some(other) if other != thing => {
                lines.push(format!("{path} differs\n  expected {thing:?}\n  found    {other:?}"));
            }
            Some(_) => {}
        }
    }
    lines.extend(
        found.keys().filter(|path| !expected.contains_key(*path)).map(|path| format!("{path} is new")),
    );
    lines
}

pub(crate) fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folders");
    for entry in fs::read_dir(from).expect("a readable folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copied file");
        }
    }
}

pub(crate) fn write(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let place = root.join(path);
    fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
    fs::write(place, bytes).expect("a written file");
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

pub(crate) fn remove_tree(path: &Path) {
    if path.exists() {
        fs::remove_dir_all(path).expect("a removed folder");
    }
}

pub(crate) fn remove_file(path: &Path) {
    if path.exists() {
        fs::remove_file(path).expect("a removed file");
    }
}

pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The real uv: `UVSHIFT_UV`, what `cargo xtask setup` got, or the one of `PATH`.
pub(crate) fn uv_program() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let inner = if cfg!(windows) { "Scripts/uv.exe" } else { "bin/uv" };
    let installed = ["tools", "uv"].map(|folder| workspace.join(".tools").join(folder).join(inner));
    let named = variable("UVSHIFT_UV").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    named
        .into_iter()
        .chain(installed)
        .find(|path| path.is_file())
        .or_else(|| uvshift_process::find_program("uv", &path))
}

/// The Python that uv asks about its platform.
fn python_program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = ["python3", "python"].iter().find_map(|name| uvshift_process::find_program(name, &path));
    found.expect("a Python on PATH")
}

/// uv without a network, with a cache of its own, and with `index` in the place of every index of the project.
pub(crate) fn hermetic_uv(program: &Path, cache: &Path, index: &Path, named: &[String]) -> Uv {
    let mut uv = Uv::new(program);
    uv.timeout = Duration::from_mins(2);
    // On Windows a path begins with a drive, and a URL wants `/` before it.
    let index = index.display().to_string().replace('\\', "/");
    let index = format!("file:///{}", index.trim_start_matches('/'));
    let overrides: Vec<String> = named.iter().map(|name| format!("{name}={index}")).collect();
    let mut set = |name: &str, value: &str| uv.env.push((OsString::from(name), OsString::from(value)));
    set("UV_OFFLINE", "1");
    set("UV_PYTHON_DOWNLOADS", "never");
    // The Python at hand, whatever `.python-version` asks for: nothing is installed.
    set("UV_PYTHON", &python_program().display().to_string());
    set("UV_CACHE_DIR", &cache.display().to_string());
    set("XDG_CONFIG_HOME", &cache.display().to_string());
    set("UV_DEFAULT_INDEX", &index);
    // What a build of a wheel needs.
    set("UV_FIND_LINKS", &uvshift_testkit::backends().display().to_string());
    if !overrides.is_empty() {
        set("UV_INDEX", &overrides.join(" "));
    }
    uv
}

/// Runs the ignored test `name` of this very program in a process of its own, with `input` for it to read.
pub(crate) fn run_child(name: &str, input: &str) -> Output {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", name, "--include-ignored", "--nocapture"]).current_dir(std::env::temp_dir());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("a started child");
    // A child that dies early does not read all of it.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("a finished child")
}

/// What [`run_child`] was given; none when somebody runs the ignored tests by hand.
pub(crate) fn child_input() -> Option<String> {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).expect("readable input");
    (!input.is_empty()).then_some(input)
}

/// A folder that is quick to flush where the system has one: the kill tests flush very often.
pub(crate) fn quick_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a temporary folder")
}

#[cfg(unix)]
pub(crate) fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a set mode");
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_path: &Path, _mode: u32) {}

#[cfg(unix)]
pub(crate) fn link(root: &Path, path: &str, target: &str) {
    std::os::unix::fs::symlink(target, root.join(path)).expect("a link");
}

#[cfg(not(unix))]
pub(crate) fn link(_root: &Path, _path: &str, _target: &str) {}
