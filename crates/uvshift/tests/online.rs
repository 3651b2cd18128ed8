//! Real projects, migrated with the real uv and the real package index.
//!
//! What is claimed about them is checked without uvshift: pip's own parser, the metadata that the original backend builds and
//! poetry-core read the old files, `packaging` compares with the new pyproject.toml, uv says whether the lock holds, wheels
//! of both trees are compared, and so are the bytes of the tree after rollback.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]
#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "the table is the result, the talk tells what it waits for"
)]
#![expect(clippy::disallowed_methods, reason = "the test runs pip and uv as oracles")]

#[path = "online/evidence.rs"]
mod evidence;
#[path = "online/imports.rs"]
mod imports;
#[path = "online/packages.rs"]
mod packages;
#[path = "online/peers.rs"]
mod peers;
#[path = "online/programs.rs"]
mod programs;
#[path = "online/projects.rs"]
mod projects;
#[path = "online/proof.rs"]
mod proof;
#[path = "online/table.rs"]
mod table;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::Value;
use uvshift_testkit::{Snapshot, snapshot, snapshot_without};

use packages::PACKAGES;
use peers::{Peer, peers};
use programs::{Tree, download, uvshift};
use projects::{CASES, Case, Ends};
use proof::{Original, Proof, Wheel, usable};

/// What one migration came to.
struct Row {
    case: Case,
    exit: i32,
    seconds: f64,
    report: Value,
    /// What was found, where something was migrated.
    proof: Option<Proof>,
    usable: bool,
    verify: bool,
    restored: bool,
    peers: [Option<Peer>; 2],
    problems: Vec<String>,
}

#[test]
#[ignore = "needs the network; run with cargo xtask test --online"]
fn real_projects() {
    let only = std::env::var("ONLINE").ok();
    let wanted =
        |case: &&Case| only.as_ref().is_none_or(|only| only.split(',').any(|name| name == case.name));
    let chosen: Vec<&Case> = CASES.iter().chain(PACKAGES).filter(wanted).collect();
    let archives = download(&chosen);
    let update = std::env::var_os("UPDATE").is_some() && only.is_none();
    let rows = migrate_all(&chosen, &archives, |rows| {
        // After each project, so that an interrupted run leaves what it has measured.
        if update {
            evidence::write_migrations(&table::render(rows));
        }
    });
    println!("{}", table::render(&rows.iter().collect::<Vec<_>>()));
    let problems: Vec<String> = rows
        .iter()
        .flat_map(|row| row.problems.iter().map(move |problem| format!("{}: {problem}", row.case.name)))
        .collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

/// All cases, some at a time: they mostly wait for the index.
fn migrate_all(cases: &[&Case], archives: &Path, done: impl Fn(&[&Row]) + Sync) -> Vec<Row> {
    let jobs = std::env::var("ONLINE_JOBS").ok().and_then(|jobs| jobs.parse().ok()).unwrap_or(3);
    let next = AtomicUsize::new(0);
    let rows: Mutex<Vec<Option<Row>>> = Mutex::new(cases.iter().map(|_| None).collect());
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let started = Instant::now();
                    let row = migrate(case, archives);
                    let (part, seconds) = (case.part.unwrap_or_default(), started.elapsed().as_secs_f64());
                    eprintln!("{} {} {part} in {seconds:.0} s", case.name, case.version);
                    for problem in &row.problems {
                        eprintln!("  PROBLEM {}: {problem}", case.name);
                    }
                    let index = cases.iter().position(|each| std::ptr::eq(*each, *case));
                    let mut rows = rows.lock().expect("no thread died with the rows");
                    rows[index.expect("the case is one of them")] = Some(row);
                    done(&rows.iter().flatten().collect::<Vec<_>>());
                }
            });
        }
    });
    rows.into_inner().expect("no thread died with the rows").into_iter().flatten().collect()
}

fn migrate(case: &Case, archives: &Path) -> Row {
    let project = Tree::unpack(case, archives);
    let before = snapshot(&project.path);
    let mut words = vec!["migrate", "--yes"];
    words.extend(case.flags);
    let ran = uvshift(&words, &project.path);
    let report: Value = serde_json::from_slice(&ran.stdout).unwrap_or_default();
    let mut row = Row {
        case: *case,
        exit: ran.exit,
        seconds: ran.seconds,
        report,
        proof: None,
        usable: false,
        verify: false,
        restored: false,
        peers: [None, None],
        problems: Vec::new(),
    };
    match (case.ends, row.exit) {
        (Ends::Refused(_), 1) | (Ends::Unlockable(_), 3) => {
            row.restored = before == snapshot_without(&project.path, &[".uvshift"]);
            row.expect(row.restored, "it was refused, but something is different");
        }
        (Ends::Migrated, 0) | (Ends::MigratedButRefused, 1) => {
            let original = Original::new(case, archives);
            prove(&mut row, &project, &original, &before);
            row.peers = peers(case, &original, &row.report, archives);
        }
        (Ends::Migrated | Ends::MigratedButRefused, exit) => {
            row.restored = before == snapshot_without(&project.path, &[".uvshift"]);
            let why = blockers(&row.report);
            row.problems.push(format!("exit {exit}: {} {why}", ran.tail()));
            let original = Original::new(case, archives);
            row.peers = peers(case, &original, &row.report, archives);
        }
        (Ends::Refused(_) | Ends::Unlockable(_), exit) => {
            row.problems.push(format!("exit {exit}, but a refusal was expected"));
        }
    }
    row
}

/// What the report of a run says that stopped it.
fn blockers(report: &Value) -> String {
    let entries = report["ledger"]["entries"].as_array().into_iter().flatten();
    let refused = entries.filter(|entry| entry["outcome"] == "refused");
    let refused = refused
        .map(|entry| format!("{}:{}: {}: {}", entry["file"], entry["line"], entry["text"], entry["why"]));
    let diagnostics = report["diagnostics"].as_array().into_iter().flatten();
    let errors = diagnostics.filter(|diagnostic| diagnostic["severity"] == "error");
    let errors = errors.map(|diagnostic| format!("{}: {}", diagnostic["code"], diagnostic["message"]));
    let failure = report["error"].as_str().map(str::to_owned);
    failure.into_iter().chain(refused).chain(errors).collect::<Vec<_>>().join("; ")
}

impl Row {
    fn expect(&mut self, holds: bool, otherwise: &str) {
        if !holds {
            self.problems.push(otherwise.to_owned());
        }
    }
}

/// Usable, faithful, pins and wheel equal, undone byte for byte.
fn prove(row: &mut Row, project: &Tree, original: &Original, before: &Snapshot) {
    let told = project.note("report.json", &row.report);
    let proof = original.compare(&project.path, Some(&told), &[], Some("migrated"));
    for list in ["lost", "overlooked", "extra_lost"] {
        let found = proof.list(list);
        row.expect(found.is_empty(), &format!("{list}: {found:?}"));
    }
    let untold = proof.pins_listed("untold");
    row.expect(untold.is_empty(), &format!("pins that drifted in silence: {untold:?}"));
    match &proof.wheel {
        Wheel::NotAsked | Wheel::Equal(..) => {}
        Wheel::NeverBuilt(why) => row.problems.push(format!("the original does not build here: {why}")),
        Wheel::DoesNotBuild(why) => row.problems.push(format!("the wheel does not build: {why}")),
        Wheel::Different(differences) => row.problems.push(format!("another wheel: {differences:?}")),
    }
    if let Wheel::Equal(_, notes) = &proof.wheel {
        let added = notes.iter().any(|note| note.starts_with("Requires-Python"));
        row.expect(!added || row.report["python"]["declared"] == false, "Requires-Python came in silence");
    }
    row.proof = Some(proof);
    let checked = usable(&project.path);
    row.usable = checked.is_ok();
    row.problems.extend(checked.err());
    let verified = uvshift(&["verify"], &project.path);
    row.verify = verified.succeeded();
    row.expect(row.verify, &format!("`uvshift verify`: {}", verified.tail()));
    let undone = uvshift(&["rollback", "--yes"], &project.path);
    row.restored = undone.succeeded() && *before == snapshot_without(&project.path, &[".uvshift"]);
    row.expect(row.restored, "rollback did not give the tree back");
}

#[test]
fn every_project_is_pinned_by_its_hash() {
    let all = || CASES.iter().chain(PACKAGES);
    for case in all() {
        assert!(case.sha256.len() == 64 && !case.version.contains('*'), "{case:?}");
    }
    let migrated = all().filter(|case| case.ends == Ends::Migrated).count();
    assert!(migrated >= 30, "{migrated} projects");
}
