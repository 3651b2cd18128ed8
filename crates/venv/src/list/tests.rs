use std::fs;
use std::path::Path;

use super::*;

/// A folder in which environments are made as files.
struct Built(tempfile::TempDir);

impl Built {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, path: &str) -> PathBuf {
        // What Windows puts before a real path is in no file of an environment.
        let root = self.0.path().canonicalize().unwrap();
        PathBuf::from(root.to_str().unwrap().trim_start_matches(r"\\?\")).join(path)
    }

    #[expect(clippy::disallowed_methods, reason = "the test makes its own environments")]
    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// An environment whose Python is a copy beside it.
    fn environment(&self, path: &str) -> PathBuf {
        self.write("python/bin/python3.11", "");
        let home = self.path("python/bin");
        self.write(
            &format!("{path}/pyvenv.cfg"),
            &format!("home = {}\nversion = 3.11.7\nprompt = web\n", home.display()),
        );
        self.write(&format!("{path}/bin/python"), "");
        for info in
            ["a-1.dist-info", "A-2.dist-info", "b_c-1.dist-info", "~-1.dist-info", "d-1-py3.11.egg-info"]
        {
            self.write(&format!("{path}/lib/python3.11/site-packages/{info}/METADATA"), "");
        }
        self.write(&format!("{path}/lib/python3.11/site-packages/e.egg-link"), "/gone\n");
        self.path(path)
    }
}

fn rows(listing: &Listing, root: &Path) -> Vec<(Place, String)> {
    let inner = |path: &Path| path.strip_prefix(root).unwrap().display().to_string().replace('\\', "/");
    listing.found.iter().map(|found| (found.place, inner(&found.path))).collect()
}

fn told(listing: &Listing) -> Vec<String> {
    listing.problems.iter().map(ToString::to_string).collect()
}

/// One environment for each place.
fn everywhere() -> (Built, ListOptions) {
    let built = Built::new();
    for path in [
        "web/.venv",
        "web/other name",
        "web/.tox/py311",
        "web/.nox/tests-3-11",
        "web/.hatch/docs",
        "web/sub/deep/.venv",
        "workon/api",
        "poetry/web-Xyz-py3.11",
        "pipenv/web-abc",
        "hatch/web/abcd/test",
        "pyenv/3.11.7/envs/tool",
        "named",
    ] {
        built.environment(path);
    }
    built.write("pyenv/3.11.7/bin/python3.11", "");
    let conda = "conda/envs/data/conda-meta";
    built.write(&format!("{conda}/history"), "# conda version: 24.1.2\n");
    built.write(
        &format!("{conda}/python-3.12.1-h1_0_cpython.json"),
        r#"{"name": "python", "version": "3.12.1"}"#,
    );
    built.write(&format!("{conda}/python-dateutil-2.9.0-py_0.json"), "broken");
    built.write("elsewhere/conda-meta/history", "");
    built.write("environments.txt", &format!("{}\n\n/gone\nrelative\n", built.path("elsewhere").display()));
    built.write("pipenv/web-abc/.project", &format!("{}\n", built.path("srv/web").display()));
    let home = |place, folder: &str| Home { place, folder: built.path(folder) };
    let options = ListOptions {
        projects: vec![built.path("web")],
        named: vec![built.path("named"), built.path("web/.venv")],
        homes: vec![
            home(Place::Virtualenvwrapper, "workon"),
            home(Place::Poetry, "poetry"),
            home(Place::Pipenv, "pipenv"),
            home(Place::Hatch, "hatch"),
            home(Place::Pyenv, "pyenv"),
            home(Place::Conda, "conda/envs"),
            home(Place::Poetry, "gone"),
        ],
        conda_list: Some(built.path("environments.txt")),
        active: Some(built.path("workon/../workon/api")),
        with_size: true,
    };
    (built, options)
}

#[test]
fn environments_are_found_where_tools_keep_them() {
    let (built, options) = everywhere();
    let listing = list(&options);
    assert_eq!(told(&listing), Vec::<String>::new());
    let expected = [
        (Place::Named, "named"),
        (Place::Named, "web/.venv"),
        (Place::Project, "web/other name"),
        (Place::Tox, "web/.tox/py311"),
        (Place::Nox, "web/.nox/tests-3-11"),
        (Place::Virtualenvwrapper, "workon/api"),
        (Place::Poetry, "poetry/web-Xyz-py3.11"),
        (Place::Pipenv, "pipenv/web-abc"),
        (Place::Hatch, "hatch/web/abcd/test"),
        (Place::Hatch, "web/.hatch/docs"),
        (Place::Pyenv, "pyenv/3.11.7/envs/tool"),
        (Place::Conda, "conda/envs/data"),
        (Place::Conda, "elsewhere"),
    ];
    assert_eq!(rows(&listing, &built.path("")), expected.map(|(place, path)| (place, path.to_owned())));
}

#[test]
fn a_row_tells_what_an_environment_is() {
    let (built, options) = everywhere();
    let listing = list(&options);
    let found = |name: &str| listing.found.iter().find(|found| found.name == name).unwrap();
    let other = found("other name");
    assert_eq!(
        (other.packages, other.python.as_deref(), other.prompt.as_deref()),
        (4, Some("3.11.7"), Some("web"))
    );
    assert_eq!(
        (other.kind, other.created_by.as_deref(), &other.broken),
        (Kind::Virtual, Some("venv"), &None)
    );
    assert_eq!(other.project, Some(built.path("web")));
    assert!(other.modified.is_some() && other.size.is_some_and(|size| size > 0));
    assert_eq!(found("web-abc").project, Some(built.path("srv/web")));
    let conda = found("data");
    assert_eq!(
        (conda.kind, conda.python.as_deref(), conda.created_by.as_deref()),
        (Kind::Conda, Some("3.12.1"), Some("conda 24.1.2"))
    );
    let active: Vec<&str> =
        listing.found.iter().filter(|found| found.active).map(|found| &*found.name).collect();
    assert_eq!(active, ["api"]);
}

#[test]
fn what_is_no_environment_is_told_where_it_was_named() {
    let built = Built::new();
    built.write("plain/file", "");
    let options = ListOptions {
        named: vec![built.path("plain"), built.path("gone")],
        projects: vec![built.path("missing")],
        conda_list: Some(built.path("no/list")),
        ..ListOptions::default()
    };
    let listing = list(&options);
    assert_eq!(rows(&listing, &built.path("")), []);
    let told = told(&listing);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(
        told[0].ends_with("plain: it is not a Python environment") && told[2].contains("cannot be read"),
        "{told:?}"
    );
}

#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_methods, reason = "the test breaks its own environments")]
fn what_does_not_work_is_told_with_the_reason() {
    use std::os::unix::fs::symlink;

    let built = Built::new();
    let link = |name: &str, target: &Path| {
        let environment = built.environment(&format!("web/{name}"));
        fs::rename(environment.join("bin/python"), environment.join("bin/old")).unwrap();
        symlink(target, environment.join("bin/python")).unwrap();
    };
    built.write("python/bin/python3.12", "");
    link("gone", Path::new("/gone/python3.11"));
    link("loop", Path::new("python"));
    link("newer", &built.path("python/bin/python3.12"));
    link("whole", &built.path("python/bin/python3.11"));
    let none = built.environment("web/none");
    fs::rename(none.join("bin"), none.join("old")).unwrap();
    let empty = built.environment("web/empty");
    fs::remove_dir_all(empty.join("lib")).unwrap();
    let copied = built.environment("web/copied");
    assert!(copied.join("bin/python").is_file());
    let listing = list(&ListOptions { projects: vec![built.path("web")], ..ListOptions::default() });
    for found in &listing.found {
        let broken = crate::Snapshot::read(&found.path).unwrap().broken();
        assert_eq!(broken.is_some(), found.broken.is_some(), "{}", found.name);
    }
    let broken = listing.found.iter().map(|found| {
        let why = found.broken.as_ref().map(ToString::to_string).unwrap_or_default();
        (&*found.name, why.replace(&*built.path("").to_string_lossy(), "/"))
    });
    assert_eq!(
        broken.collect::<Vec<_>>(),
        [
            ("copied", String::new()),
            ("empty", "it has no folder of packages".to_owned()),
            ("gone", "its Python is gone from `/python/bin`".to_owned()),
            ("loop", "its Python is gone from `/python/bin`".to_owned()),
            ("newer", "it was made for Python 3.11, and its Python is 3.12 now".to_owned()),
            ("none", "it has no Python".to_owned()),
            ("whole", String::new()),
        ]
    );
}

/// Links in circles, links out of the folder, pipes: told or passed over, and never waited for.
#[cfg(unix)]
#[test]
fn hostile_folders_do_no_harm() {
    use std::os::unix::fs::symlink;

    let built = Built::new();
    let environment = built.environment("web/.venv");
    symlink("circle", built.path("web/circle")).unwrap();
    symlink("/gone", built.path("web/dangling")).unwrap();
    symlink(".venv", built.path("web/again")).unwrap();
    symlink("..", environment.join("up")).unwrap();
    symlink("/", environment.join("lib/root")).unwrap();
    built.write("web/forged/pyvenv.cfg/folder", "");
    let options =
        ListOptions { projects: vec![built.path("web")], with_size: true, ..ListOptions::default() };
    let listing = list(&options);
    // `again` is the same folder.
    assert_eq!(rows(&listing, &built.path("")), [(Place::Project, "web/.venv".to_owned())]);
    let told = told(&listing);
    assert!(told.len() == 1 && told[0].contains("circle: it cannot be read"), "{told:?}");
    let size = listing.found[0].size.unwrap();
    assert!(size < 4 << 20, "{size}");
}

/// `du` counts in the same way.
#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_methods, reason = "the test asks the original")]
fn a_size_is_that_of_du() {
    let built = Built::new();
    let environment = built.environment("env");
    built.write("env/big", &"x".repeat(100_000));
    fs::hard_link(environment.join("big"), environment.join("same")).unwrap();
    std::os::unix::fs::symlink("big", environment.join("link")).unwrap();
    let output = std::process::Command::new("du").args(["-s", "-k"]).arg(&environment).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let kilobytes: u64 = text.split_whitespace().next().unwrap().parse().unwrap();
    let listing = list(&ListOptions { named: vec![environment], with_size: true, ..ListOptions::default() });
    assert_eq!(listing.found[0].size.unwrap().div_ceil(1024), kilobytes);
}
