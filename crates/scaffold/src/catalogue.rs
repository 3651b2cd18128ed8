//! The templates that are there: the built-in ones, and those of a folder of one's own.

use std::collections::BTreeMap;
use std::path::Path;

use crate::Error;
use crate::manifest::{Category, Language, Manifest, Output, Question};

/// The files of `templates`: path in that folder, text.
const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// Shared pieces that templates include; no template of its own.
const SHARED: &str = "_shared";

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
    /// Whether it, or a part of it, is from a folder of one's own.
    pub is_own: bool,
}

/// Every template.
#[derive(Debug, Clone)]
pub struct Catalogue {
    templates: BTreeMap<String, Template>,
    texts: BTreeMap<String, String>,
}

impl Catalogue {
    /// The templates that uvshift brings.
    ///
    /// # Errors
    /// A manifest is wrong.
    pub fn built_in() -> Result<Self, Error> {
        let mut catalogue = Self { templates: BTreeMap::new(), texts: BTreeMap::new() };
        catalogue.add(BUILT_IN.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())), false)?;
        Ok(catalogue)
    }

    /// Lays the templates of a folder over those that are there: a file takes the place of the one with its path, a folder
    /// with a manifest is a template.
    ///
    /// # Errors
    /// The folder cannot be read, or a manifest is wrong.
    pub fn lay_over(&mut self, folder: &Path) -> Result<(), Error> {
        let mut files = Vec::new();
        read_folder(folder, "", &mut files)?;
        self.add(files.into_iter(), true)
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

    /// Every text with its path, for the renderer.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    fn add(&mut self, files: impl Iterator<Item = (String, String)>, is_own: bool) -> Result<(), Error> {
        for (path, text) in files {
            let Some((name, file)) = path.split_once('/') else { continue };
            if file == "manifest.toml" && name != SHARED {
                let manifest = manifest(&path, &text)?;
                self.templates.insert(name.to_owned(), template(name, manifest, is_own));
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
    let Manifest { description, category, languages, outputs, questions } = manifest;
    Template { name: name.to_owned(), description, category, languages, outputs, questions, is_own }
}

fn read_folder(folder: &Path, below: &str, files: &mut Vec<(String, String)>) -> Result<(), Error> {
    let error = |source| Error::Read { path: folder.to_owned(), source };
    let mut entries =
        std::fs::read_dir(folder).map_err(error)?.collect::<Result<Vec<_>, _>>().map_err(error)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        let name = format!("{below}{name}");
        let kind = entry.file_type().map_err(|source| Error::Read { path: path.clone(), source })?;
        if kind.is_dir() {
            read_folder(&path, &format!("{name}/"), files)?;
        } else if kind.is_file() {
            let text = std::fs::read_to_string(&path).map_err(|source| Error::Read { path, source })?;
            files.push((name, text));
        }
    }
    Ok(())
}
