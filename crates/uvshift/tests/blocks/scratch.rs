//! A project to try commands in: `shop`, with a home of its own, the real uv, and an index of small wheels.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use uvshift_testkit::{Project, flat_index, pip_python, uv, uv_environment};

/// Versions beside each other, so that pins and the newest version differ.
const PACKAGES: &[(&str, &str, &[&str])] = &[
    ("flask", "3.0.2", &["werkzeug>=3", "click>=8"]),
    ("flask", "3.1.0", &["werkzeug>=3", "click>=8"]),
    ("werkzeug", "3.0.1", &[]),
    ("click", "8.1.7", &[]),
    ("requests", "2.31.0", &["idna<4"]),
    ("requests", "2.32.3", &["idna<4"]),
    ("idna", "3.6", &[]),
    ("pytest", "8.0.0", &["pluggy"]),
    ("pluggy", "1.4.0", &[]),
    ("pip", "26.3", &[]),
];

/// Runs a command on a terminal and types an answer when it asks.
const TERMINAL: &str = r#"
import os, pty, sys
answer, command = sys.argv[1:]
printed = b""
child, terminal = pty.fork()
if child == 0:
    os.execv("/bin/sh", ["/bin/sh", "-c", command])
while True:
    try:
        more = os.read(terminal, 4096)
    except OSError:
        break
    if not more:
        break
    printed += more
    if printed.rstrip().endswith(b"[y/N]"):
        os.write(terminal, answer.encode() + b"\n")
sys.stdout.buffer.write(printed.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

pub(crate) struct Scratch {
    project: Project,
    /// Where the next command starts; `cd` changes it.
    folder: PathBuf,
    environment: Vec<(&'static str, OsString)>,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/blocks/shop");
        let project = Project::new();
        let folder = project.path().join("shop");
        let copied = Command::new("cp").arg("-R").arg(shop).arg(&folder).status();
        assert!(copied.is_ok_and(|status| status.success()), "the project is copied");
        let index = flat_index(project.beside("index"), PACKAGES);
        let programs = project.beside("bin");
        fs::create_dir_all(&programs).expect("a folder for programs");
        let home = project.beside("home");
        fs::create_dir_all(&home).expect("a home");
        for name in ["before.json", "after.json"] {
            let run = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/measured/demo.json");
            fs::copy(run, home.join(name)).expect("a run of the benchmarks");
        }
        for (name, path) in [("uvshift", PathBuf::from(env!("CARGO_BIN_EXE_uvshift"))), ("uv", uv())] {
            symlink(path, programs.join(name)).expect("a link to a program");
        }
        // uvx gets a program from the index; here it is the one of this build.
        let uvx = programs.join("uvx");
        fs::write(&uvx, "#!/bin/sh\nexec \"$@\"\n").expect("a written script");
        fs::set_permissions(&uvx, fs::Permissions::from_mode(0o755)).expect("a set mode");
        let python = pip_python().parent().expect("a folder of programs").to_owned();
        let path = [&programs, &python, Path::new("/usr/bin"), Path::new("/bin")]
            .map(|it| it.as_os_str().to_owned());
        let mut environment = uv_environment(&project);
        environment.extend([
            ("PATH", path.join(&OsString::from(":"))),
            ("UV_FIND_LINKS", index.clone().into()),
            ("UV_NO_INDEX", "1".into()),
            ("PIP_FIND_LINKS", index.into()),
            ("PIP_NO_INDEX", "1".into()),
            ("SOURCE_DATE_EPOCH", "1780272000".into()),
        ]);
        Self { project, folder, environment }
    }

    /// The exit status, and what a terminal would show.
    pub(crate) fn run(&mut self, command: &str, answer: Option<&str>) -> (i32, String) {
        let place = self.project.beside("home").join("place");
        let script = format!("{command}\nstatus=$?\npwd > '{}'\nexit $status", place.display());
        let (program, words) = match answer {
            Some(answer) => (pip_python(), vec!["-c", TERMINAL, answer]),
            None => (PathBuf::from("/bin/sh"), vec!["-c"]),
        };
        let mut run = Command::new(program);
        run.args(words).arg(format!("exec 2>&1\n{script}"));
        run.current_dir(&self.folder).env_clear().envs(self.environment.iter().cloned());
        let output = run.stdin(Stdio::null()).stderr(Stdio::inherit()).output().expect("a shell starts");
        if let Ok(folder) = fs::read_to_string(&place) {
            self.folder = PathBuf::from(folder.trim());
        }
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        let printed = printed.replace(&self.project.path().display().to_string(), "/home/you");
        (output.status.code().unwrap_or(-1), printed)
    }
}
