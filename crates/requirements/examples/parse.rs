//! Prints requirements files as JSON, one object a file, with the field names of the pip oracle.
//!
//! `cargo run -p uvshift-requirements --example parse -- [--constraint] FILE...`

#[path = "../tests/oracle/mod.rs"]
mod oracle;

use std::io::{self, Write as _};

use serde_json::json;

fn main() -> io::Result<()> {
    let mut constraint = false;
    let mut output = io::stdout().lock();
    for argument in std::env::args().skip(1) {
        if argument == "--constraint" {
            constraint = true;
            continue;
        }
        let bytes = std::fs::read(&argument)?;
        let value = match uvshift_requirements::decode(&bytes) {
            Ok(decoded) => {
                let lines = oracle::lines(&uvshift_requirements::parse(&decoded.text), constraint);
                json!({ "file": argument, "encoding_error": null, "lines": lines })
            }
            Err(error) => json!({ "file": argument, "encoding_error": error.to_string(), "lines": [] }),
        };
        writeln!(output, "{value}")?;
    }
    Ok(())
}
