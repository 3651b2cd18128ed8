//! tox.ini and `[tox:tox]` of setup.cfg as the native `[tool.tox]` of tox 4.67.
//!
//! What TOML can say exactly is said natively. One line that it cannot say brings the whole into `legacy_tox_ini`, where tox
//! reads it as before.

mod command;
mod factor;
mod legacy;
mod lines;
mod native;
mod reference;
mod set_env;
mod settings;
#[cfg(test)]
mod tests;
mod token;
mod value;

use uvshift_diagnostics::{Diagnostic, Severity};
use uvshift_ini::{Dialect, Document, Key};

use crate::codes;
use crate::model::Place;
use crate::report::{Converted, Outcome, Row};

/// How tox 4.67 reads its ini files.
pub const TOX_DIALECT: Dialect = Dialect { byte_order_mark: true, ..Dialect::RAW };

/// What keeps a file from being written natively.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Inexact {
    line: usize,
    why: String,
}

impl Inexact {
    fn new(line: usize, why: impl Into<String>) -> Self {
        Self { line, why: why.into() }
    }
}

/// The sections of a tox file into the table below `tool.tox`. `core` is the section of tox itself: `tox`, or `tox:tox` in
/// setup.cfg. The second answer is the names of the sections that are carried, for removal.
///
/// The document is read with [`TOX_DIALECT`]. Without a section of tox both are empty.
pub fn tox_to_toml(document: &Document, file: &str, core: &str) -> (Converted, Vec<String>) {
    let mut converted = Converted::default();
    if !document.sections().iter().any(|section| is_own(&section.name, core)) {
        return (converted, Vec::new());
    }
    let broken = document.diagnostics().iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    converted.diagnostics.extend(broken.cloned().map(|mut diagnostic| {
        diagnostic.file.get_or_insert_with(|| file.to_owned());
        diagnostic
    }));
    if !converted.diagnostics.is_empty() {
        return (converted, Vec::new());
    }
    match native::native(document, file, core) {
        Ok((native, sections)) => (native, sections),
        Err(problem) => as_legacy(document, file, core, &problem),
    }
}

fn as_legacy(document: &Document, file: &str, core: &str, problem: &Inexact) -> (Converted, Vec<String>) {
    let mut converted = Converted::default();
    let sections = legacy::sections(document, core);
    converted.table.insert("legacy_tox_ini", legacy::text(document, core, &sections));
    for section in document.sections().iter().filter(|section| sections.contains(&section.name)) {
        for key in &section.keys {
            let forces = (key.line..=key.end_line).contains(&problem.line);
            let outcome = if forces { Outcome::Changed(problem.why.clone()) } else { Outcome::Carried };
            converted.rows.push(row(file, key, Some("tool.tox.legacy_tox_ini".to_owned()), outcome));
        }
    }
    let message = format!("the settings of tox go into `legacy_tox_ini` as they are: {}", problem.why);
    converted.diagnostics.push(
        Diagnostic::note(codes::TOX_LEGACY, message)
            .in_file(file, problem.line)
            .with_help("tox reads them there as before; rewrite this line for native settings"),
    );
    (converted, sections.into_iter().filter(|name| !legacy::is_of_another_tool(name)).collect())
}

/// Whether tox itself reads a section.
fn is_own(section: &str, core: &str) -> bool {
    section == core || matches!(section, "testenv" | "pkgenv") || section.starts_with("testenv:")
}

fn row(file: &str, key: &Key, to: Option<String>, outcome: Outcome) -> Row {
    let value: Vec<&str> =
        key.parts.iter().map(|part| part.text.as_str()).filter(|text| !text.is_empty()).collect();
    let setting = format!("{} = {}", key.written, value.join(" ")).trim_end().to_owned();
    Row { tool: "tox".to_owned(), from: Place::new(file, key.line), setting, to, outcome }
}
