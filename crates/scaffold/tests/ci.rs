//! What is generated for CI is run, with real steps, a real uv and real tests: green, and red when a test is broken.
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
    // What a short command prints is not always in the log of act on a busy machine; its outcome is.
    for expected in
        ["Success - Main Test", "Success - Main The lock is up to date", "Success - Main Look at the results"]
    {
        assert!(said(&green).contains(expected), "{expected}: {}", said(&green));
    }

    demo.folder.write("tests/test_main.py", GOOD.replace("3)", "4)"));
    let red = demo.run("the-broken");
    assert!(!red.status.success(), "{}", said(&red));
    for expected in ["Failure - Main Test", "Failure - Main Look at the results"] {
        assert!(said(&red).contains(expected), "{expected}: {}", said(&red));
    }
}

#[test]
fn gitlab_runs_the_tests_too() {
    let demo = Demo::new();
    let job = format!("test: [{}]", python_version());
    let green = demo.gitlab(&[&job]);
    assert!(green.status.success() && said(&green).contains("OK"), "{}", said(&green));
    demo.folder.write("tests/test_main.py", GOOD.replace("3)", "4)"));
    let red = demo.gitlab(&[&job]);
    assert!(!red.status.success() && said(&red).contains("AssertionError: 3 != 4"), "{}", said(&red));
}

#[test]
fn tests_get_what_the_project_gives_them() {
    let text = |name: &str| {
        shapes::rendered(&[name.to_owned()], &shapes::web(), shapes::LANGUAGES[0]).remove(0).text
    };
    let mut library = shapes::library();
    library.test_environment = vec![("TZ".into(), "UTC".into())];
    let release = shapes::rendered(&["github-cd".to_owned()], &library, shapes::LANGUAGES[0]).remove(0).text;
    assert!(
        release.contains("released\n        env:\n          TZ: \"UTC\"\n        run: uv run pytest\n"),
        "{release}"
    );
    let github = text("github-ci");
    assert!(github.contains("    env:\n      APP_SETTINGS: \"acme_shop.testing\"\n      EVENTS: \"redis://localhost:6379/3\"\n      DATABASE_URL: "), "{github}");
    let gitlab = text("gitlab-ci");
    assert!(gitlab.contains("  variables:\n    APP_SETTINGS: \"acme_shop.testing\"\n    EVENTS: \"redis://redis:6379/3\"\n    DATABASE_URL: "), "{gitlab}");
}

#[test]
fn actions_are_named_by_digest_unless_tags_are_asked_for() {
    let catalogue = Catalogue::built_in().unwrap();
    for name in ["github-ci", "github-cd", "docker-publish", "cache-strategy"] {
        for (pin, has_digests) in [("digest", true), ("tag", false)] {
            let request = Request {
                names: vec![name.to_owned()],
                answers: [("pin".to_owned(), pin.to_owned())].into(),
                ..Request::default()
            };
            let made = plan(&catalogue, &shapes::web(), &request, &Existing::none()).unwrap();
            let uses = made.files.iter().flat_map(|file| file.text.lines());
            let uses: Vec<&str> = uses.filter_map(|line| line.trim().strip_prefix("uses: ")).collect();
            let is_digest =
                |uses: &&str| uses.contains(" # v") && uses.split(['@', ' ']).nth(1).unwrap().len() == 40;
            assert!(uses.len() > 2 && uses.iter().all(|uses| is_digest(uses) == has_digests), "{uses:#?}");
        }
    }
}

#[test]
fn gitlab_knows_every_job_of_every_shape() {
    for (shape, project) in shapes::SHAPES {
        let folder = Folder::new();
        let names = ["gitlab-ci".to_owned()];
        shapes::write(folder.path(), &shapes::rendered(&names, &project(), shapes::LANGUAGES[0]));
        git_repo(folder.path(), &[], None);
        let demo = Demo { folder, setup_uv: PathBuf::new() };
        let listed = demo.gitlab(&["--list"]);
        assert!(listed.status.success(), "{shape}: {}", said(&listed));
        assert!(said(&listed).contains("lock  "), "{shape}: {}", said(&listed));
        assert!(!said(&listed).contains("reserved"), "{shape}: {}", said(&listed));
    }
}

#[test]
fn a_deployment_is_checked_and_watched() {
    let folder = Folder::new();
    let names = ["github-cd".to_owned()];
    shapes::write(folder.path(), &shapes::rendered(&names, &shapes::web(), shapes::LANGUAGES[0]));
    let deploy = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = Command::new("bash");
        command.current_dir(folder.path()).arg("scripts/deploy.sh").args(arguments);
        for variable in ["DEPLOY_COMMAND", "HEALTH_URL"] {
            command.env_remove(variable);
        }
        command.envs(variables.iter().copied()).output().unwrap()
    };
    assert_eq!(deploy(&["staging"], &[]).status.code(), Some(2), "no version");
    assert_eq!(deploy(&["staging", "v1", "all"], &[]).status.code(), Some(2), "no share");
    let untold = deploy(&["staging", "v1"], &[]);
    assert!(
        untold.status.code() == Some(1) && said(&untold).contains("DEPLOY_COMMAND is not set for staging")
    );
    assert!(said(&deploy(&["--watch", "1"], &[])).contains("HEALTH_URL is not set"));

    let command = ("DEPLOY_COMMAND", "echo \"$ENVIRONMENT $VERSION $PERCENT\"");
    let done = deploy(&["canary", "v1", "10"], &[command]);
    assert!(done.status.success() && said(&done).contains("\ncanary v1 10\n"), "{}", said(&done));
    let health = folder.write("health", "ok");
    let url = format!("file://{}", health.display());
    let done = deploy(&["production", "v1"], &[command, ("HEALTH_URL", &url)]);
    assert!(done.status.success() && said(&done).contains("healthy after 1 attempts"), "{}", said(&done));
    let failed = deploy(&["production", "v1"], &[("DEPLOY_COMMAND", "false; true")]);
    assert!(!failed.status.success(), "a command that fails in the middle is a failure");
}

#[test]
fn the_report_passes_the_checks_of_the_project_that_gets_it() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["cache-strategy".to_owned()];
    shapes::write(folder.path(), &shapes::rendered(&names, &shapes::web(), shapes::LANGUAGES[0]));
    let script = folder.path().join("scripts/cache_report.py");
    for (linter, arguments) in [
        ("ruff", vec!["format", "--no-cache", "--diff", "--line-length", "79"]),
        ("ruff", vec!["format", "--no-cache", "--diff", "--line-length", "120"]),
        (
            "ruff",
            vec![
                "check",
                "--no-cache",
                "--isolated",
                "--select",
                "E,F,I,B,UP,N,W,C4,SIM,RUF,PTH,ANN001,ANN201",
            ],
        ),
        ("flake8", vec!["--isolated"]),
        ("mypy", vec!["--strict", "--cache-dir", "/dev/null"]),
    ] {
        let mut command = Command::new(tool("linters", linter));
        let output = command.current_dir(folder.path()).args(&arguments).arg(&script).output().unwrap();
        assert!(output.status.success(), "{linter} {arguments:?}: {}", said(&output));
    }
}

#[test]
fn cache_strategies_are_compared_by_their_figures_alone() {
    let folder = Folder::new();
    let names = ["cache-strategy".to_owned()];
    shapes::write(folder.path(), &shapes::rendered(&names, &shapes::script(), shapes::LANGUAGES[0]));
    let row = |strategy: &str, round: u32, restore: u32, sync: u32| {
        let text = format!(
            "{{\"strategy\": \"{strategy}\", \"round\": {round}, \"restore_ms\": {restore}, \"sync_ms\": {sync}, \"environment_kib\": 1}}\n"
        );
        folder.write(&format!("results/{strategy}-{round}.json"), text);
    };
    let report = || {
        let mut command = Command::new(pip_python());
        command.current_dir(folder.path()).args(["scripts/cache_report.py", "results"]).output().unwrap()
    };
    assert_eq!(report().status.code(), Some(1), "there are no figures");
    for round in 1..=3 {
        row("none", round, 100, 9_000 + round * 100);
        row("whole", round, 2_000, 1_000 + round * 100);
    }
    let clear = said(&report());
    assert!(clear.contains("| whole | everything that uv downloaded | 3 | 2.0 s (2.0 to 2.0) | 1.2 s (1.1 to 1.3) | 3.2 s (3.1 to 3.3) |"), "{clear}");
    assert!(clear.contains("`whole` is the fastest"), "{clear}");
    for round in 1..=3 {
        row("environment", round, 1_000, 2_150 + round * 100);
    }
    assert!(said(&report()).contains("its range overlaps with that of `environment`"), "{}", said(&report()));
    row("pruned", 1, 1, 1);
    assert!(said(&report()).contains("Too few rounds for a verdict"));
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

    /// Runs `gitlab-ci-local`, with jobs in a shell of this machine.
    fn gitlab(&self, arguments: &[&str]) -> Output {
        let node = tool("validators", "node");
        let modules = node.ancestors().nth(3).unwrap().join("node/node_modules");
        let place = uv().canonicalize().unwrap();
        let path = format!("{}:{}", place.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let mut command = Command::new(node);
        command.current_dir(self.folder.path()).arg(modules.join("gitlab-ci-local/dist/index.js"));
        command.arg("--force-shell-executor").args(arguments);
        command.envs(uv_environment(&self.folder)).env("PATH", path);
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
        is_established: true,
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
    let request = Request { names: vec!["github-ci".into(), "gitlab-ci".into()], ..Request::default() };
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
