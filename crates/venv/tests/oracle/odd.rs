//! Metadata that are odd, and that pip reads all the same.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

const FIELDS: [&str; 16] = [
    "Summary",
    "License",
    "license",
    "Keywords",
    "Classifier",
    "Platform",
    "Author",
    "Description",
    "Requires-Dist",
    "Provides-Extra",
    "Project-URL",
    "Dynamic",
    "Unknown-Field",
    "Home-page",
    "License-File",
    "Requires-Python",
];

/// Headers that are folded in every way, of known and unknown fields, and bodies.
fn metadata() -> impl Strategy<Value = String> {
    let value = prop_oneof!["[a-z ,:;|]{0,20}", "[\\PC\\t\u{c}\u{1c}]{0,12}"];
    let folded = prop::collection::vec("( |\t){1,10}[a-z|. \t]{0,10}", 0..4);
    let header = (prop::sample::select(FIELDS.to_vec()), "[ \t]{0,2}", value, folded);
    let body = prop_oneof![
        Just(String::new()),
        "\n[a-z :\n]{0,40}",
        "no header\n[A-Za-z: \n]{0,30}",
        "\n(?s).{0,30}"
    ];
    let end = prop::sample::select(vec!["\n", "\n", "\r\n"]);
    (prop::collection::vec(header, 0..8), body, end).prop_map(|(headers, body, end)| {
        let mut text = String::new();
        for (field, space, value, folded) in headers {
            let _ = write!(text, "{field}:{space}{value}{end}");
            for line in folded {
                let _ = write!(text, "{line}{end}");
            }
        }
        text + &body
    })
}

/// As many distributions as asked for; the same ones every time.
pub(crate) fn distributions(environment: &Path, count: usize) {
    let mut runner = TestRunner::deterministic();
    let packages =
        fs::read_dir(environment.join("lib")).unwrap().next().unwrap().unwrap().path().join("site-packages");
    for number in 0..count {
        let text = metadata().new_tree(&mut runner).unwrap().current();
        let folder = packages.join(format!("odd_{number}-1.0.dist-info"));
        fs::create_dir_all(&folder).unwrap();
        let head = format!("Metadata-Version: 2.1\nName: odd-{number}\nVersion: 1.0\n");
        fs::write(folder.join("METADATA"), head + &text).unwrap();
        fs::write(folder.join("INSTALLER"), ["pip\n", "\n uv \nx", ""][number % 3]).unwrap();
    }
}
