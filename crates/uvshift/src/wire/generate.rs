//! What `generate` prints.

use serde::Serialize;
use uvshift_scaffold::{Catalogue, Category, Fate, Language, Merge, Plan, Template};

use super::rows::{change, diagnostic};
use super::{Change, VERSION, WireDiagnostic};

/// A journal with what is not as before.
#[derive(Debug)]
pub(crate) struct Written {
    /// The journal, for a rollback.
    pub(crate) journal: String,
    /// Every path that is not as before.
    pub(crate) changed: Vec<String>,
}

/// What `generate list` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "generate_list"))]
#[expect(clippy::struct_field_names, reason = "the names are those of the JSON")]
pub(crate) struct Templates {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    #[cfg_attr(test, schemars(extend("const" = "generate-list")))]
    command: &'static str,
    /// The templates.
    templates: Vec<TemplateRow>,
}

/// A template.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "template"))]
struct TemplateRow {
    /// Its name on the command line.
    name: String,
    /// What it makes.
    description: String,
    /// What it is about.
    category: Category,
    /// The languages that it has.
    languages: Vec<Language>,
    /// The files that it makes.
    outputs: Vec<OutputRow>,
    /// What `--set NAME=VALUE` answers.
    questions: Vec<QuestionRow>,
    /// Whether it, or a part of it, is from a folder of one's own.
    own: bool,
}

/// A file that a template makes.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "template_output"))]
struct OutputRow {
    /// The path in the project; may hold expressions, such as the name of the project.
    path: String,
    /// The condition that it is made on; null: always.
    when: Option<String>,
    /// Whether it is a program.
    executable: bool,
    /// How it is joined with a file that is there; null: such a file is left alone.
    merge: Option<Merge>,
}

/// A question of a template.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "template_question"))]
struct QuestionRow {
    /// The name of the answer.
    name: String,
    /// What is asked.
    prompt: String,
    /// The answer when nobody gives one.
    default: String,
}

impl Templates {
    pub(crate) fn of(catalogue: &Catalogue) -> Self {
        let templates = catalogue.templates().map(template).collect();
        Self { version: VERSION, command: "generate-list", templates }
    }
}

fn template(template: &Template) -> TemplateRow {
    TemplateRow {
        name: template.name.clone(),
        description: template.description.clone(),
        category: template.category,
        languages: template.languages.clone(),
        outputs: template
            .outputs
            .iter()
            .map(|output| OutputRow {
                path: output.path.clone(),
                when: output.when.clone(),
                executable: output.executable,
                merge: output.merge,
            })
            .collect(),
        questions: template
            .questions
            .iter()
            .map(|question| QuestionRow {
                name: question.name.clone(),
                prompt: question.prompt.clone(),
                default: question.default.clone(),
            })
            .collect(),
        own: template.is_own,
    }
}

/// What `generate` prints.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "generate"))]
pub(crate) struct Generated {
    /// The version of this form.
    #[cfg_attr(test, schemars(extend("const" = VERSION)))]
    version: u32,
    /// The command that was run.
    command: GenerateCommand,
    /// How far it is.
    status: GenerateStatus,
    /// Every file that was asked for.
    files: Vec<GeneratedRow>,
    /// What there is to say.
    diagnostics: Vec<WireDiagnostic>,
    /// What is written.
    changes: Vec<Change>,
    /// A unified diff, where nothing was written yet.
    diff: Option<String>,
    /// The run that a rollback undoes.
    journal: Option<String>,
}

/// The commands that generate files.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum GenerateCommand {
    Generate,
    GenerateInitTemplate,
}

/// How far the files are.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum GenerateStatus {
    /// It was not asked for, or not agreed to; nothing is written.
    Planned,
    /// They are written.
    Generated,
    /// They are there already.
    NothingToDo,
}

/// A file that was asked for.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "generated_file"))]
struct GeneratedRow {
    /// The file, relative to the root.
    path: String,
    /// The template that makes it.
    template: String,
    /// What becomes of it.
    fate: GeneratedFate,
}

/// What becomes of a generated file.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(inline))]
enum GeneratedFate {
    /// It was not there.
    Created,
    /// It replaces one that was there, with `--force`.
    Replaced,
    /// It is joined with the one that was there.
    Merged,
    /// It is there as it would be made.
    Unchanged,
    /// Another one is there, which stays.
    LeftAlone,
}

impl Generated {
    pub(crate) fn planned(plan: &Plan, diff: bool) -> Self {
        let row = |file: &uvshift_scaffold::GeneratedFile| GeneratedRow {
            path: file.path.clone(),
            template: file.template.clone(),
            fate: match file.fate {
                Fate::Created => GeneratedFate::Created,
                Fate::Replaced => GeneratedFate::Replaced,
                Fate::Merged => GeneratedFate::Merged,
                Fate::Unchanged => GeneratedFate::Unchanged,
                Fate::LeftAlone => GeneratedFate::LeftAlone,
            },
        };
        Self {
            version: VERSION,
            command: GenerateCommand::Generate,
            status: if plan.changes.is_empty() {
                GenerateStatus::NothingToDo
            } else {
                GenerateStatus::Planned
            },
            files: plan.files.iter().map(row).collect(),
            diagnostics: plan.diagnostics.iter().map(diagnostic).collect(),
            changes: plan.changes.iter().map(change).collect(),
            diff: diff.then(|| plan.changes.diff()),
            journal: None,
        }
    }

    pub(crate) fn done(plan: &Plan, done: &Written) -> Self {
        Self {
            status: GenerateStatus::Generated,
            journal: Some(done.journal.clone()),
            ..Self::planned(plan, false)
        }
    }

    /// A template of one's own that was begun.
    pub(crate) fn begun(name: &str, done: &Written) -> Self {
        let row = |path: &String| GeneratedRow {
            path: path.clone(),
            template: name.to_owned(),
            fate: GeneratedFate::Created,
        };
        Self {
            version: VERSION,
            command: GenerateCommand::GenerateInitTemplate,
            status: GenerateStatus::Generated,
            files: done.changed.iter().map(row).collect(),
            diagnostics: Vec::new(),
            changes: Vec::new(),
            diff: None,
            journal: Some(done.journal.clone()),
        }
    }
}
