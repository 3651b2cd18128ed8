use std::path::Path;

use uvshift_installed::Environment;

use super::*;
use crate::{Ledger, write};

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// `top/project` with `environment` in it.
    fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        project.write("top/project/environment/pyvenv.cfg", "version = 3.11.7\n");
        project
    }

    #[expect(clippy::disallowed_methods, reason = "the test makes its own project")]
    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn install(&self, name: &str, direct_url: &str, requested: bool) {
        let info = format!("top/project/environment/lib/python3.11/site-packages/{name}-1.0.dist-info");
        self.write(&format!("{info}/METADATA"), &format!("Name: {name}\nVersion: 1.0\n"));
        self.write(&format!("{info}/INSTALLER"), "pip");
        if requested {
            self.write(&format!("{info}/REQUESTED"), "");
        }
        if !direct_url.is_empty() {
            let here = self.folder.path().to_string_lossy().replace('\\', "/");
            self.write(&format!("{info}/direct_url.json"), &direct_url.replace("HERE", &here));
        }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("top/project")
    }

    fn environment(&self) -> Installed {
        let environment = Environment::read(&self.root().join("environment")).unwrap();
        Installed::of_environment(&environment, "environment", &self.root())
    }

    /// pyproject.toml and the ledger after everything installed was added to nothing at all.
    fn only(&self, installed: &[Installed]) -> (String, Ledger, Reading) {
        let mut reading = Reading::default();
        add_installed(&mut reading, &Tree::from_disk(&self.root()).unwrap(), None, installed, true);
        let written = write(&reading.manifest, None).unwrap().to_string();
        (written, reading.ledger.clone(), reading)
    }
}

const EDITABLE: &str = r#"{"url": "file://HERE/PATH", "dir_info": {"editable": true}}"#;

fn line<'a>(text: &'a str, start: &str) -> &'a str {
    text.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("no {start} in\n{text}"))
}

fn lock_of(ledger: &Ledger) -> String {
    let lines = ledger.entries().iter().map(|entry| format!("{} {}", entry.outcome.as_str(), entry.text));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn folders_are_named_from_the_project() {
    let project = Project::new();
    for path in ["project/libs/inner", "beside", "project"] {
        project.write(&format!("top/{path}/setup.py"), "");
    }
    project.write("far/away/from/here/setup.py", "");
    for (name, path) in [
        ("inner", "top/project/libs/inner"),
        ("beside", "top/beside"),
        ("far", "far/away/from/here"),
        ("itself", "top/project"),
    ] {
        project.install(name, &EDITABLE.replace("PATH", path), true);
    }
    project.install("plain", r#"{"url": "file://HERE/top/beside", "dir_info": {}}"#, false);
    let (written, ledger, reading) = project.only(&[project.environment()]);
    assert_eq!(line(&written, "inner"), "inner = { path = \"libs/inner\", editable = true }");
    assert_eq!(line(&written, "beside"), "beside = { path = \"../beside\", editable = true }");
    assert_eq!(line(&written, "plain"), "plain = { path = \"../beside\" }");
    let far = line(&written, "far");
    assert!(far.contains("../../far/away/from/here"), "{far}");
    assert!(reading.installs_itself && !written.contains("itself"), "{written}");
    assert!(lock_of(&ledger).contains("carried -e "), "{ledger}");
    assert!(ledger.to_string().contains("the path leads out of the project"), "{ledger}");
}

#[test]
fn a_checkout_of_pip_is_a_repository_again() {
    let project = Project::new();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let git = "top/project/environment/src/thing/.git";
    project.write(&format!("{git}/config"), "[remote \"origin\"]\n\turl = https://git.example/thing.git\n");
    project.write(&format!("{git}/HEAD"), commit);
    project.write("top/project/environment/src/thing/lib/setup.py", "");
    project.install("thing", &EDITABLE.replace("PATH", "top/project/environment/src/thing/lib"), true);
    let (written, ..) = project.only(&[project.environment()]);
    let expected = format!(
        "thing = {{ git = \"https://git.example/thing.git\", rev = \"{commit}\", subdirectory = \"lib\" }}"
    );
    assert_eq!(line(&written, "thing"), expected);
}

#[test]
fn the_project_in_its_own_repository_is_no_dependency() {
    let project = Project::new();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    project.write("top/project/.git/config", "[remote \"origin\"]\n\turl = git@git.example:team/demo.git\n");
    project.write("top/project/.git/HEAD", commit);
    project.write("top/project/setup.py", "");
    let text = format!("-e git+ssh://git@git.example/team/demo@{commit}#egg=demo\nsix==1.16.0\n");
    let (written, _, reading) = project.only(&[Installed::of_freeze("freeze.txt", &text)]);
    assert!(reading.installs_itself && !written.contains("demo") && written.contains("\"six\""), "{written}");
}

#[test]
fn the_environment_tells_what_a_freeze_does_not() {
    let project = Project::new();
    project.install("asked", "", true);
    project.install("brought", "", false);
    let info = "top/project/environment/lib/python3.11/site-packages/asked-1.0.dist-info";
    project.write(&format!("{info}/METADATA"), "Name: asked\nVersion: 1.0\nRequires-Dist: brought\n");
    let freeze = Installed::of_freeze("freeze.txt", "asked==1.0\nbrought==1.0\nother==2.0\n");
    let (written, ..) = project.only(&[freeze.clone(), project.environment()]);
    assert!(written.contains("\"asked\"") && !written.contains("brought"), "{written}");
    let pins: Vec<String> =
        freeze.pins().iter().map(|pin| format!("{}=={}", pin.name, pin.version)).collect();
    assert_eq!(pins, ["asked==1.0", "brought==1.0", "other==2.0"]);
    let (written, ..) = project.only(&[freeze]);
    assert!(written.contains("\"brought\""), "{written}");
}

#[test]
fn a_source_goes_to_the_requirement_that_has_none() {
    let project = Project::new();
    project.write("top/project/libs/a/setup.py", "");
    project.install("a", &EDITABLE.replace("PATH", "top/project/libs/a"), true);
    project.install("b", &EDITABLE.replace("PATH", "top/project/libs/gone"), true);
    let mut reading = Reading::default();
    for name in ["a", "b"] {
        let from = crate::Provenance::new("dev.txt", 1);
        let (text, comments) = (format!("{name}>=1"), Comments::default());
        let dependency = Dependency { text, name: name.to_owned(), comments, from };
        reading.manifest.add(&Scope::Group("dev".to_owned()), dependency);
    }
    let tree = Tree::from_disk(&project.root()).unwrap();
    add_installed(&mut reading, &tree, None, &[project.environment()], false);
    let written = write(&reading.manifest, None).unwrap().to_string();
    assert_eq!(line(&written, "a = "), "a = { path = \"libs/a\", editable = true }");
    assert!(!written.contains("b = "), "{written}");
    let told: Vec<&str> = reading.diagnostics.iter().map(|found| found.code.id()).collect();
    assert_eq!(told, ["M061"]);

    let text = "[project]\ndependencies = [\"a\", \"b @ https://files.example/b.zip\"]\n";
    let before = PyProject::parse(text).unwrap();
    let mut reading = Reading::default();
    add_installed(&mut reading, &tree, Some(&before), &[project.environment()], false);
    let written = write(&reading.manifest, Some(&before)).unwrap().to_string();
    assert_eq!(line(&written, "a = "), "a = { path = \"libs/a\", editable = true }");
    assert_eq!(lock_of(&reading.ledger).lines().filter(|line| line.starts_with("dropped")).count(), 1);
    assert!(relative(Path::new("/a/b"), Path::new("/x/y/z/v")) == "/a/b");
}

#[test]
fn a_whole_path_is_one_that_tools_take() {
    for (path, expected) in [
        ("/a/b", "/a/b"),
        (r"C:\a\b", "C:/a/b"),
        (r"\\?\C:\a\b", "C:/a/b"),
        (r"\\?\UNC\server\share\a", "//server/share/a"),
        (r"\\server\share\a", "//server/share/a"),
    ] {
        assert_eq!(in_full(path), expected);
    }
}
