//! What a transaction does when nothing goes wrong, and who may do what when.

use std::path::Path;

use serde_json::json;
use uvshift_changeset::{
    ChangeSet, DifferenceKind, Error, JournalState, RollbackMode, Transaction, TreePath, failpoints,
    journals, recover, rollback,
};

use crate::support::{self, Thing, picture, picture_of_project};

fn project() -> tempfile::TempDir {
    let root = support::new_root();
    support::write(root.path(), "pyproject.toml", "[project]\r\nname = 'x'\r\n");
    support::write_with_mode(root.path(), "requirements.txt", "flask\n", 0o600);
    support::write(root.path(), "sub/only.txt", "only\n");
    root
}

fn migration() -> ChangeSet {
    let mut set = ChangeSet::new();
    set.edit("pyproject.toml", "[project]\r\nname = 'x'\r\n", "[project]\r\nname = 'y'\r\n")
        .expect("an edit");
    set.delete("requirements.txt", "flask\n").expect("a delete");
    set.delete("sub/only.txt", "only\n").expect("a delete");
    set.create("docs/new/page.md", "page\n").expect("a create");
    set
}

/// Leaves the tree as a kill leaves it while a tool writes its file.
fn die_after_apply(root: &Path, label: serde_json::Value) {
    let mut transaction = Transaction::begin(root, &migration(), &["uv.lock"], label).expect("begun");
    transaction.apply().expect("applied");
    support::write(root, "uv.lock", "half a lock");
    // Nothing of it runs any more, and the system takes the lock back.
    failpoints::freeze_from(1, false, || drop(transaction));
}

#[test]
fn a_whole_run_can_be_read_back_and_rolled_back() {
    let root = project();
    let before = picture(root.path());
    let mut transaction =
        Transaction::begin(root.path(), &migration(), &["uv.lock"], json!({ "run": 1 })).expect("begun");
    transaction.apply().expect("applied");
    support::write(root.path(), "uv.lock", "lock");
    transaction.write("pyproject.toml", b"temporary").expect("written");
    assert_eq!(support::read(root.path(), "pyproject.toml"), b"temporary");
    transaction.write("pyproject.toml", b"final").expect("written");
    assert_eq!(
        transaction.journal().original("requirements.txt").expect("an original"),
        Some(b"flask\n".to_vec()),
        "verification reads the old files before the commit"
    );
    let committed = transaction.commit().expect("committed");
    let changed: Vec<&str> = committed.changed.iter().map(TreePath::as_str).collect();
    assert_eq!(
        changed,
        ["docs/new/page.md", "pyproject.toml", "requirements.txt", "sub/only.txt", "uv.lock"]
    );

    assert!(root.path().join("sub").is_dir(), "deleting the last file of a folder leaves the folder");
    assert_eq!(support::read(root.path(), ".uvshift/.gitignore"), b"*\n");
    let listed = journals(root.path()).expect("journals");
    assert_eq!(listed.len(), 1);
    assert_eq!((listed[0].id.as_str(), listed[0].state), (committed.id.as_str(), JournalState::Committed));
    assert_eq!(listed[0].label, json!({ "run": 1 }));
    assert_eq!(listed[0].original("uv.lock").expect("an entry"), None);
    assert!(matches!(listed[0].original("setup.py"), Err(Error::NotInTransaction { .. })));

    let rolled_back = rollback(root.path(), RollbackMode::Check).expect("rolled back");
    assert_eq!(rolled_back.label, json!({ "run": 1 }));
    assert_eq!(picture(root.path()), before);
}

#[test]
fn originals_are_private_in_the_journal_and_get_their_mode_back() {
    let root = project();
    let before = picture(root.path());
    let transaction = Transaction::begin(root.path(), &migration(), &[], json!(null)).expect("begun");
    let folder = transaction.journal().folder().to_path_buf();
    let modes: Vec<u32> = picture(&folder)
        .iter()
        .filter(|(name, _)| name.starts_with("original-"))
        .map(|(_, thing)| match thing {
            Thing::File { mode, .. } => *mode,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(modes, [0o600; 3]);
    drop(transaction);
    assert_eq!(picture(root.path()), before);
}

#[test]
fn a_dropped_transaction_is_undone_wherever_it_is() {
    let root = project();
    let before = picture(root.path());
    let mut transaction =
        Transaction::begin(root.path(), &migration(), &["uv.lock"], json!(null)).expect("begun");
    transaction.apply().expect("applied");
    support::write(root.path(), "uv.lock", "half");
    drop(transaction);
    assert_eq!(picture(root.path()), before);
}

#[test]
fn undo_says_what_it_put_back() {
    let root = project();
    let before = picture(root.path());
    let mut transaction =
        Transaction::begin(root.path(), &migration(), &["uv.lock"], json!(null)).expect("begun");
    transaction.apply().expect("applied");
    let undone = transaction.undo().expect("undone");
    assert_eq!(undone.restored.len(), 4, "uv.lock was not there before and is not there now: {undone:?}");
    assert!(undone.saved.is_empty());
    assert_eq!(picture(root.path()), before);
}

#[test]
fn an_external_file_that_was_there_is_put_back() {
    let root = project();
    support::write_with_mode(root.path(), "uv.lock", "old lock", 0o640);
    let before = picture(root.path());
    let mut transaction =
        Transaction::begin(root.path(), &migration(), &["uv.lock"], json!(null)).expect("begun");
    transaction.apply().expect("applied");
    support::remove(root.path(), "uv.lock");
    support::write(root.path(), "uv.lock", "new lock");
    transaction.commit().expect("committed");
    rollback(root.path(), RollbackMode::Check).expect("rolled back");
    assert_eq!(picture(root.path()), before);
}

#[test]
fn two_runs_are_rolled_back_one_after_the_other() {
    let root = project();
    let pictures: Vec<_> = (0..2)
        .map(|number| {
            let before = picture_of_project(root.path());
            let mut set = ChangeSet::new();
            set.create(&format!("file-{number}"), "x").expect("a create");
            let mut transaction = Transaction::begin(root.path(), &set, &[], json!(number)).expect("begun");
            transaction.apply().expect("applied");
            transaction.commit().expect("committed");
            before
        })
        .collect();
    for (number, before) in pictures.iter().enumerate().rev() {
        let rolled_back = rollback(root.path(), RollbackMode::Check).expect("rolled back");
        assert_eq!(rolled_back.label, json!(number));
        assert_eq!(picture_of_project(root.path()), *before);
    }
    assert!(!root.path().join(".uvshift").exists());
    assert!(matches!(rollback(root.path(), RollbackMode::Check), Err(Error::NothingToRollBack { .. })));
}

#[test]
fn a_state_folder_with_other_things_in_it_stays() {
    let root = project();
    support::write(root.path(), ".uvshift/reports/last.json", "{}");
    let before = picture_of_project(root.path());
    let mut transaction = Transaction::begin(root.path(), &migration(), &[], json!(null)).expect("begun");
    transaction.apply().expect("applied");
    transaction.undo().expect("undone");
    assert_eq!(picture_of_project(root.path()), before);
    assert_eq!(support::read(root.path(), ".uvshift/reports/last.json"), b"{}");
    assert!(recover(root.path()).expect("nothing to recover").is_none());
}

#[test]
fn a_folder_that_the_run_made_stays_when_somebody_used_it() {
    let root = project();
    let mut transaction = Transaction::begin(root.path(), &migration(), &[], json!(null)).expect("begun");
    transaction.apply().expect("applied");
    support::write(root.path(), "docs/mine.md", "mine");
    transaction.undo().expect("undone");
    assert_eq!(support::read(root.path(), "docs/mine.md"), b"mine");
    assert!(!root.path().join("docs/new").exists());
}

#[test]
fn files_swap_names_and_a_file_gives_way_to_a_folder() {
    let root = support::new_root();
    support::write_with_mode(root.path(), "a", "a", 0o755);
    support::write_with_mode(root.path(), "b", "b", 0o600);
    support::write(root.path(), "thing", "was a file");
    support::link(root.path(), "link", "a");
    let before = picture(root.path());
    let mut set = ChangeSet::new();
    set.rename("a", "swap").expect("a rename");
    set.rename("b", "a").expect("a rename");
    set.rename("swap", "b").expect("a rename");
    set.delete("thing", "was a file").expect("a delete");
    set.create("thing/inside/deep", "now a folder").expect("a create");
    set.rename("link", "other/link").expect("a rename");
    let mut transaction = Transaction::begin(root.path(), &set, &[], json!(null)).expect("begun");
    transaction.apply().expect("applied");
    transaction.commit().expect("committed");
    let after = picture_of_project(root.path());
    assert_eq!(after["a"], Thing::File { bytes: b"b".to_vec(), mode: 0o600 });
    assert_eq!(after["b"], Thing::File { bytes: b"a".to_vec(), mode: 0o755 });
    assert_eq!(after["other/link"], Thing::Link("a".into()));
    assert!(after.contains_key("thing/inside/deep"));
    rollback(root.path(), RollbackMode::Check).expect("rolled back");
    assert_eq!(picture(root.path()), before);
}

#[test]
fn a_second_run_is_refused_while_the_first_one_works() {
    let root = project();
    let mut first = Transaction::begin(root.path(), &migration(), &[], json!(null)).expect("begun");
    let before = picture(root.path());
    for error in [
        Transaction::begin(root.path(), &migration(), &[], json!(null)).expect_err("the first has the lock"),
        recover(root.path()).expect_err("the first is not dead"),
        rollback(root.path(), RollbackMode::Force).expect_err("the first has the lock"),
    ] {
        assert!(matches!(error, Error::Busy { .. }), "{error}");
        assert!(error.hint().is_some());
    }
    assert_eq!(picture(root.path()), before, "the refused runs changed nothing");
    first.apply().expect("applied");
    first.commit().expect("committed");
}

#[test]
fn a_lock_file_that_nobody_holds_does_not_block() {
    let root = project();
    support::write(root.path(), ".uvshift/lock", "");
    Transaction::begin(root.path(), &migration(), &[], json!(null)).expect("begun").undo().expect("undone");
    assert!(!root.path().join(".uvshift").exists());
}

#[test]
fn calls_out_of_order_are_refused() {
    let root = project();
    let before = picture(root.path());
    let mut transaction = Transaction::begin(root.path(), &migration(), &[], json!(null)).expect("begun");
    assert!(matches!(transaction.write("pyproject.toml", b""), Err(Error::OutOfOrder { .. })));
    transaction.apply().expect("applied");
    assert!(matches!(transaction.apply(), Err(Error::OutOfOrder { .. })));
    assert!(matches!(transaction.write("setup.py", b""), Err(Error::NotInTransaction { .. })));
    transaction.undo().expect("undone");
    let early = Transaction::begin(root.path(), &migration(), &[], json!(null)).expect("begun").commit();
    assert!(matches!(early, Err(Error::OutOfOrder { .. })));
    assert_eq!(picture(root.path()), before);
}

#[test]
fn a_checked_rollback_refuses_and_a_forced_one_sets_aside() {
    let root = project();
    let before = picture(root.path());
    let mut transaction =
        Transaction::begin(root.path(), &migration(), &["uv.lock"], json!(null)).expect("begun");
    transaction.apply().expect("applied");
    support::write(root.path(), "uv.lock", "lock");
    let id = transaction.commit().expect("committed").id;
    support::write(root.path(), "pyproject.toml", "my work");
    support::write(root.path(), "requirements.txt", "came back");
    support::remove(root.path(), "docs/new/page.md");
    support::folder(root.path(), "docs/new/page.md/now-a-folder");
    support::set_mode(&root.path().join("uv.lock"), 0o600);
    let changed = picture(root.path());

    let error = rollback(root.path(), RollbackMode::Check).expect_err("there is work to lose");
    assert!(error.hint().is_some());
    let Error::ChangedSince { differences, .. } = error else { panic!("{error}") };
    let said: Vec<_> = differences.iter().map(|found| (found.path.as_str(), found.kind)).collect();
    assert_eq!(
        said,
        [
            ("docs/new/page.md", DifferenceKind::Kind),
            ("pyproject.toml", DifferenceKind::Content),
            ("requirements.txt", DifferenceKind::Exists),
            ("uv.lock", DifferenceKind::Mode),
        ]
    );
    assert_eq!(picture(root.path()), changed, "a refused rollback changes nothing");

    let rolled_back = rollback(root.path(), RollbackMode::Force).expect("rolled back");
    assert_eq!(picture_of_project(root.path()), before);
    let backup = format!(".uvshift/backup/{id}");
    assert_eq!(support::read(root.path(), &format!("{backup}/pyproject.toml")), b"my work");
    assert_eq!(support::read(root.path(), &format!("{backup}/requirements.txt")), b"came back");
    assert!(root.path().join(&backup).join("docs/new/page.md/now-a-folder").is_dir());
    assert_eq!(rolled_back.saved.len(), 3);
    let journals_left = root.path().join(".uvshift/journal").read_dir().expect("a folder").count();
    assert_eq!(journals_left, 0);
}

#[test]
fn a_next_run_does_not_take_the_name_of_a_backup() {
    let root = project();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut transaction = Transaction::begin(root.path(), &migration(), &[], json!(null)).expect("begun");
        transaction.apply().expect("applied");
        ids.push(transaction.commit().expect("committed").id);
        support::write(root.path(), "pyproject.toml", "my work");
        rollback(root.path(), RollbackMode::Force).expect("rolled back");
    }
    assert!(ids[0] < ids[1], "{ids:?}");
}

#[test]
fn an_unfinished_journal_must_be_recovered_first() {
    let root = project();
    let before = picture(root.path());
    die_after_apply(root.path(), json!("dead"));
    let refused = Transaction::begin(root.path(), &migration(), &[], json!(null)).expect_err("pending");
    assert!(matches!(refused, Error::Pending { .. }), "{refused}");
    let refused = rollback(root.path(), RollbackMode::Force).expect_err("pending");
    assert!(matches!(refused, Error::Pending { .. }), "{refused}");
    let recovery = recover(root.path()).expect("recovered").expect("something was pending");
    assert_eq!(recovery.label, json!("dead"));
    assert_eq!(picture(root.path()), before);
    assert!(recover(root.path()).expect("idempotent").is_none());
}

#[test]
fn recovery_sets_aside_what_somebody_wrote_after_the_kill() {
    let root = project();
    let before = picture(root.path());
    die_after_apply(root.path(), json!(null));
    support::write(root.path(), "pyproject.toml", "my work");
    let recovery = recover(root.path()).expect("recovered").expect("something was pending");
    assert_eq!(picture_of_project(root.path()), before);
    assert_eq!(recovery.saved.len(), 1, "the torn lock file is nobody's work: {recovery:?}");
    assert_eq!(
        support::read(root.path(), &format!(".uvshift/backup/{}/pyproject.toml", recovery.id)),
        b"my work"
    );
}

#[test]
fn recovery_of_an_untouched_project_makes_nothing() {
    let root = project();
    let before = picture(root.path());
    assert!(recover(root.path()).expect("nothing there").is_none());
    assert!(journals(root.path()).expect("nothing there").is_empty());
    assert_eq!(picture(root.path()), before);
}

#[test]
fn journalled_before_the_first_write_and_flushed_before_it_counts() {
    use failpoints::{Operation, record};
    let root = project();
    let ((), steps) = record(|| {
        let mut transaction =
            Transaction::begin(root.path(), &migration(), &["uv.lock"], json!(null)).expect("begun");
        transaction.apply().expect("applied");
        support::write(root.path(), "uv.lock", "lock");
        transaction.write("pyproject.toml", b"final").expect("written");
        transaction.commit().expect("committed");
    });
    let state = root.path().join(".uvshift");
    let is_sync = |operation| matches!(operation, Operation::SyncFile | Operation::SyncFolder);
    let in_tree = |step: &failpoints::Step| !step.path.starts_with(&state) && !is_sync(step.operation);
    let first_in_tree = steps.iter().position(in_tree).expect("the tree is changed");
    let journal = &steps[..first_in_tree];
    let published = journal.iter().position(|step| step.operation == Operation::Rename).expect("publication");
    let flushed = |steps: &[failpoints::Step], path: &Path| {
        steps.iter().any(|step| is_sync(step.operation) && step.path == path)
    };
    for (index, step) in journal.iter().enumerate() {
        // The file that keeps version control away is worth no waiting.
        if step.operation == Operation::Write && !step.path.ends_with(".gitignore") {
            assert!(flushed(&journal[index..published], &step.path), "{step:?} is flushed before it counts");
        }
    }
    let building = journal[published].path.with_extension("new");
    for folder in [building.as_path(), state.as_path(), root.path()] {
        assert!(flushed(&journal[..published], folder), "{} is flushed before it counts", folder.display());
    }
    assert!(flushed(&journal[published..], &state.join("journal")), "it counts before the tree is changed");

    let commit = steps.iter().rposition(|step| step.operation == Operation::Rename).expect("the commit");
    assert!(steps[commit].path.ends_with("manifest.json"));
    for (index, step) in steps.iter().enumerate().filter(|(_, step)| in_tree(step)) {
        let parent = step.path.parent().expect("a parent");
        assert!(flushed(&steps[index..commit], parent), "{step:?} is on the disk before the commit");
    }
    assert!(flushed(&steps[commit..], steps[commit].path.parent().expect("a parent")));
    assert!(flushed(&steps[first_in_tree..commit], &root.path().join("uv.lock")), "what the tool wrote, too");
    // Whatever was written since the last flush must be flushed before anything is renamed into the tree.
    let mut dirty = std::collections::BTreeSet::new();
    for step in &steps {
        match step.operation {
            Operation::Write if !step.path.ends_with(".gitignore") => drop(dirty.insert(step.path.clone())),
            Operation::SyncFile => drop(dirty.remove(&step.path)),
            Operation::Rename => assert!(dirty.is_empty(), "{step:?} with {dirty:?}"),
            _ => {}
        }
    }
}
