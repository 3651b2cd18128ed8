//! The templates that are there: the built-in ones, and those of a folder of one's own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::Error;
use crate::manifest::{Category, Language, Manifest, Note, Output, Question};

/// The files of `templates`: path in that folder, text.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// Shared pieces that templates include; no template of its own.
pub(crate) const SHARED: &str = "_shared";

/// The name of a manifest in the folder of its template.
const MANIFEST: &str = "manifest.toml";

/// How deep the folders of a folder of one's own may be.
const DEEPEST: usize = 8;

/// A template.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its name: that of its folder.
    pub name: String,
    /// What it makes, in one line.
    pub description: String,
    /// What it is about.
    pub category: Category,
    /// The languages it speaks.
    pub languages: Vec<Language>,
    /// The files it makes.
    pub outputs: Vec<Output>,
    /// What it asks.
    pub questions: Vec<Question>,
    /// What is said of it to projects where it matters.
    pub notes: Vec<Note>,
    /// The template that it is another form of; only one of them is made in one run.
    pub instead_of: Option<String>,
    /// Whether it, or a part of it, is from a folder of one's own.
    pub is_own: bool,
}

/// Every template.
#[derive(Debug, Clone)]
pub struct Catalogue {
    templates: BTreeMap<String, Template>,
    /// The texts of manifests, by the name of the template.
    manifests: BTreeMap<String, String>,
    texts: BTreeMap<String, String>,
}

impl Catalogue {
    /// The templates that uvshift brings.
    ///
    /// # Errors
    /// A manifest is wrong.
    pub fn built_in() -> Result<Self, Error> {
        let mut catalogue =
            Self { templates: BTreeMap::new(), manifests: BTreeMap::new(), texts: BTreeMap::new() };
        catalogue.add(BUILT_IN.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())), false)?;
        Ok(catalogue)
    }

    /// Lays the templates of a folder over those that are there: a file takes the place of the one with its path, a folder
    /// with a manifest is a template. Only files ending in `.tera` and manifests count; links are not followed.
    ///
    /// # Errors
    /// The folder cannot be read, a manifest is wrong, or a folder is no template and has the name of none.
    pub fn lay_over(&mut self, folder: &Path) -> Result<(), Error> {
        let mut files = Vec::new();
        read_folder(folder, "", 0, &mut files)?;
        let names: BTreeSet<String> =
            files.iter().filter_map(|(path, _)| Some(path.split_once('/')?.0.to_owned())).collect();
        self.add(files.into_iter(), true)?;
        match names.into_iter().find(|name| name != SHARED && !self.templates.contains_key(name)) {
            Some(name) => Err(Error::NoManifest { name }),
            None => Ok(()),
        }
    }

    /// Every template, by name.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.templates.values()
    }

    /// The template of a name.
    ///
    /// # Errors
    /// There is none.
    pub fn template(&self, name: &str) -> Result<&Template, Error> {
        self.templates.get(name).ok_or_else(|| Error::UnknownTemplate {
            name: name.to_owned(),
            known: self.templates.keys().cloned().collect(),
        })
    }

    /// The text of a template's file.
    pub fn text(&self, template: &str, file: &str) -> Option<&str> {
        self.texts.get(&format!("{template}/{file}")).map(String::as_str)
    }

    /// The path and the text of a file, for the renderer.
    pub(crate) fn entry(&self, path: &str) -> Option<(&str, &str)> {
        self.texts.get_key_value(path).map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The line of a manifest, from 1, that has this value; 0 when it cannot be told.
    pub(crate) fn line_in_manifest(&self, template: &str, value: &str) -> usize {
        let manifest = self.manifests.get(template).map(String::as_str).unwrap_or_default();
        let start = value.lines().next().unwrap_or_default();
        manifest.lines().position(|line| !start.is_empty() && line.contains(start)).map_or(0, |line| line + 1)
    }

    /// Every text with its path, for the renderer.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    fn add(&mut self, files: impl Iterator<Item = (String, String)>, is_own: bool) -> Result<(), Error> {
        for (path, text) in files {
            let Some((name, file)) = path.split_once('/') else { continue };
            if file == MANIFEST && name != SHARED {
                let manifest = manifest(&path, &text)?;
                self.templates.insert(name.to_owned(), template(name, manifest, is_own));
                self.manifests.insert(name.to_owned(), text);
                continue;
            }
            if let Some(known) = self.templates.get_mut(name) {
                known.is_own |= is_own;
            }
            self.texts.insert(path, text);
        }
        Ok(())
    }
}

fn manifest(path: &str, text: &str) -> Result<Manifest, Error> {
    toml_edit::de::from_str(text)
        .map_err(|source| Error::Manifest { path: path.to_owned(), source: Box::new(source) })
}

fn template(name: &str, manifest: Manifest, is_own: bool) -> Template {
    let Manifest { description, category, languages, outputs, questions, instead_of, notes } = manifest;
    Template {
        name: name.to_owned(),
        description,
        category,
        languages,
        outputs,
        questions,
        notes,
        instead_of,
        is_own,
    }
}

fn read_folder(
    folder: &Path,
    below: &str,
    depth: usize,
    files: &mut Vec<(String, String)>,
) -> Result<(), Error> {
    let error = |source| Error::Read { path: folder.to_owned(), source };
    let mut entries =
        std::fs::read_dir(folder).map_err(error)?.collect::<Result<Vec<_>, _>>().map_err(error)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        let kind = entry.file_type().map_err(|source| Error::Read { path: path.clone(), source })?;
        if kind.is_dir() && depth < DEEPEST {
            read_folder(&path, &format!("{below}{name}/"), depth + 1, files)?;
        } else if kind.is_file() && depth > 0 && (name == MANIFEST || has_ending(name)) {
            let text = std::fs::read_to_string(&path).map_err(|source| Error::Read { path, source })?;
            files.push((format!("{below}{name}"), text));
        }
    }
    Ok(())
}

/// Files of templates end in `.tera`; anything else, such as a README, is for people.
fn has_ending(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == "tera")
}
