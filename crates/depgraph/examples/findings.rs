//! What there is to say about the dependencies of a folder with a pyproject.toml: `cargo run -p uvshift-depgraph --example findings -- FOLDER`.
#![expect(clippy::print_stdout, reason = "an example prints what it found")]

use std::path::PathBuf;

use uvshift_depgraph::scan::{Options, scan};
use uvshift_depgraph::{AnalysisInput, Project, PyProject, Settings, analyze, nothing_mentioned};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    let document = PyProject::parse(&std::fs::read_to_string(folder.join("pyproject.toml"))?)?;
    let projects = [Project::of_pyproject(&document)];
    let settings = Settings::of_pyproject(&document)?;
    let scan = scan(&folder, &Options::default())?;
    let input = AnalysisInput::new(&scan, &projects, &settings);
    for finding in analyze(&input, &nothing_mentioned).findings {
        println!("{} {}: {}", finding.rule, finding.severity, finding.message);
    }
    Ok(())
}
