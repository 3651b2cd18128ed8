//! Real projects, migrated with the real uv and the real package index.
//!
//! What is claimed about them is checked without uvshift: pip's own parser reads the old files, `packaging` compares
//! with the new pyproject.toml, uv says whether the lock holds, and the bytes of the tree are compared after rollback.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]
#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "the table is the result, the talk tells what it waits for"
)]
#![expect(clippy::disallowed_methods, reason = "the test runs pip and uv as oracles")]

#[path = "online/projects.rs"]
mod projects;
#[path = "online/table.rs"]
mod table;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use serde_json::Value;
use uvshift_testkit::{Project, Snapshot, pip_python, snapshot, snapshot_without, tool, uv};

use projects::{CASES, Case, Ends};

/// What one migration came to.
struct Row {
    case: Case,
    exit: i32,
    seconds: f64,
    report: Value,
    /// What `check.py` found, where something was migrated.
    proof: Option<Value>,
    lock_check: bool,
    verify: bool,
    restored: bool,
    peer: Option<Peer>,
    problems: Vec<String>,
}

/// What migrate-to-uv came to on the same tree.
struct Peer {
    exit: i32,
    seconds: f64,
    proof: Option<Value>,
    says: String,
}

#[test]
#[ignore = "needs the network; run with cargo xtask test --online"]
fn real_projects() {
    let only = std::env::var("ONLINE").ok();
    let chosen: Vec<&Case> =
        CASES.iter().filter(|case| only.as_ref().is_none_or(|only| case.name == only)).collect();
    let archives = download(&chosen);
    let mut rows = Vec::new();
    for case in chosen {
        eprintln!("{} {} {}", case.name, case.version, case.part.unwrap_or_default());
        let row = migrate(case, &archives);
        for problem in &row.problems {
            eprintln!("  PROBLEM {problem}");
        }
        rows.push(row);
        // After each project, so that an interrupted run leaves what it has measured.
        if std::env::var_os("UPDATE").is_some() && only.is_none() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/evidence.md");
            fs::write(path, table::render(&rows)).expect("docs/evidence.md can be written");
        }
    }
    println!("{}", table::render(&rows));
    let problems: Vec<String> = rows
        .iter()
        .flat_map(|row| row.problems.iter().map(move |problem| format!("{}: {problem}", row.case.name)))
        .collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/online").join(name)
}

/// All archives, in a folder that later runs find again.
fn download(cases: &[&Case]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sdists");
    fs::create_dir_all(&folder).expect("a folder for the archives");
    let mut command = Command::new(pip_python());
    command.arg(script("sdist.py")).arg("get").arg(&folder);
    command.args(cases.iter().map(|case| format!("{}=={}={}", case.name, case.version, case.sha256)));
    let output = command.output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// A project with what the archive holds.
fn unpack(case: &Case, archives: &Path) -> Project {
    let project = Project::new();
    let mut command = Command::new(pip_python());
    command.arg(script("sdist.py")).arg("unpack");
    command.arg(archives.join(format!("{}-{}.tar.gz", case.name, case.version))).arg(project.path());
    let output = command.args(case.part).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // `examples/Pipfile` is a project whose root is `examples`.
    if let Some((folder, file)) = case.part.and_then(|part| part.split_once('/')) {
        fs::rename(project.path().join(folder).join(file), project.path().join(file))
            .expect("a part moves up");
        fs::remove_dir(project.path().join(folder)).expect("its folder is empty");
    }
    project
}

/// uvshift or the peer, with the pinned uv and no Python but those at hand.
fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let uv = uv();
    let folder = uv.parent().expect("uv stands in a folder").to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&path)));
    let mut command = Command::new(program);
    command.env("UVSHIFT_UV", &uv).env("PATH", path.expect("a path")).env("UV_PYTHON_DOWNLOADS", "never");
    command.env_remove("VIRTUAL_ENV").stdin(Stdio::null());
    command
}

fn uvshift(words: &[&str], project: &Project) -> Output {
    let mut command = command(env!("CARGO_BIN_EXE_uvshift"));
    command.args(words).args(["--format", "json"]).arg(project.path());
    command.output().expect("uvshift runs")
}

fn migrate(case: &Case, archives: &Path) -> Row {
    let project = unpack(case, archives);
    let before = snapshot(project.path());
    let mut words = vec!["migrate", "--yes"];
    words.extend(case.flags);
    let started = Instant::now();
    let output = uvshift(&words, &project);
    let seconds = started.elapsed().as_secs_f64();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let exit = output.status.code().unwrap_or(-1);
    let mut row = Row {
        case: *case,
        exit,
        seconds,
        report,
        proof: None,
        lock_check: false,
        verify: false,
        restored: false,
        peer: None,
        problems: Vec::new(),
    };
    match (case.ends, exit) {
        (Ends::Refused(_), 1) => {
            row.restored = before == snapshot(project.path());
            row.expect(row.restored, "a refusal changed something");
        }
        (Ends::Migrated, 0) | (Ends::MigratedButRefused, 1) => {
            prove(&mut row, &project, &before, archives);
            row.peer = Some(peer(&row, archives));
        }
        (Ends::Migrated | Ends::MigratedButRefused, _) => {
            row.restored = before == snapshot_without(project.path(), &[".uvshift"]);
            row.problems.push(format!("exit {exit}: {}", tail(&output.stderr)));
        }
        (Ends::Refused(_), _) => row.problems.push(format!("exit {exit}, but a refusal was expected")),
    }
    row
}

impl Row {
    fn expect(&mut self, holds: bool, otherwise: &str) {
        if !holds {
            self.problems.push(otherwise.to_owned());
        }
    }
}

/// Usable, faithful, pins equal, undone byte for byte.
fn prove(row: &mut Row, project: &Project, before: &Snapshot, archives: &Path) {
    let pristine = unpack(&row.case, archives);
    let told = project.beside("report").join("migrate.json");
    fs::write(&told, row.report.to_string()).expect("the report can be written");
    let proof = check(&pristine, project, Some(&told), &[]);
    for list in ["lost", "overlooked", "extra_lost"] {
        let found = proof[list].as_array().map(Vec::len);
        row.expect(found == Some(0), &format!("{list}: {}", proof[list]));
    }
    let untold = &proof["pins"]["untold"];
    row.expect(
        untold.as_array().is_some_and(Vec::is_empty),
        &format!("pins that drifted in silence: {untold}"),
    );
    row.proof = Some(proof);
    let check = command(uv()).args(["lock", "--check", "--project"]).arg(project.path()).output();
    row.lock_check = check.expect("uv runs").status.success();
    row.expect(row.lock_check, "`uv lock --check` does not accept the lock");
    let verified = uvshift(&["verify"], project);
    row.verify = verified.status.success();
    row.expect(row.verify, &format!("`uvshift verify`: {}", tail(&verified.stderr)));
    let undone = uvshift(&["rollback", "--yes"], project);
    row.restored = undone.status.success() && *before == snapshot_without(project.path(), &[".uvshift"]);
    row.expect(row.restored, "rollback did not give the tree back");
}

fn check(old: &Project, new: &Project, report: Option<&Path>, files: &[&str]) -> Value {
    let mut command = Command::new(pip_python());
    command.arg(script("check.py")).arg(old.path()).arg(new.path()).args(report);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("Python runs");
    let mut names = child.stdin.take().expect("a pipe");
    names.write_all(files.join("\n").as_bytes()).expect("the names can be written");
    drop(names);
    let output = child.wait_with_output().expect("Python ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("check.py prints JSON")
}

/// migrate-to-uv on the same tree, with its own defaults.
fn peer(row: &Row, archives: &Path) -> Peer {
    let (old, new) = (unpack(&row.case, archives), unpack(&row.case, archives));
    let started = Instant::now();
    let output = command(tool("peer", "migrate-to-uv")).arg(new.path()).output().expect("the peer runs");
    let seconds = started.elapsed().as_secs_f64();
    let files = row.report["files"].as_array().into_iter().flatten().filter_map(|file| file["path"].as_str());
    let files: Vec<&str> = files.collect();
    // A pyproject.toml that is not valid any more holds nothing.
    let readable = new.has("pyproject.toml");
    let proof = readable.then(|| check(&old, &new, None, &files));
    Peer { exit: output.status.code().unwrap_or(-1), seconds, proof, says: tail(&output.stderr) }
}

/// The last words of a program.
fn tail(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(4)..].join(" / ")
}

#[test]
fn every_project_is_pinned_by_its_hash() {
    for case in CASES {
        assert!(case.sha256.len() == 64 && !case.version.contains('*'), "{case:?}");
    }
    let migrated = CASES.iter().filter(|case| case.ends == Ends::Migrated).count();
    assert!(migrated >= 8, "{migrated} projects");
}
