use std::path::PathBuf;

/// Why nothing can be generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A template that nobody knows.
    #[error("there is no template `{name}`")]
    UnknownTemplate {
        /// What was given.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// A template does not speak the language.
    #[error("the template `{template}` is not there in `{language}`")]
    Language {
        /// The template.
        template: String,
        /// The language.
        language: &'static str,
        /// The languages it speaks.
        known: Vec<&'static str>,
    },
    /// A manifest is wrong.
    #[error("`{path}` is no manifest of a template")]
    Manifest {
        /// The manifest.
        path: String,
        /// What is wrong.
        source: Box<toml_edit::de::Error>,
    },
    /// A folder of one's own has files for a template that is not there, and no manifest that makes it one.
    #[error("`{name}` has files of a template and no `manifest.toml`")]
    NoManifest {
        /// The folder.
        name: String,
    },
    /// A manifest names a file that the template has not.
    #[error("`{template}/manifest.toml` names `{file}`, which the template has not")]
    NoSuchFile {
        /// The template.
        template: String,
        /// The file.
        file: String,
    },
    /// A template cannot be rendered.
    #[error("the template `{path}` cannot be rendered{}", on_line(*line))]
    Render {
        /// The file of the template.
        path: String,
        /// The line, from 1, where it is known.
        line: Option<usize>,
        /// What is wrong.
        source: Box<TemplateProblem>,
    },
    /// A path that a template names leads out of the project.
    #[error("the template `{template}` names `{path}`, which is no path within the project")]
    UnsafePath {
        /// The template.
        template: String,
        /// The path.
        path: String,
    },
    /// Two templates make different files at one path.
    #[error("the templates `{first}` and `{second}` both make `{path}`")]
    SamePath {
        /// The path.
        path: String,
        /// The template that was named first.
        first: String,
        /// The other one.
        second: String,
    },
    /// An answer to nothing that is asked.
    #[error("no template that was named asks for `{name}`")]
    UnknownAnswer {
        /// What was given.
        name: String,
        /// What is asked.
        known: Vec<String>,
    },
    /// A name that no template can have.
    #[error("`{name}` is no name for a template")]
    TemplateName {
        /// What was given.
        name: String,
    },
    /// A file cannot be read.
    #[error("cannot read `{path}`", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Changes that do not go together.
    #[error("cannot plan the files")]
    Changes {
        /// What stands in the way.
        #[from]
        source: uvshift_changeset::Error,
    },
}

/// What is wrong in a template.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct TemplateProblem {
    /// In one line.
    pub message: String,
    /// The place in the text, as a person wants to see it; empty where it is not known.
    pub excerpt: String,
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownTemplate { known, .. } => Some(format!("there are {}", known.join(", "))),
            Self::Language { known, .. } => Some(format!("it is there in {}", known.join(", "))),
            Self::UnknownAnswer { known, .. } if known.is_empty() => Some("they ask for nothing".to_owned()),
            Self::UnknownAnswer { known, .. } => Some(format!("they ask for {}", known.join(", "))),
            Self::UnsafePath { .. } => {
                Some("a path is relative, with `/`, without `..`, and not in `.git` or `.uvshift`".to_owned())
            }
            Self::SamePath { .. } => Some("generate one of them".to_owned()),
            Self::NoManifest { .. } => Some(
                "write one, or give the folder the name of the template whose files it takes the place of"
                    .to_owned(),
            ),
            Self::TemplateName { .. } => {
                Some("a name has lower-case letters, digits and `-`, such as `release-notes`".to_owned())
            }
            Self::Render { source, .. } if !source.excerpt.is_empty() => Some(source.excerpt.clone()),
            _ => None,
        }
    }
}

fn on_line(line: Option<usize>) -> String {
    line.map(|line| format!(": line {line}")).unwrap_or_default()
}
