//! The demo project goes the whole way: it is moved to uv, gets its CI, and that runs under act: green, and red with a broken test.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, reason = "tests start uvshift and the pinned tools")]
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use uvshift_testkit::{Project, WheelOptions, backends, flat_index, tool, uv, uv_environment, wheel};

/// As much of Flask as the demo needs.
const FLASK: &str = r"
class Flask:
    def __init__(self, name):
        self.routes = {}

    def get(self, path):
        return lambda function: self.routes.setdefault(path, function)

    def test_client(self):
        return Client(self.routes)


class Client:
    def __init__(self, routes):
        self.routes = routes

    def get(self, path):
        response = Client({})
        response.text = self.routes[path]()
        return response
";

/// As much of pytest: every function `test_*` of every file of `tests`, and a status.
const PYTEST: &str = r#"
import glob, runpy, sys, traceback


def main():
    sys.path.insert(0, ".")
    failed = passed = 0
    for file in sorted(glob.glob("tests/test_*.py")):
        for name, test in runpy.run_path(file).items():
            if name.startswith("test_"):
                try:
                    test()
                    passed += 1
                except Exception:
                    traceback.print_exc()
                    failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
"#;

#[test]
fn the_ci_of_the_demo_is_green_and_red_when_a_test_is_broken() {
    let folder = Project::new();
    let demo = folder.path().join("demo");
    let place = demo.to_string_lossy().into_owned();
    let moved = uvshift(&folder, &["demo", &place, "--uv", &uv().to_string_lossy()]);
    assert!(moved.status.success(), "{}", said(&moved));
    let made = uvshift(&folder, &["generate", "github-ci", "--project", &place, "--yes"]);
    assert!(made.status.success(), "{}", said(&made));
    let workflow = fs::read_to_string(demo.join(".github/workflows/ci.yml")).unwrap();
    assert!(workflow.contains("uv run pytest --cov") && !workflow.contains("black"), "{workflow}");
    assert!(!workflow.contains("apt-get"), "{workflow}");

    let green = act(&folder, &demo, &workflow, "green");
    assert!(green.status.success(), "{}", said(&green));
    // What a short command prints is not always in the log of act on a busy machine; its outcome is.
    for expected in
        ["Success - Main Test", "Success - Main The lock is up to date", "Success - Main Look at the results"]
    {
        assert!(said(&green).contains(expected), "{expected}: {}", said(&green));
    }

    let tests = demo.join("tests/test_app.py");
    let broken = fs::read_to_string(&tests).unwrap().replace("pip user", "nobody");
    fs::write(&tests, broken).unwrap();
    let red = act(&folder, &demo, &workflow, "red");
    assert!(!red.status.success(), "{}", said(&red));
    for expected in ["Failure - Main Test", "Failure - Main Look at the results"] {
        assert!(said(&red).contains(expected), "{expected}: {}", said(&red));
    }
}

#[test]
fn without_git_the_package_of_the_demo_is_a_folder_that_its_image_has() {
    let folder = Project::new();
    let demo = folder.path().join("demo");
    let mut command = prepared(&folder, &["demo", &demo.to_string_lossy(), "--uv", &uv().to_string_lossy()]);
    // git lies where python lies on many machines, so only python is there.
    let bin = folder.beside("bin");
    std::os::unix::fs::symlink(tool("tools", "python").canonicalize().unwrap(), bin.join("python3")).unwrap();
    let moved = command.env("PATH", &bin).output().unwrap();
    assert!(moved.status.success(), "{}", said(&moved));
    let manifest = fs::read_to_string(demo.join("pyproject.toml")).unwrap();
    assert!(manifest.contains("greeter = { path = \"vendor/greeter\" }"), "{manifest}");
    let image = fs::read_to_string(demo.join("Dockerfile")).unwrap();
    assert!(
        image.contains("COPY vendor/ vendor/\n") && image.contains("RUN uv sync --locked --no-dev\n"),
        "{image}"
    );
}

/// The variables with which uv finds the packages of this test, and nothing else.
fn environment(folder: &Project) -> Vec<(&'static str, std::ffi::OsString)> {
    let wheels = folder.beside("wheels");
    let links = format!("{},{}", wheels.display(), backends().display());
    let mut environment = uv_environment(folder);
    environment.extend([("UV_NO_INDEX", "1".into()), ("UV_FIND_LINKS", links.into())]);
    environment
}

fn uvshift(folder: &Project, arguments: &[&str]) -> Output {
    prepared(folder, arguments).output().unwrap()
}

/// uvshift, ready to run. The packages are made when they are not there.
fn prepared(folder: &Project, arguments: &[&str]) -> Command {
    let wheels = folder.beside("wheels");
    if !wheels.join("flask-3.0.3-py3-none-any.whl").is_file() {
        packages(&wheels);
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_uvshift"));
    command.current_dir(folder.path()).args(arguments).envs(environment(folder));
    command
}

fn packages(wheels: &Path) {
    flat_index(
        wheels,
        &[
            ("requests", "2.32.0", &["urllib3"]),
            ("urllib3", "2.2.3", &[]),
            ("werkzeug", "3.0.6", &[]),
            ("tomli", "2.2.1", &[]),
            ("colorama", "0.4.6", &[]),
            ("black", "24.10.0", &[]),
            ("pytest-cov", "6.0.0", &["pytest"]),
        ],
    );
    let module = |name: &str, text: &str| (format!("{name}/__init__.py"), text.to_owned());
    let flask =
        WheelOptions { modules: vec![module("flask", FLASK)], ..WheelOptions::requiring(["werkzeug"]) };
    wheel(wheels, "flask", "3.0.3", &flask.extra("async", &[]));
    let scripts = "[console_scripts]\npytest = pytest:main\n".to_owned();
    let modules =
        vec![module("pytest", PYTEST), ("pytest-8.3.4.dist-info/entry_points.txt".to_owned(), scripts)];
    wheel(wheels, "pytest", "8.3.4", &WheelOptions { modules, ..WheelOptions::default() });
}

/// Runs the workflow as a push does, on this machine; actions that need the network have stand-ins. `name` keeps the runs apart.
fn act(folder: &Project, demo: &Path, workflow: &str, name: &str) -> Output {
    let home = folder.beside(name);
    let mut command = Command::new(tool("validators", "act"));
    command.current_dir(demo).arg("push").args([
        "--platform",
        "ubuntu-latest=-self-hosted",
        "--action-offline-mode",
        "--no-cache-server",
        "--matrix",
        "python:3.11",
    ]);
    let uv = uv().canonicalize().unwrap();
    let path = format!("echo '{}' >> \"$GITHUB_PATH\"", uv.parent().unwrap().display());
    for (action, run) in [
        ("astral-sh/setup-uv", path.as_str()),
        ("docker/setup-buildx-action", "true"),
        ("docker/build-push-action", "true"),
    ] {
        let prefix = format!("uses: {action}@");
        let uses = workflow.lines().find_map(|line| line.trim().strip_prefix(&prefix));
        let reference = uses.and_then(|rest| rest.split(' ').next()).unwrap();
        let stand_in = stand_in(folder, action, run);
        command.arg("--local-repository").arg(format!("{action}@{reference}={}", stand_in.display()));
    }
    for (variable, value) in environment(folder) {
        if variable != "HOME" && !variable.starts_with("XDG") {
            command.arg("--env").arg(format!("{variable}={}", value.display()));
        }
    }
    command.env("HOME", &home).env("XDG_CACHE_HOME", home.join("cache")).env("NO_COLOR", "1");
    command.output().unwrap()
}

/// A composite action that runs one command.
fn stand_in(folder: &Project, action: &str, run: &str) -> PathBuf {
    let place = folder.beside(&action.replace('/', "-"));
    let text = format!(
        "name: stand-in\ndescription: of this test\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: {run}\n"
    );
    fs::write(place.join("action.yml"), text).unwrap();
    place
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
