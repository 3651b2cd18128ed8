//! What `generate` prints.

use serde::Serialize;
use uvshift_scaffold::{Catalogue, Category, Fate, Merge, Plan, Template};

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
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("const" = "generate-list")))]
    command: &'static str,
    templates: Vec<TemplateRow>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "template"))]
struct TemplateRow {
    name: String,
    description: String,
    #[cfg_attr(test, schemars(with = "String", extend("enum" = ["ci", "docker", "developer", "ide", "documents", "other"])))]
    category: Category,
    #[cfg_attr(test, schemars(extend("items" = serde_json::json!({ "enum": ["en", "ko"] }))))]
    languages: Vec<&'static str>,
    outputs: Vec<OutputRow>,
    questions: Vec<QuestionRow>,
    /// Whether it, or a part of it, is from a folder of one's own.
    own: bool,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "template_output"))]
struct OutputRow {
    /// May hold expressions, such as the name of the project.
    path: String,
    when: Option<String>,
    executable: bool,
    #[cfg_attr(test, schemars(with = "Option<String>", extend("enum" = serde_json::json!(["lines", "jsonc", "env", null]))))]
    merge: Option<Merge>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "template_question"))]
struct QuestionRow {
    name: String,
    prompt: String,
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
        languages: template.languages.iter().map(|language| language.code()).collect(),
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
    #[cfg_attr(test, schemars(extend("const" = 1)))]
    version: u32,
    #[cfg_attr(test, schemars(extend("enum" = ["generate", "generate-init-template"])))]
    command: &'static str,
    #[cfg_attr(test, schemars(extend("enum" = ["planned", "generated", "nothing-to-do"])))]
    status: &'static str,
    files: Vec<GeneratedRow>,
    diagnostics: Vec<WireDiagnostic>,
    changes: Vec<Change>,
    diff: Option<String>,
    journal: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "generated_file"))]
struct GeneratedRow {
    path: String,
    template: String,
    #[cfg_attr(test, schemars(extend("enum" = ["created", "replaced", "merged", "unchanged", "left-alone"])))]
    fate: &'static str,
}

impl Generated {
    pub(crate) fn planned(plan: &Plan, diff: bool) -> Self {
        let row = |file: &uvshift_scaffold::GeneratedFile| GeneratedRow {
            path: file.path.clone(),
            template: file.template.clone(),
            fate: match file.fate {
                Fate::Created => "created",
                Fate::Replaced => "replaced",
                Fate::Merged => "merged",
                Fate::Unchanged => "unchanged",
                Fate::LeftAlone => "left-alone",
            },
        };
        Self {
            version: VERSION,
            command: "generate",
            status: if plan.changes.is_empty() { "nothing-to-do" } else { "planned" },
            files: plan.files.iter().map(row).collect(),
            diagnostics: plan.diagnostics.iter().map(diagnostic).collect(),
            changes: plan.changes.iter().map(change).collect(),
            diff: diff.then(|| plan.changes.diff()),
            journal: None,
        }
    }

    pub(crate) fn done(plan: &Plan, done: &Written) -> Self {
        Self { status: "generated", journal: Some(done.journal.clone()), ..Self::planned(plan, false) }
    }

    /// A template of one's own that was begun.
    pub(crate) fn begun(name: &str, done: &Written) -> Self {
        let row =
            |path: &String| GeneratedRow { path: path.clone(), template: name.to_owned(), fate: "created" };
        Self {
            version: VERSION,
            command: "generate-init-template",
            status: "generated",
            files: done.changed.iter().map(row).collect(),
            diagnostics: Vec::new(),
            changes: Vec::new(),
            diff: None,
            journal: Some(done.journal.clone()),
        }
    }
}
