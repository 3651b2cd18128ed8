//! How the index fills its folder, and from whom it takes nothing.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use uvshift_bench::{LocalIndex, LocalIndexError, LocalIndexOptions, Mode};
use uvshift_process::{CommandSpec, Output, ProcessError, Runner, Stream, SystemRunner};
use uvshift_testkit::{FakeRunner, Project, WheelOptions, output, snapshot, wheel};

use crate::upstream::{Form, Upstream, sha256};
use crate::{all_bytes, ask, file_path, options, page, start, wheels};

#[test]
fn everything_is_fetched_once_however_many_ask() {
    let project = Project::new();
    let upstream = Upstream::of(&wheels(&project), Form::Json, true);
    let index = start(options(&project, &upstream.url()));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert_eq!(ask(&index, "GET", &file_path(&index, "app"), "").status, 200));
        }
    });
    let mut seen = upstream.seen();
    seen.sort();
    assert_eq!(seen, ["/files/app-1.0-py3-none-any.whl", "/simple/app/"]);
    assert_eq!(index.counts().misses, 2);
}

#[test]
fn pages_are_asked_for_again_when_they_are_old() {
    let project = Project::new();
    let upstream = Upstream::of(&wheels(&project), Form::Json, true);
    let files = |index: &LocalIndex| page(index, "app")["files"].as_array().unwrap().len();
    let old = || LocalIndexOptions { refresh_after: Duration::ZERO, ..options(&project, &upstream.url()) };
    let index = start(options(&project, &upstream.url()));
    assert_eq!(files(&index), 1);
    assert_eq!(ask(&index, "GET", "simple/later/", "").status, 404);
    index.stop();
    wheel(project.beside("wheels"), "app", "2.0", &WheelOptions::default());
    wheel(project.beside("wheels"), "later", "1.0", &WheelOptions::default());
    upstream.add(&project.beside("wheels"), Form::Json, true);

    assert_eq!(files(&start(options(&project, &upstream.url()))), 1, "it is new enough");
    assert_eq!(files(&start(LocalIndexOptions { mode: Mode::Frozen, ..old() })), 1);
    let index = start(options(&project, &upstream.url()));
    assert_eq!(ask(&index, "GET", "simple/later/", "").status, 200, "what was absent is always asked for");
    let index = start(old());
    assert_eq!(files(&index), 2);
    upstream.route("/simple/app/", 403, "text/plain", b"");
    assert_eq!(files(&index), 2);
    assert_eq!(index.counts().failed, 0, "once in a run");

    let index = start(old());
    assert_eq!(files(&index), 2, "an old page is better than none");
    assert_eq!(index.counts().failed, 1);
}

#[test]
fn a_file_with_another_digest_is_not_kept() {
    let project = Project::new();
    let upstream = Upstream::new();
    upstream.file("/f", b"not what was promised");
    let good = sha256(b"good");
    let md5 = "0".repeat(32);
    let files: Vec<_> = [("sha256", &good), ("md5", &md5), ("sha512", &good)]
        .iter()
        .map(|(algorithm, digest)| {
            serde_json::json!({"filename": format!("a-{algorithm}.tar.gz"), "url": "/f", "hashes": {*algorithm: digest}})
        })
        .collect();
    upstream.page("a", Form::Json, &serde_json::json!({"files": files}).to_string());
    let index = start(options(&project, &upstream.url()));
    let shown = page(&index, "a");
    for file in shown["files"].as_array().unwrap() {
        let path = index.url().split_once("/simple/").unwrap().0.split_at(7).1.to_owned();
        let path = path.split_at(path.find('/').unwrap()).1;
        let path = file["url"].as_str().unwrap().replace("../..", path);
        let answer = ask(&index, "GET", &path, "");
        assert_eq!(answer.status, 424, "{path}");
        assert!(!answer.text().contains("promised"));
    }
    assert_eq!(index.counts().failed, 3);
    assert!(index.failures().iter().all(|failure| failure.contains("is not that of the page")));
    assert!(fs::read_dir(project.beside("store").join("files")).unwrap().next().is_none());
    assert_eq!(fs::read_dir(project.beside("store").join("partial")).unwrap().count(), 1, "the script");
}

#[test]
fn a_file_of_another_length_is_not_kept() {
    let project = Project::new();
    let upstream = Upstream::new();
    upstream.file("/f", b"twelve bytes");
    let entry = |name: &str, size: u64| serde_json::json!({"filename": name, "url": "/f", "size": size});
    let files = [entry("a-1.tar.gz", 11), entry("a-2.tar.gz", 13)];
    upstream.page("a", Form::Json, &serde_json::json!({"files": files}).to_string());
    let index = start(options(&project, &upstream.url()));
    let path = file_path(&index, "a");
    assert_eq!(ask(&index, "GET", &path, "").status, 424);
    assert_eq!(ask(&index, "GET", &path.replace("a-1", "a-2"), "").status, 424);
    assert_eq!(index.counts().failed, 2, "{:?}", index.failures());
}

#[test]
fn hostile_pages_reach_nothing() {
    let project = Project::new();
    let outside = project.path().parent().unwrap().to_owned();
    fs::write(outside.join("secret"), "secret").unwrap();
    let secret = format!("file://{}", outside.join("secret").display());
    let digest = "ab".repeat(32);
    let file = |name: &str, url: &str, hash: &str| serde_json::json!({"filename": name, "url": url, "hashes": {"sha256": hash}});
    let files = [
        file("../../../x-1.tar.gz", "/f", &digest),
        file("/etc/x-1.tar.gz", "/f", &digest),
        file("C:\\x-1.tar.gz", "/f", &digest),
        file("", "/f", &digest),
        file("x-1.tar.gz\r\nX: y", "/f", &digest),
        file("<script>-1.tar.gz", "/f", &digest),
        file("x-1.tar.gz", &secret, &digest),
        file("x-2.tar.gz", "ftp://127.0.0.1/x", &digest),
        file("x-3.tar.gz", "/f", "../../../../x"),
        file("x-4.tar.gz", "/f", "zz"),
        file("x-5.tar.gz", "/f", ""),
        serde_json::json!({"filename": 5, "url": []}),
        serde_json::json!("text"),
        file("sound-1.tar.gz", "/f", &digest),
    ];
    let upstream = Upstream::new();
    upstream.page("x", Form::Json, &serde_json::json!({"files": files, "versions": ["1\n2"]}).to_string());
    upstream.page("broken", Form::Json, "{\"files\": 5");
    upstream.page("deep", Form::Json, &"[".repeat(200_000));
    upstream.route("/simple/away/", 302, &secret, b"");
    upstream.page(
        "html",
        Form::Html,
        &format!("<a href='{secret}'>s</a><a href='/'>t</a><a href='/a/..'>u</a>"),
    );
    let before = snapshot(&outside);
    let index = start(options(&project, &upstream.url()));
    let names = |shown: serde_json::Value| -> Vec<String> {
        shown["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| file["filename"].as_str().unwrap().into())
            .collect()
    };
    assert_eq!(names(page(&index, "x")), ["sound-1.tar.gz"]);
    assert!(index.failures()[0].contains("13 files of the page were refused"), "{:?}", index.failures());
    upstream.page("large", Form::Html, &" ".repeat(65 << 20));
    for project in ["broken", "deep", "away", "large"] {
        assert_eq!(ask(&index, "GET", &format!("simple/{project}/"), "").status, 424, "{project}");
    }
    assert!(names(page(&index, "html")).is_empty());
    index.stop();
    let mut after = snapshot(&outside);
    after.retain(|path, _| !path.starts_with("store"));
    assert_eq!(before, after);
}

#[test]
fn credentials_open_the_index_and_are_shown_nowhere() {
    let project = Project::new();
    let upstream = Upstream::of(&wheels(&project), Form::Json, true);
    // me:s3cr@t
    upstream.require("Basic bWU6czNjckB0");
    let url = upstream.url().replace("http://", "http://me:s3cr%40t@");
    let options = options(&project, &url);
    assert!(!format!("{options:?}").contains("s3cr"));
    let index = start(options);
    assert_eq!(ask(&index, "GET", &file_path(&index, "app"), "").status, 200);
    let shown = page(&index, "app").to_string();
    upstream.route("/simple/broken/", 400, "text/plain", b"");
    assert_eq!(ask(&index, "GET", "simple/broken/", "").status, 424);
    let failures = index.failures().join("\n");
    index.stop();
    for secret in ["s3cr", "bWU6", "@t"] {
        assert!(!shown.contains(secret) && !failures.contains(secret), "{secret}: {failures}");
        let kept = all_bytes(&project.beside("store"));
        assert!(!kept.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
    assert!(failures.contains("status 400"), "{failures}");

    // What is kept belongs to the index, whoever asks: with other credentials it is the same index.
    let other = start(self::options(&project, &upstream.url()));
    assert_eq!(page(&other, "app")["files"].as_array().unwrap().len(), 1);
    assert_eq!(ask(&other, "GET", "simple/lib-one/", "").status, 424);
    assert!(other.failures()[0].contains("refuses access (status 401)"), "{:?}", other.failures());
}

#[test]
fn several_indexes_and_folders_are_one() {
    let project = Project::new();
    let (one, two, local) = (project.beside("one"), project.beside("two"), project.beside("local"));
    wheel(&one, "app", "1.0", &WheelOptions::default());
    wheel(&two, "app", "1.0", &WheelOptions::requiring(["other"]));
    wheel(&two, "app", "2.0", &WheelOptions::default());
    wheel(&local, "app", "3.0", &WheelOptions::default());
    wheel(&local, "app-more", "9.0", &WheelOptions::default());
    let (first, second, links) =
        (Upstream::of(&one, Form::Json, true), Upstream::of(&two, Form::Html, false), Upstream::new());
    wheel(project.beside("linked"), "app", "4.0", &WheelOptions::default());
    let linked = fs::read(project.beside("linked").join("app-4.0-py3-none-any.whl")).unwrap();
    links.file("/app-4.0-py3-none-any.whl", &linked);
    let page_of_links = "<a href=app-4.0-py3-none-any.whl>a</a> <a href=zoo-1.0-py3-none-any.whl>z</a>";
    links.route("/links.html", 200, "text/html", page_of_links.as_bytes());
    let index = start(LocalIndexOptions {
        upstreams: vec![first.url(), second.url()],
        find_links: vec![local.display().to_string(), links.url().replace("simple/", "links.html")],
        ..options(&project, "")
    });
    let shown = page(&index, "app");
    let files: Vec<_> = shown["files"].as_array().unwrap().iter().collect();
    let names: Vec<_> = files.iter().map(|file| &file["filename"].as_str().unwrap()[..7]).collect();
    assert_eq!(names, ["app-1.0", "app-2.0", "app-3.0", "app-4.0"]);
    // The first index wins.
    let wheel = fs::read(one.join("app-1.0-py3-none-any.whl")).unwrap();
    assert_eq!(files[0]["hashes"]["sha256"], sha256(&wheel));
    let base = file_path(&index, "app").split_once("/files/").unwrap().0.to_owned();
    for file in files {
        let path = file["url"].as_str().unwrap().replace("../..", &base);
        assert_eq!(ask(&index, "GET", &path, "").status, 200, "{path}");
    }
    assert_eq!(page(&index, "zoo")["files"].as_array().unwrap().len(), 1);
    assert_eq!(ask(&index, "GET", "simple/nothing/", "").status, 404);
}

#[test]
fn an_index_in_a_folder_is_an_index() {
    let project = Project::new();
    let folder = project.beside("mirror");
    wheel(folder.join("files"), "app", "1.0", &WheelOptions::default());
    fs::create_dir_all(folder.join("simple/app")).unwrap();
    fs::write(folder.join("simple/app/index.html"), "<a href='../../files/app-1.0-py3-none-any.whl'>app</a>")
        .unwrap();
    let index = start(options(&project, &format!("file://{}/simple/", folder.display())));
    assert_eq!(ask(&index, "GET", &file_path(&index, "app"), "").status, 200);
    assert_eq!(ask(&index, "GET", "simple/unknown/", "").status, 404);
}

/// A runner whose commands have more variables, as the caller's environment could have them.
struct With(Vec<(&'static str, String)>);

impl Runner for With {
    fn run_with(
        &self,
        spec: &CommandSpec,
        on_line: &mut dyn FnMut(Stream, &str),
    ) -> Result<Output, ProcessError> {
        let spec = self.0.iter().fold(spec.clone(), |spec, (name, value)| spec.env(name, value));
        SystemRunner::new().run_with(&spec.env_remove("no_proxy").env_remove("NO_PROXY"), on_line)
    }
}

/// A Python without a pip: environments of uv have none.
fn bare_python(project: &Project) -> PathBuf {
    let environment = project.beside("bare");
    let made = uvshift_testkit::uv_command(project).args(["venv", "-q"]).arg(&environment).status().unwrap();
    assert!(made.success());
    environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

#[test]
fn proxies_and_netrc_of_the_caller_hold() {
    let project = Project::new();
    for python in [uvshift_testkit::pip_python(), bare_python(&project)] {
        let proxy = Upstream::new();
        let link = "<a href=\"/app-1.0.tar.gz\">app</a>";
        proxy.route("http://index.example/simple/app/", 200, "text/html", link.as_bytes());
        proxy.route("http://index.example/app-1.0.tar.gz", 200, "text/plain", b"through the proxy");
        // me:s3cret
        proxy.require("Basic bWU6czNjcmV0");
        let netrc = project.beside("home").join("netrc");
        fs::write(&netrc, "machine index.example login me password s3cret\n").unwrap();
        let variables =
            vec![("http_proxy", proxy.url().replace("/simple/", "")), ("NETRC", netrc.display().to_string())];
        let folder = project.beside("store").join(format!("{}", python.display()).replace('/', "-"));
        let options =
            LocalIndexOptions { folder, python, ..options(&project, "http://index.example/simple/") };
        let index = LocalIndex::start(options, Arc::new(With(variables))).unwrap();
        let answer = ask(&index, "GET", &file_path(&index, "app"), "");
        assert_eq!(answer.text(), "through the proxy", "{:?}", index.failures());
    }
}

#[test]
#[cfg(unix)]
fn the_keyring_of_the_caller_holds() {
    use std::os::unix::fs::PermissionsExt as _;

    let project = Project::new();
    let upstream = Upstream::of(&wheels(&project), Form::Json, true);
    // me:s3cret
    upstream.require("Basic bWU6czNjcmV0");
    let keyring = project.beside("bin").join("keyring");
    let answer = "#!/bin/sh\necho '{\"username\": \"me\", \"password\": \"s3cret\"}'\n";
    fs::write(&keyring, answer).unwrap();
    fs::set_permissions(&keyring, fs::Permissions::from_mode(0o755)).unwrap();
    let variables = vec![("PATH", format!("{}:/usr/bin:/bin", project.beside("bin").display()))];
    let runner = Arc::new(With(variables));
    let index = LocalIndex::start(options(&project, &upstream.url()), runner).unwrap();
    assert_eq!(ask(&index, "GET", &file_path(&index, "app"), "").status, 200, "{:?}", index.failures());
}

#[test]
fn without_a_pip_it_works_too() {
    let project = Project::new();
    let upstream = Upstream::of(&wheels(&project), Form::Json, true);
    upstream.require("Basic bWU6czNjckB0");
    let url = upstream.url().replace("http://", "http://me:s3cr%40t@");
    let python = bare_python(&project);
    let index = start(LocalIndexOptions { python, ..options(&project, &url) });
    assert_eq!(ask(&index, "GET", &file_path(&index, "app"), "").status, 200, "{:?}", index.failures());
    assert_eq!(ask(&index, "GET", "simple/unknown/", "").status, 404);
    upstream.route("/simple/away/", 302, "file:///etc/passwd", b"");
    assert_eq!(ask(&index, "GET", "simple/away/", "").status, 424);
}

#[test]
fn a_python_that_cannot_fetch_is_told() {
    let project = Project::new();
    let gone = LocalIndexOptions {
        python: "/nowhere/python".into(),
        ..options(&project, "http://me:s3cr@index.example")
    };
    let index = start(gone.clone());
    for _ in 0..5 {
        assert_eq!(ask(&index, "GET", "simple/app/", "").status, 424);
    }
    assert!(index.failures()[0].contains("cannot find the program"), "{:?}", index.failures());
    assert_eq!(index.counts().failed, 5);
    index.stop();

    // What dies is started again, but not for ever.
    let runner = Arc::new(FakeRunner::new(|_| {
        Ok(output(1, "", "Traceback\nImportError: no s3cr in http://me:s3cr@x/"))
    }));
    let index = LocalIndex::start(gone, Arc::clone(&runner) as _).unwrap();
    for _ in 0..5 {
        assert_eq!(ask(&index, "GET", "simple/app/", "").status, 424);
    }
    assert_eq!(runner.calls().len(), 3);
    let failures = index.failures().join("\n");
    assert!(failures.contains("ImportError: no **** in http://****@x/"), "{failures}");
    assert!(!runner.lines().join("\n").contains("s3cr"));
}

#[test]
fn what_cannot_be_started_says_so_without_secrets() {
    let project = Project::new();
    let runner = || Arc::new(SystemRunner::new());
    for url in ["me:s3cret@index.example/simple", "ftp://me:s3cret@index.example", "s3cret"] {
        let error = LocalIndex::start(options(&project, url), runner()).err().unwrap();
        assert!(matches!(error, LocalIndexError::Upstream { number: 1 }), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("s3cret") && error.hint().is_some());
    }
    let file = project.write("file", "");
    let options = LocalIndexOptions { folder: file, ..options(&project, "https://index.example/simple") };
    let error = LocalIndex::start(options, runner()).err().unwrap();
    assert!(matches!(error, LocalIndexError::Folder { .. }) && error.hint().is_some(), "{error:?}");
}
