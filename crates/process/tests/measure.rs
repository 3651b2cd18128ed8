//! The system measurer against real processes.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail loudly")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use uvshift_process::{CommandSpec, Measured, Measurer as _, ProcessError, Status, SystemMeasurer};

fn sh(script: &str) -> CommandSpec {
    CommandSpec::new("sh").args(["-c", script])
}

fn measurer() -> SystemMeasurer {
    SystemMeasurer::new(std::env::temp_dir())
}

fn measured(spec: &CommandSpec) -> Measured {
    measurer().measure(spec).unwrap()
}

/// Whether a process is there and is no zombie.
fn is_running(pid: &str) -> bool {
    let said = measured(&CommandSpec::new("ps").args(["-o", "stat=", "-p", pid]));
    let state = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    !state.is_empty() && !state.starts_with('Z')
}

fn eventually(mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !holds() {
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}

#[test]
fn what_a_command_says_and_how_it_ends_is_kept() {
    let found = measured(&sh("echo out; echo 'see https://u:p@index.example' >&2; exit 3"));
    assert_eq!((found.status, &*found.stdout), (Status::exited(3), &b"out\n"[..]));
    assert_eq!((&*found.stderr, found.left_out), ("see https://****@index.example\n", 0));
    assert_eq!(measured(&sh("kill -9 $$")).status, Status { code: None, signal: Some(9) });
    let error = measurer().measure(&CommandSpec::new("/no/such/program")).unwrap_err();
    assert!(matches!(error, ProcessError::NotFound { .. }));
}

#[test]
fn sleeping_takes_time_and_working_takes_the_processor() {
    let asleep = measured(&sh("sleep 0.3"));
    assert!(asleep.wall >= Duration::from_millis(300), "{asleep:?}");
    assert!(asleep.user + asleep.system < Duration::from_millis(200), "{asleep:?}");
    // The work is done by a child, which counts.
    let busy = measured(&sh("sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'; :"));
    assert!(busy.user > asleep.user && busy.user > Duration::from_millis(20), "{busy:?}");
}

#[test]
fn memory_is_that_of_the_largest_process_in_bytes() {
    let small = measured(&sh(":")).peak_memory.unwrap();
    // 64 MiB in one child of the shell, held as one block.
    let large = measured(&sh("head -c 67108864 /dev/zero | tail -c 67108864 >/dev/null; :"));
    let large = large.peak_memory.unwrap();
    assert!((100 << 10..32 << 20).contains(&small), "{small}");
    assert!((64 << 20..256 << 20).contains(&large), "{large}");
}

#[test]
fn the_beginning_and_the_end_of_a_long_output_are_kept() {
    let limited = measurer().capture_limit(20);
    let found = limited.measure(&sh("printf 0123456789; printf '%0990d' 0; printf abcdefghij")).unwrap();
    assert_eq!(String::from_utf8(found.stdout).unwrap(), "0123456789\n[990 bytes left out here]\nabcdefghij");
    assert_eq!(found.left_out, 990);
    for length in [0, 1, 10, 11, 20] {
        let found = limited.measure(&sh(&format!("head -c {length} /dev/zero"))).unwrap();
        assert_eq!((found.stdout.len(), found.left_out), (length, 0));
    }
}

#[test]
fn a_time_out_ends_the_whole_group_even_when_it_does_not_want_to() {
    let folder = tempfile::tempdir().unwrap();
    let script = "trap '' TERM; sh -c 'trap \"\" TERM; echo $$ > child; while :; do sleep 0.05; done'";
    let spec = sh(script).current_dir(folder.path()).timeout(Duration::from_millis(400));
    let started = Instant::now();
    let error = measurer().measure(&spec).unwrap_err();
    assert!(matches!(error, ProcessError::TimedOut { .. }), "{error}");
    assert!(started.elapsed() >= Duration::from_millis(400));
    let child = std::fs::read_to_string(folder.path().join("child")).unwrap();
    assert!(eventually(|| !is_running(child.trim())));
}

#[test]
fn an_interruption_ends_the_command_and_refuses_the_next_one() {
    let flag = Arc::new(AtomicBool::new(false));
    let interrupted = measurer().interrupted_by(Arc::clone(&flag));
    let setter = std::thread::spawn({
        let flag = Arc::clone(&flag);
        move || {
            std::thread::sleep(Duration::from_millis(200));
            flag.store(true, Ordering::Relaxed);
        }
    });
    let error = interrupted.measure(&sh("sleep 600")).unwrap_err();
    assert!(matches!(error, ProcessError::Interrupted { .. }), "{error}");
    setter.join().unwrap();
    assert!(matches!(interrupted.measure(&sh(":")).unwrap_err(), ProcessError::Interrupted { .. }));
}

#[test]
fn what_a_command_leaves_behind_is_ended_with_it() {
    let found = measured(&sh("sleep 600 & echo $!"));
    assert_eq!(found.status, Status::exited(0));
    let child = String::from_utf8(found.stdout).unwrap();
    assert!(eventually(|| !is_running(child.trim())));
}
