//! Whatever goes wrong, the project is as it was, and the exit status says what it was.

use crate::support::{FakeUv, World, shop};

/// Runs a migration that fails and expects the old project.
fn fails(name: &str, uv: FakeUv, world: &World, code: i32) {
    world.uv(uv);
    let before = world.picture();
    world.snapshot(name, &["migrate", "--yes"], code);
    assert_eq!(world.picture(), before, "{name}");
}

#[test]
fn uv_fails_in_the_middle_of_the_lock() {
    let world = shop();
    fails("uv-fails", FakeUv::FailsInTheMiddle, &world, 3);
    assert!(!world.project().join(".uvshift").exists(), "nothing is left to undo");
}

#[test]
fn there_is_no_uv() {
    let world = shop();
    let before = world.picture();
    let ran = world.run_without_uv(&["migrate", "--yes"]);
    world.compare("uv-missing", &["migrate", "--yes"], &ran);
    assert_eq!(ran.code, 3);
    assert_eq!(world.picture(), before);
    assert!(!world.project().join(".uvshift").exists());
    let ran = world.run_without_uv(&["migrate", "--yes", "--no-lock"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn the_lock_has_other_files_than_the_hashes_allow() {
    let world = shop();
    let hash = "a".repeat(64);
    world.write("requirements.txt", format!("flask==3.0.2 --hash=sha256:{hash}\nrequests==2.31.0\n"));
    fails("other-hashes", FakeUv::OtherHashes, &world, 4);
    let ran = world.run(&["migrate", "--yes", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!((ran.code, json["exit"].as_i64()), (4, Some(4)), "{json}");
    assert_eq!(json["differences"][0]["place"], "requirements.txt:1", "{json}");
}

#[test]
fn somebody_writes_pyproject_meanwhile() {
    let world = shop();
    fails("tampered", FakeUv::Tampers, &world, 4);
}

#[test]
fn two_runs_at_once() {
    let world = shop();
    world.uv(FakeUv::Waits);
    let first = world.start(&["migrate", "--yes"]);
    while !world.beside("go.waiting").exists() {
        std::thread::yield_now();
    }
    let during = world.picture();
    world.snapshot("second-run", &["migrate", "--yes"], 3);
    let rollback = world.run(&["rollback"]);
    assert_eq!(rollback.code, 3, "{}{}", rollback.stdout, rollback.stderr);
    for command in ["check", "verify", "deps", "graph"] {
        let ran = world.run(&[command]);
        assert_eq!(ran.code, 3, "{command}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains("another run is changing"), "{command}: {}", ran.stderr);
    }
    assert_eq!(world.picture(), during, "the second run changes nothing");
    world.touch("go");
    let first = World::finish(first);
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert_eq!(world.run(&["verify"]).code, 0);
}

#[test]
fn a_run_that_was_killed_is_undone_by_the_next() {
    let world = shop();
    let before = world.picture();
    world.kill_in_the_middle();
    assert_ne!(world.picture(), before);
    // What only reads puts nothing back, and says that there is nothing to read.
    let during = world.picture();
    world.snapshot("check-after-kill", &["check"], 1);
    for command in ["verify", "deps", "graph"] {
        let ran = world.run(&[command]);
        assert_eq!(ran.code, 1, "{command}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains("was interrupted"), "{command}: {}", ran.stderr);
        assert!(ran.stderr.contains("`uvshift rollback` puts every file back"), "{command}: {}", ran.stderr);
    }
    assert_eq!(world.picture(), during);
    // The rollback finds the dead run and undoes it.
    world.snapshot("rollback-after-kill", &["rollback"], 0);
    assert_eq!(world.picture(), before);
}
