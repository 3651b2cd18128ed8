//! poetry-core itself, if `cargo xtask setup` has installed it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The Python that has poetry-core, or nothing and a word about it.
pub(in super::super) fn python() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path =
        root.join(".tools/oracles").join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if path.exists() {
        return Some(path);
    }
    #[expect(clippy::print_stdout, reason = "a test that is left out says so")]
    {
        println!("SKIPPED: no poetry-core, run `cargo xtask setup`");
    }
    None
}

/// Runs a script that reads one JSON value and prints another.
pub(in super::super) fn ask(python: &Path, script: &str, question: &Value) -> Value {
    #[expect(clippy::disallowed_methods, reason = "the test asks the original")]
    let mut child = Command::new(python)
        .args(["-W", "ignore", "-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = question.to_string();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "the oracle failed");
    serde_json::from_slice(&output.stdout).unwrap()
}
