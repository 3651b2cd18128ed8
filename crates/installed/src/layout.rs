//! Where an environment keeps its packages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of packages and the Python that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packages {
    pub(crate) folder: PathBuf,
    /// `python3.11` or `pypy3.10`, where the layout tells.
    pub(crate) python: Option<String>,
    /// `Lib/site-packages`
    pub(crate) windows: bool,
}

/// The site-packages folders: `lib/pythonX.Y/`, `lib64/pythonX.Y/`, `Lib/`, and `site-packages/` of old `PyPy`. A folder that
/// several names lead to, as `lib64` often does, comes once.
pub(crate) fn site_packages(root: &Path) -> Vec<Packages> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |folder: PathBuf, python: Option<String>, windows: bool| {
        if folder.is_dir() && seen.insert(folder.canonicalize().unwrap_or_else(|_| folder.clone())) {
            found.push(Packages { folder, python, windows });
        }
    };
    for lib in ["lib", "lib64"] {
        let mut pythons: Vec<String> = fs::read_dir(root.join(lib))
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| name.starts_with("python") || name.starts_with("pypy"))
            .collect();
        pythons.sort_by_key(|name| (minor(name), name.clone()));
        for python in pythons.into_iter().rev() {
            add(root.join(lib).join(&python).join("site-packages"), Some(python), false);
        }
    }
    // On a disk without case, this is `lib/site-packages` as well.
    add(root.join("Lib").join("site-packages"), None, true);
    add(root.join("site-packages"), Some("pypy".to_owned()), false);
    found
}

/// The minor version of `python3.11`, so that 3.9 comes before 3.11.
fn minor(name: &str) -> Option<u32> {
    name.rsplit_once('.')?.1.trim_end_matches('t').parse().ok()
}
