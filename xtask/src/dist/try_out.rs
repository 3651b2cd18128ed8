//! The wheel as a user gets it: installed by uv into a fresh environment, and run.

mod action;
mod hook;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::failed;
use crate::Outcome;
use crate::run::{quietly, tool};

/// How often the start is timed.
const STARTS: usize = 20;

/// A project that declares nothing.
const PROJECT: &str =
    "[project]\nname = \"shop\"\nversion = \"1.0\"\nrequires-python = \">=3.10\"\ndependencies = []\n";

/// Installs the wheel, asks the program for its version, runs the demonstration and undoes it.
pub(super) fn run(root: &Path, wheel: &Path) -> Outcome {
    let folder = root.join("target/dist-work/try-out");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed("empty", &folder))?;
    }
    fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
    let program = install(root, wheel, &folder)?;
    let version = quietly(Command::new(&program).arg("--version"))?;
    println!("try-out: the wheel is installed and says `{}`", version.trim_end());
    let (fastest, median) = start(&program)?;
    println!("try-out: it starts in {fastest:.1} ms at best of {STARTS}, the median is {median:.1} ms");
    by_uvx(root, wheel, &version)?;
    by_pipx(root, wheel, &folder, &version)?;
    demo(root, &program, &folder)?;
    // pre-commit, act and their links are asked where the tests have them.
    if cfg!(unix) {
        let wheels = wheel.parent().unwrap_or(root);
        hook::run(&hook::Hooks { root, wheels, program: &program, folder: &folder })?;
        action::run(root, wheels, &folder)?;
    }
    Ok(())
}

/// Installs into an environment of its own, without an index.
fn install(root: &Path, wheel: &Path, folder: &Path) -> Outcome<PathBuf> {
    let environment = folder.join("environment");
    let uv = || Command::new(tool(root, "tools", "uv"));
    quietly(uv().args(["venv", "--no-config", "--no-project"]).arg(&environment))?;
    let bin = environment.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = bin.join(format!("python{}", std::env::consts::EXE_SUFFIX));
    let mut install = uv();
    install.args(["pip", "install", "--no-config", "--no-index", "--python"]).arg(&python).arg(wheel);
    quietly(&mut install)?;
    Ok(bin.join(format!("uvshift{}", std::env::consts::EXE_SUFFIX)))
}

/// The fastest of some starts and their median, in milliseconds: on a busy machine they are far apart.
fn start(program: &Path) -> Outcome<(f64, f64)> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let started = Instant::now();
        quietly(Command::new(program).arg("--version"))?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let found = times.first().copied().zip(times.get(STARTS / 2).copied());
    found.ok_or_else(|| "nothing was timed".to_owned())
}

fn by_uvx(root: &Path, wheel: &Path, version: &str) -> Outcome {
    let mut uvx = Command::new(tool(root, "tools", "uv"));
    uvx.args(["tool", "run", "--no-config", "--no-index", "--isolated", "--from"]).arg(wheel);
    let said = quietly(uvx.args(["uvshift", "--version"]))?;
    if said == version { Ok(()) } else { Err(format!("uvx: `{said}` is not `{version}`")) }
}

/// Without an index, too: pipx keeps a pip of its own, which comes from the folder of the backends.
fn by_pipx(root: &Path, wheel: &Path, folder: &Path, version: &str) -> Outcome {
    let program = tool(root, "dist", "pipx");
    if !program.exists() {
        println!("skipped: pipx needs Python 3.11");
        return Ok(());
    }
    let mut pipx = Command::new(program);
    pipx.args(["run", "--no-cache", "--backend", "pip", "--spec"]).arg(wheel).args(["uvshift", "--version"]);
    pipx.env("PIPX_HOME", folder.join("pipx")).env("PIP_NO_INDEX", "1");
    pipx.env("PIP_FIND_LINKS", root.join(".tools/backends")).env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    let said = quietly(&mut pipx)?;
    if said != version {
        return Err(format!("pipx: `{said}` is not `{version}`"));
    }
    println!("try-out: `pipx run` runs it");
    Ok(())
}

/// Migrates the bundled project with the real uv and undoes it. Without a package index there is no lock, and the program says so.
fn demo(root: &Path, program: &Path, folder: &Path) -> Outcome {
    let uvshift = |words: &[&str]| {
        let mut command = Command::new(program);
        command.current_dir(folder).args(words).env("UVSHIFT_UV", tool(root, "tools", "uv"));
        command
    };
    let output = uvshift(&["demo"]).output().map_err(|error| format!("cannot start the demo: {error}"))?;
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    if output.status.code() == Some(3) && said.contains("Without a network there is no lock") {
        println!("skipped: the demo needs a package index; it showed its plan and its diff");
        return Ok(());
    }
    if !output.status.success() || !said.contains("Migrated to uv; nothing was lost.") {
        return Err(format!("{said}\n`uvshift demo` failed ({})", output.status));
    }
    println!("try-out: the demo is migrated");
    quietly(&mut uvshift(&["verify", "uvshift-demo"]))?;
    quietly(&mut uvshift(&["rollback", "uvshift-demo"]))?;
    let back = folder.join("uvshift-demo/requirements/base.txt").exists();
    if back { Ok(()) } else { Err("`uvshift rollback` did not bring the demo back".into()) }
}

/// git in a folder, with an author of its own.
fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder).args(["-c", "user.name=try-out", "-c", "user.email=try-out@index.example"]);
    git.args(["-c", "commit.gpgsign=false"]).env("GIT_CONFIG_NOSYSTEM", "1");
    git
}

/// Writes files into a new repository and commits them.
fn project(folder: &Path, files: &[(&str, &str)]) -> Outcome {
    for (file, text) in files {
        let path = folder.join(file);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(failed("make", parent))?;
        super::write(&path, text)?;
    }
    quietly(git(folder).args(["init", "--quiet"]))?;
    quietly(git(folder).args(["add", "--all"]))?;
    quietly(git(folder).args(["commit", "--quiet", "--message", "first"])).map(drop)
}
