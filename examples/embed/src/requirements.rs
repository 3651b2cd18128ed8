//! Lines of requirements files.

use std::path::Path;

use serde::Serialize;
use uvshift_requirements::{Document, decode, parse, redacted};

use crate::Error;

/// One line that asks for a distribution.
#[derive(Debug, Serialize)]
pub struct Requirement {
    pub file: String,
    pub line: usize,
    pub name: String,
    pub specifier: String,
    pub marker: Option<String>,
    /// The version, where exactly one is allowed.
    pub pin: Option<String>,
}

/// Something in a requirements file that pip or uv reads otherwise than its author may think.
#[derive(Debug, Serialize)]
pub struct Hint {
    pub file: String,
    pub line: Option<usize>,
    /// A stable code, such as `R002`.
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
}

/// The requirements files at the root, parsed. What a file includes by `-r` is not followed: `uvshift_requirements::resolve` does that.
pub(crate) fn read(root: &Path) -> Result<Vec<(String, Document)>, Error> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("requirements") && name.ends_with(".txt") {
            // pip has its own way to turn bytes into text, and so has the crate.
            let decoded = decode(&std::fs::read(entry.path())?)?;
            files.push((name, parse(&decoded.text)));
        }
    }
    files.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(files)
}

/// The same for the report.
pub(crate) fn rows(files: &[(String, Document)]) -> (Vec<Requirement>, Vec<Hint>) {
    let (mut rows, mut hints) = (Vec::new(), Vec::new());
    for (file, document) in files {
        rows.extend(document.requirements().map(|(line, requirement)| Requirement {
            file: file.clone(),
            line: line.line(),
            // A URL or a path may not tell its name. Whatever is shown has no credentials.
            name: requirement.normalized_name().unwrap_or_else(|| redacted(requirement.text())),
            specifier: requirement.specifier().to_owned(),
            marker: requirement.marker().map(str::to_owned),
            pin: requirement.pin().map(str::to_owned),
        }));
        hints.extend(document.diagnostics().iter().map(|found| Hint {
            file: file.clone(),
            line: found.line,
            code: found.code.id(),
            message: found.message.clone(),
            help: found.help.clone(),
        }));
    }
    (rows, hints)
}
