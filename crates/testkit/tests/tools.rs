//! What the testkit makes is what uv, pip and git take.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot go on stops")]

use std::path::Path;
use std::process::Command;

use uvshift_process::{CommandSpec, Runner as _};
use uvshift_testkit::{
    FakeRunner, Project, WheelOptions, flat_index, git_repo, output, pip_python, sdist, snapshot, uv,
    uv_command, wheel,
};

fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{said}");
    said
}

const PYPROJECT: &str = r#"[project]
name = "app"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["lib-a[fast]>=1"]

[tool.uv]
package = false

[[tool.uv.index]]
name = "local"
url = "../wheels"
format = "flat"
default = true
"#;

fn project_with_index() -> Project {
    let project = Project::new();
    let wheels = project.beside("wheels");
    wheel(
        &wheels,
        "lib-a",
        "1.0",
        &WheelOptions::requiring(["lib.b"]).extra("fast", &["lib-c"]).python(">=3.9"),
    );
    wheel(
        &wheels,
        "lib-a",
        "2.0",
        &WheelOptions::requiring(["lib.b"]).extra("fast", &["lib-c"]).python(">=4"),
    );
    flat_index(&wheels, &[("Lib.B", "1.1", &[]), ("lib-c", "0.3", &["lib-b>=1"])]);
    project.write("pyproject.toml", PYPROJECT);
    project
}

#[test]
fn uv_is_the_pinned_one() {
    let pin =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/tools.txt")).unwrap();
    let version = pin.lines().find_map(|line| line.strip_prefix("tools   uv==")).unwrap();
    assert!(succeed(Command::new(uv()).arg("--version")).starts_with(&format!("uv {version} ")));
}

#[test]
fn uv_locks_checks_and_installs_from_a_flat_index() {
    let project = project_with_index();
    succeed(uv_command(&project).arg("lock"));
    let lock = project.text("uv.lock");
    for (name, version) in [("lib-a", "1.0"), ("lib-b", "1.1"), ("lib-c", "0.3")] {
        assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"")), "{lock}");
    }
    succeed(uv_command(&project).args(["lock", "--check"]));
    succeed(uv_command(&project).args(["sync", "--locked"]));
    let versions =
        "import lib_a, lib_b, lib_c; print(lib_a.__version__, lib_b.__version__, lib_c.__version__)";
    let said = succeed(uv_command(&project).args(["run", "--no-sync", "python", "-c", versions]));
    assert_eq!(said.lines().next(), Some("1.0 1.1 0.3"));
}

#[test]
fn pip_installs_from_the_same_folder_and_checks_the_record() {
    let project = project_with_index();
    let target = project.beside("target");
    let mut pip = Command::new(pip_python());
    pip.args(["-I", "-m", "pip", "--isolated", "install", "--no-index", "--quiet", "--find-links"]);
    pip.arg(project.beside("wheels")).arg("--target").arg(&target).arg("lib-a[fast]");
    succeed(&mut pip);
    let installed = snapshot(&target);
    for file in
        ["lib_a/__init__.py", "lib_b/__init__.py", "lib_c/__init__.py", "lib_a-1.0.dist-info/METADATA"]
    {
        assert!(installed.contains_key(file), "{file} in {:?}", installed.keys());
    }
}

#[test]
fn uv_reads_the_static_metadata_of_a_source_distribution() {
    let project = project_with_index();
    let sdists = project.beside("wheels");
    sdist(&sdists, "lib-d", "5.0", &WheelOptions::requiring(["lib-c"]), &[("README.md", "Lib D\n")]);
    project.write("pyproject.toml", PYPROJECT.replace("lib-a[fast]>=1", "lib-d"));
    succeed(uv_command(&project).arg("lock"));
    let lock = project.text("uv.lock");
    assert!(lock.contains("lib_d-5.0.tar.gz") && lock.contains("name = \"lib-b\""), "{lock}");
    let list = "import sys, tarfile; print(*tarfile.open(sys.argv[1]).getnames())";
    let names =
        succeed(Command::new(pip_python()).args(["-I", "-c", list]).arg(sdists.join("lib_d-5.0.tar.gz")));
    assert_eq!(
        names.trim(),
        "lib_d-5.0/PKG-INFO lib_d-5.0/README.md lib_d-5.0/lib_d/__init__.py lib_d-5.0/pyproject.toml"
    );
}

#[test]
fn a_git_repository_has_the_same_commit_every_time_and_uv_locks_it() {
    let project = project_with_index();
    let manifest = "[project]\nname = \"lib-g\"\nversion = \"0.1\"\nrequires-python = \">=3.9\"\n";
    let files = [("pyproject.toml", manifest), ("lib_g/__init__.py", "")];
    let first = git_repo(project.beside("repo"), &files, Some("v0.1"));
    let second = git_repo(project.beside("again"), &files, None);
    assert_eq!(first.commit, second.commit);
    project.write(
        "pyproject.toml",
        PYPROJECT.replace("lib-a[fast]>=1", &format!("lib-g @ {}@v0.1", first.url())),
    );
    succeed(uv_command(&project).arg("lock"));
    assert!(project.text("uv.lock").contains(&first.commit));
}

#[test]
fn a_fake_runner_answers_and_remembers() {
    let runner = FakeRunner::new(|_| Ok(output(1, "", "no\n")));
    let mut lines = Vec::new();
    let spec = CommandSpec::new("uv").arg("lock");
    let answer = runner.run_with(&spec, &mut |_, line| lines.push(line.to_owned())).unwrap();
    assert!(!answer.success());
    assert_eq!((lines, runner.lines()), (vec!["no".to_owned()], vec!["uv lock".to_owned()]));
}
