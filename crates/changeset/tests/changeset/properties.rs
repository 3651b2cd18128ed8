//! Random trees, random changes.

use proptest::prelude::*;
use serde_json::json;
use uvshift_changeset::{RollbackMode, Transaction, rollback};

use crate::model::{self, cases};
use crate::support::{self, picture, picture_of_project};

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applied_is_what_the_model_says_and_rolled_back_is_what_was(case in cases(), undo in any::<bool>()) {
        let root = support::new_root();
        model::build(root.path(), &case.before);
        support::folder(root.path(), "empty/folder");
        let before = picture(root.path());
        let mut transaction = Transaction::begin(root.path(), &case.set, &["uv.lock"], json!(null)).expect("begun");
        prop_assert_eq!(&picture_of_project(root.path()), &before, "begin changes nothing");
        transaction.apply().expect("applied");
        let after = picture_of_project(root.path());
        prop_assert_eq!(&model::leaves_of(&after), &case.after);
        for (path, thing) in &before {
            let is_folder = matches!(thing, support::Thing::Folder { .. });
            prop_assert!(!is_folder || after.get(path) == Some(thing), "the folder {} stays", path);
        }
        if undo {
            transaction.undo().expect("undone");
        } else {
            let committed = transaction.commit().expect("committed");
            let changed = committed.changed.len();
            let differing = case.before.iter().filter(|(path, leaf)| case.after.get(*path) != Some(leaf)).count()
                + case.after.keys().filter(|path| !case.before.contains_key(*path)).count();
            prop_assert_eq!(changed, differing);
            rollback(root.path(), RollbackMode::Check).expect("rolled back");
        }
        prop_assert_eq!(&picture(root.path()), &before);
    }
}
