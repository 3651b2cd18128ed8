//! The generated workflow of CI is run, with real steps, a real uv and real tests: green, and red when a test is broken.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]
#![expect(clippy::disallowed_methods, reason = "tests start the pinned tools")]

mod shapes;

use std::path::PathBuf;
use std::process::{Command, Output};

use uvshift_scaffold::{Application, Catalogue, Entry, Existing, Project, Request, Task, Tasks, plan};
use uvshift_testkit::{
    Project as Folder, flat_index, git_repo, pip_python, tool, uv, uv_command, uv_environment,
};

const MAIN: &str = "import greeter\n\n\ndef add(left, right):\n    return left + right\n\n\n\
                    if __name__ == \"__main__\":\n    print(greeter.__version__, add(1, 2))\n";
const GOOD: &str = "import unittest\n\nfrom main import add\n\n\nclass Adds(unittest.TestCase):\n    \
                    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n";

#[test]
fn the_workflow_is_green_and_red_when_a_test_is_broken() {
    let demo = Demo::new();
    let green = demo.run("the-good");
    assert!(green.status.success(), "{}", said(&green));
    for expected in
        ["Success - Main Test", "Success - Main The lock is up to date", "results: success success"]
    {
        assert!(said(&green).contains(expected), "{expected}: {}", said(&green));
    }

    demo.folder.write("tests/test_main.py", GOOD.replace("3)", "4)"));
    let red = demo.run("the-broken");
    assert!(!red.status.success(), "{}", said(&red));
    for expected in [
        "AssertionError: 3 != 4",
        "Failure - Main Test",
        "results: success failure",
        "Failure - Main Look at the results",
    ] {
        assert!(said(&red).contains(expected), "{expected}: {}", said(&red));
    }
}

/// A small application with a lock, its workflow, and a stand-in for the action that installs uv.
struct Demo {
    folder: Folder,
    setup_uv: PathBuf,
}

impl Demo {
    fn new() -> Self {
        let folder = Folder::new();
        let wheels = folder.beside("wheels");
        flat_index(&wheels, &[("greeter", "1.2.0", &[])]);
        let python = python_version();
        let pyproject = format!(
            "[project]\nname = \"demo\"\nversion = \"1.0.0\"\nrequires-python = \">={python}\"\n\
             dependencies = [\"greeter>=1\"]\n\n[[tool.uv.index]]\nname = \"local\"\nurl = \"{}\"\n\
             format = \"flat\"\ndefault = true\n",
            wheels.display()
        );
        folder.write("pyproject.toml", pyproject);
        folder.write("main.py", MAIN);
        folder.write("tests/test_main.py", GOOD);
        folder.write(".gitignore", ".venv/\n__pycache__/\n");
        assert!(uv_command(&folder).args(["lock", "--quiet"]).status().unwrap().success());
        let setup_uv = folder.beside("setup-uv");
        let place = uv().canonicalize().unwrap();
        let action = format!(
            "name: setup-uv\ndescription: the uv of this test\nruns:\n  using: composite\n  steps:\n    \
             - shell: bash\n      run: echo '{}' >> \"$GITHUB_PATH\"\n",
            place.parent().unwrap().display()
        );
        std::fs::write(setup_uv.join("action.yml"), action).unwrap();
        shapes::write(folder.path(), &generated(&python));
        git_repo(folder.path(), &[], None);
        Self { folder, setup_uv }
    }

    /// Runs the workflow as a push does. `name` keeps the runs apart.
    fn run(&self, name: &str) -> Output {
        let workflow = self.folder.text(".github/workflows/ci.yml");
        let uses = workflow.lines().find_map(|line| line.trim().strip_prefix("uses: astral-sh/setup-uv@"));
        let reference = uses.and_then(|rest| rest.split(' ').next()).unwrap();
        let home = self.folder.beside(name);
        let mut command = Command::new(tool("validators", "act"));
        command.current_dir(self.folder.path()).arg("push");
        command.args([
            "--platform",
            "ubuntu-latest=-self-hosted",
            "--action-offline-mode",
            "--no-cache-server",
        ]);
        let stub = format!("astral-sh/setup-uv@{reference}={}", self.setup_uv.display());
        command.args(["--local-repository", &stub]);
        for (variable, value) in uv_environment(&self.folder) {
            if variable != "HOME" && !variable.starts_with("XDG") {
                command.arg("--env").arg(format!("{variable}={}", value.display()));
            }
        }
        command.env("HOME", &home).env("XDG_CACHE_HOME", home.join("cache")).env("NO_COLOR", "1");
        command.output().unwrap()
    }
}

/// What the template makes for this project.
fn generated(python: &str) -> Vec<uvshift_scaffold::GeneratedFile> {
    let task = Task {
        command: "uv run python -m unittest discover -s tests".into(),
        bare: "python -m unittest discover -s tests".into(),
        group: String::new(),
        program: "python".into(),
    };
    let project = Project {
        name: "demo".into(),
        tests_folder: "tests".into(),
        requires_python: format!(">={python}"),
        python_versions: vec![python.to_owned()],
        python: python.to_owned(),
        uv: "0.13.9".into(),
        has_lock: true,
        tasks: Tasks { test: Some(task), ..Tasks::default() },
        entry: Entry { kind: Application::Command, target: "main.py".into(), ..Entry::default() },
        repository: uvshift_scaffold::Repository { branch: "main".into(), ..Default::default() },
        ..Project::default()
    };
    let request = Request { names: vec!["github-ci".into()], ..Request::default() };
    plan(&Catalogue::built_in().unwrap(), &project, &request, &Existing::none()).unwrap().files
}

/// The version of the Python that tests use, such as `3.11`.
fn python_version() -> String {
    let program = "import sys; print('%d.%d' % sys.version_info[:2])";
    let output = Command::new(pip_python()).args(["-c", program]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn said(output: &Output) -> String {
    let both = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    both.join("\n")
}
