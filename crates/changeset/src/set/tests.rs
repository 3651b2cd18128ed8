use super::*;

fn conflict(result: Result<(), Error>) -> String {
    match result {
        Err(Error::Conflict { path, problem }) => format!("{path}: {problem}"),
        other => panic!("no conflict: {other:?}"),
    }
}

#[test]
fn changes_are_kept_in_order_and_an_edit_without_a_change_is_not() {
    let mut set = ChangeSet::new();
    assert!(set.is_empty());
    set.edit("same", "x", "x").unwrap();
    assert!(set.is_empty() && set.paths().next().is_none());
    set.create("b", "1").unwrap();
    set.rename("c", "a").unwrap();
    let paths: Vec<&str> = set.iter().map(|change| change.path().as_str()).collect();
    assert_eq!(paths, ["b", "a"]);
    let named: Vec<&str> = set.paths().map(TreePath::as_str).collect();
    assert_eq!(named, ["a", "b", "c"]);
    assert_eq!((set.len(), (&set).into_iter().count()), (2, 2));
}

#[test]
fn changes_that_contradict_each_other_are_refused_when_they_are_added() {
    let mut set = ChangeSet::new();
    set.create("a", "1").unwrap();
    assert!(conflict(set.create("a", "2")).starts_with("a: an earlier change already put something there"));
    assert!(conflict(set.symlink("a", "x")).starts_with("a: an earlier change already"));
    assert!(conflict(set.edit("a", "other", "2")).starts_with("a: the old content named"));
    assert!(conflict(set.delete("a", "other")).starts_with("a: the old content named"));
    assert!(conflict(set.delete_symlink("a", "x")).starts_with("a: the old content named"));
    set.delete("b", "b").unwrap();
    assert!(conflict(set.edit("b", "b", "c")).starts_with("b: an earlier change took it away"));
    assert!(conflict(set.rename("b", "c")).starts_with("b: an earlier change took it away"));
    assert!(conflict(set.rename("d", "a")).starts_with("a: an earlier change already put something there"));
    set.set_mode("e", 0o644, 0o755).unwrap();
    assert!(conflict(set.set_mode("e", 0o644, 0o600)).starts_with("e: the mode named"));
    assert!(conflict(set.symlink("f", "")).starts_with("f: a link target may not be empty"));
}

#[test]
fn refused_changes_leave_the_set_as_it_was() {
    let mut set = ChangeSet::new();
    set.create("a", "1\n").unwrap();
    let before = set.diff();
    for result in
        [set.create("../x", ""), set.create("a", "2"), set.rename("q", "a"), set.delete("a", "other")]
    {
        assert!(result.is_err());
    }
    assert_eq!((set.diff(), set.len(), set.paths().count()), (before, 1, 1));
}

#[test]
fn special_modes_are_refused() {
    let mut set = ChangeSet::new();
    assert!(matches!(set.create_with_mode("a", "", 0o4755), Err(Error::SpecialMode { .. })));
    assert!(matches!(set.set_mode("a", 0o644, 0o1644), Err(Error::SpecialMode { .. })));
}

#[test]
fn a_summary_counts_each_file_once() {
    let mut set = ChangeSet::new();
    set.edit("edited", "a\nb\n", "a\nB\n").unwrap();
    set.edit("edited", "a\nB\n", "a\nB\nc\n").unwrap();
    set.create("made and renamed", "x\ny\n").unwrap();
    set.rename("made and renamed", "kept").unwrap();
    set.create("made and gone", "x").unwrap();
    set.delete("made and gone", "x").unwrap();
    set.rename("old name", "new name").unwrap();
    set.delete("deleted", "1\n2\n3\n").unwrap();
    set.delete("replaced", "old\n").unwrap();
    set.create("replaced", "new\n").unwrap();
    set.set_mode("script", 0o644, 0o755).unwrap();
    set.edit("binary", b"\0".as_slice(), b"\0\n\n".as_slice()).unwrap();
    set.edit("there and back", "1", "2").unwrap();
    set.edit("there and back", "2", "1").unwrap();
    let expected =
        Summary { created: 1, edited: 4, deleted: 1, renamed: 1, lines_added: 5, lines_removed: 5 };
    assert_eq!(set.summary(), expected);
}
