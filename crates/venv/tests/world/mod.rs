//! A project with an index of its own, a virtual environment that pip filled, and what uv needs to be hermetic.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]
#![expect(clippy::disallowed_methods, reason = "tests make their own environments")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use uvshift_process::SystemRunner;
use uvshift_testkit::{
    Project, WheelOptions, backends, flat_index, git_repo, pip_python, uv, uv_environment, wheel,
};
use uvshift_venv::{Allowances, Indexes, PythonChoice, Recreate, RecreateError, Recreated, Snapshot, Uv};

/// A project, its index and the variables for uv.
pub(crate) struct World {
    pub(crate) project: Project,
    pub(crate) variables: Vec<(OsString, OsString)>,
    pub(crate) indexes: Indexes,
    pub(crate) uv: PathBuf,
}

impl World {
    /// A world whose index has some wheels, and beside it the common build backends.
    pub(crate) fn new() -> Self {
        let project = Project::new();
        let index = project.beside("wheels");
        flat_index(
            &index,
            &[
                ("alpha", "1.0", &["beta>=1"]),
                ("alpha", "2.0", &["beta>=2"]),
                ("beta", "1.0", &[]),
                ("beta", "2.0", &[]),
                ("gamma-ray", "2.0rc1", &[]),
                ("local", "2.1", &[]),
                ("local", "2.1+cu118", &[]),
                // No `delta`, so that it is missing wherever `needy` is.
                ("needy", "1.0", &["delta>=3"]),
            ],
        );
        wheel(&index, "tool", "1.0", &program("tool"));
        let variables = uv_environment(&project).into_iter().filter(|(name, _)| *name != "UV_PYTHON");
        Self {
            variables: variables.map(|(name, value)| (name.into(), value)).collect(),
            indexes: Indexes {
                none: true,
                find_links: vec![text(&index), text(&backends())],
                ..Indexes::default()
            },
            uv: uv(),
            project,
        }
    }

    /// The folder of wheels.
    pub(crate) fn index(&self) -> PathBuf {
        self.project.beside("wheels")
    }

    /// The place of the environment.
    pub(crate) fn place(&self) -> PathBuf {
        self.project.path().join(".venv")
    }

    /// Makes the environment with `venv`, and nothing in it.
    pub(crate) fn venv(path: &Path, arguments: &[&str]) {
        let mut command = Command::new(base_python());
        command.args(["-m", "venv", "--without-pip"]).args(arguments).arg(path);
        run(&mut command);
    }

    /// Installs with the pinned pip. Arguments are those of `pip install`.
    pub(crate) fn pip(&self, environment: &Path, arguments: &[&str]) {
        let mut command = self.pip_command(environment);
        command.arg("install").args(["--no-index", "--disable-pip-version-check", "--no-warn-conflicts"]);
        for place in &self.indexes.find_links {
            command.arg("--find-links").arg(place);
        }
        run(command.args(arguments));
    }

    /// The pinned pip, which works in an environment.
    pub(crate) fn pip_command(&self, environment: &Path) -> Command {
        let mut command = Command::new(pip_python());
        command.args(["-m", "pip", "--python"]).arg(program_of(environment, "python"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PIP_")) {
            command.env_remove(name);
        }
        let home = self.project.beside("home");
        command
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("PIP_CACHE_DIR", self.project.beside("pip-cache"));
        command.env_remove("PYTHONPATH").env_remove("VIRTUAL_ENV");
        command.current_dir(self.project.path());
        command
    }

    /// What `pip` prints.
    pub(crate) fn pip_says(&self, environment: &Path, arguments: &[&str]) -> String {
        run(self.pip_command(environment).args(arguments))
    }

    /// An environment with everything: an old pin, extras, an editable folder, a repository, a folder, a local archive, something
    /// inconsistent, a pre-release, a program, setuptools.
    pub(crate) fn full(&self) -> PathBuf {
        let place = self.place();
        self.sources();
        Self::venv(&place, &["--prompt", "the web"]);
        let url = self.repository();
        let archive = text(&self.project.beside("archives").join("boxed-1.0-py3-none-any.whl"));
        let plain = ["flit_core", "setuptools", "alpha==1.0", "beta==1.0", "gamma-ray==2.0rc1", "tool"];
        self.pip(&place, &plain);
        let rest = [
            "--no-deps",
            "--no-build-isolation",
            "needy",
            "local==2.1+cu118",
            "-e",
            "./edited one",
            "./folder",
            &url,
            &archive,
        ];
        self.pip(&place, &rest);
        place
    }

    /// Folders and archives that `full` installs from.
    pub(crate) fn sources(&self) {
        self.project.write("edited one/pyproject.toml", pyproject("edited"));
        self.project.write("edited one/src/edited/__init__.py", "WHERE = 'edited'\n");
        self.project.write("folder/pyproject.toml", pyproject("folder"));
        self.project.write("folder/src/folder/__init__.py", "WHERE = 'folder'\n");
        wheel(self.project.beside("archives"), "boxed", "1.0", &program("boxed"));
    }

    fn repository(&self) -> String {
        let folder = self.project.beside("repository");
        let manifest = pyproject("versioned");
        let files = [("pyproject.toml", &*manifest), ("src/versioned/__init__.py", "WHERE = 'repository'\n")];
        let made = git_repo(folder, &files, Some("v1"));
        format!("versioned @ {}@v1", made.url())
    }

    /// A request with the defaults of this world.
    pub(crate) fn request<'a>(
        &'a self,
        snapshot: &'a Snapshot,
        at: &'a Path,
        allow: &'a Allowances,
    ) -> Recreate<'a> {
        Recreate {
            snapshot,
            at,
            python: &PythonChoice::Same,
            uv: self.uv(),
            indexes: &self.indexes,
            allow,
            old_tree: Some(&snapshot.root),
            first: &[],
        }
    }

    /// How uv is run here.
    pub(crate) fn uv(&self) -> Uv<'_> {
        Uv { program: &self.uv, folder: self.project.path(), variables: &self.variables }
    }

    /// Recreates an environment beside the old one.
    pub(crate) fn recreate(
        &self,
        snapshot: &Snapshot,
        at: &Path,
        allow: &Allowances,
    ) -> Result<Recreated, RecreateError> {
        uvshift_venv::recreate(&self.request(snapshot, at, allow), &SystemRunner::new(), &mut |_| {})
    }
}

/// The base Python of the pinned pip.
pub(crate) fn base_python() -> PathBuf {
    pip_python().canonicalize().unwrap()
}

/// A wheel with a program that prints its name.
pub(crate) fn program(name: &str) -> WheelOptions {
    let module = format!("def main():\n    print('this is {name}')\n");
    WheelOptions {
        modules: vec![
            (format!("{name}/__init__.py"), module),
            (
                format!("{name}-1.0.dist-info/entry_points.txt"),
                format!("[console_scripts]\n{name}-run = {name}:main\n"),
            ),
        ],
        ..WheelOptions::default()
    }
}

/// The manifest of a project that flit builds.
pub(crate) fn pyproject(name: &str) -> String {
    format!(
        "[project]\nname = \"{name}\"\nversion = \"0.1\"\ndescription = \"x\"\n[build-system]\n\
         requires = [\"flit_core\"]\nbuild-backend = \"flit_core.buildapi\"\n"
    )
}

/// A program of an environment.
pub(crate) fn program_of(environment: &Path, name: &str) -> PathBuf {
    environment.join(if cfg!(windows) { format!("Scripts/{name}.exe") } else { format!("bin/{name}") })
}

/// A path as text.
pub(crate) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Runs a command, which has to go well, and gives what it prints.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed:\n{said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
