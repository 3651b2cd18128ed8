//! Findings about dependencies mended, with the real uv and an index that is made here.

use std::path::{Path, PathBuf};

use uvshift_changeset::{RollbackMode, rollback};
use uvshift_depgraph::Action;
use uvshift_migrate::{
    Deps, DepsOptions, Error, FixDone, FixPlan, Silent, Uv, execute_fix, plan_fix, verify,
};
use uvshift_process::{CommandSpec, Output, Runner as _, SystemRunner};
use uvshift_pyproject::{PyProject, Scope};
use uvshift_testkit::FakeRunner;

use crate::index;
use crate::support::{differences, hermetic_uv, link, picture, picture_of_project, read, uv_program, write};

const INDEX: &str = "\
flask 3.0.0 | werkzeug>=3
werkzeug 3.0.1
requests 2.31.0 | urllib3>=1.21
urllib3 2.2.0
pytest 8.0.0
rich 13.7.0
";

const PYPROJECT: &str = "\
# the shop
[project]
name = \"shop\"
version = \"1\"
requires-python = \">=3.9\"
dependencies = [
    # web
    \"flask>=3\",
    \"pytest\",  # for the tests
    \"requests>=2\",
]

[dependency-groups]
lint = [{ include-group = \"docs\" }]
docs = [\"rich\"]

[tool.uv.sources]
requests = { index = \"here\" }

[[tool.uv.index]]
name = \"here\"
url = \"https://index.example/simple\"
";

/// A project with an index and, where wanted, a lock.
struct Shop {
    temporary: tempfile::TempDir,
    uv: Uv,
}

impl Shop {
    fn new(uv: &Path, pyproject: &str, locked: bool) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let index = index::build(&temporary.path().join("index"), INDEX);
        let uv = hermetic_uv(uv, &temporary.path().join("cache"), &index, &["here".to_owned()]);
        let shop = Self { temporary, uv };
        write(&shop.root(), "pyproject.toml", pyproject);
        if locked {
            let output = shop.run(&["lock"]);
            assert!(output.success(), "{}", output.stderr);
        }
        shop
    }

    fn root(&self) -> PathBuf {
        self.temporary.path().join("shop")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut spec = CommandSpec::new(&self.uv.program).args(arguments.iter().copied());
        for (name, value) in &self.uv.env {
            spec = spec.env(name, value);
        }
        SystemRunner::new().run(&spec.current_dir(self.root())).expect("uv runs")
    }

    fn execute(&self, plan: &FixPlan) -> Result<FixDone, Error> {
        execute_fix(&self.root(), plan, Some(&self.uv), &SystemRunner::new(), &mut Silent)
    }
}

fn real_uv() -> Option<PathBuf> {
    let uv = uv_program();
    if uv.is_none() {
        eprintln!("SKIPPED: there is no uv; run `cargo xtask setup`");
    }
    uv
}

fn add(requirement: &str, to: Scope) -> Action {
    Action::Add { requirement: requirement.to_owned(), to }
}

fn remove(name: &str, from: Scope) -> Action {
    Action::Remove { name: name.to_owned(), from }
}

fn move_to_dev(name: &str) -> Action {
    let (name, requirement) = (name.to_owned(), name.to_owned());
    Action::Move { name, requirement, from: Scope::Main, to: dev() }
}

fn dev() -> Scope {
    Scope::Group("dev".to_owned())
}

/// The plan, of which nothing may be left.
fn planned(root: &Path, actions: &[Action]) -> FixPlan {
    let plan = plan_fix(root, actions).expect("a plan");
    assert_eq!(plan.left, []);
    plan
}

/// Why the only action is left, and what to do instead.
fn refusal(root: &Path, action: Action) -> (String, String) {
    let plan = plan_fix(root, &[action]).expect("a plan");
    assert!(plan.is_empty() && plan.fixed.is_empty(), "{}", plan.diff());
    let [left] = plan.left.as_slice() else { panic!("{:?}", plan.left) };
    (left.reason.clone(), left.help.clone())
}

#[test]
fn requirements_are_added_removed_and_moved_with_the_lock() {
    let Some(uv) = real_uv() else { return };
    let shop = Shop::new(&uv, PYPROJECT, true);
    let before = picture(&shop.root());
    assert!(read(&shop.root().join("uv.lock")).contains("name = \"requests\""));
    let actions = [
        remove("requests", Scope::Main),
        move_to_dev("pytest"),
        add("werkzeug>=3.0.1", Scope::Main),
        add("urllib3", Scope::Extra("net".to_owned())),
    ];
    let plan = planned(&shop.root(), &actions);
    assert_eq!((plan.fixed.as_slice(), plan.lock, plan.notes.len()), (&actions[..], true, 0));
    assert_eq!(picture(&shop.root()), before, "planning changes nothing");
    let done = shop.execute(&plan).expect("a fix");
    assert_eq!(
        (done.changed.as_slice(), done.locked),
        (&["pyproject.toml".to_owned(), "uv.lock".to_owned()][..], true)
    );
    let expected = PYPROJECT
        .replace("    \"pytest\",  # for the tests\n    \"requests>=2\",\n", "    \"werkzeug>=3.0.1\",\n")
        .replace(
            "\n[dependency-groups]\n",
            "\n[project.optional-dependencies]\nnet = [\n    \"urllib3\",\n]\n\n[dependency-groups]\n",
        )
        .replace("docs = [\"rich\"]\n", "docs = [\"rich\"]\ndev = [\n    \"pytest\",  # for the tests\n]\n")
        .replace("[tool.uv.sources]\nrequests = { index = \"here\" }\n\n", "");
    assert_eq!(read(&shop.root().join("pyproject.toml")), expected);
    let lock = read(&shop.root().join("uv.lock"));
    assert!(!lock.contains("name = \"requests\"") && lock.contains("name = \"urllib3\""), "{lock}");
    assert!(shop.run(&["lock", "--check"]).success());

    let (checked, pins) = verify(&shop.root(), Some(&shop.uv), &SystemRunner::new()).expect("a verification");
    assert_eq!((checked.differences.len(), checked.requirements, pins.len()), (0, 5, 0));
    rollback(&shop.root(), RollbackMode::Check).expect("a rollback");
    assert_eq!(differences(&before, &picture(&shop.root())), Vec::<String>::new());
}

#[test]
fn a_lock_that_cannot_be_made_restores_everything() {
    let Some(uv) = real_uv() else { return };
    let shop = Shop::new(&uv, PYPROJECT, true);
    let before = picture(&shop.root());
    let plan = planned(&shop.root(), &[add("no-such-package", Scope::Main), remove("requests", Scope::Main)]);
    let result = shop.execute(&plan);
    let Err(Error::LockFailed { stderr }) = result else { panic!("{result:?}") };
    assert!(stderr.contains("no-such-package"), "{stderr}");
    assert_eq!(differences(&before, &picture(&shop.root())), Vec::<String>::new());
}

#[test]
fn without_uv_a_lock_is_refused_before_anything_is_written() {
    let root = tempfile::tempdir().expect("a temporary folder");
    write(root.path(), "pyproject.toml", PYPROJECT);
    write(root.path(), "uv.lock", "version = 1\n");
    let before = picture(root.path());
    let mut plan = planned(root.path(), &[remove("requests", Scope::Main)]);
    let nobody = FakeRunner::new(|spec| panic!("{spec} is run"));
    let result = execute_fix(root.path(), &plan, None, &nobody, &mut Silent);
    assert!(matches!(result, Err(Error::UvMissing)), "{result:?}");
    assert_eq!(picture(root.path()), before);
    plan.lock = false;
    let done = execute_fix(root.path(), &plan, None, &nobody, &mut Silent).expect("a fix without a lock");
    assert_eq!((done.changed, done.locked), (vec!["pyproject.toml".to_owned()], false));
    assert_eq!(read(&root.path().join("uv.lock")), "version = 1\n");
}

#[test]
fn a_fix_that_somebody_undid_by_hand_is_found_by_verify() {
    let root = tempfile::tempdir().expect("a temporary folder");
    write(root.path(), "pyproject.toml", PYPROJECT);
    let plan = planned(root.path(), &[remove("requests", Scope::Main), add("rich>=13", dev())]);
    assert!(!plan.lock);
    let nobody = FakeRunner::new(|spec| panic!("{spec} is run"));
    execute_fix(root.path(), &plan, None, &nobody, &mut Silent).expect("a fix");
    let said = || -> Vec<String> {
        let (checked, _) = verify(root.path(), None, &nobody).expect("a verification");
        checked.differences.into_iter().map(|found| format!("{}: {}", found.place, found.what)).collect()
    };
    assert_eq!(said(), Vec::<String>::new());
    let now = read(&root.path().join("pyproject.toml"));
    // Another spelling means the same.
    write(root.path(), "pyproject.toml", now.replace("rich>=13", "Rich >=13.0"));
    assert_eq!(said(), Vec::<String>::new());
    write(root.path(), "pyproject.toml", PYPROJECT);
    assert_eq!(
        said(),
        [
            "pyproject.toml: `requests` is still in `project.dependencies`",
            "pyproject.toml: `rich>=13` is not in `dependency-groups.dev`"
        ]
    );
}

/// What uv itself makes of the same files.
#[test]
fn the_result_is_that_of_uv_itself() {
    let Some(uv) = real_uv() else { return };
    let forms = [
        PYPROJECT.to_owned(),
        "[project]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"requests\", \"flask\"]\n".to_owned(),
        "[project]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"requests\"]\n[dependency-groups]\ndev = [\n  \"pytest\",\n]\n"
            .to_owned(),
        PYPROJECT.replace('\n', "\r\n"),
        "[project]\nname = \"a\"\nversion = \"1\"\ndependencies = [\n  # one\n  \"requests>=2\",  # two\n  # three\n  \
         'requests<3 ; python_version > \"3.9\"'\n]\n[tool.uv]\ndev-dependencies = [\"pytest\"]\n"
            .to_owned(),
    ];
    let cases: [(Action, &[&str]); 4] = [
        (remove("requests", Scope::Main), &["remove", "--frozen", "requests"]),
        (remove("pytest", dev()), &["remove", "--frozen", "--dev", "pytest"]),
        (add("werkzeug>=3", Scope::Main), &["add", "--frozen", "--raw", "werkzeug>=3"]),
        (add("werkzeug>=3", dev()), &["add", "--frozen", "--raw", "--dev", "werkzeug>=3"]),
    ];
    for (number, form) in forms.iter().enumerate() {
        for (action, arguments) in &cases {
            let shop = Shop::new(&uv, form, false);
            let plan = plan_fix(&shop.root(), std::slice::from_ref(action)).expect("a plan");
            let output = shop.run(arguments);
            assert_eq!(output.success(), plan.left.is_empty(), "{number} {arguments:?}: {}", output.stderr);
            let theirs = read(&shop.root().join("pyproject.toml"));
            write(&shop.root(), "pyproject.toml", form);
            execute_fix(&shop.root(), &plan, None, &SystemRunner::new(), &mut Silent).expect("a fix");
            let ours = read(&shop.root().join("pyproject.toml"));
            assert_eq!(declared(&ours), declared(&theirs), "{number} {arguments:?}\n{ours}\n{theirs}");
        }
    }
}

/// uv puts what is added in its place where the others are sorted. It gives every array a line for each requirement.
#[test]
fn what_is_added_comes_where_uv_puts_it() {
    let Some(uv) = real_uv() else { return };
    for (array, requirement) in [
        ("[\n    \"flask\", # why\n    \"Requests\",\n    \"urllib3\"\n]", "Rich"),
        ("[\n    # web\n    \"flask\",\n    \"requests\",\n]", "alpha"),
        ("[\n    \"flask>=2\",\n    \"flask-cors\",\n]", "flask-babel"),
        ("[\n    \"flask\",\n    # end\n]", "alpha"),
        ("[\n    \"b\",\n    \"a\",\n]", "aa"),
        ("[\"a-b\", \"a_c\", \"b\"]", "a.bb"),
        ("[\"z\"]", "b"),
        ("[]", "b"),
        ("[\n    \"a\", \"c\",\n]", "b"),
        ("[\n    \"a\",\n    \"c ; python_version > '3'\"\n]", "b"),
    ] {
        let pyproject = format!(
            "[project]\nname = \"x\"\nversion = \"1\"\ndependencies = {array} # all\n\n[tool.x]\ny = [\"b\"]\n"
        );
        let shop = Shop::new(&uv, &pyproject, false);
        let ours = fixed(&shop.root(), &[add(requirement, Scope::Main)], "pyproject.toml");
        let output = shop.run(&["add", "--frozen", "--raw", requirement]);
        assert!(output.success(), "{}", output.stderr);
        let theirs = read(&shop.root().join("pyproject.toml"));
        let names = |text: &str| -> Vec<String> {
            let all = PyProject::parse(text).expect("TOML").dependencies();
            all.iter().map(|entry| entry.text.to_lowercase().replace('.', "-")).collect()
        };
        assert_eq!(names(&ours), names(&theirs), "{ours}\n{theirs}");
        assert!(ours.contains("# all\n\n[tool.x]\ny = [\"b\"]\n"), "{ours}");
    }
}

/// Everything that is declared, sorted, and the sources.
fn declared(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let document = PyProject::parse(text).expect("TOML");
    let mut main: Vec<String> = document.dependencies().into_iter().map(|entry| entry.text).collect();
    main.sort();
    let mut groups: Vec<String> =
        document.dependency_groups().iter().map(|group| format!("{:?}", group.0)).collect();
    groups.extend(document.uv().dev_dependencies.into_iter().map(|entry| entry.text));
    let groups_of = document.dependency_groups().into_iter().flat_map(|(_, entries)| entries);
    groups.extend(groups_of.filter_map(|entry| match entry {
        uvshift_pyproject::GroupEntry::Requirement(entry) => Some(entry.text),
        uvshift_pyproject::GroupEntry::Include { .. } => None,
    }));
    groups.sort();
    (main, groups, document.uv().sources.into_iter().map(|(name, _)| name).collect())
}

/// A project of these files.
fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        write(root.path(), path, text);
    }
    root
}

/// Carries the actions out and gives the text of a file; a rollback then gives every byte back.
fn fixed(root: &Path, actions: &[Action], file: &str) -> String {
    let before = picture(root);
    let plan = planned(root, actions);
    let nobody = FakeRunner::new(|spec| panic!("{spec} is run"));
    execute_fix(root, &plan, None, &nobody, &mut Silent).expect("a fix");
    let text = read(&root.join(file));
    rollback(root, RollbackMode::Check).expect("a rollback");
    assert_eq!(differences(&before, &picture(root)), Vec::<String>::new());
    text
}

#[test]
fn lines_of_requirements_files_go_as_a_whole_and_come_at_the_end() {
    let main = "# web\nflask>=3  # why\n# http\nrequests[socks]==2.31 \\\n  ; python_version > '3.8'  # pinned\nrich";
    let root =
        project(&[("requirements.txt", main), ("requirements-dev.txt", "-r requirements.txt\r\npytest\r\n")]);
    let text = |actions: &[Action], file: &str| fixed(root.path(), actions, file);
    let gone = "# web\nflask>=3  # why\n# http\nrich";
    assert_eq!(text(&[remove("requests", Scope::Main)], "requirements.txt"), gone);
    assert_eq!(
        text(&[add("werkzeug>=3", Scope::Main), remove("flask", Scope::Main)], "requirements.txt"),
        format!("{main}\nwerkzeug>=3\n").replace("flask>=3  # why\n", "")
    );
    let dev_file = "requirements-dev.txt";
    assert_eq!(
        text(&[move_to_dev("flask")], dev_file),
        "-r requirements.txt\r\npytest\r\nflask>=3  # why\r\n"
    );
    assert_eq!(
        text(&[move_to_dev("requests")], dev_file),
        "-r requirements.txt\r\npytest\r\nrequests[socks]==2.31 \\\r\n  ; python_version > '3.8'  # pinned\r\n"
    );
    assert_eq!(text(&[move_to_dev("requests")], "requirements.txt"), gone);
}

/// The project declares what it needs in pyproject.toml, and what its developers need in a file.
#[test]
fn a_move_goes_from_pyproject_to_a_file_and_back() {
    let pyproject = "[project]\nname = \"a\"\nversion = \"1\"\ndependencies = [\n  \"pytest\", # tests\n]\n";
    let root = project(&[("pyproject.toml", pyproject), ("requirements-dev.txt", "rich>=1 # pretty\n")]);
    let empty = pyproject.replace("  \"pytest\", # tests\n", "");
    assert_eq!(fixed(root.path(), &[move_to_dev("pytest")], "pyproject.toml"), empty);
    assert_eq!(
        fixed(root.path(), &[move_to_dev("pytest")], "requirements-dev.txt"),
        "rich>=1 # pretty\npytest  # tests\n"
    );
    let back = Action::Move {
        name: "Rich".to_owned(),
        requirement: "rich>=1".to_owned(),
        from: dev(),
        to: Scope::Main,
    };
    assert_eq!(
        fixed(root.path(), std::slice::from_ref(&back), "pyproject.toml"),
        pyproject.replace("# tests\n", "# tests\n  \"rich>=1\",  # pretty\n")
    );
    assert_eq!(fixed(root.path(), &[back], "requirements-dev.txt"), "");
}

#[test]
fn other_encodings_stay() {
    let root = tempfile::tempdir().expect("a temporary folder");
    write(root.path(), "requirements.txt", b"# -*- coding: latin-1 -*-\nflask # caf\xe9\nrich\n");
    let plan = planned(root.path(), &[remove("rich", Scope::Main), add("pytest", Scope::Main)]);
    let nobody = FakeRunner::new(|spec| panic!("{spec} is run"));
    execute_fix(root.path(), &plan, None, &nobody, &mut Silent).expect("a fix");
    let found = std::fs::read(root.path().join("requirements.txt")).expect("the file");
    assert_eq!(found, b"# -*- coding: latin-1 -*-\nflask # caf\xe9\npytest\n");
}

#[test]
fn hashes_go_along_and_none_is_made_up() {
    let hash = |digit: &str| format!("--hash=sha256:{}", digit.repeat(64));
    let main = format!("flask==3 \\\n    {} \\\n    {}\nrich==13 {}\n", hash("a"), hash("b"), hash("c"));
    let root = project(&[("requirements.txt", &main), ("requirements-dev.txt", "pytest\n")]);
    let left = format!("rich==13 {}\n", hash("c"));
    assert_eq!(fixed(root.path(), &[remove("flask", Scope::Main)], "requirements.txt"), left);
    let (reason, help) = refusal(root.path(), add("werkzeug", Scope::Main));
    assert_eq!(reason, "`requirements.txt` has hashes, and pip then wants one for every requirement");
    assert!(help.contains("pip hash"), "{help}");
    let (reason, _) = refusal(root.path(), move_to_dev("flask"));
    assert!(reason.contains("`requirements-dev.txt` has none"), "{reason}");
}

#[test]
fn what_is_made_by_a_tool_is_left_or_told() {
    let compiled = "#\n# This file is autogenerated by pip-compile with Python 3.12\n#\n#    pip-compile requirements.in\n#\n\
                    flask==3.0.0\n    # via -r requirements.in\nwerkzeug==3.0.1\n    # via flask\n";
    let root = project(&[("requirements.in", "flask\nrich\n"), ("requirements.txt", compiled)]);
    let plan = planned(root.path(), &[remove("rich", Scope::Main)]);
    assert_eq!(plan.notes, ["`requirements.txt` is made from `requirements.in`: make it again"]);
    assert_eq!(fixed(root.path(), &[remove("rich", Scope::Main)], "requirements.in"), "flask\n");
    let (reason, help) = refusal(root.path(), remove("werkzeug", Scope::Main));
    assert_eq!(reason, "`requirements.txt` is made from `requirements.in` by a tool");
    assert_eq!(help, "change `requirements.in` and make `requirements.txt` again");
}

#[test]
fn what_others_declare_is_left_for_the_user() {
    let poetry = "[tool.poetry]\nname = \"a\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.9\"\nflask = \"*\"\n";
    for (file, text, source, word) in [
        ("pyproject.toml", poetry, "Poetry", "`poetry remove`"),
        ("Pipfile", "[packages]\nflask = \"*\"\n", "Pipfile", "`pipenv uninstall`"),
        (
            "setup.py",
            "from setuptools import setup\nsetup(install_requires=['flask'])\n",
            "setuptools",
            "`setup.py`",
        ),
        (
            "setup.cfg",
            "[metadata]\nname = a\n[options]\ninstall_requires = flask\n",
            "setuptools",
            "`setup.cfg`",
        ),
        ("environment.yml", "dependencies:\n  - pip:\n    - flask\n", "conda", "`environment.yml`"),
    ] {
        let root = project(&[(file, text)]);
        let (reason, help) = refusal(root.path(), remove("flask", Scope::Main));
        assert_eq!(reason, format!("`{file}` declares it in a way that uvshift does not edit"));
        assert!(help.contains(word), "{help}");
        let (reason, _) = refusal(root.path(), add("rich", Scope::Main));
        assert_eq!(reason, format!("dependencies are declared for {source}, and uvshift does not edit that"));
    }
    let root = project(&[("main.py", "import flask\n")]);
    let (reason, help) = refusal(root.path(), add("flask", Scope::Main));
    assert!(
        reason.starts_with("there is no pyproject.toml") && help.starts_with("run `uvshift migrate` first")
    );
    let root = project(&[("pyproject.toml", PYPROJECT)]);
    for (action, expected) in [
        (remove("django", Scope::Main), "`django` is not declared in `project.dependencies`"),
        (add("Requests >1", Scope::Main), "`requests` is declared there already"),
        (add("not a requirement", Scope::Main), "`not a requirement` is no requirement"),
        (add("--pre", Scope::Main), "`--pre` is no requirement"),
        (add("a\nb", Scope::Main), "`a\nb` is no requirement"),
        (add("-e .", Scope::Main), "`-e .` is no requirement"),
    ] {
        assert_eq!(refusal(root.path(), action).0, expected);
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    let root = project(&[("base.txt", "flask\nrich\n")]);
    link(root.path(), "requirements.txt", "base.txt");
    let (reason, _) = refusal(root.path(), remove("flask", Scope::Main));
    assert_eq!(reason, "`requirements.txt` is a symbolic link");
}

/// What is in the way of one action is in the way of that one alone.
#[test]
fn an_action_is_carried_out_as_a_whole_or_not_at_all() {
    let hash = format!("--hash=sha256:{}", "a".repeat(64));
    let root = project(&[
        (
            "pyproject.toml",
            "[project]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"pytest\", \"rich\"]\n",
        ),
        ("requirements-dev.txt", &format!("black==1 {hash}\n")),
    ]);
    let actions = [move_to_dev("pytest"), remove("rich", Scope::Main), remove("rich", Scope::Main)];
    let plan = plan_fix(root.path(), &actions).expect("a plan");
    assert_eq!((plan.fixed.as_slice(), plan.left.len()), (&actions[1..2], 1));
    assert!(plan.diff().contains("+dependencies = [\"pytest\"]"), "{}", plan.diff());
}

/// What somebody writes into a file while uv works is set aside, and the project is as it was.
#[test]
fn a_file_that_somebody_else_wrote_meanwhile_is_set_aside() {
    let root = project(&[("pyproject.toml", PYPROJECT), ("uv.lock", "version = 1\n")]);
    let before = picture(root.path());
    let plan = planned(root.path(), &[remove("requests", Scope::Main)]);
    let place = root.path().to_owned();
    let runner = FakeRunner::new(move |_| {
        write(&place, "pyproject.toml", "# my own work\n");
        Ok(uvshift_testkit::output(0, "", ""))
    });
    let result = execute_fix(root.path(), &plan, Some(&Uv::new("uv")), &runner, &mut Silent);
    let Err(Error::Verification { differences: found }) = result else { panic!("{result:?}") };
    assert!(found.iter().any(|it| it.what == "somebody else wrote it meanwhile"), "{found:?}");
    assert_eq!(differences(&before, &picture_of_project(root.path())), Vec::<String>::new());
    let saved = picture(&root.path().join(".uvshift/backup"));
    assert!(format!("{saved:?}").contains("my own work"), "{saved:?}");
}

/// Where `[project]` of a package lists its own dependencies, a requirements file is a group of its own: as `uvshift deps` says.
#[test]
fn scopes_are_those_of_the_analysis() {
    let pyproject = "[project]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"flask\"]\n\n[build-system]\nrequires = []\n";
    let root = project(&[("pyproject.toml", pyproject), ("requirements.txt", "flask==3.0.0\nrich\n")]);
    let group = Scope::Group("requirements".to_owned());
    assert_eq!(fixed(root.path(), &[remove("rich", group.clone())], "requirements.txt"), "flask==3.0.0\n");
    assert_eq!(
        fixed(root.path(), &[remove("flask", Scope::Main)], "requirements.txt"),
        "flask==3.0.0\nrich\n"
    );
    assert_eq!(
        fixed(root.path(), &[add("pytest", group)], "requirements.txt"),
        "flask==3.0.0\nrich\npytest\n"
    );
}

#[test]
fn the_lock_and_the_sources_of_a_workspace_are_not_forgotten() {
    let whole = PYPROJECT.to_owned() + "\n[tool.uv.workspace]\nmembers = [\"libs/*\"]\n";
    let member = "[project]\nname = \"tools\"\nversion = \"1\"\ndependencies = [\"requests\"]\n";
    let root = project(&[
        ("pyproject.toml", &whole),
        ("uv.lock", "version = 1\n"),
        ("libs/tools/pyproject.toml", member),
    ]);
    let plan = planned(&root.path().join("libs/tools"), &[remove("requests", Scope::Main)]);
    assert!(!plan.lock);
    assert_eq!(
        plan.notes,
        ["`../../uv.lock` is the lock of a workspace and does not know of it: run `uv lock`"]
    );
    let plan = planned(root.path(), &[remove("requests", Scope::Main)]);
    assert!(
        plan.lock && plan.notes.is_empty() && !plan.diff().contains("tool.uv.sources"),
        "{}",
        plan.diff()
    );
}

/// What the analysis offers to mend is mended, and it has nothing more to offer.
#[test]
fn an_analysis_has_nothing_left_to_mend_after_its_fix() {
    let pyproject = "[project]\nname = \"shop\"\nversion = \"1\"\nrequires-python = \">=3.9\"\ndependencies = [\n    \"flask>=3\",\n    \
                     \"pytest>=8\",\n    \"rich\",\n]\n";
    let root = project(&[
        ("pyproject.toml", pyproject),
        ("shop/__init__.py", "import flask\n"),
        ("tests/test_shop.py", "import pytest\nimport shop\n"),
    ]);
    let actions = || -> Vec<Action> {
        let deps = Deps::read(root.path(), &DepsOptions::default()).expect("a project");
        deps.analyze().findings.into_iter().filter_map(|finding| finding.action).collect()
    };
    let offered = actions();
    assert!(offered.contains(&remove("rich", Scope::Main)), "{offered:?}");
    assert!(
        offered.iter().any(|action| matches!(action, Action::Move { name, .. } if name == "pytest")),
        "{offered:?}"
    );
    let plan = planned(root.path(), &offered);
    let nobody = FakeRunner::new(|spec| panic!("{spec} is run"));
    execute_fix(root.path(), &plan, None, &nobody, &mut Silent).expect("a fix");
    assert_eq!(actions(), []);
    let text = read(&root.path().join("pyproject.toml"));
    assert!(text.contains("dev = [\n    \"pytest>=8\",\n]\n") && !text.contains("rich"), "{text}");
}

/// Nobody may take a remark about what went for one about what comes next.
#[test]
fn comments_go_with_what_they_speak_of() {
    let listed = "# what this needs\nflask>=3\n\n# pinned, see https://host.example/2768\nwerkzeug==3.0.3\n";
    let array = "    # web\n    \"flask>=3\",\n    # pinned, see https://host.example/2768\n    \"werkzeug==3.0.3\",\n";
    let around = |array: &str| {
        format!(
            "[project]\nname = \"a\"\nversion = \"1\"\ndependencies = [\n{array}]\n\n[dependency-groups]\ndev = [\n]\n"
        )
    };
    let root = project(&[("requirements.txt", listed), ("requirements-dev.txt", "rich\n")]);
    let (gone, moved) = (remove("werkzeug", Scope::Main), move_to_dev("werkzeug"));
    let file = "requirements.txt";
    assert_eq!(
        fixed(root.path(), &[gone.clone(), add("pyyaml", Scope::Main)], file),
        "# what this needs\nflask>=3\npyyaml\n"
    );
    assert_eq!(
        fixed(root.path(), std::slice::from_ref(&moved), "requirements-dev.txt"),
        "rich\n# pinned, see https://host.example/2768\nwerkzeug==3.0.3\n"
    );
    for end in ["\n", "\r\n"] {
        let root = project(&[("pyproject.toml", &around(array).replace('\n', end))]);
        let file = "pyproject.toml";
        let expected = around("    # web\n    \"flask>=3\",\n    \"pyyaml\",\n").replace('\n', end);
        assert_eq!(fixed(root.path(), &[gone.clone(), add("pyyaml", Scope::Main)], file), expected);
        let text = fixed(root.path(), std::slice::from_ref(&moved), file).replace("\r\n", "\n");
        let dev = "dev = [\n    # pinned, see https://host.example/2768\n    \"werkzeug==3.0.3\",\n]\n";
        assert!(text.ends_with(dev) && text.contains("    \"flask>=3\",\n]\n"), "{text}");
    }
}

/// A migrated project has requirements files that nobody reads any more; half a change there helps nobody.
#[test]
fn files_that_are_left_over_from_before_uv_stay() {
    let listed = "requests\nrich\n";
    let root =
        project(&[("pyproject.toml", PYPROJECT), ("requirements.txt", listed), ("uv.lock", "version = 1\n")]);
    let plan = planned(root.path(), &[remove("requests", Scope::Main), add("werkzeug", Scope::Main)]);
    let [note] = plan.notes.as_slice() else { panic!("{:?}", plan.notes) };
    assert!(note.starts_with("`requirements.txt` is not changed: "), "{note}");
    let diff = plan.diff();
    assert!(diff.contains("+    \"werkzeug\",") && !diff.contains("requirements.txt"), "{diff}");
}
