//! Images that are really built, with buildah, from what this machine has.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::tools::{scrub, tool, uv};

const BASE: &str = include_str!("images/base.py");

/// A place for images, with a base image that has Python, pip and a shell, and an image that has uv and nothing else.
#[derive(Debug)]
pub struct Images {
    folder: TempDir,
}

impl Images {
    /// Makes the base under the names of images that Dockerfiles start from, such as `docker.io/library/python:3.12-slim`,
    /// and the image of uv under `uv_name`. None when buildah is missing or this machine cannot make images; the reason
    /// is printed.
    pub fn new(bases: &[&str], uv_name: &str) -> Option<Self> {
        let images = Self { folder: folder() };
        match images.make(bases, uv_name) {
            Ok(()) => Some(images),
            Err(reason) => {
                skipped(&reason);
                None
            }
        }
    }

    fn make(&self, bases: &[&str], uv_name: &str) -> Result<(), String> {
        let buildah = Command::new("buildah").arg("--version").output();
        if !buildah.is_ok_and(|output| output.status.success()) {
            return Err("buildah is missing".to_owned());
        }
        let context = self.folder.path().join("base");
        let root = context.join("root");
        fs::create_dir_all(&root).expect("a folder");
        let script = self.folder.path().join("base.py");
        fs::write(&script, BASE).expect("a file");
        let mut python = Command::new(tool("tools", "python3"));
        scrub(&mut python);
        said(&python.arg(&script).arg(&root).arg(uv()).output().expect("Python runs"))?;
        fs::write(
            context.join("Dockerfile"),
            "FROM scratch\nENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/bin LD_LIBRARY_PATH=/usr/local/lib\nCOPY root/ /\nRUN python3 -m ensurepip && ln -s pip3 /usr/local/bin/pip\n",
        )
        .expect("a file");
        let (first, more) = bases.split_first().expect("at least one name");
        self.build(&context, "Dockerfile", first, &[])?;
        for name in more {
            said(&self.buildah(&["tag", first, name]))?;
        }
        let context = self.folder.path().join("uv");
        fs::create_dir_all(&context).expect("a folder");
        for program in ["uv", "uvx"] {
            fs::copy(tool("tools", program), context.join(program)).expect("uv can be copied");
        }
        fs::write(context.join("Dockerfile"), "FROM scratch\nCOPY uv uvx /\n").expect("a file");
        self.build(&context, "Dockerfile", uv_name, &[]).map(drop)
    }

    /// Builds an image; what its commands said.
    ///
    /// # Errors
    /// What buildah says when it cannot.
    pub fn build(&self, context: &Path, file: &str, name: &str, more: &[&str]) -> Result<String, String> {
        let file = context.join(file).to_string_lossy().into_owned();
        let mut args = vec![
            "bud",
            "--isolation",
            "chroot",
            "--pull=never",
            "--format",
            "docker",
            "-f",
            &file,
            "-t",
            name,
        ];
        args.extend(more);
        let context = context.to_string_lossy().into_owned();
        args.push(&context);
        let output = self.buildah(&args);
        said(&output)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What a command says that runs in an image, with its settings.
    ///
    /// # Errors
    /// What it says when it fails.
    pub fn run(&self, image: &str, command: &[&str]) -> Result<String, String> {
        let made = self.buildah(&["from", "--pull-never", image]);
        said(&made)?;
        let container = String::from_utf8_lossy(&made.stdout).trim().to_owned();
        let mut args = vec!["run", "--isolation", "chroot", &container, "--"];
        args.extend(command);
        let output = self.buildah(&args);
        let _ = self.buildah(&["rm", &container]);
        said(&output)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// What an image says of itself, as JSON: `Docker.config` has its user, command and health check.
    ///
    /// # Errors
    /// What buildah says when it cannot.
    pub fn inspect(&self, image: &str) -> Result<String, String> {
        let output = self.buildah(&["inspect", "--type", "image", image]);
        said(&output)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn buildah(&self, args: &[&str]) -> Output {
        let place = |name: &str| -> PathBuf { self.folder.path().join(name) };
        let mut command = Command::new("buildah");
        scrub(&mut command);
        command.arg("--root").arg(place("storage")).arg("--runroot").arg(place("run"));
        command.args(["--storage-driver", "vfs"]).args(args).output().expect("buildah starts")
    }
}

/// A folder in memory when there is room for the many copies that the driver `vfs` makes, else on the disk.
fn folder() -> TempDir {
    const MEMORY: &str = "/dev/shm";
    const ENOUGH: u64 = 4 << 20;
    let room = Command::new("df").args(["--output=avail", "-k", MEMORY]).output();
    let room = room.ok().and_then(|output| {
        String::from_utf8_lossy(&output.stdout).lines().nth(1)?.trim().parse::<u64>().ok()
    });
    let in_memory = room
        .filter(|room| *room > ENOUGH)
        .and_then(|_| TempDir::with_prefix_in("uvshift-images-", MEMORY).ok());
    in_memory.unwrap_or_else(|| TempDir::with_prefix("uvshift-images-").expect("a temporary folder"))
}

fn said(output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    Err([&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat())
}

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skipped(reason: &str) {
    eprintln!("SKIPPED: no image can be built here: {reason}");
}
