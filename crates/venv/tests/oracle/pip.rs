//! pip, and whether it tells the same as we do.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use uvshift_testkit::{Project, pip_python};
use uvshift_venv::{
    ListOptions, Snapshot, freeze, freeze_without_tools, inspect, json as snapshot_json, list,
};

pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{}{stderr}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The pinned pip, working on an environment, offline and without the settings of the machine.
pub(crate) fn pip(project: &Project, environment: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(pip_python());
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    command.args(["-I", "-m", "pip", "--isolated", "--no-input", "--disable-pip-version-check"]);
    command.arg("--python").arg(python).args(arguments);
    run(command.current_dir(project.path()).env_remove("PYTHONPATH"))
}

/// `pip list`, `pip freeze` with and without tools, and `pip inspect` tell the same as a snapshot.
pub(crate) fn assert_same(project: &Project, snapshot: &Snapshot) {
    assert_kept_and_listed(snapshot);
    let ask = |arguments: &[&str]| pip(project, &snapshot.root, arguments);
    let listed: Value = serde_json::from_str(&ask(&["list", "--local", "--format", "json"])).unwrap();
    assert_eq!(our_list(snapshot), by_name(&listed, |row| &row["name"]));
    assert_eq!(freeze(snapshot), ask(&["freeze", "--local", "--all"]));
    assert_eq!(freeze_without_tools(snapshot), ask(&["freeze", "--local"]));
    let mut theirs: Value = serde_json::from_str(&ask(&["inspect", "--local"])).unwrap();
    let mut ours = inspect(snapshot);
    for report in [&mut ours, &mut theirs] {
        report["installed"] = by_name(&report["installed"], |found| &found["metadata"]["name"]);
        // That of the pip which runs, which is not in the environment.
        report.as_object_mut().unwrap().remove("pip_version");
    }
    for key in ["platform_release", "platform_version"] {
        theirs["environment"].as_object_mut().unwrap().remove(key);
    }
    for (ours, theirs) in
        ours["installed"].as_array().unwrap().iter().zip(theirs["installed"].as_array().unwrap())
    {
        assert_eq!(ours, theirs);
    }
    assert_eq!(ours, theirs);
}

/// The JSON form holds all of it, and a list tells the same in short.
fn assert_kept_and_listed(snapshot: &Snapshot) {
    let text = snapshot_json::to_json(snapshot).to_string();
    let back = snapshot_json::from_json(&serde_json::from_str(&text).unwrap()).unwrap();
    assert_eq!((&back.packages, &back.python), (&snapshot.packages, &snapshot.python));
    let listing = list(&ListOptions { named: vec![snapshot.root.clone()], ..ListOptions::default() });
    let [row] = &listing.found[..] else { panic!("{listing:?}") };
    assert_eq!((row.packages, &row.python), (snapshot.packages.len(), &snapshot.python.version));
    assert_eq!((&row.created_by, &row.broken), (&snapshot.created_by, &None));
}

fn our_list(snapshot: &Snapshot) -> Value {
    let rows = snapshot.packages.iter().map(|package| {
        let mut row = json!({ "name": package.name, "version": package.version });
        if let uvshift_installed::Origin::Directory { path, editable: true, .. } = &package.origin {
            row["editable_project_location"] = json!(path.to_str().unwrap());
        }
        row
    });
    by_name(&rows.collect(), |row| &row["name"])
}

fn by_name(list: &Value, name: impl Fn(&Value) -> &Value) -> Value {
    let mut rows = list.as_array().unwrap().clone();
    rows.sort_by_key(|row| uvshift_requirements::normalize_name(name(row).as_str().unwrap()));
    Value::Array(rows)
}
