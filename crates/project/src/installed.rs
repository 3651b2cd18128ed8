//! What is installed already, as an environment or `pip freeze` tells it.

mod apply;
mod freeze;

use std::path::{Path, PathBuf};

use uvshift_diagnostics::Diagnostic;
use uvshift_installed::{Basis, Distribution, Environment, Origin, Roots};
use uvshift_requirements::{Vcs, normalize_name};

use crate::{Pin, Provenance, codes};

pub use apply::add_installed;

/// An environment or the output of `pip freeze`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// What the user calls it, such as `.venv` or `freeze.txt`.
    pub shown: String,
    /// What it is: `environment` or `pip freeze`.
    pub what: &'static str,
    /// Everything in it.
    pub packages: Vec<InstalledPackage>,
    /// How packages that somebody asked for are told from those that others brought in.
    pub roots: RootsKnown,
    /// Its Python, such as `3.11`; empty where nothing tells.
    pub python: String,
    /// What cannot be used.
    pub unread: Vec<Unread>,
    /// What there is to say about it.
    pub diagnostics: Vec<Diagnostic>,
}

/// How packages that somebody asked for are told from those that others brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootsKnown {
    /// An installer marked them.
    Marked,
    /// Nothing requires them.
    Required,
    /// Nothing tells.
    No,
}

/// A line of `pip freeze` that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unread {
    /// The line, without credentials.
    pub text: String,
    /// Why not.
    pub why: &'static str,
    /// Where it stands.
    pub from: Provenance,
}

/// One installed package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledPackage {
    /// The name as written.
    pub name: String,
    /// The version; empty where nothing tells.
    pub version: String,
    /// Whether somebody asked for it, as far as is known.
    pub root: bool,
    /// The extras that it was asked for with, as far as is known.
    pub extras: Vec<String>,
    /// Whether it is one of the tools that environments are made with.
    pub seed: bool,
    /// Where it came from.
    pub place: Place,
    /// Whether its URL held credentials, which are gone.
    pub had_credentials: bool,
    /// Where that is written.
    pub from: Provenance,
}

/// Where an installed package came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An index.
    Index,
    /// A git repository.
    Git {
        /// The URL, without `git+`.
        url: String,
        /// The commit.
        commit: String,
        /// The folder in the repository.
        subdirectory: Option<String>,
    },
    /// An archive.
    Url {
        /// Its URL.
        url: String,
        /// The folder in the archive.
        subdirectory: Option<String>,
    },
    /// A folder or an archive on this machine.
    Path {
        /// Where it is, as it was written down.
        path: PathBuf,
        /// Whether it is installed in place.
        editable: bool,
    },
    /// Something that uv has no source for.
    Other(String),
}

impl InstalledPackage {
    /// The normalised name.
    pub fn normalized_name(&self) -> String {
        normalize_name(&self.name)
    }
}

impl Installed {
    /// What an environment holds. `root` is the project, whose own checkouts are folders and no repositories.
    pub fn of_environment(environment: &Environment, shown: &str, root: &Path) -> Self {
        let roots = environment.roots();
        let packages =
            environment.distributions.iter().map(|found| package(found, &roots, environment, root)).collect();
        Self {
            shown: shown.to_owned(),
            what: "environment",
            packages,
            roots: match roots.basis {
                Basis::Marks => RootsKnown::Marked,
                Basis::Dependencies => RootsKnown::Required,
            },
            unread: Vec::new(),
            python: environment.interpreter.minor.clone(),
            diagnostics: environment_diagnostics(environment, shown),
        }
    }

    /// The lines of `pip freeze`, of which nothing tells who asked for what.
    pub fn of_freeze(file: &str, text: &str) -> Self {
        freeze::read(file, text)
    }

    /// The versions that the lock is to keep: those of packages from an index. Tools that every environment has are left out.
    pub fn pins(&self) -> Vec<Pin> {
        let pinned = |found: &&InstalledPackage| {
            found.place == Place::Index && !found.seed && !found.version.is_empty()
        };
        let pin = |found: &InstalledPackage| Pin {
            name: found.normalized_name(),
            version: found.version.clone(),
            marker: None,
            from: found.from.clone(),
        };
        self.packages.iter().filter(pinned).map(pin).collect()
    }
}

fn package(
    found: &Distribution,
    roots: &Roots<'_>,
    environment: &Environment,
    root: &Path,
) -> InstalledPackage {
    let file = found.location.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let asked = roots.of.iter().find(|asked| asked.distribution.normalized_name == found.normalized_name);
    let (place, had_credentials) = place(found, environment, root);
    InstalledPackage {
        name: found.name.clone(),
        version: found.version.clone(),
        // What is not from an index cannot be found again by those that require it.
        root: asked.is_some() || place != Place::Index,
        extras: asked.map(|asked| asked.extras.clone()).unwrap_or_default(),
        seed: found.is_seed(),
        place,
        had_credentials,
        from: Provenance::new(file, 1),
    }
}

fn place(found: &Distribution, environment: &Environment, root: &Path) -> (Place, bool) {
    match &found.origin {
        Origin::Index => (Place::Index, false),
        Origin::Vcs { vcs: Some(Vcs::Git), url, commit, subdirectory, had_credentials, .. } => {
            let (url, commit, subdirectory) = (url.clone(), commit.clone(), subdirectory.clone());
            (Place::Git { url, commit, subdirectory }, *had_credentials)
        }
        Origin::Vcs { vcs, url, had_credentials, .. } => {
            let vcs = vcs.map_or("another system", Vcs::as_str);
            (Place::Other(format!("{url} ({vcs})")), *had_credentials)
        }
        Origin::Archive { url, subdirectory, had_credentials, .. } => {
            (archive(url, subdirectory.as_ref()), *had_credentials)
        }
        Origin::Directory { path, editable, checkout } => {
            // pip puts `-e git+URL` into `src` of the environment, or of the folder that it is run in.
            let ours = |top: &Path| is_within(top, &environment.root) || is_below(top, root);
            match checkout {
                Some(checkout) if ours(&top_of(path, checkout.subdirectory.as_deref())) => {
                    let (url, commit) = (checkout.url.clone(), checkout.commit.clone());
                    let subdirectory = checkout.subdirectory.clone();
                    (Place::Git { url, commit, subdirectory }, checkout.had_credentials)
                }
                _ => (Place::Path { path: path.clone(), editable: *editable }, false),
            }
        }
    }
}

/// An archive with a `file:` URL is a path.
fn archive(url: &str, subdirectory: Option<&String>) -> Place {
    match uvshift_installed::path_of_url(url) {
        Some(path) => Place::Path { path, editable: false },
        None => Place::Url { url: url.to_owned(), subdirectory: subdirectory.cloned() },
    }
}

fn top_of(path: &Path, subdirectory: Option<&str>) -> PathBuf {
    let depth = subdirectory.map_or(0, |inner| inner.split('/').count());
    path.ancestors().nth(depth).unwrap_or(path).to_owned()
}

fn is_within(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => path.starts_with(folder),
    }
}

/// Within, and not the folder itself.
fn is_below(path: &Path, folder: &Path) -> bool {
    is_within(path, folder) && !is_within(folder, path)
}

fn environment_diagnostics(environment: &Environment, shown: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for problem in &environment.problems {
        let path = problem.path.strip_prefix(&environment.root).unwrap_or(&problem.path);
        let place = format!("{shown}/{}", path.to_string_lossy().replace('\\', "/"));
        found.push(Diagnostic::warning(codes::M060, problem.kind.to_string()).in_file(place, 1));
    }
    if environment.config.system_site_packages {
        let message = "the environment also sees the packages of its base Python, which are not read";
        let help = "name what the project needs of them in a requirements file";
        found.push(Diagnostic::warning(codes::M064, message).in_file(shown, 1).with_help(help));
    }
    let others: Vec<&str> = environment
        .conda_packages
        .iter()
        .filter(|package| package.distributions.is_empty() && package.requested)
        .map(|package| package.name.as_str())
        .collect();
    if !others.is_empty() {
        let message = format!(
            "conda installed what is no Python distribution, which uv does not: {}",
            others.join(", ")
        );
        let help = "install them with the system, or keep conda for them";
        found.push(Diagnostic::warning(codes::M064, message).in_file(shown, 1).with_help(help));
    }
    found
}
