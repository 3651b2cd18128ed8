//! A requirements file that asks for extras of the project itself: uv installs what pip did.

#![expect(clippy::disallowed_methods, reason = "the test asks pip and uv themselves")]

use std::collections::BTreeSet;
use std::process::Command;

use uvshift_migrate::{Options, Planned, Silent, Uv, WheelProof, execute, plan};
use uvshift_process::SystemRunner;
use uvshift_testkit::{Project, backends, flat_index, pip_python, uv, uv_command, uv_environment};

const PYPROJECT: &str = "\
[build-system]
requires = [\"setuptools>=61\"]
build-backend = \"setuptools.build_meta\"

[project]
name = \"star\"
version = \"1.0\"
requires-python = \">=3.9\"
dependencies = [\"anyio\"]

[project.optional-dependencies]
full = [\"itsdangerous\", \"jinja2>=3\"]
dev = [\"mypy\"]
unasked = [\"never\"]

[tool.setuptools]
py-modules = [\"star\"]
";

const SETUP: &str = "\
from setuptools import setup

setup(
    name='star',
    version='1.0',
    python_requires='>=3.9',
    py_modules=['star'],
    install_requires=['anyio'],
    extras_require={'full': ['itsdangerous', 'jinja2>=3'], 'dev': ['mypy'], 'unasked': ['never']},
)
";

/// The names of what a command would install.
type Names = BTreeSet<String>;

struct World {
    project: Project,
    wheels: String,
}

impl World {
    fn new(files: &[(&str, &str)]) -> Self {
        let project = Project::new();
        let wheels = flat_index(
            project.beside("wheels"),
            &[
                ("anyio", "4.0", &[]),
                ("itsdangerous", "2.0", &[]),
                ("jinja2", "3.1", &["markupsafe"]),
                ("markupsafe", "2.0", &[]),
                ("mypy", "1.0", &[]),
                ("coverage", "7.0", &[]),
                ("pytest", "8.0", &[]),
                ("never", "1.0", &[]),
            ],
        );
        for (path, text) in files {
            project.write(path, text);
        }
        Self { project, wheels: wheels.display().to_string() }
    }

    /// What `pip install -r` of a file would install into an empty environment.
    fn pip(&self, file: &str) -> Names {
        let mut pip = Command::new(pip_python());
        pip.current_dir(self.project.path()).args([
            "-I",
            "-m",
            "pip",
            "--isolated",
            "--disable-pip-version-check",
        ]);
        pip.args(["install", "--quiet", "--dry-run", "--ignore-installed", "--no-index", "--report", "-"]);
        pip.arg("--find-links").arg(&self.wheels).arg("--find-links").arg(backends()).args(["-r", file]);
        let output = pip.output().expect("pip runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report of pip");
        let installed = report["install"].as_array().expect("a list").iter();
        installed.map(|item| item["metadata"]["name"].as_str().expect("a name").to_lowercase()).collect()
    }

    /// What `uv sync` would install into an empty environment.
    fn uv(&self, flags: &[&str]) -> Names {
        let mut sync = uv_command(&self.project);
        sync.env("UV_FIND_LINKS", format!("{},{}", self.wheels, backends().display()))
            .env("UV_NO_INDEX", "1");
        let output = sync.args(["sync", "--dry-run", "--locked"]).args(flags).output().expect("uv runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        let added = said.lines().filter_map(|line| line.trim().strip_prefix("+ "));
        added.map(|line| line.split(['=', ' ']).next().unwrap_or_default().to_owned()).collect()
    }

    fn migrate(&self) {
        let mut program = Uv::new(uv());
        program.env =
            uv_environment(&self.project).into_iter().map(|(key, value)| (key.into(), value)).collect();
        program
            .env
            .push(("UV_FIND_LINKS".into(), format!("{},{}", self.wheels, backends().display()).into()));
        program.env.push(("UV_NO_INDEX".into(), "1".into()));
        let options = Options { wheel: WheelProof::Never, ..Options::default() };
        let Planned::Plan(plan) = plan(self.project.path(), &options).expect("a plan") else {
            panic!("there is something to migrate");
        };
        assert!(!plan.needs_decision(), "{}", plan.ledger);
        execute(&plan, Some(&program), &SystemRunner::new(), &mut Silent).expect("a migration");
    }
}

/// Each file against the flags of `uv sync` that take its place.
fn check(files: &[(&str, &str)], commands: &[(&str, &[&str])]) {
    let world = World::new(files);
    let before: Vec<Names> = commands.iter().map(|(file, _)| world.pip(file)).collect();
    world.migrate();
    for ((file, flags), before) in commands.iter().zip(before) {
        assert_eq!(world.uv(flags), before, "{file}\n{}", world.project.text("pyproject.toml"));
    }
}

#[test]
fn a_package_with_a_default_file_and_one_for_developers() {
    check(
        &[
            ("pyproject.toml", PYPROJECT),
            ("star.py", ""),
            ("requirements.txt", "-e .[full]\ncoverage\n"),
            ("requirements-dev.txt", "-r requirements.txt\n-e .[dev]\npytest\n"),
        ],
        &[("requirements.txt", &["--no-dev"]), ("requirements-dev.txt", &[])],
    );
}

#[test]
fn a_setup_py_with_an_extra_for_developers() {
    check(
        &[
            ("setup.py", SETUP),
            ("star.py", ""),
            ("requirements-dev.txt", "-e .[dev,full]\npytest\n"),
            ("requirements-docs.txt", ".[full]\n"),
        ],
        &[("requirements-dev.txt", &[]), ("requirements-docs.txt", &["--no-dev", "--group", "docs"])],
    );
}
