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
const TOP: [&str; 5] = ["pyvenv.cfg", "pip-selfcheck.json", ".Python", "share/python-wheels", MARKER];

/// What they put there as links to other places; a folder with such a name may have anything in it.
const LINKS: [&str; 3] = ["lib64", "include", "Include"];

/// What they put beside the programs. virtualenv before 20 made `python-config`, and Python 3.14 makes a link with a letter of its
/// own.
const PROGRAMS: [&str; 18] = [
    "activate",
    "activate.csh",
    "activate.fish",
    "activate.nu",
    "activate.ps1",
    "activate.bat",
    "activate.xsh",
    "Activate.ps1",
    "activate_this.py",
    "deactivate",
    "deactivate.bat",
    "deactivate.csh",
    "deactivate.nu",
    "deactivate.ps1",
    "deactivate.fish",
    "pydoc.bat",
    "python-config",
    "\u{1d70b}thon",
];

/// What they put among the packages.
const MODULES: [&str; 2] = ["_virtualenv.py", "_virtualenv.pth"];

impl Owned {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let root = &snapshot.root;
        let mut paths: BTreeSet<PathBuf> = TOP.iter().map(PathBuf::from).collect();
        of_every_environment(root, &mut paths);
        let sites: Vec<PathBuf> = snapshot
            .site_packages
            .iter()
            .filter_map(|it| it.strip_prefix(root).ok().map(Path::to_owned))
            .collect();
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

/// What is like in every environment as to its name, and is looked at nevertheless: somebody may have put something else there.
fn of_every_environment(root: &Path, paths: &mut BTreeSet<PathBuf>) {
    let mut links: Vec<PathBuf> = LINKS.iter().map(PathBuf::from).collect();
    // virtualenv before 20 made a link to the headers of the base Python.
    links.extend(names(&root.join("include")).into_iter().map(|name| Path::new("include").join(name)));
    links.retain(|path| root.join(path).is_symlink());
    paths.extend(links);
    for (name, is_as_made) in [
        (".gitignore", ignores_all as fn(&str) -> bool),
        ("CACHEDIR.TAG", |text| text.starts_with("Signature: 8a477f597d28d172789f06886806bc55")),
        (".lock", str::is_empty),
    ] {
        if uvshift_installed::read_file(&root.join(name)).0.is_some_and(|text| is_as_made(&text)) {
            paths.insert(PathBuf::from(name));
        }
    }
    for folder in ["bin", "Scripts"] {
        for name in names(&root.join(folder)) {
            if PROGRAMS.contains(&&*name) || is_python(&name) {
                paths.insert(Path::new(folder).join(name));
            }
        }
    }
}

/// Whether a `.gitignore` says no more than that all of the environment is ignored, and who made it.
fn ignores_all(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.all(|line| line == "*" || line.to_ascii_lowercase().starts_with("# created by "))
}

/// Whether a name is one of Python itself: `python`, `python3`, `python3.13t`, `pypy3.10`, `pythonw.exe`, `python311.dll`.
fn is_python(name: &str) -> bool {
    let stem = [".exe", ".dll", "-intel64"].iter().find_map(|ending| name.strip_suffix(ending));
    let stem = stem.unwrap_or(name);
    let stem = stem.strip_suffix("_d").unwrap_or(stem);
    let Some(rest) = ["python", "pypy", "graalpy"].iter().find_map(|start| stem.strip_prefix(start)) else {
        return false;
    };
    let rest = rest.strip_prefix('w').unwrap_or(rest);
    // Free-threaded, or with debugging.
    let version = rest.trim_end_matches(['t', 'd']);
    let is_version = version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_version && rest.len() - version.len() <= 2 && !version.starts_with('.') && !version.ends_with('.')
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
