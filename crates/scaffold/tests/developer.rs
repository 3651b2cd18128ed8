//! The scripts for developers do what they say.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the test starts the generated scripts")]
#![expect(clippy::print_stderr, reason = "it says what it could not do")]

mod shapes;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use uvshift_scaffold::{Language, Project as Facts};
use uvshift_testkit::{Project, uv, uv_environment};

/// A project with what these templates make of `facts`.
fn generated(names: &[&str], facts: &Facts) -> Project {
    let project = Project::new();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    shapes::write(project.path(), &shapes::rendered(&names, facts, Language::En));
    project
}

/// A mirror of releases that has the pinned uv for this machine, with the checksum `sum` or the right one.
fn mirror(project: &Project, sum: Option<&str>) -> Option<PathBuf> {
    let target = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", arch @ ("x86_64" | "aarch64")) => format!("uv-{arch}-unknown-linux-gnu"),
        ("macos", arch @ ("x86_64" | "aarch64")) => format!("uv-{arch}-apple-darwin"),
        _ => return None,
    };
    let folder = project.beside("mirror/0.13.9");
    let content = folder.join(&target);
    std::fs::create_dir_all(&content).unwrap();
    for program in ["uv", "uvx"] {
        std::fs::copy(uv().with_file_name(program), content.join(program)).unwrap();
    }
    let archive = format!("{target}.tar.gz");
    run(Command::new("tar").current_dir(&folder).args(["-czf", &archive, &target]));
    let right = run(Command::new("sha256sum").current_dir(&folder).arg(&archive));
    let right = String::from_utf8(right.stdout).unwrap();
    let line = sum.map_or(right, |sum| format!("{sum}  {archive}\n"));
    std::fs::write(folder.join(format!("{archive}.sha256")), line).unwrap();
    Some(project.beside("mirror"))
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", text(&output));
    output
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

fn install(project: &Project, mirror: &Path, folder: &Path) -> Output {
    let mut command = Command::new("sh");
    command.arg(project.path().join("scripts/install-uv.sh"));
    command.arg("--mirror").arg(format!("file://{}", mirror.display())).arg("--dir").arg(folder);
    command.output().unwrap()
}

#[test]
fn uv_is_installed_once_and_verified() {
    let project = generated(&["install-uv"], &shapes::web());
    let Some(mirror) = mirror(&project, None) else {
        eprintln!("SKIPPED: no release of uv is made up for this system");
        return;
    };
    let folder = project.beside("bin with spaces");
    let output = install(&project, &mirror, &folder);
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("uv 0.13.9 is in"), "{}", text(&output));
    assert!(text(&run(Command::new(folder.join("uv")).arg("--version"))).starts_with("uv 0.13.9"));
    let again = install(&project, &mirror, &folder);
    assert!(text(&again).contains("already"), "{}", text(&again));
}

#[test]
fn an_archive_with_another_checksum_installs_nothing() {
    let project = generated(&["install-uv"], &shapes::script());
    let Some(mirror) = mirror(&project, Some(&"0".repeat(64))) else {
        eprintln!("SKIPPED: no release of uv is made up for this system");
        return;
    };
    let folder = project.beside("programs").join("bin");
    let output = install(&project, &mirror, &folder);
    assert!(!output.status.success());
    assert!(text(&output).contains("nothing was installed"), "{}", text(&output));
    assert!(!folder.exists());
    let output = install(&project, &project.beside("nowhere"), &folder);
    assert!(!output.status.success() && text(&output).contains("--mirror"), "{}", text(&output));
}

#[test]
fn the_first_day_ends_with_an_environment() {
    let mut facts = shapes::web();
    facts.services = Vec::new();
    let project = generated(&["dev-setup", "env-example", "makefile"], &facts);
    project.write(
        "pyproject.toml",
        "[project]\nname = \"acme-shop\"\nversion = \"1\"\nrequires-python = \">=3.10\"\n",
    );
    let environment = uv_environment(&project);
    let path = format!("{}:{}", uv().parent().unwrap().display(), std::env::var("PATH").unwrap());
    run(Command::new(uv()).arg("lock").current_dir(project.path()).envs(environment.clone()));
    for _ in 0..2 {
        let mut command = Command::new("bash");
        command.arg("scripts/dev-setup.sh").current_dir(project.path());
        let output = run(command.env("PATH", &path).envs(environment.clone()));
        assert!(text(&output).contains("tests:  uv run pytest"), "{}", text(&output));
    }
    assert!(project.path().join(".venv/bin/python").exists());
    assert_eq!(project.text(".env"), project.text(".env.example"));
    let listed = run(Command::new("make").current_dir(project.path()));
    assert!(text(&listed).contains("  test           Run the tests"), "{}", text(&listed));
}

#[test]
fn vim_reads_its_file_without_a_word() {
    if Command::new("vim").arg("--version").output().is_err() {
        eprintln!("SKIPPED: vim is not installed");
        return;
    }
    let project = generated(&["vim"], &shapes::library());
    let mut vim = Command::new("vim");
    vim.current_dir(project.path()).args(["-N", "-u", "NONE", "-i", "NONE", "-es"]);
    vim.args(["-c", "source .vimrc", "-c", "set filetype=python"]);
    // Another program than `:!` must not run here: the command only has to be there.
    let output = run(vim.args(["-c", "if exists(':UvSync') != 2 | cquit | endif", "-c", "qall!"]));
    assert_eq!(text(&output).trim(), "");
}

#[test]
fn neither_makefile_nor_justfile_has_what_the_project_has_not() {
    let project = generated(&["makefile", "justfile"], &shapes::script());
    for file in ["Makefile", "justfile"] {
        let text = project.text(file);
        assert!(text.contains("uv run python main.py"), "{text}");
        for word in ["pytest", "docker", "mypy", "--all-groups", "uv build"] {
            assert!(!text.contains(word), "{file} has {word}");
        }
    }
}

#[test]
fn an_application_factory_reaches_its_server_through_every_shell() {
    let project = generated(&["makefile", "justfile", "vscode", "user-guide"], &shapes::factory());
    let folder = project.path().join("a folder");
    std::fs::create_dir(&folder).unwrap();
    std::fs::rename(project.path().join("Makefile"), folder.join("Makefile")).unwrap();
    let tasks: serde_json::Value = serde_json::from_str(&project.text(".vscode/tasks.json")).unwrap();
    let tasks = tasks["tasks"].as_array().unwrap().iter();
    let mut lines: Vec<String> = tasks.map(|task| task["command"].as_str().unwrap().to_owned()).collect();
    lines.extend([project.text("justfile"), project.text("docs/user-guide.md")].iter().flat_map(|text| {
        let lines = text.lines().map(|line| line.trim().trim_end_matches(" {{ arguments }}"));
        lines.filter(|line| line.starts_with("uv run")).map(str::to_owned).collect::<Vec<_>>()
    }));
    lines.push("make --silent run".into());
    let said = lines.iter().map(|line| {
        let script = format!("PATH=\"{}:$PATH\"; {line}", folder.display());
        text(&run(Command::new("sh").current_dir(&folder).args(["-c", &script])))
    });
    std::fs::write(folder.join("uv"), "#!/bin/sh\nprintf '[%s]' \"$@\"\n").unwrap();
    run(Command::new("chmod").arg("+x").arg(folder.join("uv")));
    let said: Vec<String> = said.collect();
    let of = |word: &str| said.iter().filter(|said| said.contains(word)).count();
    assert_eq!(of("[flask][--app][parcels:create_app()][run]"), 3, "{said:#?}");
    assert_eq!(of("[gunicorn][parcels:create_app()]"), 1, "{said:#?}");
    assert_eq!(of("[pytest][tests of parcels]"), 2, "{said:#?}");
}
