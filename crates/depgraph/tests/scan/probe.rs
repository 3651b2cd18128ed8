//! The project with one of each form of import, and the one that other tools crash on.

use std::path::{Path, PathBuf};

use uvshift_depgraph::scan::{Options, scan};

fn corpus(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(name);
    if !folder.is_dir() {
        println!("SKIPPED: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

#[expect(clippy::expect_used, reason = "a test that cannot go on stops")]
fn listed(folder: &Path) -> String {
    crate::listing::scan(&scan(folder, &Options::default()).expect("the folder can be read"))
}

#[test]
fn every_form_of_the_probe_is_found() {
    let Some(folder) = corpus("imports-probe") else { return };
    assert_eq!(listed(&folder), include_str!("../../testdata/imports-probe.txt"));
}

#[test]
fn a_relative_name_crashes_nothing() {
    let Some(folder) = corpus("imports-probe-crash") else { return };
    let expected =
        "pkg/__init__.py Module\n  1 import importlib\n  2 import-module .sub\npkg/sub.py Module\n";
    assert_eq!(listed(&folder), expected);
}

/// A project of our own, so that the forms are looked at where the probe is not.
#[test]
fn every_kind_of_file_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/forms");
    assert_eq!(listed(&folder), include_str!("../../testdata/forms.txt"));
}
