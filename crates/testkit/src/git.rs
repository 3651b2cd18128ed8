//! Local git repositories, the same every time.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::project::write;
use crate::tools::scrub;

/// A repository with one commit.
#[derive(Debug, Clone)]
pub struct GitRepo {
    /// Its folder.
    pub path: PathBuf,
    /// The hash of its commit, which depends on the files alone.
    pub commit: String,
}

impl GitRepo {
    /// The address for a requirement: `git+file:///...`.
    pub fn url(&self) -> String {
        let path = self.path.to_string_lossy().replace('\\', "/");
        format!("git+file://{}{path}", if path.starts_with('/') { "" } else { "/" })
    }
}

/// Makes a repository at `folder` with `files` (path and content) in one commit on `main`, and the tag, if one is given.
pub fn git_repo(folder: impl AsRef<Path>, files: &[(&str, &str)], tag: Option<&str>) -> GitRepo {
    let folder = folder.as_ref();
    for (path, content) in files {
        write(&folder.join(path), content.as_bytes());
    }
    git(folder, &["init", "--quiet", "--initial-branch=main"]);
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "first", "--no-gpg-sign"]);
    if let Some(tag) = tag {
        git(folder, &["tag", tag]);
    }
    let commit = git(folder, &["rev-parse", "HEAD"]).trim().to_owned();
    GitRepo { path: folder.canonicalize().expect("the repository exists"), commit }
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null"]);
    command.args(arguments).current_dir(folder);
    scrub(&mut command);
    let nowhere = if cfg!(windows) { "NUL" } else { "/dev/null" };
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", nowhere);
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "Test")
            .env(format!("GIT_{role}_EMAIL"), "test@index.example");
        command.env(format!("GIT_{role}_DATE"), "2026-01-01T00:00:00Z");
    }
    let output = command.output().unwrap_or_else(|error| panic!("this test needs git: {error}"));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`git {}` failed: {message}", arguments.join(" "));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
