//! Real builds, offline.

use uvshift_process::SystemRunner;
use uvshift_project::{BuildBackend, Reading, Tree, convert_backend};
use uvshift_testkit::{Project, assert_same_tree, backends, git_repo, snapshot, uv, uv_environment};

use super::*;

fn uv_of(project: &Project) -> Uv {
    let mut found = Uv::new(uv());
    let environment = uv_environment(project).into_iter();
    found.env = environment.map(|(name, value)| (name.into(), value)).collect();
    found.env.push(("UV_FIND_LINKS".into(), backends().into()));
    found
}

/// What came of a change that `migrate` makes to these files.
type Outcome = Result<WheelReport, Vec<Difference>>;

fn prove(project: &Project, changed: &[(&str, &str)]) -> Outcome {
    prove_with(project, changed, &uv_of(project))
}

fn prove_with(project: &Project, changed: &[(&str, &str)], uv: &Uv) -> Outcome {
    let kept = keep(project.path()).unwrap();
    for (path, text) in changed {
        project.write(path, text);
    }
    let picture = snapshot(project.path());
    let paths: Vec<&str> = changed.iter().map(|(path, _)| *path).collect();
    let runner = SystemRunner::new();
    let trees = Trees::new(project.path(), kept, &paths, &runner).unwrap();
    let report = trees.prove(project.path(), "", None, uv, &runner).unwrap();
    assert_same_tree(&picture, &snapshot(project.path()));
    report
}

fn setuptools_project() -> Project {
    let project = Project::new();
    project.write(
        "setup.py",
        "from setuptools import setup\nsetup(name='demo', version='1.0', packages=['demo'], author='X',\n\
         install_requires=['flask>=2'], entry_points={'console_scripts': ['demo=demo:main']})\n",
    );
    project.write("demo/__init__.py", "def main(): pass\n");
    project
}

const MIGRATED: &str = "[project]\nname = \"demo\"\nversion = \"1.0\"\nrequires-python = \">=3.9\"\n\
    authors = [{ name = \"X\" }]\ndependencies = [\"flask>=2\"]\n[project.scripts]\ndemo = \"demo:main\"\n\
    [build-system]\nrequires = [\"BACKEND\"]\nbuild-backend = \"MODULE\"\n";

fn migrated(backend: &str, module: &str) -> String {
    MIGRATED.replace("BACKEND", backend).replace("MODULE", module)
}

#[test]
fn a_faithful_migration_gives_the_same_wheel_whatever_builds_it() {
    for (backend, module) in [
        ("setuptools", "setuptools.build_meta"),
        ("hatchling", "hatchling.build"),
        ("pdm-backend", "pdm.backend"),
    ] {
        let project = setuptools_project();
        let text = migrated(backend, module);
        let report = prove(&project, &[("pyproject.toml", &text)]);
        let Ok(WheelReport::Same { accepted, .. }) = &report else { panic!("{backend}: {report:?}") };
        let notes: Vec<&str> = accepted.iter().map(|note| note.place.as_str()).collect();
        assert!(notes.contains(&"METADATA Requires-Python"), "{backend}: {notes:?}");
    }
}

#[test]
fn what_a_migration_loses_is_a_difference() {
    let project = setuptools_project();
    project.write("extra/__init__.py", "");
    let lost = migrated("setuptools", "setuptools.build_meta").replace("dependencies", "keywords")
        + "[tool.setuptools]\npackages = [\"demo\", \"extra\"]\n";
    let report = prove(&project, &[("pyproject.toml", &lost)]);
    let Err(found) = report else { panic!("{report:?}") };
    let found: Vec<String> = found.iter().map(|it| format!("{}: {}", it.place, it.what)).collect();
    for expected in ["extra/__init__.py: the file is new", "flask>=2", "the keyword is new"] {
        assert!(found.iter().any(|line| line.contains(expected)), "{expected}: {found:#?}");
    }
}

#[test]
fn a_project_that_no_longer_builds_is_a_difference_and_one_that_never_did_is_not() {
    let project = setuptools_project();
    let broken = migrated("setuptools", "no.such.backend");
    let report = prove(&project, &[("pyproject.toml", &broken)]);
    let Err(found) = report else { panic!("{report:?}") };
    assert!(found[0].what.starts_with("it no longer builds:\n"), "{found:?}");

    let project = setuptools_project();
    project.write("setup.py", "raise SystemExit('not today')\n");
    let good = migrated("setuptools", "setuptools.build_meta");
    let report = prove(&project, &[("pyproject.toml", &good)]);
    let Ok(WheelReport::NotBuilt { why }) = report else { panic!("{report:?}") };
    assert!(why.contains("not today"), "{why}");
}

#[test]
fn code_of_the_project_runs_only_when_asked() {
    let project = setuptools_project();
    let text = migrated("setuptools", "setuptools.build_meta");
    let after = PyProject::parse(&text).unwrap();
    let reason = |project: &Project, wanted: WheelProof| {
        reason_against(project.path(), wanted, None, &after).unwrap_or_default()
    };
    assert_eq!(reason(&project, WheelProof::Auto), "a build can run code of the project: setup.py");
    assert_eq!(reason(&project, WheelProof::Never), "no wheel was to be built");
    assert_eq!(reason(&project, WheelProof::Always), "");
    assert_eq!(reason(&Project::new(), WheelProof::Always), "the project is not built as a package");
}

#[test]
fn a_version_from_git_does_not_see_the_migration() {
    let project = Project::new();
    let text = "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[tool.setuptools]\npackages = [\"demo\"]\n\
        [tool.setuptools_scm]\n[build-system]\nrequires = [\"setuptools\", \"setuptools-scm\"]\n\
        build-backend = \"setuptools.build_meta\"\n";
    git_repo(project.path(), &[("pyproject.toml", text), ("demo/__init__.py", "")], Some("v1.2.3"));
    let changed = text.replace("[project]\n", "[project]\nrequires-python = \">=3.9\"\n");
    let report = prove(&project, &[("pyproject.toml", &changed)]);
    assert!(matches!(report, Ok(WheelReport::Same { .. })), "{report:?}");
    let kept = keep(project.path()).unwrap();
    let wheel = build(&kept.old, None, &uv_of(&project), &SystemRunner::new()).unwrap().unwrap();
    assert!(
        wheel.file_name.version.contains("1.2.4"),
        "a changed tree has another version: {}",
        wheel.file_name
    );
}

#[test]
fn the_backend_says_what_a_setup_py_computes() {
    let project = setuptools_project();
    let said = backend_metadata(project.path(), &uv_of(&project), &SystemRunner::new()).unwrap();
    assert!(said.metadata.contains("\nRequires-Dist: flask>=2\n"), "{}", said.metadata);
    assert_eq!(said.entry_points.as_deref(), Some("[console_scripts]\ndemo = demo:main\n"));
    project.write("setup.py", "raise SystemExit('not today')\n");
    let failed = backend_metadata(project.path(), &uv_of(&project), &SystemRunner::new()).unwrap_err();
    assert!(failed.to_string().contains("not today"), "{failed}");
}

/// Gives a project another build backend and proves the wheel.
fn converted(project: &Project, wanted: BuildBackend, uv: &Uv) -> (Vec<String>, Outcome) {
    let tree = Tree::from_disk(project.path()).unwrap();
    let text = String::from_utf8(project.read("pyproject.toml")).unwrap();
    let existing = PyProject::parse(&text).unwrap();
    let read =
        uvshift_project::read_sources(&tree, Some(&existing), &uvshift_project::ReadOptions::default());
    let mut reading = uvshift_project::merge(read.unwrap(), Reading::default());
    convert_backend(&tree, Some(&existing), wanted, &mut reading).unwrap();
    let said = reading.diagnostics.iter().map(ToString::to_string).collect();
    let after = uvshift_project::write(&reading.manifest, Some(&existing)).unwrap().to_string();
    if after == text {
        return (said, Ok(WheelReport::NotAsked { why: "nothing changes".to_owned() }));
    }
    (said, prove_with(project, &[("pyproject.toml", &after)], uv))
}

/// Projects of every backend with what is hard to carry: a folder that is not packed, data, excluded files.
fn projects() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let tree = |more: &[(&'static str, &'static str)]| {
        let mut files = vec![
            ("src/demo/__init__.py", "\"\"\"What it is.\"\"\"\n__version__ = \"1.0\"\n"),
            ("src/demo/py.typed", ""),
            ("src/demo/data/a.json", "{}"),
            ("src/demo/data/secret.key", ""),
            ("src/demo/inner/__init__.py", ""),
            ("LICENSE", "free\n"),
            ("README.md", "# demo\n"),
            ("tests/test_demo.py", ""),
        ];
        files.extend_from_slice(more);
        files
    };
    let poetry = "[project]\nname = \"demo\"\nversion = \"1.0\"\nrequires-python = \">=3.9,<4\"\nreadme = \"README.md\"\n\
        dynamic = [\"classifiers\"]\n[tool.poetry]\npackages = [{ include = \"demo\", from = \"src\" }]\n\
        exclude = [\"**/*.key\"]\ninclude = [\"tests\", { path = \"LICENSE\", format = [\"sdist\"] }]\n\
        [build-system]\nrequires = [\"poetry-core>=2\"]\nbuild-backend = \"poetry.core.masonry.api\"\n";
    let pdm = "[project]\nname = \"demo\"\nversion = \"1.0\"\nrequires-python = \">=3.9\"\nreadme = \"README.md\"\n[tool.pdm.build]\n\
        excludes = [\"**/*.key\"]\n[build-system]\nrequires = [\"pdm-backend\"]\nbuild-backend = \"pdm.backend\"\n";
    let flit = "[project]\nname = \"demo\"\nversion = \"1.0\"\nrequires-python = \">=3.9\"\ndescription = \"x\"\nreadme = \"README.md\"\n\
        [build-system]\nrequires = [\"flit_core >=3.2,<5\"]\nbuild-backend = \"flit_core.buildapi\"\n";
    let setuptools = "[project]\nname = \"demo\"\nversion = \"1.0\"\nrequires-python = \">=3.9\"\nreadme = \"README.md\"\n[tool.setuptools]\n\
        package-dir = { \"\" = \"src\" }\n[tool.setuptools.packages.find]\nwhere = [\"src\"]\nnamespaces = false\n\
        [tool.setuptools.package-data]\ndemo = [\"data/*.json\"]\n\
        [build-system]\nrequires = [\"setuptools>=61\"]\nbuild-backend = \"setuptools.build_meta\"\n";
    vec![
        ("poetry-core", tree(&[("pyproject.toml", poetry)])),
        ("pdm-backend", tree(&[("pyproject.toml", pdm)])),
        ("flit_core", tree(&[("pyproject.toml", flit)])),
        ("setuptools", tree(&[("pyproject.toml", setuptools)])),
    ]
}

#[test]
fn another_backend_packs_the_same() {
    for (name, files) in projects() {
        for wanted in [BuildBackend::Hatchling, BuildBackend::UvBuild] {
            let project = Project::new();
            for (path, text) in &files {
                project.write(path, text);
            }
            let (said, report) = converted(&project, wanted, &uv_of(&project));
            let text = String::from_utf8(project.read("pyproject.toml")).unwrap();
            let shown = || format!("{name} to {wanted:?}: {said:?}\n{report:#?}\n{text}");
            assert!(said.is_empty() && matches!(report, Ok(WheelReport::Same { .. })), "{}", shown());
            let old = ["poetry", "pdm", "flit", "setuptools"];
            assert!(!old.iter().any(|old| text.contains(&format!("tool.{old}"))), "{}", shown());
        }
    }
}

#[test]
#[ignore = "needs source distributions, unpacked into the folder that UVSHIFT_SDISTS names, and a package index"]
#[expect(clippy::disallowed_methods, reason = "the folder is named by whoever runs this")]
#[expect(clippy::print_stdout, reason = "the result is read by a person")]
fn real_projects_pack_the_same() {
    let Some(folder) = std::env::var_os("UVSHIFT_SDISTS") else {
        return println!("SKIPPED: UVSHIFT_SDISTS names no folder");
    };
    let mut uv = Uv::new(uv());
    uv.env.push(("UV_PYTHON".into(), uvshift_testkit::pip_python().into()));
    let mut failed = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let place = entry.unwrap().path();
        for wanted in [BuildBackend::Hatchling, BuildBackend::UvBuild] {
            let project = Project::from_tree(&place);
            let (said, report) = converted(&project, wanted, &uv);
            let shown = match &report {
                Ok(report) => format!("{report:?}"),
                Err(found) => format!("DIFFERENT {found:#?}"),
            };
            failed += usize::from(report.is_err());
            println!("{} to {wanted:?}: {said:?} {shown}", place.display());
        }
    }
    assert_eq!(failed, 0);
}
