//! Trees to work on, and a picture of a tree to compare.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// One thing in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Thing {
    Folder { mode: u32 },
    File { bytes: Vec<u8>, mode: u32 },
    Link(PathBuf),
    Special,
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
        let mode = metadata.mode() & 0o7777;
        if metadata.is_symlink() {
            found.insert(name, Thing::Link(fs::read_link(entry.path()).expect("a link")));
        } else if metadata.is_dir() {
            found.insert(name.clone(), Thing::Folder { mode });
            walk(&entry.path(), &format!("{name}/"), found);
        } else if !metadata.is_file() {
            // Reading a pipe would wait for ever.
            found.insert(name, Thing::Special);
        } else {
            found.insert(name, Thing::File { bytes: fs::read(entry.path()).expect("a file"), mode });
        }
    }
}

pub(crate) fn new_root() -> tempfile::TempDir {
    // Flushing costs nothing in memory, and the kill tests flush some hundred thousand times.
    let memory = Path::new("/dev/shm");
    let root = tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir()).expect("a temporary folder");
    // Open to the unprivileged user that some tests run as.
    set_mode(root.path(), 0o755);
    root
}

pub(crate) fn write(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let place = root.join(path);
    fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
    fs::write(place, bytes).expect("a written file");
}

pub(crate) fn write_with_mode(root: &Path, path: &str, bytes: impl AsRef<[u8]>, mode: u32) {
    write(root, path, bytes);
    set_mode(&root.join(path), mode);
}

pub(crate) fn read(root: &Path, path: &str) -> Vec<u8> {
    fs::read(root.join(path)).expect(path)
}

pub(crate) fn folder(root: &Path, path: &str) {
    fs::create_dir_all(root.join(path)).expect("folders");
}

pub(crate) fn link(root: &Path, path: &str, target: &str) {
    std::os::unix::fs::symlink(target, root.join(path)).expect("a link");
}

pub(crate) fn remove(root: &Path, path: &str) {
    fs::remove_file(root.join(path)).expect("a removed file");
}

pub(crate) fn set_mode(place: &Path, mode: u32) {
    fs::set_permissions(place, fs::Permissions::from_mode(mode)).expect("a set mode");
}

pub(crate) fn is_root() -> bool {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.as_file().metadata().expect("metadata").uid() == 0
}

/// Runs the ignored test `name` of this very program in a process of its own, with `input` for it to read.
///
/// `wrapper` is a command line to put before it, such as a shell that sets limits.
pub(crate) fn run_child(name: &str, wrapper: &[&str], input: &str) -> Output {
    let program = std::env::current_exe().expect("this program");
    start(&program, wrapper, name, None).map(|child| finish(child, input)).expect("a started child")
}

/// The same as a user without rights, so that modes mean something: root may write everywhere.
pub(crate) fn run_unprivileged_child(name: &str, input: &str) -> Output {
    const NOBODY: u32 = 65534;
    let program = std::env::current_exe().expect("this program");
    let user = is_root().then_some(NOBODY);
    let child = start(&program, &[], name, user).or_else(|_| {
        // The program lies where that user may not go.
        let folder = tempfile::Builder::new().prefix("changeset-test").tempdir()?;
        set_mode(folder.path(), 0o755);
        let copy = folder.keep().join("test");
        fs::copy(&program, &copy)?;
        start(&copy, &[], name, user)
    });
    finish(child.expect("a started child"), input)
}

fn start(program: &Path, wrapper: &[&str], name: &str, user: Option<u32>) -> std::io::Result<Child> {
    let words: Vec<String> = wrapper
        .iter()
        .map(ToString::to_string)
        .chain([program.display().to_string()])
        .chain(["--exact", name, "--include-ignored", "--nocapture"].map(str::to_owned))
        .collect();
    let mut command = Command::new(&words[0]);
    if let Some(user) = user {
        command.uid(user).gid(user);
    }
    // A system that keeps core files should keep them out of the checkout.
    command.args(&words[1..]).current_dir("/");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
}

fn finish(mut child: Child, input: &str) -> Output {
    // A child that dies early does not read all of it.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("a finished child")
}

/// What [`run_child`] was given; none when somebody runs the ignored tests by hand.
pub(crate) fn child_input() -> Option<String> {
    let mut input = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin(), &mut input).expect("readable input");
    (!input.is_empty()).then_some(input)
}

/// A program of the system that checks or prepares; none where it is not installed.
pub(crate) fn tool(program: &str, arguments: &[&str], folder: &Path, input: &str) -> Option<Output> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", "/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("SKIPPED: `{program}` is not installed");
            return None;
        }
        result => result.expect("a started tool"),
    };
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().expect("a finished tool");
    writer.join().expect("a written input");
    Some(output)
}
