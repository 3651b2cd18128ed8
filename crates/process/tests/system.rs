//! The system runner against real processes.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests fail loudly and say when they skip"
)]

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use uvshift_process::{CommandSpec, ProcessError, Runner as _, Status, Stream, SystemRunner};

fn sh(script: &str) -> CommandSpec {
    CommandSpec::new("sh").args(["-c", script])
}

/// Waits for something that another process does.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn is_running(pid_file: &Path) -> bool {
    let pid = std::fs::read_to_string(pid_file).unwrap();
    SystemRunner::new().run(&sh(&format!("kill -0 {} 2>/dev/null", pid.trim()))).unwrap().success()
}

#[test]
fn output_status_and_lines_are_those_of_the_command() {
    let mut lines = Vec::new();
    let spec = sh("echo out; echo err 1>&2; printf 'no end' 1>&2; exit 3");
    let output = SystemRunner::new()
        .run_with(&spec, &mut |stream, line| lines.push((stream, line.to_owned())))
        .unwrap();
    assert_eq!(output.status, Status::exited(3));
    assert_eq!((&*output.stdout_text(), &*output.stderr), ("out\n", "err\nno end"));
    lines.sort_by_key(|(stream, _)| *stream == Stream::Stderr);
    let expected = [(Stream::Stdout, "out"), (Stream::Stderr, "err"), (Stream::Stderr, "no end")];
    assert_eq!(lines, expected.map(|(stream, line)| (stream, line.to_owned())));
    let error = output.checked(&spec).unwrap_err();
    assert!(error.to_string().ends_with("failed (exit status 3)"), "{error}");
    assert_eq!(error.stderr(), Some("err\nno end"));
}

#[test]
fn a_signal_is_told_from_a_status() {
    let output = SystemRunner::new().run(&sh("kill -9 $$")).unwrap();
    assert_eq!(output.status, Status { code: None, signal: Some(9) });
    assert!(!output.success());
}

#[test]
fn lines_arrive_while_the_command_runs() {
    let folder = tempfile::tempdir().unwrap();
    // The command ends only after its first line has been handled.
    let spec = sh("echo waiting 1>&2; while [ ! -e go ]; do sleep 0.01; done; echo done 1>&2")
        .current_dir(folder.path())
        .timeout(Duration::from_mins(1));
    let mut seen = Vec::new();
    let output = SystemRunner::new().run_with(&spec, &mut |_, line| {
        seen.push(line.to_owned());
        std::fs::File::create(folder.path().join("go")).unwrap();
    });
    assert!(output.unwrap().success());
    assert_eq!(seen, ["waiting", "done"]);
}

#[test]
fn a_time_out_ends_grandchildren_that_ignore_the_request() {
    let folder = tempfile::tempdir().unwrap();
    let script = "echo before 1>&2; (trap '' TERM; echo $$ > ignored; sh -c 'echo $$ > pid; while :; do sleep 1; done') & wait";
    let spec = sh(script).current_dir(folder.path()).timeout(Duration::from_secs(2)).secret("before");
    let pid_file = folder.path().join("pid");
    let error = SystemRunner::new().run(&spec).unwrap_err();
    let ProcessError::TimedOut { after, stderr, command } = &error else { panic!("{error:?}") };
    assert_eq!((*after, &**stderr), (Duration::from_secs(2), "****"));
    assert!(command.starts_with("sh -c 'echo **** 1>&2"), "{command}");
    assert!(error.hint().is_some());
    eventually("the grandchild is still running", || !is_running(&pid_file));
}

#[test]
fn a_command_that_ignores_the_request_is_ended_by_force() {
    let spec = sh("trap '' TERM; while :; do sleep 0.1; done").timeout(Duration::from_millis(200));
    assert!(matches!(SystemRunner::new().run(&spec), Err(ProcessError::TimedOut { .. })));
}

#[test]
fn a_command_may_clean_up_when_its_time_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let spec = sh("trap 'touch cleaned; exit 1' TERM; echo ready; while :; do sleep 0.05; done")
        .current_dir(folder.path())
        .timeout(Duration::from_secs(1));
    assert!(matches!(SystemRunner::new().run(&spec), Err(ProcessError::TimedOut { .. })));
    assert!(folder.path().join("cleaned").exists());
}

#[test]
fn an_interrupt_ends_the_running_command_and_refuses_the_next() {
    let flag = Arc::new(AtomicBool::new(false));
    let runner = SystemRunner::new().interrupted_by(Arc::clone(&flag));
    let spec = sh("echo started; sleep 600");
    let result = runner.run_with(&spec, &mut |_, _| flag.store(true, Ordering::Relaxed));
    assert!(matches!(result, Err(ProcessError::Interrupted { .. })), "{result:?}");
    assert!(matches!(runner.run(&sh("exit 0")), Err(ProcessError::Interrupted { .. })));
}

#[test]
fn what_a_command_leaves_behind_does_not_hold_up_the_caller() {
    let folder = tempfile::tempdir().unwrap();
    let spec = sh("(echo $$; sleep 600 & echo $! > pid) ; echo over").current_dir(folder.path());
    let output = SystemRunner::new().run(&spec).unwrap();
    assert!(output.success() && output.stdout_text().ends_with("over\n"));
    assert!(is_running(&folder.path().join("pid")), "a daemon that the command starts lives on");
    SystemRunner::new().run(&sh("kill $(cat pid)").current_dir(folder.path())).unwrap();
}

#[test]
fn much_output_on_both_streams_neither_blocks_nor_fills_memory() {
    let script = "i=0; while [ $i -lt 300 ]; do head -c 10000 /dev/zero | tr '\\0' 'o'; \
        head -c 10000 /dev/zero | tr '\\0' 'e' 1>&2; i=$((i+1)); done; echo last; echo last 1>&2";
    let spec = sh(script).timeout(Duration::from_mins(2));
    let whole = SystemRunner::new().run(&spec).unwrap();
    assert_eq!((whole.stdout.len(), whole.stderr.len(), whole.left_out), (3_000_005, 3_000_005, 0));

    let part = SystemRunner::new().capture_limit(1000).run(&spec).unwrap();
    assert_eq!(part.left_out, 2 * (3_000_005 - 1000));
    let note = "\n[2999005 bytes left out here]\n";
    assert_eq!(part.stderr, format!("{}{note}{}last\n", "e".repeat(500), "e".repeat(495)));
    assert_eq!(part.stdout.len(), 1000 + note.len());
}

#[test]
fn bytes_that_are_not_utf_8_are_kept_in_stdout_and_shown_in_stderr() {
    let output = SystemRunner::new().run(&sh(r"printf 'a\377b'; printf 'c\377d' 1>&2")).unwrap();
    assert_eq!(output.stdout, b"a\xffb");
    assert_eq!((&*output.stdout_text(), &*output.stderr), ("a\u{fffd}b", "c\u{fffd}d"));
}

#[test]
fn a_missing_program_and_a_missing_folder_are_told_apart() {
    let runner = SystemRunner::new();
    let error = runner.run(&CommandSpec::new("no-such-program-here")).unwrap_err();
    assert_eq!(error.to_string(), "cannot find the program `no-such-program-here`");
    assert!(error.hint().is_some());
    let error = runner.run(&sh("exit 0").current_dir("/no/such/folder")).unwrap_err();
    assert_eq!(error.to_string(), "cannot run `sh -c 'exit 0'`: `/no/such/folder` is not a folder");
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = runner.run(&CommandSpec::new(file.path())).unwrap_err();
    assert!(matches!(error, ProcessError::Spawn { .. }), "{error:?}");
}

#[test]
fn variables_are_removed_by_name_and_prefix_and_set_ones_win() {
    // Variables that every caller has stand for those of tools.
    let spec = sh("echo ${HOME-gone} ${PATH-gone} ${SET-gone}")
        .env_remove("HO*")
        .env_remove("SET")
        .env("SET", "new");
    let output = SystemRunner::new().run(&spec).unwrap();
    let shown = output.stdout_text().into_owned();
    assert!(shown.starts_with("gone /") && shown.ends_with(" new\n"), "{shown}");
}

#[test]
fn standard_input_is_empty() {
    let output = SystemRunner::new().run(&CommandSpec::new("cat").timeout(Duration::from_mins(1))).unwrap();
    assert!(output.success() && output.stdout.is_empty());
}

#[test]
fn secrets_are_kept_out_of_lines_and_errors() {
    let spec = sh("echo key=hunter2 1>&2; echo https://u:pw@index.example/ 1>&2; exit 1").secret("hunter2");
    let mut lines = Vec::new();
    let output = SystemRunner::new().run_with(&spec, &mut |_, line| lines.push(line.to_owned())).unwrap();
    assert_eq!(lines, ["key=****", "https://****@index.example/"]);
    let error = format!("{:?}", output.checked(&spec).unwrap_err());
    assert!(!error.contains("hunter2") && !error.contains(":pw@"), "{error}");
}

#[test]
fn the_displayed_line_means_the_same_to_a_shell() {
    let words: Vec<OsString> =
        ["plain", "", "a b", "it's", "\"", "$HOME", "`id`", "\\", "a\nb", "*", "~", "größe", "#x", "!"]
            .map(OsString::from)
            .to_vec();
    assert_eq!(through("sh", &words), words);
    // Control characters and odd bytes need a shell that knows `$'...'`.
    let odd = vec![OsString::from("\u{1b}[0m'\\"), OsString::from_vec(b"a\xff\r'b".to_vec())];
    if uvshift_process::find_program("bash", std::ffi::OsStr::new("/bin:/usr/bin:/usr/local/bin")).is_some() {
        assert_eq!(through("bash", &odd), odd);
    } else {
        println!("skipped: no bash here");
    }
}

fn through(shell: &str, words: &[OsString]) -> Vec<OsString> {
    let shown = CommandSpec::new("printf").arg("%s\\0").args(words).to_string();
    let output = SystemRunner::new().run(&CommandSpec::new(shell).arg("-c").arg(shown)).unwrap();
    assert!(output.success(), "{output:?}");
    let mut back: Vec<_> =
        output.stdout.split(|byte| *byte == 0).map(|word| OsString::from_vec(word.to_vec())).collect();
    back.pop();
    back
}
