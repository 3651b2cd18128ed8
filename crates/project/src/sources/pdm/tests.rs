use super::super::testing::read_tree;
use super::*;

const PDM: &str = r#"[project]
name = "demo"
version = "1"
requires-python = ">=3.9"
dependencies = ["requests>=2", "private-tool"]

[dependency-groups]
lint = ["ruff"]

[build-system]
requires = ["pdm-backend"]
build-backend = "pdm.backend"

[tool.pdm]
distribution = true
plugins = ["pdm-bump"]

[tool.pdm.version]
source = "scm"

[tool.pdm.dev-dependencies]
test = [
    # the runner
    "pytest>=7",  # fast
    "-e file:///${PROJECT_ROOT}/libs/sub#egg=sub",
    "other @ file:///${PROJECT_ROOT}/libs/other ; python_version >= '3.9'",
]

[[tool.pdm.source]]
name = "pypi"
url = "https://index.example/simple"
verify_ssl = true

[[tool.pdm.source]]
name = "corporate"
url = "https://private.example/simple"
include_packages = ["private-*", "secret"]

[[tool.pdm.source]]
name = "wheels"
type = "find_links"
url = "https://files.example/wheels"

[tool.pdm.resolution]
respect-source-order = true
allow-prereleases = true
excludes = ["certifi"]

[tool.pdm.resolution.overrides]
asgiref = "3.2.10"
urllib3 = ">=1.26.2"
pytz = "https://files.example/pytz-2020.9-py3-none-any.whl"

[tool.pdm.scripts]
start = "flask run"
check = {cmd = "ruff check", env = {A = "1"}}

[tool.pdm.build]
includes = ["demo"]
"#;

const SUB: (&str, &str) = ("libs/sub/pyproject.toml", "[project]\nname = \"sub\"\nversion = \"1\"\n");

const OTHER: (&str, &str) = ("libs/other/setup.py", "from setuptools import setup\nsetup(name='other')\n");

const LOCK: &str = r#"[metadata]
groups = ["default", "test"]
lock_version = "4.5.0"

[[package]]
name = "requests"
version = "2.31.0"
groups = ["default"]
files = [{file = "requests-2.31.0.tar.gz", hash = "sha256:aa"}]

[[package]]
name = "private-tool"
version = "1.0"
groups = ["default"]

[[package]]
name = "pytest"
version = "6.2"
groups = ["test"]
"#;

#[test]
fn what_pdm_says_moves_and_what_its_backend_reads_stays() {
    let read = read_tree(&[
        ("pyproject.toml", PDM),
        SUB,
        OTHER,
        ("pdm.lock", LOCK),
        (".pdm-python", "/usr/bin/python\n"),
    ]);
    let text = &read.pyproject;
    for part in [
        "test = [\n    # the runner\n    \"pytest>=7\",  # fast\n    \"sub\",\n",
        "lint = [\"ruff\"]\n",
        "build-backend = \"pdm.backend\"\n\n[tool.pdm.version]\nsource = \"scm\"\n",
        "[tool.pdm.build]\nincludes = [\"demo\"]\n",
        "default-groups = [\n    \"test\",\n    \"lint\",\n]\n",
        "prerelease = \"allow\"\n",
        "exclude-dependencies = [\"certifi\"]\n",
        "find-links = [\n    \"https://files.example/wheels\",\n]\n",
        "override-dependencies = [\n    \"asgiref==3.2.10\",\n    \"urllib3>=1.26.2\",\n    \"pytz @ https://files.example/pytz-2020.9-py3-none-any.whl\",\n]\n",
        "package = true\n",
        "name = \"pypi\"\nurl = \"https://index.example/simple\"\ndefault = true\n",
        "name = \"corporate\"\nurl = \"https://private.example/simple\"\nexplicit = true\n",
        "private-tool = { index = \"corporate\" }\n",
        "secret = { index = \"corporate\" }\n",
        "[tool.uvshift.scripts]\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    for gone in
        ["tool.pdm.dev-dependencies", "tool.pdm.source", "tool.pdm.scripts", "plugins", "distribution"]
    {
        assert!(!text.contains(gone), "{gone}\n{text}");
    }
    assert_eq!(read.ledger.refused().count(), 0, "{}", read.ledger);
    let pins: Vec<&str> = read.reading.manifest.pins.iter().map(|pin| pin.name.as_str()).collect();
    assert_eq!(pins, ["requests", "private-tool"], "pytest 6.2 does not fit");
    assert_eq!(read.old_files, [".pdm-python: remove", "pdm.lock: remove"]);
    let said = read.diagnostics.join("\n");
    assert!(
        said.contains("pdm.lock is out of date: `pytest==6.2` does not fit `pytest>=7` of pyproject.toml:24"),
        "{said}"
    );
    assert!(read.reading.is_package && read.reading.lists_dependencies);
    for key in
        PDM.lines().enumerate().filter(|(_, line)| line.starts_with(|first: char| first.is_ascii_lowercase()))
    {
        let line = key.0 + 1;
        let other_tables = [2..=13, 18..=19, 58..=61];
        let known = other_tables.iter().any(|lines| lines.contains(&line))
            || read.ledger.has("pyproject.toml", line)
            || ["name", "url", "verify_ssl", "include_packages", "type", "test"]
                .iter()
                .any(|own| key.1.starts_with(own));
        assert!(known, "{line} {}\n{}", key.1, read.ledger);
    }
}

#[test]
fn an_application_is_no_package_and_its_table_goes() {
    let text = "[project]\nname = \"demo\"\nversion = \"1\"\ndependencies = []\n\n[tool.pdm]\ndistribution = false\n";
    let read = read_tree(&[("pyproject.toml", text)]);
    assert!(
        !read.pyproject.contains("tool.pdm") && read.pyproject.contains("package = false"),
        "{}",
        read.pyproject
    );
    assert!(!read.reading.is_package);
}

#[test]
fn a_backend_alone_is_nothing_to_migrate() {
    let text = "[project]\nname = \"demo\"\nversion = \"1\"\n[tool.pdm.build]\nincludes = []\n";
    assert!(read_tree(&[("pyproject.toml", text)]).reading.ledger.entries().is_empty());
}

#[test]
fn what_is_not_understood_is_refused_or_stays() {
    let text = "[project]\nname = \"demo\"\nversion = \"1\"\n\n[tool.pdm]\nname = \"old\"\nnew-key = 1\n\n\
                [[tool.pdm.source]]\nname = \"x\"\nurl = \"https://index.example/simple\"\nexclude_packages = [\"a\"]\n\n\
                [tool.pdm.resolution]\nodd = 1\n";
    let read = read_tree(&[("pyproject.toml", text)]);
    let lines: Vec<usize> = read.ledger.refused().map(|entry| entry.from.line).collect();
    assert_eq!(lines, [6, 9, 15], "{}", read.ledger);
    assert!(read.pyproject.contains("new-key = 1"), "{}", read.pyproject);
}

#[test]
fn paths_are_told_from_the_project() {
    for (text, line) in [
        ("-e file:///${PROJECT_ROOT}/x#egg=x", "-e ./x"),
        ("-e file:///${PROJECT_ROOT}/#egg=demo", "-e ."),
        ("x[a] @ file:///${PROJECT_ROOT}/x ; os_name == 'nt'", "./x[a] ; os_name == 'nt'"),
        ("x>=1", "x>=1"),
    ] {
        assert_eq!(local_paths(text), line);
    }
}

#[test]
fn the_index_of_pdm_toml_is_kept() {
    let project = "[project]\nname = \"demo\"\nversion = \"1\"\n";
    let own = "check_update = false\n[pypi]\nurl = \"https://index.example/simple\"\n";
    let read = read_tree(&[("pyproject.toml", project), ("pdm.toml", own)]);
    assert!(
        read.pyproject.contains("url = \"https://index.example/simple\"\ndefault = true"),
        "{}",
        read.pyproject
    );
    let broken = read_tree(&[("pyproject.toml", project), ("pdm.toml", "[")]);
    assert!(broken.diagnostics[0].starts_with("pdm.toml:1: error[M040]"), "{:?}", broken.diagnostics);
}
