//! Why an environment does not work.

use std::fmt;
use std::path::{Path, PathBuf};

use uvshift_installed::Kind;

use crate::{Python, Snapshot};

/// Why an environment does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Broken {
    /// It has no program of Python.
    NoPython,
    /// What its Python leads to is gone.
    PythonGone {
        /// Where the base Python was, as far as something tells.
        home: Option<PathBuf>,
    },
    /// Its Python leads to another version than the one that its packages are for.
    OtherPython {
        /// The version that its packages are for, such as `3.11`.
        made_for: String,
        /// The version that it leads to.
        now: String,
    },
    /// It has no folder of packages.
    NoPackages,
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPython => formatter.write_str("it has no Python"),
            Self::PythonGone { home: None } => formatter.write_str("its Python is gone"),
            Self::PythonGone { home: Some(home) } => {
                write!(formatter, "its Python is gone from `{}`", home.display())
            }
            Self::OtherPython { made_for, now } => {
                write!(formatter, "it was made for Python {made_for}, and its Python is {now} now")
            }
            Self::NoPackages => formatter.write_str("it has no folder of packages"),
        }
    }
}

impl Snapshot {
    /// Why the environment does not work, as far as its files tell; `None` where nothing speaks against it.
    pub fn broken(&self) -> Option<Broken> {
        Broken::of(self.kind, &self.python, &self.site_packages, None)
    }
}

impl Broken {
    pub(super) fn of(
        kind: Kind,
        python: &Python,
        site_packages: &[PathBuf],
        home: Option<&str>,
    ) -> Option<Self> {
        if kind != Kind::Virtual {
            // An environment of conda need not have a Python, and one that it has is in it.
            return None;
        }
        if python.executable.is_none() {
            return Some(Self::NoPython);
        }
        let Some(base) = &python.base else {
            return Some(Self::PythonGone { home: home.map(PathBuf::from) });
        };
        if site_packages.is_empty() {
            return Some(Self::NoPackages);
        }
        other_python(site_packages, base)
    }
}

/// `python3.12` behind the links, and packages in `lib/python3.11` only: somebody replaced the base Python.
fn other_python(site_packages: &[PathBuf], base: &Path) -> Option<Broken> {
    let now = minor(base.file_name()?.to_str()?)?.to_owned();
    let folders = site_packages.iter();
    let made_for: Vec<&str> =
        folders.filter_map(|folder| minor(folder.parent()?.file_name()?.to_str()?)).collect();
    let first = (*made_for.first()?).to_owned();
    (!made_for.contains(&now.as_str())).then_some(Broken::OtherPython { made_for: first, now })
}

/// `3.11` of `python3.11`; of the threaded build, `3.13t`, too.
fn minor(name: &str) -> Option<&str> {
    let version = name.strip_suffix(".exe").unwrap_or(name).strip_prefix("python")?;
    let (major, minor) = version.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(major) && is_number(minor.trim_end_matches('t'))).then_some(version)
}
