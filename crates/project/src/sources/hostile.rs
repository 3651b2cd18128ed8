//! Hostile files: no reader panics, and no password is written or shown.

use proptest::prelude::*;
use uvshift_pyproject::PyProject;

use crate::{ReadOptions, Reading, Tree, merge, read_sources, write};

const SECRET: &str = "hunter2";

/// Keys that readers look for.
const KEYS: &[&str] = &[
    "a",
    "\"b c\"",
    "url",
    "name",
    "version",
    "dependencies",
    "extra-dependencies",
    "features",
    "members",
    "index",
    "git",
    "ref",
    "path",
    "file",
    "markers",
    "sys_platform",
    "extras",
    "editable",
    "python_version",
    "module",
    "dist-name",
    "requires",
    "author",
    "license",
    "cmd",
    "excludes",
    "dev-dependencies",
    "verify_ssl",
    "type",
    "include_packages",
    "template",
    "username",
    "password",
    "virtual",
    "distribution",
    "entry-points-file",
    "channels",
    "env-markers",
    "index-url",
    "extra-index-urls",
    "find-links",
    "no-default-feature",
    "workspace",
];

/// Keys and values, right and wrong ones.
fn statement() -> impl Strategy<Value = String> {
    let keys = prop::sample::select(KEYS.to_vec());
    let values = prop::sample::select(vec![
        "\"*\"",
        "\"==1.0\"",
        "\"~=1\"",
        "1",
        "1.5",
        "true",
        "[]",
        "[\"a\", \"b>=1 # x\", 3]",
        "{}",
        "\"\"",
        "1979-05-27",
        "{ version = \"*\", index = \"x\" }",
        "{ path = \"../../etc\", editable = true }",
        "\"../../../etc/passwd\"",
        "{ git = \"https://u:hunter2@git.example/x\", ref = \"${A}\" }",
        "\"https://u:hunter2@index.example/simple\"",
        "[\"-e file:///${PROJECT_ROOT}/..\", \"x @ https://u:hunter2@files.example/x.zip\", \"{root:uri}\"]",
        "\"x\"",
        "\"\"\"a\nb\"\"\"",
        "[[[[\"a\"]]]]",
        "{ a = { b = { c = \"d:e\" } } }",
        "\"== 'win32' or\"",
        "\"\\u0000\"",
    ]);
    (keys, values).prop_map(|(key, value)| format!("{key} = {value}\n"))
}

fn document(headers: &'static [&'static str]) -> impl Strategy<Value = String> {
    let table = (prop::sample::select(headers.to_vec()), prop::collection::vec(statement(), 0..4));
    prop::collection::vec(table, 0..6).prop_map(|tables| {
        let mut text = String::new();
        for (header, statements) in tables {
            text.push_str(header);
            text.push('\n');
            text.extend(statements);
        }
        text
    })
}

const PIPFILE: &[&str] = &[
    "[[source]]",
    "[packages]",
    "[dev-packages]",
    "[packages.a]",
    "[\"my docs\"]",
    "[requires]",
    "[scripts]",
    "[pipenv]",
    "[pipfile]",
];
const PIXI: &[&str] = &[
    "[workspace]",
    "[workspace.dependencies]",
    "[dependencies]",
    "[pypi-dependencies]",
    "[pypi-options]",
    "[constraints]",
    "[tasks]",
    "[activation]",
    "[activation.env]",
    "[feature.a]",
    "[feature.a.dependencies]",
    "[feature.\"b c\".pypi-dependencies]",
    "[target.win.dependencies]",
    "[feature.a.target.linux-64.tasks]",
    "[environments]",
    "[environments.default]",
    "[environments.a.pypi-dependencies]",
];
const PYPROJECT: &[&str] = &[
    "[project]",
    "[tool.pdm]",
    "[[tool.pdm.source]]",
    "[tool.pdm.resolution]",
    "[tool.pdm.resolution.overrides]",
    "[tool.pdm.scripts]",
    "[tool.pdm.dev-dependencies]",
    "[tool.pdm.workspace]",
    "[tool.flit.metadata]",
    "[tool.flit.metadata.requires-extra]",
    "[tool.flit.entrypoints.a]",
    "[tool.flit.scripts]",
    "[tool.hatch.envs.default]",
    "[tool.hatch.envs.a]",
    "[tool.rye]",
    "[tool.rye.workspace]",
    "[[tool.rye.sources]]",
    "[tool.rye.scripts]",
    "[dependency-groups]",
];

/// Reads and writes as a migration does; what was written, and everything that was said.
fn everything(files: &[(&str, &str)]) -> Option<(String, String)> {
    let folder = tempfile::tempdir().ok()?;
    let mut tree = Tree::from_disk(folder.path()).ok()?;
    for (path, text) in files {
        tree.lay_over(path, Some(text.as_bytes().to_vec()));
    }
    let before = tree.text("pyproject.toml").map(|text| PyProject::parse(&text)).transpose().ok()?;
    let sources = read_sources(&tree, before.as_ref(), &ReadOptions::default()).ok()?;
    let reading = merge(sources, Reading::default());
    let said: Vec<String> =
        reading.diagnostics.iter().map(|found| format!("{found} {:?}", found.help)).collect();
    let said = format!("{}{}", reading.ledger, said.join("\n"));
    // Two sources can contradict each other in one key, which is an error and no panic.
    let written = write(&reading.manifest, before.as_ref()).map(|document| document.to_string());
    Some((written.unwrap_or_default(), said))
}

proptest! {
    #[test]
    fn a_pipfile_of_any_kind(pipfile in document(PIPFILE), lock in "\\PC{0,60}") {
        if let Some((written, said)) = everything(&[("Pipfile", &pipfile), ("Pipfile.lock", &lock)]) {
            prop_assert!(!written.contains(SECRET), "{written}");
            prop_assert!(!said.contains(SECRET), "{said}");
        }
    }

    #[test]
    fn a_pixi_toml_of_any_kind(pixi in document(PIXI), lock in "\\PC{0,60}") {
        if let Some((written, said)) = everything(&[("pixi.toml", &pixi), ("pixi.lock", &lock)]) {
            prop_assert!(!written.contains(SECRET), "{written}");
            prop_assert!(!said.contains(SECRET), "{said}");
        }
    }

    #[test]
    fn a_pyproject_of_any_kind(text in document(PYPROJECT), own in document(&["[envs.default]", "[envs.a]", "[pypi]"])) {
        let files = [("pyproject.toml", text.as_str()), ("hatch.toml", &own), ("pdm.toml", &own), ("pdm.lock", &own)];
        if let Some((_, said)) = everything(&files) {
            prop_assert!(!said.contains(SECRET), "{said}");
        }
    }

    #[test]
    fn any_text_at_all(text in "\\PC{0,80}") {
        let files = ["Pipfile", "Pipfile.lock", "pdm.lock", "pdm.toml", "hatch.toml", "pylock.toml", "requirements.lock", "pixi.toml", "pixi.lock"];
        for file in files {
            everything(&[(file, &text), ("pyproject.toml", "[tool.rye]\n")]);
        }
    }
}
