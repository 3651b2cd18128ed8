//! All that a tree holds, and how two of them differ.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// One thing in a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A file with its permission bits (0 where the system has none) and content.
    File {
        /// Permission bits.
        mode: u32,
        /// Content.
        bytes: Vec<u8>,
    },
    /// A folder with its permission bits.
    Folder {
        /// Permission bits.
        mode: u32,
    },
    /// A symbolic link with what it says.
    Link {
        /// The path as it stands in the link.
        target: PathBuf,
    },
}

/// A tree: paths with `/` below its root, and what is there.
pub type Snapshot = BTreeMap<String, Entry>;

/// All that stands below `folder`.
pub fn snapshot(folder: impl AsRef<Path>) -> Snapshot {
    snapshot_without(folder, &[])
}

/// All that stands below `folder`, but for the `left_out` paths and what stands below them.
pub fn snapshot_without(folder: impl AsRef<Path>, left_out: &[&str]) -> Snapshot {
    let mut found = Snapshot::new();
    walk(folder.as_ref(), "", left_out, &mut found);
    found
}

fn walk(folder: &Path, prefix: &str, left_out: &[&str], found: &mut Snapshot) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", folder.display()));
    for entry in entries {
        let entry = entry.expect("a folder can be listed");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if left_out.contains(&&*name) {
            continue;
        }
        let path = entry.path();
        let metadata = path.symlink_metadata().expect("an entry has metadata");
        let mode = mode(&metadata);
        if metadata.is_symlink() {
            found.insert(name, Entry::Link { target: fs::read_link(&path).expect("a link can be read") });
        } else if metadata.is_dir() {
            walk(&path, &format!("{name}/"), left_out, found);
            found.insert(name, Entry::Folder { mode });
        } else {
            let bytes =
                fs::read(&path).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()));
            found.insert(name, Entry::File { mode, bytes });
        }
    }
}

#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777
}

#[cfg(not(unix))]
fn mode(_: &fs::Metadata) -> u32 {
    0
}

/// Fails with every difference between two trees, `-` for the left one and `+` for the right one.
#[track_caller]
pub fn assert_same_tree(left: &Snapshot, right: &Snapshot) {
    let differences = differences(left, right);
    assert!(differences.is_empty(), "the trees differ (- left, + right):\n{differences}");
}

fn differences(left: &Snapshot, right: &Snapshot) -> String {
    let mut shown = String::new();
    let paths: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for path in paths {
        let (left, right) = (left.get(path), right.get(path));
        if left == right {
            continue;
        }
        // Two files of one mode differ in their content, which is shown line by line.
        if let (Some(Entry::File { mode: a, bytes: old }), Some(Entry::File { mode: b, bytes: new })) =
            (left, right)
            && a == b
        {
            content(&mut shown, path, old, new);
            continue;
        }
        for (sign, entry) in [('-', left), ('+', right)] {
            if let Some(entry) = entry {
                let _ = writeln!(shown, "{sign} {path}: {}", described(entry));
            }
        }
    }
    shown
}

fn content(shown: &mut String, path: &str, old: &[u8], new: &[u8]) {
    let (Ok(old), Ok(new)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else {
        let at = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let _ = writeln!(
            shown,
            "! {path}: {} and {} bytes, which differ from byte {at} on",
            old.len(),
            new.len()
        );
        return;
    };
    let _ = writeln!(shown, "! {path}:");
    let diff = similar::TextDiff::from_lines(old, new);
    for hunk in diff.unified_diff().context_radius(1).iter_hunks() {
        for change in hunk.iter_changes() {
            // Escaped, because a difference may lie in line ends or a byte order mark alone.
            let _ = writeln!(shown, "    {}{:?}", change.tag(), change.value());
        }
    }
}

fn described(entry: &Entry) -> String {
    match entry {
        Entry::File { mode, bytes } => format!("file of {} bytes, mode {mode:o}", bytes.len()),
        Entry::Folder { mode } => format!("folder, mode {mode:o}"),
        Entry::Link { target } => format!("link to `{}`", target.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(mode: u32, bytes: &[u8]) -> Entry {
        Entry::File { mode, bytes: bytes.to_vec() }
    }

    #[test]
    fn each_kind_of_difference_is_shown() {
        let left = Snapshot::from([
            ("gone".into(), file(0o644, b"x")),
            ("same".into(), file(0o644, b"x")),
            ("mode".into(), file(0o644, b"x")),
            ("text".into(), file(0o644, b"a\nb\n")),
            ("bytes".into(), file(0o644, b"a\xff")),
            ("link".into(), Entry::Link { target: "a".into() }),
        ]);
        let right = Snapshot::from([
            ("new".into(), Entry::Folder { mode: 0o755 }),
            ("same".into(), file(0o644, b"x")),
            ("mode".into(), file(0o755, b"x")),
            ("text".into(), file(0o644, b"a\r\nb\n")),
            ("bytes".into(), file(0o644, b"a\xfe")),
            ("link".into(), Entry::Link { target: "b".into() }),
        ]);
        assert_eq!(
            differences(&left, &right).lines().collect::<Vec<_>>(),
            [
                "! bytes: 2 and 2 bytes, which differ from byte 1 on",
                "- gone: file of 1 bytes, mode 644",
                "- link: link to `a`",
                "+ link: link to `b`",
                "- mode: file of 1 bytes, mode 644",
                "+ mode: file of 1 bytes, mode 755",
                "+ new: folder, mode 755",
                "! text:",
                "    -\"a\\n\"",
                "    +\"a\\r\\n\"",
                "     \"b\\n\"",
            ]
        );
        assert_same_tree(&left, &left.clone());
    }

    #[test]
    #[cfg(unix)]
    fn a_copied_tree_is_the_same_tree() {
        use crate::Project;
        use std::os::unix::fs::PermissionsExt;
        let project = Project::new();
        let script = project.write("bin/run", "#!/bin/sh\n");
        fs::set_permissions(&script, PermissionsExt::from_mode(0o755)).unwrap();
        project.write(".uvshift/journal/1", "x");
        std::os::unix::fs::symlink("bin/run", project.path().join("run")).unwrap();
        let found = snapshot(project.path());
        assert_eq!(found["run"], Entry::Link { target: "bin/run".into() });
        assert_eq!(found["bin/run"], file(0o755, b"#!/bin/sh\n"));
        assert_same_tree(&found, &snapshot(Project::from_tree(project.path()).path()));
        let kept: Vec<_> = snapshot_without(project.path(), &[".uvshift"]).into_keys().collect();
        assert_eq!(kept, ["bin", "bin/run", "run"]);
    }
}
