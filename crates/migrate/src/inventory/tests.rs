#![expect(clippy::disallowed_methods, reason = "the tests make their files")]

use std::path::Path;

use super::*;
use crate::plan;

const TODAY: Day = Day { year: 2026, month: 6, day: 1 };

fn write(root: &Path, files: &[(&str, &[u8])]) {
    for (path, bytes) in files {
        let place = root.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }
}

fn taken(root: &Path) -> Inventory {
    let options = Options { python: Some(">=3.12".to_owned()), ..Options::default() };
    let planned = plan(root, &options).unwrap();
    inventory(root, &planned, &options, TODAY).unwrap()
}

fn of(files: &[(&str, &str)]) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    write(folder.path(), &files);
    taken(folder.path())
}

fn codes(inventory: &Inventory) -> Vec<&'static str> {
    inventory.risks.iter().map(|risk| risk.code.id()).collect()
}

#[cfg(unix)]
#[test]
fn hostile_files_are_named_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), &[("Dockerfile", b"FROM python:2.7\nRUN pip install secret\n")]);
    let huge = b"- run: pip install x\n".repeat(80_000);
    write(
        folder.path(),
        &[
            ("requirements.txt", b"flask==3.0\n"),
            ("Dockerfile", b"FROM python:3.12\n\0\0RUN pip install x\n"),
            ("Dockerfile.latin", b"FROM python:3.12\n# caf\xe9\n"),
            (".github/workflows/huge.yml", &huge),
            (".github/workflows/ci.yml", b"x: &a [*a, *a]\nrun: pip install tox\n\xef\xbb\xbf"),
            ("scripts/binary", b"\x7fELF\0pip install x"),
            ("poetry.lock", b"[[package]\n"),
            (".pre-commit-config.yaml", b"repos: &a\n- repo: *a\n  rev: [\n"),
            (".venv/pyvenv.cfg", b"\xff\xfe"),
        ],
    );
    std::os::unix::fs::symlink(outside.path(), folder.path().join("docker")).unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("Dockerfile"), folder.path().join("Dockerfile.link"))
        .unwrap();
    std::os::unix::fs::symlink("Makefile", folder.path().join("Makefile")).unwrap();
    let found = taken(folder.path());
    assert_eq!(found.unread, [".github/workflows/huge.yml", "Dockerfile", "Dockerfile.latin"]);
    assert_eq!(found.ci.len(), 1);
    assert_eq!(found.ci[0].calls.len(), 1);
    assert!(found.containers.is_empty(), "what a link leads to outside is not read: {:?}", found.containers);
    assert_eq!(found.locks[0].packages, None);
}

#[test]
fn a_deep_and_long_file_is_read_in_time() {
    let deep = format!("run: {}pip install x{}\n", "$(".repeat(30_000), ")".repeat(30_000));
    let many = "RUN pip install x && pip install y\n".repeat(20_000);
    let found = of(&[("requirements.txt", "a\n"), (".gitlab-ci.yml", &deep), ("Dockerfile", &many)]);
    assert_eq!(found.containers[0].calls.len(), 500);
}

#[test]
fn requirements_are_counted_by_how_they_are_held() {
    let found = of(&[(
        "requirements.txt",
        "a==1\nb===1\nc==1.*\nd~=1.2\ne>=1\nf\ng<2\nh!=3\ni==1,<2\nj>=1 --hash=sha256:aa\nk @ https://files.example/k-1.zip\n",
    )]);
    let counts = found.declared.counts;
    assert_eq!((counts.exact, counts.bounded, counts.open, counts.direct), (3, 4, 3, 1));
    assert_eq!(found.declared.pinned_percent(), Some(30));
    assert_eq!((found.declared.main, found.declared.packages), (11, 11));
}

#[test]
fn direct_dependencies_tell_whether_they_can_change() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let text = format!(
        "a @ git+https://git.example/a.git@{commit}\nb @ git+https://git.example/b.git@v1\nc @ git+https://git.example/c.git\n\
         d @ https://files.example/d-1.zip#sha256=aa\ne @ https://files.example/e-1.zip\n-e .\n./libs/f\n../g\n"
    );
    let found = of(&[
        ("requirements.txt", &text),
        ("libs/f/pyproject.toml", "[project]\nname = \"f\"\nversion = \"1\"\n"),
        ("setup.py", "from setuptools import setup\nsetup(name='x', version='1')\n"),
    ]);
    let fixed: Vec<bool> = found.direct.iter().map(|found| found.fixed).collect();
    assert_eq!(fixed, [true, false, false, true, false, true, true, true]);
    let shown: Vec<(bool, bool)> =
        found.direct.iter().skip(5).map(|found| (found.itself, found.outside)).collect();
    assert_eq!(shown, [(true, false), (false, false), (false, true)]);
    let risk = found.risks.iter().find(|risk| risk.code == codes::NOT_FIXED).unwrap();
    assert_eq!(risk.places.iter().map(|place| place.line).collect::<Vec<_>>(), [2, 3, 5]);
}

#[test]
fn pins_matter_to_applications_without_a_lock() {
    assert_eq!(codes(&of(&[("requirements.txt", "a\nb>=1\n")])), ["C012"]);
    assert_eq!(codes(&of(&[("requirements.txt", "a==1\nb\n")])), ["C011"]);
    assert!(codes(&of(&[("requirements.txt", "a==1\nb==2\n")])).is_empty());
    let header = "# This file is autogenerated by pip-compile with Python 3.12\n# by the following command:\n#\n#    pip-compile requirements.in\n#\n";
    let compiled = format!("{header}a==1\n    # via -r requirements.in\n");
    let found = of(&[("requirements.in", "a\n"), ("requirements.txt", &compiled)]);
    assert!(codes(&found).is_empty(), "{:?}", found.risks);
    assert_eq!((found.locks[0].kind, found.locks[0].packages), ("compiled requirements", Some(1)));
    // What a library requires is to be open.
    let setup = "from setuptools import setup\nsetup(name='x', version='1', install_requires=['a'])\n";
    assert!(!codes(&of(&[("setup.py", setup)])).contains(&"C012"));
}

#[test]
fn pythons_end_and_uv_brings_only_some() {
    let found = of(&[
        ("requirements.txt", "a==1\n"),
        ("Dockerfile", "FROM python:3.7\n"),
        ("tox.ini", "[tox]\nenvlist = py27,py312\n"),
    ]);
    let shown: Vec<(&str, bool, UvSupport)> =
        found.python.versions.iter().map(|found| (found.version.as_str(), found.is_past, found.uv)).collect();
    assert_eq!(
        shown,
        [
            ("2.7", true, UvSupport::No),
            ("3.7", true, UvSupport::InstalledOnly),
            ("3.12", false, UvSupport::Managed)
        ]
    );
    let past = found.risks.iter().find(|risk| risk.code == codes::END_OF_LIFE).unwrap();
    assert_eq!(past.severity, RiskSeverity::Medium, "an image runs with it");
    assert_eq!(past.what, "Python 2.7 (2020-01-01) and 3.7 (2023-06-27) are past their end of life");
}

#[test]
fn indexes_credentials_and_settings_of_pip() {
    let found = of(&[
        (
            "requirements.txt",
            "--extra-index-url https://index.example/simple\n--trusted-host index.example\na==1\n",
        ),
        ("pip.conf", "[global]\nindex-url = https://joe:s3cret@index.example/simple\n"),
        (
            "Dockerfile",
            "FROM python:3.12\nENV PIP_EXTRA_INDEX_URL=https://$USER:$TOKEN@index.example\n# PIP_INDEX_URL=x\n",
        ),
    ]);
    assert_eq!(codes(&found), ["C017", "C010", "C019", "C020"]);
    let places = |at: usize| found.risks[at].places.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(places(0), ["pip.conf:2"], "references to variables are no secrets");
    assert_eq!(places(3), ["Dockerfile:2", "pip.conf:1"]);
    assert!(!format!("{found:?}").contains("s3cret"));
    // One index that replaces the public one is one index.
    assert!(codes(&of(&[("requirements.txt", "-i https://index.example/simple\na==1\n")])).is_empty());
}

#[test]
fn the_environment_is_held_against_the_files() {
    let info = |name: &str| format!(".venv/lib/python3.12/site-packages/{name}-1.dist-info/METADATA");
    let metadata =
        |name: &str, more: &str| format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{more}");
    let files = [
        ("requirements.txt".to_owned(), "a[x]==1\n".to_owned()),
        (".venv/pyvenv.cfg".to_owned(), "version = 3.12.1\n".to_owned()),
        (
            info("a"),
            metadata(
                "a",
                "Provides-Extra: x\nProvides-Extra: y\nRequires-Dist: b\nRequires-Dist: c; extra == 'x'\nRequires-Dist: d; extra == 'y'\n",
            ),
        ),
        (info("b"), metadata("b", "")),
        (info("c"), metadata("c", "")),
        (info("d"), metadata("d", "")),
        (info("pip"), metadata("pip", "")),
        (info("Strange"), metadata("Strange", "")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let found = of(&files);
    let environment = found.environment.clone().unwrap();
    assert_eq!(environment.unneeded, ["d", "Strange"]);
    assert_eq!((environment.packages, environment.python.as_str()), (6, "3.12"));
    assert_eq!(codes(&found), ["C021"]);
}

#[test]
fn packages_that_are_legacy_or_need_the_system() {
    let found = of(&[(
        "requirements.txt",
        "nose==1\nmysqlclient==2\nmock==5\nlxml==5\ncryptography==42\nbackports.zoneinfo==0.2 ; python_version < '3.9'\nflask==3\n",
    )]);
    let shown: Vec<(&str, &str, usize)> = found
        .risks
        .iter()
        .map(|risk| (risk.code.id(), risk.severity.as_str(), risk.places[0].line))
        .collect();
    assert_eq!(shown, [("C001", "medium", 1), ("C002", "medium", 2), ("C001", "low", 3), ("C002", "low", 4)]);
    assert!(found.risks[0].mitigation.contains("pytest"), "{:?}", found.risks[0]);
    assert!(found.risks[1].mitigation.contains("apt-get install"), "{:?}", found.risks[1]);
    let what = "cryptography and lxml are built with libraries of the system where no wheel fits";
    assert_eq!(found.risks[3].what, what);
}

#[test]
fn what_is_left_over_beside_uv_is_not_declared() {
    let found = of(&[
        ("pyproject.toml", "[project]\nname = \"a\"\nversion = \"1\"\ndependencies = [\"flask\"]\n"),
        ("uv.lock", "version = 1\n"),
        ("requirements.txt", "django\n"),
    ]);
    assert_eq!((found.declared.main, found.declared.groups, found.sources.len()), (1, 0, 2));
    assert_eq!(found.sources[0].role.as_deref(), Some("left over"));
}

#[test]
fn members_are_told_from_the_root() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            ("requirements.txt", b"a==1\n"),
            ("packages/b/requirements.txt", b"c @ git+https://git.example/c.git\n"),
            (
                "packages/b/poetry.lock",
                b"[[package]]\nname = \"x\"\nversion = \"1\"\n[metadata]\nlock-version = \"2.0\"\n",
            ),
        ],
    );
    let members = crate::Members::Separate;
    let options = Options { python: Some(">=3.12".to_owned()), members, ..Options::default() };
    let planned = plan(folder.path(), &options).unwrap();
    let found = inventory(folder.path(), &planned, &options, TODAY).unwrap();
    let paths: Vec<&str> = found.sources.iter().map(|source| source.path.as_str()).collect();
    assert_eq!(paths, ["requirements.txt", "packages/b/requirements.txt"]);
    assert_eq!(found.direct[0].from.to_string(), "packages/b/requirements.txt:1");
    assert_eq!((found.locks[0].path.as_str(), found.locks[0].packages), ("packages/b/poetry.lock", Some(1)));
}

#[test]
fn passwords_of_databases_are_none_of_an_index() {
    let found = of(&[
        ("requirements.txt", "a==1\n"),
        ("docker-compose.yml", "services:\n  web:\n    environment:\n      URL: postgres://joe:pw@db/x\n"),
        (
            ".github/workflows/ci.yml",
            "run: pip install -i https://${{ secrets.USER }}:${TOKEN}@index.example/x y\n",
        ),
    ]);
    assert_eq!(codes(&found), ["C003"]);
}

#[test]
fn codes_are_in_order_and_each_stands_once() {
    let ids: Vec<&str> = codes::ALL.iter().map(|code| code.id()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "{ids:?}");
}
