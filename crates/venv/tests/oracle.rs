//! The same environments told by us and by pip.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "the test makes environments with the tools themselves")]

mod oracle {
    pub(crate) mod made;
    pub(crate) mod odd;
    pub(crate) mod pip;
}

use oracle::made::Made;
use oracle::odd;
use oracle::pip::assert_same;
use uvshift_installed::{Form, Origin};
use uvshift_venv::{ScriptKind, Snapshot};

fn names_of_scripts(snapshot: &Snapshot, package: &str) -> Vec<(String, ScriptKind, Option<String>)> {
    let scripts = &snapshot.find(package).unwrap().scripts;
    scripts.iter().map(|script| (script.name.clone(), script.kind, script.entry_point.clone())).collect()
}

/// What both installers leave behind in the same way.
fn assert_common(snapshot: &Snapshot) {
    assert_eq!(
        names_of_scripts(snapshot, "tool"),
        [
            ("tool".to_owned(), ScriptKind::Console, Some("tool.cli:main".to_owned())),
            ("tool-window".to_owned(), ScriptKind::Gui, Some("tool.cli:window".to_owned())),
            ("tool.sh".to_owned(), ScriptKind::File, None),
        ]
    );
    assert_eq!(snapshot.find("tool").unwrap().top_level, ["_speedup", "tool", "tool_plugin"]);
    assert_eq!(snapshot.find("ns-one").unwrap().top_level, ["ns"]);
    assert_eq!(snapshot.find("flask.app").unwrap().name, "Flask.App");
    assert_eq!(snapshot.find("flask-app").unwrap().pure, Some(true));
    let Origin::Archive { url, .. } = &snapshot.find("by-url").unwrap().origin else { panic!("no archive") };
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let Origin::Vcs { commit, requested_revision, .. } = &snapshot.find("by-git").unwrap().origin else {
        panic!("no repository")
    };
    assert_eq!((commit.len(), requested_revision.as_deref()), (40, Some("v1")));
    assert!(snapshot.find("by-folder-editable").unwrap().origin.is_editable());
    assert_eq!(snapshot.problems, []);
    let python = &snapshot.python;
    assert!(python.version.as_deref().unwrap().split('.').count() >= 3);
    assert_eq!(python.implementation.as_deref(), Some("CPython"));
    assert!(python.executable.as_deref().unwrap().starts_with(&snapshot.root));
    let base = python.base.as_deref().unwrap();
    assert!(base.is_file() && !base.starts_with(&snapshot.root), "{}", base.display());
}

#[test]
fn an_environment_of_venv_and_pip_is_what_pip_says() {
    let made = Made::new();
    let environment = made.venv("env", &["--prompt", "my web"]);
    made.pip_install(&environment, &[]);
    made.pip_install(&environment, &["-e", &made.editable_repository]);
    let snapshot = Snapshot::read(&environment).unwrap();
    assert_same(&made.project, &snapshot);
    assert_common(&snapshot);
    assert_eq!((snapshot.prompt.as_deref(), snapshot.created_by.as_deref()), (Some("my web"), Some("venv")));
    let frozen = uvshift_venv::freeze(&snapshot);
    for expected in
        ["#egg=by_git_editable&subdirectory=lib", "-e git+file://", "# Editable install with no version"]
    {
        assert!(frozen.contains(expected), "{frozen}");
    }
    assert!(snapshot.find("tool").unwrap().requested && !snapshot.find("six").unwrap().requested);
    assert_told_without_files(&snapshot);
}

/// A snapshot that comes out of an archive has no files behind it, and tells where packages came from all the same.
fn assert_told_without_files(snapshot: &Snapshot) {
    let report = uvshift_venv::inspect(snapshot);
    let mut moved = snapshot.clone();
    moved.packages.iter_mut().for_each(|package| package.location = "/gone".into());
    let told = uvshift_venv::inspect(&moved);
    let rows = |report: &serde_json::Value| report["installed"].as_array().unwrap().clone();
    for (with, without) in rows(&report).iter().zip(&rows(&told)) {
        for key in ["direct_url", "installer", "requested"] {
            assert_eq!(with[key], without[key], "{}", with["metadata"]["name"]);
        }
        for key in ["name", "version", "requires_dist", "requires_python"] {
            assert_eq!(with["metadata"][key], without["metadata"][key]);
        }
    }
    assert_eq!(uvshift_venv::freeze(snapshot), uvshift_venv::freeze(&moved));
}

#[test]
fn an_environment_of_uv_is_what_pip_says() {
    let made = Made::new();
    let environment = made.uv_venv("env");
    made.uv_install(&environment);
    let snapshot = Snapshot::read(&environment).unwrap();
    assert_same(&made.project, &snapshot);
    assert_common(&snapshot);
    assert_eq!(snapshot.created_by.as_deref(), Some("uv 0.13.9"));
    assert_eq!(snapshot.find("tool").unwrap().installer.as_deref(), Some("uv"));
}

/// With pip in it, and with the packages of the base Python visible, which are not listed.
#[test]
fn an_environment_with_seeds_and_system_packages_is_what_pip_says() {
    let made = Made::new();
    let environment = made.venv_with_pip("env", &["--system-site-packages"]);
    let snapshot = Snapshot::read(&environment).unwrap();
    assert!(snapshot.system_site_packages);
    assert!(snapshot.find("pip").is_some());
    assert_same(&made.project, &snapshot);
    assert!(
        uvshift_venv::freeze(&snapshot).contains("pip==")
            && uvshift_venv::freeze_without_tools(&snapshot).is_empty()
    );
    let scripts = names_of_scripts(&snapshot, "pip");
    assert!(scripts.iter().any(|(name, kind, _)| name == "pip" && *kind == ScriptKind::Console));
    // An entry point of older wheels of pip; newer ones make it without one.
    assert!(scripts.iter().any(|(name, ..)| name.starts_with("pip3.")));
}

/// `.egg-link`, `.egg` folders, `.egg-info` folders with their list of files, and the single file of distutils.
#[test]
fn what_setup_py_left_is_what_pip_says() {
    let made = Made::new();
    let environment = made.venv("env", &[]);
    made.legacy(&environment);
    let snapshot = Snapshot::read(&environment).unwrap();
    assert_same(&made.project, &snapshot);
    assert_eq!(snapshot.problems, []);
    let forms: Vec<(&str, Form)> =
        snapshot.packages.iter().map(|package| (package.name.as_str(), package.form)).collect();
    assert_eq!(
        forms,
        [
            ("Developed.Thing", Form::EggLink),
            ("distutils-thing", Form::EggInfo),
            ("egg-thing", Form::EggInfo),
            ("old-thing", Form::EggInfo)
        ]
    );
    assert_eq!(
        names_of_scripts(&snapshot, "developed-thing"),
        [
            ("developed".to_owned(), ScriptKind::Console, Some("developed:main".to_owned())),
            ("developed-run.py".to_owned(), ScriptKind::File, None),
        ]
    );
    assert_eq!(names_of_scripts(&snapshot, "egg-thing"), [("egg-run".to_owned(), ScriptKind::File, None)]);
    assert_eq!(names_of_scripts(&snapshot, "old-thing"), [("old-script".to_owned(), ScriptKind::File, None)]);
    assert_eq!(snapshot.find("old-thing").unwrap().top_level, ["old_module", "old_package"]);
}

/// setuptools makes a path, a path to `src` with an `.egg-info` in it, and a finder.
#[test]
fn editable_projects_of_setuptools_are_what_pip_says() {
    let made = Made::new();
    let folders = made.setuptools_projects();
    let environment = made.venv("env", &[]);
    made.install_editable(&environment, &folders);
    let snapshot = Snapshot::read(&environment).unwrap();
    assert_same(&made.project, &snapshot);
    assert_eq!(snapshot.problems, []);
    for (name, folder) in ["flat", "in-src", "mapped"].into_iter().zip(&folders) {
        let package = snapshot.find(name).unwrap();
        let Origin::Directory { path, editable: true, .. } = &package.origin else { panic!("{name}") };
        assert_eq!(&path.to_string_lossy(), folder);
        assert_eq!(package.top_level, [name.replace('-', "_")]);
    }
}

/// Folded headers, unknown ones, lines that are none, bodies of anything.
#[test]
fn odd_metadata_are_what_pip_says() {
    let made = Made::new();
    let environment = made.venv("env", &[]);
    odd::distributions(&environment, 400);
    assert_same(&made.project, &Snapshot::read(&environment).unwrap());
}
