//! Archives that are broken, cut off, changed or made to reach outside: refused, and nothing is written.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::json;
use tar::EntryType;
use uvshift_testkit::{Snapshot as Tree, assert_same_tree, snapshot};
use uvshift_venv::{ArchiveError, ArchiveFault, Existing, Limits, check_archive, inspect_archive};

use crate::forged::{Entry, Forged, packed};
use crate::support::{Small, quietly, restored};

/// An archive whose environment is gone, and a file that must not be touched.
struct Target {
    small: Small,
    archive: PathBuf,
    before: Tree,
}

impl Target {
    fn new() -> Self {
        let small = Small::new();
        let archive = small.archive();
        let before = small.tree();
        fs::remove_dir_all(&small.root).unwrap();
        fs::write(small.beside("sentinel"), "untouched").unwrap();
        Self { small, archive, before }
    }

    fn forged(&self) -> Forged {
        Forged::read(&self.archive)
    }

    /// What is wrong with an archive; nothing was written.
    #[track_caller]
    fn fault(&self, bytes: &[u8]) -> ArchiveFault {
        fs::write(&self.archive, bytes).unwrap();
        let inspected = inspect_archive(&self.archive, &mut quietly);
        let result = restored(&self.archive, Some(&self.small.root), Existing::Refuse);
        let Err(ArchiveError::Refused { source, .. }) = result else { panic!("accepted: {result:?}") };
        let Err(ArchiveError::Refused { source: told, .. }) = inspected else {
            panic!("accepted: {inspected:?}")
        };
        assert_eq!(source, told);
        assert_eq!(self.small.names(&[]), ["a.tar.zst", "sentinel"]);
        assert_eq!(fs::read_to_string(self.small.beside("sentinel")).unwrap(), "untouched");
        source
    }
}

/// Changes an archive, and says what is wrong with it then.
#[track_caller]
fn changed(change: impl FnOnce(&mut Forged)) -> ArchiveFault {
    let target = Target::new();
    let mut forged = target.forged();
    change(&mut forged);
    target.fault(&forged.bytes())
}

const ALPHA: &str = "tree/lib/python3.11/site-packages/alpha/__init__.py";

fn mismatch(name: &str, what: &'static str) -> ArchiveFault {
    ArchiveFault::Mismatch { name: name.to_owned(), what }
}

fn name(name: &str, why: &'static str) -> ArchiveFault {
    ArchiveFault::Name { name: name.to_owned(), why }
}

#[test]
fn what_is_put_together_again_unchanged_is_accepted() {
    let target = Target::new();
    fs::write(&target.archive, target.forged().bytes()).unwrap();
    restored(&target.archive, Some(&target.small.root), Existing::Refuse).unwrap();
    assert_same_tree(&target.before, &target.small.tree());
}

#[test]
fn cut_off_anywhere_it_is_refused() {
    let target = Target::new();
    let bytes = fs::read(&target.archive).unwrap();
    let tar = target.forged().tar();
    for length in [0, 1, 4, 20, bytes.len() / 2, bytes.len() - 5, bytes.len() - 1] {
        assert_eq!(target.fault(&bytes[..length]), ArchiveFault::Truncated, "{length}");
    }
    for length in [0, 100, 512, 700, tar.len() / 2, tar.len() - 1024, tar.len() - 512, tar.len() - 1] {
        assert_eq!(target.fault(&packed(&tar[..length])), ArchiveFault::Truncated, "{length}");
    }
}

#[test]
fn nothing_follows_its_end() {
    let target = Target::new();
    let bytes = fs::read(&target.archive).unwrap();
    let skippable = [0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 7];
    for tail in [&b"x"[..], &b"\0\0\0\0"[..], &bytes[..], &skippable[..]] {
        assert_eq!(target.fault(&[&bytes[..], tail].concat()), ArchiveFault::TrailingData);
    }
    for tail in [
        vec![0; 1536],
        vec![0; 1025],
        [vec![0; 512], vec![1; 512]].concat(),
        [vec![0; 1024], vec![1; 512]].concat(),
    ] {
        assert_eq!(changed(|forged| forged.tail = tail), ArchiveFault::TrailingData);
    }
}

#[test]
fn what_is_no_archive_is_refused() {
    let target = Target::new();
    let tar = target.forged().tar();
    for bytes in
        [&b"PK\x03\x04 this is a zip"[..], &[0; 2000][..], &b"plain text, long enough for a header"[..]]
    {
        assert!(matches!(target.fault(bytes), ArchiveFault::Corrupt(_)));
    }
    // A window of a gigabyte wants as much memory.
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.window_log(30).unwrap();
    encoder.include_contentsize(false).unwrap();
    std::io::Write::write_all(&mut encoder, &tar).unwrap();
    assert!(matches!(target.fault(&encoder.finish().unwrap()), ArchiveFault::Corrupt(_)));
}

#[test]
fn content_is_what_the_manifest_says() {
    assert_eq!(changed(|it| it.entry(ALPHA).data[0] ^= 1), mismatch(ALPHA, "checksum"));
    assert_eq!(changed(|it| it.entry("freeze.txt").data[0] ^= 1), mismatch("freeze.txt", "checksum"));
    assert_eq!(changed(|it| it.entry(ALPHA).data.push(b'x')), mismatch(ALPHA, "size"));
    assert_eq!(changed(|it| it.entry(ALPHA).mode = 0o755), mismatch(ALPHA, "mode"));
    assert_eq!(changed(|it| it.entry(ALPHA).modified += 1), mismatch(ALPHA, "time"));
    assert_eq!(
        changed(|it| it.entry("tree/bin/python").target = b"/bin/sh".to_vec()),
        mismatch("tree/bin/python", "kind")
    );
    assert_eq!(changed(|it| it.entry(ALPHA).kind = EntryType::Symlink), mismatch(ALPHA, "size"));
    assert_eq!(
        changed(|it| it.entry("tree/include").kind = EntryType::Regular),
        name("tree/include/", "a part of it is empty")
    );
    assert_eq!(
        changed(|it| it.listed(ALPHA)["kind"] = json!({ "file": { "size": 10, "sha256": "00" } })),
        mismatch(ALPHA, "checksum")
    );
    let padding = changed(|it| {
        let entry = it.entry(ALPHA);
        // Bytes that no member has, in the space that fills its last block.
        entry.size = Some(entry.data.len() as u64);
        entry.data.push(1);
    });
    assert!(matches!(padding, ArchiveFault::Corrupt(_)), "{padding:?}");
}

#[test]
fn members_are_those_of_the_manifest_once_and_in_order() {
    assert_eq!(changed(|it| drop(it.entries.pop())), ArchiveFault::Missing("tree/pyvenv.cfg".to_owned()));
    assert_eq!(
        changed(|it| {
            let at = it.at(ALPHA);
            it.entries.remove(at);
        }),
        ArchiveFault::Missing(ALPHA.to_owned())
    );
    assert_eq!(changed(|it| it.entries.swap(0, 1)), ArchiveFault::Missing("snapshot.json".to_owned()));
    let extra = || Entry::file("tree/extra", b"x");
    assert_eq!(changed(|it| it.entries.push(extra())), ArchiveFault::Unlisted("tree/extra".to_owned()));
    assert_eq!(changed(|it| it.entries.insert(3, extra())), ArchiveFault::Unlisted("tree/extra".to_owned()));
    let twice = |it: &mut Forged| {
        let entry = it.entry(ALPHA).clone();
        it.entries.push(entry);
    };
    assert_eq!(changed(twice), ArchiveFault::Duplicate(ALPHA.to_owned()));
    let listed_twice = |it: &mut Forged| {
        let entry = it.entry(ALPHA).clone();
        it.add(entry);
    };
    assert_eq!(changed(listed_twice), ArchiveFault::Duplicate(ALPHA.to_owned()));
    let manifest = || Entry::file("manifest.json", b"{}");
    assert_eq!(
        changed(|it| it.entries.push(manifest())),
        ArchiveFault::Duplicate("manifest.json".to_owned())
    );
    assert_eq!(changed(|it| it.add(manifest())), ArchiveFault::Foreign("manifest.json".to_owned()));
    for required in ["snapshot.json", "freeze.txt", "inspect.json", "platform.json", "environment.json"] {
        let removed = changed(|it| {
            let at = it.at(required);
            it.entries.remove(at);
            it.members().remove(at);
        });
        assert_eq!(removed, ArchiveFault::Missing(required.to_owned()));
    }
    for foreign in ["evil.sh", "config/a/b", "trees/x", "tree.txt", "snapshot.json/x"] {
        let fault = changed(|it| it.add(Entry::file(foreign, b"x")));
        assert!(matches!(&fault, ArchiveFault::Foreign(name) if name == foreign), "{fault:?}");
    }
    let none = changed(|it| {
        let at = it.at("tree");
        it.entries.truncate(at);
        it.members().truncate(at);
    });
    assert_eq!(none, ArchiveFault::Missing("tree".to_owned()));
    let tree = changed(|it| it.manifest["kind"] = json!("light"));
    assert_eq!(tree, ArchiveFault::Foreign("tree".to_owned()));
}

#[test]
fn the_manifest_is_of_a_known_version_and_comes_first() {
    assert_eq!(changed(|it| it.manifest["version"] = json!(2)), ArchiveFault::Version(2));
    assert_eq!(
        changed(|it| it.manifest = json!({ "version": 7, "what": "is this" })),
        ArchiveFault::Version(7)
    );
    for change in [
        (|it: &mut Forged| drop(it.manifest.as_object_mut().unwrap().remove("version"))) as fn(&mut Forged),
        |it| it.manifest["extra"] = json!(1),
        |it| it.manifest["members"][0]["extra"] = json!(1),
        |it| it.manifest["members"][0]["mode"] = json!(-1),
        |it| it.manifest["members"][0]["path"] = json!(["x"]),
        |it| it.manifest["kind"] = json!("medium"),
        |it| it.manifest = json!([]),
        |it| it.before.push(Entry::file("snapshot.json", b"{}")),
    ] {
        let fault = changed(change);
        assert!(matches!(fault, ArchiveFault::Manifest(_)), "{fault:?}");
    }
    let link = changed(|it| it.before.push(Entry::link("manifest.json", "/etc/passwd")));
    assert_eq!(link, mismatch("manifest.json", "kind"));
    let target = Target::new();
    assert_eq!(target.fault(&packed(&[0; 1024])), ArchiveFault::Missing("manifest.json".to_owned()));
}

#[test]
fn an_environment_comes_back_to_no_relative_folder() {
    let target = Target::new();
    let mut forged = target.forged();
    forged.manifest["root"] = json!("relative/folder");
    fs::write(&target.archive, forged.bytes()).unwrap();
    let result = restored(&target.archive, None, Existing::Refuse);
    assert!(
        matches!(&result, Err(ArchiveError::Refused { source: ArchiveFault::Manifest(_), .. })),
        "{result:?}"
    );
}

#[test]
fn names_do_not_lead_out() {
    for (path, why) in [
        ("/etc/evil", "it is absolute"),
        ("tree/../../evil", "it leads out"),
        ("../evil", "it leads out"),
        ("tree/./evil", "a part of it is empty"),
        ("tree//evil", "a part of it is empty"),
    ] {
        assert_eq!(changed(|it| it.add(Entry::file(path, b"x"))), name(path, why));
        assert_eq!(changed(|it| it.entries.push(Entry::file(path, b"x"))), name(path, why));
        assert_eq!(changed(|it| it.add(Entry::link(path, "x"))), name(path, why));
        let folder = changed(|it| it.add(Entry::folder(path)));
        assert_eq!(folder, name(path, why));
    }
    let nul = changed(|it| {
        it.members().push(json!({ "path": "tree/a\0b", "mode": 420, "modified": 0, "kind": "folder" }));
    });
    assert_eq!(nul, name("tree/a\\0b", "it has a NUL in it"));
    let bytes = changed(|it| it.entry(ALPHA).path = b"tree/\xff\xfe".to_vec());
    assert_eq!(bytes, name("tree/\u{fffd}\u{fffd}", "it is not UTF-8"));
    let target = changed(|it| it.add(Entry::link("tree/x", "")));
    assert_eq!(target, name("tree/x", "its link leads nowhere"));
}

#[test]
fn nothing_is_written_through_a_link() {
    let through = changed(|it| {
        it.add(Entry::link("tree/out", "/tmp"));
        it.add(Entry::file("tree/out/x", b"x"));
    });
    assert_eq!(through, ArchiveFault::Through("tree/out/x".to_owned()));
    let replaced = changed(|it| {
        it.add(Entry::folder("tree/out"));
        it.add(Entry::link("tree/out", "/tmp"));
        it.add(Entry::file("tree/out/x", b"x"));
    });
    assert_eq!(replaced, ArchiveFault::Duplicate("tree/out".to_owned()));
    let below_a_file = changed(|it| {
        it.add(Entry::file("tree/out", b"x"));
        it.add(Entry::file("tree/out/x", b"x"));
    });
    assert_eq!(below_a_file, ArchiveFault::Through("tree/out/x".to_owned()));
    let nowhere = changed(|it| it.add(Entry::file("tree/none/x", b"x")));
    assert_eq!(nowhere, ArchiveFault::Through("tree/none/x".to_owned()));
    let whole = changed(|it| {
        let at = it.at("tree");
        it.entries[at] = Entry::link("tree", "/tmp");
        it.members()[at]["kind"] = json!({ "link": { "target": "/tmp" } });
    });
    assert_eq!(whole, mismatch("tree", "kind"));
    let configuration = changed(|it| it.add(Entry::link("config", "/tmp")));
    assert_eq!(configuration, mismatch("config", "kind"));
    let text = changed(|it| it.add(Entry::link("pyvenv.cfg", "/etc/passwd")));
    assert_eq!(text, mismatch("pyvenv.cfg", "kind"));
}

#[test]
fn members_are_files_folders_and_links() {
    for (kind, what) in [
        (EntryType::Link, "a hard link"),
        (EntryType::Char, "a device"),
        (EntryType::Block, "a device"),
        (EntryType::Fifo, "a pipe"),
        (EntryType::GNUSparse, "a file with holes"),
        (EntryType::XHeader, "an extended header"),
        (EntryType::XGlobalHeader, "an extended header"),
        (EntryType::Continuous, "of a kind that no archive has"),
        (EntryType::new(b'Z'), "of a kind that no archive has"),
    ] {
        let entry = Entry { kind, target: b"/etc/passwd".to_vec(), ..Entry::file("tree/x", b"") };
        let fault = changed(|it| it.add(entry.clone()));
        assert_eq!(fault, ArchiveFault::Kind { name: "tree/x".to_owned(), what });
        let fault = changed(|it| it.before.push(entry));
        assert_eq!(fault, ArchiveFault::Kind { name: "tree/x".to_owned(), what });
    }
    for kind in [EntryType::GNULongName, EntryType::GNULongLink] {
        let long = |data: &[u8], size| Entry { kind, size, ..Entry::file("././@LongLink", data) };
        for entry in [long(b"tree/no-end", None), long(b"x\0", Some(1 << 40)), long(&[b'x'; 5000], None)] {
            let fault = changed(|it| it.entries.insert(4, entry));
            assert!(matches!(fault, ArchiveFault::Corrupt(_)), "{fault:?}");
        }
    }
}

#[test]
fn bits_of_other_users_are_taken_away_and_told() {
    let target = Target::new();
    let mut forged = target.forged();
    forged.add(Entry { mode: 0o6755, ..Entry::file("tree/root-shell", b"#!/bin/sh\n") });
    fs::write(&target.archive, forged.bytes()).unwrap();
    let report = restored(&target.archive, Some(&target.small.root), Existing::Refuse).unwrap();
    let program = target.small.root.join("root-shell");
    assert_eq!(report.without_bits, std::slice::from_ref(&program));
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&program.metadata().unwrap().permissions()) & 0o7777,
        0o755
    );
}

#[test]
fn sizes_hold_whatever_is_promised() {
    let huge = changed(|it| it.listed(ALPHA)["kind"]["file"]["size"] = json!(1_u64 << 62));
    assert!(matches!(huge, ArchiveFault::TooLarge { .. }), "{huge:?}");
    let huge = changed(|it| {
        for member in ["freeze.txt", ALPHA] {
            it.listed(member)["kind"]["file"]["size"] = json!(u64::MAX);
        }
    });
    assert!(matches!(huge, ArchiveFault::TooLarge { .. }), "{huge:?}");
    // A megabyte of zeros in a few bytes, where ten are promised.
    let bomb = changed(|it| it.entry(ALPHA).data = vec![0; 1 << 20]);
    assert_eq!(bomb, mismatch(ALPHA, "size"));
    // A text that would be kept in memory.
    let text = changed(|it| it.replace("freeze.txt", &vec![b'#'; 65 << 20]));
    assert!(matches!(text, ArchiveFault::TooLarge { .. }), "{text:?}");
    let target = Target::new();
    let bytes = fs::read(&target.archive).unwrap();
    let check = |limits: Limits| match check_archive(&bytes[..], &limits) {
        Err(ArchiveError::Refused { source, .. }) => Some(source),
        Ok(()) => None,
        other => panic!("{other:?}"),
    };
    assert_eq!(check(Limits::default()), None);
    let fault = check(Limits { manifest: 100, ..Limits::default() });
    assert!(matches!(fault, Some(ArchiveFault::Manifest(_))), "{fault:?}");
    for limits in [
        Limits { members: 5, ..Limits::default() },
        Limits { content: 100, ..Limits::default() },
        Limits { texts: 100, ..Limits::default() },
    ] {
        assert!(matches!(check(limits), Some(ArchiveFault::TooLarge { .. })), "{limits:?}");
    }
    let promised = Entry { size: Some(1 << 50), ..Entry::file("manifest.json", b"{}") };
    let fault = changed(|it| it.before.push(promised));
    assert!(matches!(fault, ArchiveFault::Manifest(_)), "{fault:?}");
}

#[test]
fn texts_are_what_they_should_be() {
    for (member, bytes) in [
        ("snapshot.json", &b"{}"[..]),
        ("snapshot.json", b"not json"),
        ("inspect.json", b"[1,"),
        ("freeze.txt", b"\xff\xfe"),
        ("environment.json", b""),
    ] {
        let fault = changed(|it| it.replace(member, bytes));
        assert!(matches!(&fault, ArchiveFault::Content { name, .. } if name == member), "{fault:?}");
    }
    let nested = "[".repeat(100_000);
    let fault = changed(|it| it.replace("platform.json", nested.as_bytes()));
    assert!(matches!(fault, ArchiveFault::Content { .. }), "{fault:?}");
}

#[test]
fn messages_hold_nothing_that_a_terminal_obeys() {
    let fault = changed(|it| it.add(Entry::file("\u{1b}[2J", b"x")));
    assert_eq!(fault.to_string(), r"the member `\u{1b}[2J` belongs to no archive of an environment");
}

#[test]
fn files_of_another_system_are_not_restored_here() {
    let target = Target::new();
    let mut forged = target.forged();
    let mut platform: serde_json::Value =
        serde_json::from_slice(&forged.entry("platform.json").data).unwrap();
    platform["architecture"] = json!("pdp11");
    forged.replace("platform.json", platform.to_string().as_bytes());
    fs::write(&target.archive, forged.bytes()).unwrap();
    let result = restored(&target.archive, Some(&target.small.root), Existing::Refuse);
    assert!(matches!(result, Err(ArchiveError::OtherPlatform { .. })), "{result:?}");
    assert_eq!(target.small.names(&[]), ["a.tar.zst", "sentinel"]);
}

#[test]
fn a_tree_without_the_packages_of_the_snapshot_never_gets_to_its_place() {
    let target = Target::new();
    let mut forged = target.forged();
    forged.replace(
        "tree/lib/python3.11/site-packages/alpha-1.0.dist-info/METADATA",
        b"Metadata-Version: 2.1\nName: alpha\nVersion: 6.6\n",
    );
    fs::write(&target.archive, forged.bytes()).unwrap();
    let result = restored(&target.archive, Some(&target.small.root), Existing::Refuse);
    assert!(matches!(result, Err(ArchiveError::Differs { .. })), "{result:?}");
    assert_eq!(target.small.names(&[]), ["a.tar.zst", "sentinel"]);
}

/// Restores bytes: refused with nothing written, or the tree as it was.
fn refused_or_the_same(target: &Target, bytes: &[u8]) {
    fs::write(&target.archive, bytes).unwrap();
    match restored(&target.archive, Some(&target.small.root), Existing::Refuse) {
        Ok(_) => {
            assert_same_tree(&target.before, &target.small.tree());
            fs::remove_dir_all(&target.small.root).unwrap();
        }
        Err(ArchiveError::Refused { .. } | ArchiveError::NoUv) => {}
        Err(other) => panic!("{other:?}"),
    }
    assert_eq!(target.small.names(&[]), ["a.tar.zst", "sentinel"]);
}

#[test]
fn random_damage_is_refused_or_does_no_harm() {
    let target = Target::new();
    let bytes = fs::read(&target.archive).unwrap();
    let tar = target.forged().tar();
    let mut runner =
        proptest::test_runner::TestRunner::new(ProptestConfig { cases: 150, ..ProptestConfig::default() });
    let damage = (0..4_u8, any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1..=255_u8);
    runner
        .run(&damage, |(way, at, length, flip)| {
            let mut damaged = if way == 0 { bytes.clone() } else { tar.clone() };
            let (at, size) = (at.index(damaged.len()), damaged.len());
            match way {
                // Flipped, in the compressed file or in the tar below it.
                0 | 1 => damaged[at] ^= flip,
                // Cut off.
                2 => damaged.truncate(at),
                // A piece taken out or doubled, in whole blocks so that headers stay headers.
                _ => {
                    let (at, end) = (at / 512 * 512, (at / 512 + 1 + length.index(8)) * 512);
                    let piece: Vec<u8> = damaged.drain(at..end.min(size)).collect();
                    if flip % 2 == 0 {
                        let doubled = [piece.clone(), piece].concat();
                        damaged.splice(at..at, doubled);
                    }
                }
            }
            let packed = if way == 0 { damaged } else { packed(&damaged) };
            refused_or_the_same(&target, &packed);
            Ok(())
        })
        .unwrap();
    assert_eq!(snapshot(target.small.folder.path()).len(), 2);
}

/// Lines for uv that stand in a name: with a line break they are refused with the archive, without one before uv is started.
#[test]
fn a_name_cannot_hold_options_of_uv() {
    let target = Target::new();
    let forged = |name: &str| {
        let mut forged = target.forged();
        let at = forged.at("snapshot.json");
        let mut snapshot: serde_json::Value = serde_json::from_slice(&forged.entries[at].data).unwrap();
        snapshot["packages"][0]["name"] = name.into();
        snapshot["packages"][0]["normalized_name"] = name.into();
        forged.replace("snapshot.json", snapshot.to_string().as_bytes());
        forged.bytes()
    };
    let on_its_line = forged("alpha\n-e file:///evil");
    let in_line = forged("alpha -e file:///evil");
    let fault = target.fault(&on_its_line);
    assert!(matches!(fault, ArchiveFault::Content { .. }), "{fault:?}");
    fs::write(&target.archive, in_line).unwrap();
    let contents = inspect_archive(&target.archive, &mut quietly).unwrap();
    assert_eq!(contents.builds(), [] as [&str; 0]);
    let world = crate::world::World::new();
    let at = target.small.beside("elsewhere");
    let made = world.recreate(&contents.snapshot, &at, &uvshift_venv::Allowances::default());
    let Err(uvshift_venv::RecreateError::Refused { refusals }) = made else { panic!("{made:?}") };
    assert_eq!(refusals[0].cause, uvshift_venv::Cause::Unclear);
    assert!(!at.exists());
}

#[test]
fn what_is_built_is_told_before() {
    let target = Target::new();
    let mut forged = target.forged();
    let at = forged.at("snapshot.json");
    let mut snapshot: serde_json::Value = serde_json::from_slice(&forged.entries[at].data).unwrap();
    let package = snapshot["packages"][0].clone();
    let archive = |url: &str| json!({ "type": "archive", "url": url, "hashes": [], "subdirectory": null, "had_credentials": false });
    for (name, origin) in [
        (
            "b",
            json!({ "type": "vcs", "vcs": "git", "url": "https://u:secret@b.example/x", "commit": "0f", "requested_revision": null, "subdirectory": null, "had_credentials": true }),
        ),
        ("c", json!({ "type": "directory", "path": "/c\u{1b}", "editable": true, "checkout": null })),
        ("d", archive("https://d.example/d-1.0.tar.gz")),
        ("e", archive("https://e.example/e-1.0-py3-none-any.whl#x")),
    ] {
        let mut other = package.clone();
        other["name"] = name.into();
        other["normalized_name"] = name.into();
        other["origin"] = origin;
        snapshot["packages"].as_array_mut().unwrap().push(other);
    }
    forged.replace("snapshot.json", snapshot.to_string().as_bytes());
    fs::write(&target.archive, forged.bytes()).unwrap();
    let contents = inspect_archive(&target.archive, &mut quietly).unwrap();
    let expected = [
        "b 1.0 from https://b.example/x@0f",
        "c 1.0 from /c\\u{1b}",
        "d 1.0 from https://d.example/d-1.0.tar.gz",
    ];
    assert_eq!(contents.builds(), expected);
}
