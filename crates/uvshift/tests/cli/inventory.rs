//! What `check` says a project has, and what may go wrong.

use crate::schema::checked;
use crate::support::World;

/// What no output may hold.
const SECRETS: [&str; 4] = ["s3cret", "t0ken", "h1dden", "c0nda"];

/// A little of everything that may stand in the way.
const BUSY: &[(&str, &str)] = &[
    (".python-version", "3.9\n"),
    (
        "requirements.txt",
        "-i https://joe:s3cret@index.example/simple\n--extra-index-url https://more.example/simple\n--trusted-host more.example\n\
             -c constraints.txt\nflask==3.0.0\nrequests>=2,<3\ndjango\n\
             pinned==1.0 --hash=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n\
             loose @ git+https://t0ken@git.example/a/loose.git@main\n\
             firm @ git+https://git.example/a/firm.git@0123456789abcdef0123456789abcdef01234567\n\
             archive @ https://files.example/archive-1.0.tar.gz\n-e ./libs/local\n",
    ),
    ("requirements-dev.txt", "-r requirements.txt\npytest\nflake8==7.0.0\n-rmore.txt\n"),
    ("more.txt", "ipdb\n"),
    ("constraints.txt", "werkzeug<4\n"),
    ("libs/local/setup.py", "from setuptools import setup\nsetup(name='local', version='1')\n"),
    ("pip.conf", "[global]\nindex-url = https://h1dden@index.example/simple\n"),
    ("setup.cfg", "[flake8]\nmax-line-length = 99\n[mypy]\nstrict = True\n"),
    ("tox.ini", "[tox]\nenvlist = py38,py312\n[testenv]\ncommands =\n    pip install -e .\n    pytest\n"),
    (
        ".pre-commit-config.yaml",
        "repos:\n- repo: https://github.com/psf/black\n  rev: 24.1.0\n  hooks:\n  - id: black\n",
    ),
    (
        ".github/workflows/ci.yml",
        "jobs:\n  test:\n    strategy:\n      matrix:\n        python-version: [\"3.9\", \"3.12\"]\n    steps:\n\
             \x20     - name: pip install\n      - run: pip install -r requirements.txt -i https://joe:s3cret@index.example/simple\n\
             \x20     - run: |\n          python -m pip install tox\n          tox\n",
    ),
    (
        ".gitlab-ci.yml",
        "test:\n  image: python:3.9\n  script:\n    - virtualenv .venv\n    - pip install -r requirements.txt\n",
    ),
    (
        "Dockerfile",
        "ARG V=3.9\nFROM python:${V}-slim AS build\nENV PIP_INDEX_URL=https://index.example/simple\nRUN pip install \\\n    -r requirements.txt\nFROM build\n",
    ),
    (
        "docker-compose.yml",
        "services:\n  db:\n    image: postgres:16\n    environment:\n      URL: postgres://u:p@db/x\n",
    ),
    ("Makefile", "install:\n\tpip install -r requirements.txt\n"),
    (".venv/pyvenv.cfg", "version = 3.9.18\nhome = /usr/bin\n"),
];

/// An application with these files, and with an environment.
fn busy() -> World {
    let world = World::new(BUSY);
    let site = ".venv/lib/python3.9/site-packages";
    for (name, version, more) in [
        ("flask", "3.0.0", "Requires-Dist: click\n"),
        ("click", "8.1.7", ""),
        ("requests", "2.31.0", ""),
        ("stray", "0.3", ""),
        ("loose", "0.1", ""),
    ] {
        let info = format!("{site}/{name}-{version}.dist-info");
        world.write(
            &format!("{info}/METADATA"),
            format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more}"),
        );
        world.write(&format!("{info}/INSTALLER"), "pip\n");
    }
    world.write(
        &format!("{site}/loose-0.1.dist-info/direct_url.json"),
        r#"{"url": "https://t0ken@git.example/a/loose.git", "vcs_info": {"vcs": "git", "commit_id": "0123456789abcdef0123456789abcdef01234567"}}"#,
    );
    world
}

#[test]
fn a_busy_project() {
    let world = busy();
    let before = world.picture();
    for (name, arguments) in [
        ("inventory", &["check"][..]),
        ("inventory-verbose", &["check", "-v"]),
        ("inventory-json", &["check", "--format", "json"]),
    ] {
        let ran = world.snapshot(name, arguments, 0);
        for secret in SECRETS {
            assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{name} shows {secret}");
        }
    }
    assert_eq!(world.picture(), before);
}

#[test]
fn a_project_without_risks_says_so() {
    let world = World::new(&[
        (
            "pyproject.toml",
            "[project]\nname = \"calm\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"flask==3.0.0\"]\n",
        ),
        ("requirements.txt", "flask==3.0.0\n"),
    ]);
    world.snapshot("inventory-calm", &["check"], 0);
    let world = World::new(&[("app.py", "")]);
    world.snapshot("inventory-empty", &["check"], 10);
}

#[test]
fn a_project_that_is_on_uv() {
    let world = World::new(&[
        (
            "pyproject.toml",
            "[project]\nname = \"a\"\nversion = \"1\"\nrequires-python = \">=3.12\"\ndependencies = [\"flask>=3\", \"local\"]\n\
             [dependency-groups]\ndev = [\"pytest==8.0.0\"]\n[tool.uv.sources]\nlocal = { path = \"../local\", editable = true }\n",
        ),
        (
            "uv.lock",
            "version = 1\nrequires-python = \">=3.12\"\n\n[[package]]\nname = \"flask\"\nversion = \"3.0.2\"\nsource = { registry = \"https://index.example/simple\" }\n",
        ),
        ("Dockerfile", "FROM python:3.12\nRUN uv sync --locked\nRUN pip install gunicorn\n"),
        ("requirements-old.txt", "flask\n--prefer-binary\n"),
    ]);
    world.snapshot("inventory-uv", &["check"], 10);
}

/// Every risk has a code that the documents explain.
#[test]
fn every_risk_is_documented() {
    let json = checked(&busy(), &["check"], "migration");
    let documents = include_str!("../../../../docs/diagnostics.md");
    let risks = json["inventory"]["risks"].as_array().expect("risks");
    assert!(risks.len() >= 10, "{risks:#?}");
    for risk in risks {
        let (code, name) = (risk["code"].as_str().expect("a code"), risk["name"].as_str().expect("a name"));
        assert!(documents.contains(&format!("## {code}\n\n`{name}`: ")), "{code} {name}");
    }
}
