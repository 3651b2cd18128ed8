use crate::set::ChangeSet;

#[track_caller]
fn check(change: impl FnOnce(&mut ChangeSet) -> Result<(), crate::Error>, expected: &str) {
    let mut set = ChangeSet::new();
    change(&mut set).unwrap();
    assert_eq!(set.diff(), expected);
}

#[test]
fn an_edit_shows_three_lines_around_it() {
    check(
        |set| set.edit("a.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
        "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
    );
}

#[test]
fn line_ends_and_a_missing_last_one_are_shown_as_they_are() {
    check(
        |set| set.edit("a", "one\r\ntwo\rthree\nend", "one\ntwo\rthree\nend\n"),
        "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,3 +1,3 @@\n-one\r\n+one\n two\rthree\n-end\n\
         \\ No newline at end of file\n+end\n",
    );
}

#[test]
fn new_and_deleted_files_meet_dev_null() {
    check(
        |set| set.create("new", "x\n"),
        "diff --git a/new b/new\nnew file mode 100644\n--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+x\n",
    );
    check(
        |set| set.create_with_mode("run", "x", 0o755),
        "diff --git a/run b/run\nnew file mode 100755\n--- /dev/null\n+++ b/run\n@@ -0,0 +1 @@\n+x\n\
         \\ No newline at end of file\n",
    );
    check(
        |set| set.delete("old", "x\ny\n"),
        "diff --git a/old b/old\ndeleted file mode 100644\n--- a/old\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-x\n-y\n",
    );
    check(|set| set.create("empty", ""), "diff --git a/empty b/empty\nnew file mode 100644\n");
}

#[test]
fn links_are_shown_by_their_text() {
    check(
        |set| set.symlink("link", "to/it"),
        "diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+to/it\n\
         \\ No newline at end of file\n",
    );
    check(
        |set| set.delete_symlink("link", "it"),
        "diff --git a/link b/link\ndeleted file mode 120000\n--- a/link\n+++ /dev/null\n@@ -1 +0,0 @@\n-it\n\
         \\ No newline at end of file\n",
    );
}

#[test]
fn renames_and_modes_have_lines_of_their_own() {
    check(
        |set| set.rename("a", "b/c"),
        "diff --git a/a b/b/c\nsimilarity index 100%\nrename from a\nrename to b/c\n",
    );
    check(
        |set| {
            set.rename("a", "b")?;
            set.edit("b", "x\n", "y\n")
        },
        "diff --git a/a b/b\nrename from a\nrename to b\n--- a/a\n+++ b/b\n@@ -1 +1 @@\n-x\n+y\n",
    );
    check(|set| set.set_mode("a", 0o644, 0o755), "diff --git a/a b/a\nold mode 100644\nnew mode 100755\n");
    check(
        |set| {
            set.set_mode("a", 0o644, 0o755)?;
            set.set_mode("a", 0o755, 0o644)
        },
        "",
    );
}

#[test]
fn what_is_no_text_is_only_named() {
    check(
        |set| set.edit("a.bin", b"\0".as_slice(), b"\x01\0".as_slice()),
        "diff --git a/a.bin b/a.bin\nBinary files a/a.bin and b/a.bin differ\n",
    );
    check(
        |set| set.create("latin1", b"caf\xe9\n".as_slice()),
        "diff --git a/latin1 b/latin1\nnew file mode 100644\nBinary files /dev/null and b/latin1 differ\n",
    );
}

#[test]
fn names_that_a_reader_stumbles_over_are_quoted() {
    check(
        |set| set.edit("with space", "x", ""),
        "diff --git a/with space b/with space\n--- a/with space\t\n+++ b/with space\t\n@@ -1 +0,0 @@\n-x\n\
         \\ No newline at end of file\n",
    );
    check(
        |set| set.rename("a\n\"b\"\u{1}", "ü"),
        "diff --git \"a/a\\n\\\"b\\\"\\001\" b/ü\nsimilarity index 100%\nrename from \"a\\n\\\"b\\\"\\001\"\nrename to ü\n",
    );
}

#[test]
fn changes_to_one_file_come_out_as_one() {
    check(
        |set| {
            set.create("a", "1\n")?;
            set.edit("a", "1\n", "2\n")?;
            set.rename("a", "b")
        },
        "diff --git a/b b/b\nnew file mode 100644\n--- /dev/null\n+++ b/b\n@@ -0,0 +1 @@\n+2\n",
    );
    check(
        |set| {
            set.create("a", "1\n")?;
            set.delete("a", "1\n")
        },
        "",
    );
}
