//! One project of a run: what its files say, and the pyproject.toml that says it for uv.

use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_project::{
    Dependency, GroupItem, Installed, Layout, LayoutOptions, Ledger, Listed, MAIN_GROUP, Manifest, OldFile,
    Outcome, ReadOptions, ReadSource, Reading, Role, Tree, add_installed, convert_backend, discover, merge,
    project_name, read, read_sources,
};
use uvshift_pyproject::PyProject;
use uvshift_requirements::normalize_name;

use crate::{Error, Options, PythonChoice, environment, metadata};

/// One project: the one at the root, or a member below it. Its paths are relative to its own folder.
#[derive(Debug)]
pub struct Project {
    /// Its folder, relative to the root; empty for the root itself.
    pub folder: String,
    /// Which requirements files play which part.
    pub layout: Layout,
    /// What the other sources are called, such as `Poetry`.
    pub sources: Vec<&'static str>,
    /// What becomes of the files of these, before anybody has looked who still names them.
    pub old_files: Vec<OldFile>,
    /// Whether its metadata come from a source that describes a package.
    pub is_package: bool,
    /// What the project needs.
    pub manifest: Manifest,
    /// What becomes of each directive.
    pub ledger: Ledger,
    /// Which Python versions.
    pub python: PythonChoice,
    /// pyproject.toml as it is.
    pub before: Option<PyProject>,
    /// pyproject.toml as it will be.
    pub document: PyProject,
}

/// A project with what only planning has to know.
pub(crate) struct ReadProject {
    pub(crate) project: Project,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) blockers: Vec<Diagnostic>,
    /// Whether an environment or `pip freeze` adds to it.
    pub(crate) has_installed: bool,
    pub(crate) not_carried: std::collections::BTreeSet<String>,
}

impl ReadProject {
    /// Whether there is nothing to migrate.
    pub(crate) fn is_empty(&self) -> bool {
        let Project { layout, sources, manifest, .. } = &self.project;
        layout.files.is_empty() && sources.is_empty() && manifest.build.is_none() && !self.has_installed
    }
}

/// Reads the project of a tree.
pub(crate) fn read_project(
    tree: &Tree,
    folder: &str,
    options: &Options,
    installed: &[Installed],
) -> Result<ReadProject, Error> {
    let Sources { before, layout, reading, names } =
        sources(tree, read_pyproject(tree)?, options, installed)?;
    let Reading {
        mut manifest,
        mut ledger,
        diagnostics,
        not_carried,
        installs_itself,
        old_files,
        is_package,
        ..
    } = reading;
    let (blockers, mut diagnostics): (Vec<_>, Vec<_>) =
        diagnostics.into_iter().partition(|found| is_blocker(found, &layout));
    diagnostics.extend(metadata::unknown_settings(before.as_ref()));
    let at_hand = environment::python(installed).or_else(|| metadata::at_hand(options));
    let said = metadata::Said { before: before.as_ref(), manifest: &manifest, options };
    let python = metadata::python(tree, &layout, &said, at_hand, &mut diagnostics)?;
    complete(&mut manifest, tree, before.as_ref(), &python, installs_itself);
    leave_out_itself(&mut manifest, &mut ledger);
    let document = before.clone().unwrap_or_default();
    let project = Project {
        folder: folder.to_owned(),
        layout,
        sources: names,
        old_files,
        is_package,
        manifest,
        ledger,
        python,
        before,
        document,
    };
    Ok(ReadProject { project, diagnostics, blockers, has_installed: !installed.is_empty(), not_carried })
}

/// What is read from a tree, old or new.
pub(crate) struct Sources {
    pub(crate) before: Option<PyProject>,
    pub(crate) layout: Layout,
    pub(crate) reading: Reading,
    /// What the sources other than requirements files are called.
    pub(crate) names: Vec<&'static str>,
}

/// An error in a requirements file is a refused line of the ledger; one in any other source stops everything.
fn is_blocker(found: &Diagnostic, layout: &Layout) -> bool {
    found.severity == Severity::Error && found.file.as_deref().is_none_or(|file| layout.file(file).is_none())
}

/// Reads every source of a tree: pyproject.toml, requirements files, and what the other tools have.
fn sources(
    tree: &Tree,
    before: Option<PyProject>,
    options: &Options,
    installed: &[Installed],
) -> Result<Sources, Error> {
    let is_installable = before.as_ref().is_some_and(|found| found.has_build_system() || found.has_project());
    let mut read_options = ReadOptions {
        index_strategy: options.index_strategy,
        installable: is_installable || tree.has("setup.py"),
        name: before.as_ref().and_then(PyProject::project_name).map(str::to_owned),
        extra_files: before.as_ref().map(extra_files).unwrap_or_default(),
        backend: options.backend,
        built: options.built.clone(),
    };
    let mut visible = tree.clone();
    for path in ignored(before.as_ref(), options)? {
        visible.lay_over(&path, None);
    }
    let mut read_already = read_sources(&visible, before.as_ref(), &read_options)?;
    let is_package = read_already.iter().any(|source| source.reading.is_package);
    read_options.installable |= is_package;
    read_options.name = read_options.name.or_else(|| project_name(&read_already));
    let (layout_options, undynamic) = layout_options(before.as_ref(), options, &read_already)?;
    let layout = discover(tree, &layout_options)?;
    for source in &mut read_already {
        leave_to_files(&mut source.reading, &layout);
    }
    let mut names: Vec<&'static str> = read_already.iter().map(|source| source.name).collect();
    let lists_its_own = before.as_ref().is_some_and(|found| found.has_project_field("dependencies"));
    let only_installed = layout.files.is_empty()
        && !lists_its_own
        && !read_already.iter().any(|source| source.reading.lists_dependencies);
    let mut reading = merge(read_already, read(tree, &layout, &read_options));
    add_installed(&mut reading, tree, before.as_ref(), installed, only_installed);
    if only_installed {
        names.extend(installed.iter().map(|found| found.what));
    }
    reading.manifest.undynamic |= undynamic && layout.files.iter().any(|file| file.role == Role::Main);
    convert_backend(tree, before.as_ref(), options.backend, &mut reading)?;
    Ok(Sources { before, layout, reading, names })
}

/// What a source has from a requirements file is read from the file itself, with its comments.
fn leave_to_files(reading: &mut Reading, layout: &Layout) {
    let Reading { manifest, ledger, main_files, .. } = reading;
    let of_file = |file: &str| {
        let is_main = layout.file(file).is_some_and(|found| found.role == Role::Main);
        is_main && main_files.iter().any(|main| main == file)
    };
    manifest.dependencies.retain(|dependency| !of_file(&dependency.from.file));
    ledger.retain(|entry| !of_file(&entry.from.file));
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

/// What the user and pyproject.toml say about the layout, and whether `dependencies` stops being dynamic.
fn layout_options(
    before: Option<&PyProject>,
    options: &Options,
    sources: &[ReadSource],
) -> Result<(LayoutOptions, bool), Error> {
    let mut layout = metadata::settings_beside(before, options)?;
    layout.main.extend(options.main.iter().cloned());
    layout.groups.extend(options.groups.iter().cloned());
    layout.constraints.extend(options.constraints.iter().cloned());
    layout.ignore.extend(options.ignore.iter().map(|path| (path.clone(), "as told".to_owned())));
    if let Some(source) = sources.iter().find(|source| source.reading.lists_dependencies) {
        beside_source(source, sources, &mut layout);
    }
    let Some(before) = before else { return Ok((layout, false)) };
    for (file, extra) in extra_files(before) {
        let why = format!("[tool.setuptools.dynamic] reads the extra `{extra}` from it");
        layout.ignore.push((file, why));
    }
    let dynamic = before.setuptools_dynamic_files("dependencies");
    if before.is_dynamic("dependencies") && !dynamic.is_empty() && layout.main.is_empty() {
        layout.main = dynamic;
        layout.main_why = Some("[tool.setuptools.dynamic] reads it".to_owned());
        return Ok((layout, true));
    }
    // What a package depends on stands in its metadata; a requirements file must not add to that unseen.
    let lists_its_own = before.has_project_field("dependencies") && before.has_build_system();
    if before.has_project() && (lists_its_own || before.is_dynamic("dependencies")) {
        layout.main_group = Some(MAIN_GROUP.to_owned());
    }
    Ok((layout, false))
}

/// Requirements files that setuptools reads as extras, each with its extra.
fn extra_files(before: &PyProject) -> Vec<(String, String)> {
    let extras = before.setuptools_dynamic_extras().into_iter();
    extras.flat_map(|(extra, files)| files.into_iter().map(move |file| (file, extra.clone()))).collect()
}

/// Another source says what the project depends on: a main requirements file is its own list, was exported from its lock,
/// or comes on top.
fn beside_source(source: &ReadSource, sources: &[ReadSource], layout: &mut LayoutOptions) {
    let mut readers = sources.iter().filter(|source| !source.reading.main_files.is_empty()).peekable();
    if layout.main.is_empty() {
        layout.main_why = readers.peek().map(|source| format!("{} reads it", reader(source)));
        layout.main.extend(readers.flat_map(|source| source.reading.main_files.clone()));
    }
    if !layout.main.is_empty() {
        return;
    }
    layout.main_group = Some(MAIN_GROUP.to_owned());
    let manifest = &source.reading.manifest;
    let required = manifest.all().map(|(_, dependency)| dependency.name.clone());
    let names = required.chain(manifest.pins.iter().map(|pin| pin.name.clone())).collect();
    layout.listed = Some(Listed { source: source.name.to_owned(), names });
}

/// What reads the main files of a source, as people call it.
fn reader(source: &ReadSource) -> &'static str {
    match source.name {
        // setup.cfg reads files by `file:` only, which is told elsewhere.
        "setuptools" => "setup.py",
        "conda" => "the conda environment",
        other => other,
    }
}

/// Files that the user, or `[tool.uvshift]`, wants left as they are.
fn ignored(before: Option<&PyProject>, options: &Options) -> Result<Vec<String>, Error> {
    let settings = metadata::settings_beside(before, options)?.ignore.into_iter().map(|(path, _)| path);
    Ok(settings.chain(options.ignore.iter().cloned()).collect())
}

/// Fills in what the sources do not say.
fn complete(
    manifest: &mut Manifest,
    tree: &Tree,
    before: Option<&PyProject>,
    python: &PythonChoice,
    installs_itself: bool,
) {
    let named = before.is_some_and(|found| found.project_name().is_some());
    if named || manifest.metadata.name.is_empty() {
        manifest.metadata.name = metadata::name(tree, before);
        if !named && names_a_package(&manifest.metadata.name, manifest) {
            // uv would take the requirement for the project itself and install nothing.
            manifest.metadata.name.push_str("-project");
        }
    }
    if manifest.metadata.version.is_empty() {
        "0.1.0".clone_into(&mut manifest.metadata.version);
    }
    manifest.metadata.requires_python.clone_from(&python.requires_python);
    let has_build_system = before.is_some_and(PyProject::has_build_system) || manifest.build.is_some();
    let has_project = before.is_some_and(PyProject::has_project);
    manifest.uv.package = manifest.uv.package.or(match (installs_itself, has_build_system, has_project) {
        (true, false, _) => Some(true),
        (false, false, false) => Some(false),
        _ => None,
    });
}

/// A group cannot ask for a version of the project that it is a group of. Lists that pip-compile made do so when a
/// development tool depends on the project, and pip installs the one after the other.
fn leave_out_itself(manifest: &mut Manifest, ledger: &mut Ledger) {
    let name = normalize_name(&manifest.metadata.name);
    let is_itself = |item: &GroupItem| match item {
        // With extras it is a reference to the lists of the project.
        GroupItem::Dependency(found) => found.name == name && !found.text.contains('['),
        GroupItem::Include { .. } => false,
    };
    for group in &mut manifest.groups {
        for item in group.items.extract_if(.., |item| is_itself(item)) {
            let (GroupItem::Dependency(Dependency { from, .. }) | GroupItem::Include { from, .. }) = item;
            let why = "it is the project itself, which uv installs as it is here";
            ledger.revise(&from, |outcome| *outcome = Outcome::Dropped { why: why.to_owned() });
        }
    }
}

fn names_a_package(name: &str, manifest: &Manifest) -> bool {
    manifest.all().any(|(_, dependency)| dependency.name == name)
        || manifest.pins.iter().any(|pin| pin.name == name)
}
