//! `scripts/validate-uv.sh` of the final checklist, run on a real project: silent where all is well, and a list where not.

#![expect(clippy::disallowed_methods, reason = "the test starts the script, git and the pinned uv")]

mod shapes;

use std::process::Command;

use uvshift_scaffold::{Language, Project, Task, Tasks};
use uvshift_testkit::{flat_index, uv, uv_command, uv_environment};

const PYPROJECT: &str = r#"[project]
name = "nightly-report"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = ["six"]

[tool.uv]
package = false

[[tool.uv.index]]
name = "local"
url = "../wheels"
format = "flat"
default = true
"#;

#[test]
fn a_project_that_is_on_uv_passes_every_check() {
    for (language, said) in
        [(Language::En, "All 9 checks passed."), (Language::Ko, "9개 검사를 모두 통과했습니다.")]
    {
        let place = project(language);
        let (status, output) = run(&place);
        assert_eq!(status, Some(0), "{output}");
        assert!(output.ends_with(&format!("{said}\n")), "{output}");
        assert!(!place.has(".venv"), "the checks made an environment in the project");
    }
}

#[test]
fn what_does_not_hold_is_listed() {
    let place = project(Language::En);
    place.write("pyproject.toml", PYPROJECT.replace("\"six\"", "\"six\", \"idna\""));
    place.write(".github/workflows/ci.yml", "run: python -m pip install -r requirements.txt\n");
    place.write("requirements.txt", "six\n");
    place.write("main.py", "raise SystemExit(3)\n");
    git(&place, &["add", "--all"]);
    let (status, output) = run(&place);
    assert_eq!(status, Some(1), "{output}");
    let list = output.split("6 of 9 checks failed:\n").nth(1).unwrap_or_else(|| panic!("{output}"));
    let expected = "\
- uv.lock matches pyproject.toml
- everything in uv.lock can be installed
- the tests pass
- the old files are gone
- nothing names an old file
- no file of CI or containers runs the old tool
";
    assert_eq!(list, expected, "{output}");
    assert!(output.contains("still there: requirements.txt"), "{output}");
    assert!(output.contains(".github/workflows/ci.yml:1:run: python -m pip install -r"), "{output}");
}

#[test]
fn commands_of_uv_are_not_those_of_the_old_tool() {
    let place = project(Language::En);
    place.write(".github/workflows/ci.yml", "run: uv pip install -r tools.txt\nrun: pip install uv\n");
    git(&place, &["add", "--all"]);
    let (status, output) = run(&place);
    assert_eq!(status, Some(0), "{output}");
}

/// A locked project in git with the script in it.
fn project(language: Language) -> uvshift_testkit::Project {
    let place = uvshift_testkit::Project::new();
    flat_index(place.beside("wheels"), &[("six", "1.17.0", &[]), ("idna", "3.10", &[])]);
    place.write("pyproject.toml", PYPROJECT);
    place.write("main.py", "import six\n");
    place.write(".gitignore", ".venv\n");
    let files = shapes::rendered(&["final-checklist".to_owned()], &described(), language);
    shapes::write(place.path(), &files);
    assert!(uv_command(&place).arg("lock").output().is_ok_and(|output| output.status.success()));
    git(&place, &["init", "--quiet"]);
    git(&place, &["add", "--all"]);
    place
}

fn described() -> Project {
    let mut project = shapes::script();
    let test = Task {
        command: "uv run python main.py".into(),
        bare: "python main.py".into(),
        group: String::new(),
        program: "python".into(),
        is_established: true,
    };
    project.tasks = Tasks { test: Some(test), ..Tasks::default() };
    project.migration.from = "pip".into();
    project.migration.removed = vec!["requirements.txt".into()];
    project
}

fn git(place: &uvshift_testkit::Project, words: &[&str]) {
    let status = Command::new("git").args(words).current_dir(place.path()).status();
    assert!(status.is_ok_and(|status| status.success()), "git {words:?}");
}

/// The status of the script, and what it says.
fn run(place: &uvshift_testkit::Project) -> (Option<i32>, String) {
    let folder = uv().parent().map(std::path::Path::to_owned).unwrap_or_default();
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("bash")
        .arg("scripts/validate-uv.sh")
        .current_dir(place.path())
        .envs(uv_environment(place))
        .env("PATH", path)
        .output()
        .unwrap_or_else(|error| panic!("bash: {error}"));
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}
