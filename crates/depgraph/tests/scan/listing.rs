//! What a scan finds, as lines of text.

use std::fmt::Write as _;

use uvshift_depgraph::scan::{Scan, ScannedFile};
use uvshift_depgraph::{Guards, Import};

/// `line form module (names) guards`; in a notebook the cell stands before the line.
pub(crate) fn import(import: &Import) -> String {
    let mut text = String::new();
    if let Some(cell) = import.cell {
        write!(text, "{cell}:").unwrap();
    }
    let dots = ".".repeat(usize::try_from(import.level).unwrap());
    write!(text, "{} {} {dots}{}", import.line, import.form, import.module).unwrap();
    if !import.names.is_empty() {
        write!(text, " ({})", import.names.join(", ")).unwrap();
    }
    let names = [
        (Guards::TRY, "try"),
        (Guards::HANDLER, "handler"),
        (Guards::CONDITION, "condition"),
        (Guards::TYPE_CHECKING, "type-checking"),
        (Guards::FUNCTION, "function"),
    ];
    for (guard, name) in names {
        if import.guards.has(guard) {
            write!(text, " {name}").unwrap();
        }
    }
    text
}

/// The names of the codes of what is said, each with its line.
pub(crate) fn said(file: &ScannedFile) -> Vec<String> {
    let one = |line: Option<usize>| line.map_or(String::new(), |line| format!("{line} "));
    file.diagnostics.iter().map(|found| format!("{}{}", one(found.line), found.code.name())).collect()
}

/// A line for each import, comment, requirement of a script, and diagnostic, file by file.
pub(crate) fn scan(scan: &Scan) -> String {
    let mut text = String::new();
    for file in &scan.files {
        writeln!(text, "{} {:?}", file.path, file.kind).unwrap();
        for found in &file.imports {
            writeln!(text, "  {}", import(found)).unwrap();
        }
        for found in &file.ignored {
            let cell = found.cell.map_or(String::new(), |cell| format!("{cell}:"));
            writeln!(text, "  {cell}{} ignore {:?}", found.line, found.rules).unwrap();
        }
        if let Some(script) = &file.script {
            writeln!(text, "  {:?} {:?}", script.requires_python, script.dependencies).unwrap();
        }
        for found in said(file) {
            writeln!(text, "  {found}").unwrap();
        }
    }
    for diagnostic in &scan.diagnostics {
        writeln!(text, "{diagnostic}").unwrap();
    }
    text
}
