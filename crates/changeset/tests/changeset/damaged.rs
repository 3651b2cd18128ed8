//! State folders and journals that are damaged, or that a hostile repository ships.

use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uvshift_changeset::failpoints::freeze_from;
use uvshift_changeset::{ChangeSet, Error, RollbackMode, Transaction, journals, recover, rollback};

use crate::hazards::{changes, project, refused};
use crate::support::{self, picture};

/// A tree whose run died in the middle, and its journal.
fn dead() -> (tempfile::TempDir, std::path::PathBuf) {
    let root = project();
    let mut transaction =
        Transaction::begin(root.path(), &changes(), &["uv.lock"], json!(null)).expect("begun");
    transaction.apply().expect("applied");
    let folder = transaction.journal().folder().to_path_buf();
    freeze_from(1, false, || drop(transaction));
    (root, folder)
}

fn recovery_refused(root: &Path, named: &str) -> Error {
    let found = picture(root);
    let error = recover(root).expect_err(named);
    assert!(error.to_string().contains(named), "`{error}` does not say `{named}`");
    assert!(error.hint().is_some(), "{error}");
    assert_eq!(picture(root), found, "{error}");
    let begun = Transaction::begin(root, &ChangeSet::new(), &[], json!(null));
    assert!(begun.is_err(), "no run starts over a damaged journal");
    error
}

#[test]
fn a_truncated_or_damaged_manifest_is_refused_at_every_byte() {
    let (root, folder) = dead();
    let manifest = support::read(&folder, "manifest.json");
    for length in 0..manifest.len() - 1 {
        support::write(&folder, "manifest.json", &manifest[..length]);
        assert!(matches!(recover(root.path()), Err(Error::Corrupt { .. })), "cut to {length} bytes");
    }
    let text_start = manifest.windows(10).position(|part| part == b"\"manifest\"").expect("a manifest") + 12;
    for index in text_start..manifest.len() - 3 {
        let mut damaged = manifest.clone();
        damaged[index] ^= 1;
        support::write(&folder, "manifest.json", &damaged);
        assert!(matches!(recover(root.path()), Err(Error::Corrupt { .. })), "byte {index} changed");
    }
    support::remove(&folder, "manifest.json");
    let folder_name = folder.file_name().and_then(|name| name.to_str()).expect("a name").to_owned();
    recovery_refused(root.path(), &folder_name);
    support::write(&folder, "manifest.json", &manifest);
    recover(root.path()).expect("whole again").expect("pending");
    assert_eq!(picture(root.path()), picture(project().path()));
}

#[test]
fn a_damaged_original_is_refused_before_anything_is_restored() {
    let damages: [fn(&Path); 4] = [
        |place| std::fs::remove_file(place).expect("removed"),
        |place| support::write(place.parent().expect("a parent"), "original-1", "other"),
        |place| {
            std::fs::remove_file(place).expect("removed");
            support::link(place.parent().expect("a parent"), "original-1", "/etc/hostname");
        },
        |place| {
            std::fs::remove_file(place).expect("removed");
            support::folder(place, "");
        },
    ];
    for damage in damages {
        let (root, folder) = dead();
        damage(&folder.join("original-1"));
        assert!(matches!(recovery_refused(root.path(), "original-1"), Error::Corrupt { .. }));
    }
}

/// Rewrites the manifest as somebody would who knows how: with a right checksum.
fn forge(folder: &Path, change: impl FnOnce(&mut Value)) {
    let mut envelope: Value = serde_json::from_slice(&support::read(folder, "manifest.json")).expect("JSON");
    change(&mut envelope);
    let text = envelope["manifest"].to_string();
    let sha256 =
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let version = &envelope["version"];
    let forged = format!("{{\"version\":{version},\"sha256\":\"{sha256}\",\"manifest\":{text}}}\n");
    support::write(folder, "manifest.json", forged);
}

#[test]
fn a_forged_journal_reaches_nothing_outside() {
    let (root, folder) = dead();
    forge(&folder, |_| {});
    recover(root.path()).expect("forging without a change is no damage").expect("pending");

    for path in
        ["../victim", "/etc/victim", "a/../../victim", ".git/hooks/pre-commit", ".uvshift/lock", "", "C:\\x"]
    {
        let (root, folder) = dead();
        forge(&folder, |envelope| envelope["manifest"]["entries"][0]["path"] = json!(path));
        recovery_refused(root.path(), "cannot be changed");
        let (root, folder) = dead();
        forge(&folder, |envelope| envelope["manifest"]["folders"][0] = json!(path));
        recovery_refused(root.path(), "cannot be changed");
    }
    let (root, folder) = dead();
    forge(&folder, |envelope| envelope["manifest"]["entries"][0]["before"]["mode"] = json!(0o4755));
    recovery_refused(root.path(), "special mode 4755");
    let (root, folder) = dead();
    forge(&folder, |envelope| envelope["manifest"]["entries"][0]["path"] = json!("gone.txt"));
    recovery_refused(root.path(), "twice");
    let (root, folder) = dead();
    forge(&folder, |envelope| envelope["manifest"]["id"] = json!("../../x"));
    recovery_refused(root.path(), "another name");
    let (root, folder) = dead();
    forge(&folder, |envelope| envelope["manifest"]["surprise"] = json!(1));
    recovery_refused(root.path(), "surprise");
    let (root, folder) = dead();
    forge(&folder, |envelope| envelope["version"] = json!(2));
    assert!(matches!(recovery_refused(root.path(), "version 2"), Error::Version { found: 2, .. }));
}

#[test]
fn a_journal_that_names_a_path_behind_a_link_is_refused() {
    let outside = support::new_root();
    support::write(outside.path(), "b.txt", "not yours");
    let untouched = picture(outside.path());
    let (root, _) = dead();
    std::fs::remove_dir_all(root.path().join("sub")).expect("removed");
    support::link(root.path(), "sub", outside.path().to_str().expect("UTF-8"));
    let found = picture(root.path());
    let error = recover(root.path()).expect_err("it leads out");
    assert!(matches!(error, Error::SymlinkedParent { .. }), "{error}");
    assert_eq!(picture(root.path()), found);
    assert_eq!(picture(outside.path()), untouched);
}

#[test]
fn a_state_folder_that_is_a_link_is_refused_in_every_part() {
    for part in [".uvshift", ".uvshift/journal", ".uvshift/backup", ".uvshift/lock", ".uvshift/.gitignore"] {
        let outside = support::new_root();
        let root = project();
        if part != ".uvshift" {
            support::folder(root.path(), ".uvshift");
        }
        support::link(root.path(), part, outside.path().join("target").to_str().expect("UTF-8"));
        if !part.ends_with("lock") && !part.ends_with("ignore") {
            support::folder(outside.path(), "target");
        }
        let (found, untouched) = (picture(root.path()), picture(outside.path()));
        let errors = [
            Transaction::begin(root.path(), &changes(), &[], json!(null)).expect_err(part),
            recover(root.path()).expect_err(part),
            rollback(root.path(), RollbackMode::Force).expect_err(part),
            journals(root.path()).expect_err(part),
        ];
        for error in errors {
            assert!(matches!(error, Error::StateFolder { .. }), "{part}: {error}");
            assert!(error.to_string().contains("is a symbolic link") && error.hint().is_some(), "{error}");
        }
        assert_eq!((picture(root.path()), picture(outside.path())), (found, untouched), "{part}");
    }
}

#[test]
fn a_state_folder_that_is_a_file_is_refused() {
    let root = project();
    support::write(root.path(), ".uvshift", "a file");
    assert!(matches!(refused(root.path(), &changes(), ".uvshift"), Error::StateFolder { .. }));
}
