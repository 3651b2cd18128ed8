//! Templates into texts.

use tera::{Context, Delimiters, Tera};

use crate::Error;
use crate::catalogue::Catalogue;

/// `[= project.name =]`, `[% if project.is_package %]`, `[# a comment #]`: none of them means anything in the files that
/// are made, where braces do.
fn delimiters() -> Delimiters {
    Delimiters {
        block_start: "[%".into(),
        block_end: "%]".into(),
        variable_start: "[=".into(),
        variable_end: "=]".into(),
        comment_start: "[#".into(),
        comment_end: "#]".into(),
    }
}

/// The templates of a catalogue, ready to be rendered.
pub(crate) struct Renderer {
    tera: Tera,
}

impl Renderer {
    pub(crate) fn new(catalogue: &Catalogue) -> Result<Self, Error> {
        let mut tera = Tera::default();
        let wrong = |source| Error::Render { path: String::new(), source: Box::new(source) };
        tera.set_delimiters(delimiters()).map_err(wrong)?;
        tera.autoescape_on(Vec::<&str>::new());
        tera.add_raw_templates(catalogue.texts()).map_err(wrong)?;
        Ok(Self { tera })
    }

    pub(crate) fn file(&self, name: &str, context: &Context) -> Result<String, Error> {
        self.tera
            .render(name, context)
            .map_err(|source| Error::Render { path: name.to_owned(), source: Box::new(source) })
    }

    /// A text that is itself a template, such as a path. `name` is where it stands.
    pub(crate) fn text(&self, name: &str, text: &str, context: &Context) -> Result<String, Error> {
        if !text.contains("[=") && !text.contains("[%") {
            return Ok(text.to_owned());
        }
        self.tera
            .render_str(text, context, false)
            .map_err(|source| Error::Render { path: name.to_owned(), source: Box::new(source) })
    }

    /// Whether an expression is true.
    pub(crate) fn is_true(&self, name: &str, expression: &str, context: &Context) -> Result<bool, Error> {
        let text = format!("[% if {expression} %]yes[% endif %]");
        self.text(name, &text, context).map(|text| text == "yes")
    }
}
