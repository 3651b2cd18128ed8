//! Prints how many imports of each form the files of a folder hold, and what could not be read.
//!
//! ```sh
//! cargo run --release -p uvshift-depgraph --example scan -- FOLDER [THREADS]
//! ```
#![expect(clippy::print_stdout, reason = "an example shows something")]

use std::collections::BTreeMap;
use std::path::Path;

use uvshift_depgraph::scan::{Options, scan};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| ".".to_owned());
    let threads = arguments.next().map(|threads| threads.parse()).transpose()?;
    let scan = scan(Path::new(&folder), &Options { threads, ..Options::default() })?;
    let mut forms = BTreeMap::new();
    for import in scan.files.iter().flat_map(|file| &file.imports) {
        *forms.entry(import.form.as_str()).or_insert(0) += 1;
    }
    let mut codes = BTreeMap::new();
    for diagnostic in scan.files.iter().flat_map(|file| &file.diagnostics).chain(&scan.diagnostics) {
        *codes.entry(diagnostic.code.name()).or_insert(0) += 1;
    }
    println!("{} files", scan.files.len());
    println!("{forms:#?}\n{codes:#?}");
    Ok(())
}
