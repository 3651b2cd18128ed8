//! What the command reports when it could not do its work.

use std::error::Error as _;
use std::io;
use std::path::{Path, PathBuf};

use uvshift_changeset::Error as ChangeSet;
use uvshift_migrate::Error as Migrate;
use uvshift_project::{Error as Project, LockError};
use uvshift_tree::Error as Tree;

use crate::exit::Exit;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Migrate(#[from] uvshift_migrate::Error),
    #[error(transparent)]
    ChangeSet(#[from] uvshift_changeset::Error),
    #[error("cannot install uv")]
    InstallUv { source: uvshift_process::ProcessError },
    #[error("pip could not install uv:\n{stderr}")]
    PipFailed { stderr: String },
    #[error("there is no Python to install uv with")]
    NoPython,
    #[error("uv is not here")]
    NoUv,
    #[error(transparent)]
    Venv(#[from] uvshift_venv::Error),
    #[error(transparent)]
    Archive(#[from] uvshift_venv::ArchiveError),
    #[error(transparent)]
    VenvMigrate(#[from] uvshift_venv::MigrateError),
    #[error(transparent)]
    Compat(#[from] uvshift_bench::compat::CompatError),
    #[error(transparent)]
    Bench(#[from] uvshift_bench::RunError),
    #[error(transparent)]
    LocalIndex(#[from] uvshift_bench::LocalIndexError),
    #[error(transparent)]
    Chart(#[from] uvshift_bench::report::chart::ChartError),
    #[error(transparent)]
    Threshold(#[from] uvshift_bench::threshold::ThresholdError),
    #[error("cannot read the result `{path}`")]
    Result { path: PathBuf, source: uvshift_bench::file::FileError },
    #[error("cannot read the scenarios `{path}`")]
    Scenarios { path: PathBuf, source: uvshift_bench::ScenarioError },
    #[error("`{given}` is no scenario")]
    UnknownScenario { given: String, known: String },
    #[error("nothing here asks an index for a package")]
    NoRequirements,
    #[error("there is no folder for caches")]
    NoCache,
    #[error("cannot ask pip for its index")]
    AskPip { source: uvshift_process::ProcessError },
    #[error("there is no Python with pip")]
    NoPip,
    #[error("a threshold cannot be decided with fewer than {least} runs")]
    FewRuns { least: usize },
    #[error("nothing was measured in both results")]
    NothingInCommon,
    #[error("`--tolerance {given}` is no share in per cent")]
    Tolerance { given: String },
    #[error("no migration is recorded here, but one is in `{above}`", above = above.display())]
    RecordedAbove { above: PathBuf },
    #[error("there is no environment here: `{path}` is not there", path = path.display())]
    NoEnvironment { path: PathBuf },
    #[error("`{path}` would hold tar and zstd, and its name says something else", path = path.display())]
    ArchiveName { path: PathBuf, better: PathBuf },
    #[error("a run of uvshift here was interrupted: {id} did not come to its end")]
    Interrupted { id: String, path: PathBuf },
    #[error("there is no uv at `{path}`")]
    NoSuchUv { path: PathBuf },
    #[error("`{path}` is not uv")]
    NotUv { path: PathBuf },
    #[error("something is at `{path}`")]
    Occupied { path: PathBuf },
    #[error("`{path}` exists already")]
    Exists { path: PathBuf },
    #[error("cannot write `{path}`")]
    Write { path: PathBuf, source: io::Error },
    #[error("cannot read `{path}`")]
    Read { path: PathBuf, source: io::Error },
    #[error("cannot write the output")]
    Output(#[from] io::Error),
    #[error("cannot write the output as JSON")]
    Json(#[from] serde_json::Error),
    #[error("`--group {given}` is not GROUP=FILE")]
    GroupFlag { given: String },
    #[error("`{given}` is no tool that uvshift knows")]
    UnknownTool { given: String, known: String },
    #[error("`{given}` is no kind of file that uvshift rewrites")]
    UnknownHost { given: String, known: String },
    #[error("`--set {given}` is not NAME=VALUE")]
    Answer { given: String },
    #[error("`{path}` is not TOML", path = path.display())]
    Inputs { path: PathBuf, source: Box<toml_edit::de::Error> },
    #[error("`{path}` was written by somebody else meanwhile", path = path.display())]
    WrittenMeanwhile { path: PathBuf },
    #[error(transparent)]
    Scaffold(#[from] uvshift_scaffold::Error),
    #[error("there is no command `{given}`")]
    UnknownCommand { given: String },
    #[error("`{given}` is no rule")]
    UnknownRule { given: String, known: String },
    #[error("`{given}` is not among the packages")]
    UnknownPackage { given: String, nearest: String },
    #[error("there is no {what} `{given}`")]
    UnknownScope { what: &'static str, given: String, known: String },
    #[error("there is no lock `{path}`")]
    NoLock { path: PathBuf },
    #[error("`{question}` is answered as text or JSON only")]
    NoPicture { question: &'static str },
}

impl Failure {
    /// What the user can do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        self.hint_with_names().or_else(|| self.plain_hint().map(str::to_owned))
    }

    /// Hints that name what there is instead.
    fn hint_with_names(&self) -> Option<String> {
        match self {
            Self::UnknownScenario { known, .. } => Some(format!("the scenarios are {known}")),
            Self::UnknownTool { known, .. } => Some(format!("the tools are {known}")),
            Self::UnknownHost { known, .. } => Some(format!("the kinds are {known}")),
            Self::UnknownRule { known, .. } => Some(format!("the rules are {known}")),
            Self::UnknownPackage { nearest, .. } => {
                if nearest.is_empty() {
                    return Some("`uvshift graph` shows the packages that there are".to_owned());
                }
                Some(format!("did you mean {nearest}?"))
            }
            Self::UnknownScope { known, .. } => {
                (!known.is_empty()).then(|| format!("the project has {known}"))
            }
            Self::RecordedAbove { above } => Some(format!("run `uvshift verify {}`", above.display())),
            Self::Interrupted { path, .. } => Some(interrupted_hint(path)),
            Self::ArchiveName { better, .. } => Some(format!("name it `{}`", better.display())),
            Self::Scaffold(error) => error.hint(),
            _ => None,
        }
    }

    fn plain_hint(&self) -> Option<&'static str> {
        match self {
            Self::Migrate(error) => error.hint(),
            Self::ChangeSet(error) => error.hint(),
            Self::InstallUv { source } => source.hint(),
            Self::PipFailed { .. } => {
                Some("check the network, or install uv yourself and name it with `--uv PATH`")
            }
            Self::NoUv => {
                Some("install uv, name it with `--uv PATH`, or get a private copy with `--install-uv`")
            }
            Self::Venv(error) => error.hint(),
            Self::VenvMigrate(error) => error.hint(),
            Self::Compat(error) => error.hint(),
            Self::Bench(error) => error.hint(),
            Self::LocalIndex(error) => error.hint(),
            Self::Chart(error) => error.hint(),
            Self::Threshold(error) => Some(error.hint()),
            Self::Result { source, .. } => source.hint(),
            Self::Read { .. } => Some("name a file that is there and can be read"),
            Self::Write { .. } => Some("name a file in a folder that is there and can be written"),
            Self::Scenarios { .. } => {
                Some("`uvshift bench run --list` shows those that come along; docs/bench.md has the format")
            }
            Self::NoRequirements => Some("name a project with `--project`, or take `--scenario small`"),
            Self::NoCache => Some("set HOME, or name a folder with the flag for it"),
            Self::AskPip { .. } | Self::NoPip => Some("name a Python that has pip with `--python PATH`"),
            Self::FewRuns { .. } => Some("leave `--quick` out, or give more `--runs`"),
            Self::NothingInCommon => Some("measure the same scenarios, operations and contenders"),
            Self::Tolerance { .. } => Some("give a number from 0 to 1000, such as `--tolerance 5`"),
            Self::NoPython => Some("install Python 3.9 or newer, or uv itself"),
            Self::NoSuchUv { .. } => Some(
                "give the path of the uv program; without `--uv` and UVSHIFT_UV the one of PATH is taken",
            ),
            Self::NotUv { .. } => Some("give the path of the uv program"),
            Self::Occupied { .. } => Some("name another folder, or have it make way with `--replace`"),
            Self::Archive(uvshift_venv::ArchiveError::Exists { .. }) => {
                Some("name another file, or replace it with `--force`")
            }
            Self::Archive(error) => error.hint(),
            Self::NoEnvironment { .. } => Some(
                "`uv sync` or `uv venv` makes one; or name its folder: `uvshift venv list` shows those that there are",
            ),
            Self::Exists { .. } => Some("remove it, or run from another folder"),
            Self::UnknownCommand { .. } => Some("`uvshift man --list` shows the commands"),
            Self::NoLock { .. } => {
                Some("give uv.lock, pylock.toml, pylock.NAME.toml, poetry.lock, Pipfile.lock or pdm.lock")
            }
            Self::NoPicture { .. } => Some("leave `--format` out, or take `--format json`"),
            Self::GroupFlag { .. } => Some("write it as in `--group dev=requirements/dev.txt`"),
            Self::Answer { .. } => Some("`uvshift generate list -v` shows what each template asks"),
            Self::WrittenMeanwhile { .. } => {
                Some("the project is as it was; run again when nothing else writes into it")
            }
            Self::UnknownScope { .. } => Some("the project has none"),
            _ => None,
        }
    }

    /// The cause of the cause, down to the last.
    pub(crate) fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next = self.source();
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes
    }

    /// The status to exit with.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::VenvMigrate(error) => of_exchange(error),
            Self::Archive(error) => of_archive(error),
            Self::NoEnvironment { .. } => Exit::Nothing,
            Self::Migrate(Migrate::Verification { .. }) => Exit::Difference,
            Self::Venv(_)
            | Self::Migrate(
                Migrate::Python { .. }
                // Only a flag can name a file that is no lock by its name.
                | Migrate::Lock(LockError::UnknownKind { .. })
                | Migrate::Environment(_)
                | Migrate::Tree(Tree::NotAFolder { .. })
                | Migrate::Project(Project::UnknownFile { .. } | Project::Tree(Tree::NotAFolder { .. })),
            )
            | Self::ChangeSet(ChangeSet::Root { .. })
            | Self::ArchiveName { .. }
            | Self::GroupFlag { .. }
            | Self::NoSuchUv { .. }
            | Self::UnknownScope { .. }
            | Self::NoPicture { .. }
            | Self::NoLock { .. }
            | Self::UnknownCommand { .. }
            | Self::UnknownTool { .. }
            | Self::UnknownHost { .. }
            | Self::Answer { .. }
            | Self::Inputs { .. }
            | Self::Scaffold(
                uvshift_scaffold::Error::UnknownTemplate { .. }
                | uvshift_scaffold::Error::UnknownAnswer { .. }
                | uvshift_scaffold::Error::Language { .. }
                | uvshift_scaffold::Error::TemplateName { .. },
            )
            | Self::UnknownScenario { .. }
            | Self::Threshold(_)
            | Self::FewRuns { .. }
            | Self::Tolerance { .. }
            | Self::UnknownRule { .. } => Exit::Usage,
            Self::Migrate(
                Migrate::Project(_)
                | Migrate::Tools(_)
                | Migrate::Deps(
                    uvshift_depgraph::Error::Setting { .. }
                    | uvshift_depgraph::Error::UnknownSetting { .. }
                    | uvshift_depgraph::Error::UnknownRule { .. },
                )
                | Migrate::PyProject { .. }
                | Migrate::Setting { .. }
                | Migrate::NoJournal
                | Migrate::NoPyProject,
            )
            | Self::ChangeSet(ChangeSet::ChangedSince { .. } | ChangeSet::NothingToRollBack { .. })
            | Self::RecordedAbove { .. }
            | Self::Interrupted { .. }
            | Self::NothingInCommon
            | Self::Scaffold(_)
            | Self::UnknownPackage { .. }
            | Self::Occupied { .. }
            | Self::Exists { .. } => Exit::Findings,
            _ => Exit::Outside,
        }
    }
}

/// How to get out of what a killed run left.
fn interrupted_hint(path: &Path) -> String {
    let place = if path == Path::new(".") { String::new() } else { format!(" {}", path.display()) };
    format!(
        "`uvshift rollback{place}` puts every file back; if that run is still going, wait until it is done"
    )
}

/// Of an environment that was not made anew. What the user has to decide is no failure of something outside.
fn of_exchange(error: &uvshift_venv::MigrateError) -> Exit {
    use uvshift_venv::{MigrateError as Error, RecreateError as Recreate};
    match error {
        Error::Differs { .. } => Exit::Difference,
        Error::Read(_) => Exit::Usage,
        Error::LocalChanges { .. }
        | Error::Link { .. }
        | Error::System { .. }
        | Error::Conda { .. }
        | Error::Project { .. }
        | Error::Stranger { .. }
        | Error::State { .. }
        | Error::Recreate(Recreate::Refused { .. } | Recreate::PythonGone { .. }) => Exit::Findings,
        _ => Exit::Outside,
    }
}

/// Of a backup or a restore.
fn of_archive(error: &uvshift_venv::ArchiveError) -> Exit {
    use uvshift_venv::{ArchiveError as Error, RecreateError as Recreate};
    match error {
        Error::Differs { .. } | Error::Refused { .. } | Error::OtherArchive { .. } => Exit::Difference,
        Error::Environment { .. } => Exit::Usage,
        Error::Exists { .. } | Error::NotReplaced { .. } | Error::OtherPlatform { .. } => Exit::Findings,
        Error::Rebuild { source } => match source.downcast_ref() {
            Some(Recreate::Refused { .. } | Recreate::PythonGone { .. }) => Exit::Findings,
            _ => Exit::Outside,
        },
        _ => Exit::Outside,
    }
}
