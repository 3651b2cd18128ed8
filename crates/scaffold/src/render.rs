//! Templates into texts.

use std::collections::BTreeSet;

use tera::{Context, Delimiters, Tera};

use crate::catalogue::{Catalogue, SHARED};
use crate::error::{Error, TemplateProblem};
use crate::filters;

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

/// The texts of some templates, ready to be rendered.
pub(crate) struct Renderer<'a> {
    tera: Tera,
    catalogue: &'a Catalogue,
}

impl<'a> Renderer<'a> {
    /// Only the texts of these templates and what they include are parsed: most of the time would go into the others.
    pub(crate) fn new(catalogue: &'a Catalogue, names: &[String]) -> Result<Self, Error> {
        let mut tera = Tera::default();
        tera.set_delimiters(delimiters()).map_err(|error| wrong("", 0, &error))?;
        tera.autoescape_on(Vec::<&str>::new());
        filters::register(&mut tera);
        let texts = reached(catalogue, names);
        tera.add_raw_templates(texts).map_err(|error| wrong("", 0, &error))?;
        Ok(Self { tera, catalogue })
    }

    pub(crate) fn file(&self, name: &str, context: &Context) -> Result<String, Error> {
        self.tera.render(name, context).map_err(|error| wrong(name, 0, &error))
    }

    /// A text of a manifest that is itself a template, such as a path.
    pub(crate) fn text(&self, template: &str, text: &str, context: &Context) -> Result<String, Error> {
        if !text.contains("[=") && !text.contains("[%") {
            return Ok(text.to_owned());
        }
        self.one_off(template, text, text, context)
    }

    /// Whether an expression of a manifest is true.
    pub(crate) fn is_true(&self, template: &str, expression: &str, context: &Context) -> Result<bool, Error> {
        let text = format!("[% if {expression} %]yes[% endif %]");
        self.one_off(template, &text, expression, context).map(|text| text == "yes")
    }

    /// `written` is what the manifest has, which tells the line.
    fn one_off(&self, template: &str, text: &str, written: &str, context: &Context) -> Result<String, Error> {
        self.tera.render_str(text, context, false).map_err(|error| {
            let line = self.catalogue.line_in_manifest(template, written);
            wrong(&format!("{template}/manifest.toml"), line, &error)
        })
    }
}

/// The texts of these templates and, again and again, those whose names stand in them between quotes.
fn reached<'a>(catalogue: &'a Catalogue, names: &[String]) -> Vec<(&'a str, &'a str)> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next: Vec<(&str, &str)> = catalogue
        .texts()
        .filter(|(path, text)| {
            let of = path.split('/').next().unwrap_or_default();
            // A component can be used without a name of its file.
            names.iter().any(|name| name == of) || (of == SHARED && text.contains("component"))
        })
        .collect();
    while let Some((path, text)) = next.pop() {
        if seen.insert(path) {
            found.push((path, text));
            let quoted = text.split(['"', '\'', '`']);
            next.extend(quoted.filter_map(|name| catalogue.entry(name)));
        }
    }
    found
}

/// An error with the file, the line and the reason of tera's. `line` is that of a text in a manifest; 0 for files.
fn wrong(path: &str, line: usize, error: &tera::Error) -> Error {
    use tera::ErrorKind as Kind;
    let of_report = |report: &tera::ReportError| (report.filename().to_owned(), report.span().start_line);
    let whole = error.to_string();
    let (message, place) = match error.kind() {
        Kind::SyntaxError(report) | Kind::RenderingError(report) => {
            (report.message().to_owned(), Some(of_report(report)))
        }
        _ => (first_line(&whole), place_in(&whole)),
    };
    let excerpt = whole.split_once('\n').map(|(_, excerpt)| excerpt.to_owned()).unwrap_or_default();
    let source = Box::new(TemplateProblem { message: lower(&message), excerpt });
    match place {
        Some((file, line)) if !file.starts_with("__tera") => {
            Error::Render { path: file, line: Some(line), source }
        }
        _ => {
            let source = Box::new(TemplateProblem { excerpt: String::new(), ..*source });
            Error::Render { path: path.to_owned(), line: Some(line).filter(|line| *line > 0), source }
        }
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// The place of a report that is only there as text: `--> FILE:LINE:COLUMN`.
fn place_in(report: &str) -> Option<(String, usize)> {
    let place = report.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let mut parts = place.rsplitn(3, ':');
    let line = parts.nth(1)?.parse().ok()?;
    Some((parts.next()?.to_owned(), line))
}

fn lower(message: &str) -> String {
    let mut characters = message.trim_end_matches('.').chars();
    let Some(first) = characters.next() else { return String::new() };
    first.to_lowercase().chain(characters).collect()
}
