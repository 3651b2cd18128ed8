//! Folders that have the marks of an environment.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use uvshift_installed::{Problem, ProblemKind, read_file};

use super::{Home, ListOptions, Place};

/// A folder that is an environment, as far as its marks tell.
pub(super) struct Candidate {
    /// Absolute.
    pub(super) path: PathBuf,
    /// Without links.
    pub(super) real: PathBuf,
    pub(super) place: Place,
    pub(super) project: Option<PathBuf>,
}

/// Every environment once, under the first place that has it.
pub(super) fn candidates(options: &ListOptions, problems: &mut Vec<Problem>) -> Vec<Candidate> {
    let mut search = Search { found: Vec::new(), seen: BTreeSet::new(), problems };
    for path in &options.named {
        if !search.try_one(path, Place::Named, None) {
            search.tell(path, ProblemKind::NotAnEnvironment);
        }
    }
    for project in &options.projects {
        search.project(project);
    }
    for home in &options.homes {
        search.home(home);
    }
    if let Some(list) = &options.conda_list {
        search.conda_list(list);
    }
    search.found
}

struct Search<'a> {
    found: Vec<Candidate>,
    seen: BTreeSet<PathBuf>,
    problems: &'a mut Vec<Problem>,
}

impl Search<'_> {
    fn project(&mut self, project: &Path) {
        if let Err(error) = fs::read_dir(project) {
            return self.tell(project, ProblemKind::Unreadable(error.to_string()));
        }
        self.try_one(project, Place::Project, None);
        self.below(project, Place::Project, Some(project));
        for (folder, place) in [(".tox", Place::Tox), (".nox", Place::Nox), (".hatch", Place::Hatch)] {
            self.below(&project.join(folder), place, Some(project));
        }
    }

    fn home(&mut self, Home { place, folder }: &Home) {
        match place {
            // `PROJECT/HASH/ENVIRONMENT`
            Place::Hatch => {
                for project in self.folders(folder) {
                    self.folders(&project).iter().for_each(|hash| self.below(hash, Place::Hatch, None));
                }
            }
            // A version is a Python, or an environment of conda; those of virtualenv are in its `envs`.
            Place::Pyenv => {
                self.below(folder, Place::Pyenv, None);
                for version in self.folders(folder) {
                    self.below(&version.join("envs"), Place::Pyenv, None);
                }
            }
            place => self.below(folder, *place, None),
        }
    }

    /// Lines that lead nowhere stay in the list when an environment is removed by hand; conda passes over them too.
    fn conda_list(&mut self, list: &Path) {
        let (text, mut problems) = read_file(list);
        self.problems.append(&mut problems);
        for line in text.unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty()) {
            if Path::new(line).is_absolute() {
                self.try_one(Path::new(line), Place::Conda, None);
            }
        }
    }

    /// The environments one level below a folder.
    fn below(&mut self, folder: &Path, place: Place, project: Option<&Path>) {
        for path in self.folders(folder) {
            self.try_one(&path, place, project);
        }
    }

    /// The folders in a folder, also behind links, by name; none where there is no such folder.
    fn folders(&mut self, folder: &Path) -> Vec<PathBuf> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if is_missing(&error) => return Vec::new(),
            Err(error) => {
                self.tell(folder, ProblemKind::Unreadable(error.to_string()));
                return Vec::new();
            }
        };
        let mut folders = Vec::new();
        for entry in entries.flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(path),
                Ok(kind) if kind.is_symlink() => match fs::metadata(&path) {
                    Ok(metadata) if metadata.is_dir() => folders.push(path),
                    Err(error) if !is_missing(&error) => {
                        self.tell(&path, ProblemKind::Unreadable(error.to_string()));
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        folders.sort_unstable();
        folders
    }

    /// Whether a folder is an environment. It is taken unless it was before.
    fn try_one(&mut self, path: &Path, place: Place, project: Option<&Path>) -> bool {
        match has_marks(path) {
            Ok(true) => {}
            Ok(false) => return false,
            Err(error) => {
                self.tell(path, ProblemKind::Unreadable(error.to_string()));
                // It is told, which is all that can be said of it.
                return true;
            }
        }
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if self.seen.insert(real.clone()) {
            let project =
                project.map(|folder| std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned()));
            self.found.push(Candidate { path, real, place, project });
        }
        true
    }

    fn tell(&mut self, path: &Path, kind: ProblemKind) {
        self.problems.push(Problem { path: path.to_owned(), kind });
    }
}

/// `pyvenv.cfg` or `conda-meta`.
fn has_marks(path: &Path) -> io::Result<bool> {
    let is = |name: &str, wanted: fn(&fs::Metadata) -> bool| match fs::metadata(path.join(name)) {
        Ok(metadata) => Ok(wanted(&metadata)),
        Err(error) if is_missing(&error) => Ok(false),
        Err(error) => Err(error),
    };
    Ok(is("pyvenv.cfg", fs::Metadata::is_file)? || is("conda-meta", fs::Metadata::is_dir)?)
}

fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
