//! The modules that the repository has itself.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use crate::scan::{FileKind, Scan};

/// Packages that several distributions share, even where their `__init__.py` is in the repository (`pkgutil`, `pkg_resources`).
const SHARED: [&str; 16] = [
    "google",
    "google.cloud",
    "azure",
    "azure.mgmt",
    "zope",
    "zope.app",
    "ruamel",
    "opentelemetry",
    "jaraco",
    "backports",
    "sphinxcontrib",
    "plone",
    "collective",
    "repoze",
    "paste",
    "airflow.providers",
];

/// Whether a module is the repository's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Local {
    /// A module or package that an import finds.
    Found,
    /// Something of this name is there, but an import finds it only if nothing else has the name: a folder without
    /// `__init__.py`, or what a path set by hand would lead to.
    Perhaps,
    /// Nothing of this name.
    No,
}

/// The Python files of a repository by their places.
pub(super) struct OwnModules<'a> {
    /// Files without their suffix.
    modules: HashSet<&'a str>,
    /// Folders with an `__init__` file.
    packages: HashSet<&'a str>,
    /// Folders with Python files in or below them.
    folders: HashSet<&'a str>,
    /// Names of modules and packages that lie in no package: a changed `sys.path` would make them importable.
    loose: HashSet<&'a str>,
    /// Folders where imports of every file begin.
    roots: Vec<String>,
    /// What was asked already, by where the file's imports begin and the first name; none where what lies below the name counts.
    known: HashMap<(&'a str, &'a str), Option<Local>>,
}

impl<'a> OwnModules<'a> {
    /// The modules of the scanned files; `projects` are the folders of the projects.
    pub(super) fn of(scan: &'a Scan, projects: impl Iterator<Item = &'a str>) -> Self {
        let (mut modules, mut packages, mut folders) = (HashSet::new(), HashSet::new(), HashSet::new());
        for file in &scan.files {
            if matches!(file.kind, FileKind::Notebook | FileKind::Script) {
                continue;
            }
            let module = file.path.rsplit_once('.').map_or(&*file.path, |(stem, _)| stem);
            modules.insert(module);
            let mut folder = parent(module);
            if module.rsplit('/').next() == Some("__init__") && !folder.is_empty() {
                packages.insert(folder);
            }
            while !folder.is_empty() && folders.insert(folder) {
                folder = parent(folder);
            }
        }
        let is_loose = |path: &&&str| !packages.contains(parent(path));
        let loose = modules.iter().chain(&packages).filter(is_loose).map(|path| name(path)).collect();
        let mut roots = Vec::new();
        for project in projects {
            roots.push(project.to_owned());
            roots.extend(["src", "lib", "python"].map(|folder| joined(project, folder)));
        }
        // A folder that is a package is no place where imports begin.
        roots.retain(|root| !packages.contains(root.as_str()));
        Self { modules, packages, folders, loose, roots, known: HashMap::new() }
    }

    /// Where the imports of a file begin: the first folder above it that is no package.
    pub(super) fn base(&self, file: &'a str) -> &'a str {
        let mut folder = parent(file);
        while self.packages.contains(folder) {
            folder = parent(folder);
        }
        folder
    }

    /// How many folders lead to the package that a file is in; none where it is in no package.
    pub(super) fn package_from(&self, file: &'a str) -> Option<usize> {
        let base = self.base(file);
        let depth = |folder: &str| if folder.is_empty() { 0 } else { folder.split('/').count() };
        (base != parent(file)).then(|| depth(base))
    }

    /// Whether an import finds the module in the repository.
    pub(super) fn find(&mut self, base: &'a str, module: &'a str, names: &[Arc<str>]) -> Local {
        let top = module.split('.').next().unwrap_or_default();
        let known = self.known.get(&(base, top)).copied().unwrap_or_else(|| {
            let is_divided = SHARED.contains(&top) || self.is_bare_folder(base, top);
            let found = (!is_divided).then(|| self.look(base, top, &[]));
            self.known.insert((base, top), found);
            found
        });
        known.unwrap_or_else(|| self.look(base, module, names))
    }

    fn is_bare_folder(&self, base: &str, top: &str) -> bool {
        let is_bare = |root: &str| {
            let path = joined(root, top);
            self.folders.contains(path.as_str()) && !self.packages.contains(path.as_str())
        };
        self.roots.iter().any(|root| is_bare(root)) || is_bare(base)
    }

    fn look(&self, base: &str, module: &str, names: &[Arc<str>]) -> Local {
        let mut best = Local::No;
        let others = self.roots.iter().map(String::as_str).filter(|root| *root != base);
        for root in [base].into_iter().chain(others) {
            match self.look_in(root, module, names) {
                Local::Found => return Local::Found,
                Local::Perhaps => best = Local::Perhaps,
                Local::No => {}
            }
        }
        let top = module.split('.').next().unwrap_or_default();
        if best == Local::No && self.loose.contains(top) { Local::Perhaps } else { best }
    }

    fn look_in(&self, root: &str, module: &str, names: &[Arc<str>]) -> Local {
        let mut path = root.to_owned();
        let mut dotted = String::new();
        for part in module.split('.') {
            path = joined(&path, part);
            if !dotted.is_empty() {
                dotted.push('.');
            }
            dotted.push_str(part);
            let is_shared = SHARED.contains(&dotted.as_str());
            if self.modules.contains(path.as_str()) || (self.packages.contains(path.as_str()) && !is_shared) {
                return Local::Found;
            }
            if !self.folders.contains(path.as_str()) {
                return Local::No;
            }
        }
        let is_inside = |name: &Arc<str>| {
            let path = joined(&path, name);
            self.modules.contains(path.as_str()) || self.packages.contains(path.as_str())
        };
        if names.iter().any(is_inside) { Local::Found } else { Local::Perhaps }
    }
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
