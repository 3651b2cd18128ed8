//! A project, a uv that a test decides about, and the command itself.

#![expect(clippy::disallowed_methods, reason = "tests make trees and run the command")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What a real uv says, in the parts that uvshift reads.
const LOCK: &str = r#"version = 1
revision = 3
requires-python = ">=3.10"

[[package]]
name = "flask"
version = "3.0.2"
source = { registry = "https://index.example/simple" }

[[package]]
name = "pytest"
version = "8.0.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "requests"
version = "2.31.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
"#;

/// How the uv of a test behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FakeUv {
    /// Locks at once.
    Instant,
    /// Writes half a lock and fails.
    FailsInTheMiddle,
    /// Writes into pyproject.toml while it checks.
    Tampers,
    /// Locks files with other hashes than the old ones.
    OtherHashes,
    /// Waits until the file `go` appears beside the project.
    Waits,
}

/// What a run left.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A temporary folder with the project `shop` and a uv.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let world = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        for folder in ["shop", "home", "bin", "empty"] {
            fs::create_dir(world.folder.path().join(folder)).expect("a folder");
        }
        for (path, text) in files {
            world.write(path, text);
        }
        world.uv(FakeUv::Instant);
        world
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.folder.path().join("shop")
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let place = self.project().join(path);
        fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
        fs::write(place, text).expect("a written file");
    }

    pub(crate) fn touch(&self, name: &str) {
        fs::write(self.beside(name), "").expect("a written file");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.project().join(path)).unwrap_or_default()
    }

    /// Puts a uv in place. It is a real program; only what it does is made up.
    pub(crate) fn uv(&self, kind: FakeUv) {
        let hashes = kind == FakeUv::OtherHashes;
        let wheels = format!("wheels = [\n    {{ url = \"w\", hash = \"sha256:{}\" }},\n]\n", "b".repeat(64));
        let lock = if hashes {
            LOCK.replace(
                "\n\n[[package]]\nname = \"pytest\"",
                &format!("\n{wheels}\n[[package]]\nname = \"pytest\""),
            )
        } else {
            LOCK.to_owned()
        };
        let go = self.beside("go").display().to_string();
        let resolve = match kind {
            FakeUv::FailsInTheMiddle => {
                "printf 'version = 1' > uv.lock\n    echo 'error: Failed to fetch: dns error' >&2\n    exit 1"
                    .to_owned()
            }
            FakeUv::Waits => format!("touch_wait '{go}'\n    write_lock"),
            _ => "write_lock".to_owned(),
        };
        let check = if kind == FakeUv::Tampers { "printf '# mine\\n' >> pyproject.toml" } else { ":" };
        let script = format!(
            "#!/bin/sh\nwrite_lock() {{\nwhile IFS= read -r line; do printf '%s\\n' \"$line\"; done > uv.lock <<'END'\n{lock}END\n}}\n\
             touch_wait() {{ : > \"$1.waiting\"; while [ ! -e \"$1\" ]; do [ ! -e \"$1.stop\" ] || exit 1; [ -d \"${{1%/*}}\" ] || exit 1; /bin/sleep 0.02; done; }}\n\
             case \"$*\" in\n  --version) echo 'uv 0.13.9' ;;\n  *--check*) {check} ;;\n  lock*) {resolve} ;;\n  *) exit 9 ;;\nesac\n"
        );
        let place = self.beside("bin/uv");
        fs::write(&place, script).expect("a written file");
        fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).expect("a set mode");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_uvshift"));
        command.args(arguments).current_dir(self.project()).env_clear();
        command.env("HOME", self.beside("home")).env("PATH", self.beside("bin"));
        // 2026-06-01: what is past its end of life depends on the day.
        command.env("SOURCE_DATE_EPOCH", "1780272000");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Self::finish(self.start(arguments))
    }

    /// The same with variables.
    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &Path)]) -> Ran {
        let mut command = self.command(arguments);
        Self::finish(command.envs(variables.iter().copied()).spawn().expect("a started command"))
    }

    /// The same where there is no program at all.
    pub(crate) fn run_without_uv(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command(arguments);
        Self::finish(command.env("PATH", self.beside("empty")).spawn().expect("a started command"))
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().expect("a started command")
    }

    /// Runs on a terminal of its own, where `keys` are typed once a question stands there.
    #[cfg(unix)]
    pub(crate) fn run_at_terminal(&self, arguments: &[&str], keys: &str) -> Ran {
        const TERMINAL: &str = r#"
import os, pty, select, signal, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
said = b""
typed = False
while select.select([terminal], [], [], 30)[0]:
    try:
        said += os.read(terminal, 4096)
    except OSError:
        break
    if b"[y/N]" in said and not typed:
        os.write(terminal, sys.argv[1].encode())
        typed = True
else:
    os.kill(child, signal.SIGKILL)
os.write(1, said.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256)
"#;
        let own = self.command(arguments);
        let mut command = Command::new(uvshift_testkit::tool("tools", "python"));
        command.args(["-c", TERMINAL, keys]).arg(own.get_program()).args(own.get_args());
        command.current_dir(own.get_current_dir().expect("the project"));
        command.env_clear().envs(own.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self::finish(command.spawn().expect("a started command"))
    }

    /// Kills a migration while uv locks.
    pub(crate) fn kill_in_the_middle(&self) {
        self.uv(FakeUv::Waits);
        let mut run = self.start(&["migrate", "--yes"]);
        while !self.beside("go.waiting").exists() {
            std::thread::yield_now();
        }
        run.kill().expect("a killed run");
        run.wait().expect("an ended run");
        self.touch("go.stop");
    }

    pub(crate) fn finish(child: Child) -> Ran {
        let output = child.wait_with_output().expect("a finished command");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Runs and compares everything it printed with `snapshots/NAME.txt`; `UPDATE=1` rewrites that.
    pub(crate) fn snapshot(&self, name: &str, arguments: &[&str], code: i32) -> Ran {
        let ran = self.run(arguments);
        self.compare(name, arguments, &ran);
        assert_eq!(ran.code, code, "{}{}", ran.stdout, ran.stderr);
        ran
    }

    pub(crate) fn compare(&self, name: &str, arguments: &[&str], ran: &Ran) {
        let mut text = format!("$ uvshift {}\n", arguments.join(" "));
        for (stream, printed) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
            if !printed.is_empty() {
                // Writing into a string cannot fail.
                let _ = write!(text, "--- {stream}\n{printed}");
            }
        }
        let _ = writeln!(text, "--- exit status {}", ran.code);
        let text = text.replace(&self.folder.path().display().to_string(), "[FOLDER]");
        // What a release changes everywhere shall not change here.
        let text = text.replace(concat!("by uvshift ", env!("CARGO_PKG_VERSION")), "by uvshift [VERSION]");
        let text = without_run_ids(&without_measures(&text));
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(format!("{name}.txt"));
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(place.parent().expect("a parent")).expect("folders");
            fs::write(&place, &text).expect("a written snapshot");
        }
        let expected = fs::read_to_string(&place).unwrap_or_default();
        assert!(text == expected, "{name} is now (UPDATE=1 accepts it)\n{text}\nand was\n{expected}");
    }

    /// Every file of the project with its mode, without our own state.
    pub(crate) fn picture(&self) -> BTreeMap<String, (u32, Vec<u8>)> {
        let mut found = BTreeMap::new();
        walk(&self.project(), "", &mut found);
        found
    }
}

fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, (u32, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if name == ".uvshift" {
            continue;
        }
        let mode = entry.metadata().expect("metadata").permissions().mode() & 0o7777;
        if entry.path().is_dir() {
            found.insert(name.clone(), (mode, Vec::new()));
            walk(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, (mode, fs::read(entry.path()).expect("a file")));
        }
    }
}

/// A run is named after its time, which no snapshot can hold.
fn without_run_ids(text: &str) -> String {
    let is_id = |word: &str| {
        let (number, time) = word.split_once('-').unwrap_or_default();
        let is_digit = |letter: char| letter.is_ascii_digit();
        let time = time.replacen('T', "", 1);
        number.len() == 6 && number.chars().all(is_digit) && time.len() == 15 && time.starts_with(is_digit)
    };
    let mut out = String::new();
    for part in text.split_inclusive([' ', '\n', '"', '/', ',', '(', ')', '`', ':']) {
        let word = part.trim_end_matches([' ', '\n', '"', '/', ',', '(', ')', '`', ':']);
        let rest = part.strip_prefix(word).unwrap_or_default();
        out.push_str(if is_id(word) { "[RUN]" } else { word });
        out.push_str(rest);
    }
    out
}

/// What differs from machine to machine and from run to run in reports of environments: digests, sizes, times, and where the
/// tools are.
fn without_measures(text: &str) -> String {
    // `.tools` may be a link, as in a second working tree.
    let root =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the workspace exists");
    let text = text.replace(&root.join(".tools").display().to_string(), "[TOOLS]");
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let label = line.trim_start().split("  ").next().unwrap_or_default().trim_end();
        let indent = &line[..line.len() - line.trim_start().len()];
        match label {
            "SHA-256" | "size" | "time" => {
                let _ = writeln!(out, "{indent}{label} [MEASURED]");
            }
            _ if line.trim_start().starts_with("Python      CPython") => {
                let _ = writeln!(out, "{indent}Python [PYTHON]");
            }
            // How many files an environment has, and where its packages are, depends on the Python.
            "holds" => out.push_str(&without_numbers(line)),
            _ if line.contains("/python3.") => out.push_str(&without_numbers(&without_python(line))),
            _ => out.push_str(line),
        }
    }
    out
}

/// A line without the place of the base Python.
fn without_python(line: &str) -> String {
    let Some((before, rest)) = line.split_once("--python /") else { return line.to_owned() };
    let rest = rest.split_once(' ').map_or("", |(_, rest)| rest);
    format!("{before}--python [PYTHON] {rest}")
}

/// A line with `N` for each number.
fn without_numbers(line: &str) -> String {
    let mut out = String::new();
    for letter in line.chars() {
        match letter {
            '0'..='9' if out.ends_with('N') => {}
            '0'..='9' => out.push('N'),
            other => out.push(other),
        }
    }
    out
}

/// A pip project with a little of everything.
pub(crate) fn shop() -> World {
    World::new(&[
        (".python-version", "3.10\n"),
        ("requirements.txt", "--prefer-binary\n# The web\nflask>=3  # framework\nrequests==2.31.0\n"),
        ("requirements-dev.txt", "-r requirements.txt\npytest\n"),
        (
            "Dockerfile",
            "FROM python:3.10\nCOPY requirements.txt requirements-dev.txt ./\nRUN pip install -r requirements-dev.txt\n",
        ),
        ("app.py", "import flask\n"),
    ])
}
