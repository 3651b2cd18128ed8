//! Other places that say what a project depends on. What this version does not read, it does not migrate past.

use uvshift_diagnostics::Diagnostic;
use uvshift_project::{Tree, codes};
use uvshift_pyproject::PyProject;

/// Everything that would be lost if only the requirements files were migrated.
///
/// A file of another tool that the user has `ignored` stays as it is; setup.py and setup.cfg cannot be ignored, because
/// setuptools drops what they say once there is a `[project]`.
pub(crate) fn find(tree: &Tree, before: Option<&PyProject>, ignored: &[String]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let has_project = before.is_some_and(PyProject::has_project);
    for tool in ["poetry", "pdm", "flit"] {
        if before.is_some_and(|document| document.has_tool(tool)) && !has_project {
            found.push(blocker(
                "pyproject.toml",
                &format!("[tool.{tool}] lists dependencies, which this version does not read"),
            ));
        }
    }
    if let Some(document) = before
        && document.get(&["tool", "poetry", "dependencies"]).is_some()
        && has_project
    {
        found.push(blocker(
            "pyproject.toml",
            "[tool.poetry.dependencies] stands beside [project]; this version does not read it",
        ));
    }
    if has_project
        && before.is_some_and(|document| document.get(&["tool", "pdm", "dev-dependencies"]).is_some())
    {
        let message = "[tool.pdm.dev-dependencies] lists dependencies, which this version does not read";
        found.push(blocker("pyproject.toml", message));
    }
    for file in ["Pipfile", "environment.yml", "environment.yaml"] {
        if tree.has(file) && !ignored.iter().any(|path| path == file) {
            let message = format!("{file} lists dependencies, which this version does not read");
            let help =
                format!("move them into [project] first, or leave the file as it is with `--ignore {file}`");
            found.push(blocker(file, &message).with_help(help));
        }
    }
    if !has_project && tree.text("setup.py").is_some_and(|text| text.contains("setup(")) {
        found.push(blocker(
            "setup.py",
            "setup.py holds the metadata of a package, which this version does not read",
        ));
    } else if !has_project && tree.text("setup.cfg").is_some_and(|text| holds_metadata(&text)) {
        found.push(blocker(
            "setup.cfg",
            "setup.cfg holds the metadata of a package, which this version does not read",
        ));
    }
    found
}

fn holds_metadata(setup_cfg: &str) -> bool {
    setup_cfg.lines().any(|line| matches!(line.trim(), "[metadata]" | "[options]"))
}

fn blocker(file: &str, message: &str) -> Diagnostic {
    Diagnostic::error(codes::M005, message)
        .in_file(file, 1)
        .with_help("move them into [project] of pyproject.toml first; nothing was changed")
}
