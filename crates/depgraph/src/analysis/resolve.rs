//! Every import with what it means.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::own::{Local, OwnModules};
use super::{AnalysisInput, Origin, Project, ResolvedImport, places};
use crate::modules::{self, Mapped, MappedBy, ModuleMap};
use crate::scan::{FileKind, ScannedFile};
use crate::{Form, Guards, Import, Need};

/// Plug-ins that pytest brings itself, as far as tests name them.
const BUILT_IN_PLUGINS: [&str; 5] = ["pytester", "monkeypatch", "tmpdir", "capture", "recwarn"];

/// What Cython brings for its own files, and needs only while it compiles them.
const OF_CYTHON: [&str; 6] = ["cpython", "cython", "libc", "libcpp", "openmp", "posix"];

/// Resolves the imports of every file, in their order.
pub(super) fn resolve<'a>(input: &AnalysisInput<'a>, map: &ModuleMap) -> Vec<ResolvedImport<'a>> {
    let mut resolver = Resolver::new(input, map);
    let total = input.scan.files.iter().map(|file| file.imports.len()).sum();
    let mut found = Vec::with_capacity(total);
    for file in &input.scan.files {
        let project = project_of(input.projects, &file.path);
        let Some(owner) = input.projects.get(project) else { continue };
        let place = resolver.place(file, owner);
        for import in &file.imports {
            let need = need(file, import, place.is_development);
            for origin in resolver.origins(&place, import, owner) {
                found.push(ResolvedImport { file: &file.path, import, need, origin, project });
            }
        }
    }
    found
}

/// The innermost project around a file.
pub(super) fn project_of(projects: &[Project], path: &str) -> usize {
    let holds = |project: &Project| {
        project.folder.is_empty()
            || path.strip_prefix(project.folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
    };
    let around = projects.iter().enumerate().filter(|(_, project)| holds(project));
    around.max_by_key(|(_, project)| project.folder.len()).map_or(0, |(at, _)| at)
}

fn need(file: &ScannedFile, import: &Import, is_development: bool) -> Need {
    let is_tried = import.guards.has(Guards::TRY) || import.guards.has(Guards::HANDLER);
    match import.form {
        _ if file.kind == FileKind::Stub || import.guards.has(Guards::TYPE_CHECKING) => Need::TypeOnly,
        Form::FindSpec | Form::ImportOrSkip => Need::Optional,
        _ if is_tried => Need::Optional,
        Form::Doctest | Form::PytestPlugin => Need::Development,
        _ if is_development => Need::Development,
        _ => Need::Required,
    }
}

/// What all imports of a file share.
struct Place<'a> {
    base: &'a str,
    is_development: bool,
    is_cython: bool,
}

/// A module, and the names that a statement takes out of it where these matter.
type Asked = (Arc<str>, Box<[Arc<str>]>);

/// A distribution, or several that a statement takes parts of a namespace from.
type Answers = Arc<[Arc<Mapped>]>;

struct Resolver<'a, 'm> {
    own: OwnModules<'a>,
    map: &'m ModuleMap,
    /// What is declared by any project, locked or installed: a name that is known before it is guessed.
    there: HashSet<String>,
    /// The projects of the repository.
    ours: HashSet<&'a str>,
    /// Folders of projects whose packages are below `src`.
    with_src: HashSet<&'a str>,
    /// Folders of tests at the top of a project, whatever they are called.
    of_tests: HashSet<(&'a str, &'a str)>,
    development: Option<ignore::gitignore::Gitignore>,
    known: HashMap<Asked, Answers>,
}

impl<'a, 'm> Resolver<'a, 'm> {
    fn new(input: &AnalysisInput<'a>, map: &'m ModuleMap) -> Self {
        let declared = input.projects.iter().flat_map(|project| {
            project.declared.iter().map(|found| &found.name).chain(&project.build_requires)
        });
        let locked =
            input.lock.iter().flat_map(|(lock, _)| &lock.packages).map(|package| package.name.clone());
        let installed = input.environment.iter().flat_map(|found| &found.distributions);
        let installed = installed.map(|distribution| distribution.normalized_name.clone());
        Self {
            own: OwnModules::of(input.scan, input.projects.iter().map(|project| project.folder.as_str())),
            map,
            there: declared.cloned().chain(locked).chain(installed).collect(),
            ours: input.projects.iter().filter_map(|project| project.name.as_deref()).collect(),
            with_src: input
                .projects
                .iter()
                .filter(|it| has_src(input, it))
                .map(|it| it.folder.as_str())
                .collect(),
            of_tests: input.projects.iter().flat_map(|project| of_tests(input, project)).collect(),
            development: patterns(&input.settings.development),
            known: HashMap::new(),
        }
    }

    fn place(&self, file: &'a ScannedFile, project: &Project) -> Place<'a> {
        let depth = if project.folder.is_empty() { 0 } else { project.folder.split('/').count() };
        let within = file.path.get(project.folder.len()..).unwrap_or_default().trim_start_matches('/');
        let package_from = self.own.package_from(&file.path).map(|from| from.saturating_sub(depth));
        let is_told = self
            .development
            .as_ref()
            .is_some_and(|patterns| patterns.matched_path_or_any_parents(&*file.path, false).is_ignore());
        let is_notebook = file.kind == FileKind::Notebook && project.is_package;
        let around = places::Around {
            package_from,
            is_package: project.is_package,
            has_src: self.with_src.contains(project.folder.as_str()),
            is_among_tests: within
                .split_once('/')
                .is_some_and(|(top, _)| self.of_tests.contains(&(project.folder.as_str(), top))),
        };
        Place {
            base: self.own.base(&file.path),
            is_cython: file.kind == FileKind::Cython,
            is_development: is_told || is_notebook || places::is_development(within, around),
        }
    }

    /// Where the module is from: as a rule one place, and one for each distribution that a statement takes a part of a namespace from.
    fn origins(&mut self, place: &Place<'a>, import: &'a Import, project: &Project) -> Vec<Origin> {
        if import.is_relative() {
            return vec![Origin::Own];
        }
        if import.form == Form::PytestPlugin && BUILT_IN_PLUGINS.contains(&&*import.module) {
            return vec![Origin::Distribution(Arc::new(self.map.resolve("pytest", &[])))];
        }
        let top = import.top();
        let is_of_cython = place.is_cython && OF_CYTHON.contains(&top);
        if modules::is_standard_library(top, &project.pythons)
            || self.is_of_type_checkers(import)
            || is_of_cython
        {
            return vec![Origin::StandardLibrary];
        }
        let local = self.own.find(place.base, &import.module, &import.names);
        if local == Local::Found {
            return vec![Origin::Own];
        }
        let mapped = self.mapped(import);
        if local == Local::No && self.is_hidden(top, &mapped) {
            return vec![Origin::Own];
        }
        let mut origins: Vec<Origin> = mapped.iter().map(|mapped| self.origin(local, top, mapped)).collect();
        origins.dedup();
        origins
    }

    /// Whether a module that nobody knows is the project's after all: a private one that its build makes, such as `_version`.
    fn is_hidden(&self, top: &str, mapped: &[Arc<Mapped>]) -> bool {
        let is_unknown = mapped.iter().all(|found| {
            found.by == MappedBy::Guess
                && !found.distributions.iter().any(|name| self.there.contains(&**name))
        });
        is_unknown && top.starts_with('_')
    }

    fn origin(&self, local: Local, top: &str, mapped: &Arc<Mapped>) -> Origin {
        let is_there = mapped.distributions.iter().any(|name| self.there.contains(&**name));
        let is_ours = mapped.distributions.iter().all(|name| self.ours.contains(&**name));
        if is_ours || (local == Local::Perhaps && !(is_there || mapped.by == MappedBy::Told)) {
            return Origin::Own;
        }
        if !is_there && modules::is_python2_standard_library(top) {
            return Origin::StandardLibrary;
        }
        Origin::Distribution(Arc::clone(mapped))
    }

    /// Type checkers bring these themselves, and only they do; what is declared is meant to be used.
    fn is_of_type_checkers(&self, import: &Import) -> bool {
        let is_extension = import.top() == "typing_extensions" && import.guards.has(Guards::TYPE_CHECKING);
        import.top() == "_typeshed" || (is_extension && !self.there.contains("typing-extensions"))
    }

    fn mapped(&mut self, import: &Import) -> Answers {
        // Only a namespace is divided among distributions by what lies below it.
        let key = if self.map.is_shared(import.top()) {
            (Arc::clone(&import.module), import.names.clone())
        } else {
            (Arc::from(import.top()), Box::default())
        };
        if let Some(known) = self.known.get(&key) {
            return Arc::clone(known);
        }
        let mapped: Answers = self.map.resolve_all(&key.0, &key.1).into_iter().map(Arc::new).collect();
        self.known.insert(key, Arc::clone(&mapped));
        mapped
    }
}

/// The paths of a project's modules, relative to it.
fn within<'a>(input: &AnalysisInput<'a>, project: &'a Project) -> impl Iterator<Item = &'a str> {
    let modules = input.scan.files.iter().filter(|file| file.kind == FileKind::Module);
    modules.filter_map(|file| {
        if project.folder.is_empty() {
            return Some(&*file.path);
        }
        file.path.strip_prefix(project.folder.as_str())?.strip_prefix('/')
    })
}

fn has_src(input: &AnalysisInput<'_>, project: &Project) -> bool {
    within(input, project).any(|path| path.starts_with("src/"))
        && !within(input, project).any(|path| path == "src/__init__.py")
}

fn of_tests<'a>(input: &AnalysisInput<'a>, project: &'a Project) -> Vec<(&'a str, &'a str)> {
    let is_named =
        |top: &str| project.name.as_deref() == Some(uvshift_requirements::normalize_name(top).as_str());
    let found = places::folders_of_tests(within(input, project));
    found.into_iter().filter(|top| !is_named(top)).map(|top| (project.folder.as_str(), top)).collect()
}

fn patterns(patterns: &[String]) -> Option<ignore::gitignore::Gitignore> {
    if patterns.is_empty() {
        return None;
    }
    let mut builder = ignore::gitignore::GitignoreBuilder::new("");
    for pattern in patterns {
        // The settings were checked when they were read.
        let _ = builder.add_line(None, pattern);
    }
    builder.build().ok()
}
