//! Finding a Python, and getting pip out of it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::run::quietly;

/// The oldest Python that the pip of `xtask/tools.txt` runs on.
const OLDEST: (u32, u32) = (3, 10);

/// An interpreter of this machine.
pub(crate) struct Python {
    pub(crate) path: PathBuf,
    pub(crate) version: (u32, u32),
}

/// The first Python on `PATH` that is new enough.
pub(crate) fn find() -> Outcome<Python> {
    let mut found = Vec::new();
    for name in
        ["python3", "python", "py", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"]
    {
        match ask(name) {
            Some(python) if python.version >= OLDEST => return Ok(python),
            Some(python) => found.push(format!("`{name}` is {}.{}", python.version.0, python.version.1)),
            None => {}
        }
    }
    let seen = if found.is_empty() { "none on PATH".to_owned() } else { found.join(", ") };
    Err(format!("setup: needs Python {}.{} or newer ({seen})", OLDEST.0, OLDEST.1))
}

fn ask(name: &str) -> Option<Python> {
    let script = "import sys; print(sys.executable); print(*sys.version_info[:2])";
    let said = quietly(Command::new(name).args(["-c", script])).ok()?;
    let (path, version) = said.trim().split_once('\n')?;
    let (major, minor) = version.trim().split_once(' ')?;
    Some(Python { path: path.trim().into(), version: (major.parse().ok()?, minor.parse().ok()?) })
}

impl Python {
    /// Makes a virtual environment that has some pip.
    pub(crate) fn bootstrap(&self, folder: &Path) -> Outcome {
        let with_pip = quietly(Command::new(&self.path).args(["-m", "venv"]).arg(folder));
        let Err(first) = with_pip else { return Ok(()) };
        // Debian and others split `ensurepip` off. A pip of the base interpreter can put itself into the environment.
        let second =
            quietly(Command::new(&self.path).args(["-m", "venv", "--clear", "--without-pip"]).arg(folder))
                .and_then(|_| {
                    let python = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
                    let mut pip = Command::new(&self.path);
                    pip.args(["-m", "pip", "--python"])
                        .arg(folder.join(python))
                        .args(["install", "--quiet", "pip"]);
                    quietly(&mut pip)
                });
        second.map(|_| ()).map_err(|second| {
            format!(
                "{first}\n{second}\nsetup: {} can make no environment with pip; install its `venv` and `ensurepip` \
                 (Debian, Ubuntu: `apt-get install python3-venv`), or put another Python first on PATH",
                self.path.display()
            )
        })
    }
}
