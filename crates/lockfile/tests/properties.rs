//! Hostile text never panics.

use proptest::prelude::*;
use uvshift_lockfile::{LockKind, parse, without_constraints};

const KINDS: [LockKind; 5] =
    [LockKind::Uv, LockKind::Pylock, LockKind::Poetry, LockKind::Pipfile, LockKind::Pdm];

const LOCKS: [&str; 8] = [
    include_str!("../testdata/uv.lock"),
    include_str!("../testdata/pylock.toml"),
    include_str!("../testdata/poetry-2.lock"),
    include_str!("../testdata/poetry-1.lock"),
    include_str!("../testdata/poetry-0.lock"),
    include_str!("../testdata/Pipfile.lock"),
    include_str!("../testdata/pdm.lock"),
    include_str!("../testdata/pdm-4.0.lock"),
];

/// Reads a text as every kind; a line that an error names lies in the text.
fn read_as_everything(text: &str) -> Result<(), TestCaseError> {
    for file in KINDS.iter().map(|kind| kind.file_name()).chain(["unknown"]) {
        match parse(file, text) {
            Ok(lock) => {
                for package in &lock.packages {
                    prop_assert!((1..=text.lines().count()).contains(&package.line));
                    prop_assert!(lock.versions(&package.name).contains(package));
                }
            }
            Err(error) => {
                let last = text.split('\n').count();
                prop_assert!(error.line().is_none_or(|line| (1..=last).contains(&line)), "{error:?}");
            }
        }
    }
    without_constraints(text);
    Ok(())
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}") {
        read_as_everything(&text)?;
    }

    #[test]
    fn pieces_of_locks_never_panic(pieces in prop::collection::vec(prop::sample::select(vec![
        "[[package]]\n", "[package]\n", "name = \"a\"\n", "version = ", "1\n", "\"1\"\n", "[metadata]\n", "files = ", "[{", "}]\n",
        "hash = \"x\"", "source = { git = \"a?b#c%\" }\n", "{", "}", "\"_meta\"", ":", ",", "[", "]", "\"default\"", "\"\\u00", "\"", "\\",
        "dependencies = ", "markers = ", "lock_version = \"4\"\n", "lock-version = \"1.0\"\n", "'''", "\r\n", "é", "\u{feff}",
    ]), 0..40)) {
        read_as_everything(&pieces.concat())?;
    }

    #[test]
    fn damaged_locks_never_panic(which in 0..LOCKS.len(), at in 0.0..1.0f64, length in 0..60usize, with in "\\PC{0,5}") {
        let text = LOCKS[which];
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a small text")]
        let start = (text.len() as f64 * at) as usize;
        let end = (start + length).min(text.len());
        let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else { return Ok(()) };
        read_as_everything(&format!("{before}{with}{after}"))?;
    }
}

#[test]
fn deep_nesting_is_an_error() {
    for open in ["[", "{\"a\":", "{a=", "a=[", "[[package]]\na="] {
        let text = open.repeat(50_000);
        for kind in KINDS {
            assert!(parse(kind.file_name(), &text).is_err(), "{open} {kind}");
        }
    }
}
