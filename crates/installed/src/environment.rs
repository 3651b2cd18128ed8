//! An environment: its folders, its Python, everything installed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::conda::{self, CondaPackage};
use crate::layout::{self, Packages};
use crate::problem::{Problem, ProblemKind, Problems};
use crate::{Config, Distribution, Error, Interpreter, dist_info, editable, egg, files};

/// What made an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A virtual environment (PEP 405): it has `pyvenv.cfg`.
    Virtual,
    /// A conda environment: it has `conda-meta`.
    Conda,
    /// A Python itself, or a folder that looks like one.
    Python,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Virtual, Self::Conda, Self::Python];

    /// The word for it: `virtual`, `conda`, `python`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Virtual => "virtual",
            Self::Conda => "conda",
            Self::Python => "python",
        }
    }
}

/// A Python environment as its files tell it.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its folder.
    pub root: PathBuf,
    /// What made it.
    pub kind: Kind,
    /// `pyvenv.cfg`; empty for other kinds.
    pub config: Config,
    /// The folders of packages, in the order in which Python looks into them.
    pub site_packages: Vec<PathBuf>,
    /// Its Python, for markers.
    pub interpreter: Interpreter,
    /// What is installed, by normalised name.
    pub distributions: Vec<Distribution>,
    /// What conda installed, by name; Python distributions among them are in `distributions` too.
    pub conda_packages: Vec<CondaPackage>,
    /// What is broken.
    pub problems: Vec<Problem>,
}

impl Environment {
    /// Reads the environment in a folder: the one with `pyvenv.cfg`, `conda-meta`, or `lib/pythonX.Y/site-packages`.
    ///
    /// Packages of the base Python, which `include-system-site-packages` makes visible, are not read.
    pub fn read(root: &Path) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let (mut environment, packages) = Self::frame(root, conda::packages, &mut problems)?;
        let mut distributions = distributions(&packages, &mut problems);
        conda::mark_requested(&mut distributions, &environment.conda_packages);
        distributions.sort_by(|a, b| a.normalized_name.cmp(&b.normalized_name));
        environment.distributions = distributions;
        environment.problems = problems.0;
        Ok(environment)
    }

    /// What [`Environment::read`] tells but for what is installed: no distributions, and of the packages of conda only Python.
    pub fn outline(root: &Path) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let (mut environment, _) = Self::frame(root, conda::python, &mut problems)?;
        environment.problems = problems.0;
        Ok(environment)
    }

    fn frame(
        root: &Path,
        conda: impl Fn(&Path, &mut Problems) -> Vec<CondaPackage>,
        problems: &mut Problems,
    ) -> Result<(Self, Vec<Packages>), Error> {
        std::fs::read_dir(root).map_err(|source| Error::Read { path: root.to_owned(), source })?;
        let config = files::read_text(&root.join("pyvenv.cfg"), problems);
        let packages = layout::site_packages(root);
        let kind = match &config {
            Some(_) => Kind::Virtual,
            None if root.join("conda-meta").is_dir() => Kind::Conda,
            None if !packages.is_empty() => Kind::Python,
            None => return Err(Error::NotAnEnvironment { path: root.to_owned() }),
        };
        let config = config.as_deref().map(Config::parse).unwrap_or_default();
        let conda_packages = if kind == Kind::Conda { conda(root, problems) } else { Vec::new() };
        let interpreter = Interpreter::of(&config, &packages, &conda_packages);
        let environment = Self {
            root: root.to_owned(),
            kind,
            config,
            site_packages: packages.iter().map(|packages| packages.folder.clone()).collect(),
            interpreter,
            distributions: Vec::new(),
            conda_packages,
            problems: Vec::new(),
        };
        Ok((environment, packages))
    }

    /// The distribution with this name, however it is spelled.
    pub fn find(&self, name: &str) -> Option<&Distribution> {
        let name = uvshift_requirements::normalize_name(name);
        let at =
            self.distributions.binary_search_by(|found| found.normalized_name.as_str().cmp(&name)).ok()?;
        self.distributions.get(at)
    }
}

/// Every distribution of the folders; the first one of a name counts, as it does for `importlib.metadata`.
fn distributions(packages: &[Packages], problems: &mut Problems) -> Vec<Distribution> {
    let mut chosen: BTreeMap<String, Distribution> = BTreeMap::new();
    for Packages { folder, .. } in packages {
        let names = files::names(folder, problems);
        let editables = editable::find(folder, &names);
        for name in &names {
            let path = folder.join(name);
            let Some(mut found) = distribution(&path, name, problems) else { continue };
            editable::apply(&editables, &mut found);
            match chosen.get_mut(&found.normalized_name) {
                None => {
                    chosen.insert(found.normalized_name.clone(), found);
                }
                // A develop link is what Python imports from, whatever else is there.
                Some(known) if found.origin.is_editable() && !known.origin.is_editable() => {
                    problems.add(known.location.clone(), ProblemKind::Duplicate(known.name.clone()));
                    *known = found;
                }
                Some(known) => problems.add(path, ProblemKind::Duplicate(known.name.clone())),
            }
        }
    }
    chosen.into_values().collect()
}

fn distribution(path: &Path, name: &str, problems: &mut Problems) -> Option<Distribution> {
    let (stem, extension) = name.rsplit_once('.')?;
    if stem.starts_with('~') && matches!(extension, "dist-info" | "egg-info") {
        problems.add(path, ProblemKind::Leftover);
        return None;
    }
    match extension {
        "dist-info" => dist_info::read(path, stem, problems),
        "egg-info" => egg::read_info(path, stem, problems),
        "egg" => egg::read_egg(path, stem, problems),
        "egg-link" => egg::read_link(path, stem, problems),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
