//! Small projects, one in each file of `testdata/setuptools`: what pyproject.toml becomes, what the ledger says, and what
//! becomes of the files. `UPDATE=1` writes what is found into them.

#![expect(clippy::disallowed_methods, reason = "a test reads its own switch and rewrites its own fixtures")]

use std::fmt::Write;
use std::path::Path;

use crate::sources::testing::{read_tree, read_tree_with};
use crate::{BuiltMetadata, ReadOptions};

/// What stands above each part of a fixture.
const PART: &str = "----- ";

#[test]
fn small_projects_become_what_their_fixtures_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/setuptools");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let fixture = std::fs::read_to_string(&path).unwrap();
        let found = filled_in(&fixture);
        if std::env::var("UPDATE").is_ok() {
            std::fs::write(&path, found).unwrap();
        } else {
            assert_eq!(found, fixture, "{}", path.display());
        }
        count += 1;
    }
    assert!(count >= 12, "{count} fixtures");
}

/// A fixture with what its files become.
fn filled_in(fixture: &str) -> String {
    let mut files: Vec<(&str, String)> = Vec::new();
    let mut out = String::new();
    let mut open = false;
    for line in fixture.split_inclusive('\n') {
        if let Some(title) = line.strip_prefix(PART) {
            let path = title.trim_end().strip_prefix("in ");
            open = path.is_some();
            files.extend(path.map(|path| (path, String::new())));
        } else if let Some((_, text)) = files.last_mut().filter(|_| open) {
            text.push_str(line);
        }
        if open {
            out.push_str(line);
        }
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let read = read_tree(&files);
    writeln!(out, "{PART}pyproject.toml\n{}{PART}ledger\n{}{PART}diagnostics", read.pyproject, read.ledger)
        .unwrap();
    for line in read.diagnostics {
        writeln!(out, "{line}").unwrap();
    }
    writeln!(out, "{PART}old files").unwrap();
    for file in read.old_files {
        writeln!(out, "{}", file.trim_end()).unwrap();
    }
    out
}

/// What the build backend says counts where setup.py cannot be read.
#[test]
fn the_build_backend_answers_for_what_only_it_knows() {
    let metadata = "Metadata-Version: 2.4\nName: nu\nVersion: 1\nSummary: text\nRequires-Python: >=3.9\nRequires-Dist: flask\n\
                    Requires-Dist: black; extra == \"dev\"\nProvides-Extra: dev\n\nlong text\n";
    let built = BuiltMetadata { metadata: metadata.to_owned(), entry_points: None };
    let options = ReadOptions { built: Some(built), ..ReadOptions::default() };
    let script = "from setuptools import setup\nfrom elsewhere import arguments\n\nsetup(**arguments())\n";
    let read = read_tree_with(&[("setup.py", script)], &options);
    assert_eq!(read.diagnostics, [""; 0]);
    assert_eq!(
        read.pyproject,
        "[project]\nname = \"nu\"\nrequires-python = \">=3.9\"\ndynamic = [\n    \"description\",\n    \"version\",\n    \
         \"readme\",\n]\ndependencies = [\n    \"flask\",\n]\n\n[project.optional-dependencies]\ndev = [\n    \"black\",\n]\n\n\
         [build-system]\nrequires = [\"setuptools>=61\"]\nbuild-backend = \"setuptools.build_meta\"\n"
    );
    assert!(read.old_files[0].starts_with("setup.py: keep ("), "{:?}", read.old_files);
    assert_eq!(read.ledger.refused().count(), 0);

    let refused = read_tree(&[("setup.py", script)]);
    assert_eq!(refused.ledger.refused().count(), 1);
    assert!(refused.diagnostics[0].starts_with("setup.py:4: error[M020]: "), "{:?}", refused.diagnostics);
}

#[test]
fn what_another_tool_does_not_read_is_named() {
    use crate::sources::testing::read_tree;
    let poetry = ("pyproject.toml", "[tool.poetry]\nname = \"odd\"\nversion = \"1\"\n");
    let said = |file: (&str, &str)| {
        let all = read_tree(&[poetry, file]).diagnostics;
        all.into_iter().filter(|found| found.contains("M005")).collect::<Vec<_>>()
    };
    let script = said(("setup.py", "from setuptools import setup\nsetup(name='other')\n"));
    assert!(script[0].starts_with("setup.py:1: warning[M005]"), "{script:?}");
    let config = said(("setup.cfg", "[metadata]\nname = other\n"));
    assert!(config[0].starts_with("setup.cfg:1: warning[M005]"), "{config:?}");
    assert!(said(("setup.cfg", "[flake8]\nmax-line-length = 99\n")).is_empty());
    assert!(said(("setup.py", "print('no package')\n")).is_empty());
}

#[test]
fn a_script_that_stays_for_what_it_does_finds_its_modules() {
    use crate::sources::testing::read_tree;
    let script = "import os\nfrom setuptools import setup\nimport shop\n\nos.makedirs('out', exist_ok=True)\n\
        setup(name='shop', version='1', packages=['shop'])\n";
    let read = read_tree(&[("setup.py", script), ("shop/__init__.py", "")]);
    assert!(
        read.pyproject.contains("build-backend = \"setuptools.build_meta:__legacy__\""),
        "{}",
        read.pyproject
    );
    assert!(read.old_files[0].starts_with("setup.py: edit\nimport os\n"), "{:?}", read.old_files);
    let plain = script.replace("os.makedirs('out', exist_ok=True)\n", "");
    let read = read_tree(&[("setup.py", &plain), ("shop/__init__.py", "")]);
    assert!(read.pyproject.contains("build-backend = \"setuptools.build_meta\""), "{}", read.pyproject);
}
