//! From a folder to everything that would change in it, without changing anything.

use std::path::{Path, PathBuf};

use uvshift_changeset::ChangeSet;
use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_project::{
    Installed, LayoutOptions, Ledger, Manifest, Pin, SecretVariable, Tree, discover, redacted, write,
};
use uvshift_pyproject::PyProject;

use crate::old_files::{self, KeptFile, Sorted};
use crate::project::{Project, ReadProject, read_pyproject};
use crate::{Error, Options, RewritePlan, ToolPlan, environment, members, pins, rewriting, tools};

/// What a folder is to uvshift.
#[derive(Debug)]
pub enum Planned {
    /// A project that can be migrated, or whose owner must decide something first.
    Plan(Box<Plan>),
    /// Nothing to migrate.
    Nothing(Nothing),
}

/// Why there is nothing to migrate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nothing {
    /// The project is on uv.
    AlreadyUv {
        /// What shows that.
        evidence: String,
        /// Requirements files that are still there.
        requirements: Vec<String>,
    },
    /// pyproject.toml says all, and uv reads it as it is.
    OnlyProject,
    /// Nothing says what the project depends on.
    NoSources {
        /// Folders below that hold a project.
        below: Vec<String>,
    },
}

/// Which Python versions the project supports, and how that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PythonChoice {
    /// `requires-python`
    pub requires_python: Option<String>,
    /// Where that is from, one phrase each, such as `Dockerfile:1`.
    pub because: Vec<String>,
    /// Whether the owner said so; only then it is never raised to fit a pin.
    pub declared: bool,
}

/// One resolution by uv: a project alone, or a workspace with all its members.
#[derive(Debug)]
#[non_exhaustive]
pub struct Resolution {
    /// The place in [`Plan::projects`] of the project whose lock it is.
    pub project: usize,
    /// What all of its projects need.
    pub manifest: Manifest,
    /// Pins for the lock, the first of each package first.
    pub pins: Vec<Pin>,
}

/// Everything that a migration would do.
#[derive(Debug)]
pub struct Plan {
    /// The project.
    pub root: PathBuf,
    /// The project at the root, if it has anything to migrate, and the members below it.
    pub projects: Vec<Project>,
    /// What becomes of each directive; paths are relative to the root.
    pub ledger: Ledger,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// What stands in the way as a whole; with any of these nothing is migrated.
    pub blockers: Vec<Diagnostic>,
    /// What uv resolves, each with a lock of its own.
    pub resolutions: Vec<Resolution>,
    /// All changes but the lock.
    pub changes: ChangeSet,
    /// Old files that go.
    pub removed: Vec<String>,
    /// Old files that stay, and why.
    pub kept: Vec<KeptFile>,
    /// The settings of tools that move in the same run.
    pub tools: Option<ToolPlan>,
    /// What becomes of commands in CI, containers and scripts.
    pub rewrite: Option<RewritePlan>,
    /// What was installed, as verify needs it again.
    pub(crate) installed: Vec<Installed>,
    /// The options that verify needs to read the same way again.
    pub(crate) options: Options,
}

impl Plan {
    /// The changes as a unified diff to show; credentials in lines that go are covered.
    pub fn diff(&self) -> String {
        redacted(&self.changes.diff())
    }

    /// The Python versions of the first project.
    pub fn python(&self) -> PythonChoice {
        self.projects.first().map(|project| project.python.clone()).unwrap_or_default()
    }

    /// What the environment must hold.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretVariable> {
        self.projects.iter().flat_map(|project| &project.manifest.secrets)
    }

    /// Files of commands that could not be read, in order. They stay as they are, and nobody knows what they would have needed.
    pub fn unread(&self) -> Vec<&str> {
        let found = self.rewrite.iter().flat_map(|rewrite| &rewrite.diagnostics);
        let unread = found.filter(|found| found.severity == Severity::Error);
        let mut files: Vec<&str> = unread.filter_map(|found| found.file.as_deref()).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// Whether a person must decide something before anything is written.
    pub fn needs_decision(&self) -> bool {
        !self.blockers.is_empty() || (!self.options.skip_refused && self.ledger.refused().next().is_some())
    }
}

fn already_uv(tree: &Tree, before: Option<&PyProject>) -> Option<Nothing> {
    let evidence = if tree.has("uv.lock") {
        "uv.lock is there".to_owned()
    } else if before.is_some_and(|found| found.has_project() && found.has_tool("uv")) {
        "pyproject.toml has [project] and [tool.uv]".to_owned()
    } else {
        return None;
    };
    let layout = discover(tree, &LayoutOptions::default()).unwrap_or_default();
    let requirements: Vec<String> = layout.files.into_iter().map(|file| file.path).collect();
    // A [tool.uv] beside requirements files and without a lock may be a first step that somebody took by hand.
    if !requirements.is_empty() && !tree.has("uv.lock") {
        return None;
    }
    Some(Nothing::AlreadyUv { evidence, requirements })
}

/// Reads a project and works out what a migration would do. Changes nothing.
pub fn plan(root: &Path, options: &Options) -> Result<Planned, Error> {
    let tree = Tree::from_disk(root)?;
    if let Some(nothing) = already_uv(&tree, read_pyproject(&tree)?.as_ref()) {
        return Ok(Planned::Nothing(nothing));
    }
    let installed = environment::installed(root, options)?;
    let mut read = members::read_all(&tree, options, &installed)?;
    if read.iter().all(ReadProject::is_empty) {
        let has_project =
            read.iter().any(|read| read.project.before.as_ref().is_some_and(PyProject::has_project));
        let nothing = || Nothing::NoSources { below: members::find(&tree) };
        return Ok(Planned::Nothing(if has_project { Nothing::OnlyProject } else { nothing() }));
    }
    let mut diagnostics = Vec::new();
    members::join(&mut read, options, &mut diagnostics);
    let resolutions = resolutions(&read, options, &installed, &mut diagnostics);
    for ReadProject { project, .. } in &mut read {
        project.document = write(&project.manifest, project.before.as_ref())?;
    }
    let rewritten = rewriting::before_sorting(&tree, &read, &resolutions, options)?;
    let old = old_files::sort(&rewritten, &read, options.old_files);
    let mut changes = changes(&tree, &read, &old)?;
    let rewrite = rewriting::after(&tree, &mut changes, &read, &resolutions, options)?;
    let tools = tools::after(&tree, &mut changes, options)?;
    if let Some(document) = tools.as_ref().and_then(tools::document).transpose()? {
        let mut root =
            read.iter_mut().map(|read| &mut read.project).filter(|project| project.folder.is_empty());
        root.by_ref().for_each(|project| project.document = document.clone());
    }
    let (mut blockers, mut diagnostics): (Vec<_>, Vec<_>) =
        diagnostics.into_iter().partition(|found: &Diagnostic| found.severity == Severity::Error);
    let (mut ledger, mut projects) = (Ledger::default(), Vec::new());
    for ReadProject { project, diagnostics: said, blockers: blocking, .. } in read {
        let folder = &project.folder;
        ledger.append(project.ledger.clone().below(folder));
        diagnostics.extend(said.into_iter().map(|found| below(found, folder)));
        blockers.extend(blocking.into_iter().map(|found| below(found, folder)));
        projects.push(project);
    }
    if let Some(tools) = &tools {
        diagnostics.extend(tools.diagnostics.iter().cloned());
        blockers.extend(tools.blockers.iter().cloned());
    }
    diagnostics.extend(rewrite.iter().flat_map(rewriting::warnings));
    Ok(Planned::Plan(Box::new(Plan {
        root: root.to_owned(),
        projects,
        ledger,
        diagnostics,
        blockers,
        resolutions,
        changes,
        removed: old.removed,
        kept: old.kept,
        tools,
        rewrite,
        installed,
        options: options.clone(),
    })))
}

/// A diagnostic of a member, with the path from the root.
fn below(mut found: Diagnostic, folder: &str) -> Diagnostic {
    found.file = found.file.map(|file| members::joined(folder, &file));
    found
}

/// What uv has to resolve: every project for itself, or the workspace as one.
fn resolutions(
    read: &[ReadProject],
    options: &Options,
    installed: &[Installed],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Resolution> {
    let mut resolution = |project: usize, manifest: Manifest| {
        let pins = pins::collect(&manifest, installed, diagnostics);
        Resolution { project, manifest, pins }
    };
    let groups = members::resolved_together(read, options);
    groups.into_iter().map(|(project, manifest)| resolution(project, manifest)).collect()
}

fn changes(tree: &Tree, read: &[ReadProject], old: &Sorted) -> Result<ChangeSet, Error> {
    let mut changes = ChangeSet::new();
    for ReadProject { project, .. } in read {
        let path = members::joined(&project.folder, "pyproject.toml");
        let text = project.document.to_string();
        if project.before.is_none() {
            changes.create(&path, text)?;
            continue;
        }
        let old = tree.read(&path)?;
        if old != text.as_bytes() {
            changes.edit(&path, old, text)?;
        }
    }
    for (path, text) in &old.edited {
        changes.edit(path, tree.read(path)?, text.as_str())?;
    }
    for path in &old.removed {
        changes.delete(path, tree.read(path)?)?;
    }
    Ok(changes)
}
