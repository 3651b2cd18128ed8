//! The hooks, run by the real pre-commit with the wheel that was made.

use std::path::Path;
use std::process::{Command, Output};

use super::{PROJECT, git, project};
use crate::Outcome;
use crate::run::{quietly, tool};

/// Runs the hook for dependencies on a project without findings and on one with a finding.
pub(super) fn run(root: &Path, wheels: &Path, folder: &Path) -> Outcome {
    let source = folder.join("hooks");
    let files = [".pre-commit-hooks.yaml", "pyproject.toml"];
    let texts: Vec<(&str, String)> = files
        .iter()
        .map(|file| Ok((*file, String::from_utf8_lossy(&super::super::read(&root.join(file))?).into_owned())))
        .collect::<Outcome<_>>()?;
    project(&source, &texts.iter().map(|(file, text)| (*file, text.as_str())).collect::<Vec<_>>())?;
    let revision = quietly(git(&source).args(["rev-parse", "HEAD"]))?;
    let config = format!(
        "repos:\n  - repo: {}\n    rev: {}\n    hooks:\n      - id: uvshift-deps\n",
        source.display(),
        revision.trim()
    );
    let shop = folder.join("shop");
    project(
        &shop,
        &[("pyproject.toml", PROJECT), ("shop.py", "import json\n"), (".pre-commit-config.yaml", &config)],
    )?;
    let passed = pre_commit(root, wheels, folder, &shop)?;
    if !passed.status.success() {
        return Err(format!("the hook fails on a project without findings:\n{}", said(&passed)));
    }
    super::super::write(&shop.join("shop.py"), "import json\nimport requests\n")?;
    let failed = pre_commit(root, wheels, folder, &shop)?;
    if failed.status.success() || !said(&failed).contains("requests") {
        return Err(format!("the hook does not see that `requests` is missing:\n{}", said(&failed)));
    }
    println!("try-out: the hook `uvshift-deps` passes and fails under pre-commit");
    Ok(())
}

fn pre_commit(root: &Path, wheels: &Path, folder: &Path, shop: &Path) -> Outcome<Output> {
    let mut command = Command::new(tool(root, "validators", "pre-commit"));
    command.current_dir(shop).args(["run", "--all-files", "--color", "never"]);
    // Nothing is looked for but the wheel and the backend of the small package that asks for it.
    let links = format!("{} {}", wheels.display(), root.join(".tools/backends").display());
    command.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", links).env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    command.env("PRE_COMMIT_HOME", folder.join("pre-commit"));
    command.output().map_err(|error| format!("cannot start pre-commit: {error}"))
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}
