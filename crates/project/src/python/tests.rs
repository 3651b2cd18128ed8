//! Each file with what it says, and what all of it adds up to.

use super::{Choice, Evidence, EvidenceKind, choose, evidence, is_evidence_file};

/// One piece of evidence as `LINE: SPECIFIER`.
fn said(file: &str, text: &str) -> Vec<String> {
    evidence(file, text).iter().map(|found| format!("{}: {}", found.line, found.specifier)).collect()
}

#[track_caller]
fn check(file: &str, text: &str, expected: &[&str]) {
    assert_eq!(said(file, text), expected, "{file}\n{text}");
}

fn all(files: &[(&str, &str)]) -> Vec<Evidence> {
    files.iter().flat_map(|(file, text)| evidence(file, text)).collect()
}

fn chosen(files: &[(&str, &str)]) -> Choice {
    choose(&all(files)).expect("there is evidence")
}

#[test]
fn pins_of_pyenv_asdf_and_heroku() {
    check(".python-version", "3.11\n", &["1: 3.11"]);
    check(".python-version", "# ours\r\n3.11.4\r\n3.9\r\n", &["2: 3.11.4", "3: 3.9"]);
    check(".python-version", "3.10.2 3.9.1/envs/x\n", &["1: 3.10.2, 3.9.1/envs/x"]);
    check(".python-version", "pypy3.9-7.3.11\nsystem\nmy-env-3.8\n", &["1: pypy3.9-7.3.11"]);
    check(".python-version", "cpython-3.12.1-linux-x86_64-gnu\n", &["1: cpython-3.12.1-linux-x86_64-gnu"]);
    check(".tool-versions", "nodejs 18.0\npython 3.11.4 3.8.1 # x\n", &["2: 3.11.4, 3.8.1"]);
    check("runtime.txt", "\npython-3.11.4\n", &["2: python-3.11.4"]);
    check("runtime.txt", "ruby-3.1\n", &[]);
    check("Pipfile", "[requires]\npython_version = \"3.9\"\n", &["2: 3.9"]);
    check("Pipfile", "[requires\n", &[]);
    assert_eq!(evidence(".python-version", "2.7.18\n")[0].versions, [(2, 7)]);
}

#[test]
fn setup_py_is_read_as_text() {
    check("setup.py", "setup(\n  name='x',\n  python_requires='>=3.8',\n)\n", &["3: >=3.8"]);
    check("setup.py", "# python_requires='>=3'\nsetup(python_requires = \">=3.6, <4\")\n", &["2: >=3.6, <4"]);
    check("setup.py", "REQUIRES: str = '>=3.7.0'\nsetup(python_requires=REQUIRES)\n", &["1: >=3.7.0"]);
    check("setup.py", "kwargs = {'python_requires': \"~=3.9\"}\n", &["1: ~=3.9"]);
    check("setup.py", "setup(python_requires=(\n   '>=3.5'\n))\n", &["1: >=3.5"]);
    check("setup.py", "setup(python_requires=f'>={MIN}')\nsetup(python_requires=get())\n", &[]);
    check(
        "setup.py",
        "classifiers=[\n 'Programming Language :: Python :: 3',\n 'Programming Language :: Python :: 3.6',\n # 'Programming Language :: Python :: 3.5',\n 'Programming Language :: Python :: 3.10',\n 'Programming Language :: Python :: Implementation :: PyPy',\n]",
        &["3: 3.6, 3.10"],
    );
}

#[test]
fn setup_cfg_and_pyproject() {
    check(
        "setup.cfg",
        "[metadata]\nname = x\nclassifiers =\n    Programming Language :: Python :: 3.8\n    Programming Language :: Python :: 3.9\n\n[options]\npython_requires = >=3.8\n",
        &["8: >=3.8", "4: 3.8, 3.9"],
    );
    check("setup.cfg", "[options]\r\npython_requires =\r\n    >=3.8,\r\n    <4\r\n", &["2: >=3.8, <4"]);
    check("setup.cfg", "[tox:tox]\nenvlist = py38,py39\n", &["2: 3.8, 3.9"]);
    check(
        "pyproject.toml",
        "[project]\nname = 'x'\nrequires-python = '>=3.10'\nclassifiers = ['Programming Language :: Python :: 3.10']\n",
        &["3: >=3.10", "4: 3.10"],
    );
    check(
        "pyproject.toml",
        "[tool.tox]\nenv_list = ['py39', { product = [['3.10'], ['a']] }]\n",
        &["2: 3.9, 3.10"],
    );
    check("pyproject.toml", "[tool.tox]\nlegacy_tox_ini = '''\n[tox]\nenvlist = py39\n'''\n", &["4: 3.9"]);
}

#[test]
fn github_workflows() {
    let file = ".github/workflows/test.yml";
    // A YAML parser reads an unquoted 3.10 as 3.1.
    check(
        file,
        "jobs:\n  t:\n    strategy:\n      matrix:\n        python-version: [3.9, 3.10, '3.11', pypy-3.9, 3.x]\n",
        &["5: 3.9, 3.10, 3.11, pypy-3.9"],
    );
    check(
        file,
        "steps:\n- uses: actions/setup-python@v5\n  with:\n    python-version: 3.10 # x\n",
        &["4: 3.10"],
    );
    check(
        file,
        "matrix:\n  python-version:\n  - '3.8'\n  # - '3.7'\n  - \"3.9\"\n  os: [linux]\n",
        &["2: 3.8, 3.9"],
    );
    check(
        file,
        "matrix:\n  include:\n    - { python: '3.8', os: linux }\n    - python: 3.12\n      os: windows\n",
        &["3: 3.8", "4: 3.12"],
    );
    check(file, "matrix:\n  py: [\n    '3.8',\n    '3.9', # new\n  ]\n", &["2: 3.8, 3.9"]);
    check(
        file,
        "matrix:\n  interpreter: ['3.8', '3.9']\n  os: ['22.04']\nsteps:\n  - with:\n      python-version: ${{ matrix.interpreter }}\n",
        &["2: 3.8, 3.9"],
    );
    check(file, "with:\n  python-version: |\n    3.8\n    3.9\n  cache: pip\n", &["2: 3.8, 3.9"]);
    check(file, "  python-version: ${{ fromJSON('[\"3.8\", \"3.10\"]') }}\n", &["1: 3.8, 3.10"]);
    check(file, "container: python:3.9-slim\n", &["1: 3.9"]);
    check(file, "env:\n  TOXENV: py38-django\n", &["2: 3.8"]);
    check(file, "run: |\n  cat <<EOF\n  python-version: 3.6\n  EOF\npython-version: 3.9\n", &["5: 3.9"]);
    check(file, "python-version: 3.13-dev\npython-version-file: .python-version\n", &["1: 3.13-dev"]);
    // A mistake elsewhere in the file does not matter.
    check(file, "jobs: [\n  python-version: \"3.9\"\n :: {{\n", &["2: 3.9"]);
}

#[test]
fn other_ci_services() {
    check(".gitlab-ci.yml", "image: python:3.11-slim\n", &["1: 3.11"]);
    check(
        ".gitlab-ci.yml",
        "test:\n  image: \"registry.example/python:${PYTHON_VERSION}\"\n  parallel:\n    matrix:\n      - PYTHON_VERSION: ['3.8', '3.9']\n",
        &["5: 3.8, 3.9"],
    );
    check(".gitlab-ci.yml", "image:\n  name: python:3.9@sha256:abc\n", &["2: 3.9"]);
    check(".circleci/config.yml", "docker:\n  - image: cimg/python:3.9.2\n", &["2: 3.9"]);
    check(".circleci/config.yml", "matrix:\n  parameters:\n    python_version: ['3.8']\n", &["3: 3.8"]);
    check(
        ".travis.yml",
        "python:\n  - 2.7\n  - 3.6\n  - \"pypy3\"\nmatrix:\n  include:\n    - python: 3.10\n",
        &["1: 2.7, 3.6, pypy3", "7: 3.10"],
    );
    check(".travis.yml", "env:\n  - TOXENV=py36\n  - TOXENV=\"py37,py38\"\n", &["2: 3.6", "3: 3.7, 3.8"]);
    check("azure-pipelines.yml", "matrix:\n  a:\n    python.version: '3.8'\n", &["3: 3.8"]);
    check("azure-pipelines.yml", "- task: UsePythonVersion@0\n  inputs:\n    versionSpec: '3.x'\n", &[]);
    check(".readthedocs.yaml", "build:\n  os: ubuntu-22.04\n  tools:\n    python: \"3.11\"\n", &["4: 3.11"]);
    check(
        ".readthedocs.yml",
        "version: 2\npython:\n  version: 3.8\n  install:\n    - requirements: docs.txt\n",
        &["3: 3.8"],
    );
}

#[test]
fn images_of_containers() {
    check("Dockerfile", "FROM python:3.10-slim AS build\nFROM build\n", &["1: 3.10"]);
    check(
        "Dockerfile",
        "ARG PYTHON_VERSION=3.9\nFROM --platform=linux/amd64 python:${PYTHON_VERSION}-slim\n",
        &["2: 3.9"],
    );
    check(
        "Dockerfile",
        "ARG A=3.9\nARG TAG=$A-slim\nfrom registry.example:5000/library/python:$TAG\n",
        &["3: 3.9"],
    );
    check(
        "Dockerfile",
        "FROM python:${V:-3.8}\nFROM python:${UNKNOWN}\nFROM python:3\nFROM python\n",
        &["1: 3.8"],
    );
    check("docker/web.Dockerfile", "FROM \\\n  python:3.12.1@sha256:aa\n", &["1: 3.12"]);
    check("Dockerfile.dev", "FROM mcr.example/devcontainers/python:1-3.11-bookworm\n", &["1: 3.11"]);
    check("Containerfile", "FROM ghcr.example/astral-sh/uv:python3.12-bookworm\n", &["1: 3.12"]);
    check("Dockerfile", "FROM pypy:3.9\nFROM node:18.1\nFROM ubuntu:22.04\n", &["1: pypy:3.9"]);
    assert!(!is_evidence_file("examples/x/Dockerfile") && is_evidence_file("compose/local/Dockerfile"));
}

#[test]
fn tox_and_nox() {
    check("tox.ini", "[tox]\nenvlist = py{38,39}-django{3,4}, pypy3, lint\n", &["2: 3.8, 3.9, pypy3"]);
    check(
        "tox.ini",
        "[tox]\nminversion = 4\nenv_list =\n    py3{9-12}\n    {py313,3.14}-x # new\n",
        &["3: 3.9, 3.10, 3.11, 3.12, 3.13, 3.14"],
    );
    check("tox.ini", "[tox]\nenvlist = py27,py310,py\n", &["2: 2.7, 3.10"]);
    check("tox.ini", "[flake8]\nenvlist = py39\n", &[]);
    check("tox.toml", "env_list = [\"3.9\", \"py310-x\"]\n", &["1: 3.9, 3.10"]);
    check("noxfile.py", "@nox.session(python=[\"3.9\", '3.10'])\ndef t(session): ...\n", &["1: 3.9, 3.10"]);
    check(
        "noxfile.py",
        "PYTHONS = (\n    \"3.8\",  # old\n    \"pypy3.9\",\n)\n@nox.session(python=PYTHONS)\n",
        &["1: 3.8, pypy3.9"],
    );
    check(
        "noxfile.py",
        "@nox.session(python=False)\n@nox.session(python=\"3.12\")\n# python=\"3.6\"\n",
        &["2: 3.12"],
    );
}

#[test]
fn headers_of_compiled_requirements() {
    let pip = "#\n# This file is autogenerated by pip-compile with Python 3.9\n# by the following command:\n#\n#    pip-compile requirements.in\n#\na==1\n";
    check("requirements.txt", pip, &["2: 3.9"]);
    let uv = "# This file was autogenerated by uv via the following command:\n#    uv pip compile --python-version 3.10 r.in -o r.txt\na==1\n";
    check("requirements/dev.txt", uv, &["2: 3.10"]);
    let path = "# This file was autogenerated by uv via the following command:\n#    uv pip compile -p /usr/bin/python3 r.in --python=3.8\n";
    check("r.txt", path, &["2: 3.8"]);
    check("requirements.txt", "# with Python 3.9\na==1\n", &[]);
    check("README.md", "python-version: 3.9", &[]);
}

#[test]
fn only_files_of_the_project_itself_count() {
    for path in [
        "setup.py",
        ".github/workflows/a.yaml",
        ".gitlab/ci/test.yml",
        "Dockerfile.prod",
        "azure-pipelines.yml",
    ] {
        assert!(is_evidence_file(path), "{path}");
    }
    for path in [
        "tests/data/setup.py",
        "vendor/x/tox.ini",
        ".github/dependabot.yml",
        "docs/conf.py",
        "mydockerfile.txt",
    ] {
        assert!(!is_evidence_file(path), "{path}");
    }
}

#[test]
fn a_declared_range_wins_as_it_is_written() {
    let choice = chosen(&[
        (".github/workflows/a.yml", "python-version: ['3.7', '3.12']\n"),
        ("setup.py", "setup(python_requires='>=3.8 , <4')\n"),
        ("Dockerfile", "FROM python:3.7\n"),
    ]);
    assert_eq!(choice.requires_python, ">=3.8 , <4");
    assert_eq!(choice.because, [1]);
    assert_eq!(
        choice.conflicts,
        [
            ".github/workflows/a.yml:1 (CI matrix) names Python 3.7, which `>=3.8 , <4` leaves out",
            "Dockerfile:1 (base image) names Python 3.7, which `>=3.8 , <4` leaves out",
        ]
    );
    let choice = chosen(&[
        ("setup.cfg", "[options]\npython_requires = >=3.6\n"),
        ("pyproject.toml", "[project]\nrequires-python = '>=3.9.1'\n"),
        (".python-version", "3.9\n"),
    ]);
    assert_eq!((choice.requires_python.as_str(), choice.because.as_slice()), (">=3.9.1", [1].as_slice()));
    assert_eq!(choice.conflicts, ["setup.cfg:2 says `>=3.6`, which gives way to `>=3.9.1`"]);
}

#[test]
fn a_range_that_is_not_valid_is_mended_or_passed_over() {
    for (written, mended) in [
        (">=3.6.*", ">=3.6"),
        (">=3.6,", ">=3.6"),
        (">=3.6 <4", ">=3.6, <4"),
        ("3.9.*", "==3.9.*"),
        (">3.5,!=3.6.*,", ">3.5, !=3.6.*"),
    ] {
        let choice = chosen(&[("setup.py", &format!("python_requires='{written}'"))]);
        assert_eq!(choice.requires_python, mended);
        assert_eq!(
            choice.conflicts,
            [format!("setup.py:1 says `{written}`, which is not valid; it means `{mended}`")]
        );
    }
    let choice = chosen(&[("setup.py", "python_requires='three'"), (".python-version", "3.9")]);
    assert_eq!(choice.requires_python, ">=3.9");
    assert_eq!(choice.conflicts, ["setup.py:1 says `three`, which is not a range of versions"]);
}

#[test]
fn python_2_is_left_behind_and_said_so() {
    let choice = chosen(&[("setup.py", "python_requires='>=2.7, !=3.0.*, !=3.7.*, <4'")]);
    assert_eq!(choice.requires_python, ">=3.6,!=3.7.*,<4");
    assert_eq!(
        choice.conflicts,
        [
            "setup.py:1 says `>=2.7, !=3.0.*, !=3.7.*, <4`, which allows Python 2; uv needs Python 3, so the range is narrowed to `>=3.6,!=3.7.*,<4`"
        ]
    );
    // What the tests run on says where to start.
    let choice =
        chosen(&[("setup.py", "python_requires='>=2.7'"), ("tox.ini", "[tox]\nenvlist = py27,py38\n")]);
    assert_eq!(choice.requires_python, ">=3.8");
    assert!(choice.conflicts[0].ends_with("also names Python 2.7, which does not count"));
    assert_eq!(choose(&all(&[("setup.py", "python_requires='<3'")])), None);
}

#[test]
fn otherwise_the_lowest_version_starts_the_range() {
    let choice = chosen(&[
        (".github/workflows/a.yml", "python-version: [3.10, 3.9]\n"),
        ("Dockerfile", "FROM python:3.9\n"),
        ("tox.ini", "[tox]\nenvlist = py310,py311,pypy39\n"),
    ]);
    assert_eq!((choice.requires_python.as_str(), choice.because.as_slice()), (">=3.9", [0, 1].as_slice()));
    assert_eq!(
        choice.conflicts,
        [
            "tox.ini:2 also names pypy39, which does not count",
            "tox.ini:2 (tox envlist) starts at 3.10, not at 3.9",
        ]
    );
    let choice = chosen(&[("setup.py", "'Programming Language :: Python :: 3.4'")]);
    assert_eq!(choice.requires_python, ">=3.6");
    assert_eq!(choice.conflicts, ["Python 3.4 is older than uv supports, so the range starts at 3.6"]);
    assert_eq!(choose(&evidence(".python-version", "pypy3.9-7.3")), None);
    assert_eq!(choose(&[]), None);
}

#[test]
fn evidence_reads_well() {
    let found = evidence("runtime.txt", "python-3.11.4");
    assert_eq!(found[0].what, EvidenceKind::RuntimeTxt);
    assert_eq!(found[0].to_string(), "runtime.txt:1: pinned python-3.11.4");
}
