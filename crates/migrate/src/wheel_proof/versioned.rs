//! Projects whose version comes from the history of their repository.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use uvshift_process::{CommandSpec, Runner, real_path};

use super::copy::{self, What};
use crate::Error;

/// Words in a build configuration that stand for a version from git.
const SIGNS: [&str; 10] = [
    "setuptools-scm",
    "setuptools_scm",
    "use_scm_version",
    "hatch-vcs",
    "\"scm\"",
    "pbr",
    "dynamic-versioning",
    "versioneer",
    "versioningit",
    "setuptools-git",
];

/// Whether the build asks git.
pub(super) fn is_versioned(root: &Path) -> bool {
    let names = |file: &str| {
        let text = fs::read_to_string(root.join(file)).unwrap_or_default();
        SIGNS.iter().any(|sign| text.contains(sign))
    };
    root.join(".git").exists() && ["pyproject.toml", "setup.py", "setup.cfg"].into_iter().any(names)
}

/// Gives a copy a repository of its own that borrows its objects: nothing is ever written to the real one.
#[expect(clippy::disallowed_methods, reason = "files of a copy are written, none of the project")]
pub(super) fn copy_repository(root: &Path, copy: &Path) -> io::Result<()> {
    let own = repository(root)?;
    // A linked working tree has its `HEAD` and `index` here and everything else with the main one.
    let common = match fs::read_to_string(own.join("commondir")) {
        Ok(path) => own.join(path.trim()),
        Err(_) => own.clone(),
    };
    let to = copy.join(".git");
    fs::create_dir_all(to.join("objects").join("info"))?;
    for name in ["refs", "info", "logs"] {
        if common.join(name).is_dir() {
            copy::tree(&common.join(name), &to.join(name), What::Everything)?;
        }
    }
    let files = [(&common, "packed-refs"), (&common, "shallow"), (&own, "HEAD"), (&own, "index")];
    for (folder, name) in files {
        if folder.join(name).is_file() {
            fs::copy(folder.join(name), to.join(name))?;
        }
    }
    // A submodule names its working tree here, which is not this one.
    let config = fs::read_to_string(common.join("config")).unwrap_or_default();
    let lines = config.lines().filter(|line| !line.trim_start().starts_with("worktree"));
    fs::write(to.join("config"), lines.collect::<Vec<_>>().join("\n") + "\n")?;
    let objects = real_path(&common.join("objects"))?;
    fs::write(to.join("objects").join("info").join("alternates"), format!("{}\n", objects.display()))
}

/// The folder that `.git` is or names.
fn repository(root: &Path) -> io::Result<PathBuf> {
    let place = root.join(".git");
    if place.is_dir() {
        return Ok(place);
    }
    let text = fs::read_to_string(&place)?;
    let named = text.trim().strip_prefix("gitdir:").map(|path| root.join(path.trim()));
    named.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "`.git` is no repository"))
}

/// Hides from git that a migration has changed files, because a version from git tells changed trees from others.
#[expect(clippy::disallowed_methods, reason = "a file of a copy is written, none of the project")]
pub(super) fn hide(copy: &Path, changed: &[&str], runner: &dyn Runner) -> Result<(), Error> {
    if !copy.join(".git").is_dir() {
        return Ok(());
    }
    let git = |args: &[&str]| {
        let spec = CommandSpec::new("git").args(args.iter().copied()).current_dir(copy);
        runner.run(&spec.env_remove("GIT_*").timeout(Duration::from_mins(2)))
    };
    let listed = git(&[&["ls-files", "-z", "--"][..], changed].concat())?;
    let listed = listed.stdout_text();
    let tracked: Vec<&str> = listed.split('\0').filter(|path| !path.is_empty()).collect();
    if !tracked.is_empty() {
        git(&[&["update-index", "--assume-unchanged", "--"][..], &tracked].concat())?;
    }
    let place = copy.join(".git").join("info").join("exclude");
    let mut ignored = fs::read_to_string(&place).unwrap_or_default();
    for path in changed.iter().chain(&["uv.toml", "uv.lock"]) {
        ignored.push_str("\n/");
        ignored.push_str(path);
    }
    ignored.push('\n');
    let folder = copy.join(".git").join("info");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&place, ignored))
        .map_err(|source| Error::Copy { path: copy.to_owned(), source })
}
