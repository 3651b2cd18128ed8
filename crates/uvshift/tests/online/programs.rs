//! The programs that the test runs, and the trees it gives them.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;
use uvshift_testkit::{Project, pip_python, tool, uv};

use crate::projects::Case;

/// How long any program may take: one that hangs is one that failed.
const LIMIT: Duration = Duration::from_mins(10);

/// What a program came to.
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) seconds: f64,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

impl Ran {
    pub(crate) fn succeeded(&self) -> bool {
        self.exit == 0
    }

    /// Its last words.
    pub(crate) fn tail(&self) -> String {
        let text = String::from_utf8_lossy(&self.stderr);
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        lines[lines.len().saturating_sub(4)..].join(" / ")
    }
}

/// Runs a program to its end, or to the end of the time that it has.
pub(crate) fn run(command: &mut Command) -> Ran {
    let folder = Project::new();
    let [out, err] = ["out", "err"].map(|name| folder.path().join(name));
    let file = |path: &Path| File::create(path).expect("a file for the output");
    command.stdin(Stdio::null()).stdout(file(&out)).stderr(file(&err));
    let started = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let exit = loop {
        if let Some(status) = child.try_wait().expect("the program can be asked") {
            break status.code().unwrap_or(-1);
        }
        if started.elapsed() > LIMIT {
            let _ = child.kill();
            let _ = child.wait();
            break -2;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let seconds = started.elapsed().as_secs_f64();
    let read = |path: &Path| fs::read(path).expect("the output can be read");
    Ran { exit, seconds, stdout: read(&out), stderr: read(&err) }
}

/// Any program, with the pinned uv and no Python but those at hand.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let uv = uv();
    let folder = uv.parent().expect("uv stands in a folder").to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&path)));
    let mut command = Command::new(program);
    command.env("UVSHIFT_UV", &uv).env("PATH", path.expect("a path")).env("UV_PYTHON_DOWNLOADS", "never");
    command.env_remove("VIRTUAL_ENV");
    if let Some(versions) = PYENV.get_or_init(all_of_pyenv) {
        command.env("PYENV_VERSION", versions);
    }
    command
}

/// The Pythons that pyenv has, where it is used: it puts all of them on `PATH`, but uv stops at one that is not switched on.
static PYENV: OnceLock<Option<String>> = OnceLock::new();

fn all_of_pyenv() -> Option<String> {
    let say =
        |words: &[&str]| Command::new("pyenv").args(words).output().ok().filter(|it| it.status.success());
    let (current, all) = (say(&["version-name"])?, say(&["versions", "--bare"])?);
    let text = [current.stdout, all.stdout].concat();
    let versions: Vec<&str> = std::str::from_utf8(&text).ok()?.split(['\n', ':']).collect();
    let usable = |version: &&str| {
        version.starts_with("3.") && version.chars().all(|it| it.is_ascii_digit() || it == '.')
    };
    Some(versions.into_iter().filter(usable).collect::<Vec<_>>().join(":"))
}

pub(crate) fn uvshift(words: &[&str], project: &Path) -> Ran {
    run(command(env!("CARGO_BIN_EXE_uvshift")).args(words).args(["--format", "json"]).arg(project))
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/online").join(name)
}

/// What a script of ours prints, with the Python that has pip and `packaging`, or with that of the originals.
pub(crate) fn ask(python: &Python, name: &str, arguments: &[&OsStr]) -> Value {
    let ran = run(Command::new(python.path()).arg(script(name)).args(arguments));
    assert!(ran.succeeded(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    serde_json::from_slice(&ran.stdout).expect("the script prints JSON")
}

/// The environments of `.tools/` that scripts run in.
pub(crate) enum Python {
    /// pip 26.3 with the `packaging` inside it.
    Pip,
    /// poetry-core and `PyYAML`.
    Originals,
}

impl Python {
    fn path(&self) -> PathBuf {
        match self {
            Self::Pip => pip_python(),
            Self::Originals => tool("oracles", "python"),
        }
    }
}

/// All archives, in a folder that later runs find again.
pub(crate) fn download(cases: &[&Case]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sdists");
    fs::create_dir_all(&folder).expect("a folder for the archives");
    let mut command = Command::new(pip_python());
    command.arg(script("sdist.py")).arg("get").arg(&folder);
    command.args(cases.iter().map(|case| format!("{}=={}={}", case.name, case.version, case.sha256)));
    let ran = run(&mut command);
    assert!(ran.succeeded(), "{}", String::from_utf8_lossy(&ran.stderr));
    folder
}

/// A project as the archive holds it, in a folder with its name: some tools take the name from there.
pub(crate) struct Tree {
    outside: Project,
    pub(crate) path: PathBuf,
}

impl Tree {
    pub(crate) fn unpack(case: &Case, archives: &Path) -> Self {
        let outside = Project::new();
        let path = outside.beside(if case.part.is_some() { "application" } else { case.name });
        let mut command = Command::new(pip_python());
        command.arg(script("sdist.py")).arg("unpack");
        command.arg(archives.join(format!("{}-{}.tar.gz", case.name, case.version))).arg(&path);
        let ran = run(command.args(case.part));
        assert!(ran.succeeded(), "{}", String::from_utf8_lossy(&ran.stderr));
        if case.old_index {
            let ran = run(Command::new(pip_python()).arg(script("sdist.py")).arg("index").arg(&path));
            assert!(ran.succeeded(), "{}", String::from_utf8_lossy(&ran.stderr));
        }
        Self { outside, path }
    }

    /// A file beside the tree with such content.
    pub(crate) fn note(&self, name: &str, content: &Value) -> PathBuf {
        let path = self.outside.beside("notes").join(name);
        fs::write(&path, content.to_string()).expect("a note can be written");
        path
    }
}

/// A copy of a tree, below a folder of its own.
pub(crate) struct Copy {
    _outside: Project,
    pub(crate) path: PathBuf,
}

impl Copy {
    pub(crate) fn of(tree: &Path) -> Self {
        let outside = Project::new();
        let path = outside.beside("copy").join(tree.file_name().expect("a tree has a name"));
        copy(tree, &path);
        Self { _outside: outside, path }
    }
}

fn copy(tree: &Path, to: &Path) {
    let ran = run(Command::new("cp").arg("-a").arg(tree).arg(to));
    assert!(ran.succeeded(), "{}", ran.tail());
    for left_behind in [".uvshift", ".venv"] {
        let _ = fs::remove_dir_all(to.join(left_behind));
    }
}

/// Where wheels are built: always below the same path, because compilers write it into what they make.
pub(crate) struct Workshop(Project);

impl Workshop {
    pub(crate) fn new() -> Self {
        Self(Project::new())
    }

    /// The wheel of a copy of this tree, or why there is none.
    pub(crate) fn build(&self, tree: &Path, label: &str) -> Result<PathBuf, String> {
        let built = self.0.beside("build").join(tree.file_name().expect("a tree has a name"));
        let _ = fs::remove_dir_all(&built);
        copy(tree, &built);
        let out = self.0.beside(label);
        let mut building = command(uv());
        // The first moment that a zip archive can hold, and a day for time zones.
        building.env("SOURCE_DATE_EPOCH", "315619200");
        building.args(["build", "--wheel", "--quiet", "--out-dir"]).arg(&out).arg(&built);
        let ran = run(&mut building);
        if !ran.succeeded() {
            return Err(ran.tail());
        }
        let wheels = fs::read_dir(&out).expect("the folder of the wheel").filter_map(Result::ok);
        let mut wheels =
            wheels.map(|entry| entry.path()).filter(|path| path.extension() == Some("whl".as_ref()));
        wheels.next().ok_or_else(|| "uv built no wheel".to_owned())
    }
}
