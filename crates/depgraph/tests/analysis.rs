//! Small projects, and everything that there is to say about each.

#![expect(clippy::disallowed_methods, reason = "tests make their files")]
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]

use std::path::Path;

use uvshift_depgraph::modules::Pythons;
use uvshift_depgraph::scan::{Options, Scan, scan};
use uvshift_depgraph::{AnalysisInput, Declared, Evidence, Project, Settings, Sought, analyze};
use uvshift_lockfile::Lock;
use uvshift_pyproject::PyProject;
use uvshift_requirements::normalize_name;

/// A package with what it declares.
fn package(dependencies: &str, rest: &str) -> String {
    format!(
        "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [{dependencies}]\n{rest}\n\
         [build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n"
    )
}

fn project(folder: &str, text: &str) -> Project {
    let document = PyProject::parse(text).unwrap();
    let file =
        if folder.is_empty() { "pyproject.toml".to_owned() } else { format!("{folder}/pyproject.toml") };
    let mut declared = Declared::of_pyproject(&document, &file);
    for found in &mut declared {
        found.ignored = text.lines().nth(found.line - 1).and_then(Declared::ignored_by);
    }
    Project {
        folder: folder.to_owned(),
        name: document.project_name().map(normalize_name),
        declared,
        build_requires: vec!["hatchling".to_owned()],
        pythons: Pythons { oldest: 10, newest: 14 },
        is_package: document.has_build_system(),
        has_project: true,
    }
}

/// The findings of a project, a line each: rule, package, class, severity, then the places.
fn findings(files: &[(&str, &str)], lock: Option<&str>, mentions: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut projects = Vec::new();
    let mut settings = Settings::default();
    for (path, text) in files {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, text).unwrap();
        if let Some(found) = path.strip_suffix("pyproject.toml") {
            projects.push(project(found.trim_end_matches('/'), text));
            if found.is_empty() {
                settings = Settings::of_pyproject(&PyProject::parse(text).unwrap()).unwrap();
            }
        }
    }
    let scan = scanned(folder.path());
    let lock = lock.map(|text| Lock::parse(text).unwrap());
    let mentioned = |sought: &[Sought]| -> Vec<Option<Evidence>> {
        let place = |found: &Sought| {
            mentions.contains(&found.package.as_str()).then(|| Evidence {
                file: "Procfile".to_owned(),
                line: 1,
                cell: None,
                form: "mentioned",
                text: found.package.clone(),
            })
        };
        sought.iter().map(place).collect()
    };
    let input = AnalysisInput {
        scan: &scan,
        projects: &projects,
        lock: lock.as_ref().map(|lock| (lock, "uv.lock")),
        environment: None,
        settings: &settings,
    };
    let analysis = analyze(&input, &mentioned);
    let line = |finding: &uvshift_depgraph::Finding| {
        let places: Vec<String> =
            finding.evidence.iter().map(|found| format!("{}:{}", found.file, found.line)).collect();
        let (rule, package, class) = (finding.rule, &finding.package, finding.class);
        format!("{rule} {package} {class} {} {}", finding.severity, places.join(" "))
    };
    analysis.findings.iter().map(line).collect()
}

fn scanned(root: &Path) -> Scan {
    scan(root, &Options::default()).unwrap()
}

/// The findings without the notes about versions.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let all = findings(files, None, &[]);
    all.into_iter().filter(|line| !line.starts_with("unpinned")).collect()
}

#[test]
fn what_agrees_has_no_findings() {
    let text = package("\"requests>=2\", \"PyYAML>=6\"", "");
    let code = "import os, requests\nimport yaml\nfrom . import cli\nimport shop.cli\n";
    assert_eq!(found(&[("pyproject.toml", &text), ("shop/__init__.py", code), ("shop/cli.py", "")]), [""; 0]);
}

#[test]
fn missing_by_what_the_import_asks() {
    let text = package("", "");
    let code = "import requests\ntry:\n    import ujson\nexcept ImportError:\n    import json\n\
                from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas\n";
    let tested = "import pytest\n";
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", code), ("tests/test_a.py", tested)];
    assert_eq!(
        found(&files),
        [
            "missing requests required error shop/__init__.py:1",
            "missing pandas type-only note shop/__init__.py:8",
            "missing pytest test-only note tests/test_a.py:1",
            "missing ujson optional note shop/__init__.py:3",
        ]
    );
    // Who declares what tests need, forgets what is missing there.
    let text = package("\"requests\"", "[dependency-groups]\ndev = [\"tox\"]\n");
    let files =
        [("pyproject.toml", &*text), ("shop/__init__.py", "import requests\n"), ("tests/test_a.py", tested)];
    assert_eq!(found(&files), ["missing pytest test-only warning tests/test_a.py:1"]);
}

#[test]
fn transitive_by_the_lock() {
    let text = package("\"requests\"", "");
    let lock = "version = 1\n[[package]]\nname = \"shop\"\nversion = \"1\"\nsource = { editable = \".\" }\ndependencies = [{ name = \"requests\" }]\n\
                [[package]]\nname = \"requests\"\nversion = \"2.31.0\"\nsource = { registry = \"https://index.example/simple\" }\ndependencies = [{ name = \"urllib3\" }]\n\
                [[package]]\nname = \"urllib3\"\nversion = \"2.2.1\"\nsource = { registry = \"https://index.example/simple\" }\n";
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", "import requests\nimport urllib3\n")];
    assert_eq!(
        findings(&files, Some(lock), &[]),
        ["transitive urllib3 required warning shop/__init__.py:2 uv.lock:7"]
    );
}

#[test]
fn what_cython_brings_is_no_distribution() {
    let text = package("\"numpy\", \"cymem\"", "");
    let code = "cimport cython\nimport cython\nfrom libc.math cimport exp\nfrom libcpp.vector cimport vector\ncimport numpy\n\
                from cymem.cymem cimport Pool\n";
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", ""), ("shop/fast.pyx", code)];
    assert_eq!(found(&files), [""; 0]);
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", "import cython, numpy, cymem\n")];
    assert_eq!(found(&files), ["missing cython required warning shop/__init__.py:1"]);
}

#[test]
fn what_documents_need_says_nothing_about_tests() {
    let text = package("", "[dependency-groups]\ndocs = [\"sphinx\"]\n");
    let files =
        [("pyproject.toml", &*text), ("shop/__init__.py", ""), ("tests/test_a.py", "import pytest\n")];
    assert_eq!(found(&files), ["missing pytest test-only note tests/test_a.py:1"]);
}

#[test]
fn a_notebook_of_the_tests_is_data() {
    let text = package("", "[dependency-groups]\ndev = [\"pytest\"]\n");
    let cell = r#"{"cells":[{"cell_type":"code","source":["import ggplot"],"metadata":{},"outputs":[]}],"metadata":{},"nbformat":4,"nbformat_minor":4}"#;
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", ""), ("shop/tests/a.ipynb", cell)];
    assert_eq!(found(&files), ["missing ggplot test-only note shop/tests/a.ipynb:1"]);
}

#[test]
fn a_driver_that_code_shows_has_to_be_shown() {
    let text = package("\"pandas\", \"lxml\", \"psycopg2\"", "");
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", "import pandas\n")];
    let unused = |mentions: &[&str]| -> Vec<String> {
        findings(&files, None, mentions).into_iter().filter(|line| line.starts_with("unused")).collect()
    };
    assert_eq!(unused(&[]), ["unused lxml required warning pyproject.toml:4"]);
    assert_eq!(unused(&["lxml"]), [""; 0]);
}

#[test]
fn unused_unless_it_works_unseen() {
    let text = package(
        "\"requests\", \"gunicorn\", \"types-requests\", \"honcho\", \"shop[fast]\"",
        "optional-dependencies = { fast = [\"ujson\"] }\n",
    );
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", "import os\n")];
    let all = findings(&files, None, &["honcho"]);
    let unused: Vec<&String> = all.iter().filter(|line| line.starts_with("unused")).collect();
    assert_eq!(
        unused,
        ["unused requests required warning pyproject.toml:4", "unused ujson optional note pyproject.toml:5"]
    );
}

#[test]
fn a_library_for_development_is_imported_or_unused() {
    let text = package(
        "",
        "[dependency-groups]\ndev = [\"attrs\", \"freezegun\", \"ipdb\", \"some-tool\", \"requests\"]\n",
    );
    let files =
        [("pyproject.toml", &*text), ("shop/__init__.py", ""), ("tests/test_a.py", "import requests\n")];
    assert_eq!(found(&files), ["unused attrs test-only note pyproject.toml:6"]);
}

#[test]
fn a_module_of_the_repository_is_no_distribution() {
    let text = package("", "");
    assert_eq!(
        found(&[
            ("pyproject.toml", &text),
            ("src/shop/__init__.py", "from shop import helper\nimport shop.helper\n"),
            ("src/shop/helper.py", ""),
            ("tests/helpers.py", ""),
            ("tests/test_a.py", "import helpers\nimport shop\n"),
            ("scripts/run.py", "import local_thing\n"),
            ("scripts/local_thing.py", ""),
            ("vendored/odd_name/__init__.py", ""),
            ("tests/test_b.py", "import odd_name\n"),
        ]),
        [""; 0]
    );
}

#[test]
fn a_folder_without_init_does_not_hide_a_distribution() {
    let text = package("\"docker\"", "");
    let files = [
        ("pyproject.toml", &*text),
        ("shop/__init__.py", "import docker\n"),
        ("docker/build.py", "import requests\n"),
    ];
    assert_eq!(found(&files), ["missing requests required warning docker/build.py:1"]);
}

#[test]
fn misplaced_both_ways() {
    let text = package(
        "\"pytest\", \"requests\", \"faker\"",
        "[dependency-groups]\ndev = [\"httpx\", \"PyYAML\"]\n",
    );
    let files = [
        ("pyproject.toml", &*text),
        ("shop/__init__.py", "import requests\nimport httpx\n"),
        ("tests/test_a.py", "import faker, yaml\n"),
    ];
    let all: Vec<String> = found(&files).into_iter().filter(|line| line.starts_with("misplaced")).collect();
    assert_eq!(
        all,
        [
            "misplaced faker test-only warning pyproject.toml:4 tests/test_a.py:1",
            "misplaced httpx required warning shop/__init__.py:2 pyproject.toml:6",
            "misplaced pytest plugin-or-tool warning pyproject.toml:4",
        ]
    );
}

#[test]
fn an_extra_may_be_imported_where_it_is_used() {
    let text = package("", "optional-dependencies = { redis = [\"redis\"] }\n");
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", ""), ("shop/cache.py", "import redis\n")];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn declared_twice_and_conflicting() {
    let text = package(
        "\"requests>=2\", \"Requests\", \"a==1\", \"b<2; python_version<'3.12'\", \"b>=2; python_version>='3.12'\"",
        "[dependency-groups]\ndev = [\"a>=2\", \"requests\"]\n",
    );
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", "import requests, a, b\n")];
    assert_eq!(
        found(&files),
        [
            "conflicting a required error pyproject.toml:4 pyproject.toml:6",
            "declared-twice requests required warning pyproject.toml:4 pyproject.toml:4",
        ]
    );
}

#[test]
fn what_is_known_by_name() {
    let text = package("\"mysqlclient\", \"requests\", \"httpx\", \"nose\"", "");
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", "import requests, httpx, MySQLdb, nose\n")];
    assert_eq!(
        found(&files),
        [
            "legacy nose required warning pyproject.toml:4",
            "system-libraries mysqlclient required note pyproject.toml:4",
            "overlapping httpx required note pyproject.toml:4 pyproject.toml:4",
        ]
    );
}

#[test]
fn unpinned_where_nothing_holds_a_version() {
    let app = "[project]\nname = \"shop\"\nversion = \"1\"\ndependencies = [\"a\", \"b>=1\", \"c==1\", \"d<2\", \"e @ https://files.example/e-1.tar.gz\"]\n";
    let files = [("pyproject.toml", app), ("shop.py", "import a, b, c, d, e\n")];
    let unpinned = |files: &[(&str, &str)], lock| -> Vec<String> {
        let all = findings(files, lock, &[]);
        all.iter()
            .filter(|line| line.starts_with("unpinned"))
            .map(|line| line.split(' ').nth(1).unwrap().to_owned())
            .collect()
    };
    assert_eq!(unpinned(&files, None), ["a", "b"]);
    assert_eq!(unpinned(&files, Some("version = 1\n")), [""; 0]);
    let text = package("\"a\", \"b>=1\"", "");
    assert_eq!(unpinned(&[("pyproject.toml", &text), ("shop/__init__.py", "import a, b\n")], None), ["a"]);
}

#[test]
fn a_script_has_dependencies_of_its_own() {
    let text = package("\"requests\"", "");
    let script =
        "# /// script\n# dependencies = [\"rich\", \"httpx\"]\n# ///\nimport rich\nimport requests\n";
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", "import requests\n"), ("job.py", script)];
    assert_eq!(
        found(&files),
        ["missing requests required error job.py:5", "unused httpx required warning job.py:2"]
    );
}

#[test]
fn members_declare_for_themselves() {
    let root = "[project]\nname = \"root\"\nversion = \"1\"\ndependencies = [\"web\"]\n[tool.uv.workspace]\nmembers = [\"web\"]\n";
    let web = "[project]\nname = \"web\"\nversion = \"1\"\ndependencies = [\"flask>=3\"]\n";
    let files = [
        ("pyproject.toml", root),
        ("app.py", "import web\nimport flask\n"),
        ("web/pyproject.toml", web),
        ("web/web/__init__.py", "import flask\n"),
    ];
    assert_eq!(found(&files), ["missing flask required warning app.py:2"]);
}

#[test]
fn comments_and_settings_have_findings_ignored() {
    let text = package(
        "\n\"requests\",  # uvshift: ignore[unused]\n\"rich\", \"attrs\"",
        "[tool.uvshift.deps]\nper-rule-ignores = { unused = [\"rich\"], missing = [\"secret_mod\"] }\nmodules = { odd = \"attrs\" }\n",
    );
    let code = "import flask  # uvshift: ignore[missing]\nimport secret_mod\nimport odd\nimport django  # uvshift: ignore[unused]\n";
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", code)];
    assert_eq!(found(&files), ["missing django required warning shop/__init__.py:4"]);
}

#[test]
fn build_files_have_what_builds() {
    let text = package("", "");
    let files = [
        ("pyproject.toml", &*text),
        ("setup.py", "import hatchling\nimport numpy\n"),
        ("shop/__init__.py", "import hatchling\n"),
    ];
    assert_eq!(
        found(&files),
        ["missing hatchling required error shop/__init__.py:1", "missing numpy test-only note setup.py:2"]
    );
}

#[test]
fn stubs_belong_to_what_they_describe() {
    let text = package(
        "\"requests\"",
        "[dependency-groups]\ndev = [\"types-requests\", \"types-PyYAML\", \"pandas-stubs\"]\n",
    );
    let code = "import requests\ntry:\n    import pandas\nexcept ImportError:\n    pandas = None\n";
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", code)];
    assert_eq!(
        found(&files),
        ["unused types-pyyaml stub note pyproject.toml:6", "missing pandas optional note shop/__init__.py:3"]
    );
    let text = package("\"types-requests\", \"requests\"", "");
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", "import requests\n")];
    assert_eq!(found(&files), ["misplaced types-requests stub warning pyproject.toml:4"]);
}

#[test]
fn a_member_in_a_folder_of_plugins_needs_what_it_imports() {
    let found = findings(
        &[
            ("pyproject.toml", "[project]\nname = \"all\"\nversion = \"1\"\ndependencies = []\n"),
            ("plugins/shop/pyproject.toml", &package("", "")),
            ("plugins/shop/shop/__init__.py", "import requests\n"),
        ],
        None,
        &[],
    );
    assert_eq!(found, ["missing requests required error plugins/shop/shop/__init__.py:1"]);
}

#[test]
fn groups_of_the_root_are_for_the_tests_of_every_member() {
    let root = "[project]\nname = \"all\"\nversion = \"1\"\n[dependency-groups]\ndev = [\"pytest>=8,<9\", \"httpx<1\"]\n";
    let found = findings(
        &[
            ("pyproject.toml", root),
            ("packages/shop/pyproject.toml", &package("", "")),
            ("packages/shop/shop/__init__.py", "import httpx\n"),
            ("packages/shop/tests/test_shop.py", "import pytest\n"),
        ],
        None,
        &[],
    );
    assert_eq!(
        found,
        ["missing httpx required error packages/shop/shop/__init__.py:1"],
        "its code needs its own"
    );
}

#[test]
fn a_project_that_names_itself_needs_no_version() {
    let extras = "[project.optional-dependencies]\nall = [\"shop[web]\"]\nweb = [\"Flask>=3\"]\n";
    let found = findings(
        &[("pyproject.toml", &package("", extras)), ("shop/__init__.py", "def f():\n    import flask\n")],
        None,
        &[],
    );
    assert_eq!(found, [""; 0]);
}

#[test]
fn secrets_are_in_no_finding() {
    let secret = "\"pkg @ https://joe:s3cret@host.example/pkg.whl\", \"pytest @ git+https://s3cret@host.example/x?token=s3cret\"";
    let files = [("pyproject.toml", package(secret, "")), ("shop/__init__.py", String::new())];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let found = analysis_of(&files);
    assert!(found.contains("****@host.example") && !found.contains("s3cret"), "{found}");
}

/// All that findings say, and what would mend them.
fn analysis_of(files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, text).unwrap();
    }
    let scan = scanned(folder.path());
    let settings = Settings::default();
    let projects = [project("", files[0].1)];
    let input = AnalysisInput {
        scan: &scan,
        projects: &projects,
        lock: None,
        environment: None,
        settings: &settings,
    };
    let analysis = analyze(&input, &|sought| vec![None; sought.len()]);
    let shown = |found: &uvshift_depgraph::Finding| {
        let commands = found.action.as_ref().map(uvshift_depgraph::Action::commands);
        format!("{} {:?} {:?} {commands:?}", found.message, found.evidence, found.help)
    };
    analysis.findings.iter().map(shown).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_a_lock_knows_weighs_more() {
    let text = package("\"flask\"", "");
    let files = [("pyproject.toml", &*text), ("shop/__init__.py", "import flask\nimport jinja2\n")];
    assert_eq!(found(&files), ["missing jinja2 required warning shop/__init__.py:2"]);
    let lock = "version = 1\n[[package]]\nname = \"flask\"\nversion = \"3.0.3\"\nsource = { registry = \"https://index.example/simple\" }\n";
    assert_eq!(findings(&files, Some(lock), &[]), ["missing jinja2 required error shop/__init__.py:2"]);
}

#[test]
fn a_package_can_be_called_env() {
    let text = package("\"psutil\"", "");
    let files = [
        ("pyproject.toml", &*text),
        ("shop/__init__.py", ""),
        ("shop/env/__init__.py", ""),
        ("shop/env/a.py", "import psutil\n"),
        ("env/lib/site.py", "import flask\n"),
    ];
    assert_eq!(found(&files), [""; 0]);
}

#[test]
fn a_backport_is_legacy_only_where_nothing_needs_it() {
    let text = package("\"futures; python_version < '3.0'\", \"mock\", \"nose\"", "");
    let files = [
        ("pyproject.toml", &*text),
        ("shop/__init__.py", "import os\n"),
        ("tests/test_a.py", "import mock, nose\n"),
    ];
    let all: Vec<String> = found(&files).into_iter().filter(|line| !line.starts_with("unused")).collect();
    assert_eq!(
        all,
        ["legacy mock required warning pyproject.toml:4", "legacy nose required warning pyproject.toml:4"]
    );
}

#[test]
fn what_type_checkers_bring_is_used_where_it_is_declared() {
    let code =
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from typing_extensions import Self\n";
    for dependencies in ["", "\"typing_extensions>=4\""] {
        let text = package(dependencies, "");
        assert_eq!(
            found(&[("pyproject.toml", &text), ("shop/__init__.py", code)]),
            [""; 0],
            "{dependencies}"
        );
    }
}

#[test]
fn code_of_others_and_of_nobody() {
    let text = package("\"requests\"", "[dependency-groups]\ndev = [\"pytest\"]\n");
    let files = [
        ("pyproject.toml", &*text),
        ("shop/__init__.py", "import requests\nfrom _shop_version import version\nimport __main__\n"),
        ("shop/ann/__init__.py", ""),
        ("shop/ann/odd_lib.py", "import odd_lib\n"),
        ("shop/_vendor/toml/encoder.py", "import numpy\n"),
        ("tests/data/cases/a.py", "import whatever\n"),
        ("tests/test_a.py", "import pytest\n"),
    ];
    assert_eq!(
        found(&files),
        [
            "missing odd-lib required warning shop/ann/odd_lib.py:1",
            "missing numpy optional note shop/_vendor/toml/encoder.py:1",
            "missing whatever test-only note tests/data/cases/a.py:1",
        ]
    );
}

/// What nothing imports and another brings in is there to say which version of it: it is no fix to take that away.
#[test]
fn a_version_for_what_others_bring_in_is_not_taken_away() {
    let lock = Lock::parse(
        "version = 1\n[[package]]\nname = \"flask\"\nversion = \"3\"\nsource = { registry = \"https://index.example/simple\" }\n\
         dependencies = [{ name = \"werkzeug\" }]\n\
         [[package]]\nname = \"werkzeug\"\nversion = \"3.0.3\"\nsource = { registry = \"https://index.example/simple\" }\n",
    )
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("app.py"), "import flask\n").unwrap();
    let (scan, settings) = (scanned(folder.path()), Settings::default());
    let found = |requirement: &str, lock| {
        let projects = [project("", &package(&format!("\"flask\", \"{requirement}\""), ""))];
        let input = AnalysisInput { lock, ..AnalysisInput::new(&scan, &projects, &settings) };
        let findings = analyze(&input, &uvshift_depgraph::nothing_mentioned).findings;
        let finding = findings.into_iter().find(|found| found.rule.name() == "unused").unwrap();
        (finding.action.is_some(), finding.help.unwrap())
    };
    let lock = Some((&lock, "uv.lock"));
    for held in
        ["Werkzeug==3.0.3", "werkzeug<4 ; python_version > '3'", "werkzeug @ https://host.example/w.zip"]
    {
        let (has_action, help) = found(held, lock);
        assert!(!has_action && help.contains("constraint-dependencies") && help.contains(held), "{help}");
    }
    assert!(found("werkzeug", lock).0 && found("werkzeug ; python_version > '3'", lock).0);
    let (has_action, help) = found("werkzeug[watchdog]", lock);
    assert!(!has_action && help.contains("extras"), "{help}");
    assert!(found("rich==13", lock).0, "nothing else brings it in");
    // Without a lock and an environment nobody knows.
    let (has_action, help) = found("werkzeug==3.0.3", None);
    assert!(!has_action && help.contains("nothing here tells"), "{help}");
    assert!(found("rich", None).0 && found("rich>=13", None).0);
}
