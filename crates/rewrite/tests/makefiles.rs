//! make reads every rewritten Makefile, and would do something for each target, as it did before.

#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the test runs make")]

use std::path::{Path, PathBuf};
use std::process::Command;

use uvshift_testkit::Project;

#[test]
fn every_target_can_be_made_before_and_after() {
    let mut targets = 0;
    for folder in fixtures() {
        let before = Project::from_tree(folder.join("in"));
        let old = std::fs::read_to_string(folder.join("in/became.txt")).expect("old files");
        let old = old.lines().filter_map(|line| line.split(' ').next());
        for path in old.chain(["poetry.toml", "poetry.lock"]) {
            before.write(path, "");
        }
        let after = Project::from_tree(folder.join("in"));
        let new = std::fs::read_to_string(folder.join("out/Makefile")).expect("a new Makefile");
        after.write("Makefile", new);
        for target in targets_of(before.path()) {
            let (old, new) = (would_do(before.path(), &target), would_do(after.path(), &target));
            assert!(old.0, "{}: `make -n {target}` fails before: {}", folder.display(), old.1);
            assert!(new.0, "{}: `make -n {target}` fails after: {}", folder.display(), new.1);
            assert!(!new.1.contains("pip install -r"), "{}: {target}: {}", folder.display(), new.1);
            targets += 1;
        }
    }
    assert!(targets > 20, "only {targets} targets were made");
}

/// The fixtures whose Makefile changes.
fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hosts");
    let entries = std::fs::read_dir(root).expect("the fixtures are there");
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder").path()).collect();
    folders.retain(|folder| folder.join("out/Makefile").exists());
    folders.sort();
    assert!(folders.len() > 2);
    folders
}

fn targets_of(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("Makefile")).expect("a Makefile");
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let rules = text.lines().filter_map(|line| Some((line.split_once(':')?.0, line)));
    let named = rules.filter(|(name, line)| is_name(name) && !line.contains(":="));
    named.map(|(name, _)| name.to_owned()).collect()
}

/// Whether make finds a way, and what it would run.
fn would_do(folder: &Path, target: &str) -> (bool, String) {
    let output =
        Command::new("make").args(["-n", "-B", target]).current_dir(folder).output().expect("make runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}
