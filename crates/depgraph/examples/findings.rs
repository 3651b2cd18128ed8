//! What there is to say about the dependencies of a folder with a pyproject.toml: `cargo run -p uvshift-depgraph --example findings -- FOLDER`.
#![expect(clippy::print_stdout, reason = "an example prints what it found")]

use std::path::PathBuf;

use uvshift_depgraph::modules::Pythons;
use uvshift_depgraph::scan::{Options, scan};
use uvshift_depgraph::{AnalysisInput, Declared, Project, Settings, analyze};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    let document =
        uvshift_pyproject::PyProject::parse(&std::fs::read_to_string(folder.join("pyproject.toml"))?)?;
    let project = Project {
        folder: String::new(),
        name: document.project_name().map(uvshift_requirements::normalize_name),
        declared: Declared::of_pyproject(&document, "pyproject.toml"),
        build_requires: Vec::new(),
        pythons: Pythons { oldest: 10, newest: 14 },
        is_package: document.has_build_system(),
        has_project: document.has_project(),
    };
    let scan = scan(&folder, &Options::default())?;
    let settings = Settings::of_pyproject(&document)?;
    let input = AnalysisInput {
        scan: &scan,
        projects: &[project],
        lock: None,
        environment: None,
        settings: &settings,
    };
    for finding in analyze(&input, &|sought| vec![None; sought.len()]).findings {
        println!("{} {}: {}", finding.rule, finding.severity, finding.message);
    }
    Ok(())
}
