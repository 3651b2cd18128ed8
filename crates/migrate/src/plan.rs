//! From a folder to everything that would change in it, without changing anything.

use std::path::{Path, PathBuf};

use uvshift_changeset::ChangeSet;
use uvshift_diagnostics::Diagnostic;
use uvshift_project::{
    Layout, LayoutOptions, Ledger, Manifest, Pin, ReadOptions, Reading, Role, Tree, discover, read, redacted,
    write,
};
use uvshift_pyproject::PyProject;

use crate::metadata;
use crate::old_files::{self, KeptFile};
use crate::{Error, Options, blockers, environment, pins};

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
    /// There are no requirements files.
    NoSources,
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

/// Everything that a migration would do.
#[derive(Debug)]
pub struct Plan {
    /// The project.
    pub root: PathBuf,
    /// Which files play which part.
    pub layout: Layout,
    /// What the project needs.
    pub manifest: Manifest,
    /// What becomes of each directive.
    pub ledger: Ledger,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// What stands in the way as a whole; with any of these nothing is migrated.
    pub blockers: Vec<Diagnostic>,
    /// Which Python versions.
    pub python: PythonChoice,
    /// pyproject.toml as it is.
    pub before: Option<PyProject>,
    /// pyproject.toml as it will be.
    pub document: PyProject,
    /// Pins for the lock, the first of each package first.
    pub pins: Vec<Pin>,
    /// All changes but the lock.
    pub changes: ChangeSet,
    /// Old files that go.
    pub removed: Vec<String>,
    /// Old files that stay, and why.
    pub kept: Vec<KeptFile>,
    /// The options that verify needs to read the same way again.
    pub(crate) options: Options,
}

impl Plan {
    /// The changes as a unified diff to show; credentials in lines that go are covered.
    pub fn diff(&self) -> String {
        redacted(&self.changes.diff())
    }

    /// Whether a person must decide something before anything is written.
    pub fn needs_decision(&self) -> bool {
        !self.blockers.is_empty() || (!self.options.skip_refused && self.ledger.refused().next().is_some())
    }
}

/// What is read from a tree, old or new.
pub(crate) struct Sources {
    pub(crate) before: Option<PyProject>,
    pub(crate) layout: Layout,
    pub(crate) reading: Reading,
}

/// Reads a project and works out what a migration would do. Changes nothing.
pub fn plan(root: &Path, options: &Options) -> Result<Planned, Error> {
    let tree = Tree::from_disk(root)?;
    let before = read_pyproject(&tree)?;
    if let Some(nothing) = already_uv(&tree, before.as_ref()) {
        return Ok(Planned::Nothing(nothing));
    }
    let Sources { before, layout, reading } = sources(&tree, before, options)?;
    let blockers = blockers::find(&tree, before.as_ref(), &ignored(before.as_ref(), options)?);
    if layout.files.is_empty() && blockers.is_empty() {
        return Ok(Planned::Nothing(Nothing::NoSources));
    }
    let Reading { mut manifest, ledger, mut diagnostics, not_carried, installs_itself, .. } = reading;
    let python = metadata::python(&tree, &layout, before.as_ref(), options, &mut diagnostics)?;
    complete(&mut manifest, &tree, before.as_ref(), &python, installs_itself);
    let pins = pins::collect(&manifest, options, environment::pins(options)?, &mut diagnostics);
    let document = write(&manifest, before.as_ref())?;
    let old = old_files::sort(&tree, &layout, &not_carried, &document, options.old_files);
    let changes = changes(&tree, before.as_ref(), &document, &old.removed)?;
    Ok(Planned::Plan(Box::new(Plan {
        root: root.to_owned(),
        layout,
        manifest,
        ledger,
        diagnostics,
        blockers,
        python,
        before,
        document,
        pins,
        changes,
        removed: old.removed,
        kept: old.kept,
        options: options.clone(),
    })))
}

/// Reads the requirements files and pyproject.toml of a tree.
pub(crate) fn sources(tree: &Tree, before: Option<PyProject>, options: &Options) -> Result<Sources, Error> {
    let (layout_options, undynamic) = layout_options(before.as_ref(), options)?;
    let layout = discover(tree, &layout_options)?;
    let read_options = ReadOptions {
        index_strategy: options.index_strategy,
        installable: before.as_ref().is_some_and(|found| found.has_build_system() || found.has_project())
            || tree.has("setup.py"),
        ..ReadOptions::default()
    };
    let mut reading = read(tree, &layout, &read_options);
    reading.manifest.undynamic = undynamic && layout.files.iter().any(|file| file.role == Role::Main);
    Ok(Sources { before, layout, reading })
}

pub(crate) fn read_pyproject(tree: &Tree) -> Result<Option<PyProject>, Error> {
    if !tree.has("pyproject.toml") {
        return Ok(None);
    }
    let bytes = tree.read("pyproject.toml")?;
    let text = String::from_utf8(bytes)
        .map_err(|error| uvshift_project::Error::NotUtf8 { offset: error.utf8_error().valid_up_to() })?;
    Ok(Some(PyProject::parse(&text)?))
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

/// What the user and pyproject.toml say about the layout, and whether `dependencies` stops being dynamic.
fn layout_options(before: Option<&PyProject>, options: &Options) -> Result<(LayoutOptions, bool), Error> {
    let mut layout = metadata::settings(before)?;
    layout.main.extend(options.main.iter().cloned());
    layout.groups.extend(options.groups.iter().cloned());
    layout.constraints.extend(options.constraints.iter().cloned());
    layout.ignore.extend(options.ignore.iter().map(|path| (path.clone(), "as told".to_owned())));
    let Some(before) = before else { return Ok((layout, false)) };
    for (extra, files) in before.setuptools_dynamic_extras() {
        let why = format!("[tool.setuptools.dynamic] reads the extra `{extra}` from it");
        layout.ignore.extend(files.into_iter().map(|file| (file, why.clone())));
    }
    let dynamic = before.setuptools_dynamic_files("dependencies");
    if before.is_dynamic("dependencies") && !dynamic.is_empty() && layout.main.is_empty() {
        layout.main = dynamic;
        return Ok((layout, true));
    }
    // What a package depends on stands in its metadata; a requirements file must not add to that unseen.
    let lists_its_own = before.has_project_field("dependencies") && before.has_build_system();
    if before.has_project() && (lists_its_own || before.is_dynamic("dependencies")) {
        layout.main_group = Some("requirements".to_owned());
    }
    Ok((layout, false))
}

/// Files that the user, or `[tool.uvshift]`, wants left as they are.
fn ignored(before: Option<&PyProject>, options: &Options) -> Result<Vec<String>, Error> {
    let settings = metadata::settings(before)?.ignore.into_iter().map(|(path, _)| path);
    Ok(settings.chain(options.ignore.iter().cloned()).collect())
}

/// Fills in what the requirements files do not say.
fn complete(
    manifest: &mut Manifest,
    tree: &Tree,
    before: Option<&PyProject>,
    python: &PythonChoice,
    installs_itself: bool,
) {
    manifest.metadata.name = metadata::name(tree, before);
    let named = before.is_some_and(|found| found.project_name().is_some());
    if !named && names_a_package(&manifest.metadata.name, manifest) {
        // uv would take the requirement for the project itself and install nothing.
        manifest.metadata.name.push_str("-project");
    }
    "0.1.0".clone_into(&mut manifest.metadata.version);
    manifest.metadata.requires_python.clone_from(&python.requires_python);
    let has_build_system = before.is_some_and(PyProject::has_build_system);
    let has_project = before.is_some_and(PyProject::has_project);
    manifest.uv.package = match (installs_itself, has_build_system, has_project) {
        (true, false, _) => Some(true),
        (false, false, false) => Some(false),
        _ => None,
    };
}

fn names_a_package(name: &str, manifest: &Manifest) -> bool {
    manifest.all().any(|(_, dependency)| dependency.name == name)
        || manifest.pins.iter().any(|pin| pin.name == name)
}

fn changes(
    tree: &Tree,
    before: Option<&PyProject>,
    document: &PyProject,
    removed: &[String],
) -> Result<ChangeSet, Error> {
    let mut changes = ChangeSet::new();
    let text = document.to_string();
    if before.is_none() {
        changes.create("pyproject.toml", text)?;
    } else {
        let old = tree.read("pyproject.toml")?;
        if old != text.as_bytes() {
            changes.edit("pyproject.toml", old, text)?;
        }
    }
    for path in removed {
        changes.delete(path, tree.read(path)?)?;
    }
    Ok(changes)
}
