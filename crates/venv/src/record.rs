//! The files of distributions, as `RECORD` has them.

use std::path::{Component, Path, PathBuf};

use uvshift_installed::{Distribution, Form, Origin, RecordEntry};

use crate::Package;

/// A file that a distribution installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Installed {
    /// Its path, relative to the environment.
    pub(crate) path: PathBuf,
    /// `sha256=DIGEST`, URL-safe base 64 without padding.
    pub(crate) hash: Option<String>,
    /// In bytes.
    pub(crate) size: Option<u64>,
}

/// The files of a package that are in its environment. Paths that lead out of it are left out: `RECORD` is data.
pub(crate) fn files(package: &Package, root: &Path) -> Vec<Installed> {
    let Some(folder) = base(package).and_then(|folder| folder.strip_prefix(root).ok().map(Path::to_owned))
    else {
        return Vec::new();
    };
    let inside = |entry: RecordEntry| {
        let path = joined(&folder, root, &entry.path)?;
        Some(Installed { path, hash: entry.hash, size: entry.size })
    };
    entries(package).into_iter().filter_map(inside).collect()
}

/// The rows of `RECORD`, or the lines of `installed-files.txt`.
pub(crate) fn entries(package: &Package) -> Vec<RecordEntry> {
    let distribution = Distribution {
        name: String::new(),
        normalized_name: String::new(),
        version: String::new(),
        requires: Vec::new(),
        requires_python: None,
        extras: Vec::new(),
        installer: None,
        requested: false,
        origin: Origin::Index,
        form: package.form,
        location: package.location.clone(),
        top_level: Vec::new(),
        classifiers: Vec::new(),
        license_expression: None,
        license: None,
    };
    distribution.record().0
}

/// What the paths of the entries are relative to.
fn base(package: &Package) -> Option<&Path> {
    match package.form {
        Form::DistInfo => package.location.parent(),
        // `installed-files.txt` is relative to its own folder.
        Form::EggInfo => Some(&package.location),
        Form::EggLink => None,
    }
}

/// `folder` is relative to the environment. `..` is taken off rather than followed, and nothing may lead out.
fn joined(folder: &Path, root: &Path, path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    let mut whole = if path.is_absolute() { PathBuf::new() } else { folder.to_owned() };
    // uv writes absolute paths for what is outside of site-packages on some systems.
    let relative = if path.is_absolute() { path.strip_prefix(root).ok()? } else { path };
    for part in relative.components() {
        match part {
            Component::Normal(part) => whole.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                if !whole.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    (!whole.as_os_str().is_empty()).then_some(whole)
}

/// Whether a file is bytecode that Python made of a source file: in `__pycache__`, or named like `x.cpython-311.pyc`, since
/// virtualenv 21 writes such names into `RECORD` without their folder. `x.pyc` alone is a module without a source.
pub(crate) fn is_bytecode(path: &Path) -> bool {
    let is_named_so = || {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        path.extension().is_some_and(|it| it == "pyc")
            && (stem.contains(".cpython-") || stem.contains(".pypy"))
    };
    path.components().any(|part| part.as_os_str() == "__pycache__") || is_named_so()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out() {
        let root = if cfg!(windows) { "C:/e" } else { "/e" };
        let join = |path: &str| joined(Path::new("lib/python3.11/site-packages"), Path::new(root), path);
        assert_eq!(join("a/b.py"), Some("lib/python3.11/site-packages/a/b.py".into()));
        assert_eq!(join("../../../bin/a"), Some("bin/a".into()));
        assert_eq!(join(&format!("{root}/bin/a")), Some("bin/a".into()));
        for path in ["../../../../etc/passwd", "/etc/passwd", "../../..", "../../../../e/bin/a"] {
            assert_eq!(join(path), None, "{path}");
        }
    }

    #[test]
    fn bytecode_is_known_by_its_name() {
        for path in
            ["a/__pycache__/b.cpython-311.pyc", "setuptools/launch.cpython-311.pyc", "a/__pycache__/x"]
        {
            assert!(is_bytecode(Path::new(path)), "{path}");
        }
        for path in ["a/b.pyc", "a/b.cpython-311-x86_64-linux-gnu.so", "a/b.py"] {
            assert!(!is_bytecode(Path::new(path)), "{path}");
        }
    }
}
