//! What must hold on every system, Windows included: no modes, no links, no kills.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "tests make trees, and end where they cannot"
)]

use std::fs;
use std::path::Path;

use serde_json::json;
use uvshift_changeset::{
    ChangeSet, Error, RollbackMode, Transaction, failpoints, journals, recover, rollback,
};

fn project() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(root.path().join("sub")).expect("a folder");
    fs::write(root.path().join("a.txt"), "a\r\n").expect("a file");
    fs::write(root.path().join("sub/b.txt"), "b\n").expect("a file");
    root
}

fn changes() -> ChangeSet {
    let mut set = ChangeSet::new();
    set.edit("a.txt", "a\r\n", "A\r\n").expect("an edit");
    set.rename("sub/b.txt", "new/folder/b.txt").expect("a rename");
    set.create("new/c.txt", "c").expect("a create");
    set
}

fn assert_before(root: &Path) {
    assert_eq!(fs::read(root.join("a.txt")).expect("a file"), b"a\r\n");
    assert_eq!(fs::read(root.join("sub/b.txt")).expect("a file"), b"b\n");
    assert_eq!(fs::read_dir(root).expect("a folder").count(), 2, "nothing else is left");
}

fn begin(root: &Path) -> Transaction {
    Transaction::begin(root, &changes(), &["uv.lock"], json!("x")).expect("begun")
}

#[test]
fn committed_and_rolled_back() {
    let root = project();
    let mut transaction = begin(root.path());
    transaction.apply().expect("applied");
    transaction.write("a.txt", b"temporary").expect("written");
    fs::write(root.path().join("uv.lock"), "lock").expect("a file");
    transaction.write("a.txt", b"A\r\n").expect("written");
    transaction.commit().expect("committed");
    assert_eq!(fs::read(root.path().join("new/folder/b.txt")).expect("a file"), b"b\n");
    assert!(root.path().join("sub").is_dir());
    assert_eq!(journals(root.path()).expect("journals").len(), 1);
    rollback(root.path(), RollbackMode::Check).expect("rolled back");
    assert_before(root.path());
}

#[test]
fn undone() {
    let root = project();
    let mut transaction = begin(root.path());
    transaction.apply().expect("applied");
    transaction.undo().expect("undone");
    assert_before(root.path());
}

#[test]
fn recovered() {
    let root = project();
    let mut transaction = begin(root.path());
    transaction.apply().expect("applied");
    failpoints::freeze_from(1, false, || drop(transaction));
    assert!(recover(root.path()).expect("recovered").is_some());
    assert_before(root.path());
}

#[test]
fn refused_while_another_run_works() {
    let root = project();
    let first = begin(root.path());
    let second = Transaction::begin(root.path(), &changes(), &[], json!(null));
    assert!(matches!(second, Err(Error::Busy { .. })));
    drop(first);
    assert_before(root.path());
}
