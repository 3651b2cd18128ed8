//! The action, run by act with the wheel that was made.

use std::path::Path;
use std::process::Command;

use super::{PROJECT, project};
use crate::run::tool;
use crate::{Outcome, versions};

/// Where the action would be gotten from; act has a folder in its place.
const ACTION: &str = "uvshift/uvshift@v0";

const WORKFLOW: &str = "name: deps
on: push
jobs:
  deps:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: uvshift/uvshift@v0
        with:
          args: deps --format github --exclude 'not ours'
          working-directory: shop
";

/// Runs a workflow with the action on a project with one finding.
pub(super) fn run(root: &Path, wheels: &Path, folder: &Path) -> Outcome {
    let text = super::super::read(&root.join("action.yml"))?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let setup_uv = text
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("- uses: "))
        .and_then(|used| used.split(' ').next())
        .ok_or("action.yml uses no other action")?
        .to_owned();
    let ours = folder.join("action");
    project(&ours, &[("action.yml", &text)])?;
    let uv = tool(root, "tools", "uv");
    let bin = uv.parent().ok_or("uv is in no folder")?.display().to_string();
    let stub = |inputs: &str, script: &str| {
        format!(
            "name: stub\ndescription: stub\n{inputs}runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: {script}\n"
        )
    };
    let inputs = "inputs:\n  enable-cache:\n    description: as the real one\n    default: ''\n";
    let (checkout, brings_uv) = (folder.join("checkout"), folder.join("setup-uv"));
    project(&checkout, &[("action.yml", &stub("", "'true'"))])?;
    project(&brings_uv, &[("action.yml", &stub(inputs, &format!("echo '{bin}' >> \"$GITHUB_PATH\"")))])?;
    let shop = folder.join("workflow");
    project(
        &shop,
        &[
            (".github/workflows/deps.yml", WORKFLOW),
            ("shop/pyproject.toml", PROJECT),
            ("shop/shop.py", "import requests\n"),
            ("shop/not ours/other.py", "import numpy\n"),
        ],
    )?;
    let mut act = Command::new(tool(root, "validators", "act"));
    act.current_dir(&shop).args(["push", "-P", "ubuntu-latest=-self-hosted", "--action-offline-mode"]);
    for (name, place) in
        [(ACTION, &ours), ("actions/checkout@v6", &checkout), (setup_uv.as_str(), &brings_uv)]
    {
        act.arg("--local-repository").arg(format!("{name}={}", place.display()));
    }
    for (name, value) in [
        ("UV_NO_INDEX", "1".to_owned()),
        ("UV_FIND_LINKS", wheels.display().to_string()),
        ("UV_CACHE_DIR", folder.join("uv-cache").display().to_string()),
        ("UV_PYTHON", tool(root, "pip", "python").display().to_string()),
    ] {
        act.arg("--env").arg(format!("{name}={value}"));
    }
    act.env("XDG_CONFIG_HOME", folder.join("config")).env("HOME", folder.join("home"));
    let output = act.output().map_err(|error| format!("cannot start act: {error}"))?;
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let sees = said.contains("requests") && !said.contains("numpy");
    if output.status.success() || !sees {
        return Err(format!("the action does not tell of `requests` alone ({}):\n{said}", output.status));
    }
    println!("try-out: the action of {} runs under act", versions::workspace(root)?);
    Ok(())
}
