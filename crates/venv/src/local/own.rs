//! Which paths of an environment belong to a package or to every environment.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use uvshift_installed::{Form, Origin};

use crate::record;
use crate::recreate::MARKER;
use crate::{Package, Snapshot};

/// The paths that are accounted for, relative to the environment.
pub(super) struct Owned {
    /// Files, and folders with all that is in them.
    paths: BTreeSet<PathBuf>,
    /// Folders with something of it somewhere in them.
    above: BTreeSet<PathBuf>,
}

/// What `venv`, virtualenv and uv put into the folder of an environment.
const TOP: [&str; 11] = [
    "pyvenv.cfg",
    ".gitignore",
    "CACHEDIR.TAG",
    ".lock",
    "lib64",
    "pip-selfcheck.json",
    ".Python",
    "include",
    "Include",
    "share/python-wheels",
    MARKER,
];

/// What they put beside the programs, as starts of names.
const PROGRAMS: [&str; 6] = ["activate", "Activate.ps1", "deactivate", "python", "pypy", "pydoc.bat"];

/// What they put among the packages.
const MODULES: [&str; 2] = ["_virtualenv.py", "_virtualenv.pth"];

impl Owned {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let root = &snapshot.root;
        let mut paths: BTreeSet<PathBuf> = TOP.iter().map(PathBuf::from).collect();
        let sites: Vec<PathBuf> = snapshot
            .site_packages
            .iter()
            .filter_map(|it| it.strip_prefix(root).ok().map(Path::to_owned))
            .collect();
        for folder in ["bin", "Scripts"] {
            for name in names(&root.join(folder)) {
                if PROGRAMS.iter().any(|start| name.starts_with(start)) {
                    paths.insert(Path::new(folder).join(name));
                }
            }
        }
        for site in &sites {
            // virtualenv marks what it has put there: `pip-26.3.virtualenv`.
            let marks = names(&root.join(site)).into_iter().filter(|name| name.ends_with(".virtualenv"));
            paths.extend(marks.map(|name| site.join(name)));
            paths.extend(MODULES.iter().map(|name| site.join(name)));
            links(snapshot, site, &mut paths);
        }
        for package in &snapshot.packages {
            of_package(package, root, &sites, &mut paths);
        }
        let mut above: BTreeSet<PathBuf> =
            sites.iter().flat_map(|site| site.ancestors()).map(Path::to_owned).collect();
        above.extend(["bin", "Scripts", "lib", "Lib"].map(PathBuf::from));
        above.extend(paths.iter().flat_map(|path| path.ancestors().skip(1)).map(Path::to_owned));
        Self { paths, above }
    }

    pub(super) fn has(&self, path: &Path) -> bool {
        self.paths.contains(path)
    }

    pub(super) fn has_something_in(&self, folder: &Path) -> bool {
        self.above.contains(folder)
    }
}

fn of_package(package: &Package, root: &Path, sites: &[PathBuf], paths: &mut BTreeSet<PathBuf>) {
    let files = record::files(package, root);
    let knows_files = !files.is_empty();
    paths.extend(files.into_iter().map(|file| file.path));
    for folder in ["bin", "Scripts"] {
        for script in &package.scripts {
            for ending in ["", ".exe", "-script.py", ".exe.manifest"] {
                paths.insert(Path::new(folder).join(format!("{}{ending}", script.name)));
            }
        }
    }
    let Ok(location) = package.location.strip_prefix(root) else { return };
    paths.insert(location.to_owned());
    // `NAME.egg/EGG-INFO`
    let egg = location.parent().filter(|folder| folder.extension().is_some_and(|it| it == "egg"));
    paths.extend(egg.map(Path::to_owned));
    if knows_files {
        return;
    }
    // Without a list of files, what can be imported is all that is known.
    for site in sites {
        for name in &package.top_level {
            paths.insert(site.join(name));
            paths.insert(site.join(format!("{name}.py")));
        }
    }
}

/// The links of `setup.py develop`, and the list of folders that Python is told of, if each of them is one of a package.
fn links(snapshot: &Snapshot, site: &Path, paths: &mut BTreeSet<PathBuf>) {
    for package in snapshot.packages.iter().filter(|package| package.form == Form::EggLink) {
        for name in names(&snapshot.root.join(site)) {
            let stem = name.strip_suffix(".egg-link").map(uvshift_requirements::normalize_name);
            if stem.is_some_and(|stem| stem == package.normalized_name) {
                paths.insert(site.join(name));
            }
        }
    }
    for name in ["easy-install.pth", "setuptools.pth"] {
        let path = site.join(name);
        let Some(text) = uvshift_installed::read_file(&snapshot.root.join(&path)).0 else { continue };
        let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        if lines().all(|line| is_known(snapshot, line)) {
            paths.insert(path);
        }
    }
}

fn is_known(snapshot: &Snapshot, line: &str) -> bool {
    let is_project = |package: &Package| match &package.origin {
        Origin::Directory { path, .. } => Path::new(line).starts_with(path),
        _ => false,
    };
    line.starts_with("import sys")
        || Path::new(line).extension().is_some_and(|it| it == "egg")
        || snapshot.packages.iter().any(is_project)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}
