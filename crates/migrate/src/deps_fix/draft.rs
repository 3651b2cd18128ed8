//! The files of a project on their way to what they say afterwards.

use uvshift_changeset::ChangeSet;
use uvshift_depgraph::Action;
use uvshift_project::Role;
use uvshift_pyproject::{PyProject, Scope};
use uvshift_requirements::{LineKind, Requirement, normalize_name};
use uvshift_tree::Tree;

use super::expected::{Expected, PYPROJECT};
use super::pyproject;
use super::requirements::RequirementsFile;
use crate::project::{Project, read_project};
use crate::{Error, Options};

/// Why an action is not carried out.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Why: lower case, no full stop.
    pub(super) reason: String,
    /// What to do by hand, if it is not the command of uv.
    pub(super) help: Option<String>,
}

impl Refusal {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: None }
    }

    pub(super) fn with_help(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: Some(help.into()) }
    }
}

/// A requirement on its way from one place to another.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    /// The requirement (PEP 508); none for a URL or a path without a name, and for what is installed in place.
    pub(super) text: Option<String>,
    /// The comments above that speak of it alone, each with its `#`.
    pub(super) above: Vec<String>,
    /// The comment behind it, with its `#`.
    pub(super) comment: Option<String>,
    /// The whole line of a requirements file.
    pub(super) line: Option<String>,
    /// Whether it has hashes or other options of its own.
    pub(super) has_options: bool,
}

/// The files as they are so far.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    before: Option<String>,
    document: Option<PyProject>,
    files: Vec<RequirementsFile>,
    compiled: Vec<Compiled>,
    /// Requirements files that do not count, since pyproject.toml and uv.lock do.
    left_over: Vec<String>,
    /// What is declared, in whatever file: scope, normalised name, file.
    declared: Vec<(Scope, String, String)>,
    /// What the sources other than requirements files are called.
    sources: Vec<&'static str>,
    expected: Vec<Expected>,
}

/// A requirements file that a tool has made from another file.
#[derive(Debug, Clone)]
struct Compiled {
    path: String,
    source: String,
    scope: Scope,
    names: Vec<String>,
}

/// Where a scope is declared.
#[derive(Debug, Clone, Copy)]
enum Home {
    PyProject,
    File(usize),
}

impl Draft {
    /// Reads the project at the root as an analysis of its dependencies does, so that scopes are the same.
    pub(super) fn read(tree: &Tree) -> Result<Self, Error> {
        let project = read_project(tree, "", &Options::default(), &[])?.project;
        let Project { layout, sources, manifest, before: document, .. } = project;
        let (mut files, mut compiled, mut left_over) = (Vec::new(), Vec::new(), Vec::new());
        let is_on_uv = tree.has("uv.lock")
            && document
                .as_ref()
                .is_some_and(|found| found.has_project() && !found.is_dynamic("dependencies"));
        for file in layout.files {
            if is_on_uv {
                left_over.push(file.path);
            } else if let Role::Compiled { source, scope } = &file.role {
                let names = file.document.requirements().filter_map(|(_, found)| found.normalized_name());
                let (source, scope, names) = (source.clone(), scope.clone(), names.collect());
                compiled.push(Compiled { path: file.path, source, scope, names });
            } else if let Some(scope) = file.role.scope() {
                let is_link = tree.is_link(&file.path);
                let bytes = tree.read(&file.path)?;
                files.push(RequirementsFile::new(file.path, scope, file.decoded, bytes, is_link));
            }
        }
        let declared =
            manifest.all().map(|(scope, found)| (scope, found.name.clone(), found.from.file.clone()));
        Ok(Self {
            before: document.as_ref().map(ToString::to_string),
            document,
            files,
            compiled,
            left_over,
            declared: declared.collect(),
            sources,
            expected: Vec::new(),
        })
    }

    /// Does what an action asks for. After a refusal the draft is to be thrown away.
    pub(super) fn carry_out(&mut self, action: &Action) -> Result<(), Refusal> {
        match action {
            Action::Add { requirement, to } => {
                let name = name_of(requirement)
                    .ok_or_else(|| Refusal::new(format!("`{requirement}` is no requirement")))?;
                self.refuse_if_there(&name, to)?;
                let text = Some(requirement.trim().to_owned());
                let taken = Taken { text, above: Vec::new(), comment: None, line: None, has_options: false };
                self.put(&name, to, &taken)
            }
            Action::Remove { name, from } => {
                let name = normalize_name(name);
                self.take(&name, from)?;
                if let Some(document) = &mut self.document {
                    pyproject::remove_source(document, &name)?;
                }
                Ok(())
            }
            Action::Move { name, from, to, .. } => {
                let name = normalize_name(name);
                self.refuse_if_there(&name, to)?;
                let taken = self.take(&name, from)?;
                taken.iter().try_for_each(|taken| self.put(&name, to, taken))
            }
        }
    }

    fn refuse_if_there(&self, name: &str, scope: &Scope) -> Result<(), Refusal> {
        let in_document = self.document.as_ref().is_some_and(|found| pyproject::holds(found, scope, name));
        let in_files = self.files.iter().any(|file| file.scope == *scope && file.holds(name));
        if !in_document && !in_files {
            return Ok(());
        }
        let help = format!("look at what `{}` says of it", scope.key());
        Err(Refusal::with_help(format!("`{name}` is declared there already"), help))
    }

    /// Takes a requirement out of every place of a scope.
    fn take(&mut self, name: &str, from: &Scope) -> Result<Vec<Taken>, Refusal> {
        let mut taken = Vec::new();
        if let Some(document) = &mut self.document {
            let found = pyproject::take(document, from, name)?;
            if !found.is_empty() {
                Expected::set(&mut self.expected, PYPROJECT, from, name, None);
            }
            taken.extend(found);
        }
        for file in self.files.iter_mut().filter(|file| file.scope == *from) {
            let found = file.take(name)?;
            if !found.is_empty() {
                Expected::set(&mut self.expected, &file.path, from, name, None);
            }
            taken.extend(found);
        }
        if taken.is_empty() { Err(self.not_found(name, from)) } else { Ok(taken) }
    }

    fn put(&mut self, name: &str, to: &Scope, taken: &Taken) -> Result<(), Refusal> {
        let place = match (self.home(to), &mut self.document) {
            (Some(Home::PyProject), Some(document)) => {
                pyproject::put(document, to, taken)?;
                PYPROJECT
            }
            (Some(Home::File(at)), _) => match self.files.get_mut(at) {
                Some(file) => {
                    file.put(taken)?;
                    file.path.as_str()
                }
                None => return Err(Refusal::new("its file is gone")),
            },
            _ => return Err(self.no_home(to)),
        };
        Expected::set(&mut self.expected, place, to, name, taken.text.as_deref());
        Ok(())
    }

    /// Where a scope is declared, or would be.
    fn home(&self, scope: &Scope) -> Option<Home> {
        let document = self.document.as_ref();
        let file = self.files.iter().position(|file| file.scope == *scope).map(Home::File);
        let has_array = document.is_some_and(|found| pyproject::has_array(found, scope));
        if has_array {
            return Some(Home::PyProject);
        }
        let field = match scope {
            Scope::Main => "dependencies",
            Scope::Extra(_) => "optional-dependencies",
            Scope::Group(_) => "",
        };
        let can_have = document
            .is_some_and(|found| found.has_project() && (field.is_empty() || !found.is_dynamic(field)));
        file.or(can_have.then_some(Home::PyProject))
    }

    /// Why a requirement is not where it should be.
    fn not_found(&self, name: &str, scope: &Scope) -> Refusal {
        let is_compiled =
            |found: &&Compiled| found.scope == *scope && found.names.iter().any(|known| known == name);
        if let Some(Compiled { path, source, .. }) = self.compiled.iter().find(is_compiled) {
            return Refusal::with_help(
                format!("`{path}` is made from `{source}` by a tool"),
                format!("change `{source}` and make `{path}` again"),
            );
        }
        // An earlier action may have taken it out of a file that is edited.
        let is_edited = |path: &str| self.files.iter().any(|file| file.path == path);
        let is_it =
            |(of, known, file): &&(Scope, String, String)| of == scope && known == name && !is_edited(file);
        match self.declared.iter().find(is_it) {
            Some((_, _, file)) => Refusal::with_help(
                format!("`{file}` declares it in a way that uvshift does not edit"),
                by_hand(file, &self.sources),
            ),
            None => Refusal::new(format!("`{name}` is not declared in `{}`", scope.key())),
        }
    }

    /// Why a requirement cannot be declared.
    fn no_home(&self, scope: &Scope) -> Refusal {
        match self.sources.first() {
            Some(source) => Refusal::with_help(
                format!("dependencies are declared for {source}, and uvshift does not edit that"),
                "declare it there by hand, or run `uvshift migrate` first",
            ),
            None => Refusal::with_help(
                format!("there is no pyproject.toml with `[project]` for `{}`", scope.key()),
                "run `uvshift migrate` first, or declare it by hand",
            ),
        }
    }

    /// The difference to the files as they were.
    pub(super) fn changes(&self) -> Result<ChangeSet, Error> {
        let mut changes = ChangeSet::new();
        if let (Some(before), Some(document)) = (&self.before, &self.document) {
            changes.edit(PYPROJECT, before.as_bytes(), document.to_string())?;
        }
        for file in &self.files {
            if let Some(after) = file.after() {
                changes.edit(&file.path, file.before.clone(), after)?;
            }
        }
        Ok(changes)
    }

    /// What has to be made again.
    pub(super) fn notes(&self) -> Vec<String> {
        let pyproject_differs = self.document.as_ref().map(ToString::to_string) != self.before;
        let differs = |path: &str| {
            (path == PYPROJECT && pyproject_differs)
                || self.files.iter().any(|file| file.path == path && file.after().is_some())
        };
        let stale = self.compiled.iter().filter(|compiled| differs(&compiled.source));
        let stale = stale
            .map(|Compiled { path, source, .. }| format!("`{path}` is made from `{source}`: make it again"));
        let left_over = self.left_over.iter().filter(|_| pyproject_differs);
        let left_over = left_over.map(|path| {
            format!("`{path}` is not changed: what counts is pyproject.toml with uv.lock; remove the file, or make it with `uv export`")
        });
        stale.chain(left_over).collect()
    }

    pub(super) fn into_expected(self) -> Vec<Expected> {
        self.expected
    }
}

/// How a file that is not edited is changed.
fn by_hand(file: &str, sources: &[&str]) -> String {
    match file.rsplit('/').next().unwrap_or(file) {
        "Pipfile" => "use `pipenv install` and `pipenv uninstall`, or run `uvshift migrate` first".to_owned(),
        "pyproject.toml" if sources.contains(&"Poetry") => {
            "use `poetry add` and `poetry remove`, or run `uvshift migrate` first".to_owned()
        }
        _ => format!("change `{file}` by hand, or run `uvshift migrate` first"),
    }
}

/// The requirement that a text is, if it is one and nothing else.
pub(super) fn parsed(text: &str) -> Option<Requirement> {
    let document = uvshift_requirements::parse(text.trim());
    match document.lines() {
        [line] => match line.kind() {
            LineKind::Requirement(requirement) if line.comment().is_none() => Some(requirement.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The normalised name of a requirement by PEP 508.
pub(super) fn name_of(text: &str) -> Option<String> {
    let requirement = parsed(text)?;
    let is_plain = !requirement.is_editable() && requirement.hashes().is_empty();
    requirement.normalized_name().filter(|_| is_plain)
}
