//! What can go wrong ends in a clear error and an unchanged tree.

use std::io::ErrorKind;
use std::path::Path;

use serde_json::{Value, json};
use uvshift_changeset::failpoints::{Fault, Operation, freeze_from, record, with_hook};
use uvshift_changeset::{ChangeSet, DifferenceKind, Error, RollbackMode, Transaction, recover, rollback};

use crate::support::{self, picture, picture_of_project};

pub(crate) fn project() -> tempfile::TempDir {
    let root = support::new_root();
    support::write(root.path(), "a.txt", "a\n");
    support::write(root.path(), "sub/b.txt", "b\n");
    support::write(root.path(), "gone.txt", "gone\n");
    support::link(root.path(), "link", "a.txt");
    root
}

pub(crate) fn changes() -> ChangeSet {
    let mut set = ChangeSet::new();
    set.edit("a.txt", "a\n", "A\n").expect("an edit");
    set.expect_mode("a.txt", 0o644).expect("an expectation");
    set.edit("sub/b.txt", "b\n", "B\n").expect("an edit");
    set.delete("gone.txt", "gone\n").expect("a delete");
    set.delete_symlink("link", "a.txt").expect("a delete");
    set.create("new/c.txt", "c\n").expect("a create");
    set
}

fn run(root: &Path) -> Result<(), Error> {
    let mut transaction = Transaction::begin(root, &changes(), &["uv.lock"], json!(null))?;
    transaction.apply()?;
    transaction.write("a.txt", b"temporary\n")?;
    support::write(root, "uv.lock", "lock");
    transaction.write("a.txt", b"A\n")?;
    transaction.commit().map(drop)
}

/// The error is about `named`, says what to do, and nothing has changed, not even by a state folder.
pub(crate) fn refused(root: &Path, set: &ChangeSet, named: &str) -> Error {
    let before = picture(root);
    let error = Transaction::begin(root, set, &[], json!(null)).expect_err(named);
    assert!(error.to_string().contains(named), "`{error}` does not name `{named}`");
    assert!(error.hint().is_some(), "{error}");
    assert_eq!(picture(root), before, "{error}");
    error
}

fn edit(path: &str) -> ChangeSet {
    let mut set = ChangeSet::new();
    set.edit(path, "a\n", "b\n").expect("an edit");
    set
}

#[test]
fn every_file_that_changed_since_the_plan_is_named() {
    let root = project();
    support::write(root.path(), "a.txt", "else\n");
    support::remove(root.path(), "sub/b.txt");
    support::write(root.path(), "new/c.txt", "already here");
    let error =
        refused(root.path(), &changes(), "`a.txt` (content), `new/c.txt` (exists), `sub/b.txt` (missing)");
    assert!(matches!(error, Error::Changed { .. }));
}

#[test]
fn a_changed_mode_or_kind_is_noticed_too() {
    let root = project();
    support::set_mode(&root.path().join("a.txt"), 0o755);
    support::remove(root.path(), "link");
    support::write(root.path(), "link", "a file now");
    let Error::Changed { differences } = refused(root.path(), &changes(), "a.txt") else {
        panic!("not changed")
    };
    let said: Vec<_> = differences.iter().map(|found| (found.path.as_str(), found.kind)).collect();
    assert_eq!(said, [("a.txt", DifferenceKind::Mode), ("link", DifferenceKind::Kind)]);
}

#[test]
fn a_file_that_changes_between_begin_and_apply_keeps_what_somebody_wrote() {
    let meddlers: [fn(&Path); 5] = [
        |root| support::write(root, "a.txt", "my work"),
        |root| support::set_mode(&root.join("sub/b.txt"), 0o600),
        |root| support::remove(root, "gone.txt"),
        |root| support::write(root, "new/c.txt", "my work"),
        |root| {
            support::remove(root, "sub/b.txt");
            support::link(root, "sub/b.txt", "../a.txt");
        },
    ];
    for (number, meddle) in meddlers.into_iter().enumerate() {
        let root = project();
        let mut transaction =
            Transaction::begin(root.path(), &changes(), &["uv.lock"], json!(null)).expect("begun");
        meddle(root.path());
        let meddled = picture_of_project(root.path());
        let error = transaction.apply().expect_err("somebody was here");
        assert!(matches!(error, Error::Changed { .. } | Error::Io { .. }), "{number}: {error}");
        let undone = transaction.undo().expect("undone");
        assert!(undone.saved.is_empty(), "{number}: {undone:?}");
        assert_eq!(picture(root.path()), meddled, "{number}");
    }
}

#[test]
fn a_file_that_changes_before_the_commit_is_set_aside() {
    let root = project();
    let before = picture(root.path());
    let mut transaction = Transaction::begin(root.path(), &changes(), &[], json!(null)).expect("begun");
    transaction.apply().expect("applied");
    support::write(root.path(), "a.txt", "my work");
    assert!(matches!(transaction.write("a.txt", b"x"), Err(Error::Changed { .. })));
    let error = transaction.commit().expect_err("somebody was here");
    assert!(error.to_string().contains("a.txt"), "{error}");
    assert_eq!(picture_of_project(root.path()), before);
    let saved = picture(&root.path().join(".uvshift/backup"));
    assert_eq!(saved.len(), 2, "a folder and the file: {saved:?}");
}

#[test]
fn links_are_never_followed() {
    let outside = support::new_root();
    support::write(outside.path(), "a.txt", "a\n");
    let untouched = picture(outside.path());
    let root = project();
    support::link(root.path(), "out", outside.path().to_str().expect("UTF-8"));
    support::link(root.path(), "inside", "sub");
    support::link(root.path(), "file", outside.path().join("a.txt").to_str().expect("UTF-8"));

    assert!(matches!(refused(root.path(), &edit("out/a.txt"), "`out`"), Error::SymlinkedParent { .. }));
    assert!(matches!(refused(root.path(), &edit("inside/b.txt"), "`inside`"), Error::SymlinkedParent { .. }));
    assert!(matches!(refused(root.path(), &edit("file"), "`file`"), Error::Symlink { .. }));
    assert!(matches!(refused(root.path(), &edit("link"), "`a.txt`"), Error::Symlink { .. }));
    let mut set = ChangeSet::new();
    set.create("out/new.txt", "x").expect("a create");
    assert!(matches!(refused(root.path(), &set, "`out`"), Error::SymlinkedParent { .. }));
    let external = Transaction::begin(root.path(), &ChangeSet::new(), &["out/uv.lock"], json!(null));
    assert!(matches!(external, Err(Error::SymlinkedParent { .. })));
    let external = Transaction::begin(root.path(), &ChangeSet::new(), &["file"], json!(null));
    assert!(matches!(external, Err(Error::Symlink { .. })));
    assert_eq!(picture(outside.path()), untouched);
}

#[test]
fn a_folder_that_becomes_a_link_out_before_apply_or_rollback_is_not_followed() {
    let outside = support::new_root();
    support::write(outside.path(), "b.txt", "b\n");
    let untouched = picture(outside.path());
    let root = project();
    let leave = |root: &Path| {
        std::fs::remove_dir_all(root.join("sub")).expect("a removed folder");
        support::link(root, "sub", outside.path().to_str().expect("UTF-8"));
    };
    let mut transaction = Transaction::begin(root.path(), &changes(), &[], json!(null)).expect("begun");
    leave(root.path());
    assert!(matches!(transaction.apply(), Err(Error::SymlinkedParent { .. })));
    drop(transaction);
    assert_eq!(picture(outside.path()), untouched);

    let root = project();
    run(root.path()).expect("a run");
    leave(root.path());
    let meddled = picture(root.path());
    for mode in [RollbackMode::Check, RollbackMode::Force] {
        let error = rollback(root.path(), mode).expect_err("it leads out");
        assert!(error.hint().is_some() && error.to_string().contains("sub"), "{error}");
        assert_eq!(picture(root.path()), meddled);
    }
    assert_eq!(picture(outside.path()), untouched);
}

#[test]
fn folders_pipes_and_files_in_the_way_are_refused() {
    let root = project();
    support::folder(root.path(), "folder");
    assert!(matches!(refused(root.path(), &edit("folder"), "a folder"), Error::NotAFile { .. }));
    assert!(matches!(
        refused(root.path(), &edit("a.txt/below"), "`a.txt` is not a folder"),
        Error::NotAFolder { .. }
    ));
    let mut set = ChangeSet::new();
    set.create("folder", "x").expect("a create");
    assert!(matches!(refused(root.path(), &set, "folder"), Error::Changed { .. }));
    if support::tool("mkfifo", &["pipe"], root.path(), "").is_some() {
        assert!(matches!(refused(root.path(), &edit("pipe"), "a special file"), Error::NotAFile { .. }));
    }
}

#[test]
fn a_file_with_special_rights_is_refused() {
    let root = project();
    support::set_mode(&root.path().join("a.txt"), 0o4755);
    assert!(matches!(refused(root.path(), &edit("a.txt"), "4755"), Error::SpecialMode { .. }));
}

#[test]
fn a_missing_root_is_refused() {
    let root = project();
    for place in [root.path().join("nowhere"), root.path().join("a.txt")] {
        let error = Transaction::begin(&place, &changes(), &[], json!(null)).expect_err("no folder");
        assert!(matches!(error, Error::Root { .. }) && error.hint().is_some(), "{error}");
    }
}

/// Each step in turn fails once, as on a full disk, on a read-only one and without permission.
#[test]
fn a_failure_of_any_step_leaves_the_tree_as_it_was() {
    let root = project();
    let before = picture(root.path());
    let ((), steps) = record(|| run(root.path()).expect("a run"));
    for kind in [ErrorKind::StorageFull, ErrorKind::ReadOnlyFilesystem, ErrorKind::PermissionDenied] {
        for failing in &steps {
            let root = project();
            let number = failing.number;
            let fault = if failing.operation == Operation::Write && kind == ErrorKind::StorageFull {
                Fault::FailWithin(kind)
            } else {
                Fault::Fail(kind)
            };
            let result = with_hook(
                move |step| if step.number == number { fault } else { Fault::None },
                || run(root.path()),
            );
            let error = result.expect_err("a failed step fails the run");
            assert!(
                matches!(&error, Error::Io { source, .. } if source.kind() == kind),
                "{failing:?}: {error}"
            );
            assert!(error.hint().is_some(), "{error}");
            assert_eq!(picture(root.path()), before, "{failing:?} failed with {kind}");
        }
    }
}

/// From some step on there is no space at all. Undoing needs none: it renames what is stored.
#[test]
fn a_disk_that_stays_full_does_not_hinder_undoing() {
    let root = project();
    let before = picture(root.path());
    let ((), steps) = record(|| run(root.path()).expect("a run"));
    for first in 1..=steps.len() {
        let root = project();
        let result = with_hook(
            move |step| match step.operation {
                Operation::Write | Operation::CreateFolder | Operation::Symlink if step.number >= first => {
                    Fault::Fail(ErrorKind::StorageFull)
                }
                _ => Fault::None,
            },
            || run(root.path()),
        );
        if let Err(error) = result {
            assert!(
                matches!(&error, Error::Io { source, .. } if source.kind() == ErrorKind::StorageFull),
                "{error}"
            );
            assert_eq!(picture(root.path()), before, "full from step {first} on");
        }
    }
}

/// The process that runs with less rights, less space or on another disk than the tests.
#[test]
#[ignore = "the tests of this file run it in a process of its own"]
fn child() {
    let Some(input) = support::child_input() else { return };
    let input: Value = serde_json::from_str(&input).expect("JSON");
    let root = Path::new(input["root"].as_str().expect("a root"));
    let before = (input["prepare"] == true).then(|| {
        for (path, content) in [("a.txt", "a\n"), ("sub/b.txt", "b\n"), ("gone.txt", "gone\n")] {
            support::write(root, path, content);
        }
        support::link(root, "link", "a.txt");
        picture(root)
    });
    if input["freeze"] == true {
        freeze_everywhere(root);
        println!("FROZEN");
    }
    let size = usize::try_from(input["size"].as_u64().unwrap_or(0)).expect("a small number");
    let large = vec![b'x'; size];
    let result = (|| {
        let mut set = changes();
        if input["large"] == "staged" {
            set.create("large.bin", large.clone())?;
        }
        if let Some(tool) = input["read_only_tool"].as_str() {
            let done = support::tool("mount", &["-o", "remount,ro", tool], root, "").expect("mount");
            assert!(done.status.success(), "{done:?}");
        }
        let mut transaction = Transaction::begin(root, &set, &["uv.lock"], json!(null))?;
        transaction.apply()?;
        if input["large"] == "written" {
            transaction.write("a.txt", &large)?;
        }
        transaction.commit().map(drop)
    })();
    match &result {
        Ok(()) => println!("\nDONE"),
        Err(error) => println!("\nREFUSED {error} HINT {}", error.hint().expect("a hint")),
    }
    if let Some(before) = before {
        if input["read_only_tool"].is_null() && result.is_ok() {
            assert!(!root.join("gone.txt").exists() && support::read(root, "sub/b.txt") == b"B\n");
            rollback(root, RollbackMode::Check).expect("rolled back");
        }
        assert_eq!(picture(root), before);
        println!("UNCHANGED");
    }
}

/// Dies at every step, in the middle of every write, and recovers.
fn freeze_everywhere(root: &Path) {
    let before = picture(root);
    let ((), steps) = record(|| run(root).expect("a run"));
    rollback(root, RollbackMode::Check).expect("rolled back");
    assert!(
        steps.iter().any(|step| step.path.ends_with(".b.txt.uvshift-tmp")),
        "it goes through a copy: {steps:#?}"
    );
    for step in &steps {
        for torn in [false, true] {
            freeze_from(step.number, torn, || drop(run(root)));
            if recover(root).expect("recovered").is_none() && root.join(".uvshift").exists() {
                rollback(root, RollbackMode::Check).expect("rolled back");
            }
            assert_eq!(picture(root), before, "{step:?}");
        }
    }
}

#[track_caller]
fn assert_said(output: &std::process::Output, expected: &[&str]) {
    let said = String::from_utf8_lossy(&output.stdout);
    for expected in expected {
        assert!(said.contains(expected), "{expected:?} is missing: {output:?}");
    }
}

#[test]
fn folders_that_this_user_may_not_write_to() {
    // The whole project.
    let root = project();
    support::set_mode(root.path(), 0o555);
    let before = picture(root.path());
    let input = json!({ "root": root.path() }).to_string();
    let output = support::run_unprivileged_child("hazards::child", &input);
    assert_said(&output, &["REFUSED cannot create the folder", ".uvshift", "HINT make the folder writable"]);
    assert_eq!(picture(root.path()), before);
    support::set_mode(root.path(), 0o755);

    // One folder in it, which is found out when others are changed already.
    let root = project();
    support::set_mode(root.path(), 0o777);
    support::set_mode(&root.path().join("sub"), 0o555);
    let before = picture(root.path());
    let input = json!({ "root": root.path() }).to_string();
    let output = support::run_unprivileged_child("hazards::child", &input);
    assert_said(&output, &["REFUSED cannot replace", "sub/b.txt", "HINT make the folder writable"]);
    assert_eq!(picture(root.path()), before);
    support::set_mode(&root.path().join("sub"), 0o755);

    // A file that this user may not even read.
    let root = project();
    support::set_mode(root.path(), 0o777);
    support::set_mode(&root.path().join("a.txt"), 0o000);
    let before = if support::is_root() { Some(picture(root.path())) } else { None };
    let input = json!({ "root": root.path() }).to_string();
    let output = support::run_unprivileged_child("hazards::child", &input);
    assert_said(&output, &["REFUSED cannot read", "a.txt"]);
    assert!(before.is_none_or(|before| picture(root.path()) == before));
}

#[test]
fn a_limit_on_file_sizes_is_a_full_disk() {
    // `ulimit -f` counts blocks of 512 or 1024 bytes, and a shell that ignores the signal hands that on.
    let limited = ["sh", "-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""];
    for large in ["staged", "written"] {
        let root = project();
        let before = picture(root.path());
        let input = json!({ "root": root.path(), "large": large, "size": 300_000 }).to_string();
        let output = support::run_child("hazards::child", &limited, &input);
        assert_said(&output, &["REFUSED cannot write", "HINT free some disk space"]);
        assert_eq!(picture(root.path()), before);
    }
}

/// Runs the child on file systems of its own, where the system lets us have some.
fn on_own_mounts(mounts: &str, input: &Value) -> Option<std::process::Output> {
    let root = support::new_root();
    let script = format!("cd '{}' && {mounts} && exec \"$0\" \"$@\"", root.path().display());
    let probe = format!("{script} || exit 9");
    let words = ["unshare", "--map-root-user", "--mount", "sh", "-c"];
    let arguments: Vec<&str> = words[1..].iter().copied().chain([probe.as_str(), "true"]).collect();
    let probed = support::tool(words[0], &arguments, root.path(), "")?;
    if !probed.status.success() {
        eprintln!("SKIPPED: no mounts of our own here: {}", String::from_utf8_lossy(&probed.stderr));
        return None;
    }
    let mut input = input.clone();
    let place = root.path().join("project");
    input["root"] = json!(place);
    if !input["read_only_tool"].is_null() {
        input["read_only_tool"] = json!(place);
    }
    let wrapper: Vec<&str> = words.iter().copied().chain([script.as_str()]).collect();
    Some(support::run_child("hazards::child", &wrapper, &input.to_string()))
}

#[test]
fn a_disk_that_is_really_full() {
    for large in ["staged", "written"] {
        let mounts = "mkdir -p project && mount -t tmpfs -o size=128k tmpfs project";
        let input = json!({ "prepare": true, "large": large, "size": 500_000 });
        let Some(output) = on_own_mounts(mounts, &input) else { return };
        assert_said(&output, &["REFUSED cannot write", "HINT free some disk space", "UNCHANGED"]);
    }
}

#[test]
fn a_disk_that_is_really_read_only() {
    let mounts = "mkdir -p project && mount -t tmpfs tmpfs project";
    let Some(output) = on_own_mounts(mounts, &json!({ "prepare": true, "read_only_tool": true })) else {
        return;
    };
    assert_said(&output, &["REFUSED cannot create the folder", "HINT make the folder writable", "UNCHANGED"]);
}

#[test]
fn a_folder_on_another_disk_is_written_through_a_copy() {
    let mounts = "mkdir -p project/sub && mount -t tmpfs tmpfs project/sub";
    let Some(output) = on_own_mounts(mounts, &json!({ "prepare": true, "freeze": true })) else { return };
    assert_said(&output, &["FROZEN", "DONE", "UNCHANGED"]);
}
