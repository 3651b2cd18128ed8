//! Nothing that comes out of a file makes the reader panic.
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use uvshift_wheel::{EntryPoints, FileName, Limits, Metadata, Tolerance, Wheel, compare};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const NAME: &str = "demo-1.0-py3-none-any.whl";

fn wheel(metadata: &[u8], entry_points: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in
        [("METADATA", metadata), ("WHEEL", b"Tag: py3-none-any\n"), ("entry_points.txt", entry_points)]
    {
        archive.start_file(format!("demo-1.0.dist-info/{name}"), SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn read(bytes: Vec<u8>) -> Option<Wheel> {
    Wheel::read(NAME, Cursor::new(bytes), Limits { bytes: 1 << 20, ..Limits::default() }).ok()
}

/// Fields with contents that are nearly right.
fn fields() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "Name",
        "Version",
        "Requires-Dist",
        "Requires-Python",
        "Author-email",
        "Project-URL",
        "Keywords",
        "License",
        "Classifier",
        "Description",
        "Description-Content-Type",
        "Platform",
    ]);
    let values = prop_oneof![
        "[a-c]{0,2}( ?[<>=~!]{1,3}[0-9.*]{0,6},?){0,3}( ?; ?(extra|os_name|python_version) ?[=<>]{1,2} ?'[a-z0-9.]{0,4}')?",
        "[\"<>@=?,q_A-C ]{0,20}",
        "\\PC{0,20}",
    ];
    prop::collection::vec((names, values), 0..8).prop_map(|rows| {
        rows.into_iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("\n")
    })
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(bytes.clone()).is_none());
        let text = String::from_utf8_lossy(&bytes);
        let _ = FileName::parse(&text);
        let _ = EntryPoints::parse(&text);
        let metadata = Metadata::parse(&text);
        prop_assert!(metadata.fields().all(|(name, _)| !name.is_empty()));
    }

    #[test]
    fn damaged_wheels_never_panic(at in 0_usize..600, byte in any::<u8>(), cut in 0_usize..700) {
        let mut bytes = wheel(b"Name: demo\nVersion: 1.0\n", b"[a]\nb = c\n");
        let length = bytes.len();
        bytes[at % length] = byte;
        if let Some(wheel) = read(bytes.clone()) {
            prop_assert!(compare(&wheel, &wheel, &Tolerance::default()).is_same());
        }
        bytes.truncate(cut % length);
        let _ = read(bytes);
    }

    #[test]
    fn every_wheel_is_like_itself_and_a_difference_has_two_sides(ours in fields(), theirs in fields()) {
        let old = read(wheel(ours.as_bytes(), b"")).unwrap();
        let new = read(wheel(theirs.as_bytes(), b"")).unwrap();
        let strict = Tolerance::default();
        prop_assert!(compare(&old, &old, &strict).is_same());
        let there = compare(&old, &new, &strict);
        let back = compare(&new, &old, &strict);
        if there.accepted.is_empty() && back.accepted.is_empty() {
            prop_assert_eq!(there.is_same(), back.is_same(), "{:?} {:?}", there, back);
        }
    }
}
