//! The hooks, run by the real pre-commit with the wheel that was made.

use std::path::Path;
use std::process::{Command, Output};

use super::{PROJECT, git, project};
use crate::Outcome;
use crate::run::{quietly, tool};

/// What the hooks run with.
pub(super) struct Hooks<'a> {
    pub(super) root: &'a Path,
    /// The folder of the wheel.
    pub(super) wheels: &'a Path,
    /// The program that migrates what is verified then.
    pub(super) program: &'a Path,
    /// Where all of it happens.
    pub(super) folder: &'a Path,
}

/// Runs each hook on a project where it passes and on one where it fails.
pub(super) fn run(hooks: &Hooks<'_>) -> Outcome {
    let source = hooks.folder.join("hooks");
    let text = |file: &str| -> Outcome<String> {
        Ok(String::from_utf8_lossy(&super::super::read(&hooks.root.join(file))?).into_owned())
    };
    let (list, package) = (text(".pre-commit-hooks.yaml")?, text("pyproject.toml")?);
    project(&source, &[(".pre-commit-hooks.yaml", &list), ("pyproject.toml", &package)])?;
    let revision = quietly(git(&source).args(["rev-parse", "HEAD"]))?;
    let config = |hook: &str| {
        let (source, revision) = (source.display(), revision.trim());
        format!("repos:\n  - repo: {source}\n    rev: {revision}\n    hooks:\n      - id: {hook}\n")
    };
    deps(hooks, &config("uvshift-deps"))?;
    verify(hooks, &config("uvshift-verify"))
}

fn deps(hooks: &Hooks<'_>, config: &str) -> Outcome {
    let shop = hooks.folder.join("shop");
    let file = ".pre-commit-config.yaml";
    project(&shop, &[("pyproject.toml", PROJECT), ("shop.py", "import json\n"), (file, config)])?;
    passes(hooks, &shop)?;
    super::super::write(&shop.join("shop.py"), "import json\nimport requests\n")?;
    fails(hooks, &shop, "requests")?;
    println!("try-out: the hook `uvshift-deps` passes and fails under pre-commit");
    Ok(())
}

/// A project is migrated; then somebody asks for less than the old files did.
fn verify(hooks: &Hooks<'_>, config: &str) -> Outcome {
    let shop = hooks.folder.join("migrated");
    project(&shop, &[("requirements.txt", "requests>=2.30\n"), (".pre-commit-config.yaml", config)])?;
    let mut migrate = Command::new(hooks.program);
    migrate.current_dir(&shop).args(["migrate", "--yes", "--no-lock", "--python", "3.10"]);
    quietly(migrate.env("UVSHIFT_UV", tool(hooks.root, "tools", "uv")))?;
    quietly(git(&shop).args(["add", "--all"]))?;
    passes(hooks, &shop)?;
    let manifest = shop.join("pyproject.toml");
    let text = String::from_utf8_lossy(&super::super::read(&manifest)?).into_owned();
    super::super::write(&manifest, text.replace("requests>=2.30", "requests>=2.20"))?;
    fails(hooks, &shop, "`requests>=2.20` comes from no old file")?;
    println!("try-out: the hook `uvshift-verify` passes and fails under pre-commit");
    Ok(())
}

fn passes(hooks: &Hooks<'_>, project: &Path) -> Outcome {
    let output = pre_commit(hooks, project)?;
    if output.status.success() && said(&output).contains("Passed") {
        return Ok(());
    }
    Err(format!("the hook does not pass in `{}`:\n{}", project.display(), said(&output)))
}

fn fails(hooks: &Hooks<'_>, project: &Path, word: &str) -> Outcome {
    let output = pre_commit(hooks, project)?;
    if !output.status.success() && said(&output).contains(word) {
        return Ok(());
    }
    Err(format!("the hook does not tell of `{word}` in `{}`:\n{}", project.display(), said(&output)))
}

fn pre_commit(hooks: &Hooks<'_>, project: &Path) -> Outcome<Output> {
    let root = hooks.root;
    let mut command = Command::new(tool(root, "validators", "pre-commit"));
    command.current_dir(project).args(["run", "--all-files", "--color", "never"]);
    // Nothing is looked for but the wheel and the backend of the small package that asks for it.
    let links = format!("{} {}", hooks.wheels.display(), root.join(".tools/backends").display());
    command.env("PIP_NO_INDEX", "1").env("PIP_FIND_LINKS", links).env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
    command.env("PRE_COMMIT_HOME", hooks.folder.join("pre-commit"));
    command.env("UVSHIFT_UV", tool(root, "tools", "uv"));
    command.output().map_err(|error| format!("cannot start pre-commit: {error}"))
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}
