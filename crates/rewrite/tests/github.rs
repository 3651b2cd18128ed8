//! GitHub workflows are as good after as before: to their validators, and when they run.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the test starts validators and a runner of workflows")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use uvshift_changeset::Change;
use uvshift_rewrite::{Action, Became, Context, RewriteOptions, Selection, plan};
use uvshift_testkit::{Project, flat_index, git_repo, tool, uv, uv_command, uv_environment};
use uvshift_tree::Tree;

/// The inputs of setup-uv at the version of `data/actions.toml`.
const INPUTS: &[&str] = &[
    "version",
    "version-file",
    "python-version",
    "activate-environment",
    "venv-path",
    "no-project",
    "working-directory",
    "checksum",
    "github-token",
    "enable-cache",
    "cache-dependency-glob",
    "restore-cache",
    "save-cache",
    "cache-suffix",
    "cache-local-path",
    "prune-cache",
    "cache-python",
];

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/hosts");
    let folders = std::fs::read_dir(root).expect("the fixtures are there");
    let folders = folders.map(|entry| entry.expect("the folder can be read").path());
    let is_ours = |folder: &PathBuf| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name.starts_with("github-") || name == "dependabot") && name != "github-broken"
    };
    folders.filter(is_ours).collect()
}

/// The files of GitHub in a tree.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.join(".github")];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn run(program: &str, arguments: &[&str], files: &[PathBuf]) -> Output {
    let program = tool("validators", program);
    let path = std::env::var("PATH").unwrap_or_default();
    let bin = program.parent().expect("programs stand in a folder").display().to_string();
    let mut command = Command::new(&program);
    command.args(arguments).args(files).env("PATH", format!("{bin}:{path}"));
    command.output().expect("the validator starts")
}

/// How often each audit of zizmor finds something, by file.
fn audits(files: &[PathBuf]) -> BTreeMap<(PathBuf, String), usize> {
    let arguments = ["--offline", "-q", "--min-severity", "medium", "--format", "json"];
    let output = run("zizmor", &arguments, files);
    let found: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let mut audits = BTreeMap::new();
    for finding in found {
        let audit = finding.get("ident").and_then(serde_json::Value::as_str).expect("a name");
        let place = finding.pointer("/locations/0/symbolic/key/Local/verbatim_path");
        let place = place.and_then(serde_json::Value::as_str).expect("a place");
        *audits.entry((PathBuf::from(place), audit.to_owned())).or_default() += 1;
    }
    audits
}

fn schema(file: &Path) -> &'static str {
    match file.file_name().and_then(|name| name.to_str()) {
        Some("dependabot.yml") => "vendor.dependabot",
        Some("action.yml") => "vendor.github-actions",
        _ => "vendor.github-workflows",
    }
}

/// What the validators find wrong.
fn findings(files: &[PathBuf]) -> Vec<String> {
    let mut found = Vec::new();
    for schema_name in ["vendor.dependabot", "vendor.github-actions", "vendor.github-workflows"] {
        let files: Vec<PathBuf> = files.iter().filter(|file| schema(file) == schema_name).cloned().collect();
        if files.is_empty() {
            continue;
        }
        let output = run("check-jsonschema", &["--builtin-schema", schema_name], &files);
        if !output.status.success() {
            found.push(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        if schema_name == "vendor.github-workflows" {
            let output = run("jactionlint", &["--profile", "correctness", "--shellcheck="], &files);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            // A workflow of another repository is called, which is not there.
            let lines = text.lines().filter(|line| line.ends_with(']') && !line.contains("invalid-local"));
            found.extend(lines.map(str::to_owned));
        }
    }
    found
}

#[test]
fn validators_find_nothing_before_and_nothing_after() {
    let mut pairs = Vec::new();
    for fixture in fixtures() {
        for before in files(&fixture.join("in")) {
            let path = before.strip_prefix(fixture.join("in")).expect("it is below");
            let after = fixture.join("out").join(path);
            if after.exists() {
                pairs.push((before, after));
            }
        }
    }
    assert!(pairs.len() >= 14, "{}", pairs.len());
    let all: Vec<PathBuf> =
        pairs.iter().flat_map(|(before, after)| [before.clone(), after.clone()]).collect();
    assert_eq!(findings(&all), Vec::<String>::new());
    // zizmor cannot read what starts with a byte order mark.
    let starts_with_mark =
        |file: &PathBuf| std::fs::read(file).is_ok_and(|it| it.starts_with(b"\xef\xbb\xbf"));
    let readable: Vec<PathBuf> = all.iter().filter(|file| !starts_with_mark(file)).cloned().collect();
    let audits = audits(&readable);
    for (before, after) in &pairs {
        for ((_, audit), count) in audits.iter().filter(|((file, _), _)| file == after) {
            let was = audits.get(&(before.clone(), audit.clone())).copied().unwrap_or_default();
            assert!(*count <= was, "{}: {audit}: {count}, before {was}", after.display());
        }
    }
}

#[test]
fn with_everything_that_is_for_review_the_files_are_valid_too() {
    let (mut texts, folder) = (Vec::new(), tempfile::tempdir().expect("a folder"));
    for fixture in fixtures() {
        let tree = Tree::from_disk(&fixture.join("in")).expect("a tree");
        let context = Context::read(&tree, BTreeMap::new(), "0.13.9").expect("a context");
        let options = RewriteOptions { review: true, ..RewriteOptions::default() };
        let plan = plan(&tree, &context, &options).expect("a plan");
        for found in &plan.diagnostics {
            assert_ne!(found.code, uvshift_rewrite::codes::BROKEN, "{}: {found:?}", fixture.display());
        }
        for file in plan.files.iter().filter(|file| file.path.contains(".github/workflows/")) {
            let path = folder.path().join(format!("{}.yml", texts.len()));
            std::fs::write(&path, &file.after).expect("a file");
            texts.push(path);
        }
    }
    assert!(texts.len() > 10);
    assert_eq!(findings(&texts), Vec::<String>::new());
}

#[test]
fn setup_uv_is_only_given_inputs_that_it_has() {
    for fixture in fixtures() {
        for file in files(&fixture.join("out")) {
            let text = std::fs::read_to_string(&file).expect("it can be read");
            let mut lines = text.lines().peekable();
            while let Some(line) = lines.next() {
                if !line.contains("uses: astral-sh/setup-uv@") {
                    continue;
                }
                let Some(with) = lines.next_if(|line| line.trim() == "with:") else { continue };
                let depth = |line: &str| line.len() - line.trim_start().len();
                while let Some(input) = lines.next_if(|line| depth(line) > depth(with)) {
                    let name = input.trim().split(':').next().expect("a name");
                    assert!(INPUTS.contains(&name), "{}: {name}", file.display());
                }
            }
        }
    }
}

const WORKFLOW: &str = r#"name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Set up Python
        uses: actions/setup-python@v5
        with:
          python-version: 3.11
          cache: pip
      - name: Install dependencies
        run: |
          pip install -r requirements.txt
          pip install -r requirements-dev.txt
      - name: Look
        run: |
          python -c 'import greeter, tester
          print("greeter", greeter.__version__, "tester", tester.__version__)'
      - name: Test
        run: python -m unittest -v test_shop
"#;

/// A script that nobody reads needs the environment on `PATH`; the steps that make it stand in an action of the repository.
const OTHER_WORKFLOW: &str = r"name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: ./.github/actions/setup
      - name: Look
        run: sh ./look.sh
      - name: Test
        run: python -m unittest -v test_shop
";

const OTHER_ACTION: &str = r#"name: setup
description: Python with everything
runs:
  using: composite
  steps:
    - uses: actions/setup-python@v5
      with:
        python-version: "3.11"
    - shell: bash
      run: pip install -r requirements.txt -r requirements-dev.txt
"#;

const LOOK: &str = "python -c 'import greeter, tester
print(\"greeter\", greeter.__version__, \"tester\", tester.__version__)'
";

const PYPROJECT: &str = r#"[project]
name = "shop"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = ["greeter==1.0"]

[dependency-groups]
dev = ["tester>=2"]

[[tool.uv.index]]
name = "local"
url = "wheels"
format = "flat"
default = true
"#;

const TESTS: &str = "import unittest
import greeter
import tester


class Shop(unittest.TestCase):
    def test_greeter(self):
        self.assertEqual(greeter.__version__, '1.0')

    def test_tester(self):
        self.assertEqual(tester.__version__, '2.1')
";

/// A project as it is after a migration, with the workflow from before.
fn project(tests: &str) -> Project {
    let project = Project::new();
    project.write(".github/workflows/ci.yml", WORKFLOW);
    project.write("pyproject.toml", PYPROJECT);
    project.write("requirements.txt", "greeter==1.0\n");
    project.write("requirements-dev.txt", "tester>=2\n");
    project.write("test_shop.py", tests);
    flat_index(project.path().join("wheels"), &[("greeter", "1.0", &[]), ("tester", "2.1", &[])]);
    let locked = uv_command(&project).arg("lock").output().expect("uv starts");
    assert!(locked.status.success(), "{}", String::from_utf8_lossy(&locked.stderr));
    project
}

fn rewrite(project: &Project) {
    let selection = |main: bool, group: Option<&str>| {
        let groups = group.into_iter().map(str::to_owned).collect();
        Became::Selection(Selection { main, groups, extras: BTreeSet::new() })
    };
    let became = BTreeMap::from([
        ("requirements.txt".to_owned(), selection(true, None)),
        ("requirements-dev.txt".to_owned(), selection(false, Some("dev"))),
    ]);
    let tree = Tree::from_disk(project.path()).expect("a tree");
    let context = Context::read(&tree, became, "0.13.9").expect("a context");
    let plan = plan(&tree, &context, &RewriteOptions::default()).expect("a plan");
    for change in &plan.changes {
        let Change::Edit { path, after, .. } = change else { panic!("a rewriting only edits") };
        project.write(path.as_str(), after);
    }
}

/// Actions that do what the real ones do, without a network: setup-python makes a Python with pip, setup-uv brings uv and
/// sets `UV_PYTHON`.
fn stubs(folder: &Path) {
    let python = uvshift_testkit::pip_python();
    let uv = uv();
    let action = |name: &str, script: &str| {
        let inputs = ["python-version", "cache", "enable-cache", "activate-environment"]
            .map(|input| format!("  {input}:\n    description: as the real one\n    default: ''\n"))
            .concat();
        let text = format!(
            "name: {name}\ndescription: a stub\ninputs:\n{inputs}runs:\n  using: composite\n  steps:\n    - shell: bash\n      \
             run: |\n{script}"
        );
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("action.yml"), text).expect("an action");
    };
    action("checkout", "        true\n");
    action(
        "setup-python",
        &format!(
            "        {uv} venv -q --python {python} \"$RUNNER_TEMP/python\"\n        printf '#!/bin/sh\\nexec {python} -m pip \
             --python %s \"$@\"\\n' \"$RUNNER_TEMP/python/bin/python\" > \"$RUNNER_TEMP/python/bin/pip\"\n        chmod +x \
             \"$RUNNER_TEMP/python/bin/pip\"\n        echo \"$RUNNER_TEMP/python/bin\" >> \"$GITHUB_PATH\"\n",
            uv = uv.display(),
            python = python.display()
        ),
    );
    action(
        "setup-uv",
        &format!(
            "        mkdir -p \"$RUNNER_TEMP/uv\"\n        ln -sf {uv} \"$RUNNER_TEMP/uv/uv\"\n        echo \
             \"$RUNNER_TEMP/uv\" >> \"$GITHUB_PATH\"\n        if [ \"${{{{ inputs.activate-environment }}}}\" = true ]; then {uv} venv -q && echo \"$PWD/.venv/bin\" >> \"$GITHUB_PATH\"; fi\n        echo \"UV_PYTHON=${{{{ inputs.python-version }}}}\" >> \
             \"$GITHUB_ENV\"\n",
            uv = uv.display()
        ),
    );
}

/// Runs the workflow; whether it succeeded, and what it said.
fn act(project: &Project) -> (bool, String) {
    let folder = project.beside("stubs");
    stubs(&folder);
    git_repo(project.path(), &[], None);
    let setup_uv = Action::named("astral-sh/setup-uv").expect("it is known").by_tag();
    let mut command = Command::new(tool("validators", "act"));
    command.current_dir(project.path()).args([
        "push",
        "-P",
        "ubuntu-latest=-self-hosted",
        "--action-offline-mode",
    ]);
    // The machine's settings, not the workflow's, which would make its installs for review.
    command.args(["--env", "PIP_NO_INDEX=1", "--env", "PIP_FIND_LINKS=wheels"]);
    for (action, name) in [
        ("actions/checkout@v4", "checkout"),
        ("actions/setup-python@v5", "setup-python"),
        (&setup_uv, "setup-uv"),
    ] {
        command.arg("--local-repository").arg(format!("{action}={}", folder.join(name).display()));
    }
    for (name, value) in uv_environment(project) {
        command.env(name, &value);
        if name.starts_with("UV_") && name != "UV_PYTHON" {
            command.arg("--env").arg(format!("{name}={}", value.to_string_lossy()));
        }
    }
    let output = command.output().expect("act starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.success(), text + &String::from_utf8_lossy(&output.stderr))
}

/// What the tests and the programs of the workflow said.
fn results(text: &str) -> Vec<String> {
    let said =
        text.lines().filter_map(|line| line.split_once("  | ").map(|(_, said)| said.trim().to_owned()));
    let is_result = |line: &String| {
        line.starts_with("test_")
            || line.starts_with("greeter ")
            || line.starts_with("AssertionError")
            || line.starts_with("FAILED")
            || line == "OK"
    };
    said.filter(is_result).collect()
}

#[test]
fn a_rewritten_workflow_runs_the_same_tests() {
    let project = project(TESTS);
    let (succeeded, text) = act(&project);
    assert!(succeeded, "{text}");
    let before = results(&text);
    assert_eq!(before.len(), 4, "{before:?}\n{text}");
    assert_eq!(before.first().map(String::as_str), Some("greeter 1.0 tester 2.1"));
    rewrite(&project);
    let workflow = project.text(".github/workflows/ci.yml");
    assert!(!workflow.contains("setup-python") && workflow.contains("uv sync --locked"), "{workflow}");
    let (succeeded, text) = act(&project);
    assert!(succeeded, "{text}");
    assert_eq!(results(&text), before, "{text}");
}

#[test]
fn an_action_of_the_repository_leaves_the_environment_on_the_path() {
    let project = project(TESTS);
    project.write(".github/workflows/ci.yml", OTHER_WORKFLOW);
    project.write(".github/actions/setup/action.yml", OTHER_ACTION);
    project.write("look.sh", LOOK);
    let (succeeded, text) = act(&project);
    assert!(succeeded, "{text}");
    let before = results(&text);
    assert_eq!(before.len(), 4, "{before:?}\n{text}");
    rewrite(&project);
    let action = project.text(".github/actions/setup/action.yml");
    assert!(action.contains("activate-environment: true") && action.contains("uv sync --locked"), "{action}");
    assert_eq!(project.text(".github/workflows/ci.yml"), OTHER_WORKFLOW);
    let (succeeded, text) = act(&project);
    assert!(succeeded, "{text}");
    assert_eq!(results(&text), before, "{text}");
}

#[test]
fn a_workflow_that_failed_fails_for_the_same_reason() {
    let project = project(&TESTS.replace("'2.1'", "'3.0'"));
    let (succeeded, text) = act(&project);
    assert!(!succeeded, "{text}");
    let before = results(&text);
    assert!(before.iter().any(|line| line.starts_with("AssertionError: '2.1' != '3.0'")), "{text}");
    rewrite(&project);
    let (succeeded, text) = act(&project);
    assert!(!succeeded, "{text}");
    assert_eq!(results(&text), before, "{text}");
}
