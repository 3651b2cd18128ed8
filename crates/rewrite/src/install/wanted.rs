//! The arguments of `pip install`, sorted by what takes care of them in a project of uv.

use std::collections::BTreeSet;

use super::args::Item;
use super::target::{Target, is_own, known};
use crate::context::{Became, Context, Selection, UvProject};
use crate::engine::Scope;

/// Distributions that pip itself needs, or that install others; uv needs none of them.
pub(crate) const BOOTSTRAP: &[&str] = &["pip", "setuptools", "wheel", "virtualenv", "ensurepip"];

/// Programs whose work uv takes over.
pub(crate) const INSTALLERS: &[&str] =
    &["poetry", "pipenv", "pdm", "pip-tools", "poetry-plugin-export", "uv"];

/// What takes care of each argument.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// What `uv sync` installs; none when nothing is left to it.
    pub(crate) selection: Option<Selection>,
    /// The project itself is named.
    pub(crate) itself: bool,
    /// The name of the project, where what is published of it is asked for.
    pub(crate) published: Option<String>,
    /// Arguments that `uv pip install` gets, by index.
    pub(crate) rest: BTreeSet<usize>,
    /// Tools of their own, by index.
    pub(crate) tools: BTreeSet<usize>,
    /// What has to be looked at.
    pub(crate) doubts: Vec<String>,
    /// What happens, for the reason.
    pub(crate) notes: BTreeSet<String>,
    /// Distributions that pyproject.toml declares, and the part that does, which may be more than was asked for.
    declared: Vec<(usize, String, Selection)>,
}

impl Wanted {
    fn select(&mut self, selection: &Selection) {
        self.selection.get_or_insert_default().join(selection);
    }

    fn note(&mut self, text: impl Into<String>) {
        self.notes.insert(text.into());
    }
}

/// What became of the file that an argument names.
pub(crate) fn became<'c>(item: &Item<'_>, scope: &Scope, context: &'c Context) -> Option<&'c Became> {
    if let Some(path) = item.text() {
        return context.became(scope.folder.as_deref().unwrap_or_default(), &path);
    }
    // The raw text is needed for substitutions only, which stand in variables where they are known.
    let path = crate::engine::path_of("", item.word?, scope)?;
    context.became("", &path)
}

/// Sorts the arguments for a project.
pub(crate) fn sort(items: &[Item<'_>], project: &UvProject, scope: &Scope, context: &Context) -> Wanted {
    let mut wanted = Wanted::default();
    let mut later = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if item.is(&["-r", "--requirement"]) {
            match became(item, scope, context) {
                Some(Became::Selection(selection)) => wanted.select(selection),
                Some(Became::Constraints) => {}
                None => {
                    wanted.rest.insert(index);
                }
            }
        } else if item.is(&["--group"]) {
            let name = item.text().unwrap_or_default();
            match known(&project.groups, &name) {
                Some(group) => wanted.select(&of_group(group)),
                None => {
                    wanted.rest.insert(index);
                }
            }
        } else if item.is(&["-e", "--editable", ""]) {
            later.push(index);
        }
    }
    for index in later {
        if let Some(item) = items.get(index) {
            wanted.argument(index, item, project, scope, context);
        }
    }
    for (index, name, selection) in std::mem::take(&mut wanted.declared) {
        wanted.declared(index, &name, &selection, scope);
    }
    wanted
}

impl Wanted {
    fn argument(
        &mut self,
        index: usize,
        item: &Item<'_>,
        project: &UvProject,
        scope: &Scope,
        context: &Context,
    ) {
        let Some(text) = item.text() else {
            self.doubts.push(format!("what `{}` names is not known", item.raw));
            self.rest.insert(index);
            return;
        };
        match Target::of(&text, scope.folder.as_deref().or(Some("")), context) {
            Target::Project { folder, extras } if folder == project.folder => self.own(&extras, project),
            Target::Project { folder, .. } => match declared_member(&folder, project, context) {
                Some(selection) => self.select(&selection),
                None => {
                    self.rest.insert(index);
                }
            },
            Target::Distribution { name, extras, is_plain: true }
                if is_own(project, &name) && item.name.is_empty() =>
            {
                self.doubts
                    .push(format!("`{name}` was installed from an index, and is the project itself now"));
                self.own(&extras, project);
                self.published = Some(name);
            }
            Target::Distribution { name, extras, is_plain } if item.name.is_empty() => {
                if scope.runs_setup_py && name == "setuptools" {
                    self.doubts.push("`python setup.py` is still run, and needs setuptools".to_owned());
                    self.rest.insert(index);
                } else if BOOTSTRAP.contains(&name.as_str()) && is_plain {
                    self.note(format!("uv does not need {name}"));
                } else if INSTALLERS.contains(&name.as_str()) && name != "uv" {
                    self.note(format!("uv does the work of {name}"));
                } else if let Some(selection) = self.declaring(&name, &extras, is_plain, project, scope) {
                    self.declared.push((index, name, selection));
                } else if is_plain && super::is_standalone(&name) && !is_active(scope) {
                    if name == "build" {
                        self.doubts
                            .push("`python -m build` does not find what `uv tool install` brings".to_owned());
                    }
                    self.tools.insert(index);
                } else {
                    self.rest.insert(index);
                }
            }
            _ => {
                self.rest.insert(index);
            }
        }
    }

    /// A distribution by its name. One that the project depends on brings all others only where they are installed anyhow: a
    /// test client may need `requests` and nothing of the application, and an image nothing of the repository.
    fn declared(&mut self, index: usize, name: &str, selection: &Selection, scope: &Scope) {
        let brings_more = selection.main || scope.is_fresh;
        let covers = |whole: &Option<Selection>| whole.as_ref().is_some_and(|whole| whole.covers(selection));
        if brings_more && !covers(&scope.synced) && !covers(&self.selection) {
            self.note(format!("`{name}` is installed by its name, and nothing else of the project"));
            self.rest.insert(index);
        } else {
            self.note(format!("`{name}` is declared in pyproject.toml"));
            self.select(selection);
        }
    }

    /// The project itself with extras.
    fn own(&mut self, extras: &[String], project: &UvProject) {
        self.itself = true;
        let mut selection = Selection::main();
        for extra in extras {
            if let Some(name) = known(&project.extras, extra) {
                selection.extras.insert(name.clone());
            } else if let Some(name) = known(&project.groups, extra) {
                selection.groups.insert(name.clone());
            } else {
                self.doubts.push(format!("the project has no extra `{extra}`"));
            }
        }
        if !project.is_package {
            self.doubts.push("uv does not install this project itself: it has no build system".to_owned());
        }
        self.select(&selection);
    }

    /// The part of pyproject.toml that declares a distribution: one that is installed anyhow, if there is one.
    fn declaring(
        &self,
        name: &str,
        extras: &[String],
        is_plain: bool,
        project: &UvProject,
        scope: &Scope,
    ) -> Option<Selection> {
        if !is_plain || !extras.is_empty() {
            return None;
        }
        let declared = project.declared.get(name)?;
        let holds =
            |whole: Option<&Selection>, part: &Selection| whole.is_some_and(|whole| whole.covers(part));
        let chosen = declared
            .iter()
            .find(|part| holds(scope.synced.as_ref(), part) || holds(self.selection.as_ref(), part))
            .or_else(|| declared.iter().find(|part| part.groups.is_empty() && part.extras.is_empty()))
            .or_else(|| declared.iter().find(|part| !part.groups.is_disjoint(&project.default_groups)))
            .or_else(|| declared.iter().find(|part| !part.groups.is_empty()))
            .or_else(|| declared.first())?;
        Some(chosen.clone())
    }
}

/// The part of pyproject.toml that declares another project of the repository.
fn declared_member(folder: &str, project: &UvProject, context: &Context) -> Option<Selection> {
    let member = context.projects.iter().find(|member| member.folder == folder)?;
    project.declared.get(&uvshift_requirements::normalize_name(&member.name))?.first().cloned()
}

fn of_group(group: &str) -> Selection {
    Selection { main: false, groups: BTreeSet::from([group.to_owned()]), extras: BTreeSet::new() }
}

fn is_active(scope: &Scope) -> bool {
    scope.environment == crate::engine::Environment::Active
}
