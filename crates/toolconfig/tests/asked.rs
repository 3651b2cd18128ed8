//! Asking runs nothing of a project and leaves nothing in its folder.
#![cfg(unix)]

use uvshift_process::SystemRunner;
use uvshift_testkit::{Project, assert_same_tree, snapshot};
use uvshift_toolconfig::{Copies, Question, answers, ask};

fn python() -> [String; 1] {
    [uvshift_testkit::tool("linters", "python").display().to_string()]
}

#[test]
fn hooks_and_plugins_of_a_project_do_not_run() {
    let project = Project::new();
    let mark = "open('ran', 'w').close()";
    project.write(".pylintrc", format!("[MAIN]\ninit-hook={mark}\nload-plugins=local\n"));
    project.write("tox.ini", "[tox]\nenv_list = py\n[flake8]\nmax-line-length = 90\n[flake8:local-plugins]\nextension = X = local:run\npaths = .\n");
    project.write("mypy.ini", "[mypy]\nplugins = local\n");
    project.write("pytest.ini", "[pytest]\naddopts = -p local\n");
    project.write("setup.cfg", "[coverage:run]\nplugins = local\n");
    for name in ["local.py", "toxfile.py", "conftest.py", "sitecustomize.py", "coverage.py", "isort.py"] {
        project.write(name, format!("{mark}\n"));
    }
    let untouched = snapshot(project.path());
    let tools =
        ["pylint", "tox", "flake8", "mypy", "pytest", "coverage", "isort", "bandit", "pydocstyle", "ruff"];
    let folder = project.path();
    let questions = tools.map(|tool| Question { tool: tool.to_owned(), folder: folder.to_owned() });
    let answers = answers(&SystemRunner::new(), &python(), &questions).expect("the tools can be asked");
    for (tool, answer) in tools.iter().zip(&answers) {
        assert!(answer.get("settings").is_some(), "{tool}: {answer}");
    }
    assert_same_tree(&untouched, &snapshot(project.path()));
}

#[test]
fn what_differs_is_found_and_who_is_missing_is_told() {
    let project = Project::new();
    project.write("old/mypy.ini", "[mypy]\nstrict = True\n[mypy-a.*]\nignore_errors = True\n");
    project.write("new/pyproject.toml", "[tool.mypy]\nstrict = true\n");
    let copies =
        Copies { old: project.path().join("old"), new: project.path().join("new"), gone: Vec::new() };
    let asked =
        ask(&SystemRunner::new(), &python(), &copies, &["mypy", "nobody"]).expect("they can be asked");
    assert!(asked[0].differences[0].starts_with("modules.a.*"), "{:?}", asked[0].differences);
    assert!(!asked[0].is_missing() && asked[1].is_missing());
}
