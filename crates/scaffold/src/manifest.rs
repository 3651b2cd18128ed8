//! `manifest.toml` of a template.

use serde::{Deserialize, Serialize};

/// What a template says of itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub(crate) description: String,
    pub(crate) category: Category,
    #[serde(default = "english")]
    pub(crate) languages: Vec<Language>,
    pub(crate) outputs: Vec<Output>,
    #[serde(default)]
    pub(crate) questions: Vec<Question>,
    #[serde(default)]
    pub(crate) instead_of: Option<String>,
    #[serde(default)]
    pub(crate) notes: Vec<Note>,
}

/// What a template is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(inline))]
pub enum Category {
    /// Continuous integration and delivery.
    Ci,
    /// Containers.
    Docker,
    /// Scripts and settings for developers.
    Developer,
    /// Editors.
    Ide,
    /// Documents for people.
    Documents,
    /// Anything else, in a folder of one's own.
    Other,
}

/// A language of documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(inline))]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

/// A file that a template makes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The path in the project, itself a template; relative, and never out of the project.
    pub path: String,
    /// The file of the template, in its folder. `{lang}` is the language.
    pub template: String,
    /// An expression that must be true, such as `project.is_package`.
    #[serde(default)]
    pub when: Option<String>,
    /// Whether the file is a program.
    #[serde(default)]
    pub executable: bool,
    /// How it is joined with a file that is there; without this such a file is left alone.
    #[serde(default)]
    pub merge: Option<Merge>,
}

/// Something to say of what is made, for projects where it matters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// An expression that must be true, such as `not project.tasks.test`.
    pub when: String,
    /// What is said, in one sentence; itself a template.
    pub text: String,
}

/// How a generated file is joined with one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(inline))]
#[non_exhaustive]
pub enum Merge {
    /// Lines that are not there are added at the end, with their heading comments, as in .gitignore.
    Lines,
    /// JSON with comments: keys and array elements that are not there are added; nothing that is there changes.
    Jsonc,
    /// `KEY=value`: keys that are not there are added, as in .env.example.
    Env,
}

/// Something that a template asks and `--set NAME=VALUE` answers: `answers.NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The name.
    pub name: String,
    /// What is asked, in one line.
    pub prompt: String,
    /// The answer when nobody gives one; itself a template.
    #[serde(default)]
    pub default: String,
}

impl Language {
    /// The code: `en`, `ko`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }
}

fn english() -> Vec<Language> {
    vec![Language::En]
}
