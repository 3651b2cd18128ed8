//! How long a transaction takes: five files, as a migration changes them, on a disk and in memory.

#![expect(clippy::expect_used, reason = "a bench that cannot go on has nothing to report")]

use std::path::Path;

use divan::Bencher;
use serde_json::Value;
use tempfile::TempDir;
use uvshift_changeset::{ChangeSet, RollbackMode, Transaction, rollback};

fn main() {
    divan::main();
}

const FILES: usize = 5;

/// A folder on the disk that holds the temporary folder, or in memory, where flushing is free.
#[derive(Debug, Clone, Copy)]
enum Place {
    Disk,
    Memory,
}

const PLACES: [Place; 2] = [Place::Disk, Place::Memory];

fn project(place: Place) -> (TempDir, ChangeSet) {
    let root = match place {
        Place::Disk => tempfile::tempdir(),
        Place::Memory => tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()),
    };
    let root = root.expect("a temporary folder");
    let mut set = ChangeSet::new();
    let before = "flask==3.0.0\n".repeat(100);
    for number in 0..FILES {
        let name = format!("requirements-{number}.txt");
        write(&root.path().join(&name), &before);
        set.edit(&name, before.as_str(), before.replace("3.0.0", "3.1.0")).expect("an edit");
    }
    (root, set)
}

#[expect(clippy::disallowed_methods, reason = "the bench makes its input")]
fn write(path: &Path, content: &str) {
    std::fs::write(path, content).expect("a written file");
}

fn run(root: &Path, set: &ChangeSet) {
    let mut transaction = Transaction::begin(root, set, &["uv.lock"], Value::Null).expect("begun");
    transaction.apply().expect("applied");
    transaction.commit().expect("committed");
}

#[divan::bench(args = PLACES)]
fn begin_apply_commit(bencher: Bencher, place: Place) {
    bencher.with_inputs(|| project(place)).bench_local_refs(|(root, set)| run(root.path(), set));
}

#[divan::bench(args = PLACES)]
fn rolled_back(bencher: Bencher, place: Place) {
    bencher
        .with_inputs(|| {
            let (root, set) = project(place);
            run(root.path(), &set);
            root
        })
        .bench_local_refs(|root| rollback(root.path(), RollbackMode::Check).expect("rolled back"));
}

#[divan::bench]
fn diff_of_a_thousand_lines(bencher: Bencher) {
    let before =
        (0..1000).map(|number| format!("package-{number}==1.{number}\n")).collect::<Vec<_>>().concat();
    let after = before.replace("7==", "7>=");
    bencher.bench_local(|| {
        let mut set = ChangeSet::new();
        set.edit("requirements.txt", before.as_str(), after.as_str()).expect("an edit");
        set.diff()
    });
}
