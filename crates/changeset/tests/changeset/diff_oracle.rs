//! Does git make of our diff what the transaction makes of the tree?

use proptest::prelude::*;
use uvshift_changeset::ChangeSet;

use crate::model::{self, cases};
use crate::support::{self, picture};

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn git_applies_the_diff_to_the_same_result(case in cases()) {
        // Git refuses to put a file where a link stood that the same patch renames.
        let stands_above = |file: &String, link: &String| file.starts_with(&format!("{link}/"));
        prop_assume!(!case.after.keys().any(|new| case.before.keys().any(|old| stands_above(new, old))));
        // A link that is deleted and made anew elsewhere can leave the same leaves behind; the diff rightly shows both.
        prop_assume!(case.before != case.after);
        let root = support::new_root();
        model::build(root.path(), &case.before);
        let diff = case.set.diff();
        let arguments = ["apply", "--whitespace=nowarn", "-"];
        let Some(output) = support::tool("git", &arguments, root.path(), &diff) else { return Ok(()) };
        prop_assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stderr), diff);
        prop_assert_eq!(&model::leaves_of(&picture(root.path())), &case.after, "{}", diff);
    }
}

#[test]
fn patch_applies_the_diff_too() {
    let root = support::new_root();
    support::write(root.path(), "a b.txt", "one\ntwo\nthree\n");
    support::write(root.path(), "gone/x", "x\n");
    support::write(root.path(), "crlf", "one\r\ntwo\r\n");
    let mut set = ChangeSet::new();
    set.edit("a b.txt", "one\ntwo\nthree\n", "one\nTWO\nthree").expect("an edit");
    set.delete("gone/x", "x\n").expect("a delete");
    set.edit("crlf", "one\r\ntwo\r\n", "one\r\n2\r\n").expect("an edit");
    set.create("new/y", "y").expect("a create");
    let arguments = ["-p1", "--binary", "--no-backup-if-mismatch"];
    let Some(output) = support::tool("patch", &arguments, root.path(), &set.diff()) else { return };
    assert!(output.status.success(), "{output:?}\n{}", set.diff());
    assert_eq!(support::read(root.path(), "a b.txt"), b"one\nTWO\nthree");
    assert_eq!(support::read(root.path(), "crlf"), b"one\r\n2\r\n");
    assert_eq!(support::read(root.path(), "new/y"), b"y");
    assert!(!root.path().join("gone/x").exists());
}

/// The hunks are those of git itself, not only equivalent ones.
#[test]
fn hunks_are_those_of_git() {
    let old = (1..60).map(|number| format!("line {number}\n")).collect::<Vec<_>>().concat();
    let new = old
        .replace("line 7\n", "line seven\n")
        .replace("line 9\n", "")
        .replace("line 40\n", "line 40\nmore\n");
    let root = support::new_root();
    support::write(root.path(), "a/x", &old);
    support::write(root.path(), "b/x", &new);
    let arguments = ["diff", "--no-index", "--no-prefix", "--no-color", "a/x", "b/x"];
    let Some(output) = support::tool("git", &arguments, root.path(), "") else { return };
    let mut set = ChangeSet::new();
    set.edit("x", old, new).expect("an edit");
    // Git names the function or section that a hunk is in, and the hashes of the contents; we do not.
    let without_extras = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.starts_with("index "))
            .map(|line| match line.match_indices(" @@").next() {
                Some((end, _)) if line.starts_with("@@") => line[..end + 3].to_owned(),
                _ => line.to_owned(),
            })
            .collect()
    };
    assert_eq!(without_extras(&set.diff()), without_extras(&String::from_utf8_lossy(&output.stdout)));
}
