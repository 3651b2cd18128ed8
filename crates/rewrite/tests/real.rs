//! What pip installs with the script before, uv installs with the script after: the real pip and the real uv, without network.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "the test runs scripts")]
#![expect(clippy::expect_used, reason = "a test that cannot go on stops")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use uvshift_rewrite::{Became, Context, Scope, Selection, UvProject, rewrite_script};
use uvshift_testkit::{Project, backends, flat_index, pip_python, uv, uv_command, uv_environment};

const PYPROJECT: &str = r#"[project]
name = "shop"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["alpha==1.0"]

[project.optional-dependencies]
cli = ["clicky"]

[dependency-groups]
dev = ["testy"]
docs = ["texty"]

[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
py-modules = ["shop"]

[tool.uv]
no-build-isolation-package = []
constraint-dependencies = ["base<2"]

[[tool.uv.index]]
name = "local"
url = "../wheels"
format = "flat"
default = true
"#;

/// The project with its old files and a lock.
fn project() -> Project {
    let project = Project::new();
    flat_index(
        project.beside("wheels"),
        &[
            ("base", "1.0", &[]),
            ("base", "2.0", &[]),
            ("alpha", "1.0", &["base"]),
            ("alpha", "2.0", &["base"]),
            ("clicky", "3.1", &[]),
            ("testy", "7.0", &["plug"]),
            ("plug", "0.9", &[]),
            ("texty", "5.0", &[]),
            ("extra-tool", "0.3", &["base"]),
        ],
    );
    project.write("pyproject.toml", PYPROJECT);
    project.write("shop.py", "");
    project.write("requirements.txt", "alpha==1.0\nbase<2\n");
    project.write("requirements-dev.txt", "testy\n");
    project.write("docs/requirements.txt", "texty\n");
    project.write("constraints.txt", "base<2\n");
    let locked = uv_command(&project).arg("lock").env("UV_FIND_LINKS", backends()).output().expect("uv runs");
    assert!(locked.status.success(), "{}", String::from_utf8_lossy(&locked.stderr));
    project
}

fn context() -> Context {
    let group = |name: &str| Selection { groups: BTreeSet::from([name.to_owned()]), ..Selection::default() };
    let extra = Selection { main: true, extras: BTreeSet::from(["cli".to_owned()]), ..Selection::default() };
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let shop = UvProject {
        name: "shop".to_owned(),
        is_package: true,
        locked: true,
        groups: set(&["dev", "docs"]),
        default_groups: set(&["dev"]),
        extras: set(&["cli"]),
        declared: BTreeMap::from([
            ("alpha".to_owned(), vec![Selection::main()]),
            ("clicky".to_owned(), vec![extra]),
            ("testy".to_owned(), vec![group("dev")]),
            ("texty".to_owned(), vec![group("docs")]),
        ]),
        ..UvProject::default()
    };
    let became = BTreeMap::from([
        ("requirements.txt".to_owned(), Became::Selection(Selection::main())),
        ("requirements-dev.txt".to_owned(), Became::Selection(group("dev"))),
        ("docs/requirements.txt".to_owned(), Became::Selection(group("docs"))),
        ("constraints.txt".to_owned(), Became::Constraints),
    ]);
    Context { projects: vec![shop], became, ..Context::default() }
}

fn apply(script: &str, context: &Context) -> String {
    let outcome = rewrite_script(script, &mut Scope::at_root(), context);
    assert!(outcome.left.is_empty(), "{script}: {:?}", outcome.left);
    let mut out = String::new();
    let mut done = 0;
    for edit in &outcome.edits {
        out.push_str(&script[done..edit.span.start]);
        out.push_str(&edit.new);
        done = edit.span.end;
    }
    out + &script[done..]
}

/// Runs a script in a project. `first` stands in front of `PATH`. Nothing that is not in an environment of the project may
/// be touched: `UV_PYTHON` would name the Python of the tests, and is not given on.
fn run(project: &Project, script: &str, first: &Path) {
    assert!(!script.contains("--system"), "{script}");
    let mut path = vec![first.to_owned(), uv().parent().expect("a folder").to_owned(), base_python()];
    path.extend(["/usr/bin", "/bin"].map(PathBuf::from));
    let mut command = Command::new("bash");
    command.args(["-e", "-c", script]).current_dir(project.path());
    let links = format!("{} {}", project.beside("wheels").display(), backends().display());
    let settings = uv_environment(project).into_iter().filter(|(name, _)| *name != "UV_PYTHON");
    let output = command
        .env_clear()
        .envs(settings)
        .env("PATH", std::env::join_paths(path).expect("paths join"))
        .env("UV_FIND_LINKS", backends())
        .env("UV_PYTHON_PREFERENCE", "only-system")
        .env("PIP_NO_INDEX", "1")
        .env("PIP_FIND_LINKS", links)
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .env("PIP_REQUIRE_VIRTUALENV", "1")
        .output()
        .expect("bash runs");
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// The folder of the Python that the one of the tests is made of.
fn base_python() -> PathBuf {
    PathBuf::from(asked("import sys; print(sys.base_prefix)")).join("bin")
}

fn asked(code: &str) -> String {
    let output = Command::new(pip_python()).args(["-c", code]).output().expect("Python runs");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// An environment with pip, from the wheel that Python brings.
fn with_pip(project: &Project, folder: &Path) {
    let wheels =
        asked("import ensurepip, os; print(os.path.join(os.path.dirname(ensurepip.__file__), '_bundled'))");
    let made = uv_command(project).args(["venv", "--no-project"]).arg(folder).output().expect("uv runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let pip = uv_command(project)
        .env_remove("UV_PYTHON")
        .args([
            "pip",
            "install",
            "--no-config",
            "--no-index",
            "--find-links",
            &wheels,
            "pip",
            "setuptools",
            "--python",
        ])
        .arg(folder)
        .output()
        .expect("uv runs");
    assert!(pip.status.success(), "{}", String::from_utf8_lossy(&pip.stderr));
}

/// Names and versions in an environment, without what installs.
fn installed(project: &Project, environment: &Path) -> BTreeSet<String> {
    let output = uv_command(project)
        .env_remove("UV_PYTHON")
        .args(["pip", "list", "--format", "freeze", "--python"])
        .arg(environment)
        .output()
        .expect("uv runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let installers = ["pip==", "setuptools==", "wheel==", "packaging=="];
    text.lines()
        .filter(|line| !installers.iter().any(|name| line.starts_with(name)))
        .map(str::to_owned)
        .collect()
}

/// An environment that stands for the machine.
fn machine(project: &Project) -> PathBuf {
    let folder = project.beside("machine");
    with_pip(project, &folder);
    folder
}

/// Runs the script before in one copy and the script after in another. `environment` is where both leave what they install:
/// none for the machine before and `.venv` after.
fn check(script: &str, after: &str, environment: Option<&str>, context: &Context) -> BTreeSet<String> {
    assert_eq!(apply(script, context), after);
    let old = project();
    let machine = machine(&old);
    run(&old, script, &machine.join("bin"));
    let before = installed(&old, &environment.map_or(machine, |folder| old.path().join(folder)));
    let new = project();
    run(&new, after, Path::new("/nonexistent"));
    let found = installed(&new, &new.path().join(environment.unwrap_or(".venv")));
    // `uv sync` installs the project itself as well.
    let without_own = |names: &BTreeSet<String>| -> BTreeSet<String> {
        names.iter().filter(|name| !name.starts_with("shop==")).cloned().collect()
    };
    assert_eq!(without_own(&before), without_own(&found), "{script}\n{after}");
    if before.iter().any(|name| name.starts_with("shop==")) {
        assert_eq!(before, found);
    }
    before
}

fn names(list: &[&str]) -> BTreeSet<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn requirements_of_the_project() {
    let before = check("pip install -r requirements.txt\n", "uv sync --locked --no-dev\n", None, &context());
    assert_eq!(before, names(&["alpha==1.0", "base==1.0"]));
}

#[test]
fn requirements_and_a_group() {
    let script =
        "python -m pip install --upgrade wheel\npip install -r requirements.txt -r requirements-dev.txt\n";
    let before = check(script, "uv sync --locked\n", None, &context());
    assert_eq!(before, names(&["alpha==1.0", "base==1.0", "plug==0.9", "testy==7.0"]));
}

#[test]
fn a_group_alone() {
    let before = check(
        "pip install -r docs/requirements.txt\n",
        "uv sync --locked --only-group docs\n",
        None,
        &context(),
    );
    assert_eq!(before, names(&["texty==5.0"]));
}

#[test]
fn the_project_as_editable_with_constraints() {
    let script = "pip install -c constraints.txt -e .\n";
    let before = check(script, "uv sync --locked --no-dev\n", None, &context());
    assert_eq!(before, names(&["alpha==1.0", "base==1.0", "shop==1.0"]));
}

#[test]
fn the_project_with_an_extra() {
    let script = "pip install -c constraints.txt '.[cli]'\n";
    let before = check(script, "uv sync --locked --no-dev --extra cli\n", None, &context());
    assert_eq!(before, names(&["alpha==1.0", "base==1.0", "clicky==3.1", "shop==1.0"]));
}

#[test]
fn one_after_the_other_and_a_package_of_its_own() {
    let script = "pip install -r requirements.txt\npip install extra-tool\necho next\npip install -r docs/requirements.txt\n";
    let after = "uv sync --locked --no-dev\nuv pip install extra-tool\necho next\nuv sync --locked --no-dev --group docs --inexact\n";
    let before = check(script, after, None, &context());
    assert_eq!(before, names(&["alpha==1.0", "base==1.0", "extra-tool==0.3", "texty==5.0"]));
}

#[test]
fn a_branch_that_runs_and_one_that_does_not() {
    for (folder, there) in [
        ("docs", names(&["alpha==1.0", "base==1.0", "texty==5.0"])),
        ("gone", names(&["alpha==1.0", "base==1.0"])),
    ] {
        let script = format!(
            "if test -d {folder}; then pip install -r docs/requirements.txt; fi\npip install -r requirements.txt\n"
        );
        let after = format!(
            "if test -d {folder}; then uv sync --locked --only-group docs; fi\nuv sync --locked --no-dev --inexact\n"
        );
        assert_eq!(check(&script, &after, None, &context()), there);
    }
}

#[test]
fn an_environment_of_another_name_that_is_active() {
    let script = "python -m venv env\nsource env/bin/activate\npip install -c constraints.txt -r requirements-dev.txt extra-tool\n";
    let after = "uv venv --allow-existing env\nsource env/bin/activate\nuv sync --locked --only-group dev --active && uv pip install extra-tool\n";
    // `uv pip install` reads the limits of `[tool.uv]`, so that those of `-c` hold still.
    let before = check(script, after, Some("env"), &context());
    assert_eq!(before, names(&["base==1.0", "extra-tool==0.3", "plug==0.9", "testy==7.0"]));
}

#[test]
fn an_environment_by_its_path() {
    let script = "env/bin/pip install -r requirements.txt\n";
    let after = apply(script, &context());
    assert_eq!(after, "UV_PROJECT_ENVIRONMENT=env uv sync --locked --no-dev\n");
    let old = project();
    with_pip(&old, &old.path().join("env"));
    run(&old, script, Path::new("/nonexistent"));
    let new = project();
    with_pip(&new, &new.path().join("env"));
    run(&new, &after, Path::new("/nonexistent"));
    let mut expected = installed(&old, &old.path().join("env"));
    expected.insert("shop==1.0".to_owned());
    assert_eq!(expected, installed(&new, &new.path().join("env")));
}

#[test]
fn without_a_project() {
    let script = "source env/bin/activate\npip install -r requirements.txt 'testy>=7' -c constraints.txt\n";
    let after = "source env/bin/activate\nuv pip install -r requirements.txt 'testy>=7' -c constraints.txt\n";
    assert_eq!(apply(script, &Context::default()), after);
    let old = project();
    with_pip(&old, &old.path().join("env"));
    run(&old, script, Path::new("/nonexistent"));
    let new = project();
    with_pip(&new, &new.path().join("env"));
    let wheels = new.beside("wheels");
    let offline = format!("export UV_NO_CONFIG=1 UV_NO_INDEX=1 UV_FIND_LINKS={}\n{after}", wheels.display());
    run(&new, &offline, Path::new("/nonexistent"));
    assert_eq!(installed(&old, &old.path().join("env")), installed(&new, &new.path().join("env")));
}

#[test]
fn what_is_frozen_is_the_same() {
    let script = "source env/bin/activate\npip uninstall -y setuptools\npip install --no-deps -r requirements.txt extra-tool\npip freeze > frozen.txt\n";
    let after = apply(script, &Context::default());
    let expected = "source env/bin/activate\nuv pip uninstall setuptools\nuv pip install --no-deps -r requirements.txt extra-tool\nuv pip freeze > frozen.txt\n";
    assert_eq!(after, expected);
    let old = project();
    with_pip(&old, &old.path().join("env"));
    run(&old, script, Path::new("/nonexistent"));
    let new = project();
    with_pip(&new, &new.path().join("env"));
    let wheels = new.beside("wheels");
    run(
        &new,
        &format!("export UV_NO_INDEX=1 UV_FIND_LINKS={}\n{after}", wheels.display()),
        Path::new("/nonexistent"),
    );
    // pip does not list itself.
    let without_pip: String =
        new.text("frozen.txt").split_inclusive('\n').filter(|line| !line.starts_with("pip==")).collect();
    assert_eq!(old.text("frozen.txt"), without_pip);
}
