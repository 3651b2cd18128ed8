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
    /// A template cannot be rendered; the cause names the line.
    #[error("the template `{path}` cannot be rendered")]
    Render {
        /// The file of the template.
        path: String,
        /// What is wrong, with the line.
        source: Box<tera::Error>,
    },
    /// A path that a template names leads out of the project.
    #[error("the template `{template}` names `{path}`, which is no path within the project")]
    UnsafePath {
        /// The template.
        template: String,
        /// The path.
        path: String,
    },
    /// An answer to nothing that is asked.
    #[error("no template that was named asks for `{name}`")]
    UnknownAnswer {
        /// What was given.
        name: String,
        /// What is asked.
        known: Vec<String>,
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

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownTemplate { known, .. } => Some(format!("there are {}", known.join(", "))),
            Self::Language { known, .. } => Some(format!("it is there in {}", known.join(", "))),
            Self::UnknownAnswer { known, .. } if known.is_empty() => Some("they ask for nothing".to_owned()),
            Self::UnknownAnswer { known, .. } => Some(format!("they ask for {}", known.join(", "))),
            Self::UnsafePath { .. } => Some("a path is relative and has no `..`".to_owned()),
            _ => None,
        }
    }
}
