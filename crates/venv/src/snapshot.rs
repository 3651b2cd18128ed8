//! What an environment is and has, told from its files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use uvshift_installed::{CondaPackage, Distribution, Environment, Form, Kind, Origin, Problem};

use crate::Error;

mod index;
pub mod json;
mod modules;
pub(crate) mod python;
mod scripts;

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
    /// The URL of `direct_url.json` as it is written there, but for credentials; `None` where there is none.
    pub direct_url: Option<String>,
    /// The channel of conda, or the URL of an index or of the file that came from one (`provenance_url.json`, PEP 710), without
    /// credentials. pip 26.3 and uv 0.13.9 write nothing down that tells it.
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
        let root = crate::place::absolute(root).unwrap_or_else(|_| root.to_owned());
        let environment = Environment::read(&root)?;
        let python = python::of(&environment);
        let created_by = python::created_by(&environment);
        let mut reader = Reader::new(&environment);
        let packages = environment.distributions.into_iter().map(|found| reader.package(found)).collect();
        let mut problems = environment.problems;
        problems.append(&mut reader.problems);
        Ok(Self {
            root,
            kind: environment.kind,
            python,
            prompt: environment.config.prompt,
            system_site_packages: environment.config.system_site_packages,
            created_by,
            site_packages: environment.site_packages,
            packages,
            conda_packages: environment.conda_packages,
            problems,
        })
    }

    /// The package with this name, however it is spelled.
    pub fn find(&self, name: &str) -> Option<&Package> {
        let name = uvshift_requirements::normalize_name(name);
        let at = self.packages.binary_search_by(|found| found.normalized_name.as_str().cmp(&name)).ok()?;
        self.packages.get(at)
    }
}

/// What the distributions of an environment are read with.
struct Reader {
    programs: scripts::Programs,
    /// The channel of conda for each folder of metadata that conda brought.
    channels: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Reader {
    fn new(environment: &Environment) -> Self {
        let channels = environment.conda_packages.iter().flat_map(|package| {
            package.distributions.iter().map(|folder| (folder.clone(), package.channel.clone()))
        });
        Self {
            channels: channels.collect(),
            programs: scripts::Programs::of(environment),
            problems: Vec::new(),
        }
    }

    fn package(&mut self, mut found: Distribution) -> Package {
        let record =
            self.file(&found, if found.form == Form::DistInfo { "RECORD" } else { "installed-files.txt" });
        let wheel = self.file(&found, "WHEEL");
        // What is wrong with it was told when the origin was read.
        let direct_url =
            (found.origin != Origin::Index).then(|| found.read_file("direct_url.json").0).flatten();
        let index = self.index(&found);
        let scripts = self.programs.scripts(&found, record.as_deref(), &mut self.problems);
        // Some build backends write paths into `top_level.txt`, or names of stubs.
        found.top_level.retain(|name| modules::is_identifier(name));
        let top_level = match (found.top_level.is_empty(), record) {
            (true, Some(record)) => modules::top_level(&found, &record),
            _ => found.top_level,
        };
        Package {
            name: found.name,
            normalized_name: found.normalized_name,
            version: found.version,
            requires: found.requires,
            requires_python: found.requires_python,
            installer: found.installer,
            requested: found.requested,
            origin: found.origin,
            direct_url: direct_url.as_deref().and_then(index::direct_url),
            index,
            scripts,
            top_level,
            pure: wheel.as_deref().and_then(modules::is_pure),
            form: found.form,
            location: found.location,
        }
    }

    fn index(&mut self, found: &Distribution) -> Option<String> {
        let folder = found.location.file_name().map(|name| name.to_string_lossy());
        if let Some(channel) = folder.and_then(|folder| self.channels.get(&*folder)) {
            return Some(channel.clone()).filter(|channel| !channel.is_empty());
        }
        index::provenance(&self.file(found, "provenance_url.json")?)
    }

    fn file(&mut self, found: &Distribution, name: &str) -> Option<String> {
        let (text, mut problems) = found.read_file(name);
        self.problems.append(&mut problems);
        text
    }
}

#[cfg(test)]
mod tests;
