//! Every tree of `testdata` gives the tree and the report beside it. `UPDATE=1` writes what comes out: read it before it
//! is committed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the test lays out its trees, and rewrites them when asked")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::DocumentMut;
use uvshift_changeset::Change;
use uvshift_toolconfig::{Options, plan};
use uvshift_tree::Tree;

fn crate_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn cases() -> Vec<PathBuf> {
    let folders = fs::read_dir(crate_folder().join("testdata")).unwrap();
    let mut cases: Vec<PathBuf> =
        folders.map(|entry| entry.unwrap().path()).filter(|path| path.join("in").is_dir()).collect();
    cases.sort();
    cases
}

/// All files of a folder, by their path in it.
fn files(folder: &Path, below: &str, out: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{name}/"), out);
        } else {
            out.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

/// The tree after the plan, and its report.
fn run(case: &Path) -> (BTreeMap<String, Vec<u8>>, String) {
    let mut tree = BTreeMap::new();
    files(&case.join("in"), "", &mut tree);
    let plan = plan(&Tree::from_disk(&case.join("in")).unwrap(), &Options::default()).unwrap();
    let mut report = String::new();
    for found in plan.diagnostics.iter().chain(&plan.blockers) {
        writeln!(report, "{found}").unwrap();
    }
    for row in &plan.rows {
        writeln!(report, "{row}").unwrap();
    }
    if plan.blockers.is_empty() {
        for change in &plan.changes {
            match change {
                Change::Create { path, bytes: after, .. } | Change::Edit { path, after, .. } => {
                    tree.insert(path.as_str().to_owned(), after.clone());
                }
                Change::Delete { path, .. } => {
                    tree.remove(path.as_str());
                }
                _ => {}
            }
        }
    }
    (tree, report)
}

#[test]
fn every_fixture_gives_its_tree_and_report() {
    let update = std::env::var_os("UPDATE").is_some();
    for case in cases() {
        let (tree, report) = run(&case);
        if update {
            let _ = fs::remove_dir_all(case.join("out"));
            for (path, bytes) in &tree {
                let path = case.join("out").join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
            fs::write(case.join("rows.txt"), &report).unwrap();
        }
        let mut expected = BTreeMap::new();
        files(&case.join("out"), "", &mut expected);
        let text = |tree: &BTreeMap<String, Vec<u8>>| {
            let lines =
                tree.iter().map(|(path, bytes)| (path.clone(), String::from_utf8_lossy(bytes).into_owned()));
            lines.collect::<BTreeMap<_, _>>()
        };
        assert_eq!(text(&tree), text(&expected), "{}", case.display());
        assert_eq!(report, fs::read_to_string(case.join("rows.txt")).unwrap(), "{}", case.display());
    }
}

#[test]
fn what_is_consolidated_stays_as_it_is() {
    for case in cases() {
        let (tree, _) = run(&case);
        let folder = tempfile::tempdir().unwrap();
        let mut again = Tree::from_disk(folder.path()).unwrap();
        for (path, bytes) in tree {
            again.lay_over(&path, Some(bytes));
        }
        let second = plan(&again, &Options::default()).unwrap();
        assert!(second.changes.is_empty() || !second.blockers.is_empty(), "{}", case.display());
    }
}

#[test]
fn every_setting_of_the_data_is_in_a_fixture() {
    let mut told = String::new();
    for case in cases() {
        let mut tree = BTreeMap::new();
        files(&case.join("in"), "", &mut tree);
        for bytes in tree.values() {
            told.push_str(&String::from_utf8_lossy(bytes));
        }
    }
    let is_told = |key: &str| {
        let name = key.rsplit('.').next().unwrap_or(key);
        told.lines().any(|line| {
            line.trim_start_matches('\u{feff}')
                .strip_prefix(name)
                .is_some_and(|rest| rest.trim_start().starts_with('='))
        })
    };
    let mut missing = Vec::new();
    for entry in fs::read_dir(crate_folder().join("data")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let Ok(data) = text.parse::<DocumentMut>() else { continue };
        if data.get("places").is_none() {
            continue;
        }
        let settings = data.get("settings").and_then(|item| item.as_table_like());
        let keys = settings.into_iter().flat_map(|table| table.iter().map(|(key, _)| key.to_owned()));
        missing.extend(keys.filter(|key| !is_told(key)).map(|key| format!("{}: {key}", path.display())));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a_file_that_may_not_be_written_stands_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mypy.ini");
    fs::write(&path, "[mypy]\nstrict = True\n").unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let plan = plan(&Tree::from_disk(folder.path()).unwrap(), &Options::default()).unwrap();
    let told: Vec<String> = plan.blockers.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|line| line.contains("T010")), "{told:?}");
}
