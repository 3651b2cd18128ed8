//! `cargo xtask setup`: the pinned tools of the tests, in a folder that git ignores.

mod npm;
mod python;

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::Outcome;
use crate::run::{quietly, tool};

/// The folder of wheels that the builds of tests find their backends in; it is no environment.
const BACKENDS: &str = "backends";

/// What is installed: lines of an environment and a requirement.
const TOOLS: &str = include_str!("../tools.txt");

/// Makes `.tools/` what `xtask/tools.txt` says, and tells whether there was anything to do.
pub(crate) fn run(root: &Path) -> Outcome<bool> {
    let folder = root.join(".tools");
    let _lock = lock(&folder)?;
    let stamp = folder.join("stamp");
    if is_current(root, &stamp) {
        return Ok(false);
    }
    let started = Instant::now();
    install(root)?;
    fs::write(&stamp, wanted()).map_err(|error| format!("cannot write `{}`: {error}", stamp.display()))?;
    println!("setup: installed into `.tools/` in {:.1} s", started.elapsed().as_secs_f32());
    Ok(true)
}

/// Two runs at once would install into the same environment.
fn lock(folder: &Path) -> Outcome<File> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot make `{}`: {error}", folder.display()))?;
    let lock = File::create(folder.join("lock")).and_then(|file| file.lock().map(|()| file));
    lock.map_err(|error| format!("cannot lock `{}`: {error}", folder.display()))
}

/// Makes one environment of `.tools/`, for whoever needs no more.
pub(crate) fn only(root: &Path, name: &str) -> Outcome {
    let folder = root.join(".tools");
    let _lock = lock(&folder)?;
    let own_stamp = folder.join(name).join("stamp");
    let wanted = requirements(name);
    let is_there = fs::read_to_string(&own_stamp).is_ok_and(|written| written == wanted.join("\n"));
    if is_there || is_current(root, &folder.join("stamp")) {
        return Ok(());
    }
    let base = python::find()?;
    if !tool(root, "pip", "python").exists() {
        install_environment(root, &base, "pip")?;
    }
    install_environment(root, &base, name)?;
    fs::write(&own_stamp, wanted.join("\n"))
        .map_err(|error| format!("cannot write `{}`: {error}", own_stamp.display()))
}

/// Puts another requirement into an environment, for what few need and none by default.
pub(crate) fn add(root: &Path, environment: &str, requirement: &str) -> Outcome {
    let _lock = lock(&root.join(".tools"))?;
    pip_install(root, environment, &[requirement])
}

/// What the stamp of a finished setup says.
fn wanted() -> String {
    format!("{TOOLS}{}", npm::MODULES.join(" "))
}

/// Whether the last setup that came to its end installed what is asked for now, and its interpreters still work.
fn is_current(root: &Path, stamp: &Path) -> bool {
    let written = fs::read_to_string(stamp).is_ok_and(|written| written == wanted());
    // A virtual environment dies with the Python it was made from: its interpreter is a link to it.
    let mut environments = environments().into_iter().filter(|name| *name != BACKENDS);
    written && environments.all(|name| fs::metadata(tool(root, name, "python")).is_ok())
}

fn install(root: &Path) -> Outcome {
    let base = python::find()?;
    println!("setup: using {} (Python {}.{})", base.path.display(), base.version.0, base.version.1);
    let tools = root.join(".tools");
    let _ = fs::remove_file(tools.join("stamp"));
    for name in environments() {
        install_environment(root, &base, name)?;
    }
    npm::install(&tools)
}

fn install_environment(root: &Path, base: &python::Python, name: &str) -> Outcome {
    let folder = root.join(".tools").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|e| format!("cannot remove `{}`: {e}", folder.display()))?;
    }
    let wanted = requirements(name);
    println!("setup: {name}: {}", wanted.join(" "));
    match name {
        BACKENDS => return pip_download(root, &folder, &wanted),
        "pip" => base.bootstrap(&folder)?,
        _ => {
            quietly(Command::new(&base.path).args(["-m", "venv", "--without-pip"]).arg(&folder))?;
        }
    }
    pip_install(root, name, &wanted)
}

/// Every backend is pinned with all that it needs, so nothing else is looked for.
fn pip_download(root: &Path, folder: &Path, wanted: &[&str]) -> Outcome {
    let mut pip = Command::new(tool(root, "pip", "python"));
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest"]);
    pip.arg(folder).args(wanted);
    run_pip(&mut pip)
}

/// Installs with the caller's own pip configuration (index, proxy, certificates), but never outside of `.tools/`.
fn pip_install(root: &Path, environment: &str, wanted: &[&str]) -> Outcome {
    let mut pip = Command::new(tool(root, "pip", "python"));
    pip.args(["-m", "pip", "--python"]).arg(tool(root, environment, "python"));
    pip.args(["install", "--quiet", "--no-warn-script-location"]).args(wanted);
    run_pip(&mut pip)
}

fn run_pip(pip: &mut Command) -> Outcome {
    for name in ["PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH"] {
        pip.env_remove(name);
    }
    pip.env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    quietly(pip).map(|_| ()).map_err(|message| {
        format!("{message}\nsetup: pip could not install; it needs a package index (see `pip config list`)")
    })
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    TOOLS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (environment, requirement) = line.split_once(' ')?;
        Some((environment, requirement.trim()))
    })
}

/// The environments, in the order of their first line.
fn environments() -> Vec<&'static str> {
    let mut names: Vec<_> = rows().map(|(name, _)| name).collect();
    names.dedup();
    names
}

fn requirements(environment: &str) -> Vec<&'static str> {
    rows().filter(|(name, _)| *name == environment).map(|(_, requirement)| requirement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_is_pinned_and_pip_comes_first() {
        assert!(
            rows()
                .all(|(_, requirement)| requirement.split_once("==").is_some_and(|(_, v)| !v.contains('*')))
        );
        let mut names = environments();
        assert_eq!(names.first(), Some(&"pip"));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), environments().len(), "the lines of an environment stand together");
    }
}
