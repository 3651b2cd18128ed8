//! `cargo xtask bench`: uvshift beside its peers, whole runs of both in turn, with the ratios that the documents promise.

mod imports;
mod migrate;
mod requirements;
mod statistics;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::args::Args;
use crate::metadata::metadata;
use crate::run::{cargo, quietly, shown};
use crate::{Outcome, setup};

/// Runs the benchmark that `args` name and prints its table as Markdown.
pub(crate) fn run(root: &Path, args: &Args) -> Outcome {
    let [name] = args.positional(["NAME"])?;
    setup::run(root)?;
    match name {
        "requirements" => requirements::run(root, args),
        "migrate" => migrate::run(root, args),
        "imports" => imports::run(root, args),
        _ => Err(format!("there is no benchmark `{name}`; there are: requirements, migrate, imports")),
    }
}

/// Builds something in release mode and gives the folder of the result.
fn build(root: &Path, words: &[&str]) -> Outcome<PathBuf> {
    eprintln!("building {}", words.join(" "));
    quietly(cargo(root).args(["build", "--release", "--quiet"]).args(words))?;
    let metadata = metadata(root, &["--no-deps"])?;
    let target = metadata["target_directory"].as_str().ok_or("cargo metadata names no target folder")?;
    Ok(Path::new(target).join("release"))
}

/// Runs a whole process, and gives the seconds it took and what it said if it failed.
fn attempt(command: &mut Command) -> Outcome<(f64, Option<String>)> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let given: Vec<_> = command.get_envs().map(|(name, _)| name.to_owned()).collect();
    for (name, _) in std::env::vars_os() {
        let of_a_tool =
            ["UV_", "PIP_", "RUST_"].iter().any(|prefix| name.to_string_lossy().starts_with(prefix));
        if of_a_tool && !given.contains(&name) {
            command.env_remove(name);
        }
    }
    let line = shown(command);
    let started = Instant::now();
    let output = command.output().map_err(|error| format!("cannot start `{line}`: {error}"))?;
    let seconds = started.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    Ok((seconds, (!output.status.success()).then(|| format!("{said} ({})", output.status))))
}

/// The machine in one line: figures of a busy one are worth less.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown");
    format!("{} {}, {cores} cores, load {load} at the end", std::env::consts::OS, std::env::consts::ARCH)
}
