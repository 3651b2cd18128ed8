//! From names of templates to everything that would be written, without writing anything.

use std::collections::BTreeMap;

use serde_json::Value;
use tera::Context;
use uvshift_changeset::ChangeSet;
use uvshift_diagnostics::Diagnostic;

use crate::actions::{Pin, actions};
use crate::catalogue::{Catalogue, Template};
use crate::existing::Existing;
use crate::manifest::{Language, Output};
use crate::project::Project;
use crate::render::Renderer;
use crate::settle::{Draft, settle};
use crate::{Error, codes};

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
    /// The one that is there stays. When the reason is not simply that it is there, a diagnostic says why.
    LeftAlone,
}

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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
/// A template is not known, does not speak the language, cannot be rendered, or names a path out of the project; two make
/// the same file; an answer is to nothing that is asked.
pub fn plan(
    catalogue: &Catalogue,
    project: &Project,
    request: &Request,
    existing: &Existing,
) -> Result<Plan, Error> {
    let mut templates: Vec<&Template> = Vec::new();
    for name in &request.names {
        let template = catalogue.template(name)?;
        if !templates.iter().any(|known| known.name == template.name) {
            templates.push(template);
        }
    }
    check_answers(&templates, request)?;
    let others = leave_out_other_forms(&mut templates);
    let renderer = Renderer::new(catalogue, &request.names)?;
    // What is made in the same run is there for the others.
    let makes = |path: &str| {
        templates.iter().any(|template| template.outputs.iter().any(|output| output.path == path))
    };
    let has_dockerfile = project.has_dockerfile || makes("Dockerfile");
    let mut project = Project { has_dockerfile, ..project.clone() };
    if project.compose.is_empty() && makes("compose.yaml") {
        "compose.yaml".clone_into(&mut project.compose);
        project.services.iter_mut().for_each(|service| service.in_compose = true);
    }
    let common = common(&project, request);
    let mut drafts = Vec::new();
    let mut notes = Vec::new();
    for template in templates {
        let context = context(&renderer, template, &common, request)?;
        for output in &template.outputs {
            if let Some(when) = &output.when
                && !renderer.is_true(&template.name, when, &context)?
            {
                continue;
            }
            drafts.push(draft(catalogue, &renderer, template, output, request, &context)?);
        }
        let said = notes_of(template, &renderer, &context)?;
        notes.extend(said.into_iter().map(|note| (template.name.as_str(), note)));
    }
    let mut plan = settle(drafts, existing, request.force)?;
    for (template, note) in notes {
        // What several templates have to say is said once; of files that stay as they are there is nothing to say.
        if !plan.leaves_all_of(template)
            && !plan.diagnostics.iter().any(|known| known.message == note.message)
        {
            plan.diagnostics.push(note);
        }
    }
    plan.diagnostics.extend(others);
    Ok(plan)
}

impl Plan {
    /// Whether a template would make files, and each gives way to one that is there.
    fn leaves_all_of(&self, template: &str) -> bool {
        let mut files = self.files.iter().filter(|file| file.template == template).peekable();
        files.peek().is_some() && files.all(|file| file.fate == Fate::LeftAlone)
    }
}

/// Of several forms of one thing the usual one is made.
fn leave_out_other_forms(templates: &mut Vec<&Template>) -> Vec<Diagnostic> {
    let names: Vec<&str> = templates.iter().map(|template| template.name.as_str()).collect();
    let usual = |template: &&Template| {
        template.instead_of.as_deref().filter(|usual| names.contains(usual)).map(str::to_owned)
    };
    let mut said = Vec::new();
    templates.retain(|template| {
        let Some(usual) = usual(template) else { return true };
        let name = &template.name;
        let message = format!("`{name}` is left out: it is another form of `{usual}`, which is made");
        let help = format!("to have it, generate `{name}` by its name alone");
        said.push(Diagnostic::note(codes::OTHER_FORM, message).with_help(help));
        false
    });
    said
}

/// What a template has to say of this project.
fn notes_of(template: &Template, renderer: &Renderer, context: &Context) -> Result<Vec<Diagnostic>, Error> {
    let mut said = Vec::new();
    for note in &template.notes {
        if renderer.is_true(&template.name, &note.when, context)? {
            let text = renderer.text(&template.name, &note.text, context)?;
            said.push(Diagnostic::warning(codes::TO_KNOW, text));
        }
    }
    Ok(said)
}

fn draft(
    catalogue: &Catalogue,
    renderer: &Renderer,
    template: &Template,
    output: &Output,
    request: &Request,
    context: &Context,
) -> Result<Draft, Error> {
    let file = output.template.replace("{lang}", language(template, request).code());
    if catalogue.text(&template.name, &file).is_none() {
        return Err(Error::NoSuchFile { template: template.name.clone(), file });
    }
    let path = renderer.text(&template.name, &output.path, context)?;
    let text = renderer.file(&format!("{}/{file}", template.name), context)?;
    Ok(Draft {
        template: template.name.clone(),
        path,
        text: format!("{}\n", text.trim_end()),
        merge: output.merge,
        executable: output.executable,
    })
}

/// A template of one language is made in that one.
fn language(template: &Template, request: &Request) -> Language {
    match template.languages.as_slice() {
        [only] => *only,
        _ => request.language,
    }
}

/// An answer that nobody asked for is a slip, and the file would not be what was meant.
fn check_answers(templates: &[&Template], request: &Request) -> Result<(), Error> {
    let mut known: Vec<String> = templates
        .iter()
        .flat_map(|template| template.questions.iter().map(|question| question.name.clone()))
        .collect();
    known.sort();
    known.dedup();
    match request.answers.keys().find(|name| !known.contains(name)) {
        Some(name) => Err(Error::UnknownAnswer { name: name.clone(), known }),
        None => Ok(()),
    }
}

/// The variables that are the same for every template.
fn common(project: &Project, request: &Request) -> Context {
    let mut context = Context::new();
    context.insert("project", project);
    // `inputs.hours` of nothing is an error, that of an empty table is simply not there.
    match &request.inputs {
        Value::Null => context.insert("inputs", &Value::Object(serde_json::Map::new())),
        inputs => context.insert("inputs", inputs),
    }
    context.insert("today", &request.today);
    context.insert("uvshift", &request.version);
    context
}

fn context(
    renderer: &Renderer,
    template: &Template,
    common: &Context,
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
    let mut context = common.clone();
    context.insert("lang", language.code());
    let mut answers = BTreeMap::new();
    for question in &template.questions {
        // A default can be made of earlier answers.
        context.insert("answers", &answers);
        let answer = match request.answers.get(&question.name) {
            Some(answer) => answer.clone(),
            None => renderer.text(&template.name, &question.default, &context)?,
        };
        answers.insert(question.name.clone(), answer);
    }
    let pin = if answers.get("pin").map(String::as_str) == Some("tag") { Pin::Tag } else { Pin::Digest };
    context.insert("answers", &answers);
    let wrong = |source| Error::Manifest { path: "actions.toml".to_owned(), source: Box::new(source) };
    context.insert("actions", &actions(pin).map_err(wrong)?);
    Ok(context)
}
