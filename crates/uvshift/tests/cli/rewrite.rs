//! `uvshift rewrite`: word for word, and the project afterwards.

use crate::schema::checked;
use crate::support::World;

const PYPROJECT: &str = "[project]\nname = \"shop\"\nversion = \"1\"\nrequires-python = \">=3.10\"\ndependencies = [\"flask\"]\n\n\
    [dependency-groups]\ndev = [\"pytest\"]\n";

const SCRIPT: &str = "#!/bin/sh\nset -e\n# the tests\npip install -r requirements.txt -r requirements-dev.txt\npytest -q\n\
    conda install numpy\n";

/// A project on uv whose old files are still there, and are still named.
fn half_way() -> World {
    World::new(&[
        ("pyproject.toml", PYPROJECT),
        ("uv.lock", "version = 1\n"),
        ("requirements.txt", "flask\n"),
        ("requirements-dev.txt", "pytest\n"),
        ("test.sh", SCRIPT),
    ])
}

#[test]
fn commands_become_those_of_uv_and_come_back() {
    let world = half_way();
    let before = world.picture();
    world.snapshot("rewrite-dry-run", &["rewrite", "--dry-run"], 0);
    world.snapshot("rewrite-without-yes", &["rewrite"], 1);
    assert_eq!(world.picture(), before, "neither writes");
    world.snapshot("rewrite-yes", &["rewrite", "--yes"], 0);
    let script = world.read("test.sh");
    assert!(script.contains("uv sync --locked\n") && script.contains("uv run pytest -q\n"), "{script}");
    assert!(script.starts_with("#!/bin/sh\nset -e\n# the tests\n"), "{script}");
    world.snapshot("rewrite-again", &["rewrite", "--yes"], 10);
    world.snapshot("rewrite-verify", &["verify"], 0);
    world.write("test.sh", script.replace("uv sync --locked", "pip install -r requirements.txt"));
    world.snapshot("rewrite-verify-tampered", &["verify"], 1);
    assert_eq!(world.run(&["rollback", "--force"]).code, 0);
    assert_eq!(world.picture(), before);
}

#[test]
fn a_kind_of_files_can_be_left_out_or_meant_alone() {
    let world = half_way();
    let before = world.picture();
    assert_eq!(world.run(&["rewrite", "--yes", "--skip", "shell"]).code, 10);
    assert_eq!(world.run(&["rewrite", "--yes", "--only", "dockerfile"]).code, 10);
    assert_eq!(world.picture(), before);
    world.snapshot("rewrite-unknown-kind", &["rewrite", "--only", "shel"], 2);
}

#[test]
fn commands_in_documents_alone_are_told() {
    let world = half_way();
    world.write("test.sh", "true\n");
    assert!(world.run(&["rewrite"]).stdout.contains("no command here has to do with pip"));
    world.write("README.md", "# Shop\n\n```sh\npip install -r requirements.txt\n```\n");
    let ran = world.run(&["rewrite"]);
    assert_eq!(ran.code, 10);
    assert!(ran.stdout.contains("commands in 1 document, which `--docs` reads"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_read_is_told_and_stays() {
    let world = half_way();
    world.write(".github/workflows/ci.yml", "on: push\njobs: [\n");
    let ran = world.snapshot("rewrite-unreadable", &["rewrite", "--yes", "--only", "github-actions"], 1);
    assert!(ran.stderr.contains("Z001"), "{}", ran.stderr);
    assert_eq!(world.read(".github/workflows/ci.yml"), "on: push\njobs: [\n");
}

#[test]
fn a_migration_takes_commands_along_and_old_files_can_go() {
    let world = World::new(&[
        (".python-version", "3.10\n"),
        ("requirements.txt", "flask>=3\nrequests==2.31.0\n"),
        ("requirements-dev.txt", "-r requirements.txt\npytest\n"),
        ("ci.sh", "#!/bin/sh\npip install -r requirements-dev.txt\npytest\n"),
    ]);
    let before = world.picture();
    world.snapshot("rewrite-with-migration", &["migrate", "--yes"], 0);
    assert_eq!(world.read("ci.sh"), "#!/bin/sh\nuv sync --locked\nuv run pytest\n");
    assert!(!world.project().join("requirements-dev.txt").exists(), "nobody names it any more");
    assert_eq!(world.run(&["verify"]).code, 0);
    assert_eq!(world.run(&["rollback"]).code, 0);
    assert_eq!(world.picture(), before);
    assert_eq!(world.run(&["migrate", "--yes", "--no-rewrite"]).code, 0);
    assert!(world.read("ci.sh").contains("pip install -r requirements-dev.txt"));
    assert!(world.project().join("requirements-dev.txt").exists(), "the script names it");
    // Afterwards the journal tells what became of the files.
    assert_eq!(world.run(&["rewrite", "--yes"]).code, 0);
    assert_eq!(world.read("ci.sh"), "#!/bin/sh\nuv sync --locked\nuv run pytest\n");
    let verified = world.run(&["verify"]);
    assert!(verified.code == 0 && verified.stdout.contains("3 requirements"), "{}", verified.stdout);
}

#[test]
fn json_is_as_the_schema_says() {
    let world = half_way();
    let kinds = checked(&world, &["rewrite", "--list"], "rewrite_list");
    assert!(kinds["kinds"].as_array().expect("a list").len() > 10, "{kinds:#}");
    let planned = checked(&world, &["rewrite", "--dry-run"], "rewrite");
    assert_eq!((&planned["status"], &planned["files"][0]["path"]), (&"planned".into(), &"test.sh".into()));
    assert_eq!(planned["files"][0]["changes"][0]["line"], 4);
    let done = checked(&world, &["rewrite", "--yes"], "rewrite");
    assert!(done["status"] == "rewritten" && done["journal"].is_string(), "{done:#}");
    let nothing = checked(&world, &["rewrite", "--yes"], "rewrite");
    assert_eq!(nothing["status"], "nothing-to-do");
}
