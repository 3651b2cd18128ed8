//! What becomes of settings and of the ledger. Whether the wheel is the same is proven where uv is at hand, in
//! `uvshift-migrate`.

use super::*;
use crate::BuildBackend::{Hatchling, UvBuild};

struct Converted {
    pyproject: String,
    ledger: String,
    said: Vec<String>,
}

fn convert(wanted: BuildBackend, pyproject: &str, files: &[&str]) -> Converted {
    let folder = tempfile::tempdir().unwrap();
    let mut tree = Tree::from_disk(folder.path()).unwrap();
    tree.lay_over("pyproject.toml", Some(pyproject.as_bytes().to_vec()));
    for file in files {
        tree.lay_over(file, Some(b"__version__ = '1.0'\n".to_vec()));
    }
    let existing = PyProject::parse(pyproject).unwrap();
    let mut reading = Reading::default();
    convert_backend(&tree, Some(&existing), wanted, &mut reading).unwrap();
    Converted {
        pyproject: write(&reading.manifest, Some(&existing)).unwrap().to_string(),
        ledger: reading.ledger.to_string(),
        said: reading.diagnostics.iter().map(ToString::to_string).collect(),
    }
}

fn project(rest: &str, requires: &str, backend: &str) -> String {
    format!(
        "[project]\nname = \"demo\"\n{rest}\n[build-system]\nrequires = [{requires}]\nbuild-backend = \"{backend}\"\n"
    )
}

const POETRY: &str = "poetry.core.masonry.api";

#[test]
fn packages_of_poetry_in_the_words_of_both() {
    let text = project(
        "version = \"1\"\ndependencies = []\n[tool.poetry]\npackages = [{ include = \"ns/demo\", from = \"lib\" }]\n\
         include = [{ path = \"tests\", format = \"sdist\" }]",
        "\"poetry-core\"",
        POETRY,
    );
    let files = ["lib/ns/demo/__init__.py", "lib/ns/demo/a.txt", "tests/test_a.py"];
    let hatchling = convert(Hatchling, &text, &files);
    assert!(hatchling.said.is_empty(), "{:?}", hatchling.said);
    for expected in [
        "only-include = [\"lib/ns/demo\"]",
        "sources = [\"lib\"]",
        "\"/tests\"",
        "requires = [\"hatchling\"]",
    ] {
        assert!(hatchling.pyproject.contains(expected), "{expected}: {}", hatchling.pyproject);
    }
    assert!(!hatchling.pyproject.contains("tool.poetry"));
    assert!(hatchling.ledger.contains("tool.poetry.packages  -> tool.hatch.build"), "{}", hatchling.ledger);
    let uv = convert(UvBuild, &text, &files);
    for expected in ["module-root = \"lib\"", "module-name = \"ns.demo\"", "source-include = [\"tests/**\"]"]
    {
        assert!(uv.pyproject.contains(expected), "{expected}: {}", uv.pyproject);
    }
}

#[test]
fn setuptools_leaves_out_what_is_no_data() {
    let text = project(
        "version = \"1\"\ndependencies = []\n[tool.setuptools]\npackages = [\"demo\"]\n\
         [tool.setuptools.package-data]\ndemo = [\"*.json\"]",
        "\"setuptools\", \"wheel\"",
        "setuptools.build_meta",
    );
    let found =
        convert(Hatchling, &text, &["demo/__init__.py", "demo/a.json", "demo/b.txt", "demo/inner/c.py"]);
    assert!(found.pyproject.contains("packages = [\"demo\"]"), "{}", found.pyproject);
    assert!(found.pyproject.contains("\"/demo/b.txt\"") && found.pyproject.contains("\"/demo/inner\""));
}

#[test]
fn a_backend_that_does_more_stays_and_nothing_changes() {
    let dynamic = "dynamic = [\"version\"]";
    let version = "version = \"1\"\ndependencies = []";
    let source = "demo/__init__.py";
    for (rest, requires, backend, files, wanted, code) in [
        (version, "\"maturin\"", "maturin", vec![source], Hatchling, "M070"),
        (version, "\"setuptools\", \"Cython\"", "setuptools.build_meta", vec![source], Hatchling, "M071"),
        (version, "\"setuptools\"", "setuptools.build_meta", vec![source, "setup.py"], UvBuild, "M071"),
        (version, "\"pdm-backend\"", "pdm.backend", vec![source, "pdm_build.py"], UvBuild, "M071"),
        (dynamic, "\"poetry-core\"", POETRY, vec![source], Hatchling, "M072"),
        (dynamic, "\"flit_core\"", "flit_core.buildapi", vec![source], UvBuild, "M072"),
        (version, "\"flit_core\"", "flit_core.buildapi", vec!["demo.py"], UvBuild, "M073"),
        (version, "\"poetry-core\"", POETRY, vec!["other/__init__.py"], Hatchling, "M073"),
    ] {
        let text = project(rest, requires, backend);
        let found = convert(wanted, &text, &files);
        assert!(found.said.len() == 1 && found.said[0].contains(code), "{text}: {:?}", found.said);
        assert!(found.pyproject.contains(backend) && found.ledger.is_empty(), "{}", found.pyproject);
    }
}

#[test]
fn a_version_in_a_module_is_found_there() {
    let text = project("dynamic = [\"version\"]\ndescription = \"x\"", "\"flit_core\"", "flit_core.buildapi");
    let found = convert(Hatchling, &text, &["src/demo/__init__.py"]);
    assert!(
        found.pyproject.contains("[tool.hatch.version]\npath = \"src/demo/__init__.py\""),
        "{}",
        found.pyproject
    );
    assert!(found.pyproject.contains("dynamic = [\"version\"]"), "{}", found.pyproject);
}
