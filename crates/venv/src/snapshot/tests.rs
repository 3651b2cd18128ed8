use std::fs;

use proptest::prelude::*;

use super::*;

/// An environment that is made as files.
struct Built(tempfile::TempDir);

const PACKAGES: &str = "lib/python3.11/site-packages";

impl Built {
    fn new(config: &str) -> Self {
        let built = Self(tempfile::tempdir().unwrap());
        if !config.is_empty() {
            built.write("env/pyvenv.cfg", config);
        }
        built
    }

    fn path(&self, path: &str) -> PathBuf {
        // What Windows puts before a real path is in no file of an environment.
        let root = self.0.path().canonicalize().unwrap();
        PathBuf::from(root.to_str().unwrap().trim_start_matches(r"\\?\")).join(path)
    }

    #[expect(clippy::disallowed_methods, reason = "the test makes its own environment")]
    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn package(&self, path: &str, content: impl AsRef<[u8]>) {
        self.write(&format!("env/{PACKAGES}/{path}"), content);
    }

    fn read(&self) -> Snapshot {
        Snapshot::read(&self.path("env")).unwrap()
    }
}

fn scripts(snapshot: &Snapshot, name: &str) -> Vec<(String, ScriptKind)> {
    snapshot.find(name).unwrap().scripts.iter().map(|script| (script.name.clone(), script.kind)).collect()
}

fn told(snapshot: &Snapshot) -> Vec<String> {
    let shown = snapshot
        .problems
        .iter()
        .map(|problem| format!("{}: {}", problem.path.file_name().unwrap().to_string_lossy(), problem.kind));
    shown.collect()
}

#[test]
fn the_maker_is_told_by_what_it_writes() {
    for (config, expected) in [
        ("uv = 0.13.9\nimplementation = CPython\n", "uv 0.13.9"),
        ("virtualenv = 20.29.1\n", "virtualenv 20.29.1"),
        ("command = /usr/bin/python3 -m venv /srv/env\n", "venv"),
    ] {
        let built = Built::new(config);
        assert_eq!(built.read().created_by.as_deref(), Some(expected));
    }
}

#[test]
fn an_environment_of_windows_is_read_anywhere() {
    let built = Built::new("version = 3.12.1\n");
    built.write("python/python.exe", "");
    built.write("env/pyvenv.cfg", format!("home = {}\nversion = 3.12.1\n", built.path("python").display()));
    let info = "env/Lib/site-packages/tool-1.dist-info";
    built.write(&format!("{info}/METADATA"), "Name: tool\nVersion: 1\n");
    built.write(
        &format!("{info}/entry_points.txt"),
        "[console_scripts]\ntool = t:m\n[gui_scripts]\nwindow = t:w\n",
    );
    built.write(
        &format!("{info}/RECORD"),
        "../../Scripts/tool.exe,,\n../../Scripts/tool-script.py,,\n../../Scripts/window-script.pyw,,\n../../Scripts/extra.exe,,\n../../Scripts/run.py,,\n",
    );
    built.write("env/Scripts/python.exe", "");
    let snapshot = built.read();
    let expected = [
        ("tool", ScriptKind::Console),
        ("window", ScriptKind::Gui),
        ("extra", ScriptKind::File),
        ("run.py", ScriptKind::File),
    ];
    assert_eq!(scripts(&snapshot, "tool"), expected.map(|(name, kind)| (name.to_owned(), kind)));
    assert_eq!(snapshot.python.executable, Some(built.path("env/Scripts/python.exe")));
    assert_eq!(snapshot.python.base, Some(built.path("python/python.exe")));
}

#[test]
fn a_package_of_conda_tells_its_channel() {
    let built = Built::new("");
    built.package("a-1.dist-info/METADATA", "Name: a\nVersion: 1\n");
    built.package("b-1.dist-info/METADATA", "Name: b\nVersion: 1\n");
    built.package("b-1.dist-info/provenance_url.json", r#"{"url": "https://u:p@files.example/b.whl"}"#);
    built.write("env/conda-meta/history", "==> 2024 <==\n# conda version: 24.1.2\n# conda version: 25.1.0\n");
    let files = format!("[\"{PACKAGES}/a-1.dist-info/METADATA\"]");
    built.write(
        "env/conda-meta/a-1-py311_0.json",
        format!(r#"{{"name": "a", "version": "1", "channel": "https://conda.example/t/secret/main", "files": {files}}}"#),
    );
    let snapshot = built.read();
    assert_eq!(snapshot.created_by.as_deref(), Some("conda 24.1.2"));
    assert_eq!(snapshot.find("a").unwrap().index.as_deref(), Some("https://conda.example/main"));
    assert_eq!(snapshot.find("b").unwrap().index.as_deref(), Some("https://files.example/b.whl"));
    assert!(!json::to_json(&snapshot).to_string().contains("secret"));
}

#[cfg(unix)]
#[test]
fn a_python_that_is_gone_is_told() {
    use std::os::unix::fs::symlink;

    let built = Built::new("home = /gone/bin\nversion_info = 3.11\n");
    fs::create_dir_all(built.path("env/bin")).unwrap();
    symlink("/gone/bin/python3", built.path("env/bin/python")).unwrap();
    let snapshot = built.read();
    assert_eq!(snapshot.python.executable, Some(built.path("env/bin/python")));
    assert_eq!((snapshot.python.base, snapshot.python.version.as_deref()), (None, Some("3.11")));

    // A copy in the environment does not work without the Python that it is a copy of.
    let built = Built::new("home = /gone/bin\nversion = 3.11.7\n");
    built.write("env/bin/python", "");
    assert_eq!(built.read().python.base, None);

    // Links over several steps lead to the base, whose headers know the version in full.
    built.write("base/bin/pypy3.11", "");
    built.write(
        "base/include/python3.11/patchlevel.h",
        "#define PY_MINOR_VERSION 11\n#define PY_VERSION \t \"3.11.7+\"\n",
    );
    fs::create_dir_all(built.path("other/bin")).unwrap();
    symlink("../base/bin/pypy3.11", built.path("other/step")).unwrap();
    symlink("../step", built.path("other/bin/python")).unwrap();
    built.write("other/pyvenv.cfg", "version_info = 3.11\n");
    let python = Snapshot::read(&built.path("other")).unwrap().python;
    assert_eq!(python.base, Some(built.path("base/bin/pypy3.11")));
    assert_eq!((python.version.as_deref(), python.implementation.as_deref()), (Some("3.11.7"), Some("PyPy")));
}

#[test]
fn what_is_broken_is_told_and_stops_nothing() {
    let built = Built::new("version = 3.11.7\n");
    built.package("good-1.dist-info/METADATA", "Name: good\nVersion: 1\n");
    built.package("good-1.dist-info/entry_points.txt", "[console_scripts]\n../x = a:b\n/etc/x = a:b\n = a:b\n.. = a:b\nfine = a:b\nfine = c:d\n\u{1b}[1m = a:b\n");
    let long = "x".repeat(1 << 20);
    built.package("good-1.dist-info/RECORD", format!("{long},,\n\"{long},,\n../../../bin/{long},,\n../../../../../../../../../../x,,\n/etc/passwd,,\n../../../bin/../../y,,\n../../../bin/real,,\n,,\n,\n\"\n"));
    built.package("good-1.dist-info/direct_url.json", "[]");
    built.package("good-1.dist-info/WHEEL", b"Root-Is-Purelib: caf\xe9\n");
    built.package("latin-1.dist-info/METADATA", b"Name: latin\nVersion: 1\xff\n");
    built.package("latin-1.dist-info/RECORD", b"caf\xe9/__init__.py,,\nok/__init__.py,,\n");
    let snapshot = built.read();
    let names: Vec<(String, ScriptKind)> =
        scripts(&snapshot, "good").into_iter().filter(|(name, _)| name.len() < 100).collect();
    assert_eq!(names, [("fine".to_owned(), ScriptKind::Console), ("real".to_owned(), ScriptKind::File)]);
    assert_eq!(snapshot.find("good").unwrap().pure, None);
    assert_eq!(snapshot.find("latin").unwrap().top_level, ["ok"]);
    assert_eq!(
        told(&snapshot),
        [
            "direct_url.json: the origin is unclear: it is no object",
            "METADATA: the file is not UTF-8",
            "WHEEL: the file is not UTF-8",
            "entry_points.txt: the name of a script is no file name: \"../x\"",
            "entry_points.txt: the name of a script is no file name: \"/etc/x\"",
            "entry_points.txt: the name of a script is no file name: \"\"",
            "entry_points.txt: the name of a script is no file name: \"..\"",
            "entry_points.txt: the name of a script is no file name: \"\\u{1b}[1m\"",
            "RECORD: the file is not UTF-8",
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_to_nothing_and_to_devices_do_no_harm() {
    use std::os::unix::fs::symlink;

    let built = Built::new("version = 3.11.7\n");
    built.package("a-1.dist-info/METADATA", "Name: a\nVersion: 1\n");
    let info = built.path(&format!("env/{PACKAGES}/a-1.dist-info"));
    symlink("/gone", info.join("RECORD")).unwrap();
    symlink("/dev/zero", info.join("WHEEL")).unwrap();
    symlink("entry_points.txt", info.join("entry_points.txt")).unwrap();
    symlink("bin", built.path("env/bin")).unwrap();
    built.package("b.egg-link", format!("{}\n.", built.path("env").display()));
    built.write("env/b.egg-info/PKG-INFO", "Name: b\nVersion: 1\n");
    let snapshot = built.read();
    assert_eq!(snapshot.packages.len(), 2);
    let told = told(&snapshot).join("\n");
    assert!(
        told.contains("WHEEL: it is not a regular file")
            && told.contains("entry_points.txt: it cannot be read"),
        "{told}"
    );
    assert_eq!(
        crate::freeze(&snapshot).lines().last(),
        Some(&*format!("-e {}", built.path("env").display()))
    );
    crate::inspect(&snapshot);
}

/// The sources of a develop install stand in a folder of their own; what can be installed is the folder above.
#[test]
fn a_develop_install_is_named_by_its_project() {
    let built = Built::new("version = 3.11.7\n");
    built.write("web/src/web.egg-info/PKG-INFO", "Name: web\nVersion: 1\n");
    built.package("web.egg-link", format!("{}\n../\n", built.path("web/src").display()));
    let snapshot = built.read();
    let project = built.path("web").display().to_string();
    assert_eq!(
        crate::freeze(&snapshot),
        format!("# Editable install with no version control (web==1)\n-e {project}\n")
    );
    let report = crate::inspect(&snapshot);
    let path = project.replace('\\', "/");
    assert_eq!(
        report["installed"][0]["direct_url"]["url"],
        format!("file:///{}", path.trim_start_matches('/'))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Any bytes in any file: read, never a panic, and nothing that leads out of the folder of programs.
    #[test]
    fn any_files_are_read(
        record in prop_oneof![Just(Vec::new()), "[a-z./\",\\n\\\\]{0,200}".prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..200)],
        points in "(\\[(console|gui)_scripts\\]\\n)?([a-z./\\\\: =\\[\\]]{0,20}\\n){0,6}",
        other in prop::collection::vec(any::<u8>(), 0..100),
        json in prop_oneof![
            Just(r#"{"url": "file:///a\n", "dir_info": {"editable": true}}"#.to_owned()),
            Just(r#"{"url": "https://u:hunter2@a.example/b", "archive_info": {"hash": "x"}}"#.to_owned()),
            "[a-z:{}\\[\\]\", ]{0,60}",
        ],
    ) {
        let built = Built::new("version = 3.11.7\n");
        built.package("a-1.dist-info/METADATA", "Name: a\nVersion: 1\n");
        built.package("a-1.dist-info/RECORD", record);
        built.package("a-1.dist-info/entry_points.txt", points);
        built.package("a-1.dist-info/WHEEL", &other);
        built.package("a-1.dist-info/direct_url.json", json);
        built.package("b-1.egg-info/PKG-INFO", &other);
        built.package("b-1.egg-info/installed-files.txt", &other);
        let snapshot = built.read();
        for script in snapshot.packages.iter().flat_map(|package| &package.scripts) {
            prop_assert!(Path::new(&script.name).file_name().is_some_and(|name| name == &*script.name));
        }
        let value = json::to_json(&snapshot);
        let back = json::from_json(&value).unwrap();
        prop_assert_eq!(&back.packages, &snapshot.packages);
        let told = [value.to_string(), crate::freeze(&snapshot), crate::inspect(&snapshot).to_string()];
        prop_assert!(told.iter().all(|text| !text.contains("hunter2")));
    }
}
