//! What a new user does next: settings and flags that meet, a lock made by hand, links, slips of the finger.

use crate::support::{World, shop};

#[test]
fn a_lock_that_uv_made_after_a_run_without_one_does_not_stop_the_rollback() {
    let world = shop();
    let before = world.picture();
    assert_eq!(world.run(&["migrate", "--yes", "--no-lock"]).code, 0);
    world.write("uv.lock", "version = 1\n");
    let ran = world.run(&["rollback", "--yes"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("`uv.lock` was changed since; it is now "), "{}", ran.stdout);
    assert_eq!(world.picture(), before);

    // What somebody wrote otherwise does.
    assert_eq!(world.run(&["migrate", "--yes", "--no-lock"]).code, 0);
    world.write("uv.lock", "version = 1\n");
    world.write("pyproject.toml", "# mine\n");
    assert_eq!(world.run(&["rollback", "--yes"]).code, 1);
}

#[cfg(unix)]
#[test]
fn an_interrupt_answers_a_question_with_no() {
    let world = shop();
    let before = world.picture();
    // Without an answer it would wait for a line, whatever signals come.
    for command in [&["migrate"][..], &["generate", "gitattributes"], &["rewrite", "--review"]] {
        let ran = world.run_at_terminal(command, "\u{3}");
        assert!(ran.stdout.contains("[y/N]"), "{command:?}: {}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.code, 1, "{command:?}: {}{}", ran.stdout, ran.stderr);
    }
    assert_eq!(world.picture(), before);
    let ran = world.run_at_terminal(&["migrate", "--no-lock"], "y\n");
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert_ne!(world.picture(), before);
}

#[test]
fn a_rollback_after_a_kill_leaves_the_run_before_alone() {
    let world = shop();
    world.write(
        "ci.sh",
        "python -m venv .venv\n. .venv/bin/activate\npip install -r requirements-dev.txt\npytest\n",
    );
    let first = world.run(&["rewrite", "--yes", "--review"]);
    assert_eq!(first.code, 0, "{}{}", first.stdout, first.stderr);
    let migrated = world.picture();
    world.kill_in_the_middle();
    let ran = world.run(&["rollback", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("\"status\": \"rolled-back\""), "{}", ran.stdout);
    assert_eq!(world.picture(), migrated);
}

#[test]
fn the_target_of_a_link_stays() {
    let world = shop();
    std::os::unix::fs::symlink("requirements.txt", world.project().join("req-link.txt")).expect("a link");
    let ran = world.run(&["migrate", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("requirements.txt  the symbolic link req-link.txt leads to it"),
        "{}",
        ran.stdout
    );
    assert!(world.project().join("req-link.txt").is_file());
    assert!(!world.project().join("requirements-dev.txt").exists());
}

#[test]
fn a_flag_wins_over_the_settings_and_a_misspelt_one_is_told() {
    let world = shop();
    world.write(
        "pyproject.toml",
        "[tool.uvshift]\ngroups = { test = \"requirements-dev.txt\" }\nmains = \"requirements.txt\"\n",
    );
    let ran = world.run(&["migrate", "--dry-run", "--group", "lint=requirements-dev.txt"]);
    assert!(ran.stdout.contains("group lint"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("group test"), "{}", ran.stdout);
    let told = "warning[M012]: pyproject.toml: `[tool.uvshift]` has no setting `mains`, so it is passed over";
    assert!(ran.stderr.contains(told), "{}", ran.stderr);
    assert!(world.run(&["migrate", "--dry-run"]).stdout.contains("group test"));
}

#[test]
fn what_reads_a_file_is_why_it_is_the_main_one() {
    let setup = "from setuptools import setup\nsetup(name='shop', install_requires=open('requirements.txt').read().splitlines())\n";
    let ran = World::new(&[("requirements.txt", "six\n"), ("setup.py", setup)]).run(&["check"]);
    assert!(ran.stdout.contains("setup.py reads it"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("as told"), "{}", ran.stdout);
}

#[test]
fn every_slip_gets_a_help() {
    let world = shop();
    for arguments in [
        &["migrate", "--dry-run", "--from-venv", "/nope"][..],
        &["bench", "report", "nope.json"],
        &["graph", "--why", "nosuch"],
        &["graph", "-o", "/nope/x"],
    ] {
        let ran = world.run(arguments);
        assert!(ran.code != 0 && ran.stderr.contains("\n  help: "), "{arguments:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains(".uvshift-"), "{}", ran.stderr);
    }
    world.write("pyproject.toml", "[tool.uvshift]\nmain = 1\n");
    let ran = world.run(&["check"]);
    assert!(ran.code == 1 && ran.stderr.contains("\n  help: `main`, "), "{}", ran.stderr);
}

#[test]
fn the_end_of_a_migration_tells_of_commands_to_review() {
    let world = shop();
    world.write("ci.sh", "pip install -r requirements-dev.txt\npip install tox\npip wheel .\n");
    let ran = world.run(&["migrate", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let end = ran.stdout.split("Migrated to uv").nth(1).unwrap_or_default();
    assert!(end.contains("\n  commands  ") && end.contains(" to review"), "{}", ran.stdout);
    assert!(end.contains("\nNext:  uv sync\n       uvshift rewrite --review\n"), "{end}");
}

#[test]
fn nothing_to_do_is_said_without_an_empty_line_and_to_programs_too() {
    let world = World::new(&[("app.py", "import os\n")]);
    for command in ["rewrite", "tools"] {
        let ran = world.run(&[command, "--dry-run"]);
        assert!(ran.code == 10 && !ran.stdout.starts_with('\n'), "{command}: {}", ran.stdout);
    }
    let compat = World::new(&[("requirements.txt", "# none\n")]).run(&["compat", "--format", "json"]);
    assert_eq!(compat.code, 10, "{}", compat.stderr);
    let json: serde_json::Value = serde_json::from_str(&compat.stdout).expect("JSON");
    assert_eq!(json["requirements"], serde_json::json!([]));
}

#[test]
fn a_page_of_a_command_names_the_version() {
    let page = shop().run(&["man", "migrate"]).stdout;
    assert!(page.contains(concat!("uvshift ", env!("CARGO_PKG_VERSION"))), "{page}");
}

/// Who stands in a folder of the project is told where the project is.
#[test]
fn a_project_in_a_folder_above_is_named() {
    let world = shop();
    world.write("shop/sub/page.py", "import flask\n");
    for command in ["check", "migrate", "deps", "graph", "tools"] {
        let ran = world.run(&[command, "shop/sub"]);
        let text = format!("{}{}", ran.stdout, ran.stderr);
        assert!(text.contains(&format!("A folder above has a project:  uvshift {command} .\n")), "{text}");
        assert!(!text.contains("uv init"), "{text}");
        assert_eq!(ran.code, if command == "deps" { 1 } else { 10 }, "{text}");
    }
    // A repository is not left.
    world.write("shop/sub/.git/HEAD", "ref: refs/heads/main\n");
    let ran = world.run(&["check", "shop/sub"]);
    assert!(ran.code == 10 && !ran.stdout.contains("A folder above"), "{}", ran.stdout);
}

#[test]
fn where_no_tool_has_settings_that_is_said() {
    let ran = crate::support::World::new(&[("a.py", "")]).run(&["tools"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (10, "Nothing to move: no settings of a tool were found here.\n")
    );
}
