//! Who is asked: versions of Python, pip and uv, and the environment that commands of the check run in.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use uvshift_process::{CommandSpec, Runner};

use super::error::CompatError;
use super::model::Setting;
use super::plan::{Builds, CompatPlan};

/// What Python says of itself.
#[derive(Deserialize)]
struct Python {
    version: String,
    implementation: String,
    platform: String,
    pip: Option<String>,
}

/// Isolated, so that no `pip.py` of the folder and no setting of the caller gets in.
const ASK_PYTHON: &str = "\
import json, platform, sys, sysconfig
try:
    import pip
    version = pip.__version__
except Exception:
    version = None
print(json.dumps({
    'version': platform.python_version(),
    'implementation': platform.python_implementation().lower(),
    'platform': sysconfig.get_platform(),
    'pip': version,
}))
";

/// Programs that only tell their version answer at once.
const LIMIT: Duration = Duration::from_mins(1);

/// Asks the tools who they are.
pub(super) fn setting(plan: &CompatPlan, runner: &dyn Runner) -> Result<Setting, CompatError> {
    let ask = clean(CommandSpec::new(&plan.python).args(["-I", "-c", ASK_PYTHON])).timeout(LIMIT);
    let said = said(runner, &ask, "Python")?;
    let python: Python = serde_json::from_str(&said).map_err(|_| no_version("Python", &said))?;
    let ask = clean(CommandSpec::new(&plan.uv).arg("--version")).timeout(LIMIT);
    let said = self::said(runner, &ask, "uv")?;
    let uv = said.strip_prefix("uv ").and_then(|rest| rest.split_whitespace().next());
    let uv = uv.ok_or_else(|| no_version("uv", &said))?.to_owned();
    let pip = python.pip.ok_or_else(|| missing_pip(&plan.python))?;
    if is_old(&pip) {
        return Err(CompatError::OldPip { version: pip });
    }
    Ok(Setting {
        pip,
        uv,
        python: python.version,
        implementation: python.implementation,
        platform: python.platform,
        sources: sources(plan),
        builds: plan.builds == Builds::Allowed,
        timeout: plan.timeout,
        parallel: plan.parallel.max(1),
    })
}

/// A command without the caller's settings of pip, uv and Python, and without anything that asks.
pub(super) fn clean(spec: CommandSpec) -> CommandSpec {
    let names = ["PIP_*", "UV_*", "PYTHON*", "VIRTUAL_ENV", "CONDA_*", "RUST_LOG"];
    names
        .into_iter()
        .fold(spec, CommandSpec::env_remove)
        .env("PIP_CONFIG_FILE", if cfg!(windows) { "nul" } else { "/dev/null" })
        .env("UV_NO_CONFIG", "1")
        .env("UV_PYTHON_DOWNLOADS", "never")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("NO_COLOR", "1")
        .env("PYTHONUTF8", "1")
}

/// The indexes and links as they are shown.
fn sources(plan: &CompatPlan) -> Vec<String> {
    let index = &plan.index;
    let urls = index.index_url.iter().filter(|_| !index.no_index).chain(&index.extra_index_urls);
    let shown = |text: &String| {
        let secrets = index.secrets.iter().filter(|secret| !secret.is_empty());
        secrets
            .fold(uvshift_requirements::redacted(text), |text, secret| text.replace(secret.as_str(), "****"))
    };
    urls.chain(&index.find_links).map(shown).collect()
}

fn said(runner: &dyn Runner, ask: &CommandSpec, tool: &'static str) -> Result<String, CompatError> {
    let output = runner.run(ask).and_then(|output| output.checked(ask));
    let output = output.map_err(|source| CompatError::Tool { tool, source })?;
    Ok(output.stdout_text().trim().to_owned())
}

fn no_version(tool: &'static str, said: &str) -> CompatError {
    CompatError::Version { tool, said: said.chars().take(100).collect() }
}

fn missing_pip(python: &Path) -> CompatError {
    CompatError::NoPip { python: python.to_owned() }
}

/// Before 22.2, pip has no `--report`.
fn is_old(pip: &str) -> bool {
    let mut numbers = pip.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < (22, 2)
}
