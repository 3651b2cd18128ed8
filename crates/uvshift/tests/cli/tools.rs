//! `uvshift tools`: word for word, and the project afterwards.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::schema::checked;
use crate::support::World;

const SETUP_CFG: &str = "[metadata]\nname = shop\n\n# too long is too long\n[flake8]\nmax-line-length = 99\nextend-ignore = E203, W503\n\n\
    [tool:pytest]\naddopts = -ra\nmarkers =\n    slow: takes long  # really\n\n[mypy]\nstrict = False\n";

/// A project with settings in four files, some of them dead.
fn scattered() -> World {
    World::new(&[
        ("setup.cfg", SETUP_CFG),
        ("mypy.ini", "[mypy]\n# be strict\nstrict = yes\n\n[mypy-old.*]\nignore_errors = on\n"),
        (".coveragerc", "[run]\nsource =\n    shop\n    ${EXTRA}\nbranch = 1\n"),
        ("tox.ini", "[tox]\nenvlist = py311\n\n[testenv]\ncommands = pytest {posargs}\n"),
        ("Makefile", "types:\n\tmypy --config-file=mypy.ini shop\n"),
        ("shop/__init__.py", ""),
    ])
}

#[test]
fn settings_move_and_come_back() {
    let world = scattered();
    let before = world.picture();
    world.snapshot("tools-dry-run", &["tools", "--dry-run"], 0);
    world.snapshot("tools-without-yes", &["tools"], 1);
    assert_eq!(world.picture(), before, "neither writes");
    world.snapshot("tools-yes", &["tools", "--yes"], 0);
    assert!(world.read("mypy.ini").is_empty() && world.read(".coveragerc").is_empty());
    assert!(world.read("setup.cfg").contains("[flake8]") && !world.read("setup.cfg").contains("[mypy]"));
    assert!(world.read("Makefile").contains("--config-file=pyproject.toml"));
    world.snapshot("tools-again", &["tools", "--yes"], 10);
    world.snapshot("tools-verify", &["verify"], 0);
    world.write("pyproject.toml", world.read("pyproject.toml").replace("strict = true", "strict = false"));
    world.snapshot("tools-verify-tampered", &["verify"], 1);
    assert_eq!(world.run(&["rollback", "--force"]).code, 0);
    assert_eq!(world.picture(), before);
}

#[test]
fn flake8_goes_to_ruff_when_asked() {
    let world = scattered();
    let before = world.picture();
    world.snapshot("tools-to-ruff", &["tools", "--yes", "--to-ruff", "--only", "flake8"], 0);
    let document = world.read("pyproject.toml");
    assert!(document.contains("[tool.ruff]\nline-length = 99\n"), "{document}");
    assert!(!world.read("setup.cfg").contains("flake8"));
    assert_eq!(world.run(&["rollback"]).code, 0);
    assert_eq!(world.picture(), before);
}

#[test]
fn a_migration_takes_the_settings_along() {
    let world = scattered();
    world.write("requirements.txt", "flask>=3\nrequests==2.31.0\n");
    world.write("setup.cfg", SETUP_CFG.replace("[metadata]\nname = shop\n\n", ""));
    let before = world.picture();
    world.snapshot("tools-with-migration", &["migrate", "--yes", "--with", "tools", "--python", "3.10"], 0);
    let document = world.read("pyproject.toml");
    assert!(document.contains("\"flask>=3\"") && document.contains("[tool.mypy]"), "{document}");
    assert_eq!(world.run(&["verify"]).code, 0);
    assert_eq!(world.run(&["rollback"]).code, 0);
    assert_eq!(world.picture(), before);
}

#[test]
fn a_file_that_changes_twice_is_read_back_once() {
    let world = World::new(&[
        ("setup.cfg", "[tool:pytest]\naddopts = -ra\n"),
        (
            "tox.ini",
            "[tox]\nenvlist = py311\n\n[testenv]\ncommands = pytest --cov-config={toxinidir}/tox.ini\n\n[coverage:run]\nbranch = yes\n",
        ),
        ("requirements.txt", "flask>=3\nrequests==2.31.0\n"),
    ]);
    let before = world.picture();
    for arguments in [vec!["tools", "--yes"], vec!["migrate", "--yes", "--with", "tools", "--python", "3.10"]]
    {
        let ran = world.run(&arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        let document = world.read("pyproject.toml");
        assert!(document.contains("--cov-config={toxinidir}/pyproject.toml"), "{document}");
        assert!(document.contains("branch = true"), "{document}");
        assert_eq!(world.run(&["verify"]).code, 0);
        assert_eq!(world.run(&["rollback"]).code, 0);
        assert_eq!(world.picture(), before);
    }
}

/// What a file holds, and what is said of it.
const BAD: [(&str, &str, &str); 8] = [
    ("mypy.ini", "[mypy]\nstrict = true\nstrict = false\n", "mypy.ini:3: `strict` is said again"),
    ("mypy.ini", "[mypy]\n[mypy]\n", "mypy.ini:2: section `mypy` is opened again"),
    ("mypy.ini", "strict = true\n", "mypy.ini:1: `strict = true` stands before the first section"),
    (".isort.cfg", "[settings]\nprofile = %(nobody)s\n", ".isort.cfg:2: "),
    ("pytest.ini", "[pytest]\naddopts\n", "pytest.ini:2: `addopts` is neither"),
    (".coveragerc", "[run]\nbranch = maybe\n", ".coveragerc:2: `branch` is a boolean for coverage"),
    ("pyproject.toml", "[tool.mypy\n", "pyproject.toml:1: "),
    ("setup.cfg", "[mypy]\nfiles = caf\u{e9}\n", ""),
];

#[test]
fn bad_input_is_named_and_nothing_is_written() {
    for (file, text, said) in BAD {
        let world = World::new(&[("pytest.ini", "[pytest]\n"), (file, text)]);
        if said.is_empty() {
            world.write(file, b"[mypy]\nfiles = caf\xe9\n");
        }
        let before = world.picture();
        let ran = world.run(&["tools", "--yes"]);
        assert_eq!(ran.code, 1, "{file}: {}{}", ran.stdout, ran.stderr);
        let said = if said.is_empty() { "setup.cfg:1: `setup.cfg` is not UTF-8" } else { said };
        assert!(ran.stderr.contains(said) && ran.stderr.contains("help:"), "{file}: {}", ran.stderr);
        assert_eq!(world.picture(), before, "{file}");
    }
}

#[test]
fn a_read_only_file_stops_the_run() {
    let world = scattered();
    let place = world.project().join("mypy.ini");
    fs::set_permissions(&place, fs::Permissions::from_mode(0o444)).expect("a set mode");
    let before = world.picture();
    let ran = world.run(&["tools", "--yes"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("T010") && ran.stderr.contains("`mypy.ini` is read-only"), "{}", ran.stderr);
    assert_eq!(world.picture(), before);
}

#[test]
fn an_unknown_tool_is_a_usage_error() {
    let ran = scattered().run(&["tools", "--only", "mypi"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("`mypi` is no tool") && ran.stderr.contains("coverage"), "{}", ran.stderr);
}

#[test]
fn the_tools_themselves_are_asked() {
    let world = scattered();
    let before = world.picture();
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.tools/linters/bin/python");
    let python = python.display().to_string();
    let all = ["tools", "--yes", "--verify", "--python", &python];
    // Where `EXTRA` is not set, coverage has an item more in TOML.
    let ran = world.run(&all);
    assert_eq!(ran.code, 4, "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stderr.contains(r#"coverage: sees something else now: source: ["shop"] -> ["shop",""]"#),
        "{}",
        ran.stderr
    );
    assert_eq!(world.picture(), before, "a difference undoes the run");
    world.write(".coveragerc", world.read(".coveragerc").replace("    ${EXTRA}\n", ""));
    let ran = world.run(&all);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_eq!(world.run(&["rollback"]).code, 0);
    let json = checked(&world, &all, "tools");
    assert!(json["asked"].as_array().is_some_and(|asked| asked.iter().any(|it| it["answer"] == "same")));
    for tool in ["mypy", "pytest", "coverage", "tox"] {
        let line = format!("asked     {tool} sees the same as before");
        assert!(ran.stdout.contains(&line), "{}", ran.stdout);
    }
}
