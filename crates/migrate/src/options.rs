use std::path::PathBuf;

use crate::Members;
use uvshift_project::{BuildBackend, BuiltMetadata, IndexStrategy, Installed};

use crate::{RewriteOptions, ToolOptions, WheelProof};

/// What becomes of requirements files whose every line is carried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OldFiles {
    /// They go, unless something in the project still names them.
    #[default]
    RemoveUnnamed,
    /// They go even then.
    RemoveAll,
    /// They stay.
    Keep,
}

/// Whether and how the lock is made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LockStrategy {
    /// With the old pins.
    #[default]
    KeepPins,
    /// With the newest versions that the requirements allow.
    Newest,
    /// Not at all.
    None,
}

/// What a user can say about a migration.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Files that are what the project needs to run.
    pub main: Vec<String>,
    /// Files that are a group: group, file.
    pub groups: Vec<(String, String)>,
    /// Files that are constraints.
    pub constraints: Vec<String>,
    /// Files that are not to be read.
    pub ignore: Vec<String>,
    /// `requires-python`, for example `>=3.10` or `3.10`.
    pub python: Option<String>,
    /// The version of the Python at hand, for example `3.11`, where nothing else tells.
    pub fallback_python: Option<String>,
    /// How uv shall choose among several indexes.
    pub index_strategy: IndexStrategy,
    /// What becomes of the projects in folders below this one.
    pub members: Members,
    /// Which build backend the project is to have.
    pub backend: BuildBackend,
    /// What the build backend says of the project, where somebody has asked it.
    pub built: Option<BuiltMetadata>,
    /// What becomes of the old files.
    pub old_files: OldFiles,
    /// Whether and how the lock is made.
    pub lock: LockStrategy,
    /// The output of `pip freeze`: its versions are to hold, and where nothing else says what the project depends on, it
    /// does.
    pub frozen: Option<Installed>,
    /// An environment: the same, and it tells what was asked for.
    pub environment: Option<PathBuf>,
    /// Whether refused lines stay in their files while the rest is migrated.
    pub skip_refused: bool,
    /// Whether the settings of tools move into pyproject.toml in the same run, and how.
    pub tools: Option<ToolOptions>,
    /// Whether commands of CI, containers and scripts are rewritten in the same run, and how.
    pub rewrite: Option<RewriteOptions>,
    /// The version of uv that rewritten files name, such as `0.13.9`.
    pub uv_version: Option<String>,
    /// Whether the wheel is built before and after, and compared.
    pub wheel: WheelProof,
}

impl Options {
    /// The same for a project in a folder below: files are those that lie in it.
    pub(crate) fn below(&self, folder: &str) -> Self {
        let inside = |path: &String| path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned);
        let all = |paths: &[String]| paths.iter().filter_map(inside).collect();
        let groups = self.groups.iter().filter_map(|(group, path)| Some((group.clone(), inside(path)?)));
        Self {
            main: all(&self.main),
            groups: groups.collect(),
            constraints: all(&self.constraints),
            ignore: all(&self.ignore),
            built: None,
            ..self.clone()
        }
    }
}
