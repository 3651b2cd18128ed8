//! `python -m venv` and `virtualenv`

use std::fmt::Write as _;

use crate::context::Context;
use crate::engine::{Environment, Scope};
use crate::install::args::{Item, items};
use crate::install::is_default;
use crate::install::plain::is_foreign;
use crate::install::project::with_doubts;
use crate::invocation::{Invocation, Via};
use crate::rules::{Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    name: "venv",
    summary: "`python -m venv` and `virtualenv` become `uv venv`",
    programs: &["venv", "virtualenv", "pyvenv"],
    apply,
};

const FLAGS: &[&str] = &[
    "--system-site-packages",
    "--symlinks",
    "--copies",
    "--clear",
    "--upgrade",
    "--without-pip",
    "--upgrade-deps",
    "--without-scm-ignore-files",
    "--no-site-packages",
    "--always-copy",
    "--no-download",
    "--never-download",
    "--download",
    "--no-setuptools",
    "--no-pip",
    "--no-wheel",
    "--no-seed",
    "--without-setuptools",
    "--without-wheel",
    "-q",
    "--quiet",
    "-v",
    "--verbose",
    "--no-periodic-update",
    "--reset-app-data",
    "--distribute",
    "--setuptools",
];

const VALUES: &[&str] = &[
    "-p",
    "--python",
    "--prompt",
    "--pip",
    "--wheel",
    "--seeder",
    "--creator",
    "--app-data",
    "--activators",
    "--extra-search-dir",
];

/// What is said of an environment without pip.
pub(crate) const WITHOUT_PIP: &str = "the environment has no pip, which uv does not need (`--seed` adds it)";

fn apply(invocation: &Invocation<'_>, scope: &mut Scope, context: &Context) -> Verdict {
    let module = matches!(invocation.via, Via::Module(_));
    if invocation.program == "venv" && !module {
        return Verdict::NotMine;
    }
    if is_foreign(scope) {
        return Verdict::Keep;
    }
    let all = match items(invocation.script, invocation.args, FLAGS, VALUES) {
        Ok(all) => all,
        Err(word) => return Verdict::left(format!("uv venv has no `{}`", word.raw(invocation.script))),
    };
    let mut positional = all.iter().filter(|item| item.name.is_empty());
    let (Some(folder), None) = (positional.next(), positional.next()) else {
        return Verdict::left("uv makes one environment at a time");
    };
    if all.iter().any(|item| item.is(&["--extra-search-dir", "--upgrade"])) {
        return Verdict::left("uv makes environments in its own way");
    }
    let has_project = context.project(scope.folder.as_deref().unwrap_or_default()).is_some();
    let mut new = "uv venv".to_owned();
    if !all.iter().any(|item| item.name == "--clear") {
        new.push_str(" --allow-existing");
    }
    let given = all.iter().rfind(|item| item.is(&["-p", "--python"])).map(|item| item.raw);
    if let Some(python) = given.or_else(|| named_python(invocation, has_project)) {
        let _ = write!(new, " --python {python}");
    }
    new.extend(all.iter().filter_map(flag));
    let _ = write!(new, " {}", folder.raw);
    note(folder, scope);
    if all.iter().any(|item| item.name == "--clear") {
        scope.certain = None;
    }
    scope.has_uv = true;
    with_doubts(new, WITHOUT_PIP, &[])
}

/// The Python that makes the environment, unless the project says which one it wants.
fn named_python<'a>(invocation: &'a Invocation<'_>, has_project: bool) -> Option<&'a str> {
    match &invocation.via {
        Via::Module(python) if has_project && matches!(python.as_str(), "python" | "python3" | "py") => None,
        Via::Module(python) => Some(python.as_str()),
        _ => None,
    }
}

fn flag(item: &Item<'_>) -> Option<String> {
    match item.name.as_str() {
        "--system-site-packages" | "--clear" => Some(format!(" {}", item.name)),
        "-q" | "--quiet" => Some(" --quiet".to_owned()),
        "--prompt" => Some(format!(" --prompt {}", item.raw)),
        _ => None,
    }
}

fn note(folder: &Item<'_>, scope: &mut Scope) {
    let text = folder.text().unwrap_or_else(|| folder.raw.trim_matches(['"', '\'']).to_owned());
    let known = crate::install::value_of(&text, scope);
    if !is_default(&known) {
        scope.own_environment = Some(text);
    } else if scope.environment == Environment::System {
        scope.environment = Environment::Uv;
    }
}
