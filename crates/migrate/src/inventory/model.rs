//! The plain data of an inventory.

use uvshift_depgraph::catalogue::Category;
use uvshift_diagnostics::Code;
use uvshift_project::Provenance;

use super::Day;

/// What a project has, and what may stand in its way.
///
/// Every path is relative to the root, with `/` between its parts; credentials are covered everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Every file that says what the project depends on.
    pub sources: Vec<SourceSummary>,
    /// What they declare together.
    pub declared: Totals,
    /// What the declared packages are for, in the order of [`Category::ALL`], each with their normalised names.
    pub categories: Vec<(Category, Vec<String>)>,
    /// Dependencies that are not looked up in an index.
    pub direct: Vec<DirectDependency>,
    /// Lock files, and requirements files that a tool has compiled.
    pub locks: Vec<LockSummary>,
    /// The environment of the project.
    pub environment: Option<EnvironmentSummary>,
    /// Linters, test runners and other tools that the project uses.
    pub tools: Vec<ToolSummary>,
    /// Configuration of CI services.
    pub ci: Vec<Place>,
    /// Dockerfiles and what belongs to them.
    pub containers: Vec<Place>,
    /// Makefiles, task runners and scripts that call pip or something like it.
    pub scripts: Vec<Place>,
    /// Which Python versions.
    pub python: PythonSummary,
    /// What may go wrong, the most severe first.
    pub risks: Vec<Risk>,
    /// Files of a known name that could not be read as text.
    pub unread: Vec<String>,
}

/// How tightly requirements are held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// `==1.2` without a wildcard, `===`, or a hash.
    pub exact: usize,
    /// With an upper limit: `<2`, `<=2`, `~=1.2`, `==1.*`.
    pub bounded: usize,
    /// Without an upper limit.
    pub open: usize,
    /// From a repository, a URL or a path.
    pub direct: usize,
}

impl Counts {
    /// How many requirements.
    pub const fn total(self) -> usize {
        self.exact + self.bounded + self.open + self.direct
    }

    /// How many are looked up in an index.
    pub const fn from_index(self) -> usize {
        self.exact + self.bounded + self.open
    }
}

/// A file that says what the project depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceSummary {
    /// The file.
    pub path: String,
    /// What it is, such as `requirements file` or `Poetry`.
    pub kind: String,
    /// The part that it plays, such as `main` or `group dev`; none where the file has several.
    pub role: Option<String>,
    /// How many requirements, by how tightly they are held.
    pub counts: Counts,
    /// How many have hashes.
    pub hashed: usize,
    /// Files that it includes with `-r`.
    pub includes: Vec<String>,
    /// Files that it includes with `-c`.
    pub constraints: Vec<String>,
    /// Why it is not read, for a file that is left alone.
    pub left_alone: Option<String>,
}

/// What all sources declare together. Constraints, locks and compiled files are not in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Requirements that the project needs to run.
    pub main: usize,
    /// Requirements of extras.
    pub extras: usize,
    /// Requirements of dependency groups.
    pub groups: usize,
    /// Distinct packages by normalised name; a repository, URL or path without a name counts as one of its own.
    pub packages: usize,
    /// All of them by how tightly they are held.
    pub counts: Counts,
}

impl Totals {
    /// The share of exact versions among the requirements that are looked up in an index, in percent; none without any.
    pub fn pinned_percent(&self) -> Option<usize> {
        let all = self.counts.from_index();
        // Rounded to the nearest.
        (self.counts.exact * 100 + all / 2).checked_div(all)
    }
}

/// What a direct dependency points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DirectKind {
    /// A git repository.
    Git,
    /// A repository of another system.
    Vcs,
    /// A URL.
    Url,
    /// A folder or archive on the machine.
    Path,
}

impl DirectKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Git, Self::Vcs, Self::Url, Self::Path];

    /// The word of reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Vcs => "vcs",
            Self::Url => "url",
            Self::Path => "path",
        }
    }
}

/// A dependency that is not looked up in an index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct DirectDependency {
    /// The normalised name, where it is told.
    pub name: Option<String>,
    /// What it points at.
    pub kind: DirectKind,
    /// The URL or path; credentials are covered.
    pub location: String,
    /// The branch, tag or commit.
    pub reference: Option<String>,
    /// Whether it can only ever be the same: a whole commit, or a URL with a hash.
    pub fixed: bool,
    /// Whether it is installed in place.
    pub editable: bool,
    /// Whether it is the project itself.
    pub itself: bool,
    /// Whether it is a path that leads out of the project.
    pub outside: bool,
    /// Where that stands.
    pub from: Provenance,
}

/// A lock file, or a requirements file that a tool has compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockSummary {
    /// The file.
    pub path: String,
    /// What made it, such as `Poetry` or `pip-compile`.
    pub kind: &'static str,
    /// Packages, each version of one and the project itself, too; none where the file cannot be read.
    pub packages: Option<usize>,
}

/// What an environment holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvironmentSummary {
    /// The folder, as it was given.
    pub path: String,
    /// Its Python, such as `3.11`; empty where nothing tells.
    pub python: String,
    /// How many distributions, with pip, setuptools and the like.
    pub packages: usize,
    /// Those that do not come from the index.
    pub elsewhere: Vec<InstalledElsewhere>,
    /// Those that are neither declared nor needed by what is; empty where nothing is declared.
    pub unneeded: Vec<String>,
    /// What is broken in it.
    pub problems: usize,
}

/// An installed distribution that does not come from the index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstalledElsewhere {
    /// The name as its metadata has it.
    pub name: String,
    /// The version; empty where nothing tells.
    pub version: String,
    /// What kind of place that is.
    pub kind: ElsewhereKind,
    /// The URL, the path or the installer; credentials are covered.
    pub origin: String,
}

/// Where an installed distribution is from that does not come from the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ElsewhereKind {
    /// A git repository.
    Git,
    /// A repository of another system.
    Vcs,
    /// A URL.
    Url,
    /// A folder or archive on the machine.
    Path,
    /// A folder on the machine, in place.
    Editable,
    /// conda.
    Conda,
    /// An installer that may take what it installs from anywhere.
    UnknownInstaller,
}

impl ElsewhereKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Git, Self::Vcs, Self::Url, Self::Path, Self::Editable, Self::Conda, Self::UnknownInstaller];

    /// The word of reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Git => "git",
            Self::Vcs => "vcs",
            Self::Url => "url",
            Self::Path => "path",
            Self::Editable => "editable",
            Self::Conda => "conda",
            Self::UnknownInstaller => "unknown installer",
        }
    }
}

/// What a tool is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ToolKind {
    /// Finds mistakes.
    Linter,
    /// Formats code.
    Formatter,
    /// Checks types.
    TypeChecker,
    /// Runs tests, or measures what they reach.
    Tests,
    /// Runs tasks and environments.
    TaskRunner,
    /// Builds documents.
    Documents,
    /// Manages dependencies or builds packages.
    Packaging,
    /// Versions, change logs, hooks.
    Release,
}

impl ToolKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Linter,
        Self::Formatter,
        Self::TypeChecker,
        Self::Tests,
        Self::TaskRunner,
        Self::Documents,
        Self::Packaging,
        Self::Release,
    ];

    /// The word of reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Linter => "linter",
            Self::Formatter => "formatter",
            Self::TypeChecker => "type checker",
            Self::Tests => "tests",
            Self::TaskRunner => "task runner",
            Self::Documents => "documents",
            Self::Packaging => "packaging",
            Self::Release => "release",
        }
    }
}

/// A tool that the project uses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolSummary {
    /// The tool.
    pub name: String,
    /// What it is for.
    pub kind: ToolKind,
    /// The files with settings of it.
    pub configured: Vec<String>,
    /// Where its package is declared.
    pub declared: Vec<Provenance>,
    /// The revision of its hook in `.pre-commit-config.yaml`, with the place.
    pub hook: Option<(String, Provenance)>,
}

/// What a command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Program {
    /// pip
    Pip,
    /// pip-compile or pip-sync
    PipTools,
    /// virtualenv, or the module `venv`
    Virtualenv,
    /// `python setup.py`
    SetupPy,
    /// `easy_install`
    EasyInstall,
    /// Poetry
    Poetry,
    /// Pipenv
    Pipenv,
    /// PDM
    Pdm,
    /// conda, mamba or micromamba
    Conda,
}

impl Program {
    /// Every program.
    pub const ALL: [Self; 9] = [
        Self::Pip,
        Self::PipTools,
        Self::Virtualenv,
        Self::SetupPy,
        Self::EasyInstall,
        Self::Poetry,
        Self::Pipenv,
        Self::Pdm,
        Self::Conda,
    ];

    /// The word of reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pip => "pip",
            Self::PipTools => "pip-tools",
            Self::Virtualenv => "virtualenv",
            Self::SetupPy => "setup.py",
            Self::EasyInstall => "easy_install",
            Self::Poetry => "poetry",
            Self::Pipenv => "pipenv",
            Self::Pdm => "pdm",
            Self::Conda => "conda",
        }
    }
}

/// A line that calls pip or something like it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The line, counted from 1.
    pub line: usize,
    /// What it runs.
    pub program: Program,
    /// The command, at most 160 characters; credentials are covered.
    pub command: String,
}

/// A file of CI, of containers or of scripts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: String,
    /// What reads it, such as `GitHub Actions`, `Docker` or `make`.
    pub system: &'static str,
    /// Its lines that call pip or something like it.
    pub calls: Vec<Call>,
    /// The Python versions that it names, in its order.
    pub python: Vec<String>,
    /// The images that it is built from, each with its line; credentials are covered.
    pub images: Vec<(usize, String)>,
}

/// One place that says something about Python versions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PythonEvidence {
    /// What kind of place, such as `classifiers`.
    pub what: String,
    /// A range or versions, as written.
    pub specifier: String,
    /// Where.
    pub from: Provenance,
}

/// A version that the project names or allows, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PythonVersion {
    /// `3.9`
    pub version: String,
    /// The last day on which it was or is supported; none where that is not known.
    pub end_of_life: Option<Day>,
    /// Whether that day is over.
    pub is_past: bool,
    /// Whether uv works with it.
    pub uv: UvSupport,
    /// Whether somebody names it; if not, the range merely allows it.
    pub is_named: bool,
    /// Where the project names it, or where the range stands.
    pub places: Vec<Provenance>,
}

/// What uv does with a version of Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UvSupport {
    /// uv has it to download.
    Managed,
    /// uv works with one that is installed.
    InstalledOnly,
    /// uv refuses it.
    No,
}

impl UvSupport {
    /// Everything that uv can do.
    pub const ALL: [Self; 3] = [Self::Managed, Self::InstalledOnly, Self::No];

    /// The word of reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Managed => "managed",
            Self::InstalledOnly => "installed-only",
            Self::No => "no",
        }
    }
}

/// Which Python versions the project supports, and where that is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PythonSummary {
    /// The range that follows.
    pub requires_python: Option<String>,
    /// Every place that says something.
    pub evidence: Vec<PythonEvidence>,
    /// What does not fit together, as sentences.
    pub contradictions: Vec<String>,
    /// The versions that the project names, oldest first, and the oldest one that the range allows.
    pub versions: Vec<PythonVersion>,
}

/// How much a risk matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RiskSeverity {
    /// It stops the move, or it is dangerous as it is.
    High,
    /// The result may not work everywhere as before.
    Medium,
    /// Something that has to follow the move, or that is good to know.
    Low,
}

impl RiskSeverity {
    /// Every severity, the most severe first.
    pub const ALL: [Self; 3] = [Self::High, Self::Medium, Self::Low];

    /// The word of reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// What may go wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// The stable code.
    pub code: Code,
    /// How much it matters.
    pub severity: RiskSeverity,
    /// The package that it is about, where it is about one: its normalised name.
    pub package: Option<String>,
    /// What is the matter: lower case, no full stop.
    pub what: String,
    /// Where, in the order of the files; empty where it is the project as a whole.
    pub places: Vec<Provenance>,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub mitigation: String,
}
