//! Which modules an environment has, and from which distributions.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use uvshift_installed::{Distribution, Environment};

use super::spaces;

/// Where several distributions share a package, it is looked into this deep.
const MAXIMUM_PARTS: usize = 5;

/// A `.pth` file holds some paths.
const MAXIMUM_PTH_SIZE: u64 = 64 * 1024;

/// The modules of an environment.
#[derive(Debug, Default)]
pub(super) struct Installed {
    /// By module, dotted where distributions share the package above.
    by_module: HashMap<String, Vec<Arc<str>>>,
    /// The same by distribution, sorted.
    by_distribution: BTreeMap<Arc<str>, Vec<Arc<str>>>,
}

impl Installed {
    pub(super) fn new(environment: &Environment) -> Self {
        let mut files: BTreeMap<String, Vec<File>> = BTreeMap::new();
        for distribution in &environment.distributions {
            let name: Arc<str> = distribution.normalized_name.as_str().into();
            for (module, is_package) in modules(distribution) {
                let top = module.split('.').next().unwrap_or_default().to_owned();
                files.entry(top).or_default().push(File {
                    module,
                    is_package,
                    distribution: Arc::clone(&name),
                });
            }
        }
        let mut found = Self::default();
        for (top, files) in &files {
            found.add(top, &files.iter().collect::<Vec<_>>(), 1);
        }
        for (module, names) in &found.by_module {
            for name in names {
                found.by_distribution.entry(Arc::clone(name)).or_default().push(module.as_str().into());
            }
        }
        found.by_distribution.values_mut().for_each(|modules| modules.sort_unstable());
        found
    }

    /// The distributions that have a module, or the package that it should be in.
    pub(super) fn distributions(&self, module: &str) -> Option<&[Arc<str>]> {
        let mut module = module;
        loop {
            if let Some(found) = self.by_module.get(module) {
                return Some(found);
            }
            module = module.rsplit_once('.')?.0;
        }
    }

    /// The modules of a distribution, none where the environment does not tell.
    pub(super) fn modules(&self, distribution: &str) -> Option<&[Arc<str>]> {
        self.by_distribution.get(distribution).map(Vec::as_slice)
    }

    /// Whether parts of the package come from several distributions.
    pub(super) fn is_shared(&self, top: &str) -> bool {
        self.by_module.get(top).is_none_or(|owners| owners.len() > 1)
    }

    /// Gives a package to the distribution that has it; where several share it, its parts.
    fn add(&mut self, module: &str, files: &[&File], length: usize) {
        let everyone: BTreeSet<&Arc<str>> = files.iter().map(|file| &file.distribution).collect();
        let owners =
            files.iter().filter(|file| file.module == module).map(|file| Arc::clone(&file.distribution));
        let owners: BTreeSet<Arc<str>> = owners.collect();
        let is_space = spaces::is_space_itself(module);
        // Nobody owns a name space, even where each of its distributions has an `__init__.py` for it.
        let is_plain_module = files.iter().any(|file| file.module == module && !file.is_package);
        if !owners.is_empty() && (!is_space || is_plain_module) {
            self.by_module.insert(module.to_owned(), owners.iter().cloned().collect());
        }
        let is_whole = everyone.len() == 1 && !owners.is_empty() && !is_space;
        if is_whole || length >= MAXIMUM_PARTS {
            if owners.is_empty() {
                self.by_module.insert(module.to_owned(), everyone.into_iter().cloned().collect());
            }
            return;
        }
        let below = files.iter().filter(|file| file.module.len() > module.len());
        let mut parts: BTreeMap<&str, Vec<&File>> = BTreeMap::new();
        for file in below {
            let end = file
                .module
                .get(module.len() + 1..)
                .and_then(|rest| rest.find('.'))
                .map_or(file.module.len(), |at| module.len() + 1 + at);
            parts.entry(file.module.get(..end).unwrap_or(&file.module)).or_default().push(file);
        }
        for (module, files) in parts {
            self.add(module, &files, length + 1);
        }
    }
}

/// A module that a distribution has a file for.
#[derive(Debug)]
struct File {
    /// Dotted, with at most so many parts as count.
    module: String,
    /// Whether it is a folder with an `__init__`.
    is_package: bool,
    distribution: Arc<str>,
}

/// The modules that a distribution has files for, and whether each is a package; where no file tells, those that its build backend named, and
/// those in the folder of an editable install.
fn modules(distribution: &Distribution) -> Vec<(String, bool)> {
    let (record, _) = distribution.record();
    let mut found: Vec<_> = record.iter().filter_map(|entry| module(&entry.path)).collect();
    found.dedup();
    if !found.is_empty() {
        return found;
    }
    let named = distribution.top_level.iter().map(|name| name.replace('/', "."));
    let named: Vec<_> =
        named.filter(|name| name.split('.').all(is_identifier)).map(|name| (name, true)).collect();
    if !named.is_empty() {
        return named;
    }
    let paths = record
        .iter()
        .map(|entry| entry.path.as_str())
        .filter(|path| path.strip_suffix(".pth").is_some_and(|stem| !stem.contains('/')));
    let packages = distribution.location.parent();
    paths.filter_map(|path| Some(packages?.join(path))).flat_map(|path| linked(&path)).collect()
}

/// The modules in the folders that a `.pth` file names, which is how hatchling, Poetry and uv make an editable install.
fn linked(path: &Path) -> Vec<(String, bool)> {
    let folders = read(path).unwrap_or_default();
    let is_code = |line: &str| line.starts_with("import ") || line.starts_with("import\t");
    let is_folder = |line: &&str| !line.is_empty() && !line.starts_with('#') && !is_code(line);
    let folders = folders.lines().map(str::trim).filter(is_folder);
    let entries = folders.filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    entries.filter_map(|entry| linked_module(&entry.path())).collect()
}

/// The module that an entry of such a folder is. It can be the root of a repository, with more in it than the distribution has.
fn linked_module(path: &Path) -> Option<(String, bool)> {
    let name = path.file_name()?.to_str()?;
    let is_package = path.join("__init__.py").is_file();
    let module = if is_package { name } else { name.strip_suffix(".py")? };
    let is_of_repository =
        ["conftest", "docs", "examples", "noxfile", "scripts", "setup", "tasks", "test", "tests"]
            .contains(&module);
    (is_identifier(module) && !is_of_repository).then(|| (module.to_owned(), is_package))
}

/// The text of a small regular file.
fn read(path: &Path) -> Option<String> {
    fs::metadata(path).ok().filter(|metadata| metadata.is_file() && metadata.len() <= MAXIMUM_PTH_SIZE)?;
    fs::read_to_string(path).ok()
}

/// The module that a file of `RECORD` is, and whether it is a package: `a.b` of `a/b.py`, `a/b/__init__.py`, and `a/b.cpython-311.so`.
fn module(path: &str) -> Option<(String, bool)> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, ending) = file.split_once('.')?;
    let is_module = matches!(ending, "py" | "pyc") || ending.ends_with("so") || ending.ends_with("pyd");
    // The finder of an editable install of setuptools stands for modules elsewhere.
    if !is_module || folder.ends_with("__pycache__") || stem.starts_with("__editable__") {
        return None;
    }
    // Paths that leave the folder, and `NAME.data` and `NAME.dist-info`, have parts that are no names.
    let is_package = stem == "__init__";
    let mut module = String::with_capacity(folder.len() + stem.len());
    let mut depth = 0;
    for part in folder.split('/').filter(|part| !part.is_empty()).chain([stem]) {
        if !is_identifier(part) {
            return None;
        }
        if depth < MAXIMUM_PARTS && !(is_package && std::ptr::eq(part, stem)) {
            module.push_str(if depth == 0 { "" } else { "." });
            module.push_str(part);
            depth += 1;
        }
    }
    // A file too deep stands for the folder that it is in.
    (depth > 0).then_some((module, is_package || depth == MAXIMUM_PARTS))
}

fn is_identifier(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|letter| letter.is_alphabetic() || letter == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}
