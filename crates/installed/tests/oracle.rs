//! The same environments read by us and by pip and uv.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the test makes environments with the tools themselves")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use uvshift_installed::{Basis, Environment, Origin};
use uvshift_testkit::{Project, WheelOptions, flat_index, git_repo, pip_python, uv_command, wheel};

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{}{stderr}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The pinned pip, working on an environment, offline and without the settings of the machine.
fn pip(project: &Project, environment: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(pip_python());
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    command.args(["-I", "-m", "pip", "--isolated", "--no-input", "--disable-pip-version-check"]);
    command.arg("--python").arg(python).args(arguments);
    run(command.current_dir(project.path()))
}

/// An environment without pip in it.
fn venv(project: &Project, name: &str) -> PathBuf {
    let path = project.path().join(name);
    run(Command::new(pip_python()).args(["-I", "-m", "venv", "--without-pip"]).arg(&path));
    path
}

fn wheels(project: &Project) -> String {
    let folder = project.beside("wheels");
    flat_index(
        &folder,
        &[
            ("Flask.App", "3.0", &["werkzeug>=2", "colorama ; sys_platform == 'win32'"]),
            ("werkzeug", "2.3.1", &[]),
            ("six", "1.16.0", &[]),
        ],
    );
    let options = WheelOptions::requiring(["six"]).extra("socks", &["werkzeug"]).python(">=3.7");
    wheel(&folder, "requests", "2.0.post1", &options);
    folder.to_string_lossy().into_owned()
}

/// Name, version, requirements, installer, whether it was asked for, and whether it is editable.
type Row = (String, String, Vec<String>, String, bool, bool);

fn ours(environment: &Environment) -> Vec<Row> {
    assert_eq!(environment.problems, []);
    let rows = environment.distributions.iter().map(|found| {
        let installer = found.installer.clone().unwrap_or_default();
        let editable = found.origin.is_editable();
        (
            found.name.clone(),
            found.version.clone(),
            found.requires.clone(),
            installer,
            found.requested,
            editable,
        )
    });
    rows.collect()
}

fn of_pip(inspected: &str) -> Vec<Row> {
    let report: Value = serde_json::from_str(inspected).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |found: &Value| {
        let requires =
            found["metadata"]["requires_dist"].as_array().into_iter().flatten().map(text).collect();
        let editable = found["direct_url"]["dir_info"]["editable"] == true;
        let metadata = &found["metadata"];
        let requested = found["requested"] == true;
        (
            text(&metadata["name"]),
            text(&metadata["version"]),
            requires,
            text(&found["installer"]),
            requested,
            editable,
        )
    };
    let mut rows: Vec<Row> = report["installed"].as_array().unwrap().iter().map(row).collect();
    rows.sort_by_key(|row| uvshift_requirements::normalize_name(&row.0));
    rows
}

fn root_names(environment: &Environment) -> Vec<String> {
    environment.roots().of.iter().map(|root| root.distribution.normalized_name.clone()).collect()
}

#[test]
fn an_environment_of_pip_is_what_pip_says() {
    let project = Project::new();
    let wheels = wheels(&project);
    let path = venv(&project, "env");
    pip(
        &project,
        &path,
        &["install", "-q", "--no-index", "--find-links", &wheels, "flask-app", "requests[socks]"],
    );
    let environment = Environment::read(&path).unwrap();
    assert_eq!(ours(&environment), of_pip(&pip(&project, &path, &["inspect"])));
    assert_eq!(environment.distributions.len(), 4);
    let listed: Value = serde_json::from_str(&pip(&project, &path, &["list", "--format", "json"])).unwrap();
    for found in listed.as_array().unwrap() {
        let version = environment.find(found["name"].as_str().unwrap()).map(|found| found.version.as_str());
        assert_eq!(version, found["version"].as_str());
    }
    assert_eq!(root_names(&environment), ["flask-app", "requests"]);
    assert_eq!(environment.roots().basis, Basis::Marks);
    assert!(environment.interpreter.version.starts_with(&environment.interpreter.minor));
    let (record, problems) = environment.find("six").unwrap().record();
    assert!(
        problems.is_empty()
            && record.iter().any(|entry| entry.path == "six/__init__.py" && entry.size.is_some())
    );
}

#[test]
fn an_environment_of_uv_is_what_pip_says() {
    let project = Project::new();
    let wheels = wheels(&project);
    run(uv_command(&project).args(["venv", "-q", "env"]));
    let path = project.path().join("env");
    let install = ["pip", "install", "-q", "--python", "env", "--no-index", "--find-links", &wheels];
    run(uv_command(&project).args(install).args(["flask-app", "requests"]));
    let environment = Environment::read(&path).unwrap();
    assert_eq!(ours(&environment), of_pip(&pip(&project, &path, &["inspect"])));
    assert!(environment.config.uv.is_some());
    // uv marks everything, so its marks tell nothing.
    assert_eq!(environment.roots().basis, Basis::Dependencies);
    assert_eq!(root_names(&environment), ["flask-app", "requests"]);
}

/// A build backend of one file that makes wheels and editable wheels without any other tool.
const BACKEND: &str = r#"
import os, zipfile
NAME, VERSION = "local_thing", "0.1"
def build(directory, files):
    info = f"{NAME}-{VERSION}.dist-info"
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\nRequires-Dist: six\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in files)
    wheel = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, wheel), "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel
def build_wheel(directory, config_settings=None, metadata_directory=None):
    return build(directory, {f"{NAME}.py": ""})
def build_editable(directory, config_settings=None, metadata_directory=None):
    return build(directory, {f"{NAME}.pth": os.getcwd() + "\n"})
"#;

const PYPROJECT: &str =
    "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n";

#[test]
fn origins_are_those_that_pip_reports() {
    let project = Project::new();
    let wheels = wheels(&project);
    project.write("local thing/pyproject.toml", PYPROJECT);
    project.write("local thing/backend.py", BACKEND);
    let path = venv(&project, "env");
    let install = ["install", "-q", "--no-index", "--find-links", &wheels, "--no-build-isolation"];
    let archive = format!("{wheels}/werkzeug-2.3.1-py3-none-any.whl");
    pip(&project, &path, &[&install[..], &["-e", "./local thing", &archive]].concat());
    let environment = Environment::read(&path).unwrap();
    assert_eq!(ours(&environment), of_pip(&pip(&project, &path, &["inspect"])));
    let Origin::Directory { path: found, editable: true, checkout: None } =
        &environment.find("local-thing").unwrap().origin
    else {
        panic!("not editable")
    };
    assert_eq!(found.canonicalize().unwrap(), project.path().join("local thing").canonicalize().unwrap());
    let Origin::Archive { url, hashes, .. } = &environment.find("werkzeug").unwrap().origin else {
        panic!("no archive")
    };
    assert!(url.starts_with("file://") && hashes[0].starts_with("sha256:"), "{url} {hashes:?}");
    assert_eq!(root_names(&environment), ["local-thing", "werkzeug"]);
}

#[test]
fn repositories_are_those_that_pip_reports() {
    let project = Project::new();
    let wheels = wheels(&project);
    let repository = git_repo(
        project.beside("thing"),
        &[("lib/pyproject.toml", PYPROJECT), ("lib/backend.py", BACKEND)],
        Some("v1"),
    );
    let url = format!("{}@v1#subdirectory=lib", repository.url());
    let plain_url = repository.url().replacen("git+", "", 1);
    for (name, arguments) in [
        ("plain", vec![format!("local-thing @ {url}")]),
        ("editable", vec!["-e".into(), format!("{url}&egg=local-thing")]),
    ] {
        let path = venv(&project, name);
        let install = ["install", "-q", "--no-index", "--find-links", &wheels, "--no-build-isolation"];
        let arguments: Vec<&str> = install.into_iter().chain(arguments.iter().map(String::as_str)).collect();
        pip(&project, &path, &arguments);
        let environment = Environment::read(&path).unwrap();
        assert_eq!(ours(&environment), of_pip(&pip(&project, &path, &["inspect"])));
        match &environment.find("local-thing").unwrap().origin {
            Origin::Vcs { url, commit, requested_revision, subdirectory, .. } => {
                assert_eq!((url, commit), (&plain_url, &repository.commit));
                assert_eq!(
                    (requested_revision.as_deref(), subdirectory.as_deref()),
                    (Some("v1"), Some("lib"))
                );
            }
            Origin::Directory { editable: true, checkout: Some(checkout), .. } => {
                assert_eq!((&checkout.url, &checkout.commit), (&plain_url, &repository.commit));
                assert_eq!(checkout.subdirectory.as_deref(), Some("lib"));
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}
