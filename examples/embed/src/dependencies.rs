//! Imports against declarations.

use std::path::Path;

use serde::Serialize;
use uvshift_depgraph::scan::{self, scan};
use uvshift_depgraph::{
    Action, AnalysisInput, Declared, Project, Rule, Scope, Settings, analyze, nothing_mentioned,
};
use uvshift_requirements::Document;

use crate::Error;

/// A dependency that nothing imports, or an import that nothing declares.
#[derive(Debug, Serialize)]
pub struct Finding {
    pub rule: &'static str,
    pub package: String,
    pub message: String,
    /// `file:line`, the most telling place.
    pub place: Option<String>,
    /// Commands of uv that mend it, once the project is on uv.
    pub fix: Vec<String>,
}

/// What this bot speaks about; the crate knows more rules.
const RULES: [Rule; 2] = [Rule::Unused, Rule::Missing];

/// Scans the files of the repository and compares.
pub(crate) fn find(root: &Path, files: &[(String, Document)]) -> Result<Vec<Finding>, Error> {
    let scan = scan(root, &scan::Options::default())?;
    let project = Project::new(files.iter().flat_map(|(file, document)| declared(file, document)).collect());
    let (projects, settings) = ([project], Settings::default());
    let input = AnalysisInput::new(&scan, &projects, &settings);
    let found = analyze(&input, &nothing_mentioned).findings.into_iter();
    let wanted = found.filter(|finding| RULES.contains(&finding.rule));
    Ok(wanted
        .map(|finding| Finding {
            rule: finding.rule.name(),
            package: finding.package,
            message: finding.message,
            place: finding.evidence.first().map(|place| format!("{}:{}", place.file, place.line)),
            fix: finding.action.as_ref().map(Action::commands).unwrap_or_default(),
        })
        .collect())
}

fn declared<'a>(file: &'a str, document: &'a Document) -> impl Iterator<Item = Declared> {
    document.requirements().filter_map(move |(line, requirement)| {
        // `requirements-dev.txt` is for those who work on the project.
        let scope = if file.contains("dev") { Scope::Group("dev".to_owned()) } else { Scope::Main };
        Declared::new(requirement.text(), scope, file, line.line())
    })
}
