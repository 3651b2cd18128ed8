//! From names of templates to everything that would be written, without writing anything.

use std::collections::BTreeMap;

use serde_json::Value;
use tera::Context;
use uvshift_changeset::{ChangeSet, TreePath};
use uvshift_diagnostics::Diagnostic;

use crate::Error;
use crate::catalogue::{Catalogue, Template};
use crate::existing::Existing;
use crate::manifest::{Language, Output};
use crate::project::Project;
use crate::render::Renderer;

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The templates.
    pub names: Vec<String>,
    /// The language of documents. A template that has one language only is made in that one.
    pub language: Language,
    /// Answers to questions of the templates.
    pub answers: BTreeMap<String, String>,
    /// Numbers and facts from a TOML file of the user: `inputs`.
    pub inputs: Value,
    /// Whether files that are there give way.
    pub force: bool,
    /// Today, as `2026-11-28`.
    pub today: String,
    /// The version of uvshift.
    pub version: String,
}

/// What becomes of a generated file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is new.
    Created,
    /// It takes the place of one that is there.
    Replaced,
    /// It is joined with one that is there.
    Merged,
    /// The one that is there says the same.
    Unchanged,
    /// The one that is there stays.
    LeftAlone,
}

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The path, from the root.
    pub path: String,
    /// The template.
    pub template: String,
    /// The whole text, as the template makes it.
    pub text: String,
    /// What becomes of it.
    pub fate: Fate,
}

/// Everything that would be generated.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files, in the order of the templates.
    pub files: Vec<GeneratedFile>,
    /// What there is to say.
    pub diagnostics: Vec<Diagnostic>,
    /// All changes.
    pub changes: ChangeSet,
}

/// Renders templates for a project. Changes nothing.
///
/// # Errors
/// A template is not known, does not speak the language, cannot be rendered, or names a path out of the project.
pub fn plan(
    catalogue: &Catalogue,
    project: &Project,
    request: &Request,
    existing: &Existing,
) -> Result<Plan, Error> {
    let renderer = Renderer::new(catalogue)?;
    let mut plan = Plan::default();
    for name in &request.names {
        let template = catalogue.template(name)?;
        let context = context(&renderer, template, project, request)?;
        for output in &template.outputs {
            let place = format!("{name}/manifest.toml");
            if let Some(when) = &output.when
                && !renderer.is_true(&place, when, &context)?
            {
                continue;
            }
            let path = renderer.text(&place, &output.path, &context)?;
            let text = renderer.file(&format!("{name}/{}", file(template, output, request)), &context)?;
            let text = format!("{}\n", text.trim_end());
            plan.add(template, output, path, text, request, existing)?;
        }
    }
    Ok(plan)
}

fn language(template: &Template, request: &Request) -> Language {
    match template.languages.as_slice() {
        [only] => *only,
        _ => request.language,
    }
}

fn file(template: &Template, output: &Output, request: &Request) -> String {
    output.template.replace("{lang}", language(template, request).code())
}

fn context(
    renderer: &Renderer,
    template: &Template,
    project: &Project,
    request: &Request,
) -> Result<Context, Error> {
    let language = language(template, request);
    if !template.languages.contains(&language) {
        return Err(Error::Language {
            template: template.name.clone(),
            language: language.code(),
            known: template.languages.iter().map(|language| language.code()).collect(),
        });
    }
    let mut context = Context::new();
    context.insert("project", project);
    context.insert("lang", language.code());
    context.insert("inputs", &request.inputs);
    context.insert("today", &request.today);
    context.insert("uvshift", &request.version);
    let mut answers = BTreeMap::new();
    for question in &template.questions {
        let answer = match request.answers.get(&question.name) {
            Some(answer) => answer.clone(),
            None => {
                renderer.text(&format!("{}/manifest.toml", template.name), &question.default, &context)?
            }
        };
        answers.insert(question.name.clone(), answer);
    }
    context.insert("answers", &answers);
    Ok(context)
}

impl Plan {
    fn add(
        &mut self,
        template: &Template,
        output: &Output,
        path: String,
        text: String,
        request: &Request,
        existing: &Existing,
    ) -> Result<(), Error> {
        if TreePath::new(&path).is_err() {
            return Err(Error::UnsafePath { template: template.name.clone(), path });
        }
        let fate = match existing.get(&path) {
            None => Fate::Created,
            Some(there) if there == text.as_bytes() => Fate::Unchanged,
            Some(_) if request.force => Fate::Replaced,
            Some(_) => Fate::LeftAlone,
        };
        match (fate, existing.get(&path)) {
            (Fate::Created, _) => self.changes.create(&path, text.clone())?,
            (Fate::Replaced, Some(there)) => self.changes.edit(&path, there.to_vec(), text.clone())?,
            _ => {}
        }
        let _ = output;
        self.files.push(GeneratedFile { path, template: template.name.clone(), text, fate });
        Ok(())
    }
}
