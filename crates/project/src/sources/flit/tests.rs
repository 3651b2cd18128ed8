use super::super::testing::read_tree;

const FLIT: &str = r#"[build-system]
requires = ["flit"]
build-backend = "flit.buildapi"

[tool.flit.metadata]
module = "demo_module"
dist-name = "demo"
author = "A. Author"
author-email = "a@mail.example"
home-page = "https://home.example"
requires = [
    # http
    "requests>=2.6",  # pinned
    "configparser; python_version == '2.7'",
]
requires-python = ">=3.8"
description-file = "README.rst"
license = "BSD"
keywords = "one, two"
classifiers = ["License :: OSI Approved :: BSD License"]
dev-requires = ["pytest"]

[tool.flit.metadata.requires-extra]
doc = ["sphinx"]

[tool.flit.metadata.urls]
Documentation = "https://docs.example"

[tool.flit.scripts]
demo = "demo_module:main"

[tool.flit.entrypoints.pytest11]
demo = "demo_module.plugin"

[tool.flit.entrypoints.a.b]
c = "demo_module:c"

[tool.flit.sdist]
include = ["doc/"]
"#;

const RESULT: &str = r#"[build-system]
requires = ["flit_core >=3.2,<4"]
build-backend = "flit_core.buildapi"

[project]
name = "demo"
readme = "README.rst"
requires-python = ">=3.8"
license = { text = "BSD" }
authors = [{ name = "A. Author", email = "a@mail.example" }]
keywords = [
    "one",
    "two",
]
classifiers = ["License :: OSI Approved :: BSD License"]
dynamic = [
    "version",
    "description",
]
dependencies = [
    # http
    "requests>=2.6",  # pinned
    "configparser; python_version == '2.7'",
]

[project.optional-dependencies]
dev = [
    "pytest",
]
doc = [
    "sphinx",
]

[project.urls]
Homepage = "https://home.example"
Documentation = "https://docs.example"

[project.scripts]
demo = "demo_module:main"

[project.entry-points.pytest11]
demo = "demo_module.plugin"

[project.entry-points."a.b"]
c = "demo_module:c"

[tool.flit.sdist]
include = ["doc/"]

[tool.flit.module]
name = "demo_module"
"#;

#[test]
fn metadata_becomes_a_project_and_the_backend_stays() {
    let read = read_tree(&[("pyproject.toml", FLIT)]);
    assert_eq!(read.pyproject, RESULT);
    assert_eq!(read.ledger.refused().count(), 0, "{}", read.ledger);
    assert!(read.reading.is_package && read.reading.lists_dependencies);
    let ledger = read.ledger.to_string();
    assert!(
        ledger.contains("carried  pyproject.toml:13  requests>=2.6  -> project.dependencies\n"),
        "{ledger}"
    );
    assert!(
        ledger.contains("carried  pyproject.toml:24  sphinx  -> project.optional-dependencies.doc\n"),
        "{ledger}"
    );
    assert!(
        ledger.contains("changed  pyproject.toml:2  requires = [\"flit\"]  -> build-system.requires"),
        "{ledger}"
    );
    for line in (6..=11).chain(16..=21).chain([24, 27, 30, 33, 36]) {
        // The line of `requires` itself has those of its requirements.
        assert!(line == 11 || read.ledger.has("pyproject.toml", line), "{line}\n{ledger}");
    }
}

#[test]
fn a_file_of_entry_points_is_read() {
    let text = "[build-system]\nrequires = [\"flit_core >=2,<3\"]\nbuild-backend = \"flit_core.buildapi\"\n\n\
                [tool.flit.metadata]\nmodule = \"demo\"\nauthor = \"A\"\nentry-points-file = \"points.txt\"\n";
    let points = "# own\n[console_scripts]\ndemo = demo:main\n\n[pytest11]\nx=demo.x\n";
    let read = read_tree(&[("pyproject.toml", text), ("points.txt", points)]);
    assert!(read.pyproject.contains("[project.scripts]\ndemo = \"demo:main\"\n"), "{}", read.pyproject);
    assert!(
        read.pyproject.contains("[project.entry-points.pytest11]\nx = \"demo.x\"\n"),
        "{}",
        read.pyproject
    );
    assert_eq!(read.old_files, ["points.txt: remove"]);
    let outside = text.replace("points.txt", "../points.txt");
    let read = read_tree(&[("pyproject.toml", &outside)]);
    assert_eq!(
        read.ledger.refused().map(|entry| entry.from.line).collect::<Vec<_>>(),
        [8],
        "{}",
        read.ledger
    );
}

#[test]
fn what_is_wrong_is_said() {
    let both = "[project]\nname = \"demo\"\n[tool.flit.metadata]\nmodule = \"demo\"\n";
    let said = read_tree(&[("pyproject.toml", both)]).diagnostics;
    assert!(said[0].starts_with("pyproject.toml:3: error[M048]"), "{said:?}");
    let said = read_tree(&[("flit.ini", "[metadata]\n")]).diagnostics;
    assert!(said[0].starts_with("flit.ini:1: error[M048]"), "{said:?}");
    let odd = read_tree(&[("pyproject.toml", "[tool.flit.metadata]\nrequires = 1\nodd = 1\n")]);
    assert!(odd.ledger.refused().count() >= 2, "{}", odd.ledger);
    let new = "[project]\nname = \"demo\"\nversion = \"1\"\n[tool.flit.module]\nname = \"d\"\n";
    assert!(read_tree(&[("pyproject.toml", new)]).ledger.entries().is_empty());
}
