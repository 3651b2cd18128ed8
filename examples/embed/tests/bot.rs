//! The bot on repositories that are made on the spot.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use dependency_bot::{Migration, Trial, report, try_migration};
use uvshift_migrate::Uv;

const SHOP: [(&str, &str); 3] = [
    ("requirements.txt", "flask==3.0.3  # the web\nrequests>=2\nsix>=1.*\n"),
    ("requirements-dev.txt", "-r requirements.txt\npytest>=8\n"),
    ("shop.py", "import flask\nimport yaml\n"),
];

/// A repository with these files.
fn repository(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

/// Every file of a folder with its bytes.
fn contents(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(root).unwrap().map(|entry| entry.unwrap());
    files.map(|it| (it.file_name().into_string().unwrap(), fs::read(it.path()).unwrap())).collect()
}

#[test]
fn a_report_says_what_is_there() {
    let shop = repository(&SHOP);
    let report = report(shop.path()).unwrap();
    let lines: Vec<_> = report.requirements.iter().map(|it| (&*it.file, it.line, &*it.name)).collect();
    assert_eq!(
        lines,
        [
            ("requirements-dev.txt", 2, "pytest"),
            ("requirements.txt", 1, "flask"),
            ("requirements.txt", 2, "requests")
        ]
    );
    assert_eq!(report.requirements[1].pin.as_deref(), Some("3.0.3"));
    // pip refuses that line, so it asks for nothing.
    let hints: Vec<_> = report.hints.iter().map(|hint| (hint.code, hint.line)).collect();
    assert_eq!(hints, [("R002", Some(3))]);
    let findings: Vec<_> =
        report.findings.iter().map(|it| (it.rule, &*it.package, it.place.as_deref())).collect();
    assert!(findings.contains(&("missing", "pyyaml", Some("shop.py:2"))), "{findings:?}");
    assert!(findings.contains(&("unused", "requests", Some("requirements.txt:2"))), "{findings:?}");
    assert!(!findings.iter().any(|(_, package, _)| *package == "flask"), "{findings:?}");
}

#[test]
fn a_report_is_json_and_plans_the_move() {
    let files = [("requirements.txt", "flask==3.0.3\n-i https://index.example/simple\n")];
    let json = serde_json::to_value(report(repository(&files).path()).unwrap()).unwrap();
    assert_eq!(json["migration"]["status"], "ready");
    assert_eq!(json["migration"]["ledger"][0]["from"], "requirements.txt:1");
    assert_eq!(json["migration"]["ledger"][1]["outcome"], "carried", "{json:#}");
    assert!(json["migration"]["diff"].as_str().unwrap().contains("+    \"flask==3.0.3\","), "{json:#}");
}

#[test]
fn what_only_a_person_can_decide_is_not_tried() {
    let odd = repository(&[("requirements.txt", "hg+https://hg.example/old#egg=old\n")]);
    let before = contents(odd.path());
    assert!(matches!(report(odd.path()).unwrap().migration, Migration::NeedsDecision { .. }));
    assert!(matches!(try_migration(odd.path(), None).unwrap(), Trial::NotTried));
    assert_eq!(contents(odd.path()), before);
}

#[test]
fn a_trial_without_uv_leaves_no_trace() {
    let shop = repository(&[("requirements.txt", "flask==3.0.3\n")]);
    let before = contents(shop.path());
    let Trial::Works { compared, locked, changed, restored } = try_migration(shop.path(), None).unwrap()
    else {
        panic!("it works");
    };
    assert_eq!((compared, locked), (1, None));
    assert_eq!(changed, ["pyproject.toml", "requirements.txt"]);
    assert_eq!(restored, changed);
    assert_eq!(contents(shop.path()), before);
}

#[test]
fn a_trial_with_uv_locks_and_leaves_no_trace() {
    let Some(uv) = uv() else { return };
    let (shop, wheels) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    wheel(wheels.path(), "flask", "3.0.3", "Requires-Dist: werkzeug>=3\n");
    wheel(wheels.path(), "werkzeug", "3.0.6", "");
    let index = format!("--no-index\n--find-links {}\n", wheels.path().display());
    fs::write(shop.path().join("requirements.txt"), format!("{index}flask==3.0.3\n")).unwrap();
    let before = contents(shop.path());
    let Trial::Works { locked, changed, .. } = try_migration(shop.path(), Some(&uv)).unwrap() else {
        panic!("it works");
    };
    // With the repository itself.
    assert_eq!(locked, Some(3));
    assert!(changed.contains(&"uv.lock".to_owned()), "{changed:?}");
    assert_eq!(contents(shop.path()), before);

    fs::write(shop.path().join("requirements.txt"), format!("{index}flask==4\n")).unwrap();
    let trial = try_migration(shop.path(), Some(&uv)).unwrap();
    assert!(matches!(&trial, Trial::NoLock { said } if said.contains("flask")), "{trial:?}");
}

/// The uv that whoever runs these tests wants them to use.
fn uv() -> Option<Uv> {
    let mut uv = Uv::new(std::env::var_os("BOT_TEST_UV")?);
    uv.env.push(("UV_OFFLINE".into(), "1".into()));
    uv.env.push(("UV_PYTHON_DOWNLOADS".into(), "never".into()));
    Some(uv)
}

/// A wheel without anything in it but its metadata.
fn wheel(folder: &Path, name: &str, version: &str, requires: &str) {
    let file = fs::File::create(folder.join(format!("{name}-{version}-py3-none-any.whl"))).unwrap();
    let mut archive = zip::ZipWriter::new(file);
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}");
    let tags = "Wheel-Version: 1.0\nGenerator: bot\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    for (member, text) in [("METADATA", metadata.as_str()), ("WHEEL", tags), ("RECORD", "")] {
        archive.start_file(format!("{name}-{version}.dist-info/{member}"), stored).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
}
