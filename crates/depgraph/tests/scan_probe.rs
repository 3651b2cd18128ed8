//! The project with one of each form of import.
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use uvshift_depgraph::scan::{Options, Scan, scan};

fn corpus(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(name);
    if !folder.is_dir() {
        println!("SKIPPED: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

/// One line for each import and each diagnostic.
fn listed(scan: &Scan) -> String {
    let mut text = String::new();
    for file in &scan.files {
        for import in &file.imports {
            let cell = import.cell.map_or(String::new(), |cell| format!(" cell {cell}"));
            let dots = ".".repeat(import.level as usize);
            let names = if import.names.is_empty() { String::new() } else { format!(" {:?}", import.names) };
            let (path, line, form) = (&file.path, import.line, import.form);
            writeln!(text, "{path}:{line}{cell} {form} {dots}{}{names} {:?}", import.module, import.guards)
                .unwrap();
        }
        for diagnostic in &file.diagnostics {
            writeln!(text, "{diagnostic}").unwrap();
        }
    }
    for diagnostic in &scan.diagnostics {
        writeln!(text, "{diagnostic}").unwrap();
    }
    text
}

#[test]
fn every_form_of_the_probe_is_found() {
    let Some(folder) = corpus("imports-probe") else { return };
    let found = listed(&scan(&folder, &Options::default()).unwrap());
    println!("{found}");
}
