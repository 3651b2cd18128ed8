//! pip 26.3 and uv 0.13.9 as callers.

use std::path::Path;
use std::process::Command;

use uvshift_bench::LocalIndex;
use uvshift_testkit::{Project, WheelOptions, pip_python, uv_command, wheel};

use crate::upstream::{Form, Upstream};
use crate::{frozen, options, start, wheels};

/// Standard output and standard error of `pip install`, which must succeed.
fn pip(project: &Project, index: &LocalIndex, target: &str, arguments: &[&str]) -> String {
    let mut command = pip_command(project, target);
    // Its environment does not count.
    command.arg("--isolated").args(index.pip_args()).args(arguments).envs(index.environment());
    finished(&mut command)
}

fn pip_command(project: &Project, target: &str) -> Command {
    let mut command = Command::new(pip_python());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PIP_") {
            command.env_remove(name);
        }
    }
    command
        .env("PIP_CONFIG_FILE", if cfg!(windows) { "nul" } else { "/dev/null" })
        .args(["-m", "pip", "install", "--disable-pip-version-check", "--cache-dir"])
        .arg(project.beside("pip-cache"))
        .arg("--target")
        .arg(project.beside(target));
    command
}

/// The same of `uv pip install -v`.
fn uv(project: &Project, index: &LocalIndex, target: &str, arguments: &[&str]) -> String {
    let mut command = uv_command(project);
    command
        .env_remove("UV_OFFLINE")
        .args(["pip", "install", "--verbose", "--target"])
        .arg(project.beside(target))
        .args(index.uv_args())
        .args(arguments)
        .envs(index.environment());
    finished(&mut command)
}

fn finished(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    text
}

/// How many wheels pip says this of; it says it of metadata too.
fn wheels_that_are(word: &str, text: &str) -> usize {
    text.lines().filter(|line| line.trim().starts_with(word) && line.contains(".whl (")).count()
}

fn is_whole(target: &Path) {
    for module in ["app", "lib_one", "lib_two"] {
        assert!(target.join(module).join("__init__.py").exists(), "{module}");
    }
}

#[test]
fn a_warm_pip_is_warm() {
    for form in [Form::Json, Form::Html] {
        let project = Project::new();
        let upstream = Upstream::of(&wheels(&project), form, true);
        let index = start(options(&project, &upstream.url()));
        let cold = pip(&project, &index, "cold", &["app"]);
        assert_eq!(wheels_that_are("Downloading", &cold), 3, "{cold}");
        index.freeze();
        let filled = index.take_counts();
        assert!(filled.misses >= 6 && filled.failed == 0, "{filled:?} {:?}", index.failures());
        let asked = upstream.seen().len();

        let warm = pip(&project, &index, "warm", &["app"]);
        assert_eq!(wheels_that_are("Using cached", &warm), 3, "{warm}");
        assert!(!warm.contains("Downloading"), "{warm}");
        is_whole(&project.beside("warm"));
        let counts = index.take_counts();
        assert_eq!((counts.misses, counts.refused, counts.bytes_sent), (0, 0, 0), "{counts:?}");

        // Older pips ask at every run, as this one does when it is told to.
        let asks = pip(&project, &index, "asks", &["--refresh-package", ":all:", "app"]);
        assert_eq!(wheels_that_are("Using cached", &asks), 3, "{asks}");
        let counts = index.take_counts();
        assert_eq!((counts.hits, counts.not_modified, counts.bytes_sent), (3, 3, 0), "{counts:?}");
        assert_eq!(upstream.seen().len(), asked);
    }
}

#[test]
fn the_environment_is_enough() {
    let project = Project::new();
    let upstream = Upstream::of(&wheels(&project), Form::Json, true);
    let index = start(options(&project, &upstream.url()));
    let run = |target: &str| {
        let mut command = pip_command(&project, target);
        finished(command.arg("app").envs(index.environment()).env("PIP_INDEX_URL", index.url()))
    };
    run("first");
    let warm = run("second");
    assert_eq!(wheels_that_are("Using cached", &warm), 3, "{warm}");
    let mut command = uv_command(&project);
    command.env_remove("UV_OFFLINE").args(["pip", "install", "app", "--target"]).arg(project.beside("third"));
    finished(command.envs(index.environment()).env("UV_DEFAULT_INDEX", index.url()));
    is_whole(&project.beside("third"));
}

#[test]
fn a_warm_uv_is_warm() {
    for form in [Form::Json, Form::Html] {
        let project = Project::new();
        let upstream = Upstream::of(&wheels(&project), form, true);
        let index = start(options(&project, &upstream.url()));
        let cold = uv(&project, &index, "cold", &["app"]);
        assert_eq!(cold.matches("Identified uncached distribution").count(), 3, "{cold}");
        index.freeze();
        index.take_counts();

        let warm = uv(&project, &index, "warm", &["app"]);
        assert_eq!(warm.matches("already cached").count(), 3, "{warm}");
        assert!(warm.contains("Found fresh response for"), "{warm}");
        for word in ["Found stale", "Found modified", "Found not-modified", "No cache entry"] {
            assert!(!warm.contains(word), "{word}: {warm}");
        }
        is_whole(&project.beside("warm"));
        let counts = index.take_counts();
        assert_eq!(counts.requests, 0, "{counts:?}");

        let asks = uv(&project, &index, "asks", &["--refresh", "app"]);
        assert!(asks.contains("Found not-modified response"), "{asks}");
        assert!(!asks.contains("Found modified"), "{asks}");
        let counts = index.take_counts();
        assert_eq!((counts.misses, counts.bytes_sent), (0, 0), "{counts:?}");
        assert_eq!(counts.not_modified, counts.hits, "{counts:?}");
    }
}

#[test]
fn what_pip_has_filled_serves_uv_without_any_network() {
    let project = Project::new();
    let upstream = Upstream::of(&wheels(&project), Form::Json, true);
    let index = start(options(&project, &upstream.url()));
    pip(&project, &index, "first", &["app"]);
    index.stop();
    // The same folder under another index is another one: its pages are not those of this upstream.
    let other = frozen(&project);
    assert_eq!(crate::ask(&other, "GET", "simple/app/", "").status, 404);
    assert_eq!(other.counts().misses, 1);

    let mut again = options(&project, &upstream.url());
    drop(upstream);
    again.mode = uvshift_bench::Mode::Frozen;
    let index = start(again);
    uv(&project, &index, "second", &["app"]);
    is_whole(&project.beside("second"));
    let counts = index.counts();
    assert_eq!((counts.misses, counts.failed), (0, 0), "{counts:?}");
}

#[test]
fn uv_reads_parts_of_wheels_whose_metadata_is_not_apart() {
    let project = Project::new();
    let folder = project.beside("wheels");
    let large = "# nothing\n".repeat(400_000);
    let modules = vec![("large/__init__.py".to_owned(), large.clone())];
    wheel(&folder, "large", "1.0", &WheelOptions { modules, ..WheelOptions::default() });
    let upstream = Upstream::of(&folder, Form::Html, false);
    let index = start(options(&project, &upstream.url()));
    uv(&project, &index, "dry", &["--dry-run", "large"]);
    let counts = index.counts();
    assert!(counts.bytes_sent < large.len() as u64 / 4, "{counts:?}");
    assert!(counts.bytes_fetched > large.len() as u64, "{counts:?}");
}

#[test]
fn uv_sees_when_a_file_was_uploaded() {
    let project = Project::new();
    let upstream = Upstream::of(&wheels(&project), Form::Json, true);
    let index = start(options(&project, &upstream.url()));
    uv(&project, &index, "late", &["--exclude-newer", "2026-01-02T00:00:00Z", "app"]);
    let mut command = uv_command(&project);
    command.env_remove("UV_OFFLINE").args(["pip", "install", "--target"]).arg(project.beside("early"));
    command.args(index.uv_args()).args(["--exclude-newer", "2025-12-31T00:00:00Z", "app"]);
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.contains("published at 2026-01-01T00:00:00Z"), "{text}");
}
