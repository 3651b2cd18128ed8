//! Small locks of every format, read field by field.

use uvshift_lockfile::{
    Edge, EdgeScope, Error, Lock, LockKind, Package, Source, parse, parse_pdm, parse_pipfile, parse_poetry,
    parse_pylock, parse_uv, without_constraints,
};

const UV: &str = include_str!("../testdata/uv.lock");
const PYLOCK: &str = include_str!("../testdata/pylock.toml");
const POETRY_2: &str = include_str!("../testdata/poetry-2.lock");
const POETRY_1: &str = include_str!("../testdata/poetry-1.lock");
const POETRY_0: &str = include_str!("../testdata/poetry-0.lock");
const PIPFILE: &str = include_str!("../testdata/Pipfile.lock");
const PDM: &str = include_str!("../testdata/pdm.lock");
const PDM_OLD: &str = include_str!("../testdata/pdm-4.0.lock");

fn only<'a>(lock: &'a Lock, name: &str) -> &'a Package {
    let [package] = lock.versions(name) else { panic!("{name}: {:?}", lock.versions(name)) };
    package
}

/// `name[extras]specifier; marker <scope>` of every edge.
fn edges(package: &Package) -> Vec<String> {
    let shown = |edge: &Edge| {
        let extras =
            if edge.extras.is_empty() { String::new() } else { format!("[{}]", edge.extras.join(",")) };
        let marker = edge.marker.as_ref().map(|marker| format!("; {marker}")).unwrap_or_default();
        let scope = match &edge.scope {
            EdgeScope::Main => String::new(),
            EdgeScope::Extra(name) => format!(" <extra {name}>"),
            EdgeScope::Group(name) => format!(" <group {name}>"),
        };
        format!("{}{extras}{}{marker}{scope}", edge.name, edge.specifier.as_deref().unwrap_or_default())
    };
    package.dependencies.iter().map(shown).collect()
}

fn hashes(package: &Package) -> Vec<&str> {
    package.hashes.iter().map(String::as_str).collect()
}

fn vcs(reference: Option<&str>, commit: &str, subdirectory: Option<&str>) -> Source {
    Source::Vcs {
        tool: "git".to_owned(),
        url: "https://git.example/team/tool".to_owned(),
        reference: reference.map(str::to_owned),
        commit: Some(commit.to_owned()),
        subdirectory: subdirectory.map(str::to_owned),
    }
}

#[test]
fn uv_lock() {
    let lock = parse_uv(UV).unwrap();
    assert_eq!((lock.kind, lock.metadata.version.as_deref()), (LockKind::Uv, Some("1")));
    assert_eq!(lock.metadata.requires_python.as_deref(), Some(">=3.9"));
    let demo = only(&lock, "demo");
    assert_eq!(demo.source, Source::Path { path: ".".to_owned(), editable: false });
    assert_eq!(
        edges(demo),
        [
            "numpy==2.0.2; python_full_version < '3.10'",
            "numpy==2.2.6; python_full_version >= '3.10'",
            "requests[socks]",
            "flask <extra web>",
            "pytest <group dev>",
        ]
    );
    assert_eq!(demo.provides_extras.iter().collect::<Vec<_>>(), ["web"]);
    let [old, new] = lock.versions("numpy") else { panic!("two versions") };
    assert_eq!(old.marker.as_deref(), Some("python_full_version < '3.10'"));
    assert_eq!(
        new.marker.as_deref(),
        Some("(python_full_version >= '3.12') or (python_full_version == '3.11.*')")
    );
    assert_eq!(hashes(old), ["sha256:aa", "sha256:bb", "sha256:cc"]);
    assert_eq!((old.sizes.as_slice(), new.sizes.as_slice()), (&[1, 1, 1][..], &[1][..]));
    assert_eq!(old.line, 35);
    assert!(old.from_index() && !demo.from_index());
    assert_eq!(only(&lock, "tool").source, vcs(Some("feature/x"), "0123abcd", Some("py")));
    assert_eq!(only(&lock, "sub").source, Source::Path { path: "sub".to_owned(), editable: true });
}

#[test]
fn constraints_are_cut_and_nothing_else() {
    let cut = without_constraints(UV).unwrap();
    assert!(!cut.contains("constraints"), "{cut}");
    assert_eq!(cut.lines().count(), UV.lines().count() - 5);
    assert_eq!(parse_uv(&cut).unwrap().len(), parse_uv(UV).unwrap().len());
    let with_more = UV.replace("[manifest]\n", "[manifest]\nmembers = [\"a\"]\n");
    let cut = without_constraints(&with_more).unwrap();
    assert!(cut.contains("[manifest]\nmembers = [\"a\"]\n\n[[package]]"), "{cut}");
    assert_eq!(without_constraints(&cut), None);
}

#[test]
fn members_of_a_workspace() {
    assert!(parse_uv(UV).unwrap().metadata.members.is_empty());
    let text = UV.replace("[manifest]\n", "[manifest]\nmembers = [\"A.b\", \"c\"]\n");
    assert_eq!(parse_uv(&text).unwrap().metadata.members, ["a-b", "c"]);
}

#[test]
fn sizes_that_are_none_do_not_matter() {
    let with = |size: &str| {
        let text = format!(
            "lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\nname = \"a\"\n\
             wheels = [{{ url = \"a\", size = {size}, hashes = {{ sha256 = \"a\" }} }}]\n"
        );
        parse_pylock(&text).unwrap().packages[0].sizes.clone()
    };
    assert_eq!(with("12345678901"), [12_345_678_901]);
    assert!(with("-1").is_empty() && with("\"1\"").is_empty());
}

#[test]
fn pylock() {
    let lock = parse_pylock(PYLOCK).unwrap();
    assert_eq!(lock.metadata.environments, ["sys_platform == 'linux'", "sys_platform == 'win32'"]);
    assert_eq!(lock.metadata.extras.keys().collect::<Vec<_>>(), ["web"]);
    assert_eq!(lock.metadata.groups, ["dev"]);
    let attrs = only(&lock, "attrs");
    assert_eq!(hashes(attrs), ["sha256:aa", "sha512:bb"]);
    assert_eq!(attrs.source, Source::Index(Some("https://index.example/simple".to_owned())));
    assert_eq!(attrs.marker.as_deref(), Some("'dev' in dependency_groups"));
    assert_eq!(edges(only(&lock, "cattrs")), ["attrs", "typing-extensions==4.1"]);
    assert_eq!(only(&lock, "tool").source, vcs(Some("main"), "0123abcd", None));
    assert_eq!(only(&lock, "sub").source, Source::Path { path: "sub".to_owned(), editable: true });
    let archive =
        Source::Url { url: "https://files.example/a-1.zip".to_owned(), subdirectory: Some("py".to_owned()) };
    assert_eq!(only(&lock, "archived").source, archive);
    assert_eq!(hashes(only(&lock, "archived")), ["sha256:dd"]);
}

#[test]
fn poetry_2() {
    let lock = parse_poetry(POETRY_2).unwrap();
    assert_eq!(lock.metadata.version.as_deref(), Some("2.1"));
    assert_eq!(lock.metadata.requires_python.as_deref(), Some(">=3.10,<4"));
    assert_eq!(lock.metadata.content_hash.as_deref(), Some("beef"));
    assert_eq!(lock.metadata.extras["web"], ["flask"]);
    let colorama = only(&lock, "colorama");
    assert_eq!(colorama.groups, ["main", "dev"]);
    assert_eq!(
        colorama.marker.as_deref(),
        Some("(sys_platform == \"win32\") or (python_version < \"3.12\" and os_name == \"nt\")")
    );
    let colour = only(&lock, "colour-names");
    assert_eq!(colour.marker, None, "the group `dev` needs it everywhere");
    let requests = only(&lock, "requests");
    assert!(!requests.optional && only(&lock, "flask").optional);
    assert_eq!(requests.requires_python.as_deref(), Some(">=3.8"));
    assert_eq!(only(&lock, "flask").requires_python, None);
    assert_eq!(
        edges(requests),
        [
            "certifi>=2017.4.17",
            "idna>=2.5,<4; python_version < \"3.12\"",
            "idna>=3; python_version >= \"3.12\"",
            "pysocks>=1.5.6,!=1.5.7; extra == \"socks\" <extra socks>",
            "chardet>=3.0.2,<6 <extra use-chardet-on-py3>",
        ]
    );
    assert_eq!(hashes(requests), ["sha256:aa", "sha256:bb"]);
    assert_eq!(only(&lock, "tool").source, vcs(Some("main"), "0123abcd", Some("py")));
    assert_eq!(only(&lock, "sub").source, Source::Path { path: "sub".to_owned(), editable: true });
    assert_eq!(only(&lock, "private").source, Source::Index(Some("https://index.example/simple".to_owned())));
    assert!(matches!(&only(&lock, "archived").source, Source::Url { url, .. } if url.ends_with("a-1.zip")));
}

#[test]
fn poetry_1_and_0() {
    let lock = parse_poetry(POETRY_1).unwrap();
    assert_eq!(lock.metadata.version.as_deref(), Some("1.1"));
    assert_eq!(only(&lock, "flask").groups, ["main"]);
    assert_eq!(only(&lock, "pytest").groups, ["dev"]);
    assert_eq!(hashes(only(&lock, "flask")), ["sha256:aa", "sha256:bb"]);
    assert_eq!(edges(only(&lock, "flask")), ["click>=8.0", "importlib-metadata; python_version < \"3.10\""]);
    let lock = parse_poetry(POETRY_0).unwrap();
    assert_eq!(lock.metadata.version, None);
    assert_eq!(hashes(only(&lock, "attrs")), ["sha256:aa", "sha256:bb"]);
    assert_eq!(only(&lock, "attrs").marker.as_deref(), Some("python_version < \"3\""));
}

#[test]
fn pipfile_lock() {
    let lock = parse_pipfile(PIPFILE).unwrap();
    assert_eq!(lock.metadata.content_hash.as_deref(), Some("sha256:beef"));
    assert_eq!(
        (lock.metadata.version.as_deref(), lock.metadata.requires_python.as_deref()),
        (Some("6"), Some("3.11"))
    );
    assert_eq!(lock.metadata.groups.iter().collect::<Vec<_>>(), ["default", "develop", "docs"]);
    let [main, develop] = lock.versions("requests") else { panic!("two categories") };
    assert_eq!(
        (main.groups.as_slice(), develop.groups.as_slice()),
        (&["default".to_owned()][..], &["develop".to_owned()][..])
    );
    assert_eq!((main.version.as_deref(), main.line, develop.line), (Some("2.31.0"), 19, 41));
    assert_eq!(
        (main.extras.as_slice(), hashes(main)),
        (&["socks".to_owned()][..], vec!["sha256:aa", "sha256:bb"])
    );
    assert_eq!(main.marker.as_deref(), Some("python_version >= '3.7'"));
    assert_eq!(main.source, Source::Index(Some("https://index.example/simple".to_owned())));
    assert_eq!(only(&lock, "tool").source, vcs(None, "0123abcd", None));
    let ancient = parse_pipfile("{\"default\": {\n\"click\": \"==6.7\"}}").unwrap();
    assert_eq!((only(&ancient, "click").version.as_deref(), only(&ancient, "click").line), (Some("6.7"), 2));
    assert_eq!(only(&lock, "sub").source, Source::Path { path: "./sub".to_owned(), editable: true });
    assert_eq!(only(&lock, "sub").version, None);
    assert!(matches!(&only(&lock, "archived").source, Source::Url { url, .. } if url.ends_with("a-1.zip")));
}

#[test]
fn pdm_lock() {
    let lock = parse_pdm(PDM).unwrap();
    assert_eq!(lock.metadata.version.as_deref(), Some("4.5.0"));
    assert_eq!(lock.metadata.strategy, ["inherit_metadata"]);
    assert_eq!(lock.metadata.groups, ["default", "dev"]);
    assert_eq!(lock.metadata.content_hash.as_deref(), Some("sha256:beef"));
    assert_eq!(lock.metadata.requires_python.as_deref(), Some(">=3.10"));
    assert_eq!(lock.metadata.environments, ["requires_python=>=3.10 platform=windows_amd64"]);
    let [with_extra, plain] = lock.versions("requests") else { panic!("two entries") };
    assert_eq!(with_extra.extras, ["socks"]);
    assert!(plain.extras.is_empty());
    assert_eq!(edges(with_extra), ["pysocks!=1.5.7,>=1.5.6", "requests==2.31.0"]);
    assert_eq!(edges(plain), ["certifi>=2017.4.17", "colorama; sys_platform == \"win32\""]);
    assert_eq!(
        (plain.groups.as_slice(), plain.marker.as_deref()),
        (&["default".to_owned()][..], Some("python_version >= \"3.8\""))
    );
    assert_eq!(hashes(plain), ["sha256:aa", "sha256:bb"]);
    assert_eq!(only(&lock, "tool").source, vcs(Some("main"), "0123abcd", Some("py")));
    assert_eq!(only(&lock, "sub").source, Source::Path { path: "./sub".to_owned(), editable: true });
}

#[test]
fn old_pdm_lock() {
    let lock = parse_pdm(PDM_OLD).unwrap();
    assert_eq!(hashes(only(&lock, "requests")), ["sha256:aa", "sha256:bb"]);
    let ancient = "[[package]]\nname = \"requests\"\nversion = \"2.19\"\nsection = \"default\"\n[package.dependencies]\nidna = \"<2.8\"\n";
    let ancient = parse_pdm(ancient).unwrap();
    assert_eq!(edges(only(&ancient, "requests")), ["idna<2.8"]);
    assert_eq!(only(&ancient, "requests").groups, ["default"]);
    assert_eq!(lock.versions("certifi").iter().map(|found| found.hashes.len()).collect::<Vec<_>>(), [1, 1]);
}

#[test]
fn the_kind_is_told_by_name_or_contents() {
    for (name, kind) in [
        ("a/b/uv.lock", Some(LockKind::Uv)),
        ("pylock.toml", Some(LockKind::Pylock)),
        ("pylock.dev.toml", Some(LockKind::Pylock)),
        ("pylock.a.b.toml", None),
        ("pylock..toml", None),
        ("Cargo.lock", None),
    ] {
        assert_eq!(LockKind::of_name(name), kind, "{name}");
    }
    for (text, kind) in [
        (UV, LockKind::Uv),
        (PYLOCK, LockKind::Pylock),
        (POETRY_2, LockKind::Poetry),
        (POETRY_0, LockKind::Poetry),
        (PIPFILE, LockKind::Pipfile),
        (PDM, LockKind::Pdm),
    ] {
        assert_eq!(parse("old.lock", text).unwrap().kind, kind);
        assert_eq!(parse("old.lock", &format!("\u{feff}{}", text.replace('\n', "\r\n"))).unwrap().kind, kind);
    }
    assert_eq!(parse("x", "a = 1\n"), Err(Error::UnknownKind { file: "x".to_owned() }));
}

#[test]
fn errors_name_line_and_way_out() {
    for (file, text, message) in [
        ("uv.lock", "version = 1\n[[package]]\nversion = \"1\"\n", "uv.lock:2: `name` must be a string"),
        ("uv.lock", "version = 2\n", "uv.lock:1: version 2 of the format is not known, only up to 1"),
        ("uv.lock", "\nversion = \"1\"\n", "uv.lock:2: `version` must be a number"),
        ("uv.lock", "package = 1\n", "uv.lock:1: `package` must be an array of tables"),
        ("pylock.toml", "packages = []\n", "pylock.toml:1: `lock-version` must be a string"),
        (
            "pylock.toml",
            "\nlock-version = \"2.0\"\n",
            "pylock.toml:2: version 2.0 of the format is not known, only up to 1",
        ),
        (
            "poetry.lock",
            "[metadata]\nlock-version = \"3.0\"\n",
            "poetry.lock:2: version 3.0 of the format is not known, only up to 2",
        ),
        (
            "poetry.lock",
            "[[package]]\nname = \"a\"\nversion = 1\n",
            "poetry.lock:3: `version` must be a string",
        ),
        (
            "poetry.lock",
            "[[package]]\nname = \"a\"\n[package.dependencies]\nb = 1\n",
            "poetry.lock:4: `b` must be an array of tables",
        ),
        (
            "pdm.lock",
            "[metadata]\nlock_version = \"x\"\n",
            "pdm.lock:2: version x of the format is not known, only up to 4",
        ),
        ("Pipfile.lock", "[]", "Pipfile.lock:1: `the file` must be an object"),
        ("Pipfile.lock", "{\n\"default\": 3}", "Pipfile.lock:2: `default` must be an object"),
        (
            "Pipfile.lock",
            "{\"default\": {\n\"a\": {\"version\": 3}}}",
            "Pipfile.lock:2: `default.a.version` must be a string",
        ),
        (
            "Pipfile.lock",
            "{\"_meta\": {\n\"pipfile-spec\": 7}}",
            "Pipfile.lock:2: version 7 of the format is not known, only up to 6",
        ),
        ("Pipfile.lock", "{\n,}", "Pipfile.lock:2: not valid JSON: key must be a string"),
    ] {
        let error = parse(file, text).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(error.hint().is_some() && error.line().is_some(), "{message}");
    }
    let error = parse("uv.lock", "version = 1\n[[").unwrap_err();
    assert!(matches!(error, Error::Toml { line: 2, .. }), "{error:?}");
}
