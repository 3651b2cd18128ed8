use std::fs;

use super::*;
use crate::{Form, Origin};

struct Built {
    folder: tempfile::TempDir,
}

impl Built {
    fn new() -> Self {
        let built = Self { folder: tempfile::tempdir().unwrap() };
        built.write("pyvenv.cfg", "home = /usr/bin\nversion = 3.11.7\n");
        built
    }

    #[expect(clippy::disallowed_methods, reason = "the test makes its own environment")]
    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn package(&self, path: &str, content: impl AsRef<[u8]>) {
        self.write(&format!("lib/python3.11/site-packages/{path}"), content);
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn read(&self) -> Environment {
        Environment::read(self.folder.path()).unwrap()
    }
}

fn problems(environment: &Environment) -> Vec<String> {
    let shown = environment.problems.iter().map(|problem| {
        let file = problem.path.file_name().unwrap().to_string_lossy();
        format!("{file}: {}", problem.kind)
    });
    shown.collect()
}

#[test]
fn a_distribution_is_read_with_all_its_files() {
    let built = Built::new();
    let info = "Flask_Thing-3.0.dist-info";
    built.package(
        &format!("{info}/METADATA"),
        "Metadata-Version: 2.1\nName: Flask.Thing\nVersion: 3.0\nRequires-Python: >=3.8\nRequires-Dist: six\nProvides-Extra: x\n\ntext\n",
    );
    built.package(&format!("{info}/INSTALLER"), "pip\n");
    built.package(&format!("{info}/REQUESTED"), "");
    built.package(&format!("{info}/top_level.txt"), "flask_thing\n");
    built.package(&format!("{info}/RECORD"), "../../../../../etc/passwd,,\n");
    built.package(&format!("{info}/entry_points.txt"), "[console_scripts]\nflask = a:b\n");
    let environment = built.read();
    let found = environment.find("flask_thing").unwrap();
    assert_eq!((found.name.as_str(), found.version.as_str()), ("Flask.Thing", "3.0"));
    assert_eq!((found.installer.as_deref(), found.requested), (Some("pip"), true));
    assert_eq!((&found.requires[..], &found.extras[..]), (&["six".to_owned()][..], &["x".to_owned()][..]));
    assert_eq!(
        (found.requires_python.as_deref(), &found.top_level[..]),
        (Some(">=3.8"), &["flask_thing".to_owned()][..])
    );
    assert_eq!(found.record().0[0].path, "../../../../../etc/passwd");
    assert_eq!(found.entry_points().0[0].value, "a:b");
    assert_eq!((environment.kind, environment.interpreter.minor.as_str()), (Kind::Virtual, "3.11"));
    assert!(environment.problems.is_empty());
}

#[test]
fn what_is_broken_is_told_and_stops_nothing() {
    let built = Built::new();
    built.package("good-1.dist-info/METADATA", "Name: good\nVersion: 1\n");
    built.package("bare-1.2.dist-info/INSTALLER", "pip\n");
    built.package("latin-1.dist-info/METADATA", b"Name: latin\nVersion: 1\nAuthor: caf\xe9\n");
    built.package("noversion-2.0.dist-info/METADATA", "Name: noversion\n");
    built.package("noname-3.dist-info/METADATA", "Version: 3\n");
    built.package("json-1.dist-info/METADATA", "Name: json\nVersion: 1\n");
    built.package("json-1.dist-info/direct_url.json", "{");
    built.package("~ood-0.9.dist-info/METADATA", "Name: good\nVersion: 0.9\n");
    built.package("good-0.dist-info/METADATA", "Name: Good\nVersion: 0\n");
    built.package("zip-1.egg", "PK");
    built.package("gone.egg-link", "/nowhere/at/all\n.\n");
    built.package("-.dist-info/METADATA", "Name: -\nVersion: 1\n");
    let environment = built.read();
    let found: Vec<(&str, &str)> =
        environment.distributions.iter().map(|it| (it.name.as_str(), it.version.as_str())).collect();
    assert_eq!(
        found,
        [
            ("bare", "1.2"),
            ("Good", "0"),
            ("json", "1"),
            ("latin", "1"),
            ("noname", "3"),
            ("noversion", "2.0")
        ]
    );
    let told = problems(&environment);
    let expected = [
        "-.dist-info: the metadata has no name",
        "METADATA: the distribution has no metadata file",
        "gone.egg-link: the link leads to a folder without metadata",
        "good-1.dist-info: Good is installed twice; the first one counts",
        "direct_url.json: it is not the expected JSON: EOF while parsing an object at line 1 column 1",
        "METADATA: the file is not UTF-8",
        "noname-3.dist-info: the metadata has no name",
        "noversion-2.0.dist-info: the metadata has no version",
        "zip-1.egg: zipped eggs are not read",
        "~ood-0.9.dist-info: pip was interrupted while it removed this distribution",
    ];
    assert_eq!(told, expected);
}

#[test]
fn eggs_and_links_are_read() {
    let built = Built::new();
    built.package("old-1.0-py3.11.egg-info", "Metadata-Version: 1.1\nName: old\nVersion: 1.0\n");
    built.package("folder-2.0.egg-info/PKG-INFO", "Name: folder\nVersion: 2.0\n");
    built.package("folder-2.0.egg-info/requires.txt", "a\n[x]\nb\n");
    built.package("egg-3.0-py3.11.egg/EGG-INFO/PKG-INFO", "Name: egg\nVersion: 3.0\n");
    built.write("work/src/My_Project.egg-info/PKG-INFO", "Name: my-project\nVersion: 0.1\n");
    let source = built.path("work/src");
    built.package("my-project.egg-link", format!("{}\n../", source.display()));
    let environment = built.read();
    assert_eq!(problems(&environment), Vec::<String>::new());
    let forms: Vec<(&str, &str, Form)> =
        environment.distributions.iter().map(|it| (it.name.as_str(), it.version.as_str(), it.form)).collect();
    assert_eq!(
        forms,
        [
            ("egg", "3.0", Form::EggInfo),
            ("folder", "2.0", Form::EggInfo),
            ("my-project", "0.1", Form::EggLink),
            ("old", "1.0", Form::EggInfo)
        ]
    );
    assert_eq!(environment.find("folder").unwrap().requires, ["a", "b ; extra == 'x'"]);
    let expected = Origin::Directory { path: built.path("work"), editable: true, checkout: None };
    assert_eq!(environment.find("my-project").unwrap().origin, expected);
}

#[test]
fn editable_files_tell_where_nothing_else_does() {
    let built = Built::new();
    built.write("work/a/pyproject.toml", "");
    built.write("work/a/src/a/__init__.py", "");
    let source = built.path("work/a/src");
    built.package("a-1.dist-info/METADATA", "Name: a\nVersion: 1\n");
    built.package("__editable__.a-1.pth", format!("{}\n", source.display()));
    built.package("b_c-1.dist-info/METADATA", "Name: b.c\nVersion: 1\n");
    built.package(
        "__editable__.b_c-1.pth",
        "import __editable___b_c_1_finder; __editable___b_c_1_finder.install()",
    );
    let mapping = format!("MAPPING: dict[str, str] = {{'b': '{}'}}\n", built.path("work/b/b").display());
    built.package("__editable___b_c_1_finder.py", format!("import sys\n{mapping}"));
    let environment = built.read();
    let path = |name: &str| match &environment.find(name).unwrap().origin {
        Origin::Directory { path, editable: true, .. } => path.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((path("a"), path("b-c")), (built.path("work/a"), built.path("work/b")));
}

#[test]
fn a_checkout_is_known_from_the_files_of_git() {
    let built = Built::new();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    built.write(
        "src/x/.git/config",
        "[core]\n[remote \"origin\"]\n\turl = https://me:token@git.example/x.git\n",
    );
    built.write("src/x/.git/HEAD", "ref: refs/heads/main\n");
    built.write("src/x/.git/packed-refs", format!("# pack-refs\n{commit} refs/heads/main\n"));
    built.package("x-1.dist-info/METADATA", "Name: x\nVersion: 1\n");
    let path = built.path("src/x").display().to_string().replace('\\', "/");
    let url = format!("file:///{}/lib", path.trim_start_matches('/'));
    built.package(
        "x-1.dist-info/direct_url.json",
        format!(r#"{{"url": "{url}", "dir_info": {{"editable": true}}}}"#),
    );
    let environment = built.read();
    let Origin::Directory { checkout: Some(checkout), .. } = &environment.find("x").unwrap().origin else {
        panic!("no checkout")
    };
    assert_eq!((checkout.url.as_str(), checkout.commit.as_str()), ("https://git.example/x.git", commit));
    assert_eq!((checkout.subdirectory.as_deref(), checkout.had_credentials), (Some("lib"), true));
    built.write("src/x/.git/HEAD", "ref: refs/../../../secret\n");
    let environment = built.read();
    let Origin::Directory { checkout: None, .. } = &environment.find("x").unwrap().origin else {
        panic!("a checkout")
    };
}

#[test]
fn a_conda_environment_lists_what_conda_installed() {
    let folder = Built::new();
    folder.write("c/conda-meta/history", "");
    let json = |name: &str, files: &str, spec: &str| {
        format!(
            r#"{{"name": "{name}", "version": "1.0", "build": "py311_0", "channel": "https://conda.example/t/x/main", "files": [{files}], "requested_spec": "{spec}"}}"#
        )
    };
    let dist = |name: &str| format!("\"lib/python3.11/site-packages/{name}-1.0.dist-info/METADATA\"");
    folder.write("c/conda-meta/python-3.11.4-0.json", json("python", "", "python=3.11"));
    folder.write("c/conda-meta/flask-1.0-0.json", json("flask", &dist("flask"), "flask"));
    folder
        .write("c/conda-meta/six-1.0-0.json", json("six", &dist("six"), "None").replace("\"None\"", "null"));
    folder.write("c/conda-meta/broken.json", "{}");
    for name in ["flask", "six"] {
        let info = format!("c/lib/python3.11/site-packages/{name}-1.0.dist-info");
        folder.write(&format!("{info}/METADATA"), format!("Name: {name}\nVersion: 1.0\n"));
        folder.write(&format!("{info}/INSTALLER"), "conda\n");
    }
    let environment = Environment::read(&folder.path("c")).unwrap();
    assert_eq!((environment.kind, environment.interpreter.version.as_str()), (Kind::Conda, "1.0"));
    let names: Vec<&str> = environment.conda_packages.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["flask", "python", "six"]);
    assert_eq!(environment.conda_packages[0].channel, "https://conda.example/main");
    assert_eq!(problems(&environment), ["broken.json: it is not the expected JSON: it has no name"]);
    let roots = environment.roots();
    assert_eq!(
        roots.of.iter().map(|root| root.distribution.name.as_str()).collect::<Vec<_>>(),
        ["flask", "six"]
    );
    assert_eq!(roots.basis, crate::Basis::Marks);
}

#[test]
fn every_layout_is_found_once() {
    let built = Built::new();
    for folder in [
        "Lib/site-packages",
        "lib/pypy3.10/site-packages",
        "lib64/python3.9/site-packages",
        "lib/python3.11/site-packages",
    ] {
        fs::create_dir_all(built.path(folder)).unwrap();
    }
    let environment = built.read();
    assert_eq!(environment.site_packages.len(), 4);
    let windows = Built::new();
    windows.write(
        "Lib/site-packages/a-1.dist-info/METADATA",
        "Name: a\nVersion: 1\nRequires-Dist: b; os_name == 'nt'\n",
    );
    let environment = windows.read();
    assert!(
        environment.interpreter.windows && environment.interpreter.holds("sys_platform == 'win32'", None)
    );
}

#[test]
fn what_is_no_environment_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = Environment::read(folder.path()).unwrap_err();
    assert!(matches!(error, Error::NotAnEnvironment { .. }) && error.hint().is_some());
    assert!(matches!(Environment::read(&folder.path().join("gone")), Err(Error::Read { .. })));
}

#[test]
fn an_installer_is_the_first_line_of_its_file() {
    let built = Built::new();
    for (name, text) in [("a", "\n uv \nx\n"), ("b", " \n")] {
        built.package(&format!("{name}-1.dist-info/METADATA"), format!("Name: {name}\nVersion: 1\n"));
        built.package(&format!("{name}-1.dist-info/INSTALLER"), text);
    }
    let environment = built.read();
    assert_eq!(environment.find("a").unwrap().installer.as_deref(), Some("uv"));
    assert_eq!(environment.find("b").unwrap().installer, None);
}

#[cfg(unix)]
#[test]
fn a_distribution_whose_name_is_no_text_is_told() {
    use std::os::unix::ffi::OsStringExt as _;

    let built = Built::new();
    built.package("a-1.dist-info/METADATA", "Name: a\nVersion: 1\n");
    let odd = std::ffi::OsString::from_vec(b"caf\xe9-1.dist-info".to_vec());
    fs::create_dir(built.path("lib/python3.11/site-packages").join(odd)).unwrap();
    let environment = built.read();
    assert_eq!(environment.distributions.len(), 1);
    assert_eq!(problems(&environment), ["caf\u{fffd}-1.dist-info: it cannot be read: its name is not UTF-8"]);
}

/// Pipes, devices, links in circles, and lines of many megabytes: told, and never waited for.
#[cfg(unix)]
#[test]
fn hostile_files_do_no_harm() {
    use std::os::unix::fs::symlink;

    let built = Built::new();
    built.package(
        "big-1.dist-info/METADATA",
        format!("Name: big\nVersion: 1\nKeywords: {}\n", "x".repeat(17 << 20)),
    );
    built.package("dev-1.dist-info/INSTALLER", "pip");
    symlink("/dev/zero", built.path("lib/python3.11/site-packages/dev-1.dist-info/METADATA")).unwrap();
    symlink("loop", built.path("lib/python3.11/loop")).unwrap();
    symlink("loop-1.dist-info", built.path("lib/python3.11/site-packages/loop-1.dist-info")).unwrap();
    symlink("lib", built.path("lib64")).unwrap();
    let environment = built.read();
    assert_eq!(environment.site_packages.len(), 1);
    assert_eq!(environment.find("big").unwrap().version, "1");
    let told = problems(&environment).join("\n");
    for expected in ["too large", "not a regular file", "cannot be read"] {
        assert!(told.contains(expected), "{told}");
    }
}
