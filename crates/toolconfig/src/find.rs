//! Which file of a tool wins, and which of its settings nobody has seen.

use uvshift_diagnostics::Diagnostic;
use uvshift_ini::{Dialect, Document};
use uvshift_pyproject::PyProject;

use crate::catalogue::{Form, Spot, Tool, Wins, fits};
use crate::codes;
use crate::iniconfig;
use crate::section::Section;

/// A file of the project that is there, with its text.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A spot with something of the tool in it.
pub(crate) struct Found<'a> {
    pub(crate) spot: &'a Spot,
    pub(crate) text: &'a str,
    /// In the tool's own dialect.
    pub(crate) document: Document,
    /// The names of the sections that are the tool's, in the order of the file.
    pub(crate) sections: Vec<String>,
    /// Whether the tool would take this file, were it the first.
    pub(crate) wins: bool,
}

/// Every spot of a tool where something of it stands, in the order in which it looks.
pub(crate) fn found<'a>(tool: &'a Tool, files: &'a [File], pyproject: Option<&PyProject>) -> Vec<Found<'a>> {
    let look = |spot: &'a Spot| {
        if spot.form == Form::PyProject {
            return in_pyproject(tool, spot, pyproject);
        }
        let file = files.iter().find(|file| file.path == spot.file)?;
        look_into(spot, &file.text)
    };
    tool.spots.iter().filter_map(look).collect()
}

fn in_pyproject<'a>(tool: &Tool, spot: &'a Spot, pyproject: Option<&PyProject>) -> Option<Found<'a>> {
    let path = tool.path();
    let native = tool.name == "pytest" && pyproject?.has_tool("pytest");
    let is_enough = spot.wins == Wins::Hides && pyproject.is_some();
    (is_enough || native || pyproject?.get(&path).is_some()).then(|| Found {
        spot,
        text: "",
        document: Document::parse("", &Dialect::RAW),
        sections: Vec::new(),
        wins: true,
    })
}

fn look_into<'a>(spot: &'a Spot, text: &'a str) -> Option<Found<'a>> {
    // A file of TOML that the tool reads like pyproject.toml counts if it has the tool's table.
    if let (Form::Toml, Some(table)) = (spot.form, spot.sections.first())
        && spot.wins != Wins::Always
        && PyProject::parse(text).is_ok_and(|document| !document.has_tool(table))
    {
        return None;
    }
    // To take a file apart costs more than to see that none of the names is in it.
    let may_have = |pattern: &String| text.contains(&format!("[{}", pattern.trim_end_matches('*')));
    let is_ini = matches!(spot.form, Form::Ini(_) | Form::Iniconfig);
    let needs_section = !matches!(spot.wins, Wins::Always | Wins::Hides);
    if is_ini && needs_section && !spot.sections.iter().any(may_have) {
        return None;
    }
    let (document, names) = match spot.form {
        Form::Ini(dialect) => {
            let document = Document::parse(text, &dialect);
            let names = document.sections().iter().map(|section| section.name.clone()).collect();
            (document, names)
        }
        Form::Iniconfig => {
            let document = Document::parse(text, &Dialect::RAW);
            let names = document.sections().iter().map(|section| section.name.clone()).collect();
            (document, names)
        }
        Form::Toml | Form::Json | Form::PyProject => {
            (Document::parse("", &Dialect::RAW), Vec::<String>::new())
        }
    };
    let sections: Vec<String> = names.into_iter().filter(|name| spot.claims(name)).collect();
    let first = spot.sections.first().map_or("", String::as_str);
    let looked_for = |name: &String| match spot.wins {
        // isort takes any of its sections; the others look for one of them.
        Wins::Either => true,
        Wins::Settings => document.section(name).is_some_and(|section| !section.keys.is_empty()),
        _ => fits(first, name),
    };
    let whole = matches!(spot.form, Form::Toml | Form::Json);
    let wins = whole || matches!(spot.wins, Wins::Always | Wins::Hides) || sections.iter().any(looked_for);
    (wins || !sections.is_empty()).then_some(Found { spot, text, document, sections, wins })
}

impl Found<'_> {
    /// The tool's sections as it reads them, or what it would stop at.
    pub(crate) fn read(&self) -> Result<Vec<Section>, Vec<Diagnostic>> {
        let file = self.spot.file.as_str();
        if self.spot.form == Form::Iniconfig {
            let sections = self.spot.sections.iter();
            let read = sections.filter_map(|name| iniconfig::section(self.text, file, name).transpose());
            return read.collect::<Result<_, _>>().map_err(|error: Box<Diagnostic>| vec![*error]);
        }
        let errors: Vec<Diagnostic> =
            self.document.diagnostics().iter().map(|found| unreadable(found, file)).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut names: Vec<&String> = self.sections.iter().collect();
        // Sections that are merged are read in the tool's order, not in that of the file.
        names.sort_by_key(|name| self.spot.sections.iter().position(|pattern| fits(pattern, name)));
        Ok(names.into_iter().filter_map(|name| Section::of(&self.document, file, name)).collect())
    }
}

/// What the ini reader found, as an error that names the file.
fn unreadable(found: &Diagnostic, file: &str) -> Diagnostic {
    let mut error =
        Diagnostic::error(codes::UNREADABLE, found.message.clone()).in_file(file, found.line.unwrap_or(1));
    error.help.clone_from(&found.help);
    error
}
