//! Which environments there are: in projects, and in the folders where tools keep theirs.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::SystemTime;

use uvshift_installed::{Kind, Problem};

mod broken;
mod row;
mod search;
mod size;

pub use broken::Broken;
use search::Candidate;

/// Where to look. The caller knows home and environment variables; nothing here reads them.
#[derive(Debug, Clone, Default)]
pub struct ListOptions {
    /// Folders of projects: every environment one level below, and those of `.tox`, `.nox` and `.hatch`.
    pub projects: Vec<PathBuf>,
    /// Environments that the user named.
    pub named: Vec<PathBuf>,
    /// Folders in which tools keep environments.
    pub homes: Vec<Home>,
    /// `environments.txt` of conda, which has a path in each line.
    pub conda_list: Option<PathBuf>,
    /// `VIRTUAL_ENV` or `CONDA_PREFIX`: the environment that is active.
    pub active: Option<PathBuf>,
    /// Whether to add up what each environment takes on the disk.
    pub with_size: bool,
}

/// A folder in which a tool keeps environments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// Whose it is.
    pub place: Place,
    /// The folder. It need not be there.
    pub folder: PathBuf,
}

/// Where an environment was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Place {
    /// Named by the user.
    Named,
    /// In a project.
    Project,
    /// In `.tox` of a project.
    Tox,
    /// In `.nox` of a project.
    Nox,
    /// In `WORKON_HOME` of virtualenvwrapper or pew.
    Virtualenvwrapper,
    /// In the cache of Poetry: `virtualenvs`.
    Poetry,
    /// In the folder of pipenv: `virtualenvs`.
    Pipenv,
    /// In the data folder of hatch: `env/virtual`, with the project and its hash in between.
    Hatch,
    /// In `versions` of pyenv.
    Pyenv,
    /// In `envs` of conda, or in its list.
    Conda,
}

impl Place {
    /// Every place.
    pub const ALL: [Self; 10] = [
        Self::Named,
        Self::Project,
        Self::Tox,
        Self::Nox,
        Self::Virtualenvwrapper,
        Self::Poetry,
        Self::Pipenv,
        Self::Hatch,
        Self::Pyenv,
        Self::Conda,
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Project => "project",
            Self::Tox => "tox",
            Self::Nox => "nox",
            Self::Virtualenvwrapper => "virtualenvwrapper",
            Self::Poetry => "Poetry",
            Self::Pipenv => "Pipenv",
            Self::Hatch => "Hatch",
            Self::Pyenv => "pyenv",
            Self::Conda => "conda",
        }
    }
}

/// An environment that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its folder, absolute.
    pub path: PathBuf,
    /// The name of its folder.
    pub name: String,
    /// `prompt` of `pyvenv.cfg`.
    pub prompt: Option<String>,
    /// Where it was found.
    pub place: Place,
    /// The project that it belongs to, where something tells.
    pub project: Option<PathBuf>,
    /// What it is.
    pub kind: Kind,
    /// The version of its Python.
    pub python: Option<String>,
    /// What made it, as in [`Snapshot::created_by`](crate::Snapshot::created_by).
    pub created_by: Option<String>,
    /// How many distributions are installed.
    pub packages: usize,
    /// What it takes on the disk, in bytes; `None` where that was not asked for.
    pub size: Option<u64>,
    /// When something was last installed or removed.
    pub modified: Option<SystemTime>,
    /// Why it does not work.
    pub broken: Option<Broken>,
    /// Whether it is the active one.
    pub active: bool,
}

/// All that was found.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// The environments, by place and path; each one once.
    pub found: Vec<Found>,
    /// Folders that could not be read, and named ones that are no environments.
    pub problems: Vec<Problem>,
}

/// Looks for environments. What cannot be read is told and stops nothing.
pub fn list(options: &ListOptions) -> Listing {
    let mut listing = Listing::default();
    let candidates = search::candidates(options, &mut listing.problems);
    for (found, mut problems) in rows(&candidates, options) {
        listing.problems.append(&mut problems);
        listing.found.extend(found);
    }
    listing.found.sort_by(|a, b| (a.place, &a.path).cmp(&(b.place, &b.path)));
    listing
}

/// A row for each candidate, in any order; several threads wait for the disk.
fn rows(candidates: &[Candidate], options: &ListOptions) -> Vec<(Option<Found>, Vec<Problem>)> {
    let active = options.active.as_deref().and_then(|path| path.canonicalize().ok());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut rows = Vec::new();
        while let Some(candidate) = candidates.get(next.fetch_add(1, Ordering::Relaxed)) {
            rows.push(row::read(candidate, active.as_deref(), options.with_size));
        }
        rows
    };
    let count = thread::available_parallelism().map_or(1, usize::from).min(candidates.len());
    thread::scope(|scope| {
        let others: Vec<_> = (1..count).map(|_| scope.spawn(work)).collect();
        let mut rows = work();
        // A thread that panicked has nothing to tell; nothing here panics.
        others
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .for_each(|mut more| rows.append(&mut more));
        rows
    })
}

#[cfg(test)]
mod tests;
