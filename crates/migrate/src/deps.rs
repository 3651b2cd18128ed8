//! What a project depends on, and what its files import: everything that `uvshift deps` needs.

pub(crate) mod declared;
mod egg_info;
mod mentions;

use std::path::{Path, PathBuf};

use uvshift_depgraph::scan::{self, Scan};
use uvshift_depgraph::{Analysis, AnalysisInput, Project as DepsProject, Settings as DepsSettings, analyze};
use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_installed::Environment;
use uvshift_lockfile::{Lock, LockKind};
use uvshift_project::Tree;

use crate::project::read_pyproject;
use crate::{Error, Options};

/// What a user can say about an analysis.
#[derive(Debug, Clone, Default)]
pub struct DepsOptions {
    /// The Python versions that the project is for, such as `>=3.10`.
    pub python: Option<String>,
    /// The environment to ask; none: `.venv` of the project, if it is there.
    pub environment: Option<PathBuf>,
    /// Patterns, in the syntax of `.gitignore`, of files that are not scanned.
    pub exclude: Vec<String>,
    /// How many threads scan; all where it is not said.
    pub threads: Option<usize>,
    /// The lock, relative to the folder of the caller; none: the one of the project.
    pub lock: Option<PathBuf>,
    /// Whether the files are not scanned at all.
    pub without_imports: bool,
}

/// A project with everything that an analysis of its dependencies looks at.
#[derive(Debug)]
pub struct Deps {
    /// The files and what they import.
    pub scan: Scan,
    /// The project at the root and the members below it.
    pub projects: Vec<DepsProject>,
    /// The lock, and the name of its file.
    pub lock: Option<(Lock, String)>,
    /// The environment that was read, and how it is called.
    pub environment: Option<(Environment, String)>,
    /// What `[tool.uvshift.deps]` says.
    pub settings: DepsSettings,
    /// What there is to say about files that could not be read as a whole.
    pub diagnostics: Vec<Diagnostic>,
    tree: Tree,
}

/// Names of locks, the one that counts first.
const LOCKS: [LockKind; 5] =
    [LockKind::Uv, LockKind::Pylock, LockKind::Poetry, LockKind::Pdm, LockKind::Pipfile];

impl Deps {
    /// Reads a project. Changes nothing and runs nothing of it.
    ///
    /// ```
    /// use uvshift_migrate::{Deps, DepsOptions};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # std::fs::write(folder.path().join("requirements.txt"), "flask>=3\n")?;
    /// # std::fs::write(folder.path().join("shop.py"), "import flask\nimport yaml\n")?;
    /// let deps = Deps::read(folder.path(), &DepsOptions::default())?;
    /// let analysis = deps.analyze();
    /// let missing = analysis.findings.iter().find(|finding| finding.package == "pyyaml").ok_or("not found")?;
    /// assert_eq!((missing.rule.name(), missing.evidence[0].line), ("missing", 2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn read(root: &Path, options: &DepsOptions) -> Result<Self, Error> {
        let tree = Tree::from_disk(root)?;
        let before = read_pyproject(&tree)?;
        let mut settings = before.as_ref().map(DepsSettings::of_pyproject).transpose()?.unwrap_or_default();
        settings.exclude.extend(options.exclude.iter().cloned());
        let scan_options = scan::Options { exclude: settings.exclude.clone(), threads: options.threads };
        let scan = if options.without_imports { Scan::default() } else { scan::scan(root, &scan_options)? };
        let mut diagnostics = Vec::new();
        let read = Options { python: options.python.clone(), ..Options::default() };
        let projects = declared::projects(&tree, &read, &mut diagnostics)?;
        let lock = match &options.lock {
            Some(path) => Some(named_lock(root, path)?),
            None => lock(&tree, &mut diagnostics),
        };
        let environment = environment(root, options.environment.as_deref())?;
        Ok(Self { scan, projects, lock, environment, settings, diagnostics, tree })
    }

    /// Holds what is imported against what is declared.
    pub fn analyze(&self) -> Analysis<'_> {
        let mentions = |sought: &[_]| mentions::find(&self.tree, &self.scan, &self.projects, sought);
        analyze(&self.input(), &mentions)
    }

    /// What an analysis looks at.
    pub(crate) fn input(&self) -> AnalysisInput<'_> {
        AnalysisInput {
            scan: &self.scan,
            projects: &self.projects,
            lock: self.lock.as_ref().map(|(lock, file)| (lock, file.as_str())),
            environment: self.environment.as_ref().map(|(environment, _)| environment),
            settings: &self.settings,
        }
    }

    /// What there is to say about files, of the walk, the files and the sources, by place.
    pub fn diagnostics(&self) -> Vec<&Diagnostic> {
        let of_files = self.scan.files.iter().flat_map(|file| &file.diagnostics);
        let mut all: Vec<&Diagnostic> =
            self.diagnostics.iter().chain(&self.scan.diagnostics).chain(of_files).collect();
        all.sort_by(|left, right| (&left.file, left.line).cmp(&(&right.file, right.line)));
        all
    }

    /// Whether the root has a `[project]` that commands of uv can change.
    pub fn has_project(&self) -> bool {
        let document = read_pyproject(&self.tree).ok().flatten();
        document.is_some_and(|found| found.has_project())
    }

    /// How many requirements are declared, without those that are listed twice.
    pub fn declared(&self) -> usize {
        self.projects.iter().map(|project| project.declared.len()).sum()
    }
}

/// The lock of the project; one that cannot be read is told and counts as none.
fn lock(tree: &Tree, diagnostics: &mut Vec<Diagnostic>) -> Option<(Lock, String)> {
    let named = |kind: &LockKind| {
        let is_of = |file: &&String| !file.contains('/') && LockKind::of_name(file) == Some(*kind);
        tree.files().iter().find(is_of)
    };
    let file = LOCKS.iter().find_map(named)?;
    let text = String::from_utf8(tree.read(file).ok()?).ok()?;
    match uvshift_lockfile::parse(file, &text) {
        Ok(lock) => Some((lock, file.clone())),
        Err(error) => {
            let message = format!("the lock cannot be read and counts as none: {error}");
            let code = uvshift_depgraph::codes::UNREADABLE_LOCK;
            diagnostics.push(Diagnostic::new(code, Severity::Warning, message).in_file(file, 1));
            None
        }
    }
}

/// The lock that was named, which has to be one.
fn named_lock(root: &Path, path: &Path) -> Result<(Lock, String), Error> {
    let read = std::fs::read_to_string(path);
    let text = read.map_err(|source| Error::Read { path: path.to_owned(), source })?;
    let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    Ok((uvshift_lockfile::parse(&shown, &text)?, shown))
}

/// The environment that was named, or the one of the project.
fn environment(root: &Path, named: Option<&Path>) -> Result<Option<(Environment, String)>, Error> {
    let Some(path) = named else {
        let usual = root.join(".venv");
        // One that nobody has named and that is no environment is nobody's business.
        return Ok(Environment::read(&usual).ok().map(|found| (found, ".venv".to_owned())));
    };
    let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    Ok(Some((Environment::read(path)?, shown)))
}
