//! Rewritten files of pre-commit are read by pre-commit itself.
#![expect(clippy::disallowed_methods, reason = "a test runs pre-commit")]

use std::path::Path;
use std::process::Command;

#[test]
fn pre_commit_reads_every_rewritten_file() {
    let program = uvshift_testkit::tool("validators", "pre-commit");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hosts");
    let fixtures = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<_> = fixtures
        .map(|fixture| fixture.join("out/.pre-commit-config.yaml"))
        .filter(|path| path.exists())
        .collect();
    assert!(files.len() >= 3, "{files:?}");
    let output = Command::new(program).arg("validate-config").args(&files).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.is_empty(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}
