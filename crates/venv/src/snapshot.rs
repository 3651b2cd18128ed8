//! What an environment is and has, told from its files.

use std::path::{Path, PathBuf};

use uvshift_installed::{CondaPackage, Environment, Form, Kind, Origin, Problem};

use crate::Error;

/// An environment at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Its folder, absolute.
    pub root: PathBuf,
    /// What made it: a virtual environment, conda, or a Python itself.
    pub kind: Kind,
    /// Its Python.
    pub python: Python,
    /// `prompt` of `pyvenv.cfg`.
    pub prompt: Option<String>,
    /// Whether the packages of the base Python are visible; they are not listed.
    pub system_site_packages: bool,
    /// What made it, with its version where it is told: `uv 0.13.9`, `virtualenv 20.29.1`, `venv`, `conda`.
    pub created_by: Option<String>,
    /// Its folders of packages, absolute, in the order in which Python looks into them.
    pub site_packages: Vec<PathBuf>,
    /// What is installed, by normalised name.
    pub packages: Vec<Package>,
    /// What conda installed, by name; Python packages among them are in `packages` too.
    pub conda_packages: Vec<CondaPackage>,
    /// What is broken.
    pub problems: Vec<Problem>,
}

/// The Python of an environment, as its files tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Python {
    /// The full version, such as `3.11.7`.
    pub version: Option<String>,
    /// `CPython`, `PyPy`, ...
    pub implementation: Option<String>,
    /// The program inside the environment.
    pub executable: Option<PathBuf>,
    /// The program behind the links: the base Python. `None` when it is gone.
    pub base: Option<PathBuf>,
}

/// A distribution that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// The name as its metadata has it.
    pub name: String,
    /// The normalised name (PEP 503).
    pub normalized_name: String,
    /// The version as its metadata has it; empty where nothing tells.
    pub version: String,
    /// The requirements, each a PEP 508 text with its marker.
    pub requires: Vec<String>,
    /// `Requires-Python`
    pub requires_python: Option<String>,
    /// `pip`, `uv`, `conda`, or another name that the tool gave.
    pub installer: Option<String>,
    /// Whether it is marked as asked for (PEP 376).
    pub requested: bool,
    /// Where it came from.
    pub origin: Origin,
    /// The index that it came from, where something tells, without credentials.
    pub index: Option<String>,
    /// The programs that it put into the folder of programs.
    pub scripts: Vec<Script>,
    /// The names that can be imported: `top_level.txt`, or what `RECORD` shows.
    pub top_level: Vec<String>,
    /// `Root-Is-Purelib` of `WHEEL`; `None` where nothing tells.
    pub pure: Option<bool>,
    /// How its metadata is stored.
    pub form: Form,
    /// The folder or file of its metadata.
    pub location: PathBuf,
}

/// A program that a distribution installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The name of its file, without `.exe`.
    pub name: String,
    /// What made it.
    pub kind: ScriptKind,
    /// `module:attribute` of an entry point.
    pub entry_point: Option<String>,
}

/// What made a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScriptKind {
    /// An entry point of `console_scripts`.
    Console,
    /// An entry point of `gui_scripts`.
    Gui,
    /// A file that the distribution brought.
    File,
}

impl Snapshot {
    /// Reads the environment in a folder. Nothing of it is run.
    pub fn read(root: &Path) -> Result<Self, Error> {
        let environment = Environment::read(root)?;
        Ok(Self {
            root: std::path::absolute(root).unwrap_or_else(|_| root.to_owned()),
            kind: environment.kind,
            python: Python {
                version: environment.config.version.clone(),
                implementation: environment.config.implementation.clone(),
                ..Python::default()
            },
            prompt: environment.config.prompt.clone(),
            system_site_packages: environment.config.system_site_packages,
            created_by: None,
            site_packages: environment.site_packages,
            packages: environment.distributions.into_iter().map(package).collect(),
            conda_packages: environment.conda_packages,
            problems: environment.problems,
        })
    }

    /// The package with this name, however it is spelled.
    pub fn find(&self, name: &str) -> Option<&Package> {
        let name = uvshift_requirements::normalize_name(name);
        let at = self.packages.binary_search_by(|found| found.normalized_name.as_str().cmp(&name)).ok()?;
        self.packages.get(at)
    }
}

fn package(found: uvshift_installed::Distribution) -> Package {
    Package {
        name: found.name,
        normalized_name: found.normalized_name,
        version: found.version,
        requires: found.requires,
        requires_python: found.requires_python,
        installer: found.installer,
        requested: found.requested,
        origin: found.origin,
        index: None,
        scripts: Vec::new(),
        top_level: found.top_level,
        pure: None,
        form: found.form,
        location: found.location,
    }
}
